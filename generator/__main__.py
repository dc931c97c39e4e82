"""Lets `python generator ...` run sadpath from a checkout, where nothing is installed; not part of the wheel."""

from __future__ import annotations

import sys

from sadpath.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
