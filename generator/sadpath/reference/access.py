"""Where operations are and who may use them, in words: servers and credentials on the reference's pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sadpath.ir.service import Operation, Parameter
from sadpath.ir.types import Field, default_text
from sadpath.reference.labels import Labels
from sadpath.reference.markdown import Markdown, code, inline, line
from sadpath.runtime.contract import Security
from sadpath.runtime.credentials import auth_scheme
from sadpath.runtime.signatures import Signature

_CLASSES: Final[Mapping[str, str]] = {
    "basic": 'BasicAuth("...", "...")',
    "bearer": 'BearerAuth("...")',
    "oauth2": 'BearerAuth("...")',
    "openIdConnect": 'BearerAuth("...")',
    "apiKey": 'ApiKeyAuth("...")',
}
_ENDS: Final = (".", "!", "?")


def credentials(operation: Operation, labels: Labels, signatures: Mapping[str, Signature]) -> Markdown:
    """What an operation takes, in alternatives, and what a client is given for it; empty where it takes no credentials."""
    if not any(operation.security):
        return Markdown("")
    alternatives = (
        f" {labels.and_} ".join(_scheme(scheme, labels, signatures) for scheme in alternative) or labels.nothing
        for alternative in operation.security
    )
    return Markdown(f" {labels.or_} ".join(dict.fromkeys(alternatives)))


def _scheme(scheme: Security, labels: Labels, signatures: Mapping[str, Signature]) -> str:
    scopes = f" ({', '.join(code(scope) for scope in scheme.scopes)})" if scheme.scopes else ""
    given = _given(scheme, signatures)
    return f"{code(scheme.scheme)}: {_kind(scheme, labels)}{scopes}{f' · {code(given)}' if given else ''}"


def _given(scheme: Security, signatures: Mapping[str, Signature]) -> str:
    """The credentials as a client is given them."""
    signature = signatures.get(scheme.scheme)
    if signature is not None:
        secrets = ", ".join(f'"{name}": "..."' for name in signature.secrets)
        return f"SignedAuth({{{secrets}}})"
    if scheme.kind == "http":
        return f'HttpAuth("{auth_scheme(scheme)}", "...")'
    return _CLASSES.get(scheme.kind, "")


def _kind(scheme: Security, labels: Labels) -> str:
    if scheme.kind == "undescribed":
        return labels.undescribed
    if scheme.kind == "apiKey":
        return f"{scheme.location} {code(scheme.parameter or 'Authorization')}"
    names = {"oauth2": "OAuth 2, Bearer", "openIdConnect": "OpenID Connect, Bearer", "mutualTLS": "mutual TLS"}
    return names.get(scheme.kind) or inline(auth_scheme(scheme))


def servers(operation: Operation) -> Markdown:
    """The servers that an operation has for itself."""
    return Markdown(", ".join(code(server.url) for server in operation.servers))


def described(item: Parameter | Field, labels: Labels) -> Markdown:
    """What is to be said of a parameter or a member: its description, its default, and that it is deprecated."""
    text = line(item.description or "")
    if item.default is None and not item.deprecated:
        return text if not text or text.endswith(_ENDS) else Markdown(f"{text}.")
    parts: list[str] = [text]
    if item.default is not None:
        parts.append(f"{labels.default}: {_cell(code(default_text(item.default)))}")
    if item.deprecated:
        parts.append(labels.deprecated)
    return Markdown(" ".join(part if part.endswith(_ENDS) else f"{part}." for part in parts if part))


def _cell(text: Markdown) -> str:
    return text.replace("|", "\\|")
