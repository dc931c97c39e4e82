"""Examines what is generated for every OpenAPI document of a folder: `python -m conformance.corpus DIR` (`make conformance`)."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from conformance.corpus.documents import found_in, sample
from conformance.corpus.generating import CHECKOUT
from conformance.corpus.report import failures, markdown, report_of, share, summary_rows, written
from conformance.corpus.running import examined


def main(arguments: list[str] | None = None) -> int:
    """Examine, and write the report; 0 where everything was examined, whatever was found, 1 where a step of it failed, and 2
    where nothing is there.
    """
    parser = argparse.ArgumentParser(prog="conformance.corpus", description=__doc__)
    parser.add_argument("folder", type=Path, help="a folder of documents, or one document")
    parser.add_argument("--sample", type=int, metavar="N", help="so many documents, spread over their sizes")
    parser.add_argument(
        "--work", type=Path, default=CHECKOUT / "build" / "conformance", help="where packages and results are kept"
    )
    parser.add_argument(
        "--output", type=Path, help="the report, as JSON and, beside it, as Markdown; in the work folder otherwise"
    )
    parser.add_argument("--no-types", action="store_true", help="leave out the type checker")
    parser.add_argument("--workers", type=int, metavar="N", help="documents at a time; as many as there are cores")
    parser.add_argument("--peers", action="store_true", help="other generators, too, each in an environment of its own")
    options = parser.parse_args(arguments)
    documents, others = found_in(options.folder)
    if not documents:
        print(f"no OpenAPI document in {options.folder}", file=sys.stderr)
        return 2
    chosen = sample(documents, options.sample)
    work = options.work.resolve()
    report = report_of(
        examined(chosen, work, workers=options.workers, types=not options.no_types, peers=options.peers), others
    )
    output = options.output or work / "report.json"
    written(report, output)
    output.with_suffix(".md").write_text(markdown(report), encoding="utf-8")
    for title, value in summary_rows(report["summary"]):
        print(f"{title}: {value}")
    print(f"not OpenAPI: {len(others)}; examined: {share(len(chosen), len(documents))}; {output}")
    for line in failures(report):
        print(line)
    return 1 if report["summary"]["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
