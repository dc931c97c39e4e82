"""The form of runtime expressions (OpenAPI 3.1, section 4.8.20.4), by which links name values of an exchange."""

from __future__ import annotations

import re
from typing import Final

EXPRESSION: Final = re.compile(
    r"\$(?:(?P<plain>url|method|statusCode)"
    r"|(?P<side>request|response)\.(?:(?P<part>header|query|path)\.(?P<name>[^{}]+)|body(?:#(?P<pointer>(?:/[^{}]*)?))?))"
)
EMBEDDED: Final = re.compile(r"\{(\$[^{}]+)\}")


def is_expression(text: str) -> bool:
    """Whether a text is a runtime expression, or one that should be; `$` alone starts one."""
    return text.startswith("$") or bool(EMBEDDED.search(text))


def is_well_formed(text: str) -> bool:
    """Whether every runtime expression in a text can be evaluated."""
    found = [text] if text.startswith("$") else EMBEDDED.findall(text)
    matches = [EXPRESSION.fullmatch(expression) for expression in found]
    return all(
        match is not None and not (match["side"] == "response" and match["part"] in ("query", "path"))
        for match in matches
    )
