"""What generated docstrings and pages say about outcomes, steps and keys, in every language that there is: a leaf."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sadpath.runtime.contract import Advice, ErrorContract

Phrases = Mapping[str, str]

_ENGLISH: Final[Phrases] = {
    "outcome.not_sent": "No. The request never left this process.",
    "outcome.rejected": "No. The API refused the request and did nothing.",
    "outcome.unknown": "Unknown. The operation may or may not have been executed.",
    "outcome.processed": "Yes. The operation was executed.",
    "outcome.pending": "Not yet. The operation was accepted and is not finished.",
    "outcome.by_effect": "Unknown after an operation that changes something: it may or may not have been executed. "
    "No after an operation that only reads.",
    "next.stop": "Do not repeat the request: the same request fails the same way.",
    "next.fix": "Correct the request, then send it again.",
    "next.user": "Somebody has to act first: the payer, or whoever owns the account.",
    "next.repeat": "Repeat the same request with the same data.",
    "next.check": "Find out first whether it was executed; repeat it only if it was not.",
    "next.poll": "Ask for the state again until it is final.",
    "key.same": "Keep the same idempotency key.",
    "key.new": "Use a new idempotency key for the next attempt.",
    "key.either": "The same idempotency key or a new one: both are right.",
    "key.unspecified": "The API states no rule for the idempotency key here. Keeping the same one is our choice.",
    "before.refresh_token": "Renew the access token first.",
    "before.sync_clock": "Set the clock right first.",
    "fault.client": "the caller",
    "fault.server": "the API",
    "fault.payer": "the payer",
    "fault.payee": "the payee",
    "fault.issuer": "the issuer of the card or account",
    "fault.network": "the network",
    "certainty.documented": "stated by the API's documentation",
    "certainty.vendor": "stated by other material of the vendor",
    "certainty.sdk": "read from the vendor's SDK",
    "certainty.inferred": "our reading; the vendor does not say so",
}
_RUSSIAN: Final[Phrases] = {
    "outcome.not_sent": "Нет. Запрос не был отправлен.",
    "outcome.rejected": "Нет. API отклонил запрос и ничего не сделал.",
    "outcome.unknown": "Неизвестно. Операция могла выполниться, а могла и не выполниться.",
    "outcome.processed": "Да. Операция выполнена.",
    "outcome.pending": "Ещё нет. Операция принята, но не завершена.",
    "outcome.by_effect": "После операции, которая что-то меняет, — неизвестно: она могла выполниться, а могла и не выполниться. "
    "После операции, которая только читает, — нет.",
    "next.stop": "Не повторяйте запрос: такой же запрос завершится той же ошибкой.",
    "next.fix": "Исправьте запрос и отправьте его снова.",
    "next.user": "Сначала должен что-то сделать плательщик или владелец счёта.",
    "next.repeat": "Повторите тот же запрос с теми же данными.",
    "next.check": "Сначала выясните, выполнилась ли операция; повторяйте, только если нет.",
    "next.poll": "Запрашивайте состояние, пока оно не станет окончательным.",
    "key.same": "Оставьте тот же ключ идемпотентности.",
    "key.new": "Для следующей попытки возьмите новый ключ идемпотентности.",
    "key.either": "Подойдёт и прежний ключ идемпотентности, и новый.",
    "key.unspecified": "API не говорит, какой ключ идемпотентности использовать. Оставить прежний — наш выбор.",
    "before.refresh_token": "Сначала обновите токен доступа.",
    "before.sync_clock": "Сначала сверьте часы.",
    "fault.client": "вызывающая сторона",
    "fault.server": "API",
    "fault.payer": "плательщик",
    "fault.payee": "получатель",
    "fault.issuer": "эмитент карты или счёта",
    "fault.network": "сеть",
    "certainty.documented": "указано в документации API",
    "certainty.vendor": "указано в других материалах вендора",
    "certainty.sdk": "следует из SDK вендора",
    "certainty.inferred": "наш вывод; вендор этого не говорит",
}
LANGUAGES: Final[Mapping[str, Phrases]] = {"en": _ENGLISH, "ru": _RUSSIAN}


def phrases(locale: str) -> Phrases:
    """The phrases of a locale; English where the locale has none."""
    return LANGUAGES.get(locale.split("-", 1)[0], _ENGLISH)


def outcome_phrase(contract: ErrorContract, locale: str) -> str:
    """Whether the operation took effect."""
    return phrases(locale)[f"outcome.{contract.outcome.value if contract.outcome else 'by_effect'}"]


def step_phrases(advice: Advice, locale: str, *, keyed: bool) -> tuple[str, ...]:
    """What to do next, a sentence each; the key is mentioned only where the API has keys and a next attempt is meant."""
    found = phrases(locale)
    lines = [found[f"before.{advice.before}"]] if advice.before else []
    lines.append(found[f"next.{advice.next}"])
    if keyed and advice.next != "stop":
        lines.append(found[f"key.{advice.key}"])
    return tuple(lines)
