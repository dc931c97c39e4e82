"""Challenges of `WWW-Authenticate`: read as RFC 9110, section 11.6.1, allows; written as RFC 6750, section 3, allows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from .frozen import dataclass

_TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_TOKEN68: Final = re.compile(r"[A-Za-z0-9\-._~+/]+=*")
_SPACE: Final = re.compile(r"[ \t]*")
_SEPARATORS: Final = re.compile(r"[ \t,]*")
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)(?:"|\\?\Z)', re.DOTALL)
_PARAMETER: Final = re.compile(r"([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t]*=[ \t]*(?=[\"!#$%&'*+\-.^_`|~0-9A-Za-z/:])")
_VALUE: Final = re.compile(r"[^\s,\"]+")


@dataclass(frozen=True, slots=True)
class Challenge:
    """One challenge; the scheme as it was written, the names of the parameters in lower case, in order."""

    scheme: str
    parameters: tuple[tuple[str, str], ...] = ()
    token68: str | None = None

    def get(self, name: str) -> str | None:
        """The value of the first parameter of that name, in any case."""
        wanted = name.lower()
        return next((value for key, value in self.parameters if key == wanted), None)


class _Reader:
    """Reads the field lines of one header, one challenge after another."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.text, self.place)
        if found is not None:
            self.place = found.end()
        return found

    def challenges(self) -> list[Challenge]:
        found: list[Challenge] = []
        while True:
            self.match(_SEPARATORS)
            if self.place >= len(self.text):
                return found
            parameter = self._parameter()
            if parameter is not None:
                if found:
                    last = found[-1]
                    found[-1] = Challenge(last.scheme, (*last.parameters, parameter), last.token68)
                continue
            scheme = self.match(_TOKEN)
            if scheme is None:
                self.place += 1
                continue
            found.append(Challenge(scheme.group(), token68=self._token68()))

    def _parameter(self) -> tuple[str, str] | None:
        name = self.match(_PARAMETER)
        if name is None:
            return None
        quoted = self.match(_QUOTED)
        if quoted is not None:
            return name[1].lower(), re.sub(r"\\(.)", r"\1", quoted[1], flags=re.DOTALL)
        value = self.match(_VALUE)
        return name[1].lower(), value.group() if value is not None else ""

    def _token68(self) -> str | None:
        start = self.place
        space = self.match(_SPACE)
        if space is not None and space.group() and _PARAMETER.match(self.text, self.place) is None:
            token = self.match(_TOKEN68)
            self.match(_SPACE)
            if token is not None and (self.place >= len(self.text) or self.text[self.place] == ","):
                return token.group()
        self.place = start
        return None


def parse_challenges(lines: Iterable[str]) -> tuple[Challenge, ...]:
    """Every challenge of the field lines of one header; what is malformed is passed over."""
    found: list[Challenge] = []
    for line in lines:
        found += _Reader(line).challenges()
    return tuple(found)


def format_challenge(challenge: Challenge) -> str:
    """One field line; characters that RFC 6750 does not allow in a value are replaced."""
    if challenge.token68 is not None:
        return f"{challenge.scheme} {challenge.token68}"
    parameters = ", ".join(f'{name}="{quotable(value)}"' for name, value in challenge.parameters)
    return f"{challenge.scheme} {parameters}" if parameters else challenge.scheme


def quotable(text: str) -> str:
    """ASCII without `"` and `\\`, as RFC 6750 asks for; what does not fit becomes `'`, `/`, a space or `?`."""
    replaced = {'"': "'", "\\": "/", "\t": " ", "\r": " ", "\n": " "}
    return "".join(
        character if " " <= character <= "~" and character not in '"\\' else replaced.get(character, "?")
        for character in text
    )
