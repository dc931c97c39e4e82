"""An HTTP answer to the exception that it is: the reading half of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timezone
from typing import Any

from .answers import Answer, Reading, RequestView
from .contract import Advice, Attribute, ErrorContract, Format, KeyRule, OperationContract, Outcome, Selector
from .errors import BODY_LIMIT, ApiError, Circumstances, FieldError, Registry
from .frozen import dataclass
from .pointers import MISSING, get
from .protection import is_repeatable
from .redaction import Scrubber
from .resolution import Resolution, resolve
from .statuses import UNSETTLED, passes
from .trees import is_array
from .values import http_date, read_value, seconds_of
from .wire import text_of

_NO_SECRETS = Scrubber()


@dataclass(frozen=True, slots=True)
class Sent:
    """What the client knows about the request that was answered."""

    idempotency_key: str | None = None
    view: RequestView = field(default_factory=RequestView)
    scrubber: Scrubber = _NO_SECRETS
    attempts: int = 1
    protected: bool | None = None
    """Whether the API recognizes a repeat of it; None: as the contract promises."""
    received: datetime | None = None
    """When the answer came, for waits that are given as a date; None: now."""


def decode_failure(
    registry: Registry, operation: OperationContract | None, answer: Answer, sent: Sent | None = None
) -> ApiError | None:
    """The failure that an answer is, or None where it is a success. Whatever the answer holds, this does not raise."""
    sent = sent or Sent()
    reading = Reading(answer, sent.view)
    found = resolve(registry, operation, reading)
    return _error(registry, operation, reading, found, sent) if found is not None else None


def _error(
    registry: Registry, operation: OperationContract | None, reading: Reading, found: Resolution, sent: Sent
) -> ApiError:
    form = _format_of(registry, found)
    attributes = _Attributes(reading)
    contract = found.cls.contract
    described = {
        **(form.attributes if form is not None else {}),
        **(contract.attributes if contract is not None else {}),
    }
    attributes.read(described)
    advice = _advice(contract, found.outcome, _Asked(operation, sent.protected), reading.answer.status)
    violations = (*found.violations, *attributes.violations, *_broken_constants(form, reading))
    scrub = sent.scrubber
    answer = reading.answer
    return found.cls.of(
        Circumstances(
            status=answer.status,
            code=scrub.tree(None if found.code.code is MISSING else found.code.code),
            message=_scrubbed(scrub, _text(reading, form.message if form is not None else None)),
            headers=answer.headers.safe(scrub),
            body=scrub.data(answer.body)[:BODY_LIMIT],
            attributes=scrub.tree(attributes.values),
            items=tuple(_scrubbed_item(scrub, item) for item in _items(form, reading)),
            idempotency_key=sent.idempotency_key,
            operation=operation.id if operation is not None else None,
            outcome=found.outcome,
            advice=advice,
            violations=tuple(scrub.text(text) for text in violations),
            retry_after=_retry_after(
                registry, contract.advice if contract is not None else advice, described, reading, sent
            ),
            support_reference=_scrubbed(scrub, attributes.support_reference),
            blamed_field=_scrubbed(scrub, attributes.blamed_field),
            attempts=sent.attempts,
            wire=scrub.tree(attributes.wire),
        )
    )


def _format_of(registry: Registry, found: Resolution) -> Format | None:
    contract = found.cls.contract
    if found.code.format is not None or contract is None:
        return found.code.format
    return registry.api.formats.get(contract.match.format or "")


class _Attributes:
    """Collects the attributes of one failure: typed, as they stood on the wire, and what could not be read."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.values: dict[str, Any] = {}
        self.wire: dict[str, Any] = {}
        self.violations: list[str] = []
        self.support_reference: str | None = None
        self.blamed_field: str | None = None

    def read(self, described: Mapping[str, Attribute]) -> None:
        for name, attribute in described.items():
            raw = self.reading.select(attribute.select)
            self.values[name] = self._value(name, attribute, raw)
            if raw is not MISSING and raw is not None:
                self.wire[name] = raw
            if attribute.role == "support_reference" and self.values[name] is not None:
                self.support_reference = _line_of(self.values[name])
            if attribute.role == "field" and self.values[name] is not None:
                self.blamed_field = _line_of(self.values[name])

    def _value(self, name: str, attribute: Attribute, raw: Any) -> Any:
        if raw is MISSING or raw is None:
            if attribute.required and attribute.select.request is None:
                self.violations.append(f"{name}: is missing")
            return None
        try:
            return read_value(raw, attribute.select.type, attribute.select.unit)
        except (ValueError, TypeError) as error:
            self.violations.append(f"{name}: {error}")
            return None


def _text(reading: Reading, selector: Selector | None) -> str | None:
    raw = reading.select(selector) if selector is not None else MISSING
    return _line_of(raw) if raw is not MISSING and raw is not None else None


def _line_of(value: Any) -> str | None:
    """The text of a single value; None for what is made of several."""
    try:
        return text_of(value)
    except TypeError:
        return None


def _items(form: Format | None, reading: Reading) -> list[FieldError]:
    if form is None or form.items is None or reading.tree is MISSING:
        return []
    raw = get(reading.tree, form.items.at)
    if raw is MISSING or raw is None:
        return []
    listed = raw if is_array(raw) else [raw]
    return [_item(form.items.fields, item) for item in listed]


def _item(fields: Mapping[str, Attribute], raw: Any) -> FieldError:
    values: dict[str, Any] = {}
    place: str | None = None
    owner: str | None = None
    for name, attribute in fields.items():
        value = get(raw, attribute.select.body) if attribute.select.body is not None else MISSING
        if value is MISSING or value is None:
            continue
        try:
            values[name] = read_value(value, attribute.select.type, attribute.select.unit)
        except (ValueError, TypeError):
            continue
        if attribute.role == "field":
            place = _line_of(values[name])
        elif attribute.role == "field_owner":
            owner = _line_of(values[name])
    return FieldError(f"{owner}.{place}" if owner and place else place or owner, values, raw)


def _scrubbed(scrub: Scrubber, text: str | None) -> str | None:
    return scrub.text(text) if text is not None else None


def _scrubbed_item(scrub: Scrubber, item: FieldError) -> FieldError:
    return FieldError(_scrubbed(scrub, item.field), scrub.tree(item.values), scrub.tree(item.raw))


def _broken_constants(form: Format | None, reading: Reading) -> list[str]:
    if form is None or reading.tree is MISSING:
        return []
    return [
        f"{at}: is not what the format says" for at, value in form.constants.items() if get(reading.tree, at) != value
    ]


@dataclass(frozen=True, slots=True)
class _Asked:
    """The operation, and whether its request is recognized when it is repeated."""

    operation: OperationContract | None
    protected: bool | None

    @property
    def is_repeatable(self) -> bool:
        if self.operation is None:
            return False
        promised = self.operation.idempotency is not None or self.operation.natural_key is not None
        return is_repeatable(self.operation, protected=promised if self.protected is None else self.protected)


def _advice(contract: ErrorContract | None, outcome: Outcome, asked: _Asked, status: int) -> Advice:
    """The contract's advice, where it holds for this operation and for this status.

    After an unknown outcome a repeat could execute a second time what nothing protects, and so could a new key: then
    what is right for every operation takes the place of what the contract says of all of them.
    """
    if contract is None:
        advice = _general_advice(outcome, asked)
        return replace(advice, next="repeat") if outcome is Outcome.REJECTED and passes(status) else advice
    advice = contract.advice
    if outcome is not Outcome.UNKNOWN:
        return _suited(advice, status, asked) if contract.advice_by_status else advice
    risky = (
        advice.next == "fix" or advice.key in ("new", "either") or (advice.next == "repeat" and not asked.is_repeatable)
    )
    if risky:
        return _general_advice(outcome, asked)
    keyed = asked.operation is not None and asked.operation.idempotency is not None
    plain = advice.next in ("repeat", "check") and advice.key == "unspecified"
    return replace(advice, key="same") if keyed and plain else advice


def _suited(advice: Advice, status: int, asked: _Asked) -> Advice:
    """What nobody stated for each of the statuses that an entry may come with, as this one says it."""
    if passes(status) and (asked.is_repeatable or status not in UNSETTLED):
        return replace(advice, next="repeat") if advice.next == "fix" else advice
    # The repeat that goes with a server that broke down mends no request that was refused.
    refused = 400 <= status < 500 and status not in UNSETTLED
    return Advice("fix") if refused and advice.next == "repeat" else advice


def advice_for(outcome: Outcome, operation: OperationContract | None, *, protected: bool | None = None) -> Advice:
    """What to do after a failure that the contract does not describe; `protected` None: as the contract promises."""
    return _general_advice(outcome, _Asked(operation, protected))


def _general_advice(outcome: Outcome, asked: _Asked) -> Advice:
    operation = asked.operation
    key: KeyRule = "same" if operation is not None and operation.idempotency is not None else "unspecified"
    if outcome is Outcome.UNKNOWN:
        return Advice("repeat" if asked.is_repeatable else "check", key=key)
    if outcome is Outcome.NOT_SENT:
        return Advice("repeat", key=key)
    changed = outcome is Outcome.PENDING or (
        outcome is Outcome.PROCESSED and operation is not None and operation.effect != "read"
    )
    return Advice("poll", key=key) if changed else Advice("stop")


def _retry_after(
    registry: Registry, advice: Advice, described: Mapping[str, Attribute], reading: Reading, sent: Sent
) -> float | None:
    policy = registry.api.policies.get(advice.policy or "")
    places = [attribute.select for attribute in described.values() if attribute.role == "retry_after"]
    if policy is not None and policy.retry_after is not None:
        places.append(policy.retry_after.select)
    places.append(Selector(header="Retry-After"))
    received = sent.received or datetime.now(timezone.utc)
    sent_at = http_date(reading.answer.headers.get("date"))
    for place in places:
        raw = reading.select(place)
        seconds = None if raw is MISSING or raw is None else seconds_of(raw, place.unit, sent_at, received)
        if seconds is not None:
            return seconds
    return None
