"""What the lints look at: one contract, whole, with its operations by their ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sadpath.catalog.model import Catalog, CatalogError
from sadpath.ir.service import Operation, Service
from sadpath.lower.operation_ids import operation_id
from sadpath.openapi.model import Document
from sadpath.openapi.model import Operation as Described
from sadpath.runtime.frozen import dataclass
from sadpath.source.place import Place
from sadpath.source.text import Source


@dataclass(frozen=True, slots=True)
class Subject:
    """`operations` as they are generated, `described` as the document has them; both by id, in the document's order."""

    service: Service
    document: Document
    catalog: Catalog
    operations: Mapping[str, Operation]
    described: Mapping[str, Described]
    sources: tuple[Source, ...] = ()
    """Every file that was read for it: those that the document refers to, and the texts."""

    @classmethod
    def of(cls, service: Service, document: Document, catalog: Catalog, sources: Iterable[Source] = ()) -> Subject:
        lowered = {operation.id: operation for group in service.groups for operation in group.operations}
        described = {operation_id(operation): operation for operation in document.operations}
        ordered = {id: lowered[id] for id in described if id in lowered}
        return cls(service, document, catalog, ordered, described, tuple(sources))

    def answered_by(self, entry: CatalogError) -> tuple[Operation, ...]:
        """The operations that can fail with an entry."""
        named = entry.contract.match.operations
        return tuple(one for id, one in self.operations.items() if not named or id in named)

    def place_of(self, operation: str) -> Place:
        """Where to say something about an operation: in the catalog, or where that has nothing on it, in the document."""
        facts = self.catalog.operations.get(operation)
        return facts.place if facts is not None else self.described[operation].place


def says(entry: CatalogError, key: str) -> bool:
    """Whether an entry has the key itself, so that its value is not a computed one."""
    value = entry.place.value
    return isinstance(value, dict) and key in value


def names(ids: Iterable[str], limit: int = 4) -> str:
    """Some of the ids, and how many more there are, in the order given."""
    found = list(dict.fromkeys(ids))
    shown = ", ".join(found[: limit if len(found) > limit + 1 else limit + 1])
    more = len(found) - limit
    return f"{shown} and {more} more" if more > 1 else shown
