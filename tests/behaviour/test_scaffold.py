"""A draft is a catalog: it is generated from as it is, and what is made of it knows the failures and repeats nothing unasked."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import httpx2 as httpx
import pytest

from sadpath.cli.generate import Options as GenerateOptions
from sadpath.cli.generate import run_generate
from sadpath.cli.options import Scope
from sadpath.cli.result import conclude
from sadpath.cli.scaffold import Options, run_scaffold

DOCUMENT = """
openapi: 3.1.0
info: {title: Kiosk, version: "1"}
servers: [{url: https://kiosk.example}]
paths:
  /sales:
    post:
      operationId: sell
      tags: [sales]
      responses:
        "201": {description: Sold.}
        "422":
          description: Refused.
          content:
            application/json:
              schema:
                type: object
                properties:
                  code: {const: REFUSED}
                  message: {type: string}
                  details:
                    type: array
                    items:
                      anyOf:
                        - properties: {field: {type: string}, issue: {const: CARD_EXPIRED}}
                        - properties: {field: {type: string}, issue: {const: BANK_TIMEOUT}}
        "500": {description: Broken.}
"""
PAGE = """
<h2>Codes of failures</h2>
<table>
<tr><th>HTTP</th><th>Code</th><th>What it means</th></tr>
<tr><td rowspan=2>400</td><td><code>no_name</code></td><td>The name is missing.</td></tr>
<tr><td><code>no_price</code></td><td>The price is missing.</td></tr>
</table>
"""


def scaffold(options: Options) -> int:
    """The command, to its exit code."""
    return conclude(run_scaffold(options))


@pytest.fixture(name="kiosk", scope="module")
def _kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The package that is generated from a draft as it is."""
    folder = tmp_path_factory.mktemp("kiosk")
    document, page, errors = folder / "openapi.yaml", folder / "page.html", folder / "errors.yaml"
    document.write_text(DOCUMENT, encoding="utf-8")
    page.write_text(PAGE, encoding="utf-8")
    assert scaffold(Options(document, (page,), errors)) == 0
    scope = Scope(openapi=document, errors=errors, package="drafted_kiosk", output=folder / "out")
    assert conclude(run_generate(GenerateOptions(scope))) == 0
    sys.path.insert(0, str(folder / "out"))
    try:
        yield importlib.import_module("drafted_kiosk")
    finally:
        sys.path.remove(str(folder / "out"))


Answer = Callable[[httpx.Request], httpx.Response]


def failure_of(kiosk: ModuleType, answer: Answer) -> Any:
    client = kiosk.Client(http_client=httpx.Client(transport=httpx.MockTransport(answer)))
    with client, pytest.raises(kiosk.errors.KioskError) as caught:
        client.sales.sell()
    return caught.value


@pytest.mark.parametrize(
    ("status", "body", "name", "outcome"),
    [
        (422, {"code": "REFUSED", "details": [{"issue": "CARD_EXPIRED"}]}, "CardExpired", "rejected"),
        (422, {"code": "REFUSED", "details": [{"issue": "BANK_TIMEOUT"}]}, "BankTimeout", "unknown"),
        (422, {"code": "REFUSED", "details": [{"issue": "NEW"}]}, "Refused", "rejected"),
        (400, {"code": "no_name"}, "NoName", "rejected"),
        (400, {"code": "no_price"}, "NoPrice", "rejected"),
        (500, None, "InternalServerError", "unknown"),
    ],
)
def test_every_failure_is_told_and_nothing_is_repeated(
    kiosk: ModuleType, status: int, body: object, name: str, outcome: str
) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(status, json=body) if body is not None else httpx.Response(status)

    failure = failure_of(kiosk, answer)
    assert isinstance(failure, getattr(kiosk.errors, name))
    assert failure.outcome.value == outcome
    assert len(asked) == 1


def test_a_code_of_a_fault_is_a_kind_of_what_its_status_says(kiosk: ModuleType) -> None:
    errors = kiosk.errors
    assert issubclass(errors.CardExpired, errors.UnprocessableContent)
    assert issubclass(errors.BankTimeout, errors.UnprocessableContent)
