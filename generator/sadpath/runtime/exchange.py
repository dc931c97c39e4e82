"""One call without any input or output: the request that it is, and what an answer or the lack of one means."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Generic, TypeVar, cast

from pydantic import ValidationError

from .answers import FORM, Answer, RequestView
from .calls import Call, Unset
from .contract import Advice, Body, OperationContract, Outcome, Success
from .conversion import decode, encode
from .credentials import Authorization, Credential, NoCredential, authorize, secrets_in
from .decoding import Sent, advice_for, decode_failure
from .errors import BODY_LIMIT, ApiError, Circumstances, Registry
from .forms import encode_form
from .media import charset_of, is_json, media_type_matches, media_type_of
from .model import Model
from .parameters import WireParameters, write_parameters
from .pointers import MISSING
from .redaction import Scrubber, luhn_valid
from .references import resolved
from .resolution import Fit, fails_with_success, is_success, status_fit
from .validation import Mode
from .wire import JsonError, parse_json, write_form, write_json

T = TypeVar("T")

_TEMPLATE: Final = re.compile(r"\{([^{}]+)\}")
_TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
"""RFC 9110, section 5.6.2."""
_OWN_HEADERS: Final = frozenset({"content-length", "content-type", "host", "transfer-encoding"})
_DIGITS: Final = re.compile(r"[0-9]+")
_CARD_LENGTH: Final = (13, 19)
_UUID: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[0-9A-Fa-f]{32})(?![0-9A-Za-z])"
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What all calls of one client share."""

    registry: Registry
    base_url: str
    credentials: tuple[Credential, ...] = ()
    timeout: float | None = 30.0
    raise_opt_in: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class HttpRequest:
    """One request, ready to be sent; `body` is None where there is none. Holds credentials: never print it."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None


class TransportFailure(Exception):
    """No answer: `sent` is False where the request certainly never left this process; `closed` where none ever will."""

    def __init__(self, sent: bool, reason: str, *, closed: bool = False) -> None:
        super().__init__(reason)
        self.sent = sent
        self.reason = reason
        self.closed = closed


class Exchange(Generic[T]):
    """One call on its way. Making it raises ValueError or ValidationError for wrong arguments, and the API's `NotSent`."""

    def __init__(self, settings: Settings, call: Call[T, Any]) -> None:
        self.settings = settings
        self.contract = call.contract
        self.options = call.options
        _check_options(settings.registry, call.contract, self.options.headers)
        self.idempotency_key = _key(settings.registry, call)
        self.sent = Sent(self.idempotency_key)
        wire = write_parameters(call.contract, call.arguments)
        tree, body = _body(call.contract.body, call.arguments)
        authorization = self._authorization()
        secrets = (*authorization.secrets, *secrets_in(self.options.headers, call.contract.security))
        self.sent = Sent(self.idempotency_key, _view(wire, tree), Scrubber(secrets))
        self.request = HttpRequest(
            call.contract.method,
            _url(settings.base_url, call.contract.path, wire, authorization),
            self._headers(wire, authorization, body is not None),
            body,
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
        self, wire: WireParameters, authorization: Authorization, has_body: bool
    ) -> tuple[tuple[str, str], ...]:
        lines = [("Accept", _accept(self.contract))]
        if has_body and self.contract.body is not None:
            lines.append(("Content-Type", self.contract.body.media_type))
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
        documented = _success(contract, answer)
        if failure is not None and documented is None:
            raise failure
        if not answer.complete:
            raise self._unreadable(answer, "the answer ended early or was too long")
        if documented is not None:
            return cast("T", self._decoded(answer, documented, strict=False))
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
        if success.type is None:
            return None
        kind = resolved(success.type)
        try:
            if kind is bytes:
                return answer.body
            charset = charset_of(answer.headers.get("content-type"))
            if kind is str and success.media_type is not None and not is_json(success.media_type):
                return answer.body.decode(charset or "utf-8")
            value = decode(success.type, parse_json(answer.body, charset=charset))
        except (JsonError, UnicodeDecodeError, LookupError) as error:
            raise self._unreadable(answer, str(error)) from error
        except ValidationError as error:
            raise self._unreadable(answer, "the answer is not what the contract describes") from error
        if strict and isinstance(value, Model) and value.violations:
            raise self._unreadable(answer, f"status {answer.status} is not in the contract")
        return value

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
        made = uuid.uuid4()
        return str(made) if scheme.max_length is None or scheme.max_length >= len(str(made)) else made.hex
    problem = _problem_of(key, scheme.max_length)
    if problem is not None:
        raise ValueError(f"idempotency_key {problem}")
    return key


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


def _body(body: Body | None, arguments: Mapping[str, Any]) -> tuple[Any, bytes | None]:
    if body is None:
        return MISSING, None
    value = _body_value(body, arguments)
    if value is MISSING:
        return MISSING, None
    if not is_json(body.media_type) and media_type_of(body.media_type) != FORM:
        if not isinstance(value, bytes | str):
            raise TypeError(f"a body of {body.media_type} is bytes or str")
        return MISSING, value.encode("utf-8") if isinstance(value, str) else value
    tree = encode(body.type, decode(body.type, value, Mode.BUILD))
    return tree, encode_form(tree) if media_type_of(body.media_type) == FORM else write_json(tree)


def _body_value(body: Body, arguments: Mapping[str, Any]) -> Any:
    if body.arguments is None:
        value = arguments.get("body")
        if value is None and body.required:
            raise ValueError("body is required")
        return MISSING if value is None else value
    given = {name: arguments[name] for name in body.arguments if name in arguments}
    further: Mapping[str, Any] = arguments.get(body.extra or "") or {}
    kind = resolved(body.type)
    is_set = [value is not None or _takes_null(kind, name) for name, value in given.items()]
    if not body.required and not further and not any(is_set):
        return MISSING
    doubled = sorted(set(further) & set(given))
    if doubled:
        raise ValueError(f"{doubled[0]} is an argument of its own")
    return {**given, **further}


def _takes_null(kind: Any, name: str) -> bool:
    return isinstance(kind, type) and issubclass(kind, Model) and kind.__takes_null__(name)


def _view(wire: WireParameters, tree: Any) -> RequestView:
    parts = {name: wire.plain.get(name, {}) for name in ("path", "query", "header")}
    return RequestView(tree, parts["path"], parts["query"], parts["header"])


def _url(base_url: str, path: str, wire: WireParameters, authorization: Authorization) -> str:
    filled = _TEMPLATE.sub(lambda found: wire.path[found[1]], path)
    query = [f"{name}={value}" for name, value in wire.query]
    if authorization.query:
        query.append(write_form(authorization.query).decode("ascii"))
    return f"{base_url.rstrip('/')}{filled}{'?' if query else ''}{'&'.join(query)}"


def _accept(contract: OperationContract) -> str:
    kinds = [success.media_type for success in contract.success if success.media_type is not None]
    return ", ".join(dict.fromkeys([*kinds, "application/json"]))


def _check_field(name: str, value: str) -> None:
    if not _TOKEN.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a header field")
    if any(character < " " or character == "\x7f" for character in name + value):
        raise ValueError(f"the header field {name!r} holds a control character")


def _success(contract: OperationContract, answer: Answer) -> Success | None:
    """The documented success of a status; of several the one of the stated media type."""
    if not is_success(answer.status):
        return None
    fitting = [(status_fit([success.status], answer.status), success) for success in contract.success]
    best = min((fit for fit, _ in fitting), default=Fit.OTHER)
    found = [success for fit, success in fitting if fit is best]
    if best is Fit.OTHER:
        return None
    stated = answer.headers.get("content-type")
    matching = [success for success in found if success.media_type and media_type_matches(stated, [success.media_type])]
    return (matching or found)[0]
