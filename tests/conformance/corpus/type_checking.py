"""Checks the types of many generated packages at once with Pyright, in batches, beside one copy of the runtime that they share."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from conformance.corpus.measuring import measured
from conformance.corpus.store import digest_of

_BATCH: Final = 100_000
"""Lines that are checked in one run."""
_RUNTIME: Final = "_runtime"
_RELATIVE: Final = re.compile(r"^(\s*from \.+)(?=_runtime[ .])|^(\s*from \.+)(?= import _runtime\b)", re.M)
_SAMPLES: Final = 10


@dataclass(frozen=True)
class Checked:
    """A package to check: whose it is, its folder, its lines."""

    name: str
    folder: Path
    lines: int


def batches(packages: Iterable[Checked]) -> Iterator[list[Checked]]:
    """Packages that are checked together: a large one by itself."""
    batch: list[Checked] = []
    for one in sorted(packages, key=lambda package: package.lines):
        if batch and sum(other.lines for other in batch) + one.lines > _BATCH:
            yield batch
            batch = []
        batch.append(one)
    if batch:
        yield batch


def types_checked(batch: Sequence[Checked], folder: Path, limit: float) -> dict[str, dict[str, Any]]:
    """The errors that Pyright (its mode is "standard") finds in each package, by the package's name."""
    shutil.rmtree(folder, ignore_errors=True)
    places = {f"p{number:04}": one for number, one in enumerate(batch)}
    for place, one in places.items():
        _put(one.folder, folder / _house(one.folder) / place)
    settings = {
        "typeCheckingMode": "standard",
        "pythonVersion": f"{sys.version_info.major}.{sys.version_info.minor}",
        "include": sorted(path.name for path in folder.iterdir()),
        "exclude": [f"**/{_RUNTIME}"],
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [sys.executable, "-m", "pyright", "--outputjson", "-p", str(folder), "--pythonpath", sys.executable]
    run = measured(command, limit, environment={"NODE_OPTIONS": "--max-old-space-size=6144"})
    try:
        said = json.loads(run.output)
        if said["summary"]["filesAnalyzed"] < len(batch):
            raise ValueError("Pyright looked at too little")
    except ValueError:
        failed = run.errors[-500:] or run.output[-500:] or "no answer in time"
        return {one.name: {"errors": None, "failed": failed} for one in batch}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    seconds = round(run.seconds / len(batch), 2)
    found = _by_place(said["generalDiagnostics"], folder)
    return {one.name: {**_told(found.get(place, [])), "seconds": seconds} for place, one in places.items()}


def _house(package: Path) -> str:
    """The folder that packages of the same runtime share."""
    return f"runtime_{digest_of((package / _RUNTIME).rglob('*.py'))}"


def _put(package: Path, target: Path) -> None:
    """A copy of a package that imports the runtime from beside it."""
    beside = target.parent / _RUNTIME
    if not beside.is_dir():
        shutil.copytree(package / _RUNTIME, beside, ignore=shutil.ignore_patterns("__pycache__"))
        (target.parent / "__init__.py").touch()
    shutil.copytree(package, target, ignore=shutil.ignore_patterns("__pycache__", _RUNTIME))
    for path in target.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        path.write_text(_RELATIVE.sub(lambda match: f"{match[0]}.", text), encoding="utf-8")


def _by_place(diagnostics: Iterable[dict[str, Any]], folder: Path) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for one in diagnostics:
        if one["severity"] == "error":
            parts = Path(one["file"]).relative_to(folder.resolve()).parts
            found.setdefault(parts[1], []).append({**one, "file": "/".join(parts[2:])})
    return found


def _told(errors: Sequence[dict[str, Any]]) -> dict[str, Any]:
    samples = [
        f"{one['file']}:{one['range']['start']['line'] + 1}: {one['message'].splitlines()[0]} ({one.get('rule', '')})"
        for one in errors[:_SAMPLES]
    ]
    rules = dict(sorted(Counter(one.get("rule", "") for one in errors).items()))
    return {"errors": len(errors), "rules": rules, "samples": samples}
