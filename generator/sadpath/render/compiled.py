"""Our templates as compiled code, kept where Python keeps that of our modules, so that they are translated once and not in each run."""

from __future__ import annotations

import contextlib
import os
import sys
from importlib.util import cache_from_source

import jinja2
from jinja2.bccache import Bucket, BytecodeCache

_TAG = f"jinja{''.join(character for character in jinja2.__version__ if character.isalnum())}"
"""What another version of the engine compiles is another file."""


class CompiledTemplates(BytecodeCache):
    """Keeps compiled templates in `__pycache__` beside their sources; where that can't be written, they are compiled each time."""

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return "" if filename is None else cache_from_source(filename, optimization=_TAG)

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key:
            with contextlib.suppress(OSError, EOFError, ValueError, TypeError), open(bucket.key, "rb") as file:
                bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if not bucket.key or sys.dont_write_bytecode:
            return
        staged = f"{bucket.key}.{os.getpid()}"
        with contextlib.suppress(OSError):
            os.makedirs(os.path.dirname(bucket.key), exist_ok=True)
            with open(staged, "wb") as file:
                bucket.write_bytecode(file)
            os.replace(staged, bucket.key)
