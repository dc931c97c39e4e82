"""What is made where no catalog was written: as much as the document says of failures, and no more."""

from __future__ import annotations

import importlib
import json
import sys
import textwrap
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import ModuleType

import httpx2
import pytest
import yaml

from sadpath.config import Settings
from sadpath.config.options import settings_from_options
from sadpath.diagnostics import Report
from sadpath.ir.service import Failure, Service
from sadpath.pipeline import build
from sadpath.reading import read_service

DOCUMENT = """
openapi: 3.0.3
info: {title: Shop, version: "1"}
paths:
  /orders:
    post:
      operationId: createOrder
      parameters:
        - {name: Idempotency-Key, in: header, required: true, schema: {type: string}}
      responses:
        "201": {description: made}
        "409": &problem
          description: Not possible.
          content: {application/json: {schema: {$ref: "#/components/schemas/Problem"}}}
        "500": {description: "Broken \\u202e <b>now</b>"}
  /pay:
    post:
      operationId: pay
      responses:
        "200": {description: paid}
        "422": *problem
        "500": {description: Broken}
        default: *problem
components:
  schemas:
    Problem:
      type: object
      required: [code, message]
      properties:
        code: {type: string}
        message: {type: string}
        field: {type: string, nullable: true}
        retryAfter: {type: integer}
"""


def settings(tmp_path: Path, text: str = DOCUMENT) -> Settings:
    path = tmp_path / "openapi.yaml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    report = Report()
    found = settings_from_options(path, None, "shop", tmp_path / "out", (), report)
    assert found is not None, report.diagnostics
    return found


@pytest.fixture
def service(tmp_path: Path) -> Service:
    found = read_service(settings(tmp_path).apis[0], Report())
    assert found is not None
    return found[0]


def by_id(service: Service) -> dict[str, Failure]:
    return {failure.entry.contract.id: failure for failure in service.failures}


def test_an_error_for_every_status_with_the_operations_that_declare_it(service: Service) -> None:
    found = by_id(service)
    assert {id: failure.entry.contract.match.statuses for id, failure in found.items()} == {
        "conflict": ("409",),
        "unprocessable_content": ("422",),
        "internal_server_error": ("500",),
        "other_failure": ("default",),
    }
    assert found["conflict"].operations == ("createOrder",)
    assert set(found["internal_server_error"].operations) == {"createOrder", "pay"}


def test_members_of_the_body_become_code_message_and_attributes(service: Service) -> None:
    format_ = service.formats[by_id(service)["conflict"].entry.contract.match.format or ""].contract
    assert format_.code is not None and format_.code.body == "/code"
    assert format_.message is not None and format_.message.body == "/message"
    assert {name: attribute.select.type for name, attribute in format_.attributes.items()} == {
        "field": "string",
        "retry_after": "integer",
    }
    assert len(service.formats) == 1


def test_nothing_is_claimed_that_nobody_said(service: Service) -> None:
    for failure in service.failures:
        assert failure.entry.advice_certainty == "assumed"
    found = by_id(service)
    assert found["unprocessable_content"].entry.contract.outcome is not None
    for id in ("conflict", "internal_server_error", "other_failure"):
        assert found[id].entry.contract.outcome is None
    assert found["conflict"].protected and not found["internal_server_error"].protected


def test_a_header_that_carries_a_key_is_one(service: Service) -> None:
    operations = {operation.id: operation for group in service.groups for operation in group.operations}
    assert operations["createOrder"].idempotency == "key" and operations["pay"].idempotency is None
    assert operations["createOrder"].parameters == ()
    assert service.contract.idempotency["key"].header == "Idempotency-Key"


def test_a_key_that_is_misused_becomes_the_error_of_its_status(service: Service) -> None:
    framework = service.contract.framework
    assert framework["idempotency_in_flight"] == "conflict"
    assert framework["idempotency_key_reused"] == "unprocessable_content"
    assert "idempotency_key_missing" not in framework


@pytest.fixture
def package(tmp_path: Path) -> Iterator[ModuleType]:
    trees = build(settings(tmp_path).apis[0], Report())
    assert trees is not None
    for tree in trees:
        for path, text in tree.files.items():
            target = tmp_path / "out" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    sys.path.insert(0, str(tmp_path / "out"))
    try:
        yield importlib.import_module("shop")
    finally:
        sys.path.remove(str(tmp_path / "out"))
        for name in [name for name in sys.modules if name == "shop" or name.startswith("shop.")]:
            del sys.modules[name]


def test_a_handler_may_say_the_code_that_the_contract_leaves_open(package: ModuleType) -> None:
    from_package = importlib.import_module("shop._runtime.encoding")
    decoding = importlib.import_module("shop._runtime.decoding")
    errors = package.errors
    error = errors.Conflict("twice", code="duplicate", field="id")
    answer = from_package.encode_failure(errors.REGISTRY, error)
    assert answer.body == b'{"code":"duplicate","message":"twice","field":"id"}'
    again = decoding.decode_failure(errors.REGISTRY, None, answer)
    assert type(again) in (errors.Conflict, errors.ConflictOutcomeUnknown)
    assert (again.code, again.message, again.field) == ("duplicate", "twice", "id")


def test_a_key_that_is_a_day_old_is_not_used_again_because_nobody_says_how_long_it_lives(
    package: ModuleType, tmp_path: Path
) -> None:
    now, seconds, requests = datetime.now(timezone.utc), [0.0], list[httpx2.Request]()

    def answered(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        if len(requests) == 1:
            raise httpx2.ReadTimeout("late")
        return httpx2.Response(201)

    environment = package.Environment(now=lambda: now + timedelta(seconds=seconds[0]), monotonic=lambda: seconds[0])
    with httpx2.Client(transport=httpx2.MockTransport(answered)) as inner:
        client = package.Client(
            http_client=inner, base_url="https://shop.test", environment=environment, max_attempts=1
        )
        create = client.orders.create
        with pytest.raises(package.OutcomeUnknown) as doubt:
            create(idempotency_key="k-1")
        token = doubt.value.resume_token
        seconds[0] = 25 * 3600.0
        with pytest.raises(package.errors.UnresolvedOutcomeUnknown) as unresolved:
            create.resume(token)
        assert (unresolved.value.reason, len(requests)) == ("retention_over", 1)
        seconds[0] = 3600.0
        assert create.resume(token).executed and len(requests) == 2
    pages = "".join(page.read_text(encoding="utf-8") for page in (tmp_path / "out/docs/shop").rglob("*.md"))
    assert "for 24 h after the first attempt: assumed" in pages


def test_the_catalog_as_json_tells_what_is_assumed(package: ModuleType, tmp_path: Path) -> None:
    tree = json.loads((tmp_path / "out/shop/error-catalog.json").read_text(encoding="utf-8"))
    assert {(one["certainty"], one["advice_certainty"]) for one in tree["errors"]} == {("documented", "assumed")}


def test_pages_and_document_say_so(package: ModuleType, tmp_path: Path) -> None:
    page = (tmp_path / "out/docs/shop/errors/internal_server_error.md").read_text(encoding="utf-8")
    assert "find out first whether it was executed" in page and "Repeat the same request" not in page
    assert "assumed from the HTTP status" in page
    text = (tmp_path / "out/openapi/shop.yaml").read_text(encoding="utf-8")
    assert "\u202e" not in text
    tree = yaml.safe_load(text)
    assert tree["paths"]["/pay"]["post"]["responses"]["500"]["description"] == "Broken"
    assert "\u202e" in tree["paths"]["/orders"]["post"]["responses"]["500"]["description"]
    assert "<b>" not in page


ODD = """
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /pay:
    post:
      operationId: pay
      requestBody: {required: true, content: {"*/*": {schema: {type: object, properties: {sum: {type: string}}}}}}
      responses:
        "200": {description: paid}
        "422":
          description: Not possible.
          content:
            application/json:
              schema: {type: object, properties: {from: {type: string}, headers: {type: string}, plain: {type: string}}}
"""


def test_a_body_of_any_type_is_sent_as_json(tmp_path: Path) -> None:
    found = read_service(settings(tmp_path, ODD).apis[0], Report())
    assert found is not None
    body = found[0].groups[0].operations[0].body
    assert body is not None and body.media_type == "application/json"


def test_a_class_declares_the_attributes_that_the_runtime_sets_and_no_others(tmp_path: Path) -> None:
    trees = build(settings(tmp_path, ODD).apis[0], Report())
    assert trees is not None
    source = next(tree.files["shop/errors.py"] for tree in trees if "shop/errors.py" in tree.files)
    assert "    plain: str | None\n" in source
    assert "    from_: str | None\n" not in source and "    headers: str | None\n" not in source
    assert '"from": from_' in source and '"headers": headers' in source
