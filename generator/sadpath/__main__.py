"""The entry point of the command `sadpath` and of `python -m sadpath`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; `--version` alone imports nothing more than this."""
    if sys.argv[1:] == ["--version"]:
        from sadpath import __version__

        sys.stdout.write(f"sadpath {__version__}\n")
        return 0
    from sadpath.cli.app import run

    return run()


if __name__ == "__main__":
    sys.exit(main())
