"""What to do after a status is the same whether a document states it, a catalog does without a word on it, or nobody does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sadpath.catalog.derive import derive_catalog
from sadpath.catalog.parse import parse_catalog
from sadpath.diagnostics import Report
from sadpath.openapi.parse import parse_document
from sadpath.runtime.answers import Answer
from sadpath.runtime.contract import Advice, ApiContract, ErrorContract, OperationContract, Outcome
from sadpath.runtime.decoding import decode_failure
from sadpath.runtime.errors import ApiError, Fallbacks, Registry
from sadpath.runtime.headers import Headers
from sadpath.runtime.outcomes import OutcomeUnknown
from sadpath.runtime.statuses import all_pass, are_mixed
from sadpath.source.loader import parse_text
from sadpath.source.references import Sources

DOCUMENT = """
openapi: 3.1.0
info: {{title: T, version: "1"}}
paths:
  /a: {{post: {{operationId: a, responses: {{"201": {{description: made}}, "{status}": {{description: not made}}}}}}}}
"""
CATALOG = """
errorcatalog: "1"
info: {{api: shop, locales: [en]}}
errors:
  what:
    match: {{status: {status}}}
    title: What it is
"""
READ = OperationContract("a", "GET", "/a", effect="read")
BARE = OperationContract("a", "POST", "/a")
KEYED = replace(BARE, idempotency="key")


class Root(ApiError):
    """Every failure of the API."""


class RootUnknown(Root, OutcomeUnknown):
    """One whose outcome nobody knows."""


def derived(status: str) -> ErrorContract:
    report = Report()
    source = parse_text("api.yaml", DOCUMENT.format(status=status), report)
    assert source is not None
    document = parse_document(source, Sources(source, report), report)
    assert document is not None and not report.failed
    (error,) = derive_catalog(document, "shop", {0: "a"}).errors
    return error.contract


def written(status: str) -> ErrorContract:
    report = Report()
    source = parse_text("errors.yaml", CATALOG.format(status=status), report)
    assert source is not None
    found = parse_catalog(source, report)
    assert found is not None and not report.failed
    return found[0].errors[0].contract


def answered(contract: ErrorContract | None, operation: OperationContract, status: int) -> ApiError:
    named = dict.fromkeys(Fallbacks.__dataclass_fields__, Root) | {"unrecognized_unknown": RootUnknown}
    classes: tuple[type[ApiError], ...] = ()
    variants: dict[type[ApiError], type[ApiError]] = {}
    if contract is not None:
        found = type("Found", (Root,), {"contract": contract})
        classes = (found,)
        variants = {found: type("FoundUnknown", (found, OutcomeUnknown), {})}
    registry = Registry(ApiContract("shop", "Shop"), Root, classes, {}, variants, Fallbacks(**named))
    failure = decode_failure(registry, operation, Answer(status, Headers([("Retry-After", "2")])))
    assert failure is not None
    assert failure.retry_after == 2.0
    return failure


def ways(status: int) -> dict[str, ErrorContract | None]:
    span = f"{status // 100}XX"
    return {
        "derived": derived(str(status)),
        "derived default": derived("default"),
        "derived range": derived(span),
        "written": written(str(status)),
        "written default": written("default"),
        "written range": written(span),
        "nobody": None,
    }


@pytest.mark.parametrize("operation", [READ, BARE, KEYED], ids=["read", "bare", "keyed"])
@pytest.mark.parametrize("status", [425, 429])
def test_what_asks_to_come_back_later_is_repeated_whoever_states_it(status: int, operation: OperationContract) -> None:
    for way, contract in ways(status).items():
        failure = answered(contract, operation, status)
        assert (failure.outcome, failure.advice.next, failure.advice.automatic) == (
            Outcome.REJECTED,
            "repeat",
            None,
        ), way


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_what_breaks_down_is_repeated_where_that_does_no_harm(status: int) -> None:
    for way, contract in ways(status).items():
        assert answered(contract, READ, status).advice.next == "repeat", way
        assert answered(contract, BARE, status).advice.next != "repeat", way
        keyed = answered(contract, KEYED, status)
        # Whoever writes a catalog with `4XX` says that every such answer is a refusal.
        is_said = way in ("written default", "written range") and status == 408
        assert is_said or (keyed.outcome, keyed.advice.next) == (Outcome.UNKNOWN, "repeat"), way


@pytest.mark.parametrize("operation", [READ, BARE, KEYED], ids=["read", "bare", "keyed"])
@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 422])
def test_what_is_wrong_stays_wrong(status: int, operation: OperationContract) -> None:
    for way, contract in ways(status).items():
        failure = answered(contract, operation, status)
        assert failure.outcome is Outcome.REJECTED
        assert failure.advice == Advice("stop" if contract is None else "fix"), way


def test_a_next_step_that_is_stated_stands() -> None:
    stated = replace(written("429"), advice=Advice("user"))
    assert answered(stated, BARE, 429).advice == Advice("user")
    report = Report()
    source = parse_text("errors.yaml", CATALOG.format(status="default") + "    next: fix\n", report)
    found = parse_catalog(source, report) if source is not None else None
    assert found is not None
    assert answered(found[0].errors[0].contract, BARE, 429).advice == Advice("fix")


def test_several_statuses_of_one_entry() -> None:
    assert all_pass(("429", "503", "5XX")) and not all_pass(("429", "400")) and not all_pass(())
    assert are_mixed(("429", "400")) and are_mixed(("4XX",)) and not are_mixed(("429", "425"))
    both = written("[400, 429]")
    assert answered(both, BARE, 400).advice.next == "fix" and answered(both, BARE, 429).advice.next == "repeat"
    # The second one leaves open whether it was executed, and nobody has said that it was not.
    assert answered(written("[429, 503]"), BARE, 503).outcome is Outcome.UNKNOWN
