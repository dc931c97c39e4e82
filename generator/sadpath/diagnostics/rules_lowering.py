"""The rules for what a document says that cannot be expressed as it stands (SP4xx)."""

from __future__ import annotations

from typing import Final

from sadpath.diagnostics.model import Rule, Severity

SCHEMA_CONFLICT: Final = Rule(
    "SP401",
    "schema-conflict",
    Severity.ERROR,
    "Parts of an `allOf` contradict each other.",
    "No value can satisfy both, so a model of it could never be built.",
    "Make the parts agree, or take the member out of one of them.",
)
UNSUPPORTED_MEDIA_TYPE: Final = Rule(
    "SP402",
    "unsupported-media-type",
    Severity.WARNING,
    "A media type has no typed representation here.",
    "Bodies of this type are handed over as bytes.",
    "Offer a JSON representation beside it, if there is one.",
)
UNSUPPORTED_KEYWORD: Final = Rule(
    "SP403",
    "unsupported-keyword",
    Severity.INFO,
    "A JSON Schema keyword is not enforced by the generated code.",
    "Values that it forbids are neither refused when building nor noted when reading.",
    "Nothing needs to be done; the API still checks it.",
)
UNSUPPORTED_SECURITY: Final = Rule(
    "SP404",
    "unsupported-security",
    Severity.WARNING,
    "A way to authenticate cannot be carried out by the generated client.",
    "Operations that accept nothing else need credentials set up by hand, on the HTTP client that is handed in.",
    "Hand in an HTTP client that authenticates.",
)
UNSUPPORTED_PARAMETER: Final = Rule(
    "SP405",
    "unsupported-parameter",
    Severity.WARNING,
    "A parameter cannot be sent by the generated client.",
    "The operation is generated without it.",
    "Send it with the headers of a call, or describe it in a supported form.",
)
PAGINATION: Final = Rule(
    "SP406",
    "pagination",
    Severity.ERROR,
    "A pagination note does not fit the operation.",
    "Iterating over pages would stop after the first one, or never.",
    "Name the JSON Pointers of the items and of the next cursor, and the query parameter that takes the cursor.",
)
