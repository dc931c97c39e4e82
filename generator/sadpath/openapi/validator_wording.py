"""The errors of JSON Schema validation in our words, at the most telling of the places that they mention."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from sadpath.diagnostics import listed, quote, shortened, suggestion
from sadpath.runtime.frozen import dataclass
from sadpath.source.tree import is_list, is_mapping, kind

_QUOTED: Final = re.compile(r"'((?:[^'\\]|\\.)*)'")
_JSON_TYPES: Final = {
    "object": "a mapping",
    "array": "a list",
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}
_VAGUE: Final = frozenset({"oneOf", "anyOf", "not", "if", "dependentSchemas", "unevaluatedProperties", "propertyNames"})
_MINOR: Final = frozenset({"format", "uniqueItems"})
"""Keywords whose violation leaves the document's meaning clear."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """`path` goes on from the path of the error; a vague complaint may only echo one about a part of the value."""

    message: str
    help: str | None = None
    path: tuple[str | int, ...] = ()
    names_field: bool = False
    """Whether it is about the key at the end of `path`: one that should not be there, or is no good name."""
    is_vague: bool = False
    concerns_value: bool = False


def complaints(error: Any) -> Iterator[Complaint]:
    """What a `jsonschema.ValidationError` says: of a choice the likeliest branch, of a list of names each one."""
    leaf = _leaf(error)
    if leaf.validator == "multipleOf" and _is_multiple(leaf.instance, leaf.validator_value):
        return
    path = tuple(leaf.absolute_path)[len(error.absolute_path) :]
    concerns_value = (
        getattr(error, "sadpath_value", False)
        or leaf.validator in _MINOR
        or "propertyNames" in leaf.schema_path
        or type(error).__name__ == "ExtraParametersError"
    )
    for message, help_text, further in _worded(leaf):
        vague = error is not leaf or leaf.validator in _VAGUE or not {"then", "else"}.isdisjoint(leaf.schema_path)
        yield Complaint(message, help_text, (*path, *further), bool(further), vague, concerns_value)


def _is_multiple(value: Any, unit: Any) -> bool:
    """Whether a multiple was denied for the inexactness of floats only."""
    return Decimal(str(value)) % Decimal(str(unit)) == 0


def _leaf(error: Any) -> Any:
    """Descend into `oneOf` and `anyOf`, leaving out the branch in which the value would be a reference."""
    while error.context:
        branches = [one for one in error.context if not _wants_reference(one)]
        if not branches:
            return error
        # The library gathers some of them in a set: among equals the first place counts, in every run.
        error = max(sorted(branches, key=lambda one: [str(part) for part in one.absolute_path]), key=_relevance)
    return error


def _wants_reference(error: Any) -> bool:
    return error.validator == "required" and "$ref" in str(error.message) and "$ref" not in (error.instance or {})


def _relevance(error: Any) -> tuple[int, int, int]:
    """Deeper errors first; among equals a wrong value tells more than a missing or a superfluous name."""
    order = ("type", "additionalProperties", "required", "oneOf", "anyOf", "pattern", "const", "enum")
    rank = order.index(error.validator) if error.validator in order else len(order)
    return (len(error.absolute_path), rank, -len(error.context))


def _worded(error: Any) -> Iterator[tuple[str, str | None, tuple[str | int, ...]]]:
    keyword, instance = error.validator, error.instance
    if keyword == "required":
        missing = [name for name in error.validator_value if is_mapping(instance) and name not in instance]
        mentioned = _names(error.message)
        names = [name for name in missing if name in mentioned] or missing
        if names == ["default"]:
            yield "no response is described here", "Add a response, under its status or `default`.", ()
            return
        be, pronoun = ("is", "it") if len(names) == 1 else ("are", "them")
        subject = f"the field{'s' * (len(names) > 1)} {listed(names, conjunction='and')}"
        yield f"{subject} {be} missing here", f"Add {pronoun}.", ()
    elif keyword in ("additionalProperties", "unevaluatedProperties") and is_mapping(instance):
        yield from _superfluous(error)
    elif keyword == "type":
        wanted = error.validator_value if is_list(error.validator_value) else [error.validator_value]
        words = " or ".join(_JSON_TYPES.get(str(one), str(one)) for one in wanted)
        yield f"this must be {words}, not {kind(instance)}", None, ()
    elif keyword in ("enum", "const"):
        allowed = error.validator_value if is_list(error.validator_value) else [error.validator_value]
        texts = [str(one) for one in allowed]
        help_text = suggestion(instance, texts) if isinstance(instance, str) else None
        found = kind(instance) if is_mapping(instance) or is_list(instance) else quote(instance)
        yield f"this can't be {found}, but {listed(texts, limit=12)}", help_text, ()
    elif keyword in ("pattern", "format"):
        further = (str(instance),) if "propertyNames" in error.schema_path else ()
        yield f"{quote(instance)} does not fit the {keyword} {quote(error.validator_value)}", None, further
    elif keyword == "uniqueItems" and is_list(instance):
        counts = Counter(str(one) for one in instance)
        twice = listed((text for text, count in counts.items() if count > 1), conjunction="and")
        yield f"{twice} stands here twice", None, ()
    elif keyword in ("minItems", "minLength", "minProperties") and not instance:
        yield "this must not be empty", None, ()
    elif keyword in ("oneOf", "anyOf") and error.context:
        yield "this fits none of the forms that are allowed here", None, ()
    else:
        yield shortened(str(error.message), 200), None, ()


def _superfluous(error: Any) -> Iterator[tuple[str, str | None, tuple[str | int, ...]]]:
    instance: dict[str, Any] = error.instance
    known = list(error.schema.get("properties", {})) if is_mapping(error.schema) else []
    patterns = list(error.schema.get("patternProperties", {})) if is_mapping(error.schema) else []
    if error.validator == "additionalProperties":
        names = [one for one in instance if one not in known and not any(re.search(p, one) for p in patterns)]
    else:
        names = [one for one in _names(error.message) if one in instance]
    for name in names:
        if re.fullmatch("[1-5]xx", name):
            known = [name.upper()]
        yield f"the field {quote(name)} does not exist here", suggestion(name, known), (name,)


def _names(message: str) -> list[str]:
    return [match.replace("\\'", "'") for match in _QUOTED.findall(message)]
