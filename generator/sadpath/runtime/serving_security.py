"""Who may call an operation: a typed function for each way to authenticate, and no operation without one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from typing import Any, Final, Protocol, TypeAlias, TypeVar, cast
from urllib.parse import urlsplit, urlunsplit

from starlette.types import Scope

from .contract import OperationContract, Security
from .credentials import auth_scheme
from .frozen import dataclass
from .headers import Headers
from .proofs import Proof, is_signed, stated_params
from .reception import ClientTls, Presented, RawRequest, Refused, challenges, presented
from .serving_calls import called
from .signatures import Secrets, Signature
from .trees import is_object


@dataclass(frozen=True, slots=True)
class BasicCredentials:
    """What HTTP Basic carries (RFC 7617); compare the password with `hmac.compare_digest`, both as bytes."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BearerCredentials:
    """A bearer token (RFC 6750), and the scopes that the operation demands."""

    token: str = field(repr=False)
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApiKeyCredentials:
    """An API key; compare it with `hmac.compare_digest`, both as bytes."""

    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class HttpCredentials:
    """What stands after the name of any other scheme of `Authorization`."""

    auth_scheme: str
    credentials: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignedCredentials:
    """The auth-params of a request that is signed as the contract says; some of them, such as an id, say whose secret to look up."""

    auth_scheme: str
    params: Mapping[str, str]
    signature: Signature = field(repr=False)
    request: Proof = field(repr=False)

    def is_signed(self, secrets: Secrets, *, base_url: str | None = None) -> bool:
        """Whether who knows the secrets signed this very request, its body included; compared in constant time.

        `base_url` is where clients reach the server, such as `https://api.example`, where a proxy hides it. That the time is
        near, and the nonce new, is still to be checked: only you know what came before. Raises ValueError for a secret that
        is missing.
        """
        request = self.request
        if base_url is not None:
            parts, reached = urlsplit(request.url), urlsplit(base_url)
            request = replace(request, url=urlunsplit((reached.scheme, reached.netloc, parts.path, parts.query, "")))
        return is_signed(self.signature, request, secrets)


@dataclass(frozen=True, slots=True)
class CertificateCredentials:
    """The client's certificate, as the ASGI server tells it; `tls` is None where it tells nothing.

    `headers` are those of the request, for a proxy that ends TLS and hands the certificate on: believe them only where
    nobody but the proxy can reach the server.
    """

    tls: ClientTls | None = None
    headers: Headers = field(default_factory=Headers, repr=False)


@dataclass(frozen=True, slots=True)
class UndescribedCredentials:
    """A request to an operation whose security scheme the document names and does not describe: where credentials are, you know."""

    request: RawRequest = field(repr=False)


C = TypeVar("C")
SecurityHook: TypeAlias = Callable[[C, OperationContract], object]
"""Checks credentials; plain (then in a worker thread) or `async`. Returns the principal, or None for credentials that are not
valid; may raise `ScopeMissing` and the API's errors. It says who calls, not whether: True and False are a TypeError, and
nothing that is empty is anybody.
"""


class Authenticator(Protocol):
    """One function for every way to authenticate: it gets the credentials of an alternative together; otherwise as a `SecurityHook`.

    A client certificate is among them only where the server found it to be valid.
    """

    def __call__(self, credentials: tuple[Presented, ...], operation: OperationContract) -> Any: ...


class ScopeMissing(Exception):
    """Raised by whoever checks credentials: they are valid and do not allow the operation."""


class SecurityIncomplete(ValueError):
    """Some operations could never find out who calls them: raised by `create_app`, before anything is served."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who calls: the principal, or a tuple of them where several schemes are demanded together; each by its scheme, too."""

    principal: Any = None
    principals: Mapping[str, Any] = field(default_factory=dict[str, Any])


_NOBODY: Final = Admitted()


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """Lets requests in: `hooks` by the names of the security schemes, or one `authenticate` for all of them."""

    hooks: Mapping[str, SecurityHook[Any]] = field(default_factory=dict[str, SecurityHook[Any]])
    authenticate: Authenticator | None = None

    def __post_init__(self) -> None:
        if self.hooks and self.authenticate is not None:
            raise ValueError("give functions for the security schemes, or one for all of them, not both")

    def check(self, operations: Iterable[OperationContract]) -> None:
        """Raises SecurityIncomplete where an operation demands credentials and no alternative has all its hooks."""
        missing = {contract.id: _schemes(contract) for contract in operations if not self.is_guarded(contract)}
        if missing:
            lines = "; ".join(f"{id} ({' or '.join(names)})" for id, names in missing.items())
            raise SecurityIncomplete(f"nothing checks the credentials of {lines}")

    def is_guarded(self, contract: OperationContract) -> bool:
        """Whether something checks the credentials of an operation, or it demands none."""
        if self.authenticate is not None:
            return True
        demanded = [alternative for alternative in contract.security if alternative]
        return not demanded or any(self._has_hooks(alternative) for alternative in demanded)

    def _has_hooks(self, alternative: Iterable[Security]) -> bool:
        return all(scheme.scheme in self.hooks for scheme in alternative)

    async def admit(
        self, contract: OperationContract, request: RawRequest, signatures: Mapping[str, Signature]
    ) -> Admitted:
        """Who calls an operation, by the first alternative whose credentials are valid. Raises Refused.

        Whoever presents credentials that are not valid is refused, also where the operation can be called without.
        """
        seen = narrow = False
        for credentials in presented(contract, request):
            try:
                admitted = await self._admitted(credentials, contract, (request, signatures))
            except ScopeMissing:
                narrow, admitted = True, None
            if admitted is not None:
                return admitted
            seen = seen or any(_is_shown(one) for one in credentials)
        if narrow:
            raise Refused("insufficient_scope", headers=challenges(contract, ("error", "insufficient_scope")))
        if seen:
            raise Refused("credentials_invalid", headers=challenges(contract, ("error", "invalid_token")))
        if contract.security and () not in contract.security:
            raise Refused("credentials_missing", headers=challenges(contract))
        return _NOBODY

    async def _admitted(
        self,
        credentials: tuple[Presented, ...],
        contract: OperationContract,
        asked: tuple[RawRequest, Mapping[str, Signature]],
    ) -> Admitted | None:
        if self.authenticate is not None:
            if any(one.scheme.kind == "mutualTLS" and not one.is_certified for one in credentials):
                return None
            principal = _somebody(await called(self.authenticate, credentials, contract))
            found = {one.scheme.scheme: principal for one in credentials}
            return None if principal is None else Admitted(principal, found)
        if not self._has_hooks(one.scheme for one in credentials):
            return None
        principals: dict[str, Any] = {}
        for one in credentials:
            principal = _somebody(await called(self.hooks[one.scheme.scheme], _typed(one, *asked), contract))
            if principal is None:
                return None
            principals[one.scheme.scheme] = principal
        values = tuple(principals.values())
        return Admitted(values[0] if len(values) == 1 else values, principals)


def _somebody(principal: Any) -> Any:
    """The principal that a function returned, None for nobody. Raises TypeError for a bool: a False that counted would let everybody in."""
    if isinstance(principal, bool):
        raise TypeError("what checks credentials returns who calls, or None, and not whether they are valid")
    return None if _is_empty(principal) else principal


def _is_empty(value: object) -> bool:
    return isinstance(value, (str, bytes, tuple, list, dict)) and not value


def is_signed_by_contract(contract: OperationContract, signatures: Mapping[str, Signature]) -> bool:
    """Whether credentials of an operation can only be checked with the body of the request, or nobody knows with what."""
    return any(
        scheme.scheme in signatures or scheme.kind == "undescribed"
        for alternative in contract.security
        for scheme in alternative
    )


def _typed(one: Presented, request: RawRequest, signatures: Mapping[str, Signature]) -> object:
    kind = one.scheme.kind
    signature = signatures.get(one.scheme.scheme)
    if signature is not None:
        name = auth_scheme(one.scheme)
        proof = Proof(request.method, request.url, f"{name} {one.secret}", request.body, dict(request.headers))
        return SignedCredentials(name, stated_params(proof.authorization), signature, proof)
    if kind == "mutualTLS":
        return CertificateCredentials(one.tls, request.headers)
    if kind == "undescribed":
        return UndescribedCredentials(request)
    if kind == "apiKey":
        return ApiKeyCredentials(one.secret)
    if kind == "basic":
        return BasicCredentials(one.username or "", one.secret)
    if kind == "http":
        return HttpCredentials(auth_scheme(one.scheme), one.secret)
    return BearerCredentials(one.secret, one.scheme.scopes)


def _is_shown(one: Presented) -> bool:
    """Whether the client presented something, valid or not."""
    if one.scheme.kind == "undescribed":
        return False
    return one.scheme.kind != "mutualTLS" or (one.tls is not None and bool(one.tls.chain))


def _schemes(contract: OperationContract) -> list[str]:
    return [" and ".join(scheme.scheme for scheme in alternative) for alternative in contract.security if alternative]


def tls_of(scope: Scope) -> ClientTls | None:
    """What the server says of the connection (ASGI TLS Extension); None where it does not have the extension."""
    extensions = scope.get("extensions")
    told: Any = extensions.get("tls") if is_object(extensions) else None
    if not is_object(told):
        return None
    chain = told.get("client_cert_chain")
    certificates = tuple(map(str, _items(chain)))
    version = told.get("tls_version")
    return ClientTls(
        certificates,
        _text(told.get("client_cert_name")),
        _text(told.get("client_cert_error")),
        version if isinstance(version, int) else None,
    )


def _items(chain: object) -> Iterable[object]:
    return cast("Iterable[object]", chain) if isinstance(chain, Iterable) and not isinstance(chain, str) else ()


def _text(value: object) -> str | None:
    return str(value) if value else None
