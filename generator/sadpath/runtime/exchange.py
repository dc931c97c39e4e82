"""One call without any input or output: the request that it is, and what an answer or the lack of one means."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Generic, TypeVar, cast

from .answers import Answer, RequestView
from .bodies import WrittenBody, write_body
from .calls import Call, RawResponse, Unset
from .contract import Advice, OperationContract, Outcome, Success
from .credentials import Authorization, Credential, NoCredential, authorize, secrets_in
from .decoding import Sent, advice_for, decode_failure
from .errors import BODY_LIMIT, ApiError, Circumstances, Registry
from .headers import Headers
from .links import Exchanged, follow_links
from .media import media_type_matches
from .parameters import WireParameters, write_parameters
from .redaction import Scrubber, luhn_valid
from .resolution import fails_with_success, is_success
from .routing import path_template
from .servers import Base
from .successes import NotReadable, accepted, documented, is_streamed, read_fields, read_success
from .uploads import Payload
from .wire import write_form

T = TypeVar("T")

_TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
"""RFC 9110, section 5.6.2."""
_OWN_HEADERS: Final = frozenset({"content-length", "content-type", "host", "transfer-encoding"})
_DIGITS: Final = re.compile(r"[0-9]+")
_SHORTEST_KEY: Final = 16
"""Hexadecimal digits: fewer would come up twice among the requests of a busy client."""
_CARD_LENGTH: Final = (13, 19)
_UUID: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[0-9A-Fa-f]{32})(?![0-9A-Za-z])"
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What all calls of one client share."""

    registry: Registry
    base: Base
    credentials: tuple[Credential, ...] = ()
    timeout: float | None = 30.0
    raise_opt_in: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class HttpRequest:
    """One request, ready to be sent; `body` is None where there is none, and a `Payload` where it is read while it is sent. Holds credentials: never print it."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | Payload | None


class TransportFailure(Exception):
    """No answer: `sent` is False where the request certainly never left this process; `closed` where none ever will."""

    def __init__(self, sent: bool, reason: str, *, closed: bool = False) -> None:
        super().__init__(reason)
        self.sent = sent
        self.reason = reason
        self.closed = closed


class Exchange(Generic[T]):
    """One call on its way. Making it raises ValueError or ValidationError for wrong arguments, and the API's `NotSent`."""

    def __init__(self, settings: Settings, call: Call[T, Any], *, streamed: bool = False) -> None:
        self.settings = settings
        self.streamed = streamed
        self.contract = call.contract
        self.options = call.options
        _check_options(settings.registry, call.contract, self.options.headers)
        self.idempotency_key = _key(settings.registry, call)
        self.sent = Sent(self.idempotency_key)
        wire = write_parameters(call.contract, call.arguments)
        written = write_body(call.contract.body, call.arguments)
        authorization = self._authorization()
        secrets = (*authorization.secrets, *secrets_in(self.options.headers, call.contract.security))
        self.sent = Sent(self.idempotency_key, _view(wire, written.tree), Scrubber(secrets))
        self.request = HttpRequest(
            call.contract.method,
            _url(settings.base.of(call.contract.servers), call.contract.path, wire, authorization),
            self._headers(wire, authorization, written),
            written.content,
        )

    @property
    def timeout(self) -> float | None:
        """Seconds, as `CallOptions` describes them; None waits for ever."""
        timeout = self.options.timeout
        return self.settings.timeout if isinstance(timeout, Unset) else timeout

    @property
    def note(self) -> str:
        """What to say when the caller gives up while the request is under way."""
        key = f", idempotency key {self.idempotency_key}" if self.idempotency_key else ""
        return f"{self.contract.id} was under way and may be executed{key}"

    def _authorization(self) -> Authorization:
        try:
            return authorize(self.contract.security, self.settings.credentials)
        except NoCredential as error:
            failure = self._failure(self.settings.registry.fallbacks.not_sent, Outcome.NOT_SENT, str(error))
            failure.advice = Advice("fix", key=failure.advice.key)
            raise failure from None

    def _headers(
        self, wire: WireParameters, authorization: Authorization, written: WrittenBody
    ) -> tuple[tuple[str, str], ...]:
        lines = [("Accept", accepted(self.contract, streamed=self.streamed))]
        if written.media_type is not None:
            lines.append(("Content-Type", written.media_type))
        if isinstance(written.content, Payload) and written.content.length is not None:
            lines.append(("Content-Length", str(written.content.length)))
        scheme = self.settings.registry.api.idempotency.get(self.contract.idempotency or "")
        if scheme is not None and self.idempotency_key is not None:
            lines.append((scheme.header, self.idempotency_key))
        lines += [*wire.headers, *authorization.headers]
        cookies = [*wire.cookies, *authorization.cookies]
        if cookies:
            lines.append(("Cookie", "; ".join(f"{name}={value}" for name, value in cookies)))
        for name, value in self.options.headers.items():
            lines = [line for line in lines if line[0].lower() != name.lower()]
            lines.append((name, value))
        for name, value in lines:
            _check_field(name, value)
        return tuple(lines)

    def value(self, answer: Answer) -> T:
        """The value that an answer is; raises the failure that it is, opt-in ones where they are asked for."""
        return self._understood(answer, self._is_raised)[0]

    def judged(self, answer: Answer) -> tuple[T, ApiError | None]:
        """The value, and the opt-in failure that it also is; raises every other failure."""
        return self._understood(answer, lambda failure: not _is_opt_in(failure))

    def _understood(self, answer: Answer, is_raised: Callable[[ApiError], bool]) -> tuple[T, ApiError | None]:
        try:
            failure = decode_failure(self.settings.registry, self.contract, answer, self.sent)
            if failure is not None and is_raised(failure):
                raise failure
            return self._success(answer, failure), failure
        except ApiError:
            raise
        except Exception as error:
            # Whatever an answer does to the code that reads it, the caller learns its status and keeps the key.
            raise self._not_understood(answer) from error

    def _not_understood(self, answer: Answer) -> ApiError:
        reason = f"an answer with status {answer.status} could not be understood"
        if is_success(answer.status):
            return self._unreadable(answer, reason)
        fallbacks = self.settings.registry.fallbacks
        if self.contract.effect == "read":
            return self._failure(fallbacks.unrecognized, Outcome.REJECTED, reason, answer)
        return self._failure(fallbacks.unrecognized_unknown, Outcome.UNKNOWN, reason, answer)

    def _success(self, answer: Answer, failure: ApiError | None) -> T:
        contract = self.contract
        success = documented(contract, answer.status, answer.headers)
        if failure is not None and success is None:
            raise failure
        if not answer.complete:
            raise self._unreadable(answer, "the answer ended early or was too long")
        if success is not None:
            return cast("T", self._decoded(answer, success, strict=False))
        likely = next((success for success in contract.success if success.type is not None), None)
        if likely is None:
            return cast("T", None)
        return cast("T", self._decoded(answer, likely, strict=True))

    def _is_raised(self, failure: ApiError) -> bool:
        if not _is_opt_in(failure):
            return True
        chosen = self.options.raise_opt_in
        return self.settings.raise_opt_in if chosen is None else chosen

    def _decoded(self, answer: Answer, success: Success, *, strict: bool) -> Any:
        if success.stream is not None and success.stream != "bytes":
            raise self._unreadable(answer, "the answer is a stream: ask for it with `stream`")
        try:
            return read_success(success, answer, strict=strict)
        except NotReadable as error:
            raise self._unreadable(answer, str(error)) from error.__cause__

    def raw(self, answer: Answer) -> RawResponse[T]:
        """The answer as it came, with what the contract says about it."""
        success = documented(self.contract, answer.status, answer.headers)
        links = success.links if success is not None else ()
        exchanged = Exchanged(self.request.url, self.contract.method, self.sent.view, answer)
        return RawResponse(
            answer,
            lambda: self.value(answer),
            lambda: read_fields(success, answer.headers),
            lambda: follow_links(links, exchanged),
        )

    def stream_of(self, status: int, headers: Headers) -> Success | None:
        """The documented stream that an answer is; None where it is anything else, such as a failure."""
        success = documented(self.contract, status, headers, streamed=True) if is_success(status) else None
        if success is None or not is_streamed(success):
            return None
        stated = headers.get("content-type")
        known = [success.media_type] if success.media_type is not None else []
        return success if stated is None or media_type_matches(stated, known) else None

    def no_stream(self, answer: Answer) -> ApiError:
        """The failure that an answer is that should have been a stream."""
        try:
            failure = decode_failure(self.settings.registry, self.contract, answer, self.sent)
        except Exception:
            return self._not_understood(answer)
        return failure if failure is not None else self._unreadable(answer, "the answer is no stream")

    def stream_lost(self, status: int, headers: Headers, failure: TransportFailure) -> ApiError:
        """The exception for a stream that breaks off."""
        fallbacks, answer = self.settings.registry.fallbacks, Answer(status, headers, complete=False)
        if self.contract.effect == "read":
            return self._failure(fallbacks.answer_lost, Outcome.REJECTED, failure.reason, answer)
        return self._failure(fallbacks.answer_lost_unknown, Outcome.UNKNOWN, failure.reason, answer)

    def unreadable_item(self, status: int, headers: Headers, item: bytes, reason: str) -> ApiError:
        """The exception for one item of a stream; its bytes are the `body`."""
        fallbacks, answer = self.settings.registry.fallbacks, Answer(status, headers, item)
        return self._failure(fallbacks.unreadable, Outcome.PROCESSED, reason, answer)

    def _unreadable(self, answer: Answer, reason: str) -> ApiError:
        """A success that cannot be read; where a refusal would have had the same status, nobody knows which it was."""
        fallbacks, contract = self.settings.registry.fallbacks, self.contract
        cls, outcome = fallbacks.unreadable, Outcome.PROCESSED
        if contract.effect != "read" and fails_with_success(self.settings.registry, contract, answer.status):
            cls, outcome = fallbacks.answer_lost_unknown, Outcome.UNKNOWN
        return self._failure(cls, outcome, reason, answer)

    def defective_page(self, answer: Answer, page: Any, reason: str) -> ApiError:
        """The exception for a page that does not lead on; the page is its attribute `page`, its bytes are its `body`."""
        error = self._failure(self.settings.registry.fallbacks.unreadable, Outcome.PROCESSED, reason, answer)
        error.set_attribute("page", page)
        return error

    def lost(self, failure: TransportFailure) -> ApiError:
        """The exception for an answer that never came."""
        fallbacks = self.settings.registry.fallbacks
        if not failure.sent:
            error = self._failure(fallbacks.not_sent, Outcome.NOT_SENT, failure.reason)
            if failure.closed:
                error.advice = Advice("fix", key=error.advice.key)
            return error
        if self.contract.effect == "read":
            return self._failure(fallbacks.answer_lost, Outcome.REJECTED, failure.reason)
        return self._failure(fallbacks.answer_lost_unknown, Outcome.UNKNOWN, failure.reason)

    def _failure(self, cls: type[ApiError], outcome: Outcome, reason: str, answer: Answer | None = None) -> ApiError:
        advice = advice_for(outcome, self.contract)
        if outcome is Outcome.REJECTED:
            advice = replace(advice, next="repeat")
        scrub = self.sent.scrubber
        known = Circumstances(
            message=scrub.text(reason),
            idempotency_key=self.idempotency_key,
            operation=self.contract.id,
            outcome=outcome,
            advice=advice,
            attempts=0 if outcome is Outcome.NOT_SENT else 1,
        )
        if answer is not None:
            body = scrub.data(answer.body)[:BODY_LIMIT]
            known = replace(known, status=answer.status, headers=answer.headers.safe(scrub), body=body)
        return cls.of(known)


def _is_opt_in(failure: ApiError) -> bool:
    return failure.contract is not None and failure.contract.raised == "opt_in"


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
    filled = path_template(path).fill(wire.path)
    query = [f"{name}={value}" for name, value in wire.query]
    if wire.querystring:
        query.append(wire.querystring)
    if authorization.query:
        query.append(write_form(authorization.query).decode("ascii"))
    return f"{base_url.rstrip('/')}{filled}{'?' if query else ''}{'&'.join(query)}"


def _check_field(name: str, value: str) -> None:
    if not _TOKEN.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a header field")
    if any(character < " " or character == "\x7f" for character in name + value):
        raise ValueError(f"the header field {name!r} holds a control character")
