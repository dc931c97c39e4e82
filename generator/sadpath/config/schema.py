"""The JSON Schema of the configuration, for editors."""

from __future__ import annotations

from typing import Any

from sadpath.config.docs import docs_schema
from sadpath.config.read import DEFAULT_OUTPUT
from sadpath.config.settings import ALLOWANCES, BASELINE_FILE, TARGETS
from sadpath.config.values import API_NAME, LOCALE, PACKAGE
from sadpath.diagnostics import Severity
from sadpath.diagnostics.policy import FAIL_ON, can_be_eased
from sadpath.diagnostics.registry import all_rules


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
            "templates": _text("A folder of templates that replace those of the same name, relative to this file."),
            "allow": _allow("in every document"),
            "lint": _lint(),
            "docs": docs_schema(),
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
            "targets": _list(
                "What to generate; everything by default. Further targets are those of installed packages.",
                {"anyOf": [{"enum": list(TARGETS)}, {"type": "string"}]},
            ),
            "output": _text("The directory that the files of this API are written to, instead of the common one."),
            "locales": _list(
                "The languages of texts; by default the catalog's.", {"type": "string", "pattern": f"^{LOCALE}$"}
            ),
            "texts": _text("What the words of the document are in the other languages, relative to this file."),
            "overlays": _list(
                "Overlays (OpenAPI Overlay 1.0) that are applied to the document, in this order.",
                {"type": "string", "minLength": 1},
            ),
            "rename": {
                "description": "Python names by operationId, or by JSON Pointer into the document (#/components/schemas/A).",
                "type": "object",
                "additionalProperties": {"type": "string", "minLength": 1},
            },
            "allow": _allow("in this document"),
            "ignore": _list("Rules whose findings in this API are not shown.", _rule()),
        },
    }


def _lint() -> dict[str, Any]:
    levels = [level.value for level in Severity]
    return {
        "description": "How much findings weigh.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "ignore": _list("Rules whose findings are not shown.", _rule()),
            "severity": {
                "description": "How much the findings of a rule weigh, by its code.",
                "type": "object",
                "propertyNames": _rule(),
                "additionalProperties": {"enum": levels},
            },
            "fail-on": {
                "description": "The least weight of a finding that makes a run fail.",
                "enum": list(FAIL_ON),
                "default": "error",
            },
            "baseline": {**_text("The file of known findings, relative to this file."), "default": BASELINE_FILE},
        },
    }


def _rule() -> dict[str, Any]:
    """The rules that may be ignored: what is an error has to be mended."""
    return {"enum": [code for code, rule in all_rules().items() if can_be_eased(rule)]}


def _allow(where: str) -> dict[str, Any]:
    about = f"What is refused, or not matched, {where} unless it stands here; nothing by default."
    return _list(about, {"enum": list(ALLOWANCES)})


def _text(description: str, pattern: str | None = None) -> dict[str, Any]:
    form = {"pattern": f"^{pattern}$"} if pattern else {"minLength": 1}
    return {"description": description, "type": "string", **form}


def _list(description: str, items: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "type": "array", "minItems": 1, "items": items}
