"""Works out which schemas a discriminator chooses from, and by which tags: from its mapping, from constants, from names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from sadpath.diagnostics import Report, quote, suggestion
from sadpath.diagnostics.rules_openapi import CONTRADICTING_TAG
from sadpath.lower.faces import inside, schemas_of
from sadpath.openapi.model import Document, Schema, SchemaKey

BASE: Final = "base:"
"""Marks the key of a parent that is one of its own variants, as against the union that it stands for."""


def only_text(flat: Schema) -> str | None:
    """The one text that a folded schema allows: a constant, or the only value of a list."""
    texts = only_texts(flat)
    return texts[0] if len(texts) == 1 else None


def only_texts(flat: Schema) -> tuple[str, ...]:
    """The texts that a folded schema allows: a constant, or a list; none where it allows others, or what is no text."""
    values = flat.const or flat.enum or ()
    texts = tuple(dict.fromkeys(value for value in values if isinstance(value, str)))
    return texts if len(texts) == len(dict.fromkeys(map(repr, values))) else ()


class Discriminators:
    """Every discriminator of a document; `flatten` folds a schema's `allOf`."""

    def __init__(self, document: Document, flatten: Callable[[Schema], Schema], report: Report) -> None:
        self._document = document
        self._report = report
        self._flatten = flatten
        self._names = {schema.key: name for name, schema in document.schemas.items()}
        self._children = self._inheritance()
        self._tags = self._all_tags()
        self._told = frozenset(property_name for _, property_name in self._tags)

    def variants(self, schema: Schema) -> tuple[tuple[str, Schema], ...] | None:
        """The tags and what they stand for, by tag; None where there is no discriminator or a member has no tag.

        Members are those of `oneOf` or `anyOf`, or else what inherits from the schema through `allOf`. What the mapping
        names counts too; where it does not name a member, the tag is the member's own constant, or else what the mapping
        of its parent calls it, or else the name of its component (OpenAPI 3.1, section 4.8.25).
        """
        discriminator = schema.discriminator
        if discriminator is None:
            return None
        found = {tag: self._document.definitions[key] for tag, key in discriminator.mapping.items()}
        mapped = set(discriminator.mapping.values())
        for key in discriminator.mapping.values():
            # A tag that contradicts the variant's own constant is reported; what comes has one or the other.
            stated = self._constant(self._document.definitions[key], discriminator.property_name)
            if stated is not None:
                found.setdefault(stated, self._document.definitions[key])
        for member in self._members(schema):
            key = member.ref or member.key
            if key in mapped:
                continue
            tags = self._own_tags(member, discriminator.property_name)
            if not tags or self._allows_none(schema, member, tags):
                return None
            for tag in tags:
                found.setdefault(tag, self._document.definitions.get(key, member))
        if not schema.one_of and not schema.any_of and all(item.key == schema.key for item in found.values()):
            return None
        return tuple(sorted(found.items()))

    def tag(self, key: SchemaKey, property_name: str) -> str | None:
        """The one value that a member of the schema has wherever a discriminator reads it."""
        if property_name not in self._told:
            return None
        tags = self._tags.get((SchemaKey(key.path, key.pointer.removeprefix(BASE)), property_name), set())
        return next(iter(tags)) if len(tags) == 1 else None

    def _members(self, schema: Schema) -> tuple[Schema, ...]:
        if schema.one_of or schema.any_of:
            return schema.one_of or schema.any_of
        return tuple(self._document.definitions[key] for key in self._descendants(schema.key))

    def _descendants(self, key: SchemaKey) -> list[SchemaKey]:
        found: list[SchemaKey] = []
        pending = list(self._children.get(key, ()))
        while pending:
            child = pending.pop()
            if child not in found and child != key:
                found.append(child)
                pending += self._children.get(child, ())
        return sorted(found, key=lambda item: (item.path, item.pointer))

    def _own_tags(self, member: Schema, property_name: str) -> list[str]:
        stated = self._constant(member, property_name)
        if stated is not None:
            return [stated]
        key = member.ref or member.key
        whole = self._document.definitions.get(key, member)
        given = [tag for part in whole.all_of for tag in self._tags_given(part, key, property_name)]
        name = self._names.get(key)
        return list(dict.fromkeys(given)) or ([name] if name is not None else [])

    def _tags_given(self, parent: Schema, key: SchemaKey, property_name: str) -> list[str]:
        """What a schema that others inherit from calls one of them."""
        whole = parent if parent.ref is None else self._document.definitions[parent.ref]
        told = whole.discriminator
        if told is None or told.property_name != property_name:
            return []
        return [tag for tag, target in told.mapping.items() if target == key]

    def _allows_none(self, schema: Schema, member: Schema, tags: Sequence[str]) -> bool:
        """Whether a part of a union lists texts for the member that its discriminator reads, and none of its tags among them."""
        discriminator = schema.discriminator
        if discriminator is None or not (schema.one_of or schema.any_of):
            return False
        stated = self._flatten(member).properties.get(discriminator.property_name)
        texts = () if stated is None else only_texts(self._flatten(stated))
        return bool(texts) and bool(tags) and set(tags).isdisjoint(texts)

    def _constant(self, member: Schema, property_name: str) -> str | None:
        """The one text that a schema allows for the member that a discriminator reads."""
        flat = self._flatten(member)
        stated = flat.properties.get(property_name)
        return None if stated is None else only_text(self._flatten(stated))

    def _check(self, schema: Schema, property_name: str, variants: Mapping[str, Schema]) -> None:
        """Report a tag that its variant does not allow, and a member that no variant has."""
        place = schema.place.child("discriminator")
        none: Mapping[str, SchemaKey] = {}
        mapping = schema.discriminator.mapping if schema.discriminator is not None else none
        for tag, key in mapping.items():
            stated = self._constant(self._document.definitions[key], property_name)
            if stated is not None and stated != tag and mapping.get(stated) != key:
                message = (
                    f"the tag {quote(tag)} stands for a schema whose {quote(property_name)} is always {quote(stated)}"
                )
                self._report.add(CONTRADICTING_TAG, message, place.child("mapping", tag))
        for member in self._members(schema) if not variants else ():
            tags = self._own_tags(member, property_name)
            if self._allows_none(schema, member, tags):
                message = f"{quote(property_name)} is never {quote(tags[0])}, by which the discriminator would know this variant"
                advice = "Name a value that the variant allows in the discriminator's `mapping`; it is told by what fits until then."
                self._report.add(CONTRADICTING_TAG, message, member.place, help=advice)
        described = [self._flatten(variant).properties for variant in variants.values()]
        names = list(dict.fromkeys(name for properties in described for name in properties))
        if names and property_name not in names and all(described):
            message = f"no variant describes the member {quote(property_name)}"
            help_text = suggestion(property_name, names)
            self._report.add(CONTRADICTING_TAG, message, place.child("propertyName"), help=help_text)

    def _inheritance(self) -> dict[SchemaKey, list[SchemaKey]]:
        children: dict[SchemaKey, list[SchemaKey]] = {}
        for schema in self._document.schemas.values():
            for part in schema.all_of:
                if part.ref is not None:
                    children.setdefault(part.ref, []).append(schema.key)
        return children

    def _all_tags(self) -> Mapping[tuple[SchemaKey, str], set[str]]:
        tags: dict[tuple[SchemaKey, str], set[str]] = {}
        checked: set[SchemaKey] = set()
        roots = [*self._document.definitions.values()]
        roots += schemas_of((self._document.operations, self._document.webhooks))
        for root in roots:
            for schema in inside(root):
                if schema.discriminator is None:
                    continue
                property_name = schema.discriminator.property_name
                found = self.variants(schema) or ()
                if schema.key not in checked:
                    checked.add(schema.key)
                    self._check(schema, property_name, dict(found))
                for tag, variant in found:
                    tags.setdefault((variant.key, property_name), set()).add(tag)
        return tags
