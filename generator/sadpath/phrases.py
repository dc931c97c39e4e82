"""What generated docstrings and pages say about outcomes, steps and keys, in every language that there is: a leaf."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sadpath.runtime.contract import ErrorContract, Outcome

Phrases = Mapping[str, str]

_ENGLISH: Final[Phrases] = {
    "outcome.not_sent": "No. The request never left this process.",
    "outcome.rejected": "No. The API refused the request and did nothing.",
    "outcome.unknown": "Unknown. The operation may or may not have been executed.",
    "outcome.processed": "Yes. The operation was executed.",
    "outcome.pending": "Not yet. The operation was accepted and is not finished.",
    "outcome.by_effect": "Unknown after an operation that changes something: it may or may not have been executed. "
    "No after an operation that only reads.",
    "outcome.by_status": "The status tells: no with 4xx, but for 408 and 409. With these and with 5xx it may or may not have been "
    "executed, unless the operation only reads.",
    "next.stop": "Do not repeat the request: the same request fails the same way.",
    "next.fix": "Correct the request, then send it again.",
    "next.user": "Somebody has to act first: the payer, or whoever owns the account.",
    "next.repeat": "Repeat the same request with the same data.",
    "next.check": "Find out first whether it was executed; repeat it only if it was not.",
    "next.check_refused": "This request did nothing; an earlier one may have. Look at the state first, and send it again only where it was not done.",
    "next.poll": "Ask for the state again until it is final.",
    "key.same": "Keep the same idempotency key.",
    "key.new": "Use a new idempotency key for the next attempt.",
    "key.either": "The same idempotency key or a new one: both are right.",
    "key.unspecified": "The vendor does not say which idempotency key the next attempt takes. The client keeps the same one: our choice.",
    "automatic.false": "The client does not do so unasked.",
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
    "certainty.assumed": "assumed from the HTTP status; nobody says so",
    "next.repeat_reading": "After an operation that only reads, repeat the request.",
    "next.check_changing": "After one that changes something, and that neither a key nor what the request holds protects, find out first whether it was "
    "executed; repeat it only if it was not.",
    "unlisted.AnswerLostOutcomeUnknown": "The request was sent and no usable answer came: a timeout, a reset, a body that broke off. "
    "The operation may have been executed. With an idempotency key, repeat the same request with `error.idempotency_key`; "
    "without one, look up whether it was executed before anything else.",
    "unlisted.AnswerLost": "The same after an operation that only reads: nothing can have happened. Repeat it.",
    "unlisted.UnrecognizedOutcomeUnknown": "An answer outside the contract (often an HTML page with a status of 5xx from something "
    "in between) after an operation with effect: it may have been executed. Proceed as after a lost answer.",
    "unlisted.Unrecognized": "A status or code that the contract does not list. Status, code and raw body are kept. Nothing was "
    "executed as far as the status tells; do not repeat the request unchanged, except after 408, 425 and 429, which ask to come back later. "
    "It is also of the category that its status stands for: a 401 is caught as `Unauthenticated`.",
    "unlisted.NotSent": "The request never left: no connection, no credential that fits. Nothing can have happened; "
    "the same request may be sent again.",
    "unlisted.Unreadable": "The operation was executed, but the answer could not be read. Do not repeat it: read the object instead. "
    "The raw bytes are in `error.body`.",
    "unlisted.UnresolvedOutcomeUnknown": "`resolve` could not find out whether the operation was executed: it may have been. "
    "`error.reason` says why. Do not send the request under a new key; ask the API's support, and give it "
    "`error.support_reference` where there is one.",
    "unlisted.Unresolved": "`resolve` could not find out how an operation ended that the API had accepted and not finished: it may "
    "still be executed. `error.reason` says why.",
    "unlisted.KeyRefused": "The request was not sent, because its idempotency key would not protect it: the key belongs to another "
    "request, the API wants a new one, or it is so old that the API may have forgotten it. Nothing can have happened through this request; "
    "where the key is old, find out what became of the first one.",
}
_RUSSIAN: Final[Phrases] = {
    "outcome.not_sent": "Нет. Запрос не был отправлен.",
    "outcome.rejected": "Нет. API отклонил запрос и ничего не сделал.",
    "outcome.unknown": "Неизвестно. Операция могла выполниться, а могла и не выполниться.",
    "outcome.processed": "Да. Операция выполнена.",
    "outcome.pending": "Ещё нет. Операция принята, но не завершена.",
    "outcome.by_effect": "После операции, которая что-то меняет, — неизвестно: она могла выполниться, а могла и не выполниться. "
    "После операции, которая только читает, — нет.",
    "outcome.by_status": "Зависит от статуса: при 4xx, кроме 408 и 409, — нет. При них и при 5xx операция могла выполниться, "
    "а могла и не выполниться, если она не только читает.",
    "next.stop": "Не повторяйте запрос: такой же запрос завершится той же ошибкой.",
    "next.fix": "Исправьте запрос и отправьте его снова.",
    "next.user": "Сначала должен что-то сделать плательщик или владелец счёта.",
    "next.repeat": "Повторите тот же запрос с теми же данными.",
    "next.check": "Сначала выясните, выполнилась ли операция; повторяйте, только если нет.",
    "next.check_refused": "Этот запрос ничего не сделал, но более ранний мог выполниться. Сначала проверьте состояние; отправляйте запрос "
    "снова, только если операция не выполнена.",
    "next.poll": "Запрашивайте состояние, пока оно не станет окончательным.",
    "key.same": "Оставьте тот же ключ идемпотентности.",
    "key.new": "Для следующей попытки возьмите новый ключ идемпотентности.",
    "key.either": "Подойдёт и прежний ключ идемпотентности, и новый.",
    "key.unspecified": "Вендор не говорит, какой ключ идемпотентности нужен для следующей попытки. Клиент оставляет прежний: "
    "это наш выбор.",
    "automatic.false": "Сам клиент этого не делает.",
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
    "certainty.assumed": "предположение по коду HTTP; этого никто не утверждает",
    "next.repeat_reading": "После операции, которая только читает, повторите запрос.",
    "next.check_changing": "После операции, которая что-то меняет и не защищена ни ключом, ни данными самого запроса, сначала выясните, выполнилась "
    "ли она; повторяйте, только если нет.",
    "unlisted.AnswerLostOutcomeUnknown": "Запрос отправлен, но пригодного ответа нет: таймаут, разрыв соединения, оборванное тело. "
    "Операция могла выполниться. Если был ключ идемпотентности, повторите тот же запрос с `error.idempotency_key`; "
    "если не было, сначала выясните, выполнилась ли операция.",
    "unlisted.AnswerLost": "То же после операции, которая только читает: ничего произойти не могло. Повторите запрос.",
    "unlisted.UnrecognizedOutcomeUnknown": "Ответ вне контракта (часто это HTML-страница с кодом 5xx от промежуточного узла) после "
    "операции, которая что-то меняет: она могла выполниться. Действуйте как после потерянного ответа.",
    "unlisted.Unrecognized": "Код HTTP или код ошибки, которых нет в контракте. Код HTTP, код ошибки и тело ответа сохранены. "
    "Судя по коду HTTP, ничего не выполнилось; не повторяйте запрос без изменений, кроме как после 408, 425 и 429: они просят прийти "
    "позже. Категория исключения — та, что соответствует коду HTTP: 401 ловится и как `Unauthenticated`.",
    "unlisted.NotSent": "Запрос не ушёл: нет соединения или подходящих данных для аутентификации. Ничего произойти не могло; "
    "тот же запрос можно отправить снова.",
    "unlisted.Unreadable": "Операция выполнена, но прочитать ответ не удалось. Не повторяйте её, а запросите объект. "
    "Полученные байты — в `error.body`.",
    "unlisted.UnresolvedOutcomeUnknown": "`resolve` не смог выяснить, выполнилась ли операция: она могла выполниться. "
    "Почему — в `error.reason`. Не отправляйте запрос с новым ключом; обратитесь в поддержку API и сообщите "
    "`error.support_reference`, если он есть.",
    "unlisted.Unresolved": "`resolve` не смог выяснить, чем закончилась операция, которую API принял, но не завершил: она ещё может "
    "выполниться. Почему — в `error.reason`.",
    "unlisted.KeyRefused": "Запрос не отправлен: ключ идемпотентности его бы не защитил. Ключ принадлежит другому "
    "запросу, API требует новый, или ключ настолько стар, что API мог его забыть. Этим запросом ничего произойти не могло; если ключ "
    "старый, выясните, чем закончился первый запрос.",
}
LANGUAGES: Final[Mapping[str, Phrases]] = {"en": _ENGLISH, "ru": _RUSSIAN}


def spoken(locale: str, languages: Mapping[str, Phrases]) -> Phrases:
    """The words of a locale; the English ones where it has none."""
    return languages.get(locale.split("-", 1)[0], languages["en"])


def phrases(locale: str) -> Phrases:
    """The phrases of a locale; English where the locale has none."""
    return spoken(locale, LANGUAGES)


def outcome_phrase(contract: ErrorContract, locale: str) -> str:
    """Whether the operation took effect."""
    opened = "by_status" if contract.outcome_by_status and _names_refusals(contract) else "by_effect"
    return phrases(locale)[f"outcome.{contract.outcome.value if contract.outcome else opened}"]


def _names_refusals(contract: ErrorContract) -> bool:
    """Whether one of the statuses says that nothing happened."""
    refusals = (status for status in contract.match.statuses if status.startswith(("4", "default")))
    return any(status not in ("408", "409") for status in refusals)


def step_phrases(contract: ErrorContract, locale: str, *, keyed: bool, protected: bool = True) -> tuple[str, ...]:
    """What to do next, a sentence each; the key is mentioned only where an operation takes one (`keyed`) and a next attempt is meant.

    Where neither a key nor the request itself makes a repeat harmless (not `protected`), nobody is told to repeat blindly.
    """
    found, advice = phrases(locale), contract.advice
    lines = [found[f"before.{advice.before}"]] if advice.before else []
    if advice.next == "repeat" and not protected:
        lines += [found["next.repeat_reading"], found["next.check_changing"]]
    elif advice.next == "check" and contract.outcome is Outcome.REJECTED:
        lines.append(found["next.check_refused"])
    else:
        lines.append(found[f"next.{advice.next}"])
    if advice.next == "repeat" and advice.automatic is False:
        lines.append(found["automatic.false"])
    if keyed and advice.next != "stop":
        lines.append(found[f"key.{advice.key}"])
    return tuple(lines)
