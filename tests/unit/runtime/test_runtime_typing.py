"""The runtime under strict type checkers, and what may be imported where."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
GENERATOR = HERE.parents[2] / "generator"
RUNTIME = GENERATOR / "sadpath" / "runtime"


def run(*command: str, cwd: Path = HERE) -> str:
    done = subprocess.run([sys.executable, *command], cwd=cwd, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_mypy(tmp_path: Path) -> None:
    config = tmp_path / "mypy.ini"
    config.write_text(
        f"[mypy]\nstrict = True\nmypy_path = {GENERATOR}:{HERE}\ncache_dir = {tmp_path / 'cache'}\n", encoding="utf-8"
    )
    run(
        "-m",
        "mypy",
        "--config-file",
        str(config),
        "-m",
        "typed_use",
        "-m",
        "cornershop.server",
        "-p",
        "sadpath.runtime",
        cwd=tmp_path,
    )


def test_pyright(tmp_path: Path) -> None:
    for name, target in (
        ("runtime", RUNTIME),
        ("cornershop", HERE / "cornershop"),
        ("typed_use.py", HERE / "typed_use.py"),
    ):
        (tmp_path / name).symlink_to(target)
    settings = {
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
        "extraPaths": [str(GENERATOR), str(HERE)],
        "include": ["."],
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    run("-m", "pyright", "-p", str(tmp_path), "--pythonpath", sys.executable)


BLOCKED = """
import importlib, pkgutil, sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("httpx2", "starlette", "yaml", "jinja2"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Blocker())
import sadpath.runtime
names = {m.name for m in pkgutil.iter_modules(sadpath.runtime.__path__)}
for name in sorted(names - {"deadlines", "transport"}):
    if name.startswith("serving") and name != "serving_documents":
        continue
    importlib.import_module("sadpath.runtime." + name)
import cornershop.client
assert not [m for m in sys.modules if m.startswith("sadpath.") and not m.startswith("sadpath.runtime")]
print(len(names))
"""


def test_imports_without_http(tmp_path: Path) -> None:
    script = f"import sys; sys.path[:0] = [{str(GENERATOR)!r}, {str(HERE)!r}]\n{BLOCKED}"
    assert int(run("-c", script, cwd=tmp_path)) > 30


def test_modules_are_small_and_import_relatively() -> None:
    for path in RUNTIME.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 400, path.name
        assert text.startswith('"""'), path.name
        assert "import sadpath" not in text and "from sadpath" not in text, path.name
