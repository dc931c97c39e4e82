"""Credentials of a client: how each is put into a request, and which parts of it are secret."""

from __future__ import annotations

import base64
import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Final

from .contract import Security
from .frozen import dataclass

_TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_PROOF: Final = 16
"""Shorter values of an auth-param are names, counters and realms."""


@dataclass(frozen=True, slots=True)
class BasicAuth:
    """HTTP Basic (RFC 7617); the user name and the password are sent in UTF-8.

    `scheme` names the security scheme where the API has several of this kind.
    """

    username: str
    password: str = field(repr=False)
    scheme: str | None = None

    def __post_init__(self) -> None:
        if ":" in self.username:
            raise ValueError("a user name of HTTP Basic holds no colon")

    @property
    def encoded(self) -> str:
        """What stands after `Basic `."""
        return base64.b64encode(f"{self.username}:{self.password}".encode()).decode("ascii")


@dataclass(frozen=True, slots=True)
class BearerAuth:
    """A bearer token (RFC 6750), or a function that is called for the token of each request.

    `scheme` names the security scheme where the API has several of this kind.
    """

    token: str | Callable[[], str] = field(repr=False)
    scheme: str | None = None

    def __post_init__(self) -> None:
        if isinstance(self.token, str):
            _visible(self.token)


@dataclass(frozen=True, slots=True)
class ApiKeyAuth:
    """A key in a header, a query parameter or a cookie; `scheme` names the security scheme where the API has several.

    A key in a header may hold spaces, such as `Bearer x`; one in a cookie may hold neither these nor quotes, commas,
    semicolons and backslashes.
    """

    value: str = field(repr=False)
    scheme: str | None = None

    def __post_init__(self) -> None:
        _key(self.value)


@dataclass(frozen=True, slots=True)
class HttpAuth:
    """Any other scheme of `Authorization` (RFC 9110, section 11.6.2), such as Digest: what stands after its name.

    `credentials` may be a function that is called for each request.
    """

    scheme: str
    credentials: str | Callable[[], str] = field(repr=False)

    def __post_init__(self) -> None:
        if not _TOKEN.fullmatch(self.scheme):
            raise ValueError("an authentication scheme is a token, such as Digest")
        if isinstance(self.credentials, str):
            _parts_of(self.credentials)


@dataclass(frozen=True, slots=True)
class SignedAuth:
    """Requests that are signed as the contract says, each attempt afresh: `secrets` by the names that it gives them.

    The mapping is read for each attempt: whoever renews a token changes what it holds.

    `scheme` names the security scheme where the API has several of this kind. `clock` gives the time to sign under,
    aware, where that of this machine is not the one that the API goes by.
    """

    secrets: Mapping[str, str] = field(repr=False)
    scheme: str | None = None
    clock: Callable[[], datetime] | None = None


Credential = BasicAuth | BearerAuth | ApiKeyAuth | HttpAuth | SignedAuth
Credentials = Credential | Sequence[Credential]


@dataclass(frozen=True, slots=True)
class Authorization:
    """What credentials add to one request; `secrets` is what must never be seen again, `signing` what the whole of it is signed with."""

    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    cookies: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    signing: tuple[tuple[Security, SignedAuth], ...] = field(default=(), repr=False)


class NoCredential(Exception):
    """The client has credentials, and none that the operation takes."""


_CLASSES: Final[Mapping[str, str]] = {"basic": "BasicAuth", "apiKey": "ApiKeyAuth", "http": "HttpAuth"}


def auth_scheme(scheme: Security) -> str:
    """What stands first in `Authorization`."""
    return "Basic" if scheme.kind == "basic" else scheme.auth_scheme or "Bearer"


def authorize(security: Iterable[tuple[Security, ...]], credentials: Sequence[Credential]) -> Authorization:
    """The first alternative that the credentials satisfy; nothing where the client has none. Raises NoCredential.

    One without credentials is the last to be chosen. A client certificate is the business of the HTTP client.
    """
    alternatives = tuple(security)
    if not alternatives or not credentials:
        return Authorization()
    for alternative in sorted(alternatives, key=lambda schemes: not _carried(schemes)):
        schemes = _carried(alternative)
        single = sum(scheme.kind == "apiKey" for scheme in schemes) < 2
        chosen = [_matching(scheme, credentials, single=single) for scheme in schemes]
        if all(credential is not None for credential in chosen):
            return _joined(_applied(schemes, chosen))
    raise NoCredential(f"the operation takes {' or '.join(_wanted(alternative) for alternative in alternatives)}")


def _applied(schemes: Sequence[Security], chosen: Sequence[Credential | None]) -> Iterator[Authorization]:
    """What each credential adds; one token that serves several schemes is sent, and asked for, once."""
    used: list[Credential] = []
    for scheme, credential in zip(schemes, chosen, strict=True):
        is_again = not isinstance(credential, ApiKeyAuth) and any(credential is known for known in used)
        if credential is not None and not is_again:
            used.append(credential)
            yield _apply(scheme, credential)


def _carried(schemes: Iterable[Security]) -> list[Security]:
    """Those that are put into a request; a certificate belongs to the connection, and what is not described to the HTTP client."""
    return [scheme for scheme in schemes if scheme.kind not in ("mutualTLS", "undescribed")]


def _wanted(alternative: tuple[Security, ...]) -> str:
    schemes = _carried(alternative)
    single = sum(scheme.kind == "apiKey" for scheme in schemes) < 2
    return " and ".join(_credential_text(scheme, single=single) for scheme in schemes)


def _credential_text(scheme: Security, *, single: bool) -> str:
    name = _CLASSES.get(scheme.kind, "BearerAuth")
    if scheme.kind == "http":
        return f"{name}({auth_scheme(scheme)!r}, ...) for {scheme.scheme!r}"
    if scheme.kind == "apiKey" and not single:
        return f"{name}(..., scheme={scheme.scheme!r})"
    return f"{name} for {scheme.scheme!r}"


def _matching(scheme: Security, credentials: Sequence[Credential], *, single: bool) -> Credential | None:
    """The credential for a scheme; a key without a name is for the one key that is needed, never for one of several."""
    if scheme.kind == "apiKey":
        keys = [credential for credential in credentials if isinstance(credential, ApiKeyAuth)]
        named = [key for key in keys if key.scheme == scheme.scheme]
        return next(iter(named or [key for key in keys if key.scheme is None and single]), None)
    if scheme.kind == "http":
        wanted = auth_scheme(scheme).lower()
        others = [credential for credential in credentials if isinstance(credential, HttpAuth)]
        ready = next((credential for credential in others if credential.scheme.lower() == wanted), None)
        signers = [credential for credential in credentials if isinstance(credential, SignedAuth)]
        signer = next((one for one in signers if one.scheme == scheme.scheme), None)
        return ready or signer or next((one for one in signers if one.scheme is None), None)
    kind = BasicAuth if scheme.kind == "basic" else BearerAuth
    fitting = [credential for credential in credentials if isinstance(credential, kind)]
    meant = [credential for credential in fitting if credential.scheme == scheme.scheme]
    return next(iter(meant or [credential for credential in fitting if credential.scheme is None]), None)


def _apply(scheme: Security, credential: Credential) -> Authorization:
    if isinstance(credential, BasicAuth):
        encoded = credential.encoded
        return Authorization((("Authorization", f"Basic {encoded}"),), secrets=(credential.password, encoded))
    if isinstance(credential, BearerAuth):
        token = _visible(credential.token if isinstance(credential.token, str) else credential.token())
        return Authorization((("Authorization", f"Bearer {token}"),), secrets=(token,))
    if isinstance(credential, SignedAuth):
        return Authorization(signing=((scheme, credential),))
    if isinstance(credential, HttpAuth):
        text = credential.credentials if isinstance(credential.credentials, str) else credential.credentials()
        return Authorization((("Authorization", f"{auth_scheme(scheme)} {text}"),), secrets=_parts_of(text))
    value = _cookie_key(credential.value) if scheme.location == "cookie" else _key(credential.value)
    pair = ((scheme.parameter or "Authorization", value),)
    secrets = (credential.value,)
    if scheme.location == "query":
        return Authorization(query=pair, secrets=secrets)
    if scheme.location == "cookie":
        return Authorization(cookies=pair, secrets=secrets)
    return Authorization(pair, secrets=secrets)


def _parts_of(text: str) -> tuple[str, ...]:
    """What is secret of the credentials of any scheme: all of them, and each value that is long enough to be a proof."""
    if not text or any(not " " <= character <= "~" for character in text):
        raise ValueError("the credentials of HttpAuth are visible ASCII")
    values = (part.strip().partition("=")[2].strip('"') for part in text.split(","))
    return (text, *(value for value in values if len(value) >= _PROOF))


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


def _key(secret: str) -> str:
    if not secret or secret != secret.strip(" ") or any(not " " <= character <= "~" for character in secret):
        raise ValueError("a key is visible ASCII, with spaces inside at most")
    return secret


def _cookie_key(secret: str) -> str:
    """A key that a cookie holds as it is (RFC 6265, section 4.1.1)."""
    if any(character in ' ",;\\' for character in secret):
        raise ValueError("a key in a cookie holds no spaces, quotes, commas, semicolons and backslashes")
    return _visible(secret)


def _joined(parts: Iterable[Authorization]) -> Authorization:
    parts = tuple(parts)
    return Authorization(
        tuple(line for part in parts for line in part.headers),
        tuple(pair for part in parts for pair in part.query),
        tuple(pair for part in parts for pair in part.cookies),
        tuple(secret for part in parts for secret in part.secrets),
        tuple(pair for part in parts for pair in part.signing),
    )
