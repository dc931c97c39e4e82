"""What the passes over schemas ask of the table of types that calls them."""

from __future__ import annotations

from typing import Protocol

from sadpath.diagnostics import Report
from sadpath.ir.types import Declaration, TypeRef
from sadpath.lower.discriminators import Discriminators
from sadpath.lower.faces import Direction
from sadpath.openapi.model import Schema, SchemaKey


class Types(Protocol):
    """The table while it is being filled."""

    discriminators: Discriminators
    report: Report

    def type_within(self, schema: Schema, context: str, direction: Direction) -> TypeRef: ...
    def flat(self, schema: Schema) -> Schema: ...
    def resolve(self, key: SchemaKey) -> Schema: ...
    def component_name(self, schema: Schema) -> str | None: ...
    def is_record(self, name: str) -> bool: ...
    def declared(self, name: str) -> Declaration | None: ...
    def declare(self, declaration: Declaration) -> None: ...
