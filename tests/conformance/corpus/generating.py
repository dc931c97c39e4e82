"""Generates one document with the real command line, and keeps what it said."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Final

from conformance.corpus.documents import Document
from conformance.corpus.measuring import Run, measured

CHECKOUT: Final = Path(__file__).resolve().parents[3]
PACKAGE: Final = "p"
DIAGNOSTICS: Final = "diagnostics.json"
OUTPUT: Final = "out"


def generated(document: Document, folder: Path, limit: float) -> dict[str, Any]:
    """Generate all targets into a new folder `out`, and say how that went; the diagnostics stand beside it."""
    output = folder / OUTPUT
    shutil.rmtree(output, ignore_errors=True)
    command = [sys.executable, "-m", "sadpath", "generate", "--openapi", str(document.path), "--package", PACKAGE]
    run = measured(
        [*command, "--output", str(output), "--output-format", "json"],
        limit,
        folder=folder,
        environment={"PYTHONPATH": _joined(CHECKOUT / "generator"), "PYTHONIOENCODING": "utf-8"},
    )
    diagnostics = _diagnostics(run)
    kept = [{name: one.get(name) for name in ("code", "severity", "pointer")} for one in diagnostics]
    (folder / DIAGNOSTICS).write_text(json.dumps(kept), encoding="utf-8")
    severe = next((one for one in diagnostics if one["severity"] == "error"), None)
    return {
        "outcome": outcome_of(run),
        "code": run.code,
        "seconds": round(run.cpu, 2),
        "elapsed": round(run.seconds, 2),
        "mebibytes": round(run.mebibytes),
        "severities": dict(sorted(Counter(one["severity"] for one in diagnostics).items())),
        "rules": dict(sorted(Counter(one["code"] for one in diagnostics).items())),
        "first_error": (
            f"{severe['code']} {severe['message']} ({severe['pointer'] or 'whole document'})" if severe else None
        ),
        "said": run.errors[-2000:] if run.has_traceback or (run.code != 0 and severe is None) else None,
        **_size(output),
    }


def outcome_of(run: Run) -> str:
    """How a run ended, in a word."""
    if run.code is None:
        return "time over"
    if run.has_traceback or run.code < 0:
        return "crashed"
    return {0: "generated", 1: "refused"}.get(run.code, "unusable")


def _diagnostics(run: Run) -> list[dict[str, Any]]:
    try:
        found: list[dict[str, Any]] = json.loads(run.output)["diagnostics"]
    except (ValueError, KeyError, TypeError):
        return []
    return found


def _size(output: Path) -> dict[str, int]:
    """Files and lines, without the runtime, which is the same everywhere."""
    files = lines = modules = 0
    for path in output.rglob("*") if output.is_dir() else ():
        if path.is_file() and "_runtime" not in path.parts:
            files += 1
            count = path.read_bytes().count(b"\n")
            lines += count
            modules += count if path.suffix == ".py" else 0
    return {"files": files, "lines": lines, "python_lines": modules}


def _joined(first: Path) -> str:
    """A search path that begins with a folder."""
    return os.pathsep.join([str(first), *filter(None, [os.environ.get("PYTHONPATH")])])
