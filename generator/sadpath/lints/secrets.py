"""Lints texts of document and catalog for what must not be published: credentials that look live, and numbers of cards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from sadpath.diagnostics import Report, Rule, Span, visible
from sadpath.diagnostics.rules_lints import CARD_NUMBER, LIVE_SECRET
from sadpath.lints.card_numbers import real_numbers
from sadpath.lints.subject import Subject
from sadpath.runtime.frozen import dataclass
from sadpath.source.place import Place
from sadpath.source.text import Source
from sadpath.source.tree import walk

_FORMS: Final = (
    ("a live key", r"\b(?:sk|rk|pk)_live_[0-9A-Za-z]{16,}|\blive_[0-9A-Za-z_-]{20,}|\bwhsec_[0-9A-Za-z+/]{24,}"),
    ("an access key of a cloud", r"\bA(?:KIA|SIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{35}\b"),
    (
        "a token of a code host",
        r"\bgh[pousr]_[0-9A-Za-z]{36,}|\bgithub_pat_[0-9A-Za-z_]{40,}|\bglpat-[0-9A-Za-z_-]{20,}",
    ),
    ("a token of a chat", r"\bxox[abeoprs]-[0-9A-Za-z-]{20,}"),
    ("a JSON Web Token", r"\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{20,}"),
    ("a private key", r"-----BEGIN (?:[A-Z]+ ){0,2}PRIVATE KEY-----\s*(?:[0-9A-Za-z+/=]{40,}\s*){2}"),
    ("a bearer token", r"(?i:\bBearer )[0-9A-Za-z._~+/-]{40,}"),
)
_SECRET: Final = re.compile("|".join(f"(?P<f{index}>{pattern})" for index, (_, pattern) in enumerate(_FORMS)))
_HINTS: Final = tuple(
    "live_ whsec_ AKIA ASIA AIza ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- xox eyJ KEY----- earer EARER".split()
)
"""What one of the forms has in any case: looked for first, since most texts have none of it."""
_LONG_NUMBER: Final = re.compile(r"\d(?:[ -]?\d){12,}")
_LONG_WORD: Final = re.compile(r"[0-9A-Za-z+/=_~-]{20,}")
"""What a secret may look like where escapes and line breaks cut it into pieces."""
_MADE_UP: Final = re.compile(
    r"example|sample|dummy|fake|test|demo|your|secret|token|xxx|\*{3}|\.{3}|1234|abcd|0000|(.)\1{4}"
    # The token that explains tokens everywhere.
    r"|eyJzdWIiOiIxMjM0NTY3ODkw",
    re.I,
)
_FEWEST_CHARACTERS: Final = 12
_SHOWN: Final = 4


@dataclass(frozen=True, slots=True)
class _Covered:
    """A place whose lines show no secret, wherever they are printed; what is hidden keeps its length."""

    place: Place

    @property
    def path(self) -> str:
        return self.place.path

    @property
    def pointer(self) -> str | None:
        return self.place.pointer

    def focus(self) -> Span:
        return self.place.focus()

    def line(self, number: int) -> str:
        text = self.place.line(number)
        for pattern in (_SECRET, _LONG_NUMBER, _LONG_WORD):
            text = pattern.sub(lambda found: _hidden(found.group()), text)
        return text


def _hidden(secret: str) -> str:
    return secret[:_SHOWN] + re.sub(r"\S", "*", secret[_SHOWN:])


def lint_secrets(subject: Subject, report: Report) -> None:
    """Report every text that holds a secret; no finding shows more than the ends of one."""
    for source in dict.fromkeys((subject.document.place.source, subject.catalog.place.source, *subject.sources)):
        # Most documents hold nothing of the kind: one look at their text is enough, where that is all there is.
        if source.origins is not None or _may_hold_secret(source.text) or any(real_numbers(source.text)):
            _lint_source(source, report)


def _lint_source(source: Source, report: Report) -> None:
    """One finding a secret, where it stands first."""
    found: dict[tuple[Rule, str, str], list[Place]] = {}
    for pointer, value in walk(source.tree):
        if isinstance(value, str | int) and not isinstance(value, bool):
            for one in _found(str(value)):
                found.setdefault(one, []).append(Place(source, pointer))
    for (rule, what, secret), places in found.items():
        more = (
            ""
            if len(places) == 1
            else f", and at {len(places) - 1} more places" if len(places) > 2 else ", and once more"
        )
        report.add(rule, f"what {what} stands here{more}: {_masked(secret)}", _Covered(places[0]))


def _found(text: str) -> Iterator[tuple[Rule, str, str]]:
    for what, secret in _secrets(text):
        yield LIVE_SECRET, f"looks like {what}", secret
    if len(text) > _FEWEST_CHARACTERS:
        for number in real_numbers(text):
            yield CARD_NUMBER, "may be the number of a real card", number


def _may_hold_secret(text: str) -> bool:
    return any(hint in text for hint in _HINTS)


def _secrets(text: str) -> Iterator[tuple[str, str]]:
    if not _may_hold_secret(text):
        return
    for found in _SECRET.finditer(text):
        what = _FORMS[int((found.lastgroup or "f0")[1:])][0]
        secret = found.group()
        if len(set(secret)) >= _FEWEST_CHARACTERS and not _MADE_UP.search(_told_apart(what, secret)):
            yield what, secret


def _told_apart(what: str, secret: str) -> str:
    """The part of a secret that nobody chose for its meaning."""
    if what == "a private key":
        return secret.partition("KEY-----")[2]
    return secret.split(" ", 1)[-1].split("live_")[-1]


def _masked(secret: str) -> str:
    """The ends of a secret, enough to find it by."""
    line = visible(" ".join(secret.split()))
    return f"{line[:_SHOWN]}…{line[-2:]} ({len(line)} characters)"
