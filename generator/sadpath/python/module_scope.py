"""What the views of one module of operations share: its names, its imports, and the types it refers to."""

from __future__ import annotations

from collections.abc import Mapping

from sadpath.ir.service import Service
from sadpath.ir.types import Record
from sadpath.naming.scope import Code, Identifier
from sadpath.python.annotations import Annotator
from sadpath.python.imports import Imports
from sadpath.python.names import Names
from sadpath.runtime.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """A declared type of the models package: imported by type checkers, and lazily at run time."""

    name: Code
    module: Code
    local: Code
    original: Identifier


@dataclass(frozen=True, slots=True)
class ModuleScope:
    """What the views of one module of operations share."""

    service: Service
    names: Names
    imports: Imports
    annotator: Annotator
    references: dict[str, Reference]
    runtime: Code
    records: Mapping[str, Record]

    def record(self, name: str) -> Record | None:
        return self.records.get(name)


def records_of(service: Service) -> dict[str, Record]:
    """The declared records by name."""
    return {item.name: item for item in service.types if isinstance(item, Record)}
