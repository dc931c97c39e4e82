"""Views of the pages about errors: what it means, whether it took effect, what to do, and how it looks on the wire."""

from __future__ import annotations

from sadpath.catalog.http_message import render_response
from sadpath.catalog.model import AttributeText, Example, Item, Output
from sadpath.ir.service import Failure, Operation
from sadpath.phrases import outcome_phrase, phrases, step_phrases
from sadpath.reference.constants import caption, constants
from sadpath.reference.markdown import Markdown, block, cell_code, code, inline, line, prose
from sadpath.reference.page_views import Page, Row
from sadpath.reference.pages import PageMaker, error_path
from sadpath.reference.policies import policy_phrase
from sadpath.reference.types import anchor
from sadpath.runtime.categories import CATEGORIES
from sadpath.runtime.contract import Attribute, Outcome
from sadpath.runtime.frozen import dataclass


@dataclass(frozen=True, slots=True)
class ExampleSection:
    title: Markdown
    note: Markdown
    block: Markdown


@dataclass(frozen=True, slots=True)
class KnownValues:
    attribute: Markdown
    values: tuple[tuple[Markdown, Markdown], ...]


@dataclass(frozen=True, slots=True)
class ErrorPageView:
    """One error's page."""

    page: Page
    facts: tuple[tuple[Markdown, Markdown], ...]
    deprecated: Markdown
    opt_in: bool
    meaning: Markdown
    steps: tuple[Markdown, ...]
    remedies: tuple[Markdown, ...]
    policy: Markdown
    causes: tuple[Markdown, ...]
    payer: Markdown
    examples: tuple[ExampleSection, ...]
    outputs: tuple[ExampleSection, ...]
    snippet: Markdown
    attributes: tuple[Row, ...]
    known_values: tuple[KnownValues, ...]
    operations: tuple[Markdown, ...]
    source: Markdown
    doubt: Markdown


def error_page(maker: PageMaker, failure: Failure) -> ErrorPageView:
    """The page of one error."""
    entry = failure.entry
    contract = entry.contract
    words = phrases(maker.locale)
    keyed = failure.keyed and contract.advice.next != "stop"
    steps = step_phrases(contract, maker.locale, keyed=False, protected=failure.protected)
    attributes, texts = _attributes(maker, failure)
    called = maker.is_called
    source = Markdown("; ".join(_linked(found) for found in entry.source))
    certainty = inline(words[f"certainty.{entry.certainty}"])
    doubt = words[f"certainty.{entry.advice_certainty}"] if entry.advice_certainty != entry.certainty else ""
    policy = maker.service.contract.policies.get(contract.advice.policy or "")
    name = code(maker.names.failures[contract.id]) if called else maker.codes(failure)
    title = Markdown(f"{name}: {line(maker.text(entry.title))}")
    key = inline(words[f"key.{contract.advice.key}"]) if keyed and called else Markdown("")
    return ErrorPageView(
        page=maker.page(error_path(contract.id), title),
        facts=_facts(maker, failure, inline(" ".join(steps[:2])), key),
        deprecated=prose(maker.text(entry.deprecated)),
        opt_in=contract.raised == "opt_in",
        meaning=prose(maker.text(entry.description) or maker.text(entry.title)),
        steps=tuple(inline(step) for step in steps) if called else (),
        remedies=tuple(_item(maker, item) for item in entry.remedies),
        policy=inline(policy_phrase(policy, maker.locale)) if policy is not None else Markdown(""),
        causes=tuple(_item(maker, item) for item in entry.causes),
        payer=maker.labels.payer_never if entry.payer_never else prose(maker.text(entry.payer)),
        examples=tuple(_example(maker, example) for example in entry.examples),
        outputs=tuple(_output(maker, output) for output in entry.outputs),
        snippet=_snippet(maker, failure),
        attributes=tuple(_attribute_row(maker, name, found, texts.get(name)) for name, found in attributes.items()),
        known_values=_known_values(maker, texts),
        operations=_operations(maker, failure),
        source=Markdown(f"{source} ({certainty})" if source else certainty if called else ""),
        doubt=inline(doubt),
    )


def _linked(source: str) -> str:
    """A source's text; a final URL in parentheses becomes a link."""
    head, separator, tail = source.rpartition(" (")
    if separator and tail.endswith(")") and tail.startswith("https://") and not set(tail) & set("()<> \"'`[]") - {")"}:
        return f"[{inline(head)}]({tail[:-1]})"
    return inline(source)


def _facts(maker: PageMaker, failure: Failure, step: Markdown, key: Markdown) -> tuple[tuple[Markdown, Markdown], ...]:
    """What has to be seen first: how to recognize it, whether it took effect, what is next; then how to catch it."""
    entry = failure.entry
    contract = entry.contract
    words = phrases(maker.locale)
    names = maker.names
    if not maker.is_called:
        told = ((caption(name), value) for name, value in constants(failure).items())
        return ((maker.labels.code, maker.codes(failure)), *told)
    bases = [
        *([f"{names.package}.errors.{names.failures[entry.parent]}"] if entry.parent is not None else []),
        f"{names.common}.{CATEGORIES[contract.category].__name__}",
        *([f"{names.common}.OutcomeUnknown"] if failure.unknown_leaf or _unknown(failure) else []),
    ]
    rows = [
        (maker.labels.status, maker.statuses(failure)),
        (maker.labels.code, maker.codes(failure)),
        (maker.labels.took_effect, _emphasized(outcome_phrase(contract, maker.locale))),
        (maker.labels.what_to_do, step),
        (maker.labels.key, key),
        (maker.labels.fault, inline(words[f"fault.{contract.fault}"])),
        (maker.labels.class_, cell_code(f"{names.package}.errors.{names.failures[contract.id]}")),
        (maker.labels.caught_by, Markdown(", ".join(map(cell_code, bases)))),
    ]
    if failure.family is not None:
        rows.append((maker.labels.family, cell_code(names.families[failure.family])))
    return tuple((name, value) for name, value in rows if value)


def _emphasized(text: str) -> Markdown:
    """A text whose first sentence stands out."""
    first, dot, rest = text.partition(". ")
    return Markdown(f"**{inline(first + dot.rstrip())}** {inline(rest)}".rstrip())


def _unknown(failure: Failure) -> bool:
    outcome = failure.entry.contract.outcome
    return outcome is not None and outcome.value == "unknown"


def _item(maker: PageMaker, item: Item) -> Markdown:
    text = line(maker.text(item.text))
    return Markdown(f"{text} ({maker.labels.only_with} {code(item.security)})") if item.security else text


def _example(maker: PageMaker, example: Example) -> ExampleSection:
    notes = [maker.labels.composed] if example.composed else []
    notes += [maker.labels.truncated] if example.truncated else []
    title = maker.text(example.title)
    return ExampleSection(
        title=inline(title) if title else Markdown(""),
        note=Markdown(" ".join(notes)),
        block=block(render_response(example.response), "http"),
    )


def _output(maker: PageMaker, output: Output) -> ExampleSection:
    title = maker.text(output.title)
    return ExampleSection(inline(title) if title else Markdown(""), Markdown(""), block(output.text, "text"))


def _snippet(maker: PageMaker, failure: Failure) -> Markdown:
    """How to catch it; where it leaves open what happened, how to find that out."""
    contract = failure.entry.contract
    name = maker.names.failures[contract.id]
    found = _typical(maker, failure)
    if found is None:
        return Markdown("")
    call = maker.names.calls[found.id].strip("`").removesuffix("(...)")
    lines = [
        f"from {maker.names.package} import errors",
        "",
        "try:",
        f"    {call}(...)",
        f"except errors.{name} as error:",
    ]
    is_open = contract.outcome is None or contract.outcome in (Outcome.UNKNOWN, Outcome.PENDING, Outcome.PROCESSED)
    if contract.raised == "opt_in":
        lines = [
            f"from {maker.names.package} import CallOptions, errors",
            "",
            "try:",
            f"    {call}(..., options=CallOptions(raise_opt_in=True))",
            f"except errors.{name} as error:",
        ]
        is_open = False
    if is_open and found.effect != "read" and contract.advice.next != "stop":
        lines += [
            f"    found = {call}.resolve(error)  # raises what it turned out to be, or errors.Unresolved",
            "    print(found.executed, found.value)",
        ]
    else:
        lines.append("    print(error.status, error.code, error.message, error.outcome, error.advice.next)")
    return block("\n".join(lines), "python")


def _typical(maker: PageMaker, failure: Failure) -> Operation | None:
    """The operation to show it with: one that changes something, of the group that has the most to do."""
    groups = sorted(maker.service.groups, key=lambda group: (-len(group.operations), group.name))
    every = [one for group in groups for one in group.operations]
    answering = frozenset(failure.operations)
    found = [one for one in every if one.id in answering]
    changing = [one for one in found if one.effect == "once"]
    return next(iter(changing or found or every), None)


def _attributes(maker: PageMaker, failure: Failure) -> tuple[dict[str, Attribute], dict[str, AttributeText]]:
    entry = failure.entry
    format_ = maker.service.formats.get(entry.contract.match.format or "")
    attributes = dict(format_.contract.attributes) if format_ else {}
    texts = dict(format_.attribute_texts) if format_ else {}
    if not maker.is_called:
        return {}, {}
    return attributes | dict(entry.contract.attributes), texts | dict(entry.attribute_texts)


def _attribute_row(maker: PageMaker, name: str, attribute: Attribute, words: AttributeText | None) -> Row:
    return (
        cell_code(name),
        inline(attribute.select.type),
        maker.labels.yes if attribute.required else maker.labels.no,
        line(maker.text(words.description) if words else ""),
    )


def _known_values(maker: PageMaker, texts: dict[str, AttributeText]) -> tuple[KnownValues, ...]:
    return tuple(
        KnownValues(code(name), tuple((cell_code(value), line(maker.text(text))) for value, text in words.values))
        for name, words in texts.items()
        if words.values
    )


def _operations(maker: PageMaker, failure: Failure) -> tuple[Markdown, ...]:
    answering = frozenset(failure.operations)
    return tuple(
        Markdown(
            f"[{inline(maker.heading(operation))}](../{maker.resource_path(group)}#{anchor(maker.heading(operation))})"
        )
        for group in maker.service.groups
        for operation in group.operations
        if operation.id in answering
    )
