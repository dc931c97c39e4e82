"""Examines what is generated for every OpenAPI document of a folder: `python -m conformance.corpus DIR` (`make conformance`)."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from conformance.corpus.documents import found_in, sample
from conformance.corpus.generating import CHECKOUT
from conformance.corpus.running import examined


def main(arguments: list[str] | None = None) -> int:
    """Examine, and write the report; 0 where everything was examined, whatever was found."""
    parser = argparse.ArgumentParser(prog="conformance.corpus", description=__doc__)
    parser.add_argument("folder", type=Path, help="a folder of documents, or one document")
    parser.add_argument("--sample", type=int, metavar="N", help="so many documents, spread over their sizes")
    parser.add_argument(
        "--work", type=Path, default=CHECKOUT / "build" / "conformance", help="where packages and results are kept"
    )
    parser.add_argument("--no-types", action="store_true", help="leave out the type checker")
    parser.add_argument("--workers", type=int, metavar="N", help="documents at a time; as many as there are cores")
    options = parser.parse_args(arguments)
    documents, others = found_in(options.folder)
    if not documents:
        print(f"no OpenAPI document in {options.folder}", file=sys.stderr)
        return 2
    examined(
        sample(documents, options.sample), options.work.resolve(), workers=options.workers, types=not options.no_types
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
