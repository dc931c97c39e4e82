"""The entry point of the command `sadpath` and of `python -m sadpath`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; `--version`, and a command that would only say again what it said, import nothing heavy."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        from sadpath import __version__

        sys.stdout.write(f"sadpath {__version__}\n")
        return 0
    if arguments[:1] in (["generate"], ["check"], ["lint"]) and _replayed(arguments):
        return 0
    from sadpath.cli.app import run

    return run()


def _replayed(arguments: list[str]) -> bool:
    from sadpath.remembered import record_of, replay

    record = record_of(arguments)
    said = None if record is None else replay(record)
    if said is None:
        return False
    data, talk = said
    sys.stdout.buffer.write(data.encode("utf-8", "backslashreplace"))
    sys.stdout.flush()
    encoding = sys.stderr.encoding or "utf-8"
    sys.stderr.write(talk.encode(encoding, "backslashreplace").decode(encoding))
    return True


if __name__ == "__main__":
    sys.exit(main())
