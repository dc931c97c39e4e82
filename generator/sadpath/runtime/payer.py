"""What may be shown to whoever pays: a type of its own, so that no other text of a failure is taken for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self, final

from .contract import ErrorContract


@final
class PayerMessage(str):
    """A text of the catalog that the payer may see, in the language `locale`.

    The API's own message is none of these, whatever it says: it is written for whoever reads the logs. Texts that are
    derived from this one, by slicing or joining, are plain texts again.
    """

    __slots__ = ("locale",)

    locale: str
    """The language that it is in, which need not be the one that was asked for."""

    def __new__(cls, text: str, locale: str) -> Self:
        message = super().__new__(cls, text)
        message.locale = locale
        return message

    def __reduce__(self) -> tuple[type[Self], tuple[str, str]]:
        return type(self), (str(self), self.locale)


def payer_message(
    contract: ErrorContract | None, locale: str | None, default_locale: str | None = None
) -> PayerMessage | None:
    """What the payer may be told: in `locale`, else in its language, else in the default one: the catalog's where none is given.

    Locales are language tags, found as in RFC 4647, section 3.4: "ru-RU" is answered by "ru". None where nothing may be
    shown, or nothing in one of these languages; `contract` is None for a failure that no catalog lists.
    """
    if contract is None:
        return None
    known = {_folded(tag): tag for tag in contract.payer_texts}
    # Generated contracts have the text of the catalog's default locale first.
    for wanted in (locale, default_locale or next(iter(known), None)):
        for tag in _ranges(wanted or ""):
            if tag in known:
                return PayerMessage(contract.payer_texts[known[tag]], known[tag])
    return None


def _ranges(locale: str) -> Iterator[str]:
    """The tag itself, then ever less of it."""
    subtags = _folded(locale).split("-")
    while subtags:
        yield "-".join(subtags)
        subtags.pop()
        if subtags and len(subtags[-1]) == 1:  # "x" or another singleton begins something, and is nothing alone
            subtags.pop()


def _folded(tag: str) -> str:
    """Case counts for nothing (RFC 5646, section 2.1.1); POSIX writes an underscore."""
    return tag.strip().replace("_", "-").casefold()
