"""`sadpath config schema` and `sadpath catalog schema`: JSON Schemas for editors, as text."""

from __future__ import annotations

import json
from typing import Any


def config_schema_text() -> str:
    from sadpath.config.schema import json_schema

    return _text(json_schema())


def catalog_schema_text() -> str:
    from sadpath.catalog.schema import json_schema

    return _text(json_schema())


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
