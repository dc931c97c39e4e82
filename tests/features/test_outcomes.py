"""Outcomes: what is generated for what the catalog says about attempts, about finding out, and about what a payer may see."""

from __future__ import annotations

import importlib
import pickle
from typing import Any, get_args

import pytest

from features._runtime.answers import Answer
from features._runtime.contract import Lookup, OperationContract, Predicate, Selector
from features._runtime.decoding import decode_failure
from features._runtime.errors import ApiError
from features._runtime.headers import Headers
from features._runtime.outcomes import OutcomeUnknown
from features._runtime.wire import write_json
from features.outcomes import errors
from features.outcomes.resources.payouts import CREATE_PAYOUT
from features.outcomes.resources.refunds import CREATE_REFUND, LIST_REFUNDS
from features.outcomes.resources.sales import CANCEL_SALE, CREATE_SALE, FINALIZE_SALE, GET_SALE, UPLOAD_RECEIPT
from features.outcomes.resources.tips import CREATE_TIP
from features.problem_details import errors as keyless

FAILURES = [
    (202, "accepted", errors.Accepted),
    (400, "invalid", errors.Invalid),
    (401, "unauthenticated", errors.Unauthenticated),
    (402, "declined", errors.Declined),
    (409, "busy", errors.Busy),
    (410, "used_up", errors.UsedUp),
    (423, "locked", errors.Locked),
    (429, "slow_down", errors.SlowDown),
    (500, "broken", errors.BrokenOutcomeUnknown),
    (503, "closed", errors.Closed),
]


def failure(
    status: int, code: str, operation: OperationContract = CREATE_SALE, /, header: str | None = None, **more: Any
) -> ApiError:
    headers = [("Content-Type", "application/json"), *([("Retry-After", header)] if header is not None else [])]
    body = write_json({"code": code, "reference": "T-1", **more})
    found = decode_failure(errors.REGISTRY, operation, Answer(status, Headers(headers), body))
    assert found is not None
    return found


@pytest.mark.parametrize(("status", "code", "cls"), FAILURES)
def test_each_failure_has_its_class_and_tells_what_support_asks_for(
    status: int, code: str, cls: type[ApiError]
) -> None:
    found = failure(status, code)
    assert type(found) is cls and found.support_reference == "T-1"


def test_how_long_to_wait_is_read_where_the_catalog_says() -> None:
    assert failure(429, "slow_down", header="7").retry_after == 7
    assert failure(503, "closed", retry_after=2500).retry_after == 2.5


def test_an_operation_has_the_means_to_find_out_that_the_catalog_states() -> None:
    assert CREATE_SALE.idempotency == UPLOAD_RECEIPT.idempotency == "key"
    assert CREATE_PAYOUT.natural_key == Selector(request="body", at="/payout_id")
    assert CANCEL_SALE.effect == "idempotent" and GET_SALE.effect == LIST_REFUNDS.effect == "read"
    assert CREATE_TIP.effect == "once"
    assert (CREATE_TIP.idempotency, CREATE_TIP.natural_key, CREATE_TIP.lookup) == (None, None, None)


def asked(operation: OperationContract) -> tuple[Lookup, OperationContract]:
    """The lookup of an operation, and the contract of the operation that it names, found as a client finds it."""
    lookup = operation.lookup
    assert lookup is not None
    return lookup, getattr(importlib.import_module(lookup.module, lookup.package), lookup.name)


def test_a_lookup_names_the_contract_to_ask_in_whichever_module_it_is() -> None:
    lookup, contract = asked(CREATE_REFUND)
    assert contract is LIST_REFUNDS
    reference = Selector(request="body", at="/reference")
    assert lookup.bind == {"sale_id": Selector(request="body", at="/sale_id")}
    assert lookup.match == (Predicate(Selector(body="/reference"), "same_as", reference),)
    assert (lookup.executed, lookup.not_executed) == (None, None)
    lookup, contract = asked(FINALIZE_SALE)
    assert contract is GET_SALE and lookup.bind == {"id": Selector(request="path", at="id")} and lookup.match == ()
    assert lookup.executed == (Predicate(Selector(body="/status"), "equals", "final"),)
    assert lookup.not_executed == (Predicate(Selector(body="/status"), "equals", "open"),)


def test_whom_to_ask_and_in_which_language() -> None:
    api = errors.REGISTRY.api
    assert api.contact == "Till support, support@till.test, https://till.test/support"
    assert api.default_locale == "en"


@pytest.mark.parametrize("locale", ["ru", "ru-RU", "ru_RU", "RU"])
def test_a_payer_is_told_what_the_catalog_allows(locale: str) -> None:
    declined = failure(402, "declined", message="insufficient funds on 4111111111111111")
    told = declined.payer_message(locale)
    assert told == "Банк отклонил платёж. Заплатите другим способом." and told.locale == "ru"
    english = declined.payer_message("de")
    assert english is not None and english.locale == "en"
    assert declined.payer_message() == english == "Your bank declined the payment. Please pay in another way."


def test_a_payer_is_told_nothing_where_the_catalog_has_nothing_for_payers() -> None:
    for found in (failure(400, "invalid"), failure(409, "busy"), failure(418, "teapot"), errors.NotSent("no route")):
        assert found.payer_message() is None


def test_what_stays_open_and_what_was_never_sent_have_classes_of_their_own() -> None:
    fallbacks = errors.REGISTRY.fallbacks
    assert fallbacks.unresolved is errors.Unresolved and fallbacks.key_refused is errors.KeyRefused
    assert fallbacks.unresolved_unknown is errors.UnresolvedOutcomeUnknown
    assert issubclass(errors.UnresolvedOutcomeUnknown, errors.Unresolved)
    assert issubclass(errors.UnresolvedOutcomeUnknown, OutcomeUnknown)
    assert not issubclass(errors.Unresolved, OutcomeUnknown) and issubclass(errors.KeyRefused, errors.NotSent)
    common = get_args(errors.CommonError)
    assert errors.KeyRefused in common
    assert not {errors.Unresolved, errors.UnresolvedOutcomeUnknown} & {*common}


def test_why_it_stays_open_is_kept_when_the_exception_goes_to_another_process() -> None:
    error = errors.UnresolvedOutcomeUnknown("nobody knows", attributes={"reason": "retention_over"})
    assert error.reason == "retention_over"
    assert pickle.loads(pickle.dumps(error)).reason == "retention_over"
    assert errors.Unresolved("nobody knows").reason == "refused"


def test_an_api_without_keys_has_no_key_to_refuse() -> None:
    assert not hasattr(keyless, "KeyRefused")
    assert keyless.REGISTRY.fallbacks.key_refused is keyless.NotSent
