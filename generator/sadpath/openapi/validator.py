"""openapi-spec-validator, which takes long: asked for words about those parts of a document that may be wrong."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from typing import Any, Final

from sadpath.openapi.check_patterns import is_checkable
from sadpath.openapi.quick_verdict import faulty_paths, structure
from sadpath.openapi.suspicions import Suspect, doubtful_tags, suspects
from sadpath.runtime.patterns import matches
from sadpath.source.tree import is_mapping

_MOST_REFERENCES: Final = 10_000
"""How many references the library may follow for defaults; a few of them that fan out lead to any number."""


def structural_errors(version: str, tree: dict[str, Any]) -> Iterator[Any]:
    """What deviates from the schema of a version of OpenAPI, such as "3.1"."""
    # What the library does, without its imports, which take half a second.
    validator_for: Callable[[Any], Any] = import_module("jsonschema.validators").validator_for
    schema = structure(version)
    yield from validator_for(schema)(schema).iter_errors(tree)


def doubtful_part(tree: dict[str, Any], version: str) -> dict[str, Any]:
    """A document without those paths, webhooks and components that are surely as they should be."""
    faulty = faulty_paths(version, tree)
    if faulty is None:
        return tree
    kept = dict(tree)
    for section in ("paths", "webhooks"):
        kept[section] = _faulty_members(tree.get(section), [path[1:] for path in faulty if path[:1] == [section]])
    components = tree.get("components")
    if is_mapping(components):
        below = [path[1:] for path in faulty if path[:1] == ["components"]]
        kept["components"] = {
            kind: _faulty_members(entries, [path[1:] for path in below if path[:1] == [kind]])
            for kind, entries in components.items()
        }
    return {key: kept[key] for key in tree}


def _faulty_members(section: Any, faulty: list[list[str | int]]) -> Any:
    """The members that errors are in; all of them where one is about the whole."""
    if not is_mapping(section) or [] in faulty:
        return section
    names = {str(path[0]) for path in faulty}
    return {name: value for name, value in section.items() if name in names}


def semantic_errors(version: str, tree: dict[str, Any]) -> Iterator[Any]:
    """What contradicts itself; errors have in `sadpath_path` the part that they are about, in `sadpath_value` whether that is a value."""
    library: _Library | None = None
    if doubtful_tags(tree.get("tags")):
        library = _Library(version, tree)
        yield from library.tags()
    for suspect in suspects(tree, version):
        if suspect.doubt == "required":
            errors = _missing(suspect)
        elif suspect.doubt == "schema" and version == "3.0":
            errors = _faulty_draft_4(suspect)
        else:
            library = library or _Library(version, tree)
            errors = list(library.errors(suspect))
        suspect.is_cleared = not errors
        yield from errors


def _missing(suspect: Suspect) -> list[Any]:
    """What the library says of names that nothing defines, without its imports."""
    from jsonschema import ValidationError

    kind = type("ExtraParametersError", (ValidationError,), {})
    error: Any = kind(f"Required list has not defined properties: {list(suspect.names)}")
    error.sadpath_path = suspect.path
    return [error]


def _faulty_draft_4(suspect: Suspect) -> list[Any]:
    """What the library says of a schema of 3.0, which it holds against draft 4, without its imports."""
    from jsonschema import Draft4Validator, FormatChecker, SchemaError

    formats = FormatChecker()
    formats.checks("regex")(_is_regex)
    try:
        Draft4Validator.check_schema(suspect.schema, format_checker=formats)
    except SchemaError as found:
        error: Any = found
        error.sadpath_path = suspect.path
        return [error]
    return []


def _is_regex(value: object) -> bool:
    """Whether a text is a pattern of ECMA 262, where something is installed that knows these, or else of Python: as the library has it."""
    if not isinstance(value, str):
        return True
    try:
        patterns: Any = import_module("regress")
    except ImportError:
        return _compiles(re.compile, re.error, value)
    return _compiles(patterns.Regex, patterns.RegressError, value)


def _compiles(compile: Callable[[str], object], refusal: type[Exception], pattern: str) -> bool:
    try:
        compile(pattern)
    except refusal:
        return False
    return True


class _Library:
    """The validators of a document's parts, and the way to a part by its path."""

    def __init__(self, version: str, tree: dict[str, Any]) -> None:
        from jsonschema_path.paths import SchemaPath

        found = _validator_class(version)
        default = found.keyword_validators["default"]
        bounded = type(default.__name__, (default,), {"value_validator_cls": _bounded(default.value_validator_cls)})
        keywords = {**found.keyword_validators, "default": bounded}
        validator: Any = type("Asked", (found,), {"keyword_validators": keywords})
        self._root = SchemaPath.from_dict(tree, base_uri="", handlers={})
        self._keywords: Any = validator(self._root).keyword_validators_registry

    def tags(self) -> Iterator[Any]:
        for error in self._keywords["tags"](self._root // "tags"):
            error.sadpath_path = ("tags",)
            yield error

    def errors(self, suspect: Suspect) -> Iterator[Any]:
        path: Any = self._root
        for part in suspect.path:
            path = path // part
        if suspect.doubt == "default":
            with suppress(_Undecided):
                for error in self._keywords["default"](path, (path / "default").read_value()):
                    error.sadpath_path, error.sadpath_value = (*suspect.path, "default"), True
                    yield error
            return
        error = self._keywords["schema"]._validate_schema_meta(path, path.read_value())
        if error is not None:
            error.sadpath_path = suspect.path
            yield error


class _Undecided(Exception):
    """A value would have to be matched with a pattern for which that may never end."""


def _validator_class(version: str) -> Any:
    # Its other backend, which it would choose by what happens to be installed, words and places its findings differently.
    os.environ["OPENAPI_SPEC_VALIDATOR_SCHEMA_VALIDATOR_BACKEND"] = "jsonschema"
    import openapi_spec_validator as library

    classes = {
        "3.0": library.OpenAPIV30SpecValidator,
        "3.1": library.OpenAPIV31SpecValidator,
        "3.2": library.OpenAPIV32SpecValidator,
    }
    return classes[version]


def _bounded(validator_class: Any) -> Any:
    """A validator of values that matches patterns as the runtime does, and gives up where references fan out.

    Raises _Undecided.
    """
    from jsonschema import ValidationError

    # Its types say nothing of it.
    extend: Callable[..., Any] = import_module("jsonschema.validators").extend
    follow = validator_class.VALIDATORS["$ref"]
    left = [_MOST_REFERENCES]

    def reference(validator: Any, target: Any, value: Any, schema: Any) -> Iterator[Any]:
        left[0] -= 1
        yield from (follow(validator, target, value, schema) or ()) if left[0] > 0 else ()

    def pattern(validator: Any, wanted: str, value: Any, schema: Any) -> Iterator[Any]:
        if isinstance(value, str) and not is_checkable(wanted):
            raise _Undecided
        if isinstance(value, str) and not matches(wanted, value):
            yield ValidationError(f"{value!r} does not match {wanted!r}")

    return extend(validator_class, {"$ref": reference, "pattern": pattern})
