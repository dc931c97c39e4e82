"""The configuration: found, read, and refused with all problems at once."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from sadpath.config import TARGETS, ApiSettings, DocsSettings, Layout, Settings
from sadpath.config.options import settings_from_options
from sadpath.config.read import read_settings
from sadpath.config.schema import json_schema
from sadpath.diagnostics import Report
from sadpath.diagnostics.render import render_concise
from sadpath.source.loader import parse_text

FULL = """\
[project]
name = "x"

[tool.sadpath]
output = "out"

[tool.sadpath.apis.shop]
openapi = "specs/shop/openapi.yaml"
errors = "specs/shop/errors.yaml"
package = "payments.shop"
runtime = "payments._runtime"
targets = ["docs", "client"]
locales = ["en", "pt-BR", "en"]

[tool.sadpath.apis.my-api]
openapi = "api.json"
package = "my_api"
"""


def settings_of(folder: Path, start: Path | None = None) -> Settings:
    report = Report()
    settings = read_settings(start or folder, report)
    assert settings is not None, render_concise(report.diagnostics)
    assert report.diagnostics == ()
    return settings


def problems(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(folder)
    report = Report()
    assert read_settings(folder, report) is None
    return render_concise(report.diagnostics).splitlines()


def test_all_keys(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(FULL)
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.other]\n")
    settings = settings_of(tmp_path, inner)
    assert settings.root == tmp_path
    shop, mine = settings.apis
    assert shop == ApiSettings(
        name="shop",
        openapi=tmp_path / "specs/shop/openapi.yaml",
        errors=tmp_path / "specs/shop/errors.yaml",
        package="payments.shop",
        runtime="payments._runtime",
        targets=frozenset({"client", "docs"}),
        locales=("en", "pt-BR"),
        layout=Layout(tmp_path / "out", "python", "docs/shop", "openapi/shop.yaml"),
    )
    assert (mine.errors, mine.runtime, mine.targets, mine.locales) == (
        None,
        "my_api._runtime",
        frozenset(TARGETS),
        None,
    )


def test_a_file_of_its_own_goes_first(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(FULL)
    (tmp_path / "sadpath.toml").write_text('[apis.one]\nopenapi = "/abs/a.yaml"\npackage = "one"\n')
    (api,) = settings_of(tmp_path).apis
    assert api.name == "one" and api.openapi == Path("/abs/a.yaml")
    assert api.layout.root == tmp_path / "generated"


def test_nothing_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    (line,) = problems(tmp_path, monkeypatch)
    assert line.startswith("sadpath: SP006 ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = [", ["1:6: SP003"]),
        ("a = 1\na = 2", ["2:6: SP003"]),
        ("[apis.x]\r\nopenapi = 'a'\r\npackage = oops\r\n", ["3:11: SP003"]),
        ("", ["1:1: SP113"]),
        ("output = 'x'", ["1:1: SP005"]),
        ("[apis]", ["1:1: SP005"]),
        ("apis = 3", ["1:8: SP005"]),
        ("[tool.sadpath]\noutput = 'x'", ["1:1: SP005", "1:2: SP004"]),
        ("output = ''\n[apis.x]\nopenapi='a'\npackage='a'", ["1:10: SP005"]),
        ("[apis.x]", ["1:2: SP005", "1:2: SP005"]),
        ("[apis]\nx = 3", ["2:5: SP005"]),
        ("[apis.'../x']\nopenapi='a'\npackage='a'", ["1:2: SP005"]),
        ("[apis.x]\nopenapi=1\npackage='a-b'", ["2:9: SP005", "3:9: SP005"]),
        ("[apis.x]\nopenapi='a'\npackage='a.class'", ["3:9: SP005"]),
        ("[apis.x]\nopenapi='a'\npackage='a..b'", ["3:9: SP005"]),
        ("[apis.x]\nopenapi='a'\npackage='a'\nruntime='a'", ["4:9: SP005"]),
        ("[apis.x]\nopenapi='a'\npackage='a'\ntargets=[]\nlocales='en'", ["4:9: SP005", "5:9: SP005"]),
        ("[apis.x]\nopenapi='a'\npackage='a'\nlocales=['../en']", ["4:9: SP005"]),
        ("[apis.x]\nopenapi='a'\npackage='a'\n[apis.y]\nopenapi='b'\npackage='A'", ["6:9: SP005"]),
    ],
)
def test_problems_have_places(text: str, expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sadpath.toml").write_text(text, newline="")
    found = [line.removeprefix("sadpath.toml:") for line in problems(tmp_path, monkeypatch)]
    assert [line[: len(want)] for line, want in zip(found, expected, strict=True)] == expected


def test_misspelt_keys_are_suggested_and_all_found(tmp_path: Path) -> None:
    (tmp_path / "sadpath.toml").write_text('outptu = "x"\n[apis.x]\nopenap = "a"\npackage = "a"\ntargets = ["sever"]\n')
    report = Report()
    assert read_settings(tmp_path, report) is None
    helps = {one.rule.code + (one.help or "") for one in report.diagnostics}
    assert helps == {
        'SP004did you mean "output"?',
        'SP004did you mean "openapi"?',
        'SP005did you mean "server"?',
        "SP005Add the key.",
    }


def test_options_make_settings(tmp_path: Path) -> None:
    report = Report()
    settings = settings_from_options(Path("a.yaml"), None, "pay.shop", tmp_path, ["client"], report)
    assert settings is not None and not report.failed
    (api,) = settings.apis
    assert (api.name, api.runtime, api.targets) == ("shop", "pay.shop._runtime", frozenset({"client"}))
    assert api.layout == Layout(tmp_path, "", "docs/pay.shop", "openapi/pay.shop.yaml")
    assert settings_from_options(Path("a.yaml"), None, "pay shop", tmp_path, [], report) is None
    assert [one.rule.code for one in report.diagnostics] == ["SP008"]


def test_the_schema_accepts_what_the_reader_accepts() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    source = parse_text("a.toml", FULL, Report())
    assert source is not None
    validator.validate(source.tree["tool"]["sadpath"])
    for broken in (
        {},
        {"apis": {}},
        {"apis": {"x": {"openapi": "a"}}},
        {"apis": {"x y": {"openapi": "a", "package": "a"}}},
    ):
        assert not validator.is_valid(broken)
    assert not validator.is_valid({"apis": {"x": {"openapi": "a", "package": "a.b-c"}}})


def test_what_is_allowed_for_all_holds_for_each(tmp_path: Path) -> None:
    text = 'allow = ["exploding-patterns"]\n' + "".join(
        f"[apis.{name}]\nopenapi = 'a'\npackage = '{name}'\n{more}\n"
        for name, more in (("one", ""), ("two", "allow = ['network-references', 'exploding-patterns']"))
    )
    (tmp_path / "sadpath.toml").write_text(text)
    one, two = settings_of(tmp_path).apis
    assert one.allow == {"exploding-patterns"}
    assert two.allow == {"exploding-patterns", "network-references"}
    source = parse_text("a.toml", text, Report())
    assert source is not None
    jsonschema.Draft202012Validator(json_schema()).validate(source.tree)


def test_what_nobody_can_allow_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "allow = ['everything']\n[apis.x]\nopenapi = 'a'\npackage = 'a'\nallow = 'outside-references'\n"
    (tmp_path / "sadpath.toml").write_text(text)
    assert [line[: len("sadpath.toml:1:9: SP005")] for line in problems(tmp_path, monkeypatch)] == [
        "sadpath.toml:1:9: SP005",
        "sadpath.toml:5:9: SP005",
    ]


def test_the_site_has_settings_of_its_own(tmp_path: Path) -> None:
    api = "[apis.one]\nopenapi = 'a'\npackage = 'one'\n"
    (tmp_path / "sadpath.toml").write_text(
        "[docs]\ntitle = 'Shop'\ndescription = 'All of it.'\nguides = 'guides'\nurl = 'https://shop.example/docs/'\n"
        f"repository = 'https://code.example/shop'\n{api}"
    )
    docs = settings_of(tmp_path).docs
    assert (docs.title, docs.description, docs.guides) == ("Shop", "All of it.", tmp_path / "guides")
    assert (docs.url, docs.repository) == ("https://shop.example/docs", "https://code.example/shop")
    (tmp_path / "sadpath.toml").write_text(api)
    assert settings_of(tmp_path).docs == DocsSettings()


def test_addresses_of_the_site_are_absolute(tmp_path: Path) -> None:
    for wrong in ("shop.example", "ftp://shop.example", "https://shop.example/?a=b", "https://shop example", ""):
        (tmp_path / "sadpath.toml").write_text(f"[docs]\nurl = '{wrong}'\n[apis.one]\nopenapi = 'a'\npackage = 'one'\n")
        report = Report()
        assert read_settings(tmp_path, report) is None
        assert [one.rule.code for one in report.diagnostics] == ["SP005"]
