"""A value of a document with its place, and typed access to its fields: each wrong type is reported where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sadpath.diagnostics import Report, quote, shortened
from sadpath.diagnostics.rules_openapi import MISSING_FIELD, NULL_FIELD, UNQUOTED_TEXT, WRONG_TYPE
from sadpath.source.place import Place
from sadpath.source.pointer import split
from sadpath.source.tree import is_list, is_mapping, kind

AS_ABSENT: Final = "it is read as if it were not there"
"""How the finding about a null ends that nothing is put in the place of."""
AS_EMPTY_LIST: Final = "it is read as `[]`"

PROSE: Final = ("/description", "/summary")
"""Texts about things: nothing depends on what they say."""


@dataclass(slots=True)  # as making a frozen one takes twice as long, and there is one for every value that is looked at
class Node:
    """A field that is absent gives None or an empty value; so does one that is null or of the wrong type, which is reported."""

    value: Any
    place: Place
    report: Report

    def child(self, token: str | int) -> Node:
        """The member or item; raises `KeyError` or `IndexError` where there is none."""
        return Node(self.value[token], self.place.child(token), self.report)

    def field(self, name: str) -> Node | None:
        """The member of that name, or None where it is absent or null, or this is no mapping."""
        found = self.literal(name)
        if found is not None and found.value is None:
            found.pass_over()
            return None
        return found

    def literal(self, name: str) -> Node | None:
        """The member of that name, of which null is a value like any other."""
        value = self.value
        if is_mapping(value) and name in value:
            return Node(value[name], self.place.child(name), self.report)
        return None

    def refuse(self, wanted: str) -> None:
        """Report that the value is not what is `wanted`."""
        is_number = isinstance(self.value, (int, Decimal)) and not isinstance(self.value, bool)
        found = f"the number {shortened(str(self.value))}" if is_number else kind(self.value)
        self.report.add(WRONG_TYPE, f"{self._subject()} must be {wanted}, not {found}", self.place)

    def pass_over(self, reading: str = AS_ABSENT) -> None:
        """Report that null stands where it has no meaning."""
        self.report.add(NULL_FIELD, f"{self._subject()} is null: {reading}", self.place)

    def _subject(self) -> str:
        tokens = split(self.place.pointer)
        return quote(tokens[-1]) if tokens and not tokens[-1].isdigit() else "this"

    def as_object(self) -> Node:
        """This, where an object with a name of its own belongs, of which null says as little as an empty one."""
        if self.value is None:
            self.pass_over("it is read as `{}`")
            self.value = {}
        return self

    def is_mapping(self) -> bool:
        """Whether the value is a mapping; reported where it is not."""
        if not is_mapping(self.value):
            self.refuse("a mapping")
            return False
        return True

    def members(self) -> Iterator[tuple[str, Node]]:
        """The members of a mapping that are no extensions."""
        if self.is_mapping():
            for name, value in self.value.items():
                if not name.startswith("x-"):
                    yield name, Node(value, self.place.child(name), self.report)

    def entries(self) -> Iterator[tuple[str, Node]]:
        """The objects in a mapping of such by names that are no extensions."""
        yield from ((name, one.as_object()) for name, one in self.members())

    def named(self, name: str) -> Iterator[tuple[str, Node]]:
        """The objects in the mapping in field `name`; every key is a name, `x-` or not."""
        yield from ((key, one.as_object()) for key, one in self.values(name))

    def values(self, name: str) -> Iterator[tuple[str, Node]]:
        """The members of the mapping in field `name`, which can be anything."""
        found = self.field(name)
        if found is not None and found.is_mapping():
            for key, value in found.value.items():
                yield key, Node(value, found.place.child(key), self.report)

    def items(self, name: str) -> Iterator[Node]:
        """The items of the list in field `name`."""
        found = self.field(name)
        if found is None:
            return
        if not is_list(found.value):
            found.refuse("a list")
            return
        yield from (found.child(index) for index in range(len(found.value)))

    def text(self, name: str, *, required: bool = False) -> str | None:
        """The string in field `name`."""
        value = self.value.get(name) if is_mapping(self.value) else None
        if isinstance(value, str):
            return value
        found = self.literal(name)
        if found is None:
            if required and is_mapping(self.value):
                self.missing(name)
            return None
        if found.value is None and not required and f"/{name}" not in PROSE:
            found.pass_over()
            return None
        return found.as_text()

    def as_text(self) -> str | None:
        """The value as a string. A number or boolean that was not quoted is the text that it is written as, and reported."""
        if isinstance(self.value, str):
            return self.value
        if isinstance(self.value, (int, Decimal)):
            text = str(self.value).lower() if isinstance(self.value, bool) else str(self.value)
            subject = quote(self.place.pointer.rpartition("/")[2])
            self.report.add(UNQUOTED_TEXT, f"{subject} is read as the text {quote(shortened(text))}", self.place)
            return text
        if self.value is None and self.place.pointer.endswith(PROSE):
            self.report.add(UNQUOTED_TEXT, "null is read as an empty text", self.place)
            return ""
        self.refuse("a string")
        return None

    def missing(self, name: str) -> None:
        self.report.add(MISSING_FIELD, f"the field {quote(name)} is missing here", self.place)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.value.get(name, default) if is_mapping(self.value) else default
        if isinstance(value, bool):
            return value
        if value is None:
            self.child(name).pass_over()
        else:
            self.child(name).refuse("true or false")
        return default

    def texts(self, name: str) -> tuple[str, ...]:
        """The strings in the list in field `name`."""
        found = (item.as_text() for item in self.items(name))
        return tuple(text for text in found if text is not None)

    def extensions(self) -> dict[str, Any]:
        """The members whose name starts with `x-`."""
        if not is_mapping(self.value):
            return {}
        return {name: value for name, value in self.value.items() if name.startswith("x-")}
