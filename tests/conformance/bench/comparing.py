"""Times this program and others by turns, in one run, and says how they compare."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

from conformance.bench.synthetic import as_yaml, made_up, of_size
from conformance.corpus.generating import CHECKOUT, PACKAGE
from conformance.corpus.measuring import Run, measured
from conformance.corpus.peers import PEERS, Peer, cleared, environment_of, programs_of
from conformance.corpus.report import table

REPORT: Final = Path(__file__).with_name("report.json")
"""The times that the documentation shows."""
_LIMIT: Final = 900.0
_AS_INSTALLED: Final = {"PYTHONDONTWRITEBYTECODE": ""}
"""Byte code is kept, as it is for those who install a program; where this variable is set, each run would compile it again."""
_SMALL: Final = 300_000
_LARGE: Final = 1_000


@dataclass
class Side:
    """One of the two that are compared: what it is called and how it runs; `before` puts things in order, and is not timed."""

    name: str
    run: Callable[[], Run]
    before: Callable[[], None] = lambda: None
    runs: list[Run] = field(default_factory=list[Run])

    def once(self) -> None:
        """Run it once more; raises RuntimeError where it fails."""
        self.before()
        # Files that were removed or written a moment ago, by whichever side, would slow down the one that writes next.
        os.sync()
        run = self.run()
        if run.code != 0:
            raise RuntimeError(f"{self.name} ended with {run.code}: {(run.errors or run.output)[-300:]}")
        self.runs.append(run)


@dataclass(frozen=True)
class Comparison:
    """Two sides of one task; `wanted` is how much faster ours is to be, as theirs over ours."""

    task: str
    ours: Side
    theirs: Side
    wanted: float
    rounds: int

    def measure(self) -> dict[str, Any]:
        """Run both by turns, and say what came of it."""
        for _ in range(self.rounds):
            self.ours.once()
            self.theirs.once()
        sides = (self.ours, self.theirs)
        seconds = [median(run.seconds for run in side.runs) for side in sides]
        return {
            "task": self.task,
            "sides": [side.name for side in sides],
            "seconds": [round(one, 3) for one in seconds],
            "cpu": [round(median(run.cpu for run in side.runs), 3) for side in sides],
            "mebibytes": [round(max(run.mebibytes for run in side.runs)) for side in sides],
            "ratio": round(seconds[1] / seconds[0], 3),
            "wanted": self.wanted,
            "rounds": self.rounds,
        }


def _python(*arguments: str, folder: Path | None = None, search: str = "") -> Run:
    paths = os.pathsep.join(filter(None, [search, str(CHECKOUT / "generator")]))
    return measured(
        [sys.executable, *arguments], _LIMIT, folder=folder, environment={"PYTHONPATH": paths, **_AS_INSTALLED}
    )


def _put_away(path: Path) -> None:
    """Make a run begin with nothing. What the former one made stays until all is measured: where thousands of files were
    removed a moment ago, ext4 looks at each of them before it creates one, for whichever side comes next."""
    if path.exists():
        path.rename(Path(tempfile.mkdtemp(prefix="former-", dir=path.parent), path.name))
    path.mkdir(parents=True)


def _ours(document: Path, output: Path, *, fresh: bool = True) -> Side:
    command = ["-m", "sadpath", "generate", "--openapi", str(document), "--package", PACKAGE, "--output", str(output)]
    before = partial(_put_away, output) if fresh else lambda: None
    return Side("sadpath", lambda: _python(*command, folder=output.parent), before)


def _theirs(peer: Peer, document: Path, work: Path, folder: Path) -> Side:
    programs, output = programs_of(peer, work), folder / peer.name

    def before() -> None:
        _put_away(output)
        cleared(peer, output)

    def run() -> Run:
        command = peer.command(programs, document, output)
        return measured(command, _LIMIT, folder=output, environment={**environment_of(programs), **_AS_INSTALLED})

    return Side(f"{peer.name} {peer.version}", run, before)


def comparisons(big: Path | None, work: Path, folder: Path) -> list[Comparison]:
    """The tasks, done in `folder` by programs that are installed in `work`.

    A large document is made up where none is named, and one in JSON is tried as YAML, too.
    """
    large = big.resolve() if big is not None else _apart(made_up, folder / "large.json", _LARGE)
    small = _apart(of_size, folder / "small.json", _SMALL)
    client, models = (next(peer for peer in PEERS if peer.name == name) for name in _COMPARED)
    output = folder / "ours"
    forms = [large, _apart(as_yaml, folder / "large.yaml", large)] if large.suffix == ".json" else [large]
    importing = "import p; p.Client"
    return [
        *(
            Comparison(
                f"{form.stat().st_size / 1e6:.1f} MB of {form.suffix[1:].upper()}: all targets, and a client",
                _ours(form, folder / "all"),
                _theirs(client, form, work, folder),
                3,
                3,
            )
            for form in forms
        ),
        Comparison(
            "a document of 300 KB: all targets, and models",
            _ours(small, output),
            _theirs(models, small, work, folder),
            3,
            5,
        ),
        Comparison(
            "once more, with nothing changed, and a bare interpreter",
            _ours(small, output, fresh=False),
            Side("python -c pass", lambda: _python("-c", "pass")),
            0.2,
            9,
        ),
        Comparison(
            "importing a client, and what it stands on",
            Side("the generated client", lambda: _python("-c", importing, search=str(output))),
            Side("pydantic and httpx2", lambda: _python("-c", "import pydantic, httpx2")),
            0.5,
            9,
        ),
    ]


def _apart(make: Callable[[Path, Any], Path], path: Path, of: Any) -> Path:
    """Make a document in a process of its own: the memory of a run is said to be no less than that of the process that began it."""
    with ProcessPoolExecutor(1) as pool:
        return pool.submit(make, path, of).result()


_COMPARED: Final = ("openapi-python-client", "datamodel-code-generator")


def compared(chosen: Sequence[Comparison]) -> dict[str, Any]:
    """Everything that was measured."""
    found = []
    for one in chosen:
        found.append(one.measure())
        print(" | ".join(row(found[-1])), file=sys.stderr, flush=True)
    return {"cores": os.cpu_count(), "python": sys.version.split()[0], "comparisons": found}


def row(found: Mapping[str, Any]) -> list[str]:
    """A task as the cells of a row."""
    sides = [
        f"{name}: {seconds:g} s ({cpu:g} s of CPU), {mebibytes} MiB"
        for name, seconds, cpu, mebibytes in zip(
            found["sides"], found["seconds"], found["cpu"], found["mebibytes"], strict=True
        )
    ]
    return [found["task"], *sides, f"{found['ratio']:g}", f"{found['wanted']:g}"]


def rows(report: Mapping[str, Any]) -> list[str]:
    """The times as a table in Markdown."""
    headings = ("task", "ours", "the other", "how many times as fast ours is", "at least")
    return table(headings, [row(found) for found in report["comparisons"]])


def written(report: Mapping[str, Any], path: Path) -> None:
    """The times as JSON."""
    path.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
