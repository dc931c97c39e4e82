"""Reads the code of an answer in each format of a contract, for the resolution of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .answers import Reading
from .contract import Format
from .errors import Registry
from .frozen import dataclass
from .pointers import MISSING, get


@dataclass(frozen=True, slots=True)
class CodeReading:
    """What one format finds in an answer; `format` may be one that it also accepts."""

    format: Format | None = None
    code: Any = MISSING


class Codes:
    """Reads the code of each format once."""

    def __init__(self, registry: Registry, reading: Reading) -> None:
        self.formats: Mapping[str, Format] = registry.api.formats
        self.reading = reading
        self._found: dict[str | None, CodeReading] = {}

    def of(self, name: str | None) -> CodeReading:
        if name not in self._found:
            self._found[name] = self._read(name)
        return self._found[name]

    def any(self) -> CodeReading:
        """A format that finds a code, best one whose constants hold; else the first that finds a message."""
        readings = [self._read(name) for name in self.formats]
        readings.sort(key=lambda found: strangeness(found.format, self.reading))
        for found in readings:
            if found.code is not MISSING:
                return found
        for found in readings:
            message = found.format.message if found.format is not None else None
            if message is not None and self.reading.select(message) is not MISSING:
                return found
        return CodeReading()

    def _read(self, name: str | None) -> CodeReading:
        asked = self.formats.get(name or "")
        if asked is None:
            return CodeReading()
        for other in (asked, *(self.formats[name] for name in asked.also_accept if name in self.formats)):
            code = self._code(other)
            if code is not MISSING:
                return CodeReading(other, code)
        return CodeReading(asked)

    def _code(self, form: Format) -> Any:
        raw = self.reading.select(form.code) if form.code is not None else MISSING
        if isinstance(raw, bool) or not isinstance(raw, str | int) or raw == "":
            return MISSING
        return raw


def constants_hold(form: Format | None, reading: Reading) -> bool:
    return (
        form is not None
        and bool(form.constants)
        and all(get(reading.tree, at) == value for at, value in form.constants.items())
    )


def constants_broken(form: Format | None, reading: Reading) -> bool:
    """Whether a member that the format fixes is there and says something else; one that is absent says nothing."""
    return form is not None and any(
        get(reading.tree, at) not in (MISSING, None, value) for at, value in form.constants.items()
    )


def strangeness(form: Format | None, reading: Reading) -> int:
    """How little an answer looks like a format: its constants hold, it has none, they do not hold."""
    if constants_hold(form, reading):
        return 0
    return 2 if form is not None and form.constants else 1
