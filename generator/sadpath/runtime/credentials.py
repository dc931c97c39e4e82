"""Credentials of a client: how each is put into a request, and which parts of it are secret."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .contract import Security


@dataclass(frozen=True, slots=True)
class BasicAuth:
    """HTTP Basic (RFC 7617); the user name and the password are sent in UTF-8."""

    username: str
    password: str = field(repr=False)

    def __post_init__(self) -> None:
        if ":" in self.username:
            raise ValueError("a user name of HTTP Basic holds no colon")

    @property
    def encoded(self) -> str:
        """What stands after `Basic `."""
        return base64.b64encode(f"{self.username}:{self.password}".encode()).decode("ascii")


@dataclass(frozen=True, slots=True)
class BearerAuth:
    """A bearer token (RFC 6750), or a function that is called for the token of each request."""

    token: str | Callable[[], str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ApiKeyAuth:
    """A key in a header, a query parameter or a cookie; `scheme` names the security scheme where the API has several."""

    value: str = field(repr=False)
    scheme: str | None = None


Credential = BasicAuth | BearerAuth | ApiKeyAuth
Credentials = Credential | Sequence[Credential]


@dataclass(frozen=True, slots=True)
class Authorization:
    """What credentials add to one request; `secrets` is what must never be seen again."""

    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    cookies: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)


class NoCredential(Exception):
    """The client has credentials, and none that the operation takes."""


def authorize(security: Iterable[tuple[Security, ...]], credentials: Sequence[Credential]) -> Authorization:
    """The first alternative that the credentials satisfy; nothing where the client has none. Raises NoCredential."""
    alternatives = tuple(security)
    if not alternatives or not credentials:
        return Authorization()
    for alternative in sorted(alternatives, key=lambda schemes: not schemes):
        chosen = [_matching(scheme, credentials) for scheme in alternative if scheme.kind != "mutualTLS"]
        if all(credential is not None for credential in chosen):
            schemes = [scheme for scheme in alternative if scheme.kind != "mutualTLS"]
            return _joined(
                [_apply(scheme, credential) for scheme, credential in zip(schemes, chosen, strict=True) if credential]
            )
    names = " or ".join(" and ".join(scheme.scheme for scheme in alternative) for alternative in alternatives)
    raise NoCredential(f"the operation takes {names}")


def _matching(scheme: Security, credentials: Sequence[Credential]) -> Credential | None:
    if scheme.kind == "apiKey":
        keys = [credential for credential in credentials if isinstance(credential, ApiKeyAuth)]
        named = [key for key in keys if key.scheme == scheme.scheme]
        return next(iter(named or [key for key in keys if key.scheme is None]), None)
    wanted = BasicAuth if scheme.kind == "basic" else BearerAuth
    return next((credential for credential in credentials if isinstance(credential, wanted)), None)


def _apply(scheme: Security, credential: Credential) -> Authorization:
    if isinstance(credential, BasicAuth):
        encoded = credential.encoded
        return Authorization((("Authorization", f"Basic {encoded}"),), secrets=(credential.password, encoded))
    if isinstance(credential, BearerAuth):
        token = _visible(credential.token if isinstance(credential.token, str) else credential.token())
        return Authorization((("Authorization", f"Bearer {token}"),), secrets=(token,))
    pair = ((scheme.parameter or "Authorization", _visible(credential.value)),)
    secrets = (credential.value,)
    if scheme.location == "query":
        return Authorization(query=pair, secrets=secrets)
    if scheme.location == "cookie":
        return Authorization(cookies=pair, secrets=secrets)
    return Authorization(pair, secrets=secrets)


def secrets_in(headers: Mapping[str, str], security: Iterable[tuple[Security, ...]]) -> tuple[str, ...]:
    """What must never be seen again of header fields that a caller adds: credentials, cookies, API keys."""
    keys = {
        (scheme.parameter or "Authorization").lower()
        for alternative in security
        for scheme in alternative
        if scheme.kind == "apiKey"
    }
    found: list[str] = []
    for name, value in headers.items():
        if name.lower() in ("authorization", "proxy-authorization"):
            found += [value, *_credentials_in(value)]
        elif name.lower() == "cookie":
            found += [value, *(part.strip().partition("=")[2].strip('"') for part in value.split(";"))]
        elif name.lower() in keys:
            found.append(value)
    return tuple(found)


def _credentials_in(value: str) -> list[str]:
    """What stands after the scheme of an `Authorization` field, and the password in it where the scheme is Basic."""
    scheme, _, rest = value.strip().partition(" ")
    found = [rest.strip()]
    if scheme.lower() == "basic":
        with contextlib.suppress(ValueError):
            found.append(base64.b64decode(rest, validate=True).decode("utf-8").partition(":")[2])
    return found


def _visible(secret: str) -> str:
    if not secret or any(not " " < character <= "~" for character in secret):
        raise ValueError("a token or key is visible ASCII without spaces")
    return secret


def _joined(parts: Iterable[Authorization]) -> Authorization:
    parts = tuple(parts)
    return Authorization(
        tuple(line for part in parts for line in part.headers),
        tuple(pair for part in parts for pair in part.query),
        tuple(pair for part in parts for pair in part.cookies),
        tuple(secret for part in parts for secret in part.secrets),
    )
