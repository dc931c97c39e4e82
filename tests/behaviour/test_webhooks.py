"""Webhooks are shown to be genuine before anything parses them; requests are signed as the contract composes it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import httpx2
import pytest
from behaviour.desks import KEY, TRANSACTION, desk_app
from behaviour.houses import PAYSERA
from behaviour.loopback import served
from behaviour.shops import Script, payment
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from payments._runtime.proofs import Proof, facts_of, is_signed, stated_params
from payments._runtime.request import HttpRequest
from payments._runtime.signatures import Message, Part, Place, Signature, is_genuine, sign
from payments._runtime.signing import signed_params
from payments._runtime.unions import UnknownVariant
from payments._runtime.uploads import Payload
from payments._runtime.webhooks import UNCHECKED, Channel, ForeignAddress, receive_webhook
from payments.makecommerce import models as merchant
from payments.makecommerce import webhooks as merchant_hooks
from payments.paysera import AsyncClient, Client, Environment, HttpAuth, SignedAuth, SignedCredentials, errors, models
from payments.paysera import server as desk_server
from payments.paysera import webhooks as desk_hooks
from payments.yookassa import models as shop
from payments.yookassa import webhooks as shop_hooks
from payments.yoomoney_wallet import webhooks as wallet_hooks

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
MESSAGE = '{"amount":"11.00","currency":"EUR","message_type":"payment_return","status":"COMPLETED"}'
MAC = (
    "5254F6ACBF42484E685AD19C631D1528BAB6615154049A58E786B6AE5CF94C5A"
    "D239BE99A4795BB006E4394CA3598B4CA3C42DA37B59A601C3443AA389189820"
)
SECRETS: merchant_hooks.WebhookSecrets = {"key": "test_secret"}


def sha512(text: str, secret: str = "test_secret") -> str:
    return hashlib.sha512((text + secret).encode()).hexdigest().upper()


def form(**members: str) -> bytes:
    return urlencode(members).encode("ascii")


def test_a_message_under_the_published_mac() -> None:
    found = merchant_hooks.parse_webhook(FORM, form(json=MESSAGE, mac=MAC), SECRETS)
    assert isinstance(found, merchant.PaymentReturn)
    assert (found.amount, found.status) == ("11.00", merchant.TransactionStatus.COMPLETED)


def test_a_message_comes_as_a_form_as_a_query_or_as_json() -> None:
    for headers, body in (
        (FORM, form(json=MESSAGE, mac=MAC)),
        ({}, form(json=MESSAGE, mac=MAC)),
        ({}, form(json=MESSAGE, mac=MAC).decode("ascii")),
        ({"content-type": "application/json"}, json.dumps({"json": MESSAGE, "mac": MAC}).encode()),
    ):
        assert isinstance(merchant_hooks.parse_webhook(headers, body, SECRETS), merchant.PaymentReturn)


def test_the_text_counts_as_it_was_received() -> None:
    text = (
        '{ "message_type":"payment_return",\n  "amount": 11.0, "customer_name":"\\u00d5ie + co",  "status":"COMPLETED"}'
    )
    found = merchant_hooks.parse_webhook(FORM, form(json=text, mac=sha512(text)), SECRETS)
    assert isinstance(found, merchant.PaymentReturn) and str(found.amount) == "11.0"
    again = json.dumps(json.loads(text))
    with pytest.raises(merchant_hooks.SignatureInvalid):
        merchant_hooks.parse_webhook(FORM, form(json=again, mac=sha512(text)), SECRETS)


@pytest.mark.parametrize("spelling", [str.upper, str.lower])
def test_capitals_do_not_matter_to_a_hexadecimal_signature(spelling: Callable[[str], str]) -> None:
    merchant_hooks.parse_webhook(FORM, form(json=MESSAGE, mac=spelling(MAC)), SECRETS)


def test_another_kind_of_message_is_told_by_its_tag_and_an_unknown_one_survives() -> None:
    text = '{"message_type":"token_return","transaction":{"id":"t","status":"PENDING"},"token":{"id":"k","multiuse":false}}'
    assert isinstance(
        merchant_hooks.parse_webhook(FORM, form(json=text, mac=sha512(text)), SECRETS), merchant.TokenReturn
    )
    text = '{"message_type":"shipment_return","id":7}'
    found = merchant_hooks.parse_webhook(FORM, form(json=text, mac=sha512(text)), SECRETS)
    assert found.tag == "shipment_return" and found.data["id"] == 7


WRONG = [
    pytest.param(form(json=MESSAGE), merchant_hooks.SignatureMissing, id="no-signature"),
    pytest.param(form(json=MESSAGE, mac=""), merchant_hooks.SignatureMissing, id="empty-signature"),
    pytest.param(form(json=MESSAGE, mac=MAC[:-2]), merchant_hooks.SignatureInvalid, id="short-signature"),
    pytest.param(form(json=MESSAGE, mac="č" + MAC[1:]), merchant_hooks.SignatureInvalid, id="not-hexadecimal"),
    pytest.param(form(json=MESSAGE + " ", mac=MAC), merchant_hooks.SignatureInvalid, id="another-text"),
    pytest.param(form(mac=MAC), merchant_hooks.SignatureInvalid, id="no-message"),
    pytest.param(form(json=MESSAGE, mac=sha512(MESSAGE, "")), merchant_hooks.SignatureInvalid, id="without-secret"),
    pytest.param(
        form(json=MESSAGE, mac=MAC) + b"&json=%7B%7D", merchant_hooks.UntrustedNotification, id="a-member-twice"
    ),
    pytest.param(
        form(json=MESSAGE, mac=MAC) + b"&js%6Fn=%7B%7D", merchant_hooks.UntrustedNotification, id="twice-in-disguise"
    ),
    pytest.param(form(json="{", mac=sha512("{")), merchant_hooks.UnreadableNotification, id="signed-and-no-json"),
    pytest.param(form(json="[]", mac=sha512("[]")), merchant_hooks.UnreadableNotification, id="signed-and-no-object"),
]


@pytest.mark.parametrize(("body", "expected"), WRONG)
def test_what_is_not_genuine_is_refused_before_it_is_parsed(body: bytes, expected: type[ValueError]) -> None:
    with pytest.raises(expected) as caught:
        merchant_hooks.parse_webhook(FORM, body, SECRETS)
    assert type(caught.value) is expected and caught.value.body == body  # type: ignore[attr-defined]
    assert "test_secret" not in str(caught.value) and MESSAGE not in str(caught.value)


def test_nothing_is_parsed_before_it_is_shown_to_be_genuine() -> None:
    bomb = "[" * 100_000
    with pytest.raises(merchant_hooks.SignatureInvalid):
        merchant_hooks.parse_webhook(FORM, form(json=bomb, mac=MAC), SECRETS)


def test_the_old_secret_counts_while_it_is_replaced() -> None:
    body = form(json=MESSAGE, mac=MAC)
    merchant_hooks.parse_webhook(FORM, body, {"key": ["new", "test_secret"]})
    with pytest.raises(merchant_hooks.SignatureInvalid):
        merchant_hooks.parse_webhook(FORM, body, {"key": ["new", "newer"]})


@pytest.mark.parametrize(
    "secrets",
    [
        {},
        {"key": ""},
        {"key": []},
        {"key": ["", "test_secret"]},
        {"other": "x"},
        {"key": None},
        {"key": b"test_secret"},
    ],
)
def test_a_secret_that_is_missing_is_a_fault_of_the_program(secrets: Any) -> None:
    with pytest.raises(ValueError, match="the secret 'key' is needed"):
        merchant_hooks.parse_webhook(FORM, form(json=MESSAGE, mac=sha512(MESSAGE, "")), secrets)


def test_another_media_type_is_refused() -> None:
    with pytest.raises(merchant_hooks.UntrustedNotification, match="another media type"):
        merchant_hooks.parse_webhook({"Content-Type": "text/xml"}, form(json=MESSAGE, mac=MAC), SECRETS)


@given(text=st.text(), secret=st.text(min_size=1), other=st.text(min_size=1))
def test_only_the_text_and_the_secret_that_were_signed_fit(text: str, secret: str, other: str) -> None:
    signature = Signature(
        "s", "hmac-sha256", (Part(form="a"), Part(text="|"), Part(form="b")), "base64", Place(form="c"), "k"
    )
    message = Message({"a": text.encode("utf-8", "surrogatepass"), "b": b"1"})
    try:
        given_ = sign(signature, message, {"k": secret})
    except UnicodeEncodeError:
        return
    assert is_genuine(signature, message, given_, {"k": [secret]})
    assert is_genuine(signature, message, given_, {"k": [secret + other]}) is (
        # RFC 2104: a key is padded with zero bytes.
        secret.encode().rstrip(b"\0")
        == (secret + other).encode().rstrip(b"\0")
    )
    moved = Message({"a": message.forms["a"] + b"|1", "b": b""})
    assert not is_genuine(signature, moved, given_, {"k": secret}) or moved.forms == message.forms


# --- signed with RSA -------------------------------------------------------------------------------------------------

PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=2048)
TEXT = json.dumps({"type": "confirmed", "object": "transaction", "data": {"transaction": TRANSACTION}}, indent=1)


def pem(key: Any) -> str:
    return str(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii"))


def proof(text: str, hash_: Any = None) -> str:
    import base64

    return base64.b64encode(PRIVATE.sign(text.encode(), PKCS1v15(), hash_ or SHA256())).decode("ascii")


def test_a_callback_signed_with_rsa_over_the_raw_event() -> None:
    secrets: desk_hooks.WebhookSecrets = {"public_key": pem(PRIVATE)}
    found = desk_hooks.parse_webhook(FORM, form(event=TEXT, sign=proof(TEXT)), secrets)
    assert isinstance(found, models.TransactionEvent) and found.data.transaction is not None
    for body in (
        form(event=TEXT + " ", sign=proof(TEXT)),
        form(event=json.dumps(json.loads(TEXT)), sign=proof(TEXT)),
        form(event=TEXT, sign=proof(TEXT, SHA1())),
        form(event=TEXT, sign=proof(TEXT)[:-4]),
        form(event=TEXT, sign="AAAA"),
    ):
        with pytest.raises(desk_hooks.SignatureInvalid):
            desk_hooks.parse_webhook(FORM, body, secrets)
    other = pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    with pytest.raises(desk_hooks.SignatureInvalid):
        desk_hooks.parse_webhook(FORM, form(event=TEXT, sign=proof(TEXT)), {"public_key": other})
    desk_hooks.parse_webhook(FORM, form(event=TEXT, sign=proof(TEXT)), {"public_key": [other, pem(PRIVATE)]})


def test_a_key_that_is_none_of_rsa_is_a_fault_of_the_program() -> None:
    for key in ("no pem", pem(ec.generate_private_key(ec.SECP256R1()))):
        with pytest.raises(ValueError):
            desk_hooks.parse_webhook(FORM, form(event=TEXT, sign=proof(TEXT)), {"public_key": key})


def test_an_event_is_asked_about_before_it_is_believed() -> None:
    asked: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.path)
        return httpx2.Response(200, json={**TRANSACTION, "status": "revoked"})

    found = desk_hooks.parse_webhook(FORM, form(event=TEXT, sign=proof(TEXT)), {"public_key": pem(PRIVATE)})
    http_client = httpx2.Client(transport=httpx2.MockTransport(answer))
    with Client(HttpAuth("MAC", 'id="c"'), http_client=http_client) as client:
        assert desk_hooks.reread_transaction_changed(client, found).status == "revoked"
    assert asked == [f"/rest/v1/transaction/{KEY}"]
    bare = models.TransactionEvent.from_wire({"type": "confirmed", "object": "transaction", "data": {}})
    with Client(HttpAuth("MAC", 'id="c"')) as client, pytest.raises(ValueError, match="does not hold transaction_key"):
        desk_hooks.reread_transaction_changed(client, bare)


def test_an_event_is_asked_about_by_an_async_client() -> None:
    import asyncio

    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json={**TRANSACTION, "status": "revoked"})

    async def ask() -> models.Transaction:
        http_client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
        async with AsyncClient(HttpAuth("MAC", 'id="c"'), http_client=http_client) as client:
            return await desk_hooks.reread_transaction_changed(client, found)

    found = desk_hooks.parse_webhook(FORM, form(event=TEXT, sign=proof(TEXT)), {"public_key": pem(PRIVATE)})
    assert asyncio.run(ask()).status == "revoked"


# --- known by its address --------------------------------------------------------------------------------------------

ADDRESSED = (Channel(("changed",), "application/json", dict, addresses=("192.0.2.0/25", "2001:db8::/32")),)


@pytest.mark.parametrize("address", ["192.0.2.1", "192.0.2.127", "::ffff:192.0.2.1", "2001:db8:1::1", UNCHECKED])
def test_an_address_of_the_api(address: Any) -> None:
    assert receive_webhook(ADDRESSED, {}, b'{"a":1}', None, address=address) == {"a": 1}


NOBODYS = ["", "x", "192.0.2.1, 10.0.0.1", "192.0.2.1:443", "[2001:db8::1]", None, 3221225985, b"\xc0\x00\x02\x01"]


@pytest.mark.parametrize("address", ["192.0.2.128", "::ffff:192.0.2.128", "2001:db9::1", "127.0.0.1", *NOBODYS])
def test_an_address_of_somebody_else_or_of_nobody(address: Any) -> None:
    with pytest.raises(ForeignAddress):
        receive_webhook(ADDRESSED, {}, b"{", None, address=address)


NOTICE_OF_PAYMENT = json.dumps(
    {"type": "notification", "event": "payment.succeeded", "object": payment().to_wire()}
).encode()


def test_events_that_are_told_apart_and_those_that_nobody_knows_yet() -> None:
    found = shop_hooks.parse_webhook(JSON, NOTICE_OF_PAYMENT, address="185.71.76.9")
    assert isinstance(found, shop.PaymentSucceededNotification)
    later = NOTICE_OF_PAYMENT.replace(b"payment.succeeded", b"payment.disputed")
    unknown = shop_hooks.parse_webhook(JSON, later, address=shop_hooks.UNCHECKED)
    assert isinstance(unknown, UnknownVariant) and unknown.tag == "payment.disputed"
    for address in ("203.0.113.1", None):
        with pytest.raises(shop_hooks.ForeignAddress):
            shop_hooks.parse_webhook(JSON, NOTICE_OF_PAYMENT, address=address)
    with pytest.raises(shop_hooks.UnreadableNotification):
        shop_hooks.parse_webhook(JSON, b"{", address="185.71.76.9")


def test_a_weaker_signature_does_not_make_up_for_the_one_that_counts() -> None:
    new = Signature("new", "hmac-sha256", (Part(form_except=("sign",)),), "hex", Place(form="sign"), "key")
    old = Signature(
        "old", "sha1", (Part(form="a"), Part(secret="key")), "hex", Place(form="hash"), join="&", deprecated=True
    )
    channels = (Channel(("n",), "application/x-www-form-urlencoded", dict[str, str], signatures=(new, old)),)
    secrets = {"key": "k"}
    legacy = hashlib.sha1(b"1&k").hexdigest()
    members = {"a": "1", "hash": legacy}
    with pytest.raises(merchant_hooks.SignatureMissing):
        receive_webhook(channels, FORM, form(**members), secrets)
    assert receive_webhook(channels, FORM, form(**members), secrets, accept_deprecated=True) == members
    with pytest.raises(merchant_hooks.SignatureInvalid):
        receive_webhook(channels, FORM, form(**members, sign="00" * 32), secrets, accept_deprecated=True)


# --- requests that are signed ----------------------------------------------------------------------------------------

SIGNATURE = PAYSERA.registry.api.signatures["mac"]
CREDENTIALS = {"id": "wkVd93h2uS", "key": "IrdTc8uQodU7PRpLzzLTW6wqZAO6tAMU"}
GIVEN = {"time": "1343811600", "nonce": "nQnNaSNyubfPErjRO55yaaEYo9YZfKHN"}
HOST = "https://wallet.paysera.com"
BODY = b'{\n    "phone": "37066612345"\n}'
EXT = "body_hash=H6XyxQRHjhnQ9b9gE6TUTzxMGfO%2BbiCddhVQy4EZi%2F4%3D"
VECTORS = [
    pytest.param("GET", "/rest/v1/payment/10145", None, "", "/qxTA8FOgT0Dd0MHh9k/sUQ3Q38ckx8+S0PBxpIuttY=", id="get"),
    pytest.param(
        "POST",
        "/rest/v1/transaction/pDAlAZ3z/request",
        BODY,
        EXT,
        "xArtm01B2OD9TPs444MVFqLDZ5fAi0Kd5KTPcU9OG1U=",
        id="post",
    ),
]


@pytest.mark.parametrize(("method", "path", "body", "ext", "mac"), VECTORS)
def test_the_published_vectors(method: str, path: str, body: bytes | None, ext: str, mac: str) -> None:
    request = HttpRequest(method, HOST + path, (), body)
    params = signed_params(SIGNATURE, request, {**facts_of(method, HOST + path), **GIVEN}, CREDENTIALS)
    assert params == {"id": "wkVd93h2uS", "ts": GIVEN["time"], "nonce": GIVEN["nonce"], "ext": ext, "mac": mac}
    authorization = "MAC " + ", ".join(f'{name}="{value}"' for name, value in params.items())
    given_ = Proof(method, HOST + path, authorization, body or b"", {})
    assert is_signed(SIGNATURE, given_, CREDENTIALS)
    for wrong in (
        replace(given_, method="PUT"),
        replace(given_, url=HOST + path + "?a=1"),
        replace(given_, url="https://other.example" + path),
        replace(given_, body=b"{}"),
        replace(given_, authorization=authorization.replace("1343811600", "1343811601")),
        replace(given_, authorization=authorization.replace(mac, mac.swapcase())),
        replace(given_, authorization="MAC"),
        replace(given_, authorization=f'MAC mac="{mac}"'),
    ):
        assert not is_signed(SIGNATURE, wrong, CREDENTIALS)
    assert not is_signed(SIGNATURE, given_, {**CREDENTIALS, "key": "x"})


@pytest.mark.parametrize(
    ("url", "facts"),
    [
        ("https://A.example/x?b=%20", {"method": "GET", "target": "/x?b=%20", "host": "a.example", "port": "443"}),
        ("http://a.example:8080", {"method": "GET", "target": "/", "host": "a.example", "port": "8080"}),
        ("http://[2001:DB8::1]/", {"method": "GET", "target": "/", "host": "2001:db8::1", "port": "80"}),
    ],
)
def test_facts_of_where_a_request_goes(url: str, facts: dict[str, str]) -> None:
    assert facts_of("GET", url) == facts


class Desk:
    """A server that answers what the script says, and checks every signature."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.requests: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        raw = Proof(
            request.method, str(request.url), request.headers["authorization"], request.read(), dict(request.headers)
        )
        assert is_signed(SIGNATURE, raw, CREDENTIALS)
        status = self.statuses.pop(0)
        return httpx2.Response(status, json=TRANSACTION if status == 200 else {"error": "internal_server_error"})

    def client(self, auth: SignedAuth, **settings: Any) -> Client:
        http_client = httpx2.Client(transport=httpx2.MockTransport(self))
        environment = Environment(sleep=lambda seconds: None)
        return Client(auth, http_client=http_client, environment=environment, **settings)


def test_every_attempt_is_signed_afresh() -> None:
    desk = Desk(500, 500, 200)
    with desk.client(SignedAuth(CREDENTIALS)) as client:
        client.transactions.get(transaction_key=KEY)
    nonces = [stated_params(request.headers["authorization"])["nonce"] for request in desk.requests]
    assert len(nonces) == 3 and len(set(nonces)) == 3


def test_the_body_is_signed_as_it_is_sent() -> None:
    desk = Desk(200)
    with desk.client(SignedAuth(CREDENTIALS, clock=lambda: datetime(2012, 8, 1, 9, tzinfo=timezone.utc))) as client:
        client.transactions.create(payments=[990], callback_uri=False)
    params = stated_params(desk.requests[0].headers["authorization"])
    digest = quote(__import__("base64").b64encode(hashlib.sha256(desk.requests[0].read()).digest()), safe="")
    assert (params["ts"], params["ext"]) == ("1343811600", f"body_hash={digest}")


def test_what_was_signed_with_is_nowhere_to_be_seen() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        said = {
            "error": "unauthorized",
            "error_description": f"{CREDENTIALS['key']} {request.headers['authorization']}",
        }
        return httpx2.Response(401, json=said)

    http_client = httpx2.Client(transport=httpx2.MockTransport(answer))
    with (
        Client(SignedAuth(CREDENTIALS), http_client=http_client) as client,
        pytest.raises(errors.Unauthorized) as caught,
    ):
        client.transactions.get(transaction_key=KEY)
    seen = f"{caught.value!r} {caught.value} {vars(caught.value)}"
    assert CREDENTIALS["key"] not in seen and not re.search(r'mac="[^*"]{8}', seen)
    assert CREDENTIALS["key"] not in repr(SignedAuth(CREDENTIALS))


@pytest.mark.parametrize("secrets", [{}, {"id": "c"}, {"id": "", "key": "k"}])
def test_a_request_that_cannot_be_signed_is_not_sent(secrets: dict[str, str]) -> None:
    desk = Desk()
    with desk.client(SignedAuth(secrets)) as client, pytest.raises(ValueError, match="is needed for request"):
        client.transactions.get(transaction_key=KEY)
    with (
        desk.client(SignedAuth({"id": 'a"b', "key": "k"})) as client,
        pytest.raises(ValueError, match="cannot be quoted"),
    ):
        client.transactions.get(transaction_key=KEY)
    assert desk.requests == []


@pytest.mark.parametrize("path", ["/a b", "/ключ", "/..", "/a/../b", "/a/.", "/a{b}"])
def test_what_is_sent_in_another_form_than_it_is_signed_in_is_not_sent(path: str) -> None:
    desk = Desk()
    http_client = httpx2.Client(transport=httpx2.MockTransport(desk))
    with (
        Client(SignedAuth(CREDENTIALS), base_url=f"https://desk.example{path}", http_client=http_client) as client,
        pytest.raises(ValueError, match="in another form"),
    ):
        client.transactions.get(transaction_key=KEY)
    assert desk.requests == []


def test_a_body_that_is_read_while_it_is_sent_is_not_signed() -> None:
    from io import BytesIO

    request = HttpRequest("POST", HOST + "/", (), Payload([BytesIO(b"x")], 1))
    with pytest.raises(ValueError, match="cannot be signed"):
        signed_params(SIGNATURE, request, {**facts_of("POST", HOST + "/"), **GIVEN}, CREDENTIALS)


def test_members_except_some_are_sorted_and_percent_encoded() -> None:
    signature = Signature("s", "hmac-sha256", (Part(form_except=("sign",)),), "hex", Place(form="sign"), "k")
    members = dict(parse_qsl("b=x+y&a=%D0%90%2F~&sign=0&c=", keep_blank_values=True))
    joined = "a=%D0%90%2F~&b=x%20y&c="
    message = Message({name: value.encode() for name, value in members.items()})
    import hmac

    assert sign(signature, message, {"k": "s"}) == hmac.new(b"s", joined.encode(), "sha256").hexdigest()


# --- forms that are signed as a whole --------------------------------------------------------------------------------

NOTICE = (
    b"notification_type=p2p-incoming&operation_id=1234567&amount=300.00&withdraw_amount=301.50&currency=643"
    b"&datetime=2026-06-01T09%3A00%3A00Z&sender=41001000000000&codepro=false&label=order+12%2F%D0%90&unaccepted=false"
)
SIGN = "1564b2dbf43c5125d6268dfd807ffa4087fb8bd8d35e5e32bf87094de0c9eb45"
CARD = (
    b"notification_type=card-incoming&operation_id=904035776918098009&amount=0.99&withdraw_amount=1.00&currency=643"
    b"&datetime=2026-06-01T12%3A00%3A00%2B03%3A00&sender=&codepro=false&label=&unaccepted=false&test_notification=true"
    b"&lastname=&firstname=&fathersname=&email=a%2Bb%40payer.example&phone=%2B79990000000"
    b"&city=%D0%9C%D0%BE%D1%81%D0%BA%D0%B2%D0%B0&street=%D0%9B%D0%B5%D0%BD%D0%B8%D0%BD%D0%B0+~+1%2A%282%29%21"
    b"&building=12&suite=&flat=&zip="
)
CARD_SIGN = "2e6da26cbafd2432e1609e24de8b3962989adf1aebb9dd687771f1762718d781"
OLD = (
    b"notification_type=p2p-incoming&operation_id=1234567&amount=300.00&currency=643"
    b"&datetime=2011-07-01T09%3A00%3A00.000%2B04%3A00&sender=41001XXXXXXXX&codepro=false&label=YM.label.12345"
    b"&sha1_hash=a2ee4a9195f4a90e893cff4f62eeba0b662321f9"
)
WALLET_SECRET = "01234567890ABCDEF01234567890"


def test_a_notification_whose_members_are_all_signed() -> None:
    found = wallet_hooks.parse_webhook(FORM, NOTICE + b"&sign=" + SIGN.encode(), {"notification_secret": "test_secret"})
    assert (str(found.amount), found.label, found.operation_id) == ("300.00", "order 12/А", "1234567")
    found = wallet_hooks.parse_webhook(
        FORM, CARD + b"&sign=" + CARD_SIGN.encode(), {"notification_secret": WALLET_SECRET}
    )
    assert found.violations == ()


@pytest.mark.parametrize(
    "body",
    [
        NOTICE.replace(b"300.00", b"3000.00"),
        NOTICE + b"&further=",
        NOTICE.replace(b"&codepro=false", b""),
        NOTICE.replace(b"order+12", b"order%2B12"),
    ],
)
def test_whatever_is_changed_in_a_notification_is_noticed(body: bytes) -> None:
    with pytest.raises(wallet_hooks.SignatureInvalid):
        wallet_hooks.parse_webhook(FORM, body + b"&sign=" + SIGN.encode(), {"notification_secret": "test_secret"})


def test_the_order_of_members_and_their_spelling_do_not_matter() -> None:
    pairs = [*NOTICE.split(b"&"), b"sign=" + SIGN.encode()]
    body = b"&".join(reversed(pairs)).replace(b"+", b"%20")
    wallet_hooks.parse_webhook(FORM, body, {"notification_secret": "test_secret"})


def test_the_old_signature_counts_only_where_it_is_asked_for() -> None:
    with pytest.raises(wallet_hooks.SignatureMissing):
        wallet_hooks.parse_webhook(FORM, OLD, {"notification_secret": WALLET_SECRET})
    found = wallet_hooks.parse_webhook(FORM, OLD, {"notification_secret": WALLET_SECRET}, accept_deprecated=True)
    assert found.label == "YM.label.12345"
    with pytest.raises(wallet_hooks.SignatureInvalid):
        wallet_hooks.parse_webhook(
            FORM, OLD.replace(b"300.00", b"3000.00"), {"notification_secret": WALLET_SECRET}, accept_deprecated=True
        )
    both = OLD + b"&sign=" + b"00" * 32
    with pytest.raises(wallet_hooks.SignatureInvalid):
        wallet_hooks.parse_webhook(FORM, both, {"notification_secret": WALLET_SECRET}, accept_deprecated=True)


# --- the server's side -----------------------------------------------------------------------------------------------


def signers(credentials: SignedCredentials, operation: object) -> str | None:
    """Who knows the secret of an id signed with it."""
    known = {CREDENTIALS["id"]: CREDENTIALS["key"]}
    id = credentials.params.get("id", "")
    return id if id in known and credentials.is_signed({"id": id, "key": known[id]}) else None


def test_a_server_lets_in_whoever_signed_this_very_request() -> None:
    script = Script()
    app = desk_app(script, authenticate=None, security=desk_server.SecurityHooks(mac=signers))
    create: dict[str, Any] = {"payments": [990], "callback_uri": False}
    with served(app) as url:
        with Client(SignedAuth(CREDENTIALS), base_url=url) as client:
            assert client.transactions.get(transaction_key=KEY).transaction_key == KEY
            client.transactions.create(**create)
            client.payments.list(status=models.PaymentStatus.NEW, limit=2)
            assert script.last.context.principal == CREDENTIALS["id"]
        for secrets in ({**CREDENTIALS, "key": "x"}, {**CREDENTIALS, "id": "x"}):
            with Client(SignedAuth(secrets), base_url=url) as client, pytest.raises(errors.Unauthorized):
                client.transactions.create(**create)
        assert len(script.seen) == 3


def test_a_server_lets_nobody_in_with_the_signature_of_another_request() -> None:
    script = Script()
    app = desk_app(script, authenticate=None, security=desk_server.SecurityHooks(mac=signers))
    sent: list[httpx2.Request] = []
    with served(app) as url, httpx2.Client(event_hooks={"request": [sent.append]}) as http_client:
        with Client(SignedAuth(CREDENTIALS), base_url=url, http_client=http_client) as client:
            client.transactions.create(payments=[990], callback_uri=False)
        authorization, body = sent[0].headers["authorization"], sent[0].read()
        headers = {"Authorization": authorization, "Content-Type": "application/json"}
        for path, content in (("/transaction", body + b" "), ("/transaction?a=1", body), ("/payment", body)):
            assert httpx2.post(url + path, headers=headers, content=content).status_code == 401
        assert httpx2.post(f"{url}/transaction", headers=headers, content=body).status_code == 200
    assert len(script.seen) == 2


def test_a_proxy_may_hide_where_clients_reach_the_server() -> None:
    seen: list[bool] = []

    def behind_a_proxy(credentials: SignedCredentials, operation: object) -> str:
        seen.extend(credentials.is_signed(CREDENTIALS, base_url=base) for base in (None, "https://desk.example"))
        return "anyone"

    app = desk_app(Script(), authenticate=None, security=desk_server.SecurityHooks(mac=behind_a_proxy))
    with served(app) as url:

        def forward(request: httpx2.Request) -> httpx2.Response:
            headers = {name: value for name, value in request.headers.items() if name != "host"}
            answer = httpx2.request(request.method, url + request.url.path, headers=headers, content=request.read())
            return httpx2.Response(answer.status_code, headers=dict(answer.headers), content=answer.content)

        http_client = httpx2.Client(transport=httpx2.MockTransport(forward))
        with Client(SignedAuth(CREDENTIALS), base_url="https://desk.example", http_client=http_client) as client:
            client.transactions.get(transaction_key=KEY)
    assert seen == [False, True]
