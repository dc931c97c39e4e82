"""Security Scheme Objects, and the check that requirements name schemes that exist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, cast

from sadpath.diagnostics import listed, quote, suggestion
from sadpath.diagnostics.rules_openapi import UNKNOWN_VALUE
from sadpath.openapi.model import SecurityScheme
from sadpath.openapi.node import Node
from sadpath.openapi.resolve import Followed, Resolver

SchemeKind = Literal["apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"]
KeyLocation = Literal["query", "header", "cookie"]
_KINDS: Final = ("apiKey", "http", "mutualTLS", "oauth2", "openIdConnect")
_LOCATIONS: Final = ("query", "header", "cookie")


def parse_security_schemes(components: Node, resolver: Resolver) -> Iterator[tuple[str, SecurityScheme]]:
    """The schemes under `components/securitySchemes` by name."""
    for name, entry in components.named("securitySchemes"):
        followed = resolver.follow(entry)
        scheme = _scheme(name, followed) if followed is not None and followed.node.is_mapping() else None
        if scheme is not None:
            yield name, scheme


def _scheme(name: str, followed: Followed) -> SecurityScheme | None:
    node = followed.node
    kind = _word(node, "type", _KINDS)
    if kind is None:
        return None
    scheme = node.text("scheme", required=kind == "http")
    location = _word(node, "in", _LOCATIONS) if kind == "apiKey" else None
    flows = node.field("flows")
    if kind == "oauth2" and flows is None:
        node.missing("flows")
    return SecurityScheme(
        place=node.place,
        name=name,
        kind=cast(SchemeKind, kind),
        description=followed.text(),
        scheme=scheme if kind == "http" else None,
        bearer_format=node.text("bearerFormat"),
        location=cast("KeyLocation | None", location),
        parameter=node.text("name", required=True) if kind == "apiKey" else None,
        flows=flows.value if flows is not None and flows.is_mapping() else {},
        extensions=node.extensions(),
    )


def _word(node: Node, field: str, words: tuple[str, ...]) -> str | None:
    text = node.text(field, required=True)
    if text is None or text in words:
        return text
    found = node.child(field)
    message = f"{quote(field)} can't be {quote(text)} here, but {listed(words)}"
    found.report.add(UNKNOWN_VALUE, message, found.place, help=suggestion(text, words))
    return None
