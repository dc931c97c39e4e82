"""Lowers the catalog's errors: which operations each can answer, which family it belongs to, and where its outcome varies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sadpath.catalog.link import class_name
from sadpath.catalog.model import SUCCESS_FORMAT, Catalog, CatalogError, Family
from sadpath.ir.service import Failure, Operation
from sadpath.runtime.contract import ApiContract, Outcome


def failures_by_operation(catalog: Catalog, operations: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The ids of the errors that each operation can answer, in the order of the catalog."""
    entries = [(entry.contract.id, frozenset(entry.contract.match.operations)) for entry in catalog.errors]
    return {
        operation: tuple(id for id, named in entries if not named or operation in named) for operation in operations
    }


def lower_failures(catalog: Catalog, operations: Mapping[str, Operation]) -> tuple[Failure, ...]:
    """Every error as it is generated; `operations` are the lowered ones, by id."""
    return tuple(_failure(entry, catalog, operations) for entry in catalog.errors)


def _failure(entry: CatalogError, catalog: Catalog, operations: Mapping[str, Operation]) -> Failure:
    named = frozenset(entry.contract.match.operations)
    ids = tuple(id for id in operations if not named or id in named)
    found = [operations[id] for id in ids]
    uncertain = entry.contract.outcome in (None, Outcome.UNKNOWN)
    return Failure(
        entry=entry,
        class_hint=class_name(entry),
        operations=ids,
        family=_family(entry, tuple(catalog.families.values())),
        unknown_leaf=entry.contract.outcome is None and (any(one.effect != "read" for one in found) or not operations),
        protected=not uncertain or all(_is_protected(operation) for operation in found),
        keyed=any(operation.idempotency is not None for operation in found),
    )


def _is_protected(operation: Operation) -> bool:
    """Whether a second execution does no harm: there is none, it changes nothing more, or a key keeps it away."""
    return operation.effect != "once" or operation.idempotency is not None or operation.natural_key is not None


def _family(entry: CatalogError, families: tuple[Family, ...]) -> str | None:
    for family in families:
        contract = family.contract
        codes = entry.contract.match.codes
        if codes and all(isinstance(code, int) and contract.first <= code <= contract.last for code in codes):
            return contract.name
    return None


def lower_contract(catalog: Catalog, title: str) -> ApiContract:
    """The data that the runtime reads, without the servers."""
    return ApiContract(
        name=catalog.info.api,
        title=title,
        formats={name: found.contract for name, found in catalog.formats.items()},
        idempotency=dict(catalog.idempotency),
        policies=dict(catalog.policies),
        framework=dict(catalog.framework),
    )


def with_default_format(catalog: Catalog, default: str | None) -> Catalog:
    """The catalog with the format filled in where an error names none: the default, or the only one there is.

    Success-shaped outcomes have no format: they are told by the operation's own body.
    """
    chosen = default or (next(iter(catalog.formats)) if len(catalog.formats) == 1 else None)

    def filled(entry: CatalogError) -> CatalogError:
        match = entry.contract.match
        success = match.format == SUCCESS_FORMAT or (match.format is None and entry.contract.raised == "opt_in")
        format_ = None if success else match.format or chosen
        return replace(entry, contract=replace(entry.contract, match=replace(match, format=format_)))

    return replace(catalog, errors=tuple(filled(entry) for entry in catalog.errors))
