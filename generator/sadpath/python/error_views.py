"""Views of the exception classes: one per error, per family, and per outcome that varies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from sadpath.catalog.model import AttributeText, CatalogError, CatalogFormat
from sadpath.ir.service import Failure, Service
from sadpath.naming.scope import Code, Identifier, allocate
from sadpath.naming.words import snake
from sadpath.phrases import outcome_phrase, phrases, step_phrases
from sadpath.python.docstrings import bullets, docstring
from sadpath.python.imports import Imports
from sadpath.python.literals import class_names, literal
from sadpath.python.names import Names, fallbacks_of
from sadpath.runtime.categories import CATEGORIES
from sadpath.runtime.contract import Attribute, ErrorContract, FamilyContract, Outcome, ValueType
from sadpath.runtime.errors import RESERVED_ATTRIBUTES
from sadpath.runtime.frozen import dataclass

_TYPES: Final[Mapping[ValueType, tuple[str, str]]] = {
    "decimal": ("decimal", "Decimal"),
    "datetime": ("datetime", "datetime"),
    "date": ("datetime", "date"),
    "duration": ("datetime", "timedelta"),
    "json": ("typing", "Any"),
}
_BUILTINS: Final[Mapping[ValueType, str]] = {
    "string": "str",
    "uri": "str",
    "integer": "int",
    "boolean": "bool",
    "csv": "tuple[str, ...]",
}
_CONSTRUCTOR_ARGUMENTS: Final = frozenset({"self", "message", "code", "items"})


@dataclass(frozen=True, slots=True)
class AttributeView:
    """A typed attribute: `name` on the class, `key` in the contract."""

    name: Identifier
    key: Code
    annotation: Code
    docstring: Code | None
    declared: bool


@dataclass(frozen=True, slots=True)
class ErrorView:
    """One exception class; `contract` is None for a family, `leaf` the class that also says that the outcome is unknown."""

    name: Identifier
    bases: Code
    docstring: Code
    contract: Code | None
    attributes: tuple[AttributeView, ...]
    has_items: bool
    code: Code
    """The annotation of the argument that takes a code, where the contract lists none; else empty."""
    leaf: Identifier | None
    leaf_docstring: Code
    initializer: Code
    """The start of the call of the constructor of all failures; that of a parent in between takes attributes by name."""


@dataclass(frozen=True, slots=True)
class FamilyView:
    name: Identifier
    docstring: Code
    contract: Code


@dataclass(frozen=True, slots=True)
class ErrorsView:
    """The module of exceptions."""

    module_docstring: Code
    runtime: Code
    imports: tuple[Code, ...]
    root: Identifier
    root_docstring: Code
    fallbacks: Mapping[str, Code]
    reason_docstring: Code
    families: tuple[FamilyView, ...]
    errors: tuple[ErrorView, ...]
    has_items: bool
    common: tuple[Identifier, ...]


_IMPORTS: Final = (
    ("typing", "TypeAlias"),
    ("{runtime}.errors", "ApiError"),
    ("{runtime}.errors", "Fallbacks"),
    ("{runtime}.errors", "Registry"),
    ("{runtime}.outcomes", "OutcomeUnknown"),
    ("{runtime}.phases", "Reason"),
    ("._contract", "API"),
)


def errors_view(service: Service, names: Names, runtime: Code) -> ErrorsView:
    """The module of exceptions of one API."""
    imports = Imports()
    contracts = f"{runtime}.contract"
    views = tuple(_error(failure, service, names, imports) for failure in service.failures)
    for name in sorted(_contract_classes(service)):
        imports.use(contracts, name)
    has_items = any(view.has_items for view in views)
    for origin, name in _IMPORTS:
        imports.use(origin.format(runtime=runtime), name)
    if views:
        imports.use(runtime, "categories")
    if has_items:
        imports.use(f"{runtime}.errors", "FieldError")
    everywhere = [failure for failure in service.failures if failure.entry.contract.raised == "always"]
    common = [
        names.failures[failure.entry.contract.id]
        for failure in everywhere
        if not failure.entry.contract.match.operations
    ]
    common += [names.families[family.contract.name] for family in service.families]
    return ErrorsView(
        module_docstring=docstring(
            f"What can go wrong with {service.title}: an exception class for every failure.", indent=0
        ),
        runtime=runtime,
        imports=imports.lines,
        root=names.root,
        root_docstring=docstring(f"Every failure of {service.title}, those of the connection included."),
        fallbacks={
            name: docstring(_FALLBACK_TEXTS[name].format(title=service.title)) for name in fallbacks_of(service)
        },
        reason_docstring=docstring(_REASONS),
        families=tuple(
            FamilyView(
                names.families[family.contract.name],
                docstring(
                    family.title.get(service.default_locale, "en"), family.description.get(service.default_locale, "en")
                ),
                literal(family.contract),
            )
            for family in service.families
        ),
        errors=views,
        has_items=has_items,
        common=(*common, *(Identifier(name) for name in fallbacks_of(service) if name not in _UNCOMMON)),
    )


def _contract_classes(service: Service) -> set[str]:
    contracts: tuple[ErrorContract | FamilyContract, ...] = (
        *(_contract(failure) for failure in service.failures),
        *(family.contract for family in service.families),
    )
    return class_names(contracts)


def _contract(failure: Failure) -> ErrorContract:
    return failure.entry.contract


def _error(failure: Failure, service: Service, names: Names, imports: Imports) -> ErrorView:
    contract = failure.entry.contract
    parent = names.families[failure.family] if failure.family else names.root
    if failure.entry.parent is not None:
        parent = names.failures[failure.entry.parent]
    category = f"categories.{CATEGORIES[contract.category].__name__}"
    unknown = [Code("OutcomeUnknown")] if contract.outcome is Outcome.UNKNOWN else []
    leaf = names.leaves.get(contract.id)
    name = names.failures[contract.id]
    format_ = service.formats.get(contract.match.format or "")
    attributes = dict(format_.contract.attributes) if format_ else {}
    texts = dict(format_.attribute_texts) if format_ else {}
    views = _attributes(
        attributes | dict(contract.attributes), texts | dict(failure.entry.attribute_texts), service, imports
    )
    has_items = format_ is not None and format_.contract.items is not None
    return ErrorView(
        name=name,
        bases=Code(", ".join([parent, category, *unknown])),
        docstring=_docstring(failure, service),
        contract=literal(_localised(failure.entry, service)),
        attributes=views,
        has_items=has_items,
        code=_code_annotation(contract, format_),
        leaf=leaf,
        leaf_docstring=docstring(f"`{name}` after an operation with effect: it may or may not have been executed."),
        initializer=Code("super().__init__(" if failure.entry.parent is None else "ApiError.__init__(self, "),
    )


def _code_annotation(contract: ErrorContract, format_: CatalogFormat | None) -> Code:
    if format_ is None or format_.contract.code is None or contract.match.codes:
        return Code("")
    return Code("int | None" if format_.contract.code.type == "integer" else "str | None")


def _localised(entry: CatalogError, service: Service) -> ErrorContract:
    """The contract with its title in the default locale, and with what a payer may be told in every one, the default one first.

    A text that names no locale is one in the default locale.
    """
    default = service.default_locale
    texts = {locale or default: text for locale, text in entry.payer.values if text}
    payer = {locale: texts[locale] for locale in sorted(texts, key=lambda locale: locale != default)}
    return replace(entry.contract, title=entry.title.get(default, "en"), payer_texts=payer)


def _attributes(
    attributes: Mapping[str, Attribute], texts: Mapping[str, AttributeText], service: Service, imports: Imports
) -> tuple[AttributeView, ...]:
    wanted = {key: key for key in attributes}
    identifiers = allocate(wanted, snake, reserved=_CONSTRUCTOR_ARGUMENTS, prefix="attribute")
    found: list[AttributeView] = []
    for key, attribute in attributes.items():
        text = texts.get(key, AttributeText()).description.get(service.default_locale, "en")
        kind = attribute.select.type
        annotation = imports.use(*_TYPES[kind]) if kind in _TYPES else Code(_BUILTINS[kind])
        if kind != "json":
            annotation = Code(f"{annotation} | None")
        # The runtime sets attributes under their keys, but for names that mean something else there.
        declared = identifiers[key] == key and key not in RESERVED_ATTRIBUTES
        found.append(
            AttributeView(identifiers[key], literal(key), annotation, docstring(text) if text else None, declared)
        )
    return tuple(found)


def _docstring(failure: Failure, service: Service) -> Code:
    entry = failure.entry
    locale = service.default_locale
    contract = entry.contract
    steps = step_phrases(contract, "en", keyed=failure.keyed, protected=failure.protected)
    return docstring(
        f"{entry.title.get(locale, 'en').rstrip('.')}.",
        _wire_line(contract),
        entry.description.get(locale, "en"),
        f"Did it take effect? {outcome_phrase(contract, 'en')}",
        f"What to do: {' '.join(steps)}",
        bullets("Causes", (item.text.get(locale, "en") for item in entry.causes)),
        bullets("Remedies", (item.text.get(locale, "en") for item in entry.remedies)),
        f"Deprecated: {entry.deprecated.get(locale, 'en')}" if entry.deprecated else None,
        _source(entry),
    )


def _source(entry: CatalogError) -> str:
    words = phrases("en")
    certainty = words[f"certainty.{entry.certainty}"]
    text = f"Source: {'; '.join(entry.source)} ({certainty})." if entry.source else f"Source: {certainty}."
    if entry.advice_certainty != entry.certainty:
        text += f" What it did and what to do: {words[f'certainty.{entry.advice_certainty}']}."
    return text


def _wire_line(contract: ErrorContract) -> str:
    statuses = ", ".join(contract.match.statuses)
    codes = ", ".join(f"`{code}`" for code in contract.match.codes)
    status = f"HTTP {statuses}" if statuses else "No documented HTTP status"
    return (
        f"{status}, code {codes}."
        if codes
        else f"{status}, any other code." if contract.match.other_codes else f"{status}."
    )


_FALLBACK_TEXTS: Final[Mapping[str, str]] = {
    "Unrecognized": "An answer that the contract of {title} does not describe: its status or its code is not known.",
    "UnrecognizedOutcomeUnknown": "An answer that the contract does not describe, after an operation that may have been executed.",
    "NotSent": "The request never left this process: nothing can have happened.",
    "AnswerLost": "The request was sent and no answer could be read; the operation only reads, so nothing can have happened.",
    "AnswerLostOutcomeUnknown": "The request was sent and no answer could be read: the operation may or may not have been executed.",
    "Unreadable": "The operation succeeded, but the body of its answer could not be read: do not repeat it. "
    "The raw bytes are in `body`.",
    "Unresolved": "What `resolve` raises where it could not find out how the operation ended; `reason` says why. Where it may have "
    "been executed already, the class is `UnresolvedOutcomeUnknown`; otherwise it was accepted and is not finished, as far as the "
    "API told.",
    "UnresolvedOutcomeUnknown": "What `resolve` raises where it could not find out whether the operation was executed: it may have been. "
    "Do not repeat it under a new key. `reason` says why; the API's support can tell: give it `support_reference`, where there is one.",
    "KeyRefused": "The request was not sent, because its idempotency key would not protect it: the key belongs to another "
    "request, the API refused the request under it and wants a new one, or it is so old that the API may have forgotten it.",
}
_REASONS: Final = bullets(
    "Why it stays open",
    (
        "`time_up`: the time that the catalog grants is over.",
        "`deadline`: the time that the caller granted is over.",
        "`retention_over`: the API may have forgotten the key, and would take a repeat for a new request.",
        "`no_means`: no key protects a repeat, and there is nothing to look up.",
        "`refused`: the API does not answer the question.",
        "`not_replayable`: the body cannot be sent again.",
        "`wait_too_long`: the API asks for a longer wait than a client sleeps.",
        "`not_sent`: the client is closed, or the request cannot be sent for another reason that lasts.",
        "`key_refused`: the key must not be used for it any more.",
    ),
)
_UNCOMMON: Final = frozenset({"UnrecognizedOutcomeUnknown", "Unresolved", "UnresolvedOutcomeUnknown"})
"""What a call does not raise, or raises as another class that is listed."""
