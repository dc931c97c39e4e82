"""Says on an operation's page whether it is repeated unasked, and how to find out what became of it when its outcome is open."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from sadpath.catalog.model import Lookup
from sadpath.ir.service import Operation
from sadpath.ir.types import Scalar
from sadpath.phrases import spoken
from sadpath.reference.markdown import Markdown, code, inline
from sadpath.reference.policies import duration
from sadpath.runtime.contract import ApiContract, IdempotencyScheme, Predicate, Selector
from sadpath.runtime.frozen import dataclass
from sadpath.runtime.media import is_multipart
from sadpath.runtime.protection import ASSUMED_RETENTION

_ENGLISH: Final[Mapping[str, str]] = {
    "read": "yes, it changes nothing.",
    "idempotent": "yes, executed again it makes the same change.",
    "key": "yes, under the same key, by which the API recognizes the repeat.",
    "natural": "yes, the API recognizes the repeat by {place}.",
    "once": "only after a refusal, or where the request was never sent: nothing protects it from a second execution.",
    "otherwise": "An error may advise otherwise.",
    "stream": "A body that cannot be read again is not sent again.",
    "same_key": "by the same request under the same key, for {time} after the first attempt. After that the same key would start "
    "a new operation, and only the API's support can tell.",
    "same_key_assumed": "by the same request under the same key, for {time} after the first attempt: assumed, the contract does not say "
    "how long the API remembers it. After that the same key could start a new operation, and only the API's support can tell.",
    "same_key_unlimited": "by the same request under the same key. The contract does not say how long the API remembers it.",
    "same_request": "by the same request once more.",
    "lookup": "it asks {operation}.",
    "not_again": "Where the body cannot be read again, it asks {operation}.",
    "nothing": "there is nothing to look up, and no key to repeat it under: ask the API's support{contact}.",
    "bind": "{name} is {value}.",
    "match": "It looks for the item where {tests}.",
    "executed": "Executed: {tests}.",
    "not_executed": "Not executed: {tests}.",
    "executed_found": "Executed: it is found.",
    "never": "That it was not executed is never concluded.",
    "open": "Anything else leaves it open.",
    "and": " and ",
    "equals": "{place} is {value}",
    "equals.not": "{place} is not {value}",
    "in": "{place} is one of {value}",
    "in.not": "{place} is none of {value}",
    "exists": "{place} is there",
    "exists.not": "{place} is not there",
    "matches": "{place} matches {value}",
    "matches.not": "{place} does not match {value}",
    "same_as": "{place} is {value}",
    "same_as.not": "{place} is not {value}",
    "request.body": "{at} of the request's body",
    "request.path": "the request's path parameter {at}",
    "request.query": "the request's query parameter {at}",
    "request.header": "the request's header field {at}",
    "whole_body": "the request's body",
    "whole": "what it answers",
}
_RUSSIAN: Final[Mapping[str, str]] = {
    "read": "да, операция ничего не меняет.",
    "idempotent": "да, повторное выполнение даёт то же изменение.",
    "key": "да, с тем же ключом: по нему API узнаёт повтор.",
    "natural": "да, API узнаёт повтор по значению: {place}.",
    "once": "только после отказа или если запрос не был отправлен: от второго выполнения ничто не защищает.",
    "otherwise": "Сама ошибка может требовать иного.",
    "stream": "Тело, которое нельзя прочитать ещё раз, повторно не отправляется.",
    "same_key": "тем же запросом с тем же ключом в течение {time} после первой попытки. Потом с тем же ключом началась бы новая "
    "операция, и исход знает только поддержка API.",
    "same_key_assumed": "тем же запросом с тем же ключом в течение {time} после первой попытки: это допущение, контракт не говорит, "
    "сколько API помнит ключ. Потом с тем же ключом могла бы начаться новая операция, и исход знает только поддержка API.",
    "same_key_unlimited": "тем же запросом с тем же ключом. Сколько API помнит ключ, контракт не говорит.",
    "same_request": "ещё одним таким же запросом.",
    "lookup": "спрашивает операцию {operation}.",
    "not_again": "Если тело нельзя прочитать ещё раз, спрашивает операцию {operation}.",
    "nothing": "проверить негде, и нет ключа, с которым можно повторить: обратитесь в поддержку API{contact}.",
    "bind": "{name}: {value}.",
    "match": "Ищет элемент, для которого верно: {tests}.",
    "executed": "Выполнена: {tests}.",
    "not_executed": "Не выполнена: {tests}.",
    "executed_found": "Выполнена: найдена.",
    "never": "Вывод, что операция не выполнена, не делается никогда.",
    "open": "В остальных случаях исход остаётся неизвестным.",
    "and": " и ",
    "equals": "{place} = {value}",
    "equals.not": "{place} ≠ {value}",
    "in": "{place} — одно из {value}",
    "in.not": "{place} — ни одно из {value}",
    "exists": "{place} есть",
    "exists.not": "{place} нет",
    "matches": "{place} соответствует {value}",
    "matches.not": "{place} не соответствует {value}",
    "same_as": "{place} = {value}",
    "same_as.not": "{place} ≠ {value}",
    "request.body": "{at} из тела запроса",
    "request.path": "параметр пути {at} из запроса",
    "request.query": "параметр строки запроса {at}",
    "request.header": "заголовок запроса {at}",
    "whole_body": "тело запроса",
    "whole": "ответ",
}


@dataclass(frozen=True, slots=True)
class FindingOut:
    """How it is found out: the means, empty where there is nothing to find out, and the steps of a lookup."""

    means: Markdown = Markdown("")
    steps: tuple[Markdown, ...] = ()


def repeated(operation: Operation, locale: str) -> Markdown:
    """Whether the client repeats it after a failure that leaves its outcome open, and why."""
    words = _words(locale)
    if operation.effect != "once":
        text = words[operation.effect]
    elif operation.idempotency is not None:
        text = words["key"]
    elif operation.natural_key is not None:
        text = words["natural"].format(place=_place(operation.natural_key, words))
    else:
        text = words["once"]
    parts = [text, words["otherwise"], *([words["stream"]] if _reads_a_source(operation) else [])]
    return Markdown(" ".join(parts))


def _reads_a_source(operation: Operation) -> bool:
    """Whether the body may be read while it is sent."""
    contents = operation.body.contents if operation.body is not None else ()
    return any(one.type == Scalar("binary") or is_multipart(one.media_type) for one in contents)


def is_assumed(operation: Operation, scheme: IdempotencyScheme) -> bool:
    """Whether the client goes by a time of its own for which the key is remembered; where nothing depends on the key it goes by none."""
    return scheme.retention is None and operation.effect == "once" and operation.natural_key is None


def finding_out(operation: Operation, api: ApiContract, asked: Markdown, locale: str) -> FindingOut:
    """How `resolve` proceeds; `asked` is the link to the operation that the lookup asks, where there is one."""
    words = _words(locale)
    scheme = api.idempotency.get(operation.idempotency or "")
    if operation.effect == "read":
        return FindingOut()
    lookup = operation.lookup
    repeats = operation.effect != "once" or scheme is not None or operation.natural_key is not None
    if not repeats:
        if lookup is None:
            contact = f" ({inline(api.contact)})" if api.contact else ""
            return FindingOut(Markdown(words["nothing"].format(contact=contact)))
        return FindingOut(Markdown(words["lookup"].format(operation=asked)), _steps(lookup, words))
    if scheme is None:
        text = words["same_request"]
    elif scheme.retention is None:
        which = "same_key_assumed" if is_assumed(operation, scheme) else "same_key_unlimited"
        text = words[which].format(time=inline(duration(ASSUMED_RETENTION, locale)))
    else:
        text = words["same_key"].format(time=inline(duration(scheme.retention, locale)))
    if lookup is None:
        return FindingOut(Markdown(text))
    return FindingOut(Markdown(f"{text} {words['not_again'].format(operation=asked)}"), _steps(lookup, words))


def _words(locale: str) -> Mapping[str, str]:
    return spoken(locale, {"en": _ENGLISH, "ru": _RUSSIAN})


def _steps(lookup: Lookup, words: Mapping[str, str]) -> tuple[Markdown, ...]:
    steps = [
        words["bind"].format(name=code(name), value=_place(selector, words)) for name, selector in lookup.bind.items()
    ]
    if lookup.match:
        steps.append(words["match"].format(tests=_tests(lookup.match, words)))
    if lookup.executed is None:
        steps.append(words["executed_found"])
    else:
        steps.append(words["executed"].format(tests=_tests(lookup.executed, words)))
    if lookup.not_executed is None:
        steps.append(words["never"])
    else:
        steps.append(words["not_executed"].format(tests=_tests(lookup.not_executed, words)))
        steps.append(words["open"])
    return tuple(Markdown(step) for step in steps)


def _tests(predicates: tuple[Predicate, ...], words: Mapping[str, str]) -> str:
    return words["and"].join(_test(predicate, words) for predicate in predicates)


def _test(predicate: Predicate, words: Mapping[str, str]) -> str:
    negated = predicate.negate
    if predicate.test == "exists":
        negated = not predicate.value
    if predicate.test == "same_as":
        value = _place(predicate.value, words)
    elif predicate.test == "in":
        value = ", ".join(_value(one) for one in predicate.value)
    else:
        value = _value(predicate.value)
    name = f"{predicate.test}.not" if negated else predicate.test
    return words[name].format(place=_place(predicate.select, words), value=value)


def _place(selector: Selector, words: Mapping[str, str]) -> str:
    """Where a value stands; the answer is that of the lookup, or the item that is looked at."""
    if selector.const is not None:
        return _value(selector.const[0])
    if selector.request is None:
        return code(selector.body) if selector.body else words["whole"]
    if not selector.at:
        return words["whole_body"]
    return words[f"request.{selector.request}"].format(at=code(selector.at))


def _value(value: Any) -> str:
    is_number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    plain = isinstance(value, str) or is_number
    return code(str(value) if plain else json.dumps(value, ensure_ascii=False, default=str))
