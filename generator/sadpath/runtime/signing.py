"""Signs requests as the contract composes it, each attempt afresh."""

from __future__ import annotations

import re
import secrets as randomness
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from .contract import ApiContract, Security
from .credentials import Authorization, SignedAuth, auth_scheme
from .frozen import dataclass
from .proofs import facts_of, written_params
from .request import HttpRequest
from .signatures import Fact, Message, Signature, sign
from .uploads import Payload

_REWRITTEN: Final = re.compile(r"[^!-~]|[\"<>\\`{}]|^[^?]*/\.{1,2}(?=[/?]|$)")
"""What an HTTP library writes in another way, or resolves, when it sends a URL."""
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
    if _REWRITTEN.search(facts["target"]):
        raise ValueError(
            "the URL is sent in another form than it is signed in: percent-encode it, without `.` and `..`"
        )
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
    made = written_params(signature.params, message, secrets)
    name = signature.at.param or ""
    return {**made, name: sign(signature, replace(message, params=made), secrets)}
