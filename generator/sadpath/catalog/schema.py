"""The JSON Schema of the catalog language, made from the very readers that parse it."""

from __future__ import annotations

from typing import Any

from sadpath.catalog.parse import CATALOG


def json_schema() -> dict[str, Any]:
    """A JSON Schema (2020-12) that accepts what the parser accepts, as far as a schema can tell."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "sadpath error catalog",
        **CATALOG.schema(),
    }
