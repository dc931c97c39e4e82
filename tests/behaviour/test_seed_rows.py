"""Every row of the vendors' tables, typed by hand, followed through everything: catalog, class, client, server, document, pages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml
from behaviour.desks import desk_app
from behaviour.houses import MAKECOMMERCE, PAYSERA, WALLET, YOOKASSA, House
from behaviour.loopback import served
from behaviour.merchants import MERCHANT_CALLS, merchant_app
from behaviour.shop_extras import whole_shop_app
from behaviour.shops import Script, amount
from behaviour.wallets import wallet_app
from unit.contracts.test_rows import ROWS

from payments._runtime.errors import ApiError
from payments.makecommerce import BasicAuth
from payments.paysera import HttpAuth
from payments.yoomoney_wallet import BearerAuth

Code = str | int | None
Wire = tuple[dict[str, str], bytes]
JSON = {"Content-Type": "application/json"}
BASIC = BasicAuth("100500", "secret")


@dataclass(frozen=True)
class Desk:
    """One API: how its answers are spelt, how the code is read out of them, and one call that can fail in every way of the tables."""

    house: House
    app: Callable[..., Any]
    auth: Any
    operation: str
    resource: str
    method: str
    write: Callable[[int, Code], Wire]
    read: Callable[[httpx2.Response], Code]
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])


def _shop(status: int, code: Code) -> Wire:
    if code is None:
        return {}, b""
    return JSON, json.dumps({"type": "error", "id": "ab5a11cd-13cc", "code": code, "description": "No."}).encode()


def _wallet(status: int, code: Code) -> Wire:
    return ({}, b"") if code is None else ({"WWW-Authenticate": f'Bearer error="{code}"'}, b"")


def _paysera(status: int, code: Code) -> Wire:
    return {"Content-Type": "application/json;charset=utf-8"}, json.dumps({"error": code}).encode()


def _merchant(status: int, code: Code) -> Wire:
    return ({}, b"") if code is None else (JSON, json.dumps({"code": code, "message": "No."}).encode())


def _challenge(answer: httpx2.Response) -> Code:
    found = re.search(r'error="([^"]*)"', answer.headers.get("www-authenticate", ""))
    return found[1] if found else None


def _merchant_code(answer: httpx2.Response) -> Code:
    """The vendor shows answers whose `code` is the status: that names no error."""
    found = _member("code")(answer)
    return None if found == answer.status_code else found


def _member(name: str) -> Callable[[httpx2.Response], Code]:
    def read(answer: httpx2.Response) -> Code:
        found: Code = answer.json()[name] if answer.content else None
        return found

    return read


DESKS = {
    "yookassa": Desk(
        YOOKASSA,
        whole_shop_app,
        BASIC,
        "createPayment",
        "payments",
        "create",
        _shop,
        _member("code"),
        {"amount": amount()},
    ),
    "yoomoney-wallet": Desk(
        WALLET, wallet_app, BearerAuth("token-410"), "accountInfo", "account", "info", _wallet, _challenge
    ),
    "paysera": Desk(
        PAYSERA,
        desk_app,
        HttpAuth("MAC", 'id="c", ts="1", nonce="n", mac="m", ext=""'),
        "getPayment",
        "payments",
        "get",
        _paysera,
        _member("error"),
        {"payment_id": 991},
    ),
    "makecommerce": Desk(
        MAKECOMMERCE,
        merchant_app,
        BASIC,
        "createTransaction",
        *MERCHANT_CALLS["createTransaction"][:2],
        _merchant,
        _merchant_code,
        MERCHANT_CALLS["createTransaction"][2],
    ),
}
NAMES: dict[tuple[str, int, Code], str] = {
    ("yookassa", 400, "invalid_request"): "InvalidRequest",
    ("yookassa", 401, "invalid_credentials"): "InvalidCredentials",
    ("yookassa", 403, "forbidden"): "Forbidden",
    ("yookassa", 404, "not_found"): "NotFound",
    ("yookassa", 405, None): "MethodNotAllowed",
    ("yookassa", 415, None): "UnsupportedMediaType",
    ("yookassa", 429, "too_many_requests"): "TooManyRequests",
    ("yookassa", 500, "internal_server_error"): "InternalServerError",
    ("yoomoney-wallet", 400, "invalid_request"): "InvalidRequest",
    ("yoomoney-wallet", 401, "invalid_token"): "InvalidToken",
    ("yoomoney-wallet", 403, "insufficient_scope"): "InsufficientScope",
    ("yoomoney-wallet", 500, None): "InternalServerError",
    ("paysera", 400, "invalid_request"): "InvalidRequest",
    ("paysera", 400, "invalid_parameters"): "InvalidParameters",
    ("paysera", 401, "unauthorized"): "Unauthorized",
    ("paysera", 403, "forbidden"): "Forbidden",
    ("paysera", 404, "not_found"): "NotFound",
    ("paysera", 406, "not_acceptable"): "NotAcceptable",
    ("paysera", 409, "invalid_state"): "InvalidState",
    ("paysera", 500, "internal_server_error"): "InternalServerError",
}


@pytest.fixture(scope="module")
def stages() -> Iterator[dict[str, tuple[Script, str]]]:
    with ExitStack() as stack:
        found: dict[str, tuple[Script, str]] = {}
        for api, desk in DESKS.items():
            script = Script()
            found[api] = script, stack.enter_context(served(desk.app(script)))
        yield found


def entry_of(api: str, status: int, code: Code) -> type[ApiError]:
    """The class by what the table says alone."""
    found = [
        cls
        for cls in DESKS[api].house.registry.errors
        if cls.contract is not None
        and str(status) in cls.contract.match.statuses
        and (code in cls.contract.match.codes if code is not None else not cls.contract.match.codes)
        and not (cls.contract.match.other_codes or cls.contract.match.when or cls.contract.match.operations)
    ]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(("api", "status", "code"), ROWS)
def test_the_client_raises_it(api: str, status: int, code: Code) -> None:
    desk = DESKS[api]
    headers, body = desk.write(status, code)
    transport = httpx2.MockTransport(lambda request: httpx2.Response(status, headers=headers, content=body))
    with (
        httpx2.Client(transport=transport) as http_client,
        desk.house.client.Client(desk.auth, http_client=http_client, max_attempts=1) as client,
        pytest.raises(ApiError) as caught,
    ):
        getattr(getattr(client, desk.resource), desk.method)(**desk.arguments)
    error, cls = caught.value, entry_of(api, status, code)
    assert isinstance(error, cls) and (error.status, error.code) == (status, code)
    assert cls.__name__ == NAMES.get((api, status, code), cls.__name__) and error.violations == ()


@pytest.mark.parametrize(("api", "status", "code"), ROWS)
def test_the_server_sends_it(api: str, status: int, code: Code, stages: dict[str, tuple[Script, str]]) -> None:
    desk, (script, url) = DESKS[api], stages[api]
    cls = entry_of(api, status, code)
    script.failure = cls("No.")
    answers: list[httpx2.Response] = []

    def keep(response: httpx2.Response) -> None:
        response.read()
        answers.append(response)

    with (
        httpx2.Client(event_hooks={"response": [keep]}) as http_client,
        desk.house.client.Client(desk.auth, base_url=url, http_client=http_client, max_attempts=1) as client,
        pytest.raises(cls),
    ):
        getattr(getattr(client, desk.resource), desk.method)(**desk.arguments)
    assert desk.read(answers[0]) == code
    # What comes with several statuses is sent with the first that the contract names.
    sent = str(answers[0].status_code)
    assert cls.contract is not None and sent == cls.contract.match.statuses[0]
    assert sent == str(status) or (api, code) in (("makecommerce", 1002),)


@pytest.mark.parametrize(("api", "status", "code"), ROWS)
def test_the_merged_document_and_both_languages_of_the_reference_have_it(
    api: str, status: int, code: Code, checkout: Path
) -> None:
    desk, cls = DESKS[api], entry_of(api, status, code)
    assert cls.contract is not None
    id, operation = cls.contract.id, desk.house.operations[desk.operation]
    tree: Any = _document(checkout, api)
    response = tree["paths"][operation.path][operation.method.lower()]["responses"][str(status)]
    assert id in response["x-sadpath-errors"]
    for locale in ("en", "ru"):
        folder = checkout / "generated" / "docs" / api / locale
        page = (folder / "errors" / f"{id}.md").read_text(encoding="utf-8")
        assert f"`{cls.__name__}`" in page and str(status) in page
        assert code is None or f"`{code}`" in page
        text = page.split("\n# ", 1)[1]
        assert bool(re.search("[а-яё]{4}", text)) is (locale == "ru")
        index = (folder / "README.md").read_text(encoding="utf-8")
        [row] = [line for line in index.splitlines() if f"(errors/{id}.md)" in line]
        assert str(status) in row and (code is None or f"`{code}`" in row)


@cache
def _document(checkout: Path, api: str) -> Any:
    text = (checkout / "generated" / "openapi" / f"{api}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def test_the_rows_are_all_there() -> None:
    assert {api: sum(row[0] == api for row in ROWS) for api in DESKS} == {
        "yookassa": 8,
        "yoomoney-wallet": 4,
        "paysera": 8,
        "makecommerce": 28,
    }
    assert {row for row in ROWS if row[0] != "makecommerce"} == set(NAMES)
