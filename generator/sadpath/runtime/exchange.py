"""One call without any input or output: the request that it is, and what an answer or the lack of one means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, Generic, TypeVar, cast

from .answers import Answer
from .calls import Call, RawResponse, Unset
from .contract import Advice, Outcome, Phase, Success
from .credentials import Authorization, NoCredential, authorize
from .decoding import Sent, advice_for, decode_failure
from .environment import Moment
from .errors import BODY_LIMIT, ApiError, Circumstances, is_opt_in
from .fragments import identifiers_of
from .headers import Headers
from .links import Exchanged, follow_links
from .media import media_type_matches
from .protection import is_protected, is_repeatable, retention_of
from .redaction import Scrubber
from .request import HttpRequest, Origin, Outgoing, TransportFailure
from .resolution import fails_with_success, is_success
from .settings import Settings
from .signing import under_signatures
from .successes import NotReadable, accepted, documented, is_streamed, read_fields, read_success
from .tokens import ResumeToken

T = TypeVar("T")

_SKEW: Final = 60.0
"""Seconds that the clocks of both sides may differ by: a key counts as forgotten that much earlier; ours."""
_OPEN: Final = (Outcome.UNKNOWN, Outcome.PENDING, Outcome.PROCESSED)
"""Outcomes that leave something to find out: whether it was executed, how it ends, what the answer was."""


class Exchange(Generic[T]):
    """One call on its way. Making it raises ValueError or ValidationError for wrong arguments, and the API's `NotSent`."""

    def __init__(
        self,
        settings: Settings,
        call: Call[T, Any],
        *,
        streamed: bool = False,
        outgoing: Outgoing | None = None,
        signed: bool = True,
    ) -> None:
        self.settings = settings
        self.began = settings.environment.monotonic()
        """When the call began, on the monotonic clock: the making of its credentials counts."""
        self.call = call
        self.contract = call.contract
        self.options = call.options
        self.attempts = 0
        self.first_sent: Moment | None = None
        self.last_sent: Moment | None = None
        self.key_since: Moment | None = None
        """When the key was used first, as far as anybody remembers."""
        self.is_doubted = False
        """Whether an earlier call under the same key may have been executed."""
        accept = accepted(call.contract, streamed=streamed)
        self.outgoing = outgoing or Outgoing(settings.registry, settings.base, call, accept)
        self._secrets: tuple[str, ...] = self.outgoing.secrets
        self._signed: HttpRequest | None = self.sign() if signed else None

    @property
    def request(self) -> HttpRequest:
        """The request as it was signed last."""
        return self._signed or self.sign()

    @property
    def is_protected(self) -> bool:
        """Whether the API recognizes a repeat of this request as one."""
        return is_protected(self.contract, self.idempotency_key, self.outgoing.view)

    @property
    def is_repeatable(self) -> bool:
        """Whether a second execution does no harm, or is none."""
        return is_repeatable(self.contract, protected=self.is_protected)

    @property
    def idempotency_key(self) -> str | None:
        """The key that the next attempt carries."""
        return self.outgoing.idempotency_key

    @property
    def sent(self) -> Sent:
        """What is known about the request for reading an answer to it."""
        now = self.settings.environment.now()
        scrub = Scrubber(self._secrets)
        return Sent(self.idempotency_key, self.outgoing.view, scrub, self.attempts, self.is_protected, now)

    def sign(self) -> HttpRequest:
        """The request under credentials of this moment. Raises the API's `NotSent` where none fit, and what a token's function raises."""
        authorization = self._authorization()
        made = self.outgoing.signed(authorization)
        signed = under_signatures(made, authorization, self.settings.registry.api, self.settings.environment.now())
        self._secrets = tuple(dict.fromkeys((*self._secrets, *authorization.secrets, *signed.secrets)))
        self._signed = signed.request
        return signed.request

    def starts(self) -> HttpRequest:
        """Note that an attempt is made now; the first one is signed already, each further one is signed afresh."""
        request = self.sign() if self.attempts else self.request
        self.last_sent = self.settings.environment.moment()
        self.first_sent = self.first_sent or self.last_sent
        self.attempts += 1
        return request

    @classmethod
    def again(cls, settings: Settings, origin: Origin) -> Exchange[Any]:
        """The same request, byte for byte, for further attempts by a client with these settings."""
        other: Exchange[Any] = Exchange(settings, origin.call, outgoing=origin.outgoing, signed=False)
        other.attempts, other.first_sent, other.last_sent = origin.attempts, origin.first_sent, origin.last_sent
        other.key_since = origin.key_since
        return other

    def continued(self, token: ResumeToken) -> None:
        """Go on from attempts that another process made."""
        remembered = self.settings.environment.remembered
        self.attempts = token.attempts
        self.first_sent, self.last_sent = remembered(token.first_sent), remembered(token.last_sent)
        self.key_since = self.first_sent

    def outlives_key(self, wait: float) -> bool:
        """Whether a request that is sent after so many seconds could arrive when the API has forgotten its key."""
        scheme, since = self.outgoing.scheme, self.key_since
        if self.idempotency_key is None or scheme is None or since is None:
            return False
        retention = retention_of(scheme, self.contract, self.outgoing.view)
        if retention is None:
            return False
        margin = min(self.patience + _SKEW, retention / 2)
        return self.settings.environment.since(since) + wait + margin >= retention

    @property
    def timeout(self) -> float | None:
        """Seconds, as `CallOptions` describes them; None waits for ever."""
        timeout = self.options.timeout
        return self.settings.timeout if isinstance(timeout, Unset) else timeout

    @property
    def patience(self) -> float:
        """Seconds that an attempt may be under way, as far as there is a limit."""
        return self.timeout or self.settings.deadline or 0.0

    @property
    def note(self) -> str:
        """What to say when the caller gives up while the call is under way."""
        if not self.attempts:
            return f"{self.contract.id} was not sent"
        key = f", idempotency key {self.idempotency_key}" if self.idempotency_key else ""
        return f"{self.contract.id} was under way and may be executed{key}"

    def _authorization(self) -> Authorization:
        try:
            return authorize(self.contract.security, self.settings.credentials)
        except NoCredential as error:
            failure = self._failure(self.settings.registry.fallbacks.not_sent, Outcome.NOT_SENT, str(error))
            failure.advice = Advice("fix", key=failure.advice.key)
            raise failure from None

    def value(self, answer: Answer) -> tuple[T, ApiError | None]:
        """The value that an answer is, and the opt-in failure that it also is; raises the failure that it is where the settings ask for it."""
        return self._understood(answer, self._is_raised)

    def judged(self, answer: Answer) -> tuple[T, ApiError | None]:
        """The value, and the opt-in failure that it also is; raises every other failure."""
        return self._understood(answer, lambda failure: not is_opt_in(failure))

    def _understood(self, answer: Answer, is_raised: Callable[[ApiError], bool]) -> tuple[T, ApiError | None]:
        try:
            failure = decode_failure(self.settings.registry, self.contract, answer, self.sent)
            if failure is not None and is_raised(self._answered(failure, answer)):
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
        if not is_opt_in(failure):
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

    def raw(self, answer: Answer, parse: Callable[[], T]) -> RawResponse[T]:
        """The answer as it came, with what the contract says about it."""
        success = documented(self.contract, answer.status, answer.headers)
        links = success.links if success is not None else ()
        exchanged = Exchanged(self.request.url, self.contract.method, self.outgoing.view, answer)
        return RawResponse(
            answer,
            parse,
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

    def no_stream(self, answer: Answer) -> tuple[T, ApiError | None]:
        """Raises the failure that an answer is that should have been a stream."""
        try:
            failure = decode_failure(self.settings.registry, self.contract, answer, self.sent)
        except Exception as error:
            raise self._not_understood(answer) from error
        raise (
            self._unreadable(answer, "the answer is no stream") if failure is None else self._answered(failure, answer)
        )

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
            return self.unsent(failure.reason, lasting=failure.lasting)
        if self.contract.effect == "read":
            error = self._failure(fallbacks.answer_lost, Outcome.REJECTED, failure.reason)
        else:
            error = self._failure(fallbacks.answer_lost_unknown, Outcome.UNKNOWN, failure.reason)
        if failure.lasting:
            error.advice = replace(error.advice, automatic=False)
        error.phase = failure.phase
        return error

    def doubtful(self) -> ApiError:
        """The doubt that an earlier call under the same key has left."""
        reason = "an earlier call under the same idempotency key may have been executed"
        return self._failure(self.settings.registry.fallbacks.answer_lost_unknown, Outcome.UNKNOWN, reason)

    def given_up(self) -> ApiError:
        """What a call comes to that the caller gives up while it is under way."""
        return self._failure(
            self.settings.registry.fallbacks.answer_lost_unknown, Outcome.UNKNOWN, "given up by the caller"
        )

    def unresolvable(self, text: str, reason: str) -> ApiError:
        """The exception for a request that may have been executed before, and must not be sent again."""
        error = self._failure(self.settings.registry.fallbacks.unresolved_unknown, Outcome.UNKNOWN, text)
        error.set_attribute("reason", reason)
        return error

    def unsent(self, reason: str, *, lasting: bool, cls: type[ApiError] | None = None) -> ApiError:
        """The exception for a request that did not leave; `lasting` where another attempt could not fare better."""
        error = self._failure(cls or self.settings.registry.fallbacks.not_sent, Outcome.NOT_SENT, reason)
        error.phase = Phase.NOT_CONNECTED
        if lasting:
            error.advice = Advice("fix", key=error.advice.key)
        return error

    def remembered(self, token: ResumeToken) -> ApiError:
        """The failure that a token tells of, as far as it does."""
        registry = self.settings.registry
        cls = registry.by_id.get(token.error or "", registry.fallbacks.unresolved)
        advice = (
            cls.contract.advice
            if cls.contract is not None
            else advice_for(token.outcome, self.contract, protected=self.is_protected)
        )
        known = Circumstances(
            idempotency_key=token.idempotency_key,
            operation=token.operation,
            outcome=token.outcome,
            advice=advice,
            support_reference=token.support_reference,
        )
        return self.marked(cls.of(known))

    def unresolved(self, cls: type[ApiError], outcome: Outcome, last: ApiError, reference: str | None) -> ApiError:
        """The exception for a request whose outcome stays open, with what the last answer about it said."""
        known = replace(
            last.circumstances,
            idempotency_key=self.idempotency_key,
            operation=self.contract.id,
            outcome=outcome,
            advice=advice_for(outcome, self.contract, protected=self.is_protected),
            attributes={},
            wire={},
            support_reference=reference,
        )
        return self.marked(cls.of(known), last)

    def _failure(self, cls: type[ApiError], outcome: Outcome, reason: str, answer: Answer | None = None) -> ApiError:
        advice = advice_for(outcome, self.contract, protected=self.is_protected)
        if outcome is Outcome.REJECTED:
            advice = replace(advice, next="repeat")
        scrub = self.sent.scrubber
        known = Circumstances(
            message=scrub.text(reason),
            idempotency_key=self.idempotency_key,
            operation=self.contract.id,
            outcome=outcome,
            advice=advice,
        )
        if answer is not None:
            body = scrub.data(answer.body)[:BODY_LIMIT]
            known = replace(known, status=answer.status, headers=answer.headers.safe(scrub), body=body)
            return self._answered(cls.of(known), answer)
        return self.marked(cls.of(known))

    def _answered(self, error: ApiError, answer: Answer) -> ApiError:
        """The failure with what can be said of an answer that was not understood, or not whole."""
        if not answer.complete:
            error.phase = Phase.PARTLY_ANSWERED
        if is_success(answer.status) and error.outcome in (Outcome.PROCESSED, Outcome.UNKNOWN):
            found, scrub = identifiers_of(answer.headers, answer.body), self.sent.scrubber
            error.identifiers = {name: scrub.text(text) for name, text in found.items()}
        return self.marked(error)

    def marked(self, error: ApiError, described: ApiError | None = None) -> ApiError:
        """The failure with what is known of the attempts, and with what is needed to find out more."""
        error.attempts = self.attempts
        error.set_origin(self._origin(described or error) if error.outcome in _OPEN else None)
        return error

    def _origin(self, described: ApiError) -> Origin | None:
        if self.first_sent is None or self.last_sent is None or self.contract.effect == "read":
            return None
        return Origin(
            call=self.call,
            outgoing=self.outgoing,
            base=self.settings.base,
            api=self.settings.registry.api.name,
            error=described.contract.id if described.contract is not None else None,
            attempts=self.attempts,
            first_sent=self.first_sent,
            last_sent=self.last_sent,
            key_since=self.key_since,
        )
