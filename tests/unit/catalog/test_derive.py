"""What a derived catalog says of outcome, status and key: no more than the document does, and nothing that costs money."""

from __future__ import annotations

import json
import textwrap
from typing import Any, cast

import pytest

from sadpath.catalog.derive import derive_catalog
from sadpath.catalog.model import Catalog
from sadpath.diagnostics import Report
from sadpath.openapi.parse import parse_document
from sadpath.runtime.answers import Answer
from sadpath.runtime.contract import ApiContract, OperationContract, Outcome
from sadpath.runtime.decoding import decode_failure
from sadpath.runtime.encoding import encode_failure
from sadpath.runtime.errors import ApiError, Fallbacks, Registry
from sadpath.runtime.framework import refuse_request
from sadpath.runtime.headers import Headers
from sadpath.runtime.outcomes import OutcomeUnknown
from sadpath.runtime.reception import Fault, Refused
from sadpath.runtime.wire import write_json
from sadpath.source.loader import parse_text
from sadpath.source.references import Sources

PAY = OperationContract("pay", "POST", "/pay")
KEYED = OperationContract("pay", "POST", "/pay", idempotency="key")
READ = OperationContract("read", "GET", "/pay", effect="read")

HEAD = """
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /pay:
    post:
      operationId: pay
      parameters:
        - {name: Idempotency-Key, in: header, schema: {$ref: "#/components/schemas/Key"}}
      responses:
"""
TAIL = """
components:
  schemas:
    Key: {type: string, maxLength: 32}
    Problem:
      type: object
      properties:
        code: {type: string, enum: [missing, taken, busy]}
        message: {type: string}
    Details:
      type: object
      properties:
        title: {type: string}
        status: {type: integer}
        detail: {type: string}
        errors:
          type: array
          items: {type: object, properties: {pointer: {type: string}, detail: {type: string}}}
"""
SHARED = '{description: "no", content: {application/json: {schema: {$ref: "#/components/schemas/Problem"}}}}'
DETAILS = '{description: "no", content: {application/problem+json: {schema: {$ref: "#/components/schemas/Details"}}}}'


def derived(**responses: str) -> Catalog:
    """The catalog of a document whose one operation has these responses, by their statuses after an underscore."""
    lines = "".join(f'        "{name.lstrip("_")}": {text}\n' for name, text in responses.items())
    report = Report()
    source = parse_text("api.yaml", textwrap.dedent(HEAD) + lines + textwrap.dedent(TAIL), report)
    assert source is not None
    document = parse_document(source, Sources(source, report), report)
    assert document is not None and not report.failed
    return derive_catalog(document, "shop", {0: "pay"})


def registry_of(catalog: Catalog) -> Registry:
    """The classes of a catalog, as the generator writes them."""
    root = type("Root", (ApiError,), {})
    unknown = type("UnrecognizedOutcomeUnknown", (root, OutcomeUnknown), {})
    classes: dict[str, type[ApiError]] = {}
    leaves: dict[type[ApiError], type[ApiError]] = {}
    for entry in catalog.errors:
        parent = classes[entry.parent] if entry.parent is not None else root
        cls = cast("type[ApiError]", type(entry.contract.id, (parent,), {"contract": entry.contract}))
        classes[entry.contract.id] = cls
        if entry.contract.outcome is None:
            leaves[cls] = cast("type[ApiError]", type(f"{entry.contract.id}_unknown", (cls, OutcomeUnknown), {}))
    api = ApiContract(
        "shop", "T", formats={name: one.contract for name, one in catalog.formats.items()}, framework=catalog.framework
    )
    fallbacks = Fallbacks(
        unrecognized=root,
        unrecognized_unknown=unknown,
        not_sent=root,
        answer_lost=root,
        answer_lost_unknown=unknown,
        unreadable=root,
        unresolved=root,
        unresolved_unknown=unknown,
        key_refused=root,
    )
    return Registry(api, root, tuple(classes.values()), {}, leaves, fallbacks)


def failure(registry: Registry, status: int, body: Any = None, operation: OperationContract = PAY) -> ApiError:
    answer = Answer(status, Headers([("Content-Type", "application/json")]), write_json(body or {}))
    found = decode_failure(registry, operation, answer)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "responses", [{"_4XX": SHARED}, {"_200": "{description: ok}", "default": SHARED}, {"_200": "{description: ok}"}]
)
@pytest.mark.parametrize("body", [None, {"code": "taken"}, {"code": "other"}])
def test_a_timeout_and_a_conflict_leave_open_what_happened(responses: dict[str, str], body: Any) -> None:
    registry = registry_of(derived(**responses))
    for status in (408, 409):
        found = failure(registry, status, body)
        assert isinstance(found, OutcomeUnknown) and found.outcome is Outcome.UNKNOWN
        assert found.advice.next == "check"
        assert failure(registry, status, body, READ).outcome is Outcome.REJECTED
    found = failure(registry, 422, body)
    assert not isinstance(found, OutcomeUnknown) and found.outcome is Outcome.REJECTED
    assert found.advice.next in ("fix", "stop")


def test_a_code_of_a_refusal_is_not_believed_at_a_conflict() -> None:
    registry = registry_of(derived(_404=SHARED))
    found = failure(registry, 409, {"code": "missing"})
    assert isinstance(found, OutcomeUnknown) and found.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("status", [408, 409, 503])
def test_a_repeat_is_told_to_keep_the_key(status: int) -> None:
    registry = registry_of(derived(_408=SHARED, _409=SHARED, _503=SHARED))
    found = failure(registry, status, {"code": "busy"}, KEYED)
    assert (found.advice.next, found.advice.key) == ("repeat", "same")
    assert failure(registry, status, {"code": "busy"}).advice.next == "check"


def test_codes_of_a_schema_that_statuses_share_leave_the_outcome_to_the_status() -> None:
    catalog = derived(_404=SHARED, _409=SHARED, _503=SHARED)
    by_code = {entry.contract.match.codes: entry for entry in catalog.errors}
    assert by_code["busy",].contract.outcome is None and by_code["busy",].contract.category == "unknown"
    assert by_code["busy",].contract.match.statuses == ("404", "409", "503") and by_code["busy",].parent is None
    registry = registry_of(catalog)
    for code, status, name in (
        ("missing", 404, "missing"),
        ("taken", 409, "taken_unknown"),
        ("busy", 503, "busy_unknown"),
    ):
        found = failure(registry, status, {"code": code})
        assert type(found).__name__ == name
        assert isinstance(found, OutcomeUnknown) == (found.outcome is Outcome.UNKNOWN) == (status != 404)
        assert not found.violations


def test_an_example_ties_a_code_to_its_status() -> None:
    shown = SHARED.replace("schema:", "examples: {one: {value: {code: missing}}}, schema:")
    catalog = derived(_404=shown, _409=SHARED)
    missing = next(entry for entry in catalog.errors if entry.contract.match.codes == ("missing",))
    assert missing.contract.match.statuses == ("404",) and missing.contract.outcome is Outcome.REJECTED
    assert (missing.contract.category, missing.parent) == ("not_found", "not_found")
    registry = registry_of(catalog)
    assert isinstance(failure(registry, 404, {"code": "missing"}), registry.by_id["not_found"])


def test_a_server_sends_a_status_that_the_operation_documents() -> None:
    catalog = derived(_402=SHARED, _409=SHARED)
    registry = registry_of(catalog)
    elsewhere = registry.by_id["payment_required"]
    restricted = Registry(
        registry.api,
        registry.root,
        tuple(cls for cls in registry.errors if cls is not elsewhere),
        {},
        registry.unknown_outcomes,
        registry.fallbacks,
    )
    assert encode_failure(restricted, registry.by_id["taken"]("m"), PAY).status == 409
    assert encode_failure(registry, registry.by_id["taken"]("m"), PAY).status == 402


def test_a_problem_tells_its_status_and_its_title() -> None:
    registry = registry_of(derived(_404=DETAILS, _4XX=DETAILS))
    answer = encode_failure(registry, registry.by_id["not_found"]("m"), PAY)
    assert (answer.status, json.loads(answer.body)) == (404, {"title": "Not Found", "status": 404, "detail": "m"})
    error = registry.by_id["client_error"]("m", attributes={"status": 409, "title": "Taken"})
    answer = encode_failure(registry, error, PAY)
    assert (answer.status, json.loads(answer.body)) == (409, {"title": "Taken", "status": 409, "detail": "m"})


def test_faults_of_a_request_keep_their_pointers_and_their_reasons() -> None:
    registry = registry_of(derived(_422=DETAILS))
    refused = Refused("request_validation", [Fault("/amount/value", "is missing"), Fault("limit", "is no number")])
    answer = refuse_request(registry, refused, PAY)
    assert answer.status == 422
    assert json.loads(answer.body)["errors"] == [
        {"pointer": "/amount/value", "detail": "is missing"},
        {"pointer": "limit", "detail": "is no number"},
    ]


def test_a_key_has_the_length_that_the_header_allows() -> None:
    assert derived(_404=SHARED).idempotency["key"].max_length == 32
