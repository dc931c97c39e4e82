"""Looks into one generated package, in a process of its own: `python -m ...probing FOLDER DOCUMENT SEED`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from conformance.corpus.accounting import Named, accounted
from conformance.corpus.calling import calls
from conformance.corpus.generating import DIAGNOSTICS, OUTPUT, PACKAGE
from conformance.corpus.importing import said
from conformance.corpus.measuring import measured
from conformance.corpus.package import Package
from conformance.corpus.plain import Plain
from conformance.corpus.round_trips import round_trips

_OWN: Final = "conformance.corpus.probing"


def probed(folder: Path, document: Path, limit: float) -> dict[str, Any]:
    """What is found in the package below a folder; what was not done in time is not there."""
    target = folder / "probed.json"
    target.unlink(missing_ok=True)
    run = measured(
        [sys.executable, "-m", _OWN, str(folder), str(document), str(limit)],
        limit * 2,
        environment={"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    found: dict[str, Any] = json.loads(target.read_text(encoding="utf-8")) if target.is_file() else {}
    return found if run.code == 0 else {**found, "failed": run.errors[-1500:] or "no answer in time"}


def main(folder: Path, document: Path, limit: float) -> None:
    """Do one thing after the other, and keep what is known so far."""
    sys.path.insert(0, str(folder / OUTPUT))
    plain, package = Plain(document), Package(PACKAGE)
    named = Named(json.loads((folder / DIAGNOSTICS).read_text(encoding="utf-8")))
    steps: dict[str, Callable[[], Any]] = {
        "accounting": lambda: accounted(plain, package, named),
        "instances": lambda: round_trips(plain, package, named, limit / 3),
        "calls": lambda: calls(plain, package, named, limit / 3),
    }
    found: dict[str, Any] = {}
    for name, step in steps.items():
        began = time.perf_counter()
        try:
            found[name] = step()
        except Exception as error:  # noqa: BLE001 a package that breaks the probe is a finding
            found[name] = {"failed": said(error)}
        found[name]["seconds"] = round(time.perf_counter() - began, 2)
        (folder / "probed.json").write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]))
