"""`sadpath generate`: exit codes, streams, and no traceback for any input; the pipeline is replaced by a small one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from sadpath import __version__, pipeline
from sadpath.cli.console import ExitCode
from sadpath.cli.run import run
from sadpath.config import ApiSettings
from sadpath.diagnostics import Report
from sadpath.diagnostics.rules_openapi import DUPLICATE_PATH, MISSING_FIELD
from sadpath.output import OwnedTree
from sadpath.output.tree import MANIFEST_NAME
from sadpath.pipeline import Built, Placed
from sadpath.source.loader import load
from sadpath.source.place import Place

CHECKOUT = Path(__file__).parents[3]
CONFIG = """\
[apis.one]
openapi = "one.yaml"
package = "apis.one"
[apis.two]
openapi = "two.yaml"
package = "apis.two"
"""


Build = Callable[[ApiSettings, Report], "tuple[OwnedTree, ...] | None"]


def replace_pipeline(monkeypatch: pytest.MonkeyPatch, build: Build, *, compared: bool = False) -> None:
    """Build each API with `build` alone; where they are compared, that is one file, which names them."""

    def build_all(
        apis: Sequence[ApiSettings],
        report: Report,
        begin: Callable[[str], None],
        *,
        lint: bool = False,
        shared: bool = False,
    ) -> Built:
        found: list[tuple[OwnedTree, ...] | None] = []
        trees: list[Placed] = []
        for api in apis:
            own = Report()
            found.append(build(api, own))
            trees += [Placed(api.layout.root, tree) for tree in found[-1] or ()]
            report.extend(own.diagnostics)
        together = OwnedTree("all", {"compared": " ".join(api.name for api in apis)})
        comparisons = (Placed(apis[0].layout.root, together),) if compared else ()
        return Built(tuple(trees), comparisons, None not in found)

    monkeypatch.setattr(pipeline, "build_all", build_all)


@pytest.fixture(name="project")
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configured project whose documents are plain mappings of file names to text; `fail` and `warn` are findings."""

    def build(settings: ApiSettings, report: Report) -> tuple[OwnedTree, ...] | None:
        source = load(settings.openapi, report)
        if source is None:
            return None
        files = {path: text for path, text in source.tree.items() if path not in ("fail", "warn")}
        if "fail" in source.tree:
            report.add(MISSING_FIELD, "something is missing", Place(source, "/fail"))
        if "warn" in source.tree:
            report.add(DUPLICATE_PATH, "something is odd", Place(source, "/warn"))
        return None if report.failed else (OwnedTree(settings.name, files),)

    replace_pipeline(monkeypatch, build)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "sadpath.toml").write_text(CONFIG)
    (tmp_path / "one.yaml").write_text("python/one.py: a\nshared: s\n")
    (tmp_path / "two.yaml").write_text("python/two.py: b\nshared: s\n")
    return tmp_path


def sadpath(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["sadpath", *arguments])
    return run()


def test_generate_then_check(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sadpath(monkeypatch, "generate", "--check") == ExitCode.FINDINGS
    assert not (project / "generated").exists()
    assert capsys.readouterr().err == (
        f"missing: generated/{MANIFEST_NAME}\n"
        "missing: generated/python/one.py\n"
        "missing: generated/python/two.py\n"
        "missing: generated/shared\n"
        "out of date: 4 missing; `sadpath generate` brings the output up to date\n"
    )
    assert sadpath(monkeypatch, "generate") == ExitCode.FINE
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "3 files in generated: 3 created\n")
    assert (project / "generated/python/one.py").read_text() == "a"
    assert sadpath(monkeypatch, "generate", "--check") == ExitCode.FINE
    assert capsys.readouterr().err == "3 files up to date\n"


def test_check_names_what_is_changed_missing_and_extra(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sadpath(monkeypatch, "generate") == ExitCode.FINE
    (project / "one.yaml").write_text("python/new.py: a\nshared: s\n")
    (project / "generated/python/two.py").write_text("edited")
    capsys.readouterr()
    assert sadpath(monkeypatch, "generate", "--check") == ExitCode.FINDINGS
    assert capsys.readouterr().err == (
        f"changed: generated/{MANIFEST_NAME}\n"
        "changed: generated/python/two.py\n"
        "missing: generated/python/new.py\n"
        "extra: generated/python/one.py\n"
        "out of date: 2 changed, 1 missing, 1 extra; `sadpath generate` brings the output up to date\n"
    )
    assert sadpath(monkeypatch, "generate", "--diff", "two") == ExitCode.FINDINGS
    captured = capsys.readouterr()
    assert captured.out == (
        "--- a/python/two.py\n+++ b/python/two.py\n@@ -1 +1 @@\n-edited\n\\ No newline at end of file\n+b\n"
        "\\ No newline at end of file\n"
    )
    assert captured.err.startswith("out of date: 1 changed;")
    assert sadpath(monkeypatch, "generate") == ExitCode.FINE
    assert capsys.readouterr().err == "3 files in generated: 1 created, 1 updated, 1 unchanged, 1 removed\n"


def test_one_api_leaves_the_files_of_the_others(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sadpath(monkeypatch, "generate") == ExitCode.FINE
    (project / "one.yaml").write_text("python/one.py: c\n")
    assert sadpath(monkeypatch, "generate", "one") == ExitCode.FINE
    assert (project / "generated/python/two.py").exists() and (project / "generated/shared").exists()
    assert capsys.readouterr().err.endswith("1 file in generated: 1 updated\n")


def test_findings_of_all_documents_come_at_once_and_nothing_is_written(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "one.yaml").write_text("fail: 1\nwarn: 2\n")
    (project / "two.yaml").write_text("fail: 1\n")
    assert sadpath(monkeypatch, "generate") == ExitCode.FINDINGS
    error = capsys.readouterr().err
    assert "--> one.yaml:1:7" in error and "--> two.yaml:1:7" in error
    assert error.endswith("\n2 errors and 1 warning; nothing was written\n")
    assert not (project / "generated").exists()


def test_warnings_do_not_fail(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "one.yaml").write_text("warn: 2\n")
    assert sadpath(monkeypatch, "generate", "one") == ExitCode.FINE
    error = capsys.readouterr().err
    assert "warning[SP214]" in error and error.endswith("; 1 warning\n")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["generate", "three"], "SP007"),
        (["generate", "--check", "--diff"], "SP008"),
        (["generate", "--package", "x"], "SP008"),
        (["generate", "--openapi", "one.yaml", "--package", "a-b", "--output", "o"], "SP008"),
        (["generate", "one", "--openapi", "one.yaml", "--package", "a", "--output", "o"], "SP008"),
        (["generate", "--openapi", "none.yaml", "--package", "a", "--output", "o"], "SP001"),
        (["generate", "--openapi", ".", "--package", "a", "--output", "o"], "SP002"),
        (["generate", "--openapi", "one.yaml", "--package", "a", "--output", "one.yaml"], "SP504"),
        (["generate", "--openapi", "one.yaml", "--package", "a", "--output", "one.yaml/x"], "SP504"),
    ],
)
def test_wrong_usage(
    arguments: list[str],
    code: str,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = sorted(project.iterdir())
    assert sadpath(monkeypatch, *arguments) == ExitCode.USAGE
    captured = capsys.readouterr()
    assert f"error[{code}]" in captured.err and captured.out == ""
    assert captured.err.endswith("nothing was written\n") and "Traceback" not in captured.err
    assert sorted(project.iterdir()) == before


@pytest.mark.parametrize(
    "arguments", [["--oops"], ["generate", "--output-format", "xml"], ["nothing"], ["generate", "--openapi"]]
)
def test_what_the_parser_of_options_refuses(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sadpath(monkeypatch, *arguments) == ExitCode.USAGE
    error = capsys.readouterr().err
    assert "Traceback" not in error and ("Error" in error or "Usage" in error)


def test_a_foreign_file_stops_everything(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "generated").mkdir()
    (project / "generated/shared").write_text("mine")
    assert sadpath(monkeypatch, "generate") == ExitCode.USAGE
    assert "error[SP501]" in capsys.readouterr().err
    assert [path.name for path in (project / "generated").iterdir()] == ["shared"]


def test_options_instead_of_a_configuration(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[ApiSettings] = []

    def build(settings: ApiSettings, report: Report) -> tuple[OwnedTree, ...]:
        seen.append(settings)
        return (OwnedTree(settings.name, {"x": "1"}),)

    replace_pipeline(monkeypatch, build)
    (project / "sadpath.toml").write_text("broken = [")
    command = ["generate", "--openapi", "one.yaml", "--errors", "e.yaml", "--package", "a.b", "--output", "out"]
    assert sadpath(monkeypatch, *command, "--target", "docs", "--target", "client") == ExitCode.FINE
    assert (seen[0].name, seen[0].errors, seen[0].targets) == ("b", Path("e.yaml"), frozenset({"docs", "client"}))
    assert (project / "out/x").read_text() == "1"


def test_a_fault_of_the_program_is_no_traceback(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def build(settings: ApiSettings, report: Report) -> None:
        raise RuntimeError("oops \x1b[31m")

    replace_pipeline(monkeypatch, build)
    assert sadpath(monkeypatch, "generate") == ExitCode.USAGE
    error = capsys.readouterr().err
    assert error.startswith("error[SP000]: an unforeseen RuntimeError: oops \\u{1B}[31m\n") and "Traceback" not in error
    monkeypatch.setenv("SADPATH_TRACEBACK", "1")
    with pytest.raises(RuntimeError):
        sadpath(monkeypatch, "generate")


def test_an_interrupt(project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    assert run(interrupted) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_colour_follows_the_environment(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("FORCE_COLOR", "1")
    sadpath(monkeypatch, "generate", "three")
    assert "\x1b[1;31merror[SP007]" in capsys.readouterr().err
    monkeypatch.setenv("NO_COLOR", "1")
    sadpath(monkeypatch, "generate", "three")
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize("area", ["config", "catalog"])
def test_schemas(area: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    import json

    assert sadpath(monkeypatch, area, "schema") == ExitCode.FINE
    schema = json.loads(capfd.readouterr().out)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def command_line(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    variables = {**os.environ, "PYTHONPATH": str(CHECKOUT / "generator"), **environment}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=variables, timeout=60)


def test_version_imports_nothing_heavy() -> None:
    found = command_line("-X", "importtime", "-m", "sadpath", "--version")
    assert (found.returncode, found.stdout) == (0, f"sadpath {__version__}\n")
    modules = {line.rpartition("|")[2].strip() for line in found.stderr.splitlines()}
    assert {name for name in modules if name.startswith("sadpath")} <= {"sadpath", "sadpath.__main__"}
    assert not modules & {"typer", "yaml", "jinja2", "black", "rich", "openapi_spec_validator"}
    assert command_line(str(CHECKOUT / "generator"), "--version").stdout == found.stdout


def test_help_imports_no_stage() -> None:
    found = command_line("-X", "importtime", "-m", "sadpath", "generate", "--help")
    assert found.returncode == 0 and "--openapi" in found.stdout and "Usage: sadpath generate" in found.stdout
    modules = {line.rpartition("|")[2].strip() for line in found.stderr.splitlines()}
    assert not modules & {"yaml", "jinja2", "black", "openapi_spec_validator", "sadpath.pipeline"}


def test_output_survives_an_ascii_terminal(tmp_path: Path) -> None:
    (tmp_path / "ключ.yaml").write_text("ключ: [", encoding="utf-8")
    found = command_line(
        "-m", "sadpath", "generate", "--openapi", str(tmp_path / "ключ.yaml"), "--package", "a", "--output", str(tmp_path),
        PYTHONIOENCODING="ascii:strict", LC_ALL="C",
    )  # fmt: skip
    assert found.returncode == 1 and "error[SP103]" in found.stderr and "Traceback" not in found.stderr


@pytest.mark.parametrize("form", ["json", "github", "sarif"])
def test_other_programs_are_told_that_the_output_is_out_of_date(
    form: str, project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert sadpath(monkeypatch, "generate") == ExitCode.FINE
    capfd.readouterr()
    assert sadpath(monkeypatch, "generate", "--check", "--output-format", form) == ExitCode.FINE
    assert "SP508" not in capfd.readouterr().out
    (project / "one.yaml").write_text("python/one.py: c\nshared: s\n")
    assert sadpath(monkeypatch, "generate", "--check", "--output-format", form) == ExitCode.FINDINGS
    said = capfd.readouterr().out
    assert "SP508" in said and "changed: generated/python/one.py" in said
    assert sadpath(monkeypatch, "generate", "--check") == ExitCode.FINDINGS
    assert "SP508" not in capfd.readouterr().err


def test_a_target_of_configured_apis_leaves_the_others_alone(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def build(settings: ApiSettings, report: Report) -> tuple[OwnedTree, ...]:
        return tuple(OwnedTree(f"{settings.name} {one}", {f"{one}/{settings.name}": one}) for one in settings.targets)

    replace_pipeline(monkeypatch, build)
    assert sadpath(monkeypatch, "generate") == ExitCode.FINE
    before = sorted(path for path in (project / "generated").rglob("*") if path.is_file())
    assert sadpath(monkeypatch, "generate", "--target", "docs") == ExitCode.FINE
    assert capsys.readouterr().err.endswith("2 files in generated: 2 unchanged\n")
    assert sorted(path for path in (project / "generated").rglob("*") if path.is_file()) == before
    assert sadpath(monkeypatch, "generate", "--target", "dosc") == ExitCode.USAGE
    assert 'did you mean "docs"?' in capsys.readouterr().err


def test_some_of_the_apis_are_not_compared_with_the_others(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def build(settings: ApiSettings, report: Report) -> tuple[OwnedTree, ...]:
        return (OwnedTree(settings.name, {f"{settings.name}.py": "x\n"}),)

    replace_pipeline(monkeypatch, build, compared=True)
    assert sadpath(monkeypatch, "generate") == ExitCode.FINE
    page = project / "generated" / "compared"
    assert page.read_text(encoding="utf-8") == "one two"
    assert sadpath(monkeypatch, "generate", "two") == ExitCode.FINE
    assert page.read_text(encoding="utf-8") == "one two"
    assert sadpath(monkeypatch, "generate", "--check") == ExitCode.FINE
    assert "up to date" in capsys.readouterr().err
