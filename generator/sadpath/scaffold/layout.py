"""Lays a draft out as the text of a catalog: in the order in which people read it, with its questions as comments."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sadpath.catalog.model import CatalogFormat
from sadpath.catalog.status_phrases import STATUS_PHRASES
from sadpath.runtime import contract as wire
from sadpath.scaffold.draft import Draft, DraftOperation, Entry, class_of
from sadpath.scaffold.from_catalog import name_of, with_bare_format
from sadpath.scaffold.merge import ASSUMED_FORMAT, family_name
from sadpath.scaffold.yaml_text import WIDTH, Block, Commented, write_yaml

OPEN: Final = "OPEN: "
"""How the line of a question begins, after the `#`."""
_NAME: Final = re.compile(r"[^\s].*")
_ATTRIBUTE: Final = re.compile(r"[a-z][a-z0-9_]*")


def text_of(draft: Draft) -> tuple[str, int]:
    """The text of the catalog and the number of open questions in it."""
    bare = with_bare_format(draft)
    members: dict[str, Any] = {"errorcatalog": "1", "info": _info(draft)}
    if draft.idempotency or draft.key_questions:
        members["idempotency"] = _asked(
            Block({n: _scheme(s) for n, s in draft.idempotency.items()}), draft.key_questions
        )
    if draft.operations:
        found = {one.id: _operation(one) for one in draft.operations if _NAME.fullmatch(one.id)}
        members["operations"] = Commented(
            Block(found), ("What a second execution does; an operation that is not here only reads.",)
        )
    if draft.formats:
        members["formats"] = Block({name: _format(name, found, draft, bare) for name, found in draft.formats.items()})
    if draft.families:
        members["families"] = Block(
            {family_name(one): _family(one.first, one.last, one.text, draft) for one in draft.families}
        )
    members["errors"] = Block(dict(_errors(draft)), spaced=True)
    if draft.framework:
        members["framework"] = Commented(
            Block(draft.framework), ("What a server stub answers where its framework fails.",)
        )
    text = write_yaml(Block(members, spaced=True))
    count = sum(line.lstrip().startswith(f"# {OPEN}") for line in text.splitlines())
    return write_yaml(Block({}), _heading(draft, count)) + "\n" + text, count


def _heading(draft: Draft, count: int) -> list[str]:
    return [
        f"What can go wrong in {draft.title}: a draft, made by `sadpath scaffold` from {', '.join(draft.sources)}.",
        f"Every line that begins with OPEN is a question that these leave open; there are {count}. What is assumed"
        " until it is answered is the careful answer: nothing is repeated unasked that might be executed twice.",
    ]


def _asked(value: Any, questions: list[str], *notes: str) -> Any:
    comments = (*notes, *(OPEN + question for question in questions))
    return Commented(value, comments) if comments else value


def _info(draft: Draft) -> Block:
    info: dict[str, Any] = {"api": draft.api}
    name = name_of(draft.api)
    if name is not None:
        info["name"] = name
    info["title"] = _text(dict.fromkeys(draft.locales, draft.title), draft)
    info["locales"] = list(draft.locales)
    missing = {
        locale: sum(locale not in one.title for one in draft.entries)
        for locale in draft.locales
        if len(draft.locales) > 1
    }
    questions = [f"{count} titles have no words in {locale} yet" for locale, count in missing.items() if count]
    return Block({**info, "locales": _asked(info["locales"], questions)})


def _scheme(scheme: wire.IdempotencyScheme) -> Any:
    found: dict[str, Any] = {"header": scheme.header}
    if scheme.max_length is not None:
        found["max_length"] = scheme.max_length
    return _asked(
        found,
        [
            "for how long is a key remembered (`retention`)? Afterwards the same key is a new request; until it is answered, 24h"
            " are assumed"
        ],
    )


def _operation(operation: DraftOperation) -> Any:
    found: dict[str, Any] = {"effect": operation.effect}
    if operation.idempotency is not None:
        found["idempotency"] = operation.idempotency
    return _asked(found, operation.questions, operation.request)


def _format(name: str, found: CatalogFormat, draft: Draft, bare: str | None) -> Any:
    contract = found.contract
    members: dict[str, Any] = {}
    if contract.media_types:
        members["media_types"] = [one for one in contract.media_types if one]
    for key, selector in (("code", contract.code), ("message", contract.message)):
        if selector is not None:
            members[key] = _selector(selector)
    attributes = {_attribute_name(one): _attribute(one, found, draft) for one in contract.attributes}
    if attributes:
        members["attributes"] = Block(attributes)
    if contract.items is not None:
        fields = {
            one: _plain_attribute(value) for one, value in contract.items.fields.items() if _ATTRIBUTE.fullmatch(one)
        }
        members["items"] = Block({"at": contract.items.at, "fields": Block(fields)})
    if contract.order:
        members["order"] = list(contract.order)
    questions = ["where do code and message stand in an answer?"] if name.startswith(ASSUMED_FORMAT) else []
    listed = contract.items.at if contract.items is not None else None
    if any(one.format == name and pointer.startswith(f"{listed}/") for one in draft.entries for pointer, _ in one.when):
        questions.append(
            f"the first fault in {listed} tells the failure: may there be several, and does the order matter?"
        )
    notes = ("Of answers whose body nobody describes.",) if name == bare else ()
    return _asked(Block(members), questions, *notes)


def _selector(selector: wire.Selector) -> dict[str, Any]:
    found: dict[str, Any] = {"body": selector.body or ""}
    return found | ({"type": selector.type} if selector.type != "string" else {})


def _attribute_name(name: str) -> str:
    return name if _ATTRIBUTE.fullmatch(name) else f"member_{name}"


def _plain_attribute(attribute: wire.Attribute) -> dict[str, Any]:
    return _selector(attribute.select) | ({"role": attribute.role} if attribute.role is not None else {})


def _attribute(name: str, found: CatalogFormat, draft: Draft) -> dict[str, Any]:
    """An attribute, with the words about it where they are few."""
    members = _plain_attribute(found.contract.attributes[name])
    words = found.attribute_texts.get(name)
    text = " ".join(words.description.get("", "").split()) if words is not None else ""
    fits = 0 < len(text) < WIDTH - 2 * len(name) - len(str(members)) - 30
    return members | ({"description": _text({draft.locale_of(text): text}, draft)} if fits else {})


def _family(first: int, last: int, text: str, draft: Draft) -> Any:
    title = text or f"{first} to {last}"
    return {"range": [first, last], "title": _text({draft.locale_of(title): title}, draft)}


def _text(texts: Mapping[str, str], draft: Draft) -> Any:
    """A text as it is, or by locale where the catalog has several."""
    if len(draft.locales) == 1:
        return next(iter(texts.values()))
    return {locale: texts[locale] for locale in draft.locales if locale in texts}


def _errors(draft: Draft) -> Iterator[tuple[str, Any]]:
    """Every error by status, those that a code tells by the operations that answer it."""
    ordered = sorted(draft.entries, key=_rank)
    coded = Counter(_status(entry) for entry in ordered if entry.told_by)
    status: str | None = None
    operations: tuple[str, ...] | None = None
    for entry in ordered:
        comments: list[str] = []
        if _status(entry) != status:
            status, operations = _status(entry), None
            comments += _status_words(status, coded[status])
            comments += _guessed(draft, status)
        if entry.told_by and entry.operations != operations:
            operations = entry.operations
            comments += _operation_words(operations, draft)
        yield entry.id, _asked(Block(_entry(entry, draft)), entry.questions, *comments)


def _status(entry: Entry) -> str:
    return entry.statuses[0] if entry.statuses else ""


def _rank(entry: Entry) -> tuple[Any, ...]:
    status = (_status(entry) or "~").replace("default", "}")
    numbers = tuple(code if isinstance(code, int) else 0 for code in entry.told_by)
    return status, bool(entry.told_by), bool(entry.operations), entry.operations, numbers, entry.id


def _status_words(status: str, coded: int) -> Iterator[str]:
    """Above the errors of one status: its phrase, and what is asked of all its codes at once."""
    if not status:
        yield "--- Codes whose status is not known ---"
        return
    phrase = STATUS_PHRASES.get(status, "any other status" if status == "default" else "")
    yield f"--- {status} {phrase}".rstrip() + " ---"
    if coded and status.startswith("4") and status not in ("408", "409"):
        each = "the code below" if coded == 1 else f"each of the {coded} codes below"
        yield f"{OPEN}whose fault is {each} (`fault`), and what is to be done next (`next`)?"


def _guessed(draft: Draft, status: str) -> Iterator[str]:
    for (own, guess), ids in draft.guesses.items():
        if own == status:
            whose = ", ".join(ids[:3]) + (f" and {len(ids) - 3} more" if len(ids) > 3 else "")
            yield f"{OPEN}{guess}, for {whose}: is it {status}?"


def _operation_words(operations: tuple[str, ...], draft: Draft) -> Iterator[str]:
    if operations:
        more = f" and {len(operations) - 4} more" if len(operations) > 4 else ""
        yield f"Of {', '.join(operations[:4])}{more}:"
    elif draft.operation_count:
        yield "Of any operation:"


def _entry(entry: Entry, draft: Draft) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if entry.class_name is not None or not class_of(entry.id)[:1].isalpha():
        found["class"] = entry.class_name or f"Error{class_of(entry.id)}"
    if entry.parent is not None:
        found["kind_of"] = entry.parent
    found["match"] = _match(entry, draft)
    if entry.outcome is not None:
        found["outcome"] = entry.outcome
    found["title"] = _text(entry.title, draft)
    if entry.description:
        found["description"] = _text(entry.description, draft)
    found["source"] = entry.sources[0] if len(entry.sources) == 1 else list(entry.sources)
    if entry.outcome is not None:
        found["advice_certainty"] = "assumed"
    return found


def _match(entry: Entry, draft: Draft) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if entry.statuses:
        statuses = [int(status) if status.isdigit() else status for status in entry.statuses]
        found["status"] = statuses[0] if len(statuses) == 1 else statuses
    if entry.codes:
        found["code"] = entry.codes[0] if len(entry.codes) == 1 else list(entry.codes)
    if entry.format is not None and len(draft.formats) > 1:
        found["format"] = entry.format
    if entry.when:
        found["when"] = [
            {"body": pointer, **({"type": "integer"} if isinstance(code, int) else {}), "equals": code}
            for pointer, code in entry.when
        ]
    operations = [name for name in entry.operations if _NAME.fullmatch(name)]
    if operations:
        found["operations"] = operations
    return found
