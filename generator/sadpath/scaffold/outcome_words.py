"""Judges, by the words about a failure, whether it was refused before anything happened; what is not plain is not believed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from sadpath.naming.words import words

_UNSURE: Final = frozenset(
    "timeout timed time deadline pending processing progress process unknown unavailable internal temporarily temporary busy"
    " locked system technical gateway network connection disconnected interrupted incomplete delayed delay wait waiting await"
    " awaiting response answer reply upstream unclear uncertain undefined indeterminate undetermined ambiguous possibly"
    " perhaps maybe might partial partially partly confirm confirmation challenge otp queue queued review hold held aborted"
    " crash crashed exception unexpected outcome result slow".split()
)
_BEFORE: Final = frozenset(
    "duplicate duplicated duplicates duplication double doubled twice already exists existing conflict conflicts conflicting"
    " idempotency idempotent idempotence repeat repeated repetition replay replayed retried earlier previous previously former"
    " completed captured refunded reversed voided paid payed executed performed processed finished closed settled succeeded"
    " successful successfully success done debited charged credited transferred accepted approved flight inflight"
    " concurrent concurrently concurrency parallel simultaneous simultaneously race reused state status".split()
)
_UNSURE_STEMS: Final = re.compile(
    # Russian and Ukrainian.
    "ожида|очік|неизвест|невідом|тайм-?аут|обраба?т|оброб|процес|недоступ|врем|тимчас|\\bчас(?:у|ом)?\\b|техническ|технічн"
    "|внутрен|внутріш|систем|сет(?:ь|и|ев)|мереж|соединен|связ[иь]|з.?єднан|ответ|відповід|возможн|можлив|может быть"
    "|частич|частков|подтвержд|підтвердж|результат|сбо[йя]|збі[йю]|зависл|заблокирован операц"
    # Words of neighbours that are seen in such tables.
    "|unbekannt|zeitüber|ausstehend|nieznan|oczek|przekrocz|desconoc|inconnu|attente|teadmata|ootel|nežinom|laukia|nezinām"
)
_BEFORE_STEMS: Final = re.compile(
    "\\b(?:уже|вже|ранее|раніше|прежде|повторн|повтор|дважды|двічі)|дубл|оплачен|сплачен|списан|исполнен|выполнен|виконан"
    "|проведен|завершен|одновремен|одночас|параллел|паралель|конфл|статус|состояни|\\bстан(?:і|у|ом)?\\b|возвращен|зачислен"
    "|bereits|doppelt|już|podwójn|déjà|deja|duplicad|duplik|\\bjuba\\b|\\bjau\\b"
)
_REFUSED: Final = re.compile(
    r"\b(?:invalid|missing|required|malformed|unsupported|unauthori[sz]ed|unauthenticated|forbidden|validation|incorrect"
    r"|illegal|wrong|bad|unprocessable|unparsable|unparseable|insufficient|stolen|mandatory|unrecogni[sz]ed|misspelled"
    r"|exceeds|exceeded|disallowed|prohibited|not (?:found|allowed|permitted|supported|acceptable|authori[sz]ed|enough"
    r"|enabled|valid)|(?:does|do|did) (?:not|n t) exist|doesn t exist|no such|too (?:long|short|large|small|big|many|high|low"
    r"|old)|must (?:not )?(?:be|have|contain|match)|out of range|card (?:has |is )?(?:expired|lost)"
    r"|(?:expired|lost) card|(?<!not )(?<!not been )(?:declined|refused|rejected|denied))\b"
)
_REFUSED_STEMS: Final = re.compile(
    "неверн|невірн|неправильн|некорр?ект|недопустим|неприпустим|не ?найден|не ?знайден|отсутств|відсутн|не ?указан|не ?вказан"
    "|не ?задан|обязательн|обов.?язков|запрещ|заборон|(?<!не )отказан|(?<!не )отклон|(?<!не )відхилен|(?<!не )відмовлен"
    "|недостат|не ?поддержива|не ?підтриму|не ?авторизован|не ?существует|не ?існує|превыш|перевищ|слишком|нет прав"
    "|не ?разреш|не ?допуска|неизвестн\\w* (?:параметр|пол[ея]|код|валют)|срок действия карты"
)
_KNOWN_UNKNOWNS: Final = re.compile(
    r"\bunknown (?:field|parameter|property|attribute|currency|country|locale|header|key)\b"
)
"""Something of the request that the API does not know: a fault of validation, and not an outcome that nobody knows."""
_REFUSING: Final = frozenset("401 404 405 406 411 413 414 415 429 431".split())
"""Statuses that say themselves that the request was not looked at any further (RFC 9110, RFC 6585)."""


def is_unsure(texts: Iterable[str]) -> bool:
    """Whether the words allow that the operation was, or will be, executed."""
    return _says(texts, _UNSURE, _UNSURE_STEMS)


def is_of_before(texts: Iterable[str]) -> bool:
    """Whether the words speak of an earlier request, or of one that runs beside it."""
    return _says(texts, _BEFORE, _BEFORE_STEMS)


def is_refused(texts: Iterable[str], statuses: Iterable[str]) -> bool:
    """Whether the words, or every status, say plainly that the request was refused before anything happened."""
    statuses = tuple(statuses)
    spoken = tuple(texts)
    return (
        (bool(statuses) and set(statuses) <= _REFUSING)
        or any(_REFUSED.search(_english(text)) or _KNOWN_UNKNOWNS.search(_english(text)) for text in spoken)
        or any(_REFUSED_STEMS.search(_plain(text)) for text in spoken)
    )


def _says(texts: Iterable[str], spoken: frozenset[str], stems: re.Pattern[str]) -> bool:
    for text in texts:
        english = _KNOWN_UNKNOWNS.sub(" ", _english(text))
        if not spoken.isdisjoint(english.split()) or stems.search(_plain(text)):
            return True
    return False


def _english(text: str) -> str:
    return " ".join(word.lower() for word in words(text))


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").replace("_", " ").split())
