"""The fixed words of reference pages, in every language that there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Final

from sadpath.phrases import spoken
from sadpath.reference.markdown import Markdown
from sadpath.runtime.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Labels:
    """One language's words; the fields are named after what the English ones say."""

    language: Markdown
    reference: Markdown
    version: Markdown
    operations: Markdown
    errors: Markdown
    models: Markdown
    outcomes_at_success: Markdown
    class_: Markdown
    status: Markdown
    code: Markdown
    category: Markdown
    fault: Markdown
    family: Markdown
    families: Markdown
    caught_by: Markdown
    meaning: Markdown
    took_effect: Markdown
    what_to_do: Markdown
    key: Markdown
    key_made: Markdown
    key_retention: Markdown
    key_assumed: Markdown
    argument: Markdown
    pages: Markdown
    unlisted: Markdown
    unlisted_intro: Markdown
    policy: Markdown
    causes: Markdown
    payer_text: Markdown
    payer_never: Markdown
    wire_example: Markdown
    composed: Markdown
    truncated: Markdown
    output: Markdown
    in_code: Markdown
    attributes: Markdown
    known_values: Markdown
    source: Markdown
    advice_source: Markdown
    name: Markdown
    type: Markdown
    description: Markdown
    required: Markdown
    nullable: Markdown
    default: Markdown
    parameters: Markdown
    body: Markdown
    answer: Markdown
    no_body: Markdown
    stream_of: Markdown
    can_fail_with: Markdown
    effect: Markdown
    effect_read: Markdown
    effect_idempotent: Markdown
    effect_once: Markdown
    repeated: Markdown
    finding_out: Markdown
    yes: Markdown
    no: Markdown
    any: Markdown
    other_codes: Markdown
    deprecated: Markdown
    opt_in: Markdown
    method: Markdown
    only_with: Markdown
    derived: Markdown
    back: Markdown
    examples: Markdown
    servers: Markdown
    credentials: Markdown
    and_: Markdown
    or_: Markdown
    nothing: Markdown
    undescribed: Markdown
    webhooks: Markdown
    in_the_course_of: Markdown
    expected_answer: Markdown
    genuine: Markdown


_ENGLISH: Final[Mapping[str, str]] = {
    "language": "English",
    "reference": "Reference",
    "version": "Version",
    "operations": "Operations",
    "errors": "Errors",
    "models": "Models",
    "outcomes_at_success": "Outcomes that look like success",
    "class_": "Class",
    "status": "HTTP status",
    "code": "Code",
    "category": "Category",
    "fault": "Whose doing",
    "family": "Family",
    "families": "Families of codes",
    "caught_by": "Caught by",
    "meaning": "What it means",
    "took_effect": "Did it take effect, has money moved?",
    "what_to_do": "What to do",
    "key": "Idempotency key",
    "key_made": "made where none is given, and always on the exception as `idempotency_key`",
    "key_retention": "remembered by the API for",
    "key_assumed": "the contract does not say how long the API remembers it, assumed:",
    "argument": "Argument",
    "pages": "Page by page, or item by item:",
    "unlisted": "Failures that no catalog lists",
    "unlisted_intro": "What the network does, and answers that the contract does not describe. "
    "They are under the API's root class like everything else.",
    "policy": "Intervals",
    "causes": "Causes",
    "payer_text": "What the payer may be told",
    "payer_never": "Nothing: this is not for the payer.",
    "wire_example": "On the wire",
    "composed": "Made up for this reference; not an example of the vendor's.",
    "truncated": "Only the head of the answer is documented.",
    "output": "What is printed",
    "in_code": "In code",
    "attributes": "Attributes",
    "known_values": "Known values of",
    "source": "Source",
    "advice_source": "Outcome, next step and key",
    "name": "Name",
    "type": "Type",
    "description": "Description",
    "required": "Required",
    "nullable": "Nullable",
    "default": "Default",
    "parameters": "Parameters",
    "body": "Request body",
    "answer": "Answer",
    "no_body": "no body",
    "stream_of": "stream of",
    "can_fail_with": "Can fail with",
    "effect": "Effect",
    "effect_read": "reads only",
    "effect_idempotent": "the same change, however often it is executed",
    "effect_once": "a second execution is a second change",
    "repeated": "Repeated unasked",
    "finding_out": "How `resolve` finds out",
    "yes": "yes",
    "no": "no",
    "any": "any",
    "other_codes": "any other",
    "deprecated": "Deprecated",
    "opt_in": "Returned as a value; raised only on request (`raise_opt_in`).",
    "method": "Method",
    "only_with": "with",
    "derived": "These errors were derived from the OpenAPI document; no catalog says what they mean.",
    "back": "Contents",
    "examples": "Answers of success",
    "servers": "Servers",
    "credentials": "Credentials",
    "and_": "and",
    "or_": "or",
    "nothing": "nothing",
    "undescribed": "not described",
    "webhooks": "Webhooks and callbacks",
    "in_the_course_of": "In the course of",
    "expected_answer": "Expected answer",
    "genuine": "How to tell that it is genuine",
}
_RUSSIAN: Final[Mapping[str, str]] = {
    "language": "Русский",
    "reference": "Справочник",
    "version": "Версия",
    "operations": "Операции",
    "errors": "Ошибки",
    "models": "Модели",
    "outcomes_at_success": "Исходы, похожие на успех",
    "class_": "Класс",
    "status": "Код HTTP",
    "code": "Код ошибки",
    "category": "Категория",
    "fault": "На чьей стороне",
    "family": "Семейство",
    "families": "Семейства кодов",
    "caught_by": "Перехватывается как",
    "meaning": "Что это значит",
    "took_effect": "Выполнилась ли операция, ушли ли деньги?",
    "what_to_do": "Что делать",
    "key": "Ключ идемпотентности",
    "key_made": "создаётся, если не передан, и всегда есть у исключения: `idempotency_key`",
    "key_retention": "API помнит его",
    "key_assumed": "сколько API его помнит, контракт не говорит, допущение:",
    "argument": "Аргумент",
    "pages": "По страницам или по одному объекту:",
    "unlisted": "Ошибки, которых нет ни в одном каталоге",
    "unlisted_intro": "То, что делает сеть, и ответы, которых контракт не описывает. "
    "Как и всё остальное, они наследуют корневой класс API.",
    "policy": "Интервалы",
    "causes": "Причины",
    "payer_text": "Что можно сказать плательщику",
    "payer_never": "Ничего: это не для плательщика.",
    "wire_example": "Как выглядит ответ",
    "composed": "Составлено для этого справочника; в документации вендора такого примера нет.",
    "truncated": "В документации приведено только начало ответа.",
    "output": "Что выводится",
    "in_code": "В коде",
    "attributes": "Атрибуты",
    "known_values": "Известные значения",
    "source": "Источник",
    "advice_source": "Исход, следующий шаг и ключ",
    "name": "Имя",
    "type": "Тип",
    "description": "Описание",
    "required": "Обязательный",
    "nullable": "Может быть null",
    "default": "По умолчанию",
    "parameters": "Параметры",
    "body": "Тело запроса",
    "answer": "Ответ",
    "no_body": "без тела",
    "stream_of": "поток:",
    "can_fail_with": "Возможные ошибки",
    "effect": "Эффект",
    "effect_read": "только читает",
    "effect_idempotent": "при любом числе повторов — одно и то же изменение",
    "effect_once": "повторное выполнение — это второе изменение",
    "repeated": "Повторяет ли клиент сам",
    "finding_out": "Как `resolve` выясняет исход",
    "yes": "да",
    "no": "нет",
    "any": "любой",
    "other_codes": "любой другой",
    "deprecated": "Устарело",
    "opt_in": "Возвращается как значение; исключение — только по просьбе (`raise_opt_in`).",
    "method": "Метод",
    "only_with": "при аутентификации",
    "derived": "Эти ошибки выведены из документа OpenAPI; каталога, который объяснял бы их, нет.",
    "back": "Содержание",
    "examples": "Успешные ответы",
    "servers": "Серверы",
    "credentials": "Учётные данные",
    "and_": "и",
    "or_": "или",
    "nothing": "ничего",
    "undescribed": "не описано",
    "webhooks": "Вебхуки и обратные вызовы",
    "in_the_course_of": "В ходе операции",
    "expected_answer": "Ожидаемый ответ",
    "genuine": "Как убедиться в подлинности",
}


def switch(pages: Mapping[str, str], locale: str) -> Markdown:
    """The languages that a page is in, by what leads to each of them; empty where there is but one."""
    links = [
        f"**{labels(one).language}**" if one == locale else f"[{labels(one).language}]({target})"
        for one, target in pages.items()
    ]
    return Markdown(" · ".join(links) if len(links) > 1 else "")


def labels(locale: str) -> Labels:
    """The words of a locale; English where the locale has none."""
    found = spoken(locale, {"en": _ENGLISH, "ru": _RUSSIAN})
    return Labels(**{field.name: Markdown(found[field.name]) for field in fields(Labels)})
