"""The entry point of the command `sadpath` and of `python -m sadpath`."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """Run the command line; `--version`, and a command that would only say again what it said, import nothing heavy."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        from sadpath import __version__

        sys.stdout.write(f"sadpath {__version__}\n")
        return 0
    said = _remembered(arguments) if arguments[:1] in (["generate"], ["check"], ["lint"]) else None
    from_memory = said is not None and _say(*said)
    if from_memory:
        return 0
    from sadpath.cli.run import run
    from sadpath.garbage import search_seldom

    search_seldom()
    code = run()
    gc.freeze()  # The process ends: what it made need not be searched once more.
    return code


def _remembered(arguments: list[str]) -> tuple[str, str] | None:
    from sadpath.remembered import record_of, replay

    record = record_of(arguments)
    return None if record is None else replay(record)


def _say(data: str, talk: str) -> bool:
    """Print what was remembered; False where it can't be printed, which the command itself deals with."""
    try:
        sys.stdout.buffer.write(data.encode("utf-8", "backslashreplace"))
        sys.stdout.flush()
        encoding = sys.stderr.encoding or "utf-8"
        sys.stderr.write(talk.encode(encoding, "backslashreplace").decode(encoding))
    except (OSError, AttributeError):
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
