"""sadpath as users have it: from the wheel, from an editable install, and straight from a checkout."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sadpath import __version__

from .installation import Installation, run

pytestmark = pytest.mark.xdist_group("packaging")

HEAVY = {"black", "jinja2", "openapi_spec_validator", "pydantic", "rich", "typer", "yaml"}


def _tree(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
        and "__pycache__" not in path.parts
        and path.relative_to(root).parts[0] not in ("diagnostics", "features")
        and path.relative_to(root).parts[:2] != ("docs", "guides")
    }


def _assert_same(found: dict[str, bytes], expected: dict[str, bytes]) -> None:
    different = sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))
    assert expected
    assert not different, f"{len(different)} files differ: {different[:10]}"


def test_wheel_generates_what_is_committed(from_wheel: Installation, workspace: Path, checkout: Path) -> None:
    from_wheel.run("sadpath", "generate", cwd=workspace)
    _assert_same(_tree(workspace / "generated"), _tree(checkout / "generated"))
    from_wheel.run("sadpath", "generate", "--check", cwd=workspace)


def test_editable_install_generates_what_is_committed(editable: Installation, workspace: Path, checkout: Path) -> None:
    editable.run("sadpath", "generate", cwd=workspace)
    _assert_same(_tree(workspace / "generated"), _tree(checkout / "generated"))


def test_wheel_brings_templates_and_types(from_wheel: Installation, tmp_path: Path) -> None:
    package = from_wheel.site_packages / "sadpath"
    found = from_wheel.run("python", "-c", _PRINT_TEMPLATES, cwd=tmp_path).stdout
    assert Path(found.strip()).resolve() == (package / "_templates").resolve()
    assert (package / "py.typed").is_file()
    assert (package / "runtime" / "py.typed").is_file()


def test_editable_install_reads_the_templates_of_the_checkout(
    editable: Installation, checkout: Path, tmp_path: Path
) -> None:
    found = editable.run("python", "-c", _PRINT_TEMPLATES, cwd=tmp_path).stdout
    assert Path(found.strip()).resolve() == checkout / "templates"
    assert not (editable.site_packages / "sadpath").exists()


_PRINT_TEMPLATES = "from sadpath.render.templates import templates_folder; print(templates_folder())"


def test_environment_holds_only_what_is_declared(from_wheel: Installation, tmp_path: Path) -> None:
    probe = "import importlib.util as u; print([n for n in ('pytest', 'httpx2', 'starlette') if u.find_spec(n)])"
    assert from_wheel.run("python", "-c", probe, cwd=tmp_path).stdout == "[]\n"


def test_version_of_the_command(from_wheel: Installation, tmp_path: Path) -> None:
    assert from_wheel.run("sadpath", "--version", cwd=tmp_path).stdout == f"sadpath {__version__}\n"
    assert from_wheel.run("python", "-m", "sadpath", "--version", cwd=tmp_path).stdout == f"sadpath {__version__}\n"


def test_version_imports_nothing_heavy(from_wheel: Installation, tmp_path: Path) -> None:
    program = (
        "import sys; sys.argv = ['sadpath', '--version']; from sadpath.__main__ import main; code = main(); "
        f"print(code, sorted({HEAVY!r} & sys.modules.keys()))"
    )
    assert from_wheel.run("python", "-c", program, cwd=tmp_path).stdout == f"sadpath {__version__}\n0 []\n"


def test_checkout_runs_where_nothing_is_installed(checkout: Path) -> None:
    done = run([sys.executable, "-S", "generator", "--version"], checkout)
    assert done.stdout == f"sadpath {__version__}\n"
