"""Checks that a request is signed as the contract composes it: the other side of signing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from .challenges import parse_challenges
from .frozen import dataclass
from .signatures import Fact, Message, MissingPart, Part, Secrets, Signature, is_genuine, part_text

_PORTS: Final[Mapping[str, int]] = {"http": 80, "https": 443}


def facts_of(method: str, url: str) -> dict[Fact, str]:
    """What is signed of where a request goes; the port is that of the scheme where the URL has none."""
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    port = parts.port or _PORTS.get(parts.scheme, 443)
    return {"method": method, "target": target, "host": (parts.hostname or "").lower(), "port": str(port)}


@dataclass(frozen=True, slots=True)
class Proof:
    """What a server has to check a signed request by: the request as it came, and its `Authorization`."""

    method: str
    url: str
    authorization: str
    body: bytes
    headers: Mapping[str, str]


def stated_params(authorization: str) -> dict[str, str]:
    """The auth-params of an `Authorization` field, such as the id of who signed; empty where there are none."""
    found = parse_challenges([authorization])
    return dict(found[0].parameters) if len(found) == 1 else {}


def is_signed(signature: Signature, proof: Proof, secrets: Secrets) -> bool:
    """Whether a request is signed by who knows the secrets.

    That the time is near and the nonce is new is the business of the caller, who alone remembers. Raises ValueError
    for a secret that is missing.
    """
    given = stated_params(proof.authorization)
    name = signature.at.param or ""
    facts = facts_of(proof.method, proof.url)
    for param, part in signature.params.items():
        if part.request in ("time", "nonce"):
            facts[part.request] = given.get(param, "")
    message = Message(headers=proof.headers, facts=facts, body=proof.body, params=given)
    try:
        return _says_the_same(signature.params, message, given) and is_genuine(
            signature, message, given.get(name, ""), secrets
        )
    except MissingPart:
        return False


def written_params(params: Mapping[str, Part], message: Message, secrets: Mapping[str, str]) -> dict[str, str]:
    """The auth-params beside the signature. Raises MissingPart."""
    return {name: part_text(part, message, secrets).decode("utf-8") for name, part in params.items()}


def _says_the_same(params: Mapping[str, Part], message: Message, given: Mapping[str, str]) -> bool:
    """What is signed of the body by its hash alone has to be the hash of this body."""
    hashes = {name: part for name, part in params.items() if part.digest is not None}
    return all(given.get(name, "") == text for name, text in written_params(hashes, message, {}).items())
