"""Formats of failures from the schemas of their bodies, for a derived catalog."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sadpath.catalog.bodies import Body, Member, body_of, is_place, shapes_of
from sadpath.catalog.model import AttributeText, CatalogFormat, Text
from sadpath.naming.words import snake
from sadpath.openapi.model import Document, MediaType, Response
from sadpath.runtime import contract as wire
from sadpath.runtime.frozen import dataclass
from sadpath.runtime.media import is_json, media_type_of


@dataclass(frozen=True, slots=True)
class FormatOf:
    """A format by name, and the bodies that are written in it, each with the media type it stands in."""

    name: str
    bodies: tuple[tuple[Body, MediaType], ...]


class Formats:
    """The formats found so far; two that say the same are one."""

    def __init__(self, document: Document) -> None:
        self.named: dict[str, CatalogFormat] = {}
        self._document = document

    def of(self, status: str, responses: Iterable[Response]) -> tuple[FormatOf, ...]:
        """The formats in which a status answers, told apart by where code and message stand; the most used one first."""
        groups: dict[tuple[str | None, str | None], list[tuple[Body, MediaType]]] = {}
        for response in responses:
            for content in response.content:
                if content.schema is None or not is_json(content.media_type):
                    continue
                for shape in shapes_of(content.schema, self._document):
                    body = body_of(shape, self._document)
                    key = (body.code.pointer if body.code else None, body.message.pointer if body.message else None)
                    groups.setdefault(key, []).append((body, content))
        ordered = sorted(groups.items(), key=lambda item: (item[0] == (None, None), -len(item[1]), str(item[0])))
        return tuple(FormatOf(self._enter(status, found), tuple(found)) for _, found in ordered)

    def _enter(self, status: str, found: Sequence[tuple[Body, MediaType]]) -> str:
        contract, texts = _contract([body for body, _ in found])
        media_types = (media_type_of(content.media_type) or "" for _, content in found)
        contract = replace(contract, media_types=tuple(dict.fromkeys(media_types)))
        for name, known in self.named.items():
            if replace(known.contract, name="") == contract and known.attribute_texts == texts:
                return name
        name, number = f"status-{status.lower()}", 2
        while name in self.named:
            name, number = f"status-{status.lower()}-{number}", number + 1
        place = found[0][0].shape.schema.place
        self.named[name] = CatalogFormat(place, replace(contract, name=name), texts)
        return name


def _contract(bodies: list[Body]) -> tuple[wire.Format, dict[str, AttributeText]]:
    """The members of all bodies: a value is typed where those that have it agree on its type."""
    first = bodies[0]
    members: dict[str, Member] = {}
    order: dict[str, None] = {}
    for body in bodies:
        order |= dict.fromkeys(body.order)
        for member in body.others:
            known = members.setdefault(member.pointer, member)
            if known.type != member.type:
                members[member.pointer] = replace(known, type="json")
    items = next((body.items for body in bodies if body.items is not None), None)
    if items is not None:
        members.pop(items[0].pointer, None)
    attributes: dict[str, wire.Attribute] = {}
    texts: dict[str, AttributeText] = {}
    for member in members.values():
        name = snake(member.name) if snake(member.name) not in attributes else snake(member.pointer)
        if name and name not in attributes:
            attributes[name] = wire.Attribute(wire.Selector(body=member.pointer, type=member.type))
            if member.schema.description:
                texts[name] = AttributeText(Text((("", member.schema.description),)))
    contract = wire.Format(
        name="",
        code=_selector(first.code),
        message=_selector(first.message),
        attributes=attributes,
        items=_items(items),
        order=tuple(order),
    )
    return contract, texts


def _selector(member: Member | None) -> wire.Selector | None:
    if member is None:
        return None
    kind: wire.ValueType = "integer" if member.type == "integer" else "string"
    return wire.Selector(body=member.pointer, type=kind)


def _items(found: tuple[Member, tuple[Member, ...]] | None) -> wire.Items | None:
    if found is None:
        return None
    listed, members = found
    place = next((one for one in members if is_place(one) and one.type == "string"), None)
    fields: dict[str, wire.Attribute] = {}
    for one in members:
        role: wire.Role | None = "field" if one is place else None
        if snake(one.name):
            fields.setdefault(snake(one.name), wire.Attribute(wire.Selector(body=one.pointer, type=one.type), role))
    return wire.Items(listed.pointer, fields)
