"""What is unusual about the MakeCommerce API: families of integer codes, two shapes of field errors, two levels of keys, no idempotency key."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import httpx2
import pytest
from behaviour.houses import MAKECOMMERCE, ROOT
from behaviour.loopback import served
from behaviour.merchants import DAY, PAYER, TRANSACTION, XML, data, merchant_app
from behaviour.shops import Script

import payments
from payments._runtime.contract import Outcome
from payments._runtime.errors import FieldError
from payments._runtime.reception import Presented
from payments._runtime.replies import Reply
from payments._runtime.serving import ScopeMissing
from payments.makecommerce import BasicAuth, Client, Environment, errors, models, webhooks
from sadpath.runtime.signatures import Message, Place, sign

SECRET = BasicAuth("shop", "secret-key-of-the-shop")
JSON = {"Content-Type": "application/json"}
START = datetime(2026, 1, 5, 10, tzinfo=timezone.utc)

Answers = Callable[[httpx2.Request], httpx2.Response]


@dataclass
class Api:
    """A client whose requests are answered as `answers` says, under a clock that moves when the client sleeps."""

    answers: Answers
    requests: list[httpx2.Request] = field(default_factory=list[httpx2.Request])
    seconds: float = 0.0

    def client(self, *credentials: BasicAuth, **settings: Any) -> Client:
        environment = Environment(
            now=lambda: START + timedelta(seconds=self.seconds),
            monotonic=lambda: self.seconds,
            sleep=self._sleep,
            random=lambda: 0.0,
        )
        http_client = httpx2.Client(transport=httpx2.MockTransport(self._answer))
        return Client(credentials or SECRET, http_client=http_client, environment=environment, **settings)

    def _sleep(self, seconds: float) -> None:
        self.seconds += seconds

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        return self.answers(request)

    @property
    def asked(self) -> list[str]:
        """The requests by method and path."""
        return [f"{request.method} {request.url.path.removeprefix('/v1')}" for request in self.requests]


def answer(status: int, tree: Any) -> httpx2.Response:
    return httpx2.Response(status, headers=JSON, content=json.dumps(tree).encode())


def always(status: int, tree: Any) -> Api:
    return Api(lambda _: answer(status, tree))


def create(client: Client, **members: Any) -> models.Transaction:
    return client.transactions.create(transaction=data(**members), customer=PAYER)


def pay_back(client: Client, amount: str = "19.90") -> models.Refund:
    return client.refunds.create(id=TRANSACTION, amount=Decimal(amount), comment="Returned")


def refused(status: int, tree: Any, call: Callable[[Client], Any] = pay_back) -> errors.MakeCommerceError:
    with pytest.raises(errors.MakeCommerceError) as caught:
        call(always(status, tree).client(max_attempts=1))
    return caught.value


FAMILIES = {
    101: errors.ShopError,
    102: errors.TransactionError,
    103: errors.PaymentError,
    104: errors.RefundError,
    105: errors.CustomerError,
    106: errors.TokenError,
}


@pytest.mark.parametrize(("decade", "family"), FAMILIES.items())
@pytest.mark.parametrize("digit", range(10))
def test_each_code_of_a_decade_is_caught_by_its_family(
    decade: int, digit: int, family: type[errors.MakeCommerceError]
) -> None:
    code = 10 * decade + digit
    found = refused(400, {"code": code, "message": "no"})
    assert isinstance(found, family) and (found.code, found.outcome) == (code, Outcome.REJECTED)
    others = [other for other in FAMILIES.values() if other is not family]
    assert not isinstance(found, tuple(others))
    listed = {code for cls in MAKECOMMERCE.registry.errors if cls.contract for code in cls.contract.match.codes}
    assert (type(found) is family) == (code not in listed)


def test_a_family_without_a_member_is_a_class() -> None:
    assert errors.CustomerError.__subclasses__() == []
    assert type(refused(400, {"code": 1051, "message": "who?"})) is errors.CustomerError
    assert type(refused(400, {"code": 1046, "message": "soon"})) is errors.RefundError


@pytest.mark.parametrize(("locale", "title"), [("en", "Errors of customers"), ("ru", "Ошибки покупателей")])
def test_the_reference_lists_the_families(locale: str, title: str) -> None:
    page = ROOT / "generated" / "docs" / MAKECOMMERCE.api / locale / "README.md"
    text = page.read_text(encoding="utf-8")
    assert f"| 1050–1059 | `CustomerError` | {title} |\n" in text
    assert [name for name in FAMILIES.values() if f"| `{name.__name__}` |" not in text] == []


@pytest.mark.parametrize("code", [1000, 1007, 1070, 2002, 2004, 2006, 99999999999999999999])
def test_a_code_of_no_family_is_caught_by_the_root_and_settles_nothing(code: int) -> None:
    found = refused(400, {"code": code, "message": "no"})
    assert not isinstance(found, tuple(FAMILIES.values())) and found.code == code
    assert found.outcome is Outcome.UNKNOWN and isinstance(found, payments.OutcomeUnknown)
    assert found.advice.next == "check"
    reading = refused(400, {"code": code, "message": "no"}, lambda client: client.shop.get())
    assert isinstance(reading, errors.UnlistedCode) and reading.outcome is Outcome.REJECTED


@pytest.mark.parametrize("code", [1034, "1034"])
def test_a_code_is_an_integer_and_may_be_spelt_as_text(code: Any) -> None:
    found = refused(400, {"code": code, "message": "Not sufficient funds"})
    assert isinstance(found, errors.NotSufficientFunds) and isinstance(found, payments.Declined)
    assert found.payer_message("ru") is not None


@pytest.mark.parametrize("status", [400, 404])
def test_what_is_not_found_comes_with_two_statuses(status: int) -> None:
    found = refused(status, {"code": 1002, "message": "Resource not found"})
    assert type(found) is errors.ResourceNotFound and isinstance(found, payments.NotFound)
    assert (found.status, found.violations) == (status, ())
    assert type(refused(404, {"message": "?"})) is errors.NotFound


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, errors.BadRequest),
        (401, errors.AuthenticationFailed),
        (404, errors.NotFound),
        (409, errors.Conflict),
        (415, errors.UnsupportedMediaType),
    ],
)
@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b'{"code":%d,"message":"x"}', b'{"message":"x"}'])
def test_a_status_says_what_its_body_does_not(status: int, expected: type[Exception], body: bytes) -> None:
    content = body % status if b"%d" in body else body
    api = Api(lambda _: httpx2.Response(status, headers=JSON, content=content))
    with pytest.raises(expected) as caught:
        pay_back(api.client())
    assert type(caught.value) is expected and len(api.requests) == 1
    assert isinstance(caught.value, payments.ApiError) and caught.value.outcome is Outcome.REJECTED


SEED = (
    '{"code":1001,"message":"Invalid input","errors":[{"resource":"transaction","field":"currency","type":"invalid"},'
    '{"resource":"customer","field":"ip","type":"missing"}]}'
)
SECOND = '{"code":400,"message":"Bad Request","errors":[{"type":"validation","parameter":"transaction.amount","expected":"string"}]}'


def test_field_errors_of_both_shapes_are_a_list_and_a_mapping_by_field() -> None:
    found = refused(400, json.loads(SEED))
    assert isinstance(found, errors.InvalidRequest)
    assert [item.values["type"] for item in found.items] == ["invalid", "missing"]
    assert found.items[1].values == {"resource": "customer", "field": "ip", "type": "missing"}
    assert list(found.by_field()) == ["transaction.currency", "customer.ip"]
    assert found.by_field()["customer.ip"][0].raw == {"resource": "customer", "field": "ip", "type": "missing"}
    second = refused(400, json.loads(SECOND))
    assert isinstance(second, errors.BadRequest) and second.code == 400
    assert second.by_field()["transaction.amount"][0].values["expected"] == "string"


@pytest.mark.parametrize(
    ("listed", "named"),
    [
        ([{"resource": "customer", "type": "invalid"}], ["customer"]),
        ([{"field": "ip", "new": [1]}], ["ip"]),
        ([{"parameter": "customer.ip", "resource": None}, {"field": "ip", "resource": "customer"}], ["customer.ip"]),
        ([17, None, "x", {}], [""]),
        ({"resource": "customer", "field": "ip"}, ["customer.ip"]),
        (None, []),
        ([{"resource": {"a": 1}, "field": ["b"]}], [""]),
    ],
)
def test_field_errors_are_read_whatever_they_are(listed: Any, named: list[str]) -> None:
    found = refused(400, {"code": 1001, "message": "x", "errors": listed})
    assert isinstance(found, errors.InvalidRequest) and list(found.by_field()) == named


def test_a_server_names_fields_as_the_contract_does() -> None:
    script = Script()
    with served(merchant_app(script)) as url:
        given = {"transaction": {"amount": "1.00", "currency": "EUR"}, "customer": {}}
        response = httpx2.post(f"{url}/transactions", auth=("shop", "key"), json=given)
        assert response.status_code == 400 and script.seen == []
        tree = response.json()
        assert tree["code"] == 1001 and tree["errors"] == [{"resource": "customer", "field": "ip"}]
        script.failure = errors.InvalidRequest("Invalid input", items=[FieldError("customer.ip", {"type": "missing"})])
        with pytest.raises(errors.InvalidRequest) as caught, Client(SECRET, base_url=url) as client:
            create(client)
        assert caught.value.items[0].raw == {"resource": "customer", "field": "ip", "type": "missing"}


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("body", [b"", b"<html>502</html>", b'{"code":1034}'])
def test_a_server_error_settles_nothing_and_is_not_repeated_without_a_key(status: int, body: bytes) -> None:
    api = Api(lambda _: httpx2.Response(status, content=body))
    with pytest.raises(payments.OutcomeUnknown) as caught:
        pay_back(api.client())
    assert api.asked == [f"POST /transactions/{TRANSACTION}/refunds"]
    assert (caught.value.outcome, caught.value.advice.next) == (Outcome.UNKNOWN, "check")
    assert caught.value.idempotency_key is None


def test_what_only_reads_is_repeated() -> None:
    answers = iter([httpx2.Response(500), httpx2.Response(500), answer(200, {"id": "r-1", "status": "SETTLED"})])
    api = Api(lambda _: next(answers))
    assert api.client().refunds.get(id="r-1").status is models.RefundStatus.SETTLED
    assert len(api.requests) == 3 and api.seconds == 1.5


def lost_then(*found: Any) -> Api:
    """The answer to the first request is lost; the questions after it are answered with these trees, the last one on and on."""
    trees = list(found)

    def respond(request: httpx2.Request) -> httpx2.Response:
        if request.method == "POST":
            raise httpx2.ReadError("reset")
        return answer(200, trees.pop(0) if len(trees) > 1 else trees[0])

    return Api(respond)


def unknown(client: Client, call: Callable[[Client], Any]) -> payments.OutcomeUnknown:
    with pytest.raises(payments.OutcomeUnknown) as caught:
        call(client)
    return caught.value


def test_a_transaction_is_found_by_its_reference() -> None:
    older = [{"id": status, "status": status, "reference": "A-7"} for status in ("CANCELLED", "EXPIRED", "COMPLETED")]
    other, own = ({"id": name, "status": "CREATED", "reference": name} for name in ("A-6", "A-7"))
    api = lost_then([other, *older], [*older, other, own])
    client = api.client()
    resolved = client.transactions.create.resolve(unknown(client, create))
    assert resolved.executed and resolved.value is None and resolved.found.id == "A-7"
    assert api.asked == ["POST /transactions", "GET /transactions", "GET /transactions"]


def test_a_transaction_without_a_reference_is_never_mistaken_for_another() -> None:
    api = lost_then([{"id": "x", "status": "CREATED", "reference": None}, {"id": "y", "status": "CREATED"}])
    client = api.client()

    def call(client: Client) -> Any:
        nameless = models.TransactionData(amount=Decimal("19.90"), currency="EUR")
        return client.transactions.create(transaction=nameless, customer=PAYER)

    with pytest.raises(errors.Unresolved) as caught:
        client.transactions.create.resolve(unknown(client, call), deadline=120)
    assert caught.value.outcome is Outcome.UNKNOWN and api.asked.count("POST /transactions") == 1


@pytest.mark.parametrize("status", ["APPROVED", "COMPLETED", "PART_REFUNDED", "REFUNDED"])
def test_a_payment_with_a_saved_card_is_read_back(status: str) -> None:
    api = lost_then({"id": TRANSACTION, "status": "PENDING"}, {"id": TRANSACTION, "status": status})
    client = api.client()
    error = unknown(client, lambda client: client.payments.create(id=TRANSACTION, token="t-1"))
    resolved = client.payments.create.resolve(error)
    assert resolved.executed and resolved.found.status == status
    assert api.asked[1:] == [f"GET /transactions/{TRANSACTION}"] * 2


@pytest.mark.parametrize("status", ["CREATED", "PENDING", "CANCELLED", "EXPIRED", "DECLINED", "BRAND_NEW"])
def test_no_other_status_says_that_nothing_was_paid(status: str) -> None:
    api = lost_then({"id": TRANSACTION, "status": status})
    client = api.client()
    error = unknown(client, lambda client: client.payments.create(id=TRANSACTION, token="t-1"))
    with pytest.raises(errors.Unresolved):
        client.payments.create.resolve(error, deadline=300)
    assert api.asked.count(f"POST /transactions/{TRANSACTION}/payments") == 1


def test_a_refund_is_read_back_where_all_was_returned_and_else_stays_open() -> None:
    api = lost_then({"id": TRANSACTION, "status": "REFUNDED", "refunded_amount": 19.9})
    client = api.client()
    assert client.refunds.create.resolve(unknown(client, pay_back)).executed
    part = lost_then({"id": TRANSACTION, "status": "PART_REFUNDED", "refunded_amount": 1.1})
    client = part.client()
    error = unknown(client, lambda client: pay_back(client, "1.10"))
    with pytest.raises(errors.Unresolved):
        client.refunds.create.resolve(error, deadline=300)
    assert part.asked.count(f"POST /transactions/{TRANSACTION}/refunds") == 1


@pytest.mark.parametrize("code", [2003, 2005, 2004])
def test_what_a_processor_could_not_do_may_have_been_done(code: int) -> None:
    found = refused(400, {"code": code, "message": "Unable"})
    assert isinstance(found, payments.OutcomeUnknown) and found.advice.next == "check"


def test_what_is_nowhere_to_be_read_stays_unknown() -> None:
    api = lost_then({})
    client = api.client()
    error = unknown(client, lambda client: client.tokens.create(body={}))
    with pytest.raises(errors.Unresolved) as caught:
        client.tokens.create.resolve(error)
    assert caught.value.reason == "no_means" and api.asked == ["POST /tokens"]


PUBLIC = BasicAuth("shop", "publishable-key", scheme="publishableKey")
PRIVATE = BasicAuth("shop", "secret-key", scheme="secretKey")


def sent(api: Api) -> str:
    return api.requests[-1].headers["authorization"]


def encoded(credential: BasicAuth) -> str:
    return f"Basic {credential.encoded}"


def test_each_operation_gets_the_key_of_its_level() -> None:
    api = always(200, {"id": "t-1", "status": "CREATED"})
    client = api.client(PRIVATE, PUBLIC)
    client.payment_methods.list()
    assert sent(api) == encoded(PUBLIC)
    client.shop.get()
    assert sent(api) == encoded(PRIVATE)
    api.client(PRIVATE).payment_methods.list()
    assert sent(api) == encoded(PRIVATE)
    api.client(SECRET).payment_methods.list()
    assert sent(api) == encoded(SECRET)


def test_a_key_that_is_known_to_be_too_low_is_not_even_sent() -> None:
    api = always(200, {})
    with pytest.raises(errors.NotSent, match="secretKey"):
        create(api.client(PUBLIC))
    assert api.requests == []


def test_a_server_refuses_a_key_whose_level_is_too_low() -> None:
    def authenticate(credentials: tuple[Presented, ...], operation: object) -> str | None:
        [found] = credentials
        if found.secret == PUBLIC.password and found.scheme.scheme == "secretKey":
            raise ScopeMissing
        return found.username if found.secret in (PUBLIC.password, PRIVATE.password) else None

    with served(merchant_app(Script(), authenticate=authenticate)) as url:
        low = BasicAuth("shop", PUBLIC.password)
        with Client(low, base_url=url) as client:
            assert client.payment_methods.list().banklinks
            with pytest.raises(errors.AuthenticationFailed) as caught:
                create(client)
        assert (caught.value.status, caught.value.code) == (401, 401)
        with Client(BasicAuth("shop", PRIVATE.password), base_url=url) as client:
            assert create(client).status is models.TransactionStatus.CREATED


def test_sums_go_out_as_text_and_come_in_as_numbers() -> None:
    body = b'{"id":"t","status":"COMPLETED","fees":0.10,"net_amount":49.480000000000000001,"amount":"19.90","fees_vat":null}'
    api = Api(lambda _: httpx2.Response(201, headers=JSON, content=body))
    found = create(api.client())
    assert json.loads(api.requests[0].content)["transaction"]["amount"] == "19.90"
    assert (str(found.fees), str(found.net_amount)) == ("0.10", "49.480000000000000001")
    assert found.amount == "19.90" and found.fees_vat is None and found.violations == ()
    assert found.is_set("fees_vat") and not found.is_set("card")
    assert models.TransactionData(amount=Decimal("1E+2"), currency="EUR").to_wire()["amount"] == "100"
    for wrong in ("-1.00", "NaN"):
        with pytest.raises(ValueError, match="amount"):
            models.TransactionData(amount=Decimal(wrong), currency="EUR")


def test_a_creation_may_be_answered_with_200() -> None:
    api = always(200, {"id": "t", "status": "CREATED", "created_at": "2016-04-11T14:29:42+0000"})
    found = create(api.client())
    assert found.created_at == datetime(2016, 4, 11, 14, 29, 42, tzinfo=timezone.utc) and found.violations == ()


def test_lists_are_bare_arrays_with_their_pages_in_header_fields() -> None:
    script = Script(answer=Reply([], headers={"X-Total-Count": 41, "Link": '</transactions?page=2>; rel="next"'}))
    with served(merchant_app(script)) as url, Client(SECRET, base_url=url) as client:
        status = [models.TransactionStatus.COMPLETED, models.TransactionStatus.CANCELLED]
        raw = client.transactions.list.raw(since=DAY, status=status, page=2)
    assert (raw.body, raw.parse(), raw.fields["x-total-count"]) == (b"[]", [], 41)
    assert script.last.status == status and script.last.page == 2
    api = always(200, [{"id": "t", "status": "SOMETHING_NEW", "new": 1}, {"id": "u"}])
    first, second = api.client().transactions.list(status=status)
    assert api.requests[0].url.query == b"status=COMPLETED,CANCELLED"
    assert first.status == "SOMETHING_NEW" and not first.status.is_known and first.to_wire()["new"] == 1
    assert [violation.pointer for violation in second.violations] == ["/status"]


@pytest.mark.parametrize("name", ["statement_xml", "statement_camt053"])
def test_xml_is_handed_over_as_it_came(name: str) -> None:
    declared = b'<?xml version="1.0" encoding="ISO-8859-1"?><n>\xd5\xe4</n>'
    api = Api(lambda _: httpx2.Response(200, headers={"Content-Type": "application/xml"}, content=declared))
    method = getattr(api.client().shop, name)
    assert method(until=DAY, payout_id="o-1") == declared
    assert api.requests[0].headers["accept"] == "application/xml, application/json"
    assert api.requests[0].url.path.endswith(f"/shop/accountstatements/{name.rpartition('_')[2]}")
    broken = always(400, {"code": 1001, "message": "Invalid request"}).client()
    with pytest.raises(errors.InvalidRequest):
        getattr(broken.shop, name)(until=DAY, since=DAY)
    with served(merchant_app(Script())) as url, Client(SECRET, base_url=url) as client:
        assert getattr(client.shop, name)(until=DAY, since=DAY) == XML


MESSAGE = '{"amount":"11.00","currency":"EUR","message_type":"payment_return","status":"COMPLETED"}'
MAC = (
    "5254F6ACBF42484E685AD19C631D1528BAB6615154049A58E786B6AE5CF94C5A"
    "D239BE99A4795BB006E4394CA3598B4CA3C42DA37B59A601C3443AA389189820"
)


def test_a_message_is_read_as_the_text_that_was_signed() -> None:
    form = httpx2.Request("POST", "http://shop.test", data={"json": MESSAGE, "mac": MAC}).read()
    for parse in (webhooks.parse_notification, webhooks.parse_return):
        found = parse(form, {"Content-Type": "application/x-www-form-urlencoded"})
        assert (found.text, found.mac) == (MESSAGE, MAC)
    message = models.PaymentReturn.from_json(MESSAGE)
    assert (message.status, message.amount, message.violations) == (models.TransactionStatus.COMPLETED, "11.00", ())


def test_the_catalog_says_how_a_message_is_signed() -> None:
    catalog = MAKECOMMERCE.catalog
    assert {name: (webhook.signature, webhook.within) for name, webhook in catalog.webhooks.items()} == {
        "notification": (("message",), "json"),
        "return": (("message",), "json"),
    }
    signature = catalog.signatures["message"]
    assert (signature.algorithm, signature.encode, signature.at) == ("sha512", "hex-upper", Place(form="mac"))
    assert sign(signature, Message({"json": MESSAGE.encode()}), {"key": "test_secret"}) == MAC


def test_the_two_kinds_of_messages() -> None:
    text = (
        '{"message_type":"token_return","transaction":{"status":"PENDING","type":"card","id":"t"},'
        '"token":{"multiuse":false,"id":"k","valid_until":"2019-12-31"},"error":{"code":1064,"message":"Token expired"}}'
    )
    found = models.TokenReturn.from_json(text)
    assert found.error is not None and found.error.code == 1064 and found.token is not None
    assert str(found.token.valid_until) == "2019-12-31" and found.violations == ()
    old = models.PaymentReturn.from_json(
        '{"message_type":"payment_return","status":"PAID","paymentId":"7","amount":11.0}'
    )
    assert old.status == "PAID" and not old.status.is_known and str(old.amount) == "11.0"
