"""Makes instances that are true to a schema of a document, at random and the same each time; a validator has the last word."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any, Final, Literal

from conformance.corpus.dialect import ABOUT, TAG, Dialect
from conformance.corpus.merging import both, kind_of, kinds_in
from conformance.corpus.plain import Lost
from conformance.corpus.texts import FORMATS, Unmade, matching, text

Extent = Literal["all", "least", "some"]
"""How many of the members that may be missing are there."""

FILE: Final = "file-"
"""How a text begins that stands for a file."""
_CODED: Final = frozenset({"byte", "base64"})
"""Formats of bytes: a pattern that no such text fits leaves nothing to be sent."""
_DEEP: Final = 5
_TOO_DEEP: Final = -6
_TRIES: Final = 12
_MOST: Final = 600
"""Values of an instance; beyond, only what has to be there is made."""
_KINDS: Final = {
    "object": ("properties", "additionalProperties", "required", "patternProperties", "minProperties"),
    "array": ("items", "minItems", "maxItems", "prefixItems"),
    "string": ("pattern", "minLength", "maxLength"),
    "number": ("minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum"),
}


@dataclass(frozen=True)
class Wish:
    """What kind of instance is wanted; `simple` ones can stand in a URL or in a header field."""

    extent: Extent = "all"
    simple: bool = False


class Maker:
    """Makes instances of one document's schemas, going one way."""

    def __init__(self, dialect: Dialect, seed: str) -> None:
        self.dialect = dialect
        self.chance = random.Random(seed)
        self._validators: dict[str, Any] = {}

    def instance(self, schema: Any, file: Path, wish: Wish, key: str) -> Any:
        """An instance of a schema as it stands in a file; `key` names the schema. Raises Unmade and Unusable."""
        turned = self.dialect.turned(schema, file)
        if key not in self._validators:
            self._validators[key] = self.dialect.validator(turned)
        problem: Exception = Unmade("not found")
        for attempt in range(_TRIES):
            wish = wish if attempt < _TRIES // 2 or wish.extent == "least" else Wish("least", wish.simple)
            try:
                made = _Making(self, wish).value(turned, _DEEP)
            except (Unmade, Lost) as error:
                problem = error if isinstance(error, Unmade) else Unmade(f"reference {error}")
                continue
            if self._validators[key].is_valid(made):
                return made
        raise problem if isinstance(problem, Unmade) else Unmade(str(problem))


class _Making:
    """One instance in the making."""

    def __init__(self, maker: Maker, wish: Wish) -> None:
        self.dialect, self.chance, self.wish = maker.dialect, maker.chance, wish
        self.count = 0

    def value(self, schema: Any, depth: int) -> Any:
        """An instance of a schema in 2020-12."""
        self.count += 1
        if schema is False or depth < _TOO_DEEP:
            raise Unmade("too deep" if schema is not False else "nothing is allowed")
        if not isinstance(schema, dict):
            return self.anything()
        tagged = self.tagged(alone_in(schema), depth)
        return tagged if tagged is not None else self.flat(self.flattened(schema, depth), depth)

    def anything(self) -> Any:
        # Where all is text, what has no type comes back as one.
        return self.chance.choice(["x1", "y2"] if self.wish.simple else ["é", 7, True, 0.5, [1], {"k": "v"}])

    def tagged(self, schema: dict[str, Any], depth: int) -> Any:
        """An instance of what a reference leads to, its tag set where a discriminator tells by it; None of anything else."""
        if not isinstance(schema.get("$ref"), str):
            return None
        target = self.dialect.find(schema["$ref"])
        variants = self.dialect.variants(schema["$ref"])
        if variants:
            return self.mapped(target[TAG], self.chance.choice(variants), depth)
        made = self.value(target, depth)
        found = self.told_by(target)
        if found is None:
            return self.among(made, target, schema["$ref"])
        if isinstance(made, dict):
            tag, allowed = self.tag_of(found, schema["$ref"]), self.listed(target, found["name"])
            # What its own schema says comes first.
            if allowed is None or tag in allowed:
                made[found["name"]] = tag
            elif found["name"] not in made:
                made[found["name"]] = self.chance.choice(allowed)
        return made

    def mapped(self, told_by: dict[str, Any], reference: str, depth: int) -> Any:
        """An instance of a variant, with the tag that its discriminator has for it where it got one from elsewhere."""
        made = self.value({"$ref": reference}, depth - 1)
        own = [tag for tag, target in told_by["tags"].items() if target == reference]
        if own and isinstance(made, dict) and made.get(told_by["name"]) not in told_by["tags"]:
            allowed = self.listed({"$ref": reference}, told_by["name"])
            made[told_by["name"]] = self.chance.choice([tag for tag in own if allowed is None or tag in allowed] or own)
        return made

    def among(self, made: Any, target: Any, reference: str) -> Any:
        """The instance with the tag that it has in a union that the schema is a variant of."""
        name, tags = self.dialect.union_tags.get(reference, ("", []))
        allowed = self.listed(target, name) if tags else None
        fitting = [tag for tag in tags if allowed is None or tag in allowed]
        if fitting and isinstance(made, dict) and name in made:
            made[name] = self.chance.choice(fitting)
        return made

    def tag_of(self, told_by: dict[str, Any], reference: str) -> str:
        """The tag of a schema: one of those that stand for it, otherwise its name."""
        own = [tag for tag, target in told_by["tags"].items() if target == reference]
        return self.chance.choice(own) if own else reference.rpartition("/")[2].replace("~1", "/").replace("~0", "~")

    def listed(self, schema: Any, member: str, depth: int = 5) -> list[Any] | None:
        """The values that a member may have, where the schema or what it includes lists them."""
        if not isinstance(schema, dict) or not depth:
            return None
        if "$ref" in schema:
            return self.listed(self.dialect.find(schema["$ref"]), member, depth - 1)
        own = (schema.get("properties") or {}).get(member)
        found = [[own["const"]] if "const" in own else own.get("enum")] if isinstance(own, dict) else []
        found += [self.listed(part, member, depth - 1) for part in schema.get("allOf") or ()]
        return next((one for one in found if one is not None), None)

    def told_by(self, schema: Any, depth: int = 5) -> dict[str, Any] | None:
        """The discriminator of a schema, or of what it includes; that of a union is about the union's parts."""
        if not isinstance(schema, dict) or not depth:
            return None
        if TAG in schema and not {"oneOf", "anyOf"} & schema.keys():
            found: dict[str, Any] = schema[TAG]
            return found
        parts = [part for part in schema.get("allOf") or () if isinstance(part, dict)]
        targets = [self.dialect.find(part["$ref"]) if "$ref" in part else part for part in parts]
        return next((one for target in targets if (one := self.told_by(target, depth - 1))), None)

    def flattened(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        """The schema without `allOf`, `anyOf`, `oneOf` and references: one way through them."""
        if depth < _TOO_DEEP:
            raise Unmade("too deep")
        if "$ref" in schema:
            target = self.dialect.find(schema["$ref"])
            if not isinstance(target, dict):
                if target is False:
                    raise Unmade("nothing is allowed")
                return {}
            return self.flattened(target, depth - 1)
        parts = [{name: value for name, value in schema.items() if name not in ("allOf", "anyOf", "oneOf")}]
        for part in schema.get("allOf") or ():
            if isinstance(part, dict):
                parts.append(self.flattened(part, depth - 1))
        for word in ("oneOf", "anyOf"):
            choices = [part for part in schema.get(word) or () if part is not False]
            if self.wish.simple:
                choices = [part for part in choices if not _is_null(part)] or choices
            if choices:
                chosen = self.chance.choice(choices)
                parts.append(self.flattened(chosen, depth - 1) if isinstance(chosen, dict) else {})
                parts.append(self.tagging(schema, chosen))
        return reduce(both, parts)

    def tagging(self, schema: dict[str, Any], chosen: Any) -> dict[str, Any]:
        """What the discriminator of a union, or of what the chosen variant includes, demands of that variant."""
        if not isinstance(chosen, dict) or "$ref" not in chosen:
            return {}
        reference = chosen["$ref"]
        # A variant that includes what has a discriminator is told by that one, whatever union it stands in.
        told_by = schema.get(TAG) or self.told_by(self.dialect.find(reference))
        if told_by is None:
            return {}
        name = told_by["name"]
        known, elsewhere = self.dialect.union_tags.get(reference, ("", []))
        own = [tag for tag, target in told_by["tags"].items() if target == reference]
        tags = own or (elsewhere if known == name else []) or [self.tag_of(told_by, reference)]
        allowed = self.listed(chosen, name)
        # A variant that says what it is called has its own tag; without one nothing tells what it is.
        fitting = [tag for tag in tags if not allowed or tag in allowed] or allowed
        return {"properties": {name: {"enum": fitting}}, "required": [name]} if fitting else {}

    def flat(self, schema: dict[str, Any], depth: int) -> Any:
        """An instance of a schema without parts."""
        if "const" in schema:
            return schema["const"]
        if isinstance(schema.get("enum"), list) and schema["enum"]:
            values = [one for one in schema["enum"] if one is not None or not self.wish.simple]
            kinds = schema.get("type")
            fitting = [one for one in values if kinds is None or kind_of(one) in kinds_in(kinds)]
            return self.chance.choice(fitting or values or schema["enum"])
        kind = self.kind(schema)
        if kind == "null":
            return None
        return getattr(self, f"{kind}_of")(schema, depth)

    def kind(self, schema: dict[str, Any]) -> str:
        kinds = schema.get("type")
        if isinstance(kinds, str):
            return kinds
        if isinstance(kinds, list) and kinds:
            some = [one for one in kinds if one != "null"]
            return str(self.chance.choice(some if some and (self.wish.simple or self.chance.random() < 0.8) else kinds))
        for kind, words in _KINDS.items():
            if any(word in schema for word in words):
                return kind
        return "string" if "format" in schema or self.wish.simple else "any"

    def any_of(self, schema: dict[str, Any], depth: int) -> Any:
        return self.anything()

    def boolean_of(self, schema: dict[str, Any], depth: int) -> bool:
        return self.chance.random() < 0.5

    def string_of(self, schema: dict[str, Any], depth: int) -> str:
        low, high = schema.get("minLength") or 0, schema.get("maxLength")
        pattern, form = schema.get("pattern"), schema.get("contentEncoding", schema.get("format"))
        if form == "binary":
            return f"{FILE}{self.chance.randint(0, 999)}"
        if pattern is None and form not in FORMATS:
            return text(self.chance, low, high, simple=self.wish.simple)
        for attempt in range(12):
            # Of what has both, the format is tried first: what it allows may have one form alone.
            if form in FORMATS and (pattern is None or attempt < 6 or form in _CODED):
                made = FORMATS[form](self.chance)
            elif isinstance(pattern, str):
                made = matching(pattern, self.chance, 3 + 9 * (attempt % 6))
            fits = low <= len(made) and (high is None or len(made) <= high) and _finds(pattern, made)
            if fits and (not self.wish.simple or _is_simple(made)):
                return made
        raise Unmade("length or pattern")

    def integer_of(self, schema: dict[str, Any], depth: int) -> int:
        low, high = self.bounds(schema)
        step = schema.get("multipleOf") or 1
        if float(step) != int(step):
            step = 1
        first, last = -(-low // step), high // step
        if first > last:
            raise Unmade("bounds")
        return int(self.chance.randint(int(first), int(last)) * step)

    def number_of(self, schema: dict[str, Any], depth: int) -> float | int:
        low, high = self.bounds(schema)
        step = schema.get("multipleOf")
        if step:
            whole = self.chance.randint(int(-(-low // step)), max(int(-(-low // step)), int(high // step)))
            return round(whole * step, 6)
        if high - low < 1:
            return round(low + (high - low) / 2, 9)
        made = round(self.chance.uniform(low, high), 2)
        return int(made) if made == int(made) else made

    def bounds(self, schema: dict[str, Any]) -> tuple[Any, Any]:
        """The least and the largest number; integers next to those that are excluded."""
        whole = schema.get("type") == "integer"
        near = 1 if whole else 1e-6
        lows = [schema[word] + near * (word != "minimum") for word in ("minimum", "exclusiveMinimum") if word in schema]
        highs = [
            schema[word] - near * (word != "maximum") for word in ("maximum", "exclusiveMaximum") if word in schema
        ]
        if str(schema.get("format", "")).startswith("uint"):
            lows.append(0)
        if schema.get("format") in ("int32", "int64"):
            most = 2 ** (int(schema["format"][3:]) - 1) - 1
            lows, highs = [*lows, -most] if lows else lows, [*highs, most] if highs else highs
        low = max(lows) if lows else min(0, min(highs) - 100) if highs else 0
        high = min(highs) if highs else max(low, 0) + 100
        return low, high

    def array_of(self, schema: dict[str, Any], depth: int) -> list[Any]:
        low, high = schema.get("minItems") or 0, schema.get("maxItems")
        low = max(low, 1) if self.wish.simple and high != 0 else low
        heads = schema.get("prefixItems") or []
        items = schema.get("items", True)
        if depth <= 0 or self.count > _MOST or items is False:
            count = low
        else:
            count = self.chance.randint(low, max(low, min(high if high is not None else low + 2, low + 2)))
        made = [self.value(part, depth - 1) for part in (heads[:count] if items is not False else heads)]
        for _ in range(count * 4):
            if len(made) >= count or items is False:
                break
            one = self.value(items, depth - 1)
            if not schema.get("uniqueItems") or one not in made:
                made.append(one)
        if "contains" in schema:
            made.append(self.value(schema["contains"], depth - 1))
        return made

    def object_of(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        members, required = schema.get("properties") or {}, set(schema.get("required") or ())
        made: dict[str, Any] = {}
        for name, member in members.items():
            if name in required or self.is_wanted(depth):
                self.add(made, name, member, depth, is_required=name in required)
        further = schema.get("additionalProperties", True)
        for name in required - members.keys():
            made[name] = self.value(further, depth - 1)
        missing = (schema.get("minProperties") or 0) - len(made)
        if further is not False:
            is_map = isinstance(further, dict) and depth > 0 and not self.wish.simple and not members
            # In a URL an object without members is none.
            is_map = is_map or (self.wish.simple and not made)
            for number in range(max(missing, int(is_map))):
                names = schema.get("propertyNames")
                name = f"further{number}" if names is None else str(self.value({"type": "string", **names}, depth - 1))
                made[name] = self.value(further, depth - 1)
        elif missing > 0:
            for name in [one for one in members if one not in made][:missing]:
                self.add(made, name, members[name], depth, is_required=True)
        return made

    def add(self, made: dict[str, Any], name: str, member: Any, depth: int, *, is_required: bool) -> None:
        """One member, where it goes this way and can be made; what is not required may be left out."""
        if not self.dialect.goes_turned(member):
            return
        try:
            made[name] = self.value(member, depth - 1)
        except Unmade:
            if is_required:
                raise

    def is_wanted(self, depth: int) -> bool:
        if depth <= 0 or self.wish.extent == "least" or self.count > _MOST:
            return False
        return self.chance.random() < (0.5 if self.wish.extent == "some" or depth < _DEEP - 1 else 1.0)


def _finds(pattern: Any, made: str) -> bool:
    """Whether a pattern finds something; one that Python cannot read is left to the validator."""
    try:
        return not isinstance(pattern, str) or re.search(pattern, made) is not None
    except re.error:
        return True


def alone_in(schema: dict[str, Any]) -> dict[str, Any]:
    """The reference that is all that the `allOf` of a schema demands; otherwise the schema."""
    demands = [part for part in schema.get("allOf") or () if not isinstance(part, dict) or not part.keys() <= ABOUT]
    is_alone = len(demands) == 1 and isinstance(demands[0], dict) and "$ref" in demands[0]
    return demands[0] if is_alone and schema.keys() <= {*ABOUT, "allOf"} else schema


def _is_null(schema: Any) -> bool:
    return isinstance(schema, dict) and (schema.get("type") == "null" or schema.get("enum") == [None])


def _is_simple(text: str) -> bool:
    """Whether a text goes through URLs and header fields as it is."""
    return bool(text) and text.isascii() and text.isprintable() and text == text.strip()
