"""What a payer may be shown: a type of its own, in the language that comes nearest to the one that was asked for."""

from __future__ import annotations

import copy
import pickle

import pytest

from sadpath.runtime.contract import Advice, ErrorContract, Match, Outcome
from sadpath.runtime.payer import PayerMessage, payer_message

TEXTS = {"en": "No.", "ru": "Нет.", "zh-Hant": "不。", "pt-BR": "Não."}


def contract(texts: dict[str, str]) -> ErrorContract:
    return ErrorContract("no", Match(), "declined", "payer", Outcome.REJECTED, Advice("user"), "No", payer_texts=texts)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("ru", "ru"),
        ("ru-RU", "ru"),
        ("RU_ru", "ru"),
        ("zh-Hant-TW", "zh-Hant"),
        ("zh-hant-x-private", "zh-Hant"),
        ("pt-BR", "pt-BR"),
        ("pt", "en"),
        ("zh", "en"),
        ("de-AT", "en"),
        ("", "en"),
        ("-", "en"),
        (None, "en"),
    ],
)
def test_the_nearest_language_is_found(wanted: str | None, found: str) -> None:
    message = payer_message(contract(TEXTS), wanted, "en")
    assert message == TEXTS[found] and message.locale == found


def test_the_default_is_the_one_that_is_given_else_the_first() -> None:
    assert payer_message(contract(TEXTS), "de", "ru-RU") == "Нет."
    assert payer_message(contract({"ru": "Нет.", "en": "No."}), "de") == "Нет."


def test_nothing_is_shown_where_nothing_may_be_or_in_no_language_that_anybody_named() -> None:
    assert payer_message(contract({}), "en", "en") is None
    assert payer_message(None, "en", "en") is None
    assert payer_message(contract({"ru": "Нет."}), "de", "en") is None


def test_a_message_is_a_text_that_keeps_its_language() -> None:
    message = PayerMessage("Нет.", "ru")
    for again in (message, copy.copy(message), copy.deepcopy(message), pickle.loads(pickle.dumps(message))):
        assert isinstance(again, str) and type(again) is PayerMessage
        assert (again, again.locale) == ("Нет.", "ru")
    assert type(message + "") is str and type(message[:2]) is str
