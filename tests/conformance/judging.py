"""Runs Schemathesis, all of its checks and all of its phases, against a server and the document that it serves."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from conformance.stubs import Stub

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
EXAMPLES = 200 if os.environ.get("SADPATH_PROOF") == "1" else 20
"""How many requests are made up for an operation, besides those that its coverage needs."""


@dataclass(frozen=True)
class Verdict:
    """How a run ended: 0 where nothing was found, 1 where something was."""

    code: int
    output: str


def judged(stub: Stub, url: str, folder: Path, *further: str, examples: int = EXAMPLES) -> Verdict:
    """What Schemathesis finds; `folder` is for what it keeps, `further` are options of its command `run`."""
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", CONFIGURATION, "--no-color", "run"]
    options = {
        "--url": url,
        "--header": f"Authorization: {stub.authorization}",
        "--checks": "all",
        "--mode": "all",
        "--phases": "examples,coverage,fuzzing,stateful",
        "--max-examples": str(examples),
        "--seed": "7",
        "--generation-database": "none",
        # A machine that is busy with other tests is slow, and no fault of the server.
        "--suppress-health-check": "too_slow",
        "--request-timeout": "60",
    }
    pairs = [part for pair in options.items() for part in pair]
    done = subprocess.run(
        [*command, f"{url}/openapi.yaml", *pairs, "--continue-on-failure", *further],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return Verdict(done.returncode, done.stdout)
