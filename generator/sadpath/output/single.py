"""Writes one file at the edge of the pipeline so that it is either the former one or the whole new one."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def replace_file(path: Path, content: bytes) -> None:
    """Put a file in the place of another, with its permissions; raises `OSError`, and `ValueError` for a NUL in the path.

    A link stays one, and what is no regular file, such as a pipe, is written to.
    """
    path = Path(os.path.realpath(path))
    if os.path.exists(path) and not os.path.isfile(path):
        path.write_bytes(content)
        return
    staged = path.with_name(f".{path.name[:100]}.{os.getpid()}.new")
    try:
        with staged.open("xb") as file:
            file.write(content)
        if path.exists():
            os.chmod(staged, stat.S_IMODE(path.stat().st_mode))
        os.replace(staged, path)
    except BaseException:
        staged.unlink(missing_ok=True)
        raise
