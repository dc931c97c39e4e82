"""View of the page that lays the contracts of several APIs side by side: by the condition that one `except` catches."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from sadpath.ir.service import Failure
from sadpath.phrases import phrases, spoken
from sadpath.reference.labels import Labels, labels
from sadpath.reference.markdown import Markdown, cell_code, inline
from sadpath.reference.pages import PageMaker, error_path
from sadpath.runtime.categories import CATEGORIES
from sadpath.runtime.frozen import dataclass

_OUTCOMES: Final = ("rejected", "unknown", "pending", "processed", "by_effect")
_STEPS: Final = ("stop", "fix", "user", "repeat", "poll", "check")
_KEYS: Final = ("same", "new", "either", "unspecified")
_ENGLISH: Final[Mapping[str, str]] = {
    "title": "The contracts side by side",
    "intro": "What each API calls it, and what one `except` catches of all of them. The words are those of the catalogs; the "
    "exception has them in `error.outcome`, `error.advice.next` and `error.advice.key`, judged for the operation that was "
    "called: `by_effect` becomes `unknown` or `rejected`, and `repeat / check` is `check` where nothing protects the "
    "operation from a second execution.",
    "words": "The words",
    "word": "Word",
    "outcomes": "Outcome",
    "steps": "Next step",
    "key_rule": "Key",
    "category": "Condition",
    "of": "errors of",
    "none": "The API has none.",
    "no_key": "no key",
    "unknown_title": "Outcome unknown",
    "unknown_intro": "`except {common}.OutcomeUnknown` catches these of every API, whatever the condition is.",
    "caught": "`except {common}.{name}`",
    "also": "It also catches every {names}.",
}
_RUSSIAN: Final[Mapping[str, str]] = {
    "title": "Контракты рядом",
    "intro": "Как ошибка называется в каждом API и что одним `except` перехватывается во всех. Слова — из каталогов; "
    "в исключении они стоят в `error.outcome`, `error.advice.next` и `error.advice.key` с учётом вызванной операции: "
    "`by_effect` превращается в `unknown` или `rejected`, а `repeat / check` — в `check`, если от второго выполнения "
    "операцию ничто не защищает.",
    "words": "Слова",
    "word": "Слово",
    "outcomes": "Исход",
    "steps": "Следующий шаг",
    "key_rule": "Ключ",
    "category": "Условие",
    "of": "ошибок:",
    "none": "В этом API таких нет.",
    "no_key": "ключа нет",
    "unknown_title": "Исход неизвестен",
    "unknown_intro": "`except {common}.OutcomeUnknown` перехватывает их в любом API, каким бы ни было условие.",
    "caught": "`except {common}.{name}`",
    "also": "Так же перехватываются все {names}.",
}


@dataclass(frozen=True, slots=True)
class ComparedError:
    """A row: one error of one API."""

    api: Markdown
    error: Markdown
    status: Markdown
    code: Markdown
    title: Markdown
    outcome: Markdown
    step: Markdown
    key: Markdown


@dataclass(frozen=True, slots=True)
class Condition:
    """A category, and every error of it."""

    heading: Markdown
    caught: Markdown
    rows: tuple[ComparedError, ...]


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """The page; `counts` has a row for each condition and a column for each API."""

    labels: Labels
    words: Mapping[str, Markdown]
    switch: Markdown
    apis: tuple[Markdown, ...]
    counts: tuple[tuple[Markdown, ...], ...]
    legends: tuple[tuple[Markdown, tuple[tuple[Markdown, Markdown], ...]], ...]
    conditions: tuple[Condition, ...]
    unknown_intro: Markdown
    unknown: tuple[ComparedError, ...]
    alone: bool = True
    """Whether it is a file that somebody may edit, not a page of a site."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One API: its pages' maker in the language of the page, and the folder that its pages are in."""

    maker: PageMaker
    folder: str


def comparison_view(compared: Sequence[Compared], locale: str, switch: Markdown) -> ComparisonView:
    """The page in one language."""
    words = spoken(locale, {"en": _ENGLISH, "ru": _RUSSIAN})
    common = compared[0].maker.names.common
    rows = {name: tuple(_row(one, failure) for one in compared for failure in _of(one, name)) for name in CATEGORIES}
    return ComparisonView(
        labels=labels(locale),
        words={name: Markdown(text) for name, text in words.items()},
        switch=switch,
        apis=tuple(_api(one) for one in compared),
        counts=tuple(
            (cell_code(kind.__name__), *(_count(one, name) for one in compared))
            for name, kind in CATEGORIES.items()
            if rows[name]
        ),
        legends=_legends(words, locale),
        conditions=tuple(
            Condition(
                heading=inline(kind.__name__),
                caught=_caught(kind, words, common, {name for name in CATEGORIES if rows[name]}),
                rows=rows[name],
            )
            for name, kind in CATEGORIES.items()
            if rows[name]
        ),
        unknown_intro=Markdown(words["unknown_intro"].format(common=common)),
        unknown=tuple(
            _row(one, failure)
            for one in compared
            for failure in one.maker.service.failures
            if failure.unknown_leaf or _outcome(failure) == "unknown"
        ),
    )


def _caught(kind: type[Exception], words: Mapping[str, str], common: str, there: Collection[str]) -> Markdown:
    """How to catch the condition, and which others that catches as well."""
    text = words["caught"].format(common=common, name=kind.__name__)
    below = [
        other.__name__
        for category, other in CATEGORIES.items()
        if issubclass(other, kind) and other is not kind and category in there
    ]
    links = ", ".join(f"[`{name}`](#{name.lower()})" for name in below)
    return Markdown(f"{text} {words['also'].format(names=links)}" if below else text)


def _of(one: Compared, category: str) -> tuple[Failure, ...]:
    return tuple(failure for failure in one.maker.service.failures if failure.entry.contract.category == category)


def _count(one: Compared, category: str) -> Markdown:
    return Markdown(str(len(_of(one, category)) or "–"))


def _api(one: Compared) -> Markdown:
    maker = one.maker
    title = maker.text(maker.service.catalog_title) or maker.service.title
    return Markdown(f"[{inline(title)}]({one.folder}/README.md)")


def _row(one: Compared, failure: Failure) -> ComparedError:
    maker = one.maker
    contract = failure.entry.contract
    name = cell_code(maker.names.failures[contract.id])
    return ComparedError(
        api=_api(one),
        error=Markdown(f"[{name}]({one.folder}/{error_path(contract.id)})"),
        status=maker.statuses(failure),
        code=maker.codes(failure),
        title=inline(maker.text(failure.entry.title)),
        outcome=cell_code(_outcome(failure)),
        step=_step(failure),
        key=cell_code(contract.advice.key) if failure.keyed and contract.advice.next != "stop" else Markdown("–"),
    )


def _step(failure: Failure) -> Markdown:
    """Nobody is told to repeat what may be executed already and is not protected from a second execution."""
    contract = failure.entry.contract
    may_be_open = contract.outcome is None or contract.outcome.value in ("unknown", "pending")
    if contract.advice.next == "repeat" and may_be_open and not failure.protected:
        return Markdown(f"{cell_code('repeat')} / {cell_code('check')}")
    return cell_code(contract.advice.next)


def _outcome(failure: Failure) -> str:
    found = failure.entry.contract.outcome
    return found.value if found is not None else "by_effect"


def _legends(
    words: Mapping[str, str], locale: str
) -> tuple[tuple[Markdown, tuple[tuple[Markdown, Markdown], ...]], ...]:
    said = phrases(locale)
    kinds = (("outcomes", "outcome", _OUTCOMES), ("steps", "next", _STEPS), ("key_rule", "key", _KEYS))
    return tuple(
        (Markdown(words[title]), tuple((cell_code(one), inline(said[f"{kind}.{one}"])) for one in values))
        for title, kind, values in kinds
    )
