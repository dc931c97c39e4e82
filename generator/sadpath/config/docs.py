"""The table `docs` of the configuration: what the site of a workspace is called, and what stands in it beside the reference."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from sadpath.config.settings import DocsSettings
from sadpath.config.values import Table

_KEYS: Final = ("title", "description", "guides", "url", "repository")
_ADDRESS: Final = r"https?://[^\s<>\"?#\\]+"


def read_docs(table: Table, root: Path) -> DocsSettings:
    """The settings of the site, those that nobody wrote by default."""
    docs = table.table("docs")
    if docs is None:
        return DocsSettings()
    docs.only(_KEYS)
    return DocsSettings(
        title=docs.text("title", "a text"),
        description=docs.text("description", "a text"),
        guides=docs.path("guides", root),
        url=_address(docs, "url"),
        repository=_address(docs, "repository"),
        guides_place=docs.place.child("guides"),
    )


def _address(table: Table, name: str) -> str | None:
    """An absolute URL without a slash at its end."""
    text = table.text(name, "an absolute URL")
    if text is not None and not re.fullmatch(_ADDRESS, text):
        table.refuse(name, "an absolute URL")
        return None
    return None if text is None else text.rstrip("/")


def docs_schema() -> dict[str, Any]:
    """The JSON Schema of the table."""
    address = {"type": "string", "pattern": f"^{_ADDRESS}$"}
    text = {"type": "string", "minLength": 1}
    return {
        "description": "The site that `sadpath docs build` makes.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "title": {"description": "The name of the site; that of the API where there is but one.", **text},
            "description": {"description": "What the site is about, in a sentence or two.", **text},
            "guides": {"description": "A folder of Markdown pages of your own, relative to this file.", **text},
            "url": {"description": "Where the site will be; problem types begin with it.", **address},
            "repository": {"description": "Where the sources are; guides may refer to files there.", **address},
        },
    }
