"""sadpath as a library: the same tree as the command writes, and nothing on the disk."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sadpath

CHECKOUT = Path(__file__).resolve().parents[2]


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(name="project")
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(CHECKOUT / "specs" / "features" / "outcomes", tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


def test_the_tree_is_what_the_command_writes(project: Path) -> None:
    before = files(project)
    found = sadpath.generate("openapi.yaml", "errors.yaml", package="shops.till")
    assert found.ok and files(project) == before
    options = ["--openapi", "openapi.yaml", "--errors", "errors.yaml", "--package", "shops.till", "--output", "out"]
    subprocess.run(
        [sys.executable, "-m", "sadpath", "generate", *options], check=True, capture_output=True, timeout=120
    )
    written = files(project / "out")
    del written[".sadpath-manifest.json"]
    assert {path: text.encode() for path, text in found.tree.items()} == written


def test_errors_are_diagnostics_and_there_is_no_tree(project: Path) -> None:
    (project / "errors.yaml").write_text("errorcatalog: 2\n")
    found = sadpath.generate("openapi.yaml", "errors.yaml", package="till")
    assert not found.ok and found.tree == {}
    first = next(one for one in found.diagnostics if one.rule.code == "SP301")
    assert first.severity.value == "error" and first.place is not None
    assert (first.place.focus().path, first.place.focus().line, first.place.pointer) == (
        "errors.yaml",
        1,
        "/errorcatalog",
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"openapi": "nothing.yaml", "package": "till"}, "SP001"),
        ({"openapi": "openapi.yaml", "package": "not-a-package"}, "SP008"),
        ({"openapi": "openapi.yaml", "package": "till", "targets": ["cobol"]}, "SP008"),
        ({"openapi": "openapi.yaml", "package": "till", "overlays": ["nothing.yaml"]}, "SP001"),
    ],
)
def test_no_input_raises(arguments: dict[str, object], code: str, project: Path) -> None:
    found = sadpath.generate(**arguments)  # type: ignore[arg-type]
    assert code in {one.rule.code for one in found.diagnostics} and not found.ok and found.tree == {}


def test_targets_and_lints(project: Path) -> None:
    found = sadpath.generate("openapi.yaml", "errors.yaml", package="till", targets=["openapi"])
    assert list(found.tree) == ["openapi/till.yaml"]
    codes = {one.rule.code for one in found.diagnostics}
    linted = sadpath.generate("openapi.yaml", "errors.yaml", package="till", targets=["openapi"], lint=True)
    assert {one.rule.code for one in linted.diagnostics} > codes


def test_what_is_configured_by_output_directory(project: Path) -> None:
    api = '[apis.{0}]\nopenapi = "openapi.yaml"\nerrors = "errors.yaml"\npackage = "{0}"\ntargets = ["openapi"]\n'
    (project / "sadpath.toml").write_text(api.format("one") + api.format("two") + 'output = "elsewhere"\n')
    found = sadpath.generate_configured(project)
    assert {root.name: list(one.tree) for root, one in found.items()} == {
        "generated": ["openapi/one.yaml"],
        "elsewhere": ["openapi/two.yaml"],
    }
    (project / "sadpath.toml").write_text("apis = [")
    (broken,) = sadpath.generate_configured(project).values()
    assert not broken.ok and broken.tree == {}


def test_what_it_offers_is_named_and_imported_when_it_is_used() -> None:
    assert set(sadpath.__all__) == {"Generated", "TargetApi", "__version__", "generate", "generate_configured"}
    assert all(getattr(sadpath, name) is not None for name in sadpath.__all__)
    with pytest.raises(AttributeError, match="no attribute 'generat'"):
        sadpath.generat  # type: ignore[attr-defined]  # noqa: B018
    program = "import sys, sadpath; print('jinja2' in sys.modules or 'yaml' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout == "False\n"
