"""Whether an operation took effect, where the parts of an answer do not agree, and what that makes of the advice."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

import pytest
from cornershop import _contract, errors
from cornershop.resources import orders, transfers

from sadpath.runtime.answers import Answer
from sadpath.runtime.contract import (
    Advice,
    ErrorContract,
    Format,
    Match,
    OperationContract,
    Outcome,
    Predicate,
    Selector,
    Success,
)
from sadpath.runtime.decoding import advice_for, decode_failure
from sadpath.runtime.encoding import encode_failure, status_of
from sadpath.runtime.errors import ApiError, Registry
from sadpath.runtime.headers import Headers
from sadpath.runtime.model import CONSTANT, Model
from sadpath.runtime.outcomes import OutcomeUnknown

UNPROTECTED = replace(orders.CREATE, idempotency=None)


def body(status: int, data: bytes, *lines: tuple[str, str]) -> Answer:
    return Answer(status, Headers([("Content-Type", "application/json"), *lines]), data)


def failure(
    answer: Answer, operation: OperationContract | None = orders.CREATE, registry: Registry = errors.REGISTRY
) -> ApiError:
    found = decode_failure(registry, operation, answer)
    assert found is not None
    return found


def entry(match: Match, outcome: Outcome | None, advice: Advice, **members: Any) -> type[errors.CornerShopError]:
    """An entry of a catalog, as a class."""
    contract = ErrorContract("entry", match, "internal", "server", outcome, advice, "Entry", **members)
    return type("Entry", (errors.CornerShopError,), {"contract": contract})


def registry_of(*classes: type[ApiError], **formats: Format) -> Registry:
    api = replace(_contract.API, formats={**_contract.API.formats, **formats})
    return replace(errors.REGISTRY, api=api, errors=(*errors.REGISTRY.errors, *classes))


REFUSED = b'{"type":"error","id":"s-1","code":"invalid_request","description":"d"}'
SCOPE = Answer(502, Headers([("WWW-Authenticate", 'Bearer error="insufficient_scope"')]))


@pytest.mark.parametrize("operation", [orders.CREATE, orders.DELETE, transfers.CREATE, UNPROTECTED, None])
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (body(500, REFUSED), "invalid_request"),
        (body(502, REFUSED), "invalid_request"),
        (body(504, b'{"code":"not_found"}'), "not_found"),
        (body(501, REFUSED), "invalid_request"),
        (body(503, b'{"code":1001,"message":"m"}'), 1001),
        (body(500, b'{"code":1031,"message":"m"}'), 1031),
        (SCOPE, "insufficient_scope"),
        (body(303, REFUSED), "invalid_request"),
    ],
    ids=["500", "502", "504", "501", "member", "family", "header", "303"],
)
def test_a_refusal_is_not_believed_from_a_server_that_broke_down(
    answer: Answer, code: Any, operation: OperationContract | None
) -> None:
    error = failure(answer, operation)
    assert isinstance(error, errors.UnrecognizedOutcomeUnknown) and isinstance(error, OutcomeUnknown)
    assert (error.outcome, error.code, error.status) == (Outcome.UNKNOWN, code, answer.status)
    assert any(str(code) in text and str(answer.status) in text for text in error.violations)
    assert error.advice == advice_for(Outcome.UNKNOWN, operation)
    assert error.advice.next in ("repeat", "check") and error.advice.key in ("same", "unspecified")


def test_what_is_read_from_such_an_answer_stays() -> None:
    error = failure(body(500, REFUSED))
    assert (error.message, error.support_reference) == ("d", "s-1")


def test_a_refusal_of_a_wallet_at_503_is_not_believed() -> None:
    error = failure(body(503, b'{"status":"refused","error":"not_enough_funds"}'), transfers.CREATE)
    assert isinstance(error, errors.UnrecognizedOutcomeUnknown) and error.code == "not_enough_funds"


def test_after_an_operation_that_only_reads_the_code_is_believed_and_the_status_noted() -> None:
    error = failure(body(500, REFUSED), orders.GET)
    assert type(error) is errors.InvalidRequest and error.outcome is Outcome.REJECTED
    assert error.violations == ("code invalid_request came with status 500 instead of 400",)


@pytest.mark.parametrize(
    ("statuses", "stub", "believed"),
    [(("503",), None, True), (("5XX",), None, True), ((), 503, True), ((), None, False), (("default",), None, False)],
)
def test_a_refusal_is_believed_at_the_statuses_that_the_contract_names(
    statuses: tuple[str, ...], stub: int | None, believed: bool
) -> None:
    match = Match(statuses, ("busy",), format="error-object")
    busy = entry(match, Outcome.REJECTED, Advice("repeat", "new"), stub_status=stub)
    error = failure(body(503, b'{"type":"error","id":"s","code":"busy"}'), registry=registry_of(busy))
    assert isinstance(error, busy if believed else errors.UnrecognizedOutcomeUnknown)
    assert error.violations == (
        ()
        if believed
        else ("code busy with status 503 is not in the contract: nothing says that the operation was not executed",)
    )


@pytest.mark.parametrize("outcome", [Outcome.PENDING, Outcome.PROCESSED])
def test_nor_is_any_other_certainty_believed(outcome: Outcome) -> None:
    late = entry(Match(("202",), ("late",), format="error-object"), outcome, Advice("poll"))
    error = failure(body(504, b'{"type":"error","id":"s","code":"late"}'), registry=registry_of(late))
    assert isinstance(error, errors.UnrecognizedOutcomeUnknown)


def test_a_settled_failure_without_a_status_goes_out_as_one() -> None:
    settled = entry(Match((), ("a",), format="error-object"), Outcome.REJECTED, Advice("repeat", "new"))
    registry = registry_of(settled)
    answer = encode_failure(registry, settled("m"))
    assert answer.status == 400 and type(failure(answer, registry=registry)) is settled
    assert status_of(entry(Match((), ("b",)), None, Advice("repeat"))("m")) == 500


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 406, 413, 415, 429, 501])
def test_what_a_server_of_ours_answers_bare_was_not_executed(status: int) -> None:
    registry = replace(errors.REGISTRY, errors=(), families={})
    for operation in (orders.CREATE, orders.GET, None):
        error = failure(Answer(status), operation, registry)
        assert isinstance(error, errors.Unrecognized) and error.outcome is Outcome.REJECTED
        advice = Advice("repeat" if status == 429 else "stop")
        assert (error.advice, error.violations) == (advice, (f"status {status} is not in the contract",))


def test_an_entry_for_501_decides_itself() -> None:
    open_end = entry(Match(("501",), format="bare"), Outcome.UNKNOWN, Advice("repeat", "same"))
    assert failure(Answer(501), registry=registry_of(open_end)).outcome is Outcome.UNKNOWN


class Done(Model):
    """A success that says so."""

    status: Annotated[Literal["done"], CONSTANT] = "done"


CONTRADICTED = (b'{"status":"held","error":"odd"}', b'{"status":"held","error":"not_enough_funds"}')


def transfer_answering(kind: Any, effect: Any = "once") -> OperationContract:
    return replace(transfers.CREATE, effect=effect, success=(Success("200", "application/json", kind),))


@pytest.mark.parametrize("data", CONTRADICTED)
def test_a_success_with_a_code_is_no_refusal_and_nobody_knows_what_it_is(data: bytes) -> None:
    for operation in (transfer_answering(Done), transfer_answering(None), replace(transfers.CREATE, success=())):
        error = failure(body(200, data), operation)
        assert isinstance(error, errors.UnrecognizedOutcomeUnknown) and error.outcome is Outcome.UNKNOWN
        assert error.code in ("odd", "not_enough_funds") and error.advice.next == "repeat"
        assert "/status: is not what the format says" in error.violations


@pytest.mark.parametrize(
    ("data", "operation"),
    [
        (b'{"status":"done","error":"odd"}', transfer_answering(Done)),
        (b'{"status":"done","error":"not_enough_funds"}', transfer_answering(Done)),
        (CONTRADICTED[0], transfer_answering(Done, "read")),
    ],
)
def test_a_success_throughout_is_one_whatever_code_it_has(data: bytes, operation: OperationContract) -> None:
    assert decode_failure(errors.REGISTRY, operation, body(200, data)) is None


@pytest.mark.parametrize(
    ("outcome", "advice"), [(Outcome.UNKNOWN, Advice("repeat", policy="patient")), (Outcome.PENDING, Advice("poll"))]
)
def test_an_entry_that_is_told_by_the_contradiction_wins(outcome: Outcome, advice: Advice) -> None:
    told = (Predicate(Selector(body="/status"), "equals", "held"),)
    held = entry(Match(("200",), when=told, operations=("createTransfer",)), outcome, advice)
    registry = replace(registry_of(held), unknown_outcomes={held: type("Held", (held, OutcomeUnknown), {})})
    for data in CONTRADICTED:
        error = failure(body(200, data), transfers.CREATE, registry)
        assert isinstance(error, held) and (error.outcome, error.advice) == (outcome, advice)


@pytest.mark.parametrize("data", [b'{"error":"odd"}', b'{"status":null,"error":"odd"}'])
def test_a_constant_that_is_absent_contradicts_nothing(data: bytes) -> None:
    error = failure(body(200, data), transfers.CREATE)
    assert type(error) is errors.TransferRefused and error.outcome is Outcome.REJECTED


def test_a_family_is_contradicted_too() -> None:
    form = Format("numbered", code=Selector(body="/code", type="integer"), constants={"/ok": False})
    listed = entry(Match(("200",), (5,), format="numbered"), Outcome.REJECTED, Advice("stop"))
    registry = registry_of(listed, numbered=form)
    assert type(failure(body(200, b'{"ok":false,"code":1031}'), registry=registry)) is errors.CardError
    error = failure(body(200, b'{"ok":true,"code":1031}'), replace(orders.CREATE, success=()), registry)
    assert isinstance(error, errors.UnrecognizedOutcomeUnknown)


@pytest.mark.parametrize(
    ("operation", "advice"),
    [
        (UNPROTECTED, Advice("check")),
        (None, Advice("check")),
        (orders.CREATE, Advice("repeat", "same", policy="patient")),
        (transfers.CREATE, Advice("repeat", "same", policy="patient")),
        (orders.DELETE, Advice("repeat", "same", policy="patient")),
        (orders.GET, Advice("repeat", "same", policy="patient")),
    ],
    ids=["unprotected", "any", "key", "natural-key", "idempotent", "read"],
)
def test_a_repeat_is_advised_only_where_it_does_no_harm(operation: OperationContract | None, advice: Advice) -> None:
    answer = body(500, b'{"type":"error","id":"s","code":"internal_server_error","retry_after":1800}')
    error = failure(answer, operation)
    assert error.advice == advice and error.retry_after == 1.8
    assert error.contract is not None and error.contract.advice == Advice("repeat", "same", policy="patient")
    bare = failure(Answer(502), operation)
    assert bare.advice.next == advice.next


@pytest.mark.parametrize("stated", [Advice("fix", "new"), Advice("repeat", "new"), Advice("repeat", "either")])
def test_no_new_key_is_advised_where_the_outcome_is_unknown(stated: Advice) -> None:
    odd = entry(Match(("500",), ("odd",), format="error-object"), None, stated)
    registry = replace(registry_of(odd), unknown_outcomes={odd: type("Odd", (odd, OutcomeUnknown), {})})
    answer = body(500, b'{"type":"error","id":"s","code":"odd"}')
    assert failure(answer, orders.CREATE, registry).advice == Advice("repeat", "same")
    assert failure(answer, UNPROTECTED, registry).advice == Advice("check")
    assert failure(answer, orders.GET, registry).advice == stated


def test_a_failure_made_by_hand_whose_outcome_follows_from_the_effect_claims_nothing() -> None:
    assert errors.InternalServerError("m").outcome is Outcome.UNKNOWN
    assert errors.InternalServerErrorOutcomeUnknown("m").outcome is Outcome.UNKNOWN
    assert errors.UnrecognizedOutcomeUnknown("m").outcome is Outcome.UNKNOWN
    assert errors.NotFound("m").outcome is Outcome.REJECTED and errors.Unrecognized("m").outcome is Outcome.REJECTED
    assert errors.OrderPending("m").outcome is Outcome.PENDING
