"""Compares this program's times with those of others: `python -m conformance.bench` (`make bench`)."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from conformance.bench.comparing import compared, comparisons, rows, written
from conformance.corpus.generating import CHECKOUT


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and write the report; 1 where ours is slower than it is to be."""
    parser = argparse.ArgumentParser(prog="conformance.bench", description=__doc__)
    parser.add_argument("--big", type=Path, metavar="FILE", help="a large document; one is made up otherwise")
    parser.add_argument(
        "--work", type=Path, default=CHECKOUT / "build" / "conformance", help="where the others are installed"
    )
    parser.add_argument("--output", type=Path, help="the report as JSON; in the work folder otherwise")
    options = parser.parse_args(arguments)
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="bench-", dir=work) as folder:
        report = compared(comparisons(options.big, work, Path(folder)))
    written(report, options.output or work / "bench.json")
    print("\n".join(rows(report)))
    return int(any(one["ratio"] < one["wanted"] for one in report["comparisons"]))


if __name__ == "__main__":
    sys.exit(main())
