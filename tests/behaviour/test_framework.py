"""What the web framework refuses is answered in the contract's own form, and nothing of the server's inside is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx2
import pytest
from behaviour.desks import desk_app
from behaviour.houses import MAKECOMMERCE, PAYSERA, WALLET, YOOKASSA, House
from behaviour.loopback import served
from behaviour.merchants import merchant_app
from behaviour.shops import ID, Script, anyone, shop_app
from behaviour.wallets import wallet_app
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from payments._runtime.answers import Answer
from payments._runtime.decoding import decode_failure
from payments._runtime.errors import ApiError
from payments._runtime.headers import Headers
from payments.yookassa import errors, server

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
GOOD = '{"amount":{"value":"1.00","currency":"RUB"}}'
KEY = {"Idempotence-Key": "k"}
BASIC = ("100500", "test_secret")
BEARER = {"Authorization": "Bearer t"}
MAC = {"Authorization": 'MAC id="c", ts="1", nonce="n", mac="m", ext=""'}


@pytest.fixture(scope="module")
def script() -> Script:
    return Script()


@pytest.fixture(scope="module")
def urls(script: Script) -> Iterator[dict[str, str]]:
    apps = {YOOKASSA: shop_app, WALLET: wallet_app, MAKECOMMERCE: merchant_app, PAYSERA: desk_app}
    with ExitStack() as stack:
        yield {house.api: stack.enter_context(served(app(script))) for house, app in apps.items()}


@pytest.fixture(autouse=True)
def _fresh(script: Script) -> None:
    script.failure = script.answer = None


def failure(house: House, response: httpx2.Response) -> ApiError | None:
    answer = Answer(response.status_code, Headers(response.headers.multi_items()), response.content)
    return decode_failure(house.registry, None, answer)


CASES: list[Any] = [
    ("route_not_found", YOOKASSA, "GET", "/nothing", {"auth": BASIC}),
    ("method_not_allowed", YOOKASSA, "DELETE", "/payments", {"auth": BASIC}),
    (
        "unsupported_media_type",
        YOOKASSA,
        "POST",
        "/payments",
        {"auth": BASIC, "content": "x", "headers": {**KEY, "Content-Type": "text/html"}},
    ),
    ("request_validation", YOOKASSA, "POST", "/payments", {"auth": BASIC, "content": "{", "headers": {**KEY, **JSON}}),
    ("request_validation", YOOKASSA, "POST", "/payments", {"auth": BASIC, "content": "{}", "headers": {**KEY, **JSON}}),
    ("request_validation", YOOKASSA, "POST", "/payments", {"auth": BASIC, "content": GOOD, "headers": JSON}),
    ("request_validation", YOOKASSA, "GET", "/payments?limit=0", {"auth": BASIC}),
    ("request_validation", YOOKASSA, "GET", "/payments?limit=ten", {"auth": BASIC}),
    ("request_validation", YOOKASSA, "GET", "/payments?created_at.gte=yesterday", {"auth": BASIC}),
    ("credentials_missing", YOOKASSA, "GET", "/payments", {}),
    ("credentials_missing", WALLET, "POST", "/account-info", {}),
    ("request_validation", WALLET, "POST", "/process-payment", {"headers": {**BEARER, **FORM}, "content": "a=b"}),
    ("unsupported_media_type", WALLET, "POST", "/process-payment", {"headers": {**BEARER, **JSON}, "content": "{}"}),
    ("route_not_found", MAKECOMMERCE, "GET", "/nothing", {"auth": BASIC}),
    ("credentials_missing", MAKECOMMERCE, "GET", "/shop", {}),
    ("request_validation", MAKECOMMERCE, "GET", "/shop/accountstatements/xml", {"auth": BASIC}),
    ("request_validation", MAKECOMMERCE, "GET", "/transactions?page=first", {"auth": BASIC}),
    (
        "unsupported_media_type",
        MAKECOMMERCE,
        "POST",
        "/tokens",
        {"auth": BASIC, "content": "a=b", "headers": FORM},
    ),
    ("route_not_found", PAYSERA, "GET", "/nothing", {"headers": MAC}),
    ("not_acceptable", PAYSERA, "GET", "/payment/1", {"headers": {**MAC, "Accept": "text/html"}}),
    ("unsupported_media_type", PAYSERA, "POST", "/payment", {"headers": {**MAC, **FORM}, "content": "a=b"}),
    ("request_validation", PAYSERA, "POST", "/payment", {"headers": {**MAC, **JSON}, "content": "{}"}),
    ("request_validation", PAYSERA, "GET", "/payment/one", {"headers": MAC}),
    ("credentials_missing", PAYSERA, "GET", "/payment/1", {}),
    ("credentials_missing", PAYSERA, "GET", "/payment/1", {"headers": BEARER}),
]


@pytest.mark.parametrize(
    ("kind", "house", "method", "path", "options"), CASES, ids=[f"{c[1].api}-{c[0]}-{c[3]}" for c in CASES]
)
def test_the_framework_speaks_the_contract(
    kind: str, house: House, method: str, path: str, options: dict[str, Any], urls: dict[str, str]
) -> None:
    response = httpx2.request(method, urls[house.api] + path, **options)
    expected = house.class_of(house.registry.api.framework[kind])
    found = failure(house, response)
    assert isinstance(found, expected), response.text
    assert expected.contract is not None and str(response.status_code) in expected.contract.match.statuses


def test_a_method_that_is_not_allowed_names_those_that_are(urls: dict[str, str]) -> None:
    response = httpx2.delete(f"{urls[YOOKASSA.api]}/payments", auth=BASIC)
    assert {name.strip() for name in response.headers["allow"].split(",")} >= {"GET", "POST"}
    assert response.content == b"" and response.headers["reason-phrase"]


def test_what_the_contract_has_no_error_for_is_a_bare_status(urls: dict[str, str]) -> None:
    response = httpx2.get(f"{urls[WALLET.api]}/nothing", headers=BEARER)
    assert (response.status_code, response.content) == (404, b"")


def test_what_cannot_be_acceptable_is_refused(urls: dict[str, str]) -> None:
    response = httpx2.get(f"{urls[YOOKASSA.api]}/payments/{ID}", auth=BASIC, headers={"Accept": "text/html"})
    assert response.status_code in (406, 415)


@pytest.mark.parametrize("broken", [RuntimeError("secret inside"), KeyError("secret inside"), 1])
def test_an_unhandled_exception_leaks_nothing(broken: Any, script: Script, urls: dict[str, str]) -> None:
    if isinstance(broken, Exception):
        script.failure = broken
    else:
        script.answer = broken
    response = httpx2.get(f"{urls[YOOKASSA.api]}/payments/{ID}", auth=BASIC)
    assert isinstance(failure(YOOKASSA, response), errors.InternalServerError)
    assert "secret inside" not in response.text and "Traceback" not in response.text
    assert not any("secret inside" in value for value in response.headers.values())


def test_a_handler_that_is_missing_answers_as_the_contract_says() -> None:
    class Half:
        def get(self, request: server.GetPayment, /) -> None:
            return None

    handlers = server.Handlers(payments=Half())  # type: ignore[arg-type]  # the point: not all of the protocol
    with served(server.create_app(handlers, authenticate=anyone)) as url:
        response = httpx2.get(f"{url}/payments", auth=BASIC)
        assert response.status_code in (500, 501)
        other = httpx2.get(f"{url}/refunds", auth=BASIC)
        assert other.status_code == response.status_code


def test_an_application_of_ones_own_can_speak_the_contract_too() -> None:
    def refuse(request: Request) -> Response:
        raise errors.Forbidden("Not yours", parameter="id")

    def vanish(request: Request) -> Response:
        raise HTTPException(404, "secret inside")

    def crash(request: Request) -> Response:
        raise RuntimeError("secret inside")

    routes = [Route("/refuse", refuse), Route("/vanish", vanish), Route("/crash", crash)]
    app = Starlette(routes=routes, exception_handlers=server.exception_handlers())
    with served(app) as url:
        for path, expected in (
            ("refuse", errors.Forbidden),
            ("vanish", errors.NotFound),
            ("crash", errors.InternalServerError),
        ):
            response = httpx2.get(f"{url}/{path}")
            assert isinstance(failure(YOOKASSA, response), expected)
            assert "secret inside" not in response.text


@pytest.mark.parametrize(
    ("path", "id"),
    [
        ("/token", "token_request_invalid"),
        ("/showcase/validate/5551/1", "form_values_refused"),
        ("/operation-details", "invalid_request"),
    ],
)
def test_an_error_of_the_operation_itself_comes_first(path: str, id: str, urls: dict[str, str]) -> None:
    response = httpx2.post(urls["yoomoney-wallet"] + path, headers=BEARER)
    operation = next(one for one in WALLET.operations.values() if one.path.split("{")[0] == path.split("5551")[0])
    answer = Answer(response.status_code, Headers(response.headers.multi_items()), response.content)
    found = decode_failure(WALLET.registry, operation, answer)
    assert found is not None and found.contract is not None
    assert (response.status_code, found.contract.id) == (400, id)


def test_a_form_without_members_says_that_it_is_one(script: Script, urls: dict[str, str]) -> None:
    url = f"{urls['yoomoney-wallet']}/showcase/validate/5551/1"
    assert httpx2.post(url, headers=FORM).status_code == 200
    assert script.last.body is not None
    assert httpx2.post(url).status_code == 400
