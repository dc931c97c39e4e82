"""Requests: parameters in every style there and back, credentials, form bodies, options."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import httpx2
import pytest
from cornershop import errors
from cornershop.client import Client
from cornershop.models.monetary_amount import MonetaryAmount
from cornershop.resources.orders import Orders, OrdersOperations
from hypothesis import given
from hypothesis import strategies as st

from sadpath.runtime.calls import UNSET, Call, CallOptions, Ok
from sadpath.runtime.contract import OperationContract, Outcome, Parameter, Security
from sadpath.runtime.conversion import decode, encode
from sadpath.runtime.credentials import ApiKeyAuth, BasicAuth, BearerAuth, NoCredential, authorize
from sadpath.runtime.forms import decode_form, encode_form
from sadpath.runtime.headers import Headers
from sadpath.runtime.parameters import write_parameters
from sadpath.runtime.raw_parameters import RawParameters, read_parameter
from sadpath.runtime.reception import query_pairs
from sadpath.runtime.routing import RouteTable
from sadpath.runtime.validation import Mode

AMOUNT = MonetaryAmount(value=Decimal("1.10"), currency="EUR")
NOW = datetime(2026, 1, 5, 10, 0, 0, 123000, tzinfo=timezone.utc)


def wire(parameter: Parameter, value: Any) -> Any:
    """What goes to the wire: the path text, the query string, or the header's value."""
    written = write_parameters(
        OperationContract("o", "GET", "/x", parameters=(parameter,)), {parameter.argument: value}
    )
    if parameter.location == "path":
        return written.path[parameter.name]
    if parameter.location == "query":
        return "&".join(f"{name}={text}" for name, text in written.query)
    return (written.headers or written.cookies)[0][1] if written.headers or written.cookies else None


def back(parameter: Parameter, text: Any) -> Any:
    """What a server makes of it."""
    query, raw_query = query_pairs(text if parameter.location == "query" else "")
    path = {parameter.name: text} if parameter.location == "path" else {}
    headers = Headers([(parameter.name, text)] if parameter.location == "header" and text is not None else [])
    cookies = ((parameter.name, str(text)),) if parameter.location == "cookie" else ()
    return read_parameter(parameter, RawParameters(path, query, raw_query, headers, cookies))


LIST, MAP = ["a,b", "c d", "ё&="], {"R": "100", "G b": "x,y"}
STYLES: list[tuple[Parameter, Any, str]] = [
    (Parameter("a", "a", "path", str, style="simple", explode=False), "x/y z", "x%2Fy%20z"),
    (Parameter("a", "a", "path", list[str], style="simple", explode=False), LIST, "a%2Cb,c%20d,%D1%91%26%3D"),
    (Parameter("a", "a", "path", dict[str, str], style="simple", explode=False), MAP, "R,100,G%20b,x%2Cy"),
    (Parameter("a", "a", "path", dict[str, str], style="simple", explode=True), MAP, "R=100,G%20b=x%2Cy"),
    (Parameter("a", "a", "path", list[int], style="label", explode=True), [3, 4], ".3.4"),
    (Parameter("a", "a", "path", list[int], style="label", explode=False), [3, 4], ".3,4"),
    (Parameter("a", "a", "path", int, style="matrix", explode=False), 3, ";a=3"),
    (Parameter("a", "a", "path", list[str], style="matrix", explode=False), ["x", "y"], ";a=x,y"),
    (Parameter("a", "a", "path", list[str], style="matrix", explode=True), ["x", "y"], ";a=x;a=y"),
    (Parameter("a", "a", "path", dict[str, str], style="matrix", explode=True), MAP, ";R=100;G%20b=x%2Cy"),
    (Parameter("a", "a.b", "query", str), "1", "a.b=1"),
    (Parameter("a", "a", "query", bool), True, "a=true"),
    (Parameter("a", "a", "query", Decimal), Decimal("1.50"), "a=1.50"),
    (Parameter("a", "a", "query", datetime), NOW, "a=2026-01-05T10%3A00%3A00.123Z"),
    (Parameter("a", "a", "query", date), date(2026, 1, 5), "a=2026-01-05"),
    (Parameter("a", "a", "query", list[str]), LIST, "a=a%2Cb&a=c%20d&a=%D1%91%26%3D"),
    (Parameter("a", "a", "query", list[str], explode=False), LIST, "a=a%2Cb,c%20d,%D1%91%26%3D"),
    (Parameter("a", "a", "query", list[str], style="spaceDelimited", explode=False), ["x", "y|z"], "a=x%20y%7Cz"),
    (Parameter("a", "a", "query", list[str], style="pipeDelimited", explode=False), ["x", "y z"], "a=x%7Cy%20z"),
    (Parameter("a", "a", "query", dict[str, str], explode=False), MAP, "a=R,100,G%20b,x%2Cy"),
    (Parameter("a", "a", "query", dict[str, int], style="deepObject"), {"x": 1}, "a%5Bx%5D=1"),
    (Parameter("a", "a", "query", MonetaryAmount), AMOUNT, "value=1.10&currency=EUR"),
    (
        Parameter("a", "a", "query", dict[str, Any], media_type="application/json"),
        {"x": [1, None]},
        "a=%7B%22x%22%3A%5B1%2Cnull%5D%7D",
    ),
    (Parameter("a", "X-A", "header", list[str], style="simple", explode=False), ["x", "y"], "x,y"),
    (Parameter("a", "X-A", "header", int, style="simple"), 5, "5"),
    (Parameter("a", "a", "cookie", str), "x;y", "x%3By"),
]


@pytest.mark.parametrize(("parameter", "value", "text"), STYLES, ids=[row[2] for row in STYLES])
def test_styles(parameter: Parameter, value: Any, text: str) -> None:
    assert wire(parameter, value) == text
    assert back(parameter, text) == value


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1),
    st.sampled_from([("form", True), ("form", False)]),
)
def test_any_list_of_texts_survives_a_query(values: list[str], style: tuple[str, bool]) -> None:
    parameter = Parameter("a", "a b[]", "query", list[str], style=style[0], explode=style[1])
    if values == [""] and not style[1]:
        with pytest.raises(ValueError, match="one empty text"):
            wire(parameter, values)
        return
    assert back(parameter, wire(parameter, values)) == values


@given(st.dictionaries(st.from_regex(r"\A[^\[\]]+\Z"), st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_any_object_survives_deep_object(values: dict[str, str]) -> None:
    try:
        "".join(values).encode()
    except UnicodeEncodeError:
        return
    parameter = Parameter("a", "a", "query", dict[str, str], style="deepObject")
    assert back(parameter, wire(parameter, values)) == values


def test_absent_and_wrong_arguments() -> None:
    required = Parameter("a", "a", "query", int, required=True)
    operation = OperationContract("o", "GET", "/x", parameters=(required,))
    with pytest.raises(ValueError, match="a is required"):
        write_parameters(operation, {})
    with pytest.raises(ValueError):  # noqa: PT011 pydantic's own words
        write_parameters(operation, {"a": "1"})
    with pytest.raises(ValueError, match="missing"):
        back(required, "")
    assert back(Parameter("a", "a", "query", int), "") is None
    with pytest.raises(ValueError, match="control"):
        wire(Parameter("a", "X", "header", str), "a\r\nb: c")
    assert wire(Parameter("a", "a", "query", str, allow_reserved=True), "a/b?c&d=e") == "a=a/b?c%26d%3De"


@given(
    st.dictionaries(
        st.sampled_from(["to", "amount", "urgent", "tags", "other"]), st.text(st.characters(exclude_categories=["Cs"]))
    )
)
def test_forms_of_text(tree: dict[str, str]) -> None:
    assert decode_form(dict[str, str], encode_form(tree)) == tree


def sent(use: Callable[[Client], Any], answer: httpx2.Response | None = None, **options: Any) -> httpx2.Request:
    """The request that a call makes."""
    seen: list[httpx2.Request] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return answer or httpx2.Response(404, json={"type": "error", "id": "s", "code": "not_found"})

    with Client(http_client=httpx2.Client(transport=httpx2.MockTransport(handle)), **options) as client:
        use(client)
    return seen[-1]


def test_options() -> None:
    request = sent(
        lambda client: client.orders.get.result(
            "1", options=CallOptions(timeout=3, headers={"accept": "x/y", "X-Trace": "t"})
        )
    )
    assert (request.headers["accept"], request.headers["x-trace"]) == ("x/y", "t")
    assert request.extensions["timeout"]["read"] == 3
    endless = CallOptions(deadline=None)
    waited = sent(lambda client: client.orders.get.result("1", options=endless), timeout=None).extensions["timeout"]
    assert waited["read"] is None
    bounded = sent(lambda client: client.orders.get.result("1", options=CallOptions(deadline=2)))
    assert 0 < bounded.extensions["timeout"]["read"] <= 2


def test_unset_and_null() -> None:
    assert (
        sent(lambda client: client.orders.create.result(amount=AMOUNT)).content
        == b'{"amount":{"value":"1.10","currency":"EUR"}}'
    )
    with_null = sent(lambda client: client.orders.create.result(amount=AMOUNT, note=None, description=None))
    assert with_null.content == b'{"amount":{"value":"1.10","currency":"EUR"},"note":null}'
    assert repr(UNSET) == "UNSET" and not UNSET


def test_keys() -> None:
    first = sent(lambda client: client.orders.create.result(amount=AMOUNT)).headers["idempotence-key"]
    second = sent(lambda client: client.orders.create.result(amount=AMOUNT)).headers["idempotence-key"]
    assert first != second and len(first) == 36
    assert "idempotence-key" not in sent(lambda client: client.orders.get.result("1")).headers


def test_opt_in_failures() -> None:
    pending = {
        "id": "1",
        "status": "pending",
        "amount": {"value": "1", "currency": "EUR"},
        "created_at": "2026-01-05T10:00:00Z",
    }
    results: list[Any] = []
    raised: list[bool] = []

    def collect(client: Client) -> None:
        for options in (None, CallOptions(raise_opt_in=True), CallOptions(raise_opt_in=False)):
            results.append(client.orders.get.result("1", options=options))
            try:
                client.orders.get("1", options=options)
                raised.append(False)
            except errors.OrderPending as error:
                assert error.outcome is Outcome.PENDING
                raised.append(True)

    sent(collect, httpx2.Response(200, json=pending))
    sent(collect, httpx2.Response(200, json=pending), raise_opt_in=True)
    assert raised == [False, True, False, True, True, False]
    for result in results:
        assert type(result) is Ok and type(result.notice) is errors.OrderPending and result.value.id == "1"


def test_raw_answers() -> None:
    def use(client: Client) -> None:
        raw = client.orders.get.raw("1")
        assert (raw.status, raw.headers["content-type"], raw.body[:1]) == (404, "application/json", b"{")
        with pytest.raises(errors.NotFound):
            raw.parse()

    sent(use)


BASIC, OAUTH, KEY = Security("b", "basic"), Security("o", "oauth2"), Security("k", "apiKey", "query", "api_key")


def test_credentials() -> None:
    basic, bearer, key = BasicAuth("u", "пароль"), BearerAuth(lambda: "fresh"), ApiKeyAuth("key-123")
    assert authorize(((BASIC,), (OAUTH,)), [bearer]).headers == (("Authorization", "Bearer fresh"),)
    assert authorize(((BASIC, KEY),), [basic, key]).query == (("api_key", "key-123"),)
    assert (
        authorize(((BASIC,),), []).headers == ()
        and authorize((), [basic]).headers == ()
        and authorize(((), (BASIC,)), [bearer]).headers == ()
    )
    with pytest.raises(NoCredential, match="BasicAuth for 'b' or ApiKeyAuth for 'k'"):
        authorize(((BASIC,), (KEY,)), [bearer])
    for secret in (basic, bearer, key, BearerAuth("token-1"), authorize(((BASIC,),), [basic])):
        assert not any(text in repr(secret) for text in ("пароль", "fresh", "key-123", "token-1"))
    with pytest.raises(ValueError, match="ASCII"):
        authorize(((OAUTH,),), [BearerAuth("a\r\nb")])
    with pytest.raises(ValueError, match="colon"):
        BasicAuth("a:b", "c")


def test_credentials_of_one_kind_are_told_apart_by_the_name_of_their_scheme() -> None:
    low, high = Security("low", "basic"), Security("high", "basic")
    browser, desk, any_ = BasicAuth("u", "1", scheme="low"), BasicAuth("u", "2", scheme="high"), BasicAuth("u", "3")
    for security, credentials, chosen in (
        (((low,),), [desk, browser], browser),
        (((high,),), [browser, desk], desk),
        (((low,), (high,)), [desk], desk),
        (((low,), (high,)), [any_, desk], any_),
        (((high,),), [any_, browser], any_),
        (((high,),), [any_, desk], desk),
    ):
        assert authorize(security, credentials).headers == (("Authorization", f"Basic {chosen.encoded}"),)
    with pytest.raises(NoCredential, match="BasicAuth for 'high'"):
        authorize(((high,),), [browser])
    token = BearerAuth("t", scheme="other")
    with pytest.raises(NoCredential, match="BearerAuth for 'o'"):
        authorize(((OAUTH,),), [token])


def test_a_credential_of_the_wrong_kind_sends_nothing() -> None:
    with Client(BasicAuth("u", "p"), base_url="http://127.0.0.1:9", max_attempts=1) as client:
        result = client.transfers.create.result(to="x", amount=Decimal(1))
    assert isinstance(result, errors.NotSent) and result.advice.next == "fix" and result.outcome is Outcome.NOT_SENT


@pytest.mark.parametrize("url", ["ftp://x", "x", "https://u:p@h", "https://h?x=1", "https://"])
def test_base_urls(url: str) -> None:
    with pytest.raises(ValueError, match="base_url"):
        Client(base_url=url)


def test_what_help_shows() -> None:
    client = Client()
    assert list(inspect.signature(client.orders.get).parameters) == ["order_id", "options"]
    assert list(inspect.signature(OrdersOperations.get).parameters) == ["self", "order_id", "options"]
    assert client.orders.create.__doc__ == OrdersOperations.create.__doc__ and "Create an order" in str(
        client.orders.create.__doc__
    )
    assert inspect.isroutine(client.orders.get) and isinstance(client.orders, Orders)
    assert "secret" not in repr(Client(BasicAuth("u", "secret")))
    assert isinstance(OrdersOperations.list, object) and "list" in repr(OrdersOperations.list)


def test_calls_are_values() -> None:
    call: Call[Any, Any] = Call(OperationContract("o", "GET", "/x"), {"a": UNSET, "b": None})
    assert call.arguments == {"b": None}


def test_routes() -> None:
    class Route:
        def __init__(self, method: str, path: str) -> None:
            self.contract = OperationContract(path, method, path)

    table = RouteTable(
        [Route("GET", "/a/{id}"), Route("POST", "/a/search"), Route("GET", "/a/{x}.{y}/b"), Route("PUT", "/a/{id}")]
    )
    found = table.find("/a/1%2F2")
    assert (
        found is not None and found.parameters == {"id": "1%2F2"} and found.allowed == ("GET", "HEAD", "OPTIONS", "PUT")
    )
    search = table.find("/a/search")
    assert search is not None and search.route("GET") is not None and search.parameters == {"id": "search"}
    other = table.find("/a/search", "POST")
    assert other is not None and other.route("POST") is not None and other.parameters == {}
    pair = table.find("/a/p.q/b")
    assert pair is not None and pair.parameters == {"x": "p", "y": "q"}
    assert table.find("/a") is None and table.find("/a/") is None and table.find("/a/b/c") is None


def test_durations_in_text() -> None:
    assert encode(timedelta, timedelta(seconds=90)) == "PT90S"
    assert decode(timedelta, "PT90S", Mode.REQUEST) == timedelta(seconds=90)
