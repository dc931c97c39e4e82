"""Runs other generators on the same documents, each installed in an environment of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from conformance.corpus.measuring import measured

_HERE: Final = Path(__file__).parents[2]


@dataclass(frozen=True)
class Peer:
    """A generator of others: its distribution and version, what its output needs, and its command."""

    name: str
    version: str
    needs: tuple[str, ...]
    command: Callable[[Path, Path, Path], list[str]]
    """From the folder of its programs, the document and the folder to write to."""
    package: str

    @property
    def key(self) -> str:
        """What its results are kept under."""
        return f"{self.name}-{self.version}"


PEERS: Final = (
    Peer(
        "openapi-python-client",
        "0.29.1",
        (),
        lambda programs, document, output: [
            str(programs / "openapi-python-client"),
            *("generate", "--meta", "none", "--path", str(document), "--output-path", str(output / "peer")),
        ],
        "peer",
    ),
    Peer(
        "datamodel-code-generator",
        "0.89.0",
        ("pydantic[email]",),
        lambda programs, document, output: [
            str(programs / "datamodel-codegen"),
            *(
                "--input",
                str(document),
                "--input-file-type",
                "openapi",
                "--output",
                str(output / "peer" / "__init__.py"),
            ),
            *("--output-model-type", "pydantic_v2.BaseModel"),
        ],
        "peer",
    ),
    Peer(
        "openapi-generator-cli",
        "7.26.0",
        ("pydantic", "urllib3", "python-dateutil", "typing-extensions"),
        lambda programs, document, output: [
            str(programs / "openapi-generator-cli"),
            *("generate", "-g", "python", "-i", str(document), "-o", str(output), "--package-name", "peer"),
        ],
        "peer",
    ),
)


def programs_of(peer: Peer, work: Path) -> Path:
    """The folder of its programs; it is installed where it is not yet."""
    environment = work / "peers" / peer.key
    stamp = environment / "installed"
    if not stamp.is_file():
        shutil.rmtree(environment, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        pip = [environment / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, f"{peer.name}=={peer.version}", *peer.needs], check=True)
        stamp.touch()
    return environment / "bin"


def cleared(peer: Peer, output: Path) -> None:
    """Make the folder that a peer writes to anew: most make that of their package themselves, one wants it to be there."""
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    if peer.name == "datamodel-code-generator":
        (output / peer.package).mkdir()


def environment_of(programs: Path) -> dict[str, str]:
    """What a peer sees of the environment: its own programs first, and nothing of ours."""
    return {"PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}", "PYTHONPATH": ""}


def tried(peer: Peer, programs: Path, document: Path, folder: Path, limit: float) -> dict[str, Any]:
    """How long it takes, how it ends, and whether its modules can be imported where it wrote some."""
    output = folder / "peer"
    cleared(peer, output)
    run = measured(peer.command(programs, document, output), limit, folder=output, environment=environment_of(programs))
    found: dict[str, Any] = {"code": run.code, "seconds": round(run.cpu, 2), "mebibytes": round(run.mebibytes)}
    if run.code == 0:
        command = [str(programs / "python"), "-m", "conformance.corpus.importing", str(output), peer.package, "plain"]
        imports = measured(command, limit, environment={"PYTHONPATH": str(_HERE)})
        found["imports"] = _imports(imports.output)
    else:
        found["said"] = (run.errors or run.output)[-300:]
    shutil.rmtree(output, ignore_errors=True)
    return found


def _imports(said: str) -> bool:
    try:
        return not json.loads(said.splitlines()[-1])["failed"]
    except (ValueError, IndexError, KeyError):
        return False
