"""Lowers `oneOf` and `anyOf`: to unions told apart by a tag, to unions told apart by trying, or to demands on one type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sadpath.diagnostics.rules_lowering import IMPOSSIBLE_OPTION, UNSUPPORTED_KEYWORD
from sadpath.ir.types import AnyOf, Constant, Named, Nullable, TaggedUnion, TypeRef, Variant
from sadpath.lower.discriminators import BASE, only_texts
from sadpath.lower.faces import Direction
from sadpath.lower.merge import chooses_types, has_demands, says_what
from sadpath.lower.scalars import any_of
from sadpath.lower.standing import has_short_title
from sadpath.lower.table import Types
from sadpath.openapi.model import Schema, SchemaKey
from sadpath.runtime.frozen import dataclass

_OBJECT_KEYWORDS: Final = (
    "properties",
    "pattern_properties",
    "additional_properties",
    "unevaluated_properties",
    "required",
)


@dataclass(frozen=True, slots=True)
class UnionOf:
    """The parts of a union, and the schema that is left when they are taken out of it."""

    parts: tuple[Schema, ...]
    rest: Schema


def union_in(schema: Schema, types: Types) -> UnionOf | None:
    """The union that a folded schema is; None where `oneOf` and `anyOf` say nothing but demands on one type.

    What stands beside the parts holds for each of them.
    """
    for name in ("one_of", "any_of"):
        if chooses_types(schema, name, types.resolve) and not _is_about_others(schema, getattr(schema, name), types):
            changes: dict[str, Any] = {name: (), "discriminator": None}
            if name == "any_of" and schema.unevaluated_properties is not None:
                # A value may fit several parts, and has the members of all of them: it is not said of one alone.
                changes["unevaluated_properties"] = None
                message = "not enforced: unevaluatedProperties beside anyOf"
                types.report.add(UNSUPPORTED_KEYWORD, message, schema.place)
            return UnionOf(getattr(schema, name), schema.but(**changes))
    return None


def _is_about_others(schema: Schema, parts: tuple[Schema, ...], types: Types) -> bool:
    """Whether the parts describe members alone, of a value that is no object: then they say nothing about it."""
    if not schema.types or "object" in schema.types:
        return False
    flat = [types.flat(part) for part in parts]
    return all(not (one.types or says_what(one)) and _describes_members(one) for one in flat)


def lower_union(schema: Schema, union: UnionOf, name: str, direction: Direction, types: Types) -> TypeRef:
    """The type of a union; null among its parts makes it nullable."""
    members = [part for part in union.parts if not _is_null(part, types)]
    if not members:
        return Nullable(AnyOf(())) if not union.parts else Constant(None)
    shared = _shared(union.rest, members, types)
    if shared is not None and not types.can_hold(shared):
        types.report.add(
            UNSUPPORTED_KEYWORD, "not enforced: what stands beside these parts, which are too many", schema.place
        )
        shared = None
    found = None
    if len(members) > 1 or schema.discriminator is not None:
        found = _tagged(schema, members, shared, (name, direction), types)
    if shared is not None:
        members = [_beside(shared, part, types) for part in _possible(shared, members, types)]
    if found is None and len(members) > 1:
        found = _implied(members, schema, name, direction, types)
    found = found or _untagged(members, name, direction, types)
    has_null = any(_is_null(part, types) for part in union.parts)
    return Nullable(found) if has_null and not isinstance(found, Nullable) else found


def lower_family(schema: Schema, name: str, direction: Direction, types: Types) -> TypeRef | None:
    """The union of what inherits from a schema that has a discriminator of its own; None where nothing does."""
    if schema.discriminator is None or schema.one_of or schema.any_of:
        return None
    return _tagged(schema, [], None, (name, direction), types)


def is_shared(rest: Schema) -> bool:
    """Whether what stands beside the parts of a union is put into each of them, as it describes members or items."""
    return _limits_items(rest) or _describes_members(rest)


def _describes_members(schema: Schema) -> bool:
    return any(getattr(schema, keyword) for keyword in _OBJECT_KEYWORDS)


def _shared(rest: Schema, members: list[Schema], types: Types) -> Schema | None:
    """What stands beside the parts and holds for each of them; None where that is nothing, or is in each of them anyway."""
    about_members = _describes_members(rest)
    bare = rest.but(types=() if not about_members else rest.types, also=(), any_of=(), one_of=(), nullable=False)
    if not has_demands(bare) or not (about_members or _limits_items(bare)):
        return None
    return None if all(_repeats(types.flat(part), bare) for part in members) else bare


def _repeats(part: Schema, shared: Schema) -> bool:
    """Whether a part says itself what stands beside it: the same members, as much required."""
    said = shared.but(properties={}, required=(), types=())
    return (
        not has_demands(said)
        and shared.properties.keys() <= part.properties.keys()
        and set(shared.required) <= set(part.required)
    )


def _possible(shared: Schema, members: list[Schema], types: Types) -> list[Schema]:
    """The parts that do not contradict what stands beside them; all of them where none does not."""
    kept: list[Schema] = []
    for part in members:
        flat = types.flat(part)
        if not shared.types or not flat.types or set(shared.types) & set(flat.types):
            kept.append(part)
    for part in members if kept else ():
        if part not in kept:
            wanted, found = " or ".join(shared.types), " or ".join(types.flat(part).types)
            message = f"an option of type {found} cannot be of type {wanted} too, and is left out"
            types.report.add(IMPOSSIBLE_OPTION, message, part.place)
    return kept or members


def _limits_items(schema: Schema) -> bool:
    return schema.items is not None or bool(schema.prefix_items)


def _beside(shared: Schema, part: Schema, types: Types, further: tuple[Schema, ...] = ()) -> Schema:
    """One part together with what stands beside all of them."""
    key = SchemaKey(part.key.path, f"beside:{shared.key.pointer}:{part.key.pointer}")
    words = {"description": part.description, "title": part.title, "extensions": part.extensions}
    base: dict[str, Any] = {"default": None, "has_default": False, **words}
    return types.hold(shared.but(key=key, place=part.place, all_of=(part, *further), **base), shared, part)


def _is_null(part: Schema, types: Types) -> bool:
    part = types.flat(part)
    return part.types == ("null",) or (part.const is not None and part.const[0] is None) or part.enum == (None,)


def _untagged(members: list[Schema], name: str, direction: Direction, types: Types) -> TypeRef:
    several = len(members) > 1
    found: list[TypeRef] = []
    nullable = False
    for index, part in enumerate(members, 1):
        context = _option_name(part, name, index, types) if several else name
        kind = types.type_within(part, context, direction)
        nullable = nullable or isinstance(kind, Nullable)
        inner = kind.inner if isinstance(kind, Nullable) else kind
        found += inner.members if isinstance(inner, AnyOf) else [inner]
    union = any_of(tuple(found))
    return Nullable(union) if nullable else union


def _option_name(part: Schema, name: str, index: int, types: Types) -> str:
    """The name of an inline part: by its own title where it has one, else by its number."""
    component = types.component_name(part.all_of[0] if len(part.all_of) == 1 and part.ref is None else part)
    if component is not None:
        return f"{name} {component}"
    return f"{name} {part.title}" if has_short_title(part) else f"{name} option {index}"


def _tagged(
    schema: Schema, members: list[Schema], shared: Schema | None, site: tuple[str, Direction], types: Types
) -> TypeRef | None:
    """The union that a discriminator tells apart; None where not every member is a record with a tag.

    `site` is the name of the union and the way that its values go.
    """
    name, direction = site
    discriminator = schema.discriminator
    found = types.discriminators.variants(schema.but(one_of=tuple(members), any_of=()) if members else schema)
    if discriminator is None or not found:
        return None
    variants: dict[str, Named] = {}
    for tag, part in found:
        if part.key == schema.key and not members:
            # The parent itself, where it is named as one of its own variants.
            kind = types.type_within(_without_discriminator(part), f"{name} base", direction)
        elif shared is not None:
            own = types.discriminators.tag(part.key, discriminator.property_name)
            tags = _constant(part, discriminator.property_name, own) if own is not None else ()
            whole = _beside(shared, part, types, tags)
            kind = types.type_within(whole, f"{name} {tag}", direction)
        else:
            kind = types.type_within(part, f"{name} {tag}", direction)
        inner = _variants_of(kind, tag, discriminator.property_name, types)
        if inner is None:
            return None
        for one, target in inner.items():
            variants.setdefault(one, target)
    return _declared(schema, name, discriminator.property_name, variants, types)


def _constant(part: Schema, property_name: str, tag: str) -> tuple[Schema, ...]:
    """The demand that a member has the tag for its value."""
    key = SchemaKey(part.key.path, f"tag:{tag}:{part.key.pointer}")
    value = Schema(part.place, key, const=(tag,))
    return (Schema(part.place, key, properties={property_name: value}),)


def _without_discriminator(schema: Schema) -> Schema:
    key = SchemaKey(schema.key.path, f"{BASE}{schema.key.pointer}")
    return schema.but(key=key, discriminator=None)


def _variants_of(kind: TypeRef, tag: str, property_name: str, types: Types) -> dict[str, Named] | None:
    if not isinstance(kind, Named):
        return None
    declared = types.declared(kind.name)
    if isinstance(declared, TaggedUnion):
        if declared.tag != property_name:
            return None
        return {variant.tag: variant.type for variant in declared.variants}
    return {tag: kind} if types.is_record(kind.name) else None


def _implied(members: list[Schema], schema: Schema, name: str, direction: Direction, types: Types) -> TypeRef | None:
    """The union of records that all require one and the same member, whose texts are other ones in each of them."""
    tags = [_texts(types.flat(part), types) for part in members]
    shared = [key for key in tags[0] if all(key in others for others in tags)] if tags else []
    chosen = next((key for key in shared if _are_apart([others[key] for others in tags])), None)
    if chosen is None or len(members) < 2:
        return None
    variants: dict[str, Named] = {}
    for index, (part, texts) in enumerate(zip(members, tags, strict=True), 1):
        kind = types.type_within(part, _option_name(part, name, index, types), direction)
        if not isinstance(kind, Named) or not types.is_record(kind.name):
            return None
        variants |= dict.fromkeys(texts[chosen], kind)
    return _declared(schema, name, chosen, variants, types)


def _are_apart(tags: Sequence[Sequence[str]]) -> bool:
    """Whether the texts of a member tell variants apart; one has a text of its own at least, or it is no tag but a state."""
    listed = [text for texts in tags for text in texts]
    return len(set(listed)) == len(listed) and any(len(texts) == 1 for texts in tags)


def _texts(flat: Schema, types: Types) -> Mapping[str, Sequence[str]]:
    """The members of a record that are required and have texts for values, a constant or a list of them."""
    described = {member: types.flat(flat.properties[member]) for member in flat.required if member in flat.properties}
    return {member: texts for member, schema in described.items() if (texts := only_texts(schema))}


def _declared(schema: Schema, name: str, tag: str, variants: Mapping[str, Named], types: Types) -> TypeRef:
    listed = tuple(Variant(one, variants[one]) for one in sorted(variants))
    types.declare(TaggedUnion(name, schema.description, tag, listed, schema.deprecated))
    return Named(name)
