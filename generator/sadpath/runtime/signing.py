"""Signs requests as the contract composes it, and checks on the other side that they are signed so."""

from __future__ import annotations

import re
import secrets as randomness
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from .challenges import parse_challenges
from .contract import ApiContract, Security
from .credentials import Authorization, SignedAuth, auth_scheme
from .request import HttpRequest
from .signatures import Fact, Message, MissingPart, Part, Secrets, Signature, is_genuine, part_text, sign
from .uploads import Payload

_PORTS: Final[Mapping[str, int]] = {"http": 80, "https": 443}
_NOT_QUOTABLE: Final = re.compile(r'["\\]|[^ -~]')


@dataclass(frozen=True, slots=True, repr=False)
class Signed:
    """A request under its signature, and what must never be seen again of it."""

    request: HttpRequest
    secrets: tuple[str, ...]


def under_signatures(request: HttpRequest, authorization: Authorization, api: ApiContract, now: datetime) -> Signed:
    """The request under every signature that its credentials ask for.

    Raises ValueError for a body that is read while it is sent, for a secret that is missing, and where the contract
    does not say how requests are signed.
    """
    found = Signed(request, ())
    for scheme, credential in authorization.signing:
        signature = api.signatures.get(scheme.scheme)
        if signature is None:
            raise ValueError(f"the contract does not say how requests are signed for {scheme.scheme!r}: give HttpAuth")
        made = _signed(found.request, scheme, signature, credential, now)
        found = Signed(made.request, (*found.secrets, *made.secrets))
    return found


def _signed(
    request: HttpRequest, scheme: Security, signature: Signature, credential: SignedAuth, now: datetime
) -> Signed:
    facts = facts_of(request.method, request.url)
    moment = credential.clock() if credential.clock is not None else now
    facts |= {"time": str(int(moment.timestamp())), "nonce": randomness.token_hex(16)}
    params = signed_params(signature, request, facts, credential.secrets)
    if any(_NOT_QUOTABLE.search(value) for value in params.values()):
        raise ValueError("an auth-param holds what cannot be quoted: a quotation mark, a backslash, or no ASCII")
    text = ", ".join(f'{name}="{value}"' for name, value in params.items())
    line = ("Authorization", f"{auth_scheme(scheme)} {text}")
    others = tuple(one for one in request.headers if one[0].lower() != "authorization")
    key = credential.secrets[signature.key] if signature.key is not None else ""
    secrets = tuple(one for one in (key, params[signature.at.param or ""], text) if one)
    return Signed(replace(request, headers=(*others, line)), secrets)


def signed_params(
    signature: Signature, request: HttpRequest, facts: Mapping[Fact, str], secrets: Mapping[str, str]
) -> dict[str, str]:
    """The auth-params of a request, in the contract's order, the signature last; `facts` has the time and the nonce."""
    if isinstance(request.body, Payload):
        raise ValueError("a body that is read while it is sent cannot be signed: give its bytes")
    for name in signature.secrets:
        if not secrets.get(name):
            raise ValueError(f"the secret {name!r} is needed for {signature.name}, and is not empty")
    message = Message(headers=dict(request.headers), facts=facts, body=request.body or b"")
    made = _written(signature.params, message, secrets)
    name = signature.at.param or ""
    return {**made, name: sign(signature, replace(message, params=made), secrets)}


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


def _written(params: Mapping[str, Part], message: Message, secrets: Mapping[str, str]) -> dict[str, str]:
    return {name: part_text(part, message, secrets).decode("utf-8") for name, part in params.items()}


def _says_the_same(params: Mapping[str, Part], message: Message, given: Mapping[str, str]) -> bool:
    """What is signed of the body by its hash alone has to be the hash of this body."""
    hashes = {name: part for name, part in params.items() if part.digest is not None}
    return all(given.get(name, "") == text for name, text in _written(hashes, message, {}).items())
