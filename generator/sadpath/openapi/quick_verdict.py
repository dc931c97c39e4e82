"""Whether a document is worth a second opinion at all: a compiled validator's yes or no, where one is installed.

It knows no words of ours, and is a hundred times faster than what has them: what it calls valid needs no words.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, TypeAlias

_METASCHEMAS: Final = {
    "3.0": "http://json-schema.org/draft-04/schema#",
    "3.1": "https://spec.openapis.org/oas/3.1/dialect/base",
    "3.2": "https://spec.openapis.org/oas/3.2/dialect/2025-09-17",
}
"""What openapi-spec-validator holds schemas against that name no dialect."""
_NEVER_CHECKED: Final = ("uri", "uri-reference", "email", "uri-template", "media-range")
"""Formats of the metaschemas that the slow validator takes for annotations."""

Verdict: TypeAlias = Callable[[Any], bool]
"""Whether a tree is beyond doubt; False may mean either."""


@cache
def is_valid_document(version: str) -> Verdict:
    """Tells whether a document has the structure of its version of OpenAPI, such as "3.1"; always no where nothing can tell."""
    compiled = _compiled(version)
    return _doubtful if compiled is None else lambda tree: _asked(compiled.is_valid, tree)


def faulty_paths(version: str, tree: Any) -> list[list[str | int]] | None:
    """Where a document deviates from that structure; None where nothing can tell."""
    compiled = _compiled(version)
    try:
        return None if compiled is None else [list(one.instance_path) for one in compiled.iter_errors(tree)]
    except Exception:  # values that it can't represent
        return None


def _fits(_: object) -> bool:
    return True


@cache
def is_valid_schema(version: str) -> Verdict:
    """Tells whether a schema is one of the dialect of its version of OpenAPI; always no where nothing can tell."""
    library = _library()
    if library is None:
        return _doubtful
    try:
        formats = dict.fromkeys(_NEVER_CHECKED, _fits)
        options: dict[str, Any] = {"validate_formats": True, "formats": formats}
        if version == "3.0":
            # Its own copy of this metaschema is a later one, which lets values of `enum` stand twice.
            compiled = library.Draft4Validator(
                _read(_file("jsonschema_specifications", "schemas/draft4/metaschema.json")), **options
            )
        else:
            registry = library.Registry(_dialects())
            compiled = library.Draft202012Validator({"$ref": _METASCHEMAS[version]}, registry=registry, **options)
    except Exception:
        return _doubtful
    return lambda schema: _asked(compiled.is_valid, schema)


def dialect(version: str) -> str:
    """The dialect of a schema that names none."""
    return _METASCHEMAS[version]


def structure(version: str) -> Any:
    """The schema of the documents of a version of OpenAPI."""
    return _read(_file("openapi_spec_validator", f"resources/schemas/v{version}/schema.json"))


def _doubtful(_: Any) -> bool:
    return False


def _asked(ask: Verdict, value: Any) -> bool:
    try:
        return ask(value)
    except Exception:  # half of a surrogate pair, too many levels: the slow validator copes
        return False


@cache
def _compiled(version: str) -> Any:
    library = _library()
    if library is None:
        return None
    try:
        schema = structure(version)
        return library.validator_cls_for(schema)(schema, validate_formats=False)
    except Exception:
        return None


def _dialects() -> list[tuple[str, Any]]:
    folder = _file("openapi_schema_validator", "schemas")
    paths = sorted(one for one in folder.rglob("*") if one.is_file() and not one.name.startswith("."))
    found = [_read(path) for path in paths]
    return [(one["$id"], one) for one in found]


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _file(package: str, path: str) -> Path:
    """A file of a package that takes long to import; raises `LookupError` where there is no such package."""
    found = find_spec(package)
    if found is None or found.origin is None:
        raise LookupError(package)
    return Path(found.origin).parent / path


@cache
def _library() -> Any:
    try:
        return import_module("jsonschema_rs")
    except ImportError:
        return None
