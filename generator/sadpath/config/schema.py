"""The JSON Schema of the configuration, for editors."""

from __future__ import annotations

from typing import Any

from sadpath.config.read import DEFAULT_OUTPUT
from sadpath.config.settings import ALLOWANCES, TARGETS
from sadpath.config.values import API_NAME, LOCALE, PACKAGE


def json_schema() -> dict[str, Any]:
    """A JSON Schema (2020-12) of the table `[tool.sadpath]`, which is the whole of `sadpath.toml`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "sadpath configuration",
        "type": "object",
        "additionalProperties": False,
        "required": ["apis"],
        "properties": {
            "output": {
                "description": "The directory that files are written to, relative to this file.",
                "type": "string",
                "minLength": 1,
                "default": DEFAULT_OUTPUT,
            },
            "allow": _allow("in every document"),
            "apis": {
                "description": "One table for each API, by its name.",
                "type": "object",
                "minProperties": 1,
                "propertyNames": {"pattern": f"^{API_NAME}$"},
                "additionalProperties": _api(),
            },
        },
    }


def _api() -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["openapi", "package"],
        "properties": {
            "openapi": _text("The OpenAPI document, relative to this file."),
            "errors": _text("The error catalog, relative to this file; derived from the document where there is none."),
            "package": _text("The dotted name of the package to generate.", PACKAGE),
            "runtime": _text(
                "The package of the runtime; several APIs may share one. By default it is `_runtime` in the package.",
                PACKAGE,
            ),
            "targets": _list("What to generate; everything by default.", {"enum": list(TARGETS)}),
            "locales": _list(
                "The languages of texts; by default the catalog's.", {"type": "string", "pattern": f"^{LOCALE}$"}
            ),
            "texts": _text("What the words of the document are in the other languages, relative to this file."),
            "allow": _allow("in this document"),
        },
    }


def _allow(where: str) -> dict[str, Any]:
    return _list(f"What is refused {where} unless it stands here; nothing by default.", {"enum": list(ALLOWANCES)})


def _text(description: str, pattern: str | None = None) -> dict[str, Any]:
    form = {"pattern": f"^{pattern}$"} if pattern else {"minLength": 1}
    return {"description": description, "type": "string", **form}


def _list(description: str, items: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "type": "array", "minItems": 1, "items": items}
