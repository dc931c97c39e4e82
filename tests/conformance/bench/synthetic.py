"""Makes up documents of a size, for whoever has no large one at hand."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import yaml

_MEMBERS = 12


def document(operations: int) -> dict[str, Any]:
    """A document with so many operations, a schema for each two of them, and errors that they share: each time the same."""
    chance = random.Random(7)
    count = max(operations // 2, 1)
    schemas = {f"Thing{number}": _thing(number, count, chance) for number in range(count)}
    paths: dict[str, Any] = {}
    for number in range(operations // 2):
        paths[f"/group{number % 40}/things{number}/{{id}}"] = _item(number)
    fault = {
        "type": "object",
        "required": ["code"],
        "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Made up", "version": "1", "description": "Things of many kinds."},
        "servers": [{"url": "https://things.example"}],
        "paths": paths,
        "components": {"schemas": {**schemas, "Fault": fault}},
    }


def _thing(number: int, count: int, chance: random.Random) -> dict[str, Any]:
    kinds: list[dict[str, Any]] = [
        {"type": "string", "description": "A word about it, which is short."},
        {"type": "integer", "format": "int64", "minimum": 0},
        {"type": "string", "format": "date-time"},
        {"type": "array", "items": {"$ref": f"#/components/schemas/Thing{chance.randrange(count)}"}},
        {"$ref": f"#/components/schemas/Thing{chance.randrange(count)}"},
        {"type": "string", "enum": ["new", "used", "broken"]},
        {"type": "object", "properties": {"width": {"type": "number"}, "height": {"type": "number"}}},
    ]
    members = {f"member_{place}": chance.choice(kinds) for place in range(_MEMBERS)}
    return {
        "type": "object",
        "description": f"Thing number {number}, and all that is known about it.",
        "required": ["id", "member_0"],
        "properties": {"id": {"type": "string", "format": "uuid"}, **members},
    }


def _item(number: int) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/Thing{number}"}}}
    fault = {"application/json": {"schema": {"$ref": "#/components/schemas/Fault"}}}
    answers = {
        "200": {"description": "The thing.", "content": content},
        "400": {"description": "The request is wrong.", "content": fault},
        "404": {"description": "There is no such thing.", "content": fault},
    }
    tags = [f"group{number % 40}"]
    query = {"name": "fields", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}}
    return {
        "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}],
        "get": {"operationId": f"getThing{number}", "tags": tags, "parameters": [query], "responses": answers},
        "put": {
            "operationId": f"putThing{number}",
            "tags": tags,
            "requestBody": {"required": True, "content": content},
            "responses": answers,
        },
    }


def made_up(path: Path, operations: int) -> Path:
    """The document as a file."""
    path.write_text(json.dumps(document(operations), indent=2), encoding="utf-8")
    return path


def of_size(path: Path, least: int) -> Path:
    """A document of that many bytes at least, and hardly more."""
    operations = 20
    while made_up(path, operations).stat().st_size < least:
        operations = operations * 11 // 10 + 2
    return path


def as_yaml(path: Path, document: Path) -> Path:
    """A document that is JSON, written as YAML in the style that most YAML has: a line for each member."""
    content = json.loads(document.read_text(encoding="utf-8"))
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=1_000_000)
    return path
