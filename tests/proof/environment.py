"""A Python environment of its own for the clients that ours is compared with, as the extra `proof` names them."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import venv
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def interpreter(folder: Path) -> Path:
    """The interpreter of the environment in a folder, which is made where it is not there. Raises CalledProcessError."""
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    done = folder / ".installed"
    if not done.exists():
        project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
        wanted = project["project"]["optional-dependencies"]["proof"]
        venv.create(folder, clear=True, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-c", str(CHECKOUT / "constraints.txt"), *wanted], check=True)
        done.touch()
    return python


def run(module: str, folder: Path) -> str:
    """What a module of these tests prints in that environment."""
    command = [str(interpreter(folder)), "-m", module]
    return subprocess.run(
        command,
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONPATH": str(CHECKOUT / "tests")},
    ).stdout
