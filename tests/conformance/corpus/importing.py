"""Compiles and imports every module of a generated package; run in a process of its own: `python -m ...importing FOLDER PACKAGE`."""

from __future__ import annotations

import importlib
import json
import re
import sys
import time
from pathlib import Path
from typing import Any, Final

from conformance.corpus.measuring import measured

_OWN: Final = "conformance.corpus.importing"
_RUNTIME: Final = re.compile(r"_runtime")


def imported(folder: Path, package: str, limit: float) -> dict[str, Any]:
    """Seconds of importing a client, and all modules, once they are compiled; and which do not compile or import.

    `failed` is a text where the process did not answer.
    """
    # In a process of its own: compiling keeps the interpreter busy, and two documents are examined at a time.
    compiled = measured([sys.executable, "-m", "compileall", "-qq", str(folder / package)], limit)
    run = measured(
        [sys.executable, "-m", _OWN, str(folder), package],
        limit,
        environment={"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    try:
        found: dict[str, Any] = json.loads(run.output.splitlines()[-1])
    except (ValueError, IndexError):
        found = {"modules": 0, "failed": run.errors[-500:] or "no answer in time"}
    if compiled.code is None:
        found["failed"] = "not compiled in time"
    return {**found, "compiled": compiled.code == 0, "ok": compiled.code == 0 and not found["failed"]}


def modules_of(folder: Path, package: str) -> list[str]:
    """Every module of a package but for its runtime, by its dotted name."""
    found = []
    for path in sorted((folder / package).rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        if not any(_RUNTIME.fullmatch(part) for part in parts):
            found.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return found


def main(folder: Path, package: str, *, has_client: bool = True) -> None:
    """Import, and print how it went; a package of ours has a client, which is only imported when it is asked for."""
    sys.path.insert(0, str(folder))
    found: dict[str, Any] = {"failed": {}}
    began = time.perf_counter()
    try:
        found["client"] = importlib.import_module(package).Client.__name__ if has_client else None
    except Exception as error:  # noqa: BLE001 whatever a generated module raises is the finding
        found["failed"][package] = said(error)
    found["client_seconds"] = round(time.perf_counter() - began, 4)
    names = modules_of(folder, package)
    for name in names:
        try:
            importlib.import_module(name)
        except Exception as error:  # noqa: BLE001
            found["failed"][name] = said(error)
    found["modules"] = len(names)
    found["all_seconds"] = round(time.perf_counter() - began, 4)
    print(json.dumps(found))


def said(error: BaseException) -> str:
    """A failure in a line or two."""
    lines = str(error).splitlines() or [""]
    # Of what pydantic says, the place and the reason stand below the first line.
    told = " ".join(line.strip() for line in lines[1:3]) if type(error).__name__ == "ValidationError" else lines[0]
    return f"{type(error).__name__}: {told[:300]}"


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], has_client=len(sys.argv) < 4)
