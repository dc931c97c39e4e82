"""What one call sends: everything that stays the same however often it is sent, and the credentials that are fresh each time."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Mapping
from typing import Any, Final

from .answers import RequestView
from .bodies import WrittenBody, write_body
from .calls import Call
from .contract import OperationContract, Outcome, Phase
from .credentials import Authorization, secrets_in
from .environment import Moment
from .errors import Registry
from .frozen import dataclass
from .media import parameter_of
from .parameters import WireParameters, write_parameters
from .redaction import luhn_valid
from .routing import path_template
from .servers import Base
from .tokens import ResumeToken
from .uploads import Payload
from .wire import write_form

_TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
"""RFC 9110, section 5.6.2."""
_OWN_HEADERS: Final = frozenset({"content-length", "content-type", "host", "transfer-encoding"})
_DIGITS: Final = re.compile(r"[0-9]+")
_ROUNDS: Final = 20_000
"""Of PBKDF2: a hundredth of a second, which is spent when a token is asked for."""
_SHORTEST_KEY: Final = 16
"""Hexadecimal digits: fewer would come up twice among the requests of a busy client."""
_CARD_LENGTH: Final = (13, 19)
_UUID: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[0-9A-Fa-f]{32})(?![0-9A-Za-z])"
)


@dataclass(frozen=True, slots=True, repr=False)
class HttpRequest:
    """One request, ready to be sent; `body` is None where there is none, and a `Payload` where it is read while it is sent. Holds credentials: never print it."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | Payload | None


class TransportFailure(Exception):
    """No answer: `phase` says how far the exchange came; `lasting` where another attempt cannot fare better."""

    def __init__(self, phase: Phase, reason: str, *, lasting: bool = False) -> None:
        super().__init__(reason)
        self.phase = phase
        self.reason = reason
        self.lasting = lasting

    @property
    def sent(self) -> bool:
        """False where the request certainly never left this process."""
        return self.phase is not Phase.NOT_CONNECTED


class Outgoing:
    """One call as it is sent. Making it raises ValueError, TypeError or ValidationError for wrong arguments."""

    def __init__(self, registry: Registry, base: Base, call: Call[Any, Any], accept: str) -> None:
        contract, options = call.contract, call.options
        _check_options(registry, contract, options.headers)
        self.contract = contract
        self.options = options
        self.scheme = registry.api.idempotency.get(contract.idempotency or "")
        self.idempotency_key = _key(registry, call)
        self.made_key = self.scheme is not None and call.idempotency_key is None
        """Whether the key is ours, and may be replaced."""
        self._base = base.of(contract.servers)
        self._accept = accept
        self._wire = write_parameters(contract, call.arguments)
        self._written = write_body(contract.body, call.arguments)
        self.view = _view(self._wire, self._written.tree)
        self._further = dict(options.headers)
        self._digest = self._content_digest()
        self._slow: tuple[str, str] | None = None

    @property
    def is_replayable(self) -> bool:
        """Whether the same bytes can be sent once more: files are read again to see whether they hold what they held."""
        content = self._written.content
        if not isinstance(content, Payload):
            return True
        return content.is_replayable and self._digest is not None and self._content_digest() == self._digest

    @property
    def is_async(self) -> bool:
        """Whether only an async client can send the body."""
        return isinstance(self._written.content, Payload) and self._written.content.is_async

    @property
    def secrets(self) -> tuple[str, ...]:
        """What the caller's own header fields hold that must never be seen again."""
        return secrets_in(self._further, self.contract.security)

    def renew_key(self) -> None:
        """Go on under a new key, which makes the next attempt a new request to the API."""
        if self.scheme is not None:
            self.idempotency_key = _made_key(self.scheme.max_length)

    def fingerprint(self) -> str:
        """A hash of what is sent: the same for every attempt and in every process, another for any other request.

        Credentials are no part of it; of a body that can be read but once, only the length counts.
        """
        target = _url(self._base, self.contract.path, self._wire, Authorization())
        content, media_type = self._written.content, self._written.media_type or ""
        length = content.length if isinstance(content, Payload) else None
        lines = [f"{name}: {value}" for name, value in (*self._wire.headers, *self._wire.cookies)]
        head = (self.contract.id, self.idempotency_key or "", target, str(length), media_type, *lines)
        made = hashlib.sha256()
        for part in (*(text.encode("utf-8", "surrogatepass") for text in head), self._digest or b""):
            made.update(len(part).to_bytes(8, "big") + part)
        return made.hexdigest()

    def slow_hash(self) -> str:
        """The fingerprint as it leaves this process: made so that who sees it cannot try out what may have been sent."""
        fingerprint = self.fingerprint()
        if self._slow is None or self._slow[0] != fingerprint:
            salt = (self.idempotency_key or self.contract.id).encode("utf-8")
            made = hashlib.pbkdf2_hmac("sha256", fingerprint.encode("ascii"), salt, _ROUNDS)
            self._slow = fingerprint, made.hex()
        return self._slow[1]

    def _content_digest(self) -> bytes | None:
        """A hash of the body; None of one that can be read but once, or not any more. Boundaries of multipart bodies do not count."""
        content = self._written.content
        boundary = (parameter_of(self._written.media_type, "boundary") or "").encode("ascii", "replace")
        try:
            chunks = [content or b""] if not isinstance(content, Payload) else content.rewound()
        except (OSError, ValueError):
            return None
        made = hashlib.sha256()
        try:
            for chunk in chunks or ():
                made.update(chunk.replace(boundary, b"") if boundary else chunk)
        except (OSError, ValueError, TypeError, RuntimeError):
            return None
        return made.digest() if chunks is not None else None

    def signed(self, authorization: Authorization) -> HttpRequest:
        """The request with credentials; raises ValueError for header fields that cannot be sent."""
        url = _url(self._base, self.contract.path, self._wire, authorization)
        headers = self._headers(self._wire, authorization, self._written)
        return HttpRequest(self.contract.method, url, headers, self._written.content)

    def _headers(
        self, wire: WireParameters, authorization: Authorization, written: WrittenBody
    ) -> tuple[tuple[str, str], ...]:
        lines = [("Accept", self._accept)]
        if written.media_type is not None:
            lines.append(("Content-Type", written.media_type))
        if isinstance(written.content, Payload) and written.content.length is not None:
            lines.append(("Content-Length", str(written.content.length)))
        if self.scheme is not None and self.idempotency_key is not None:
            lines.append((self.scheme.header, self.idempotency_key))
        lines += [*wire.headers, *authorization.headers]
        cookies = [*wire.cookies, *authorization.cookies]
        if cookies:
            lines.append(("Cookie", "; ".join(f"{name}={value}" for name, value in cookies)))
        for name, value in self._further.items():
            lines = [line for line in lines if line[0].lower() != name.lower()]
            lines.append((name, value))
        for name, value in lines:
            _check_field(name, value)
        return tuple(lines)


@dataclass(frozen=True, slots=True, repr=False)
class Origin:
    """What a failure keeps of its call, for finding out what became of it in this process; holds no credentials of the client."""

    call: Call[Any, Any]
    outgoing: Outgoing
    base: Base
    api: str
    error: str | None
    """The catalog's id of the failure that says what is prescribed."""
    attempts: int
    first_sent: Moment
    last_sent: Moment
    key_since: Moment | None

    def token(self, outcome: Outcome, support_reference: str | None) -> ResumeToken:
        """What another process needs."""
        return ResumeToken(
            api=self.api,
            operation=self.outgoing.contract.id,
            request=self.outgoing.slow_hash(),
            idempotency_key=self.outgoing.idempotency_key,
            attempts=self.attempts,
            first_sent=(self.key_since or self.first_sent).instant,
            last_sent=self.last_sent.instant,
            outcome=outcome,
            error=self.error,
            support_reference=support_reference,
        )


def _key(registry: Registry, call: Call[Any, Any]) -> str | None:
    scheme = registry.api.idempotency.get(call.contract.idempotency or "")
    if scheme is None:
        return None
    key = call.idempotency_key
    if key is None:
        return _made_key(scheme.max_length)
    problem = _problem_of(key, scheme.max_length)
    if problem is not None:
        raise ValueError(f"idempotency_key {problem}")
    return key


def _made_key(max_length: int | None) -> str:
    """A new key that fits. Raises ValueError where so few characters would soon make the same key twice."""
    made = uuid.uuid4()
    if max_length is None or max_length >= len(str(made)):
        return str(made)
    if max_length < _SHORTEST_KEY:
        raise ValueError(f"idempotency_key has to be given: none can be made of {max_length} characters")
    return made.hex[-max_length:]


def _problem_of(key: str, max_length: int | None) -> str | None:
    """Why a key of the caller is refused: what is sent must be what the exception holds, and must not be secret."""
    if not key:
        return "is empty: give None to have one made"
    if max_length is not None and len(key) > max_length:
        return f"has more than {max_length} characters"
    if not key.isascii():
        return "holds characters beyond ASCII, which header fields do not carry"
    if not key.isprintable():
        return "holds a control character"
    if key != key.strip():
        return "starts or ends with a space, which header fields lose"
    runs = _DIGITS.findall(_UUID.sub(" ", key))
    if any(_CARD_LENGTH[0] <= len(run) <= _CARD_LENGTH[1] and luhn_valid(run) for run in runs):
        return "holds what may be a card number, and keys are logged and stored: use a UUID"
    return None


def _check_options(registry: Registry, contract: OperationContract, headers: Mapping[str, str]) -> None:
    keys = {scheme.header.lower() for scheme in registry.api.idempotency.values()}
    arguments = {parameter.name.lower() for parameter in contract.parameters if parameter.location == "header"}
    for name in headers:
        if name.lower() in keys:
            raise ValueError(f"the header field {name} is not for the options: it carries the argument idempotency_key")
        if name.lower() in arguments:
            raise ValueError(f"the header field {name} is not for the options: it carries an argument of the operation")
        if name.lower() in _OWN_HEADERS:
            raise ValueError(f"the header field {name} is not for the options: the client sets it")


def _view(wire: WireParameters, tree: Any) -> RequestView:
    parts = {name: wire.plain.get(name, {}) for name in ("path", "query", "header")}
    return RequestView(tree, parts["path"], parts["query"], parts["header"])


def _url(base_url: str, path: str, wire: WireParameters, authorization: Authorization) -> str:
    # A path may hold a query of its own; a fragment in it is never sent.
    filled = path_template(path.partition("#")[0]).fill(wire.path)
    query = [f"{name}={value}" for name, value in wire.query]
    if wire.querystring:
        query.append(wire.querystring)
    if authorization.query:
        query.append(write_form(authorization.query).decode("ascii"))
    joint = ("&" if "?" in filled else "?") if query else ""
    return f"{base_url.rstrip('/')}{filled}{joint}{'&'.join(query)}"


def _check_field(name: str, value: str) -> None:
    if not _TOKEN.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a header field")
    if any(character < " " or character == "\x7f" or "\ud800" <= character <= "\udfff" for character in name + value):
        raise ValueError(f"the header field {name!r} holds a control character, or half of one")
