"""TOML text to a plain tree: the configuration is read like any document, so that its findings have places too."""

from __future__ import annotations

import re
import tomllib
from typing import Any, Final

from sadpath.diagnostics import Report, quote
from sadpath.diagnostics.rules_usage import CONFIG_SYNTAX
from sadpath.source.place import Spot
from sadpath.source.text import Source

_WHERE: Final = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


def read_toml(source: Source, report: Report) -> tuple[Any] | None:
    """The tree of `source.text` in a tuple; None, with a finding, where it is not valid TOML. Dates stay dates."""
    try:
        return (tomllib.loads(source.text),)
    except tomllib.TOMLDecodeError as error:
        offset, message = _placed(str(error), source.text)
    except RecursionError:
        offset, message = 0, "it nests too deep"
    report.add(CONFIG_SYNTAX, f"this is not valid TOML: {message}", Spot(source, offset, offset + 1))
    return None


def _placed(message: str, text: str) -> tuple[int, str]:
    """The offset that the parser names at the end of its message, and the message without it."""
    match = _WHERE.search(message)
    words = message[: match.start()] if match else message
    words = f"{words[:1].lower()}{words[1:]}"
    if match is None or match[1] is None:
        return len(text.rstrip()), words
    lines = text.replace("\r\n", "\n").split("\n")
    before = sum(len(line) + 1 for line in lines[: int(match[1]) - 1])
    missing = text.count("\r\n", 0, before + int(match[1]))
    return min(before + missing + int(match[2]) - 1, len(text)), words if len(words) < 200 else quote(words)
