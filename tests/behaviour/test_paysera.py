"""What is unusual about the Paysera wallet: codes without a status, signed requests, no keys but lookups, members that are left out."""

from __future__ import annotations

import itertools
import json
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from behaviour.clocks import Clock
from behaviour.desks import ALLOWANCE, KEY, LOCATION, PAYMENT, TRANSACTION, page, payment
from behaviour.houses import PAYSERA

import payments
from payments._runtime.answers import Answer
from payments._runtime.contract import Outcome
from payments._runtime.decoding import decode_failure
from payments._runtime.encoding import encode_failure
from payments._runtime.headers import Headers
from payments.paysera import Client, ContractViolation, Environment, HttpAuth, errors, models
from payments.paysera.webhooks import UnreadableNotification, parse_transaction_changed
from sadpath.runtime.signatures import Part, Place

JSON = "application/json;charset=utf-8"
PROOF = "c2lnbmF0dXJlIG9mIGEgcmVxdWVzdA=="


def answer(status: int, tree: Any, media_type: str = JSON) -> httpx2.Response:
    return httpx2.Response(status, content=json.dumps(tree).encode(), headers={"Content-Type": media_type})


def refusal(status: int, code: str, **members: Any) -> httpx2.Response:
    return answer(status, {"error": code, **members})


def lost() -> Exception:
    """The request was sent, and no answer came."""
    return httpx2.ReadError("connection reset")


class Desk:
    """A client whose requests are answered by a script, under a clock that only sleeping moves; each request is signed anew."""

    def __init__(self, *script: httpx2.Response | Exception) -> None:
        self.script = list(script)
        self.requests: list[httpx2.Request] = []
        self.clock = Clock()
        numbers = itertools.count(1)
        auth = HttpAuth("MAC", lambda: f'id="c", ts="1", nonce="n{next(numbers)}", mac="{PROOF}", ext=""')
        clock = self.clock
        environment = Environment(clock.now, lambda: clock.seconds, clock.sleep, clock.asleep, lambda: 0.0)
        http_client = httpx2.Client(transport=httpx2.MockTransport(self._answer))
        self.client = Client(auth, http_client=http_client, environment=environment)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        done = self.script.pop(0)
        if isinstance(done, Exception):
            raise done
        return done

    @property
    def lines(self) -> list[str]:
        """The requests that were made."""
        return [f"{request.method} {request.url.raw_path.decode()}" for request in self.requests]


def decoded(status: int, body: str, operation: str | None = "reserveTransaction") -> payments.ApiError:
    found = decode_failure(
        PAYSERA.registry,
        PAYSERA.operation(operation),
        Answer(status, Headers([("Content-Type", JSON)]), body.encode()),
    )
    assert found is not None
    return found


BASIC = {
    "invalid_request": (400, errors.InvalidRequest, payments.InvalidArgument),
    "invalid_parameters": (400, errors.InvalidParameters, payments.InvalidArgument),
    "unauthorized": (401, errors.Unauthorized, payments.Unauthenticated),
    "forbidden": (403, errors.Forbidden, payments.PermissionDenied),
    "not_found": (404, errors.NotFound, payments.NotFound),
    "not_acceptable": (406, errors.NotAcceptable, payments.InvalidArgument),
    "invalid_state": (409, errors.InvalidState, payments.FailedPrecondition),
    "internal_server_error": (500, errors.InternalServerError, payments.Internal),
}


@pytest.mark.parametrize("code", BASIC)
@pytest.mark.parametrize("operation", ["getPayment", "confirmTransaction", "createToken", None])
def test_basic_codes_come_from_every_operation(code: str, operation: str | None) -> None:
    status, cls, category = BASIC[code]
    error = decoded(status, json.dumps({"error": code}), operation)
    assert isinstance(error, cls) and isinstance(error, category) and error.violations == ()
    assert (error.code, error.message) == (code, None)


def test_two_codes_share_a_status_and_nothing_else() -> None:
    assert not issubclass(errors.InvalidRequest, errors.InvalidParameters)
    unknown = decoded(400, '{"error":"brand_new"}')
    assert not isinstance(unknown, (errors.InvalidRequest, errors.InvalidParameters))
    assert isinstance(unknown, errors.PayseraError) and unknown.code == "brand_new"
    assert unknown.outcome is Outcome.REJECTED


@pytest.mark.parametrize("status", [400, 402, 403, 409, 422, 429])
@pytest.mark.parametrize(
    ("code", "cls"),
    [
        ("not_enough_funds", errors.NotEnoughFunds),
        ("no_rights", errors.NoRights),
        ("rate_limit_exceeded_ge", errors.RateLimitExceeded),
        ("invalid_grant", errors.InvalidGrant),
        ("invalid_timestamp", errors.InvalidTimestamp),
    ],
)
def test_a_code_without_a_documented_status_is_known_under_any(
    status: int, code: str, cls: type[errors.PayseraError]
) -> None:
    error = decoded(status, json.dumps({"error": code}))
    assert type(error) is cls and error.violations == () and error.outcome is Outcome.REJECTED
    assert cls.contract is not None and cls.contract.match.statuses == ()


@pytest.mark.parametrize("code", ["not_enough_funds", "invalid_timestamp", "forbidden"])
def test_the_code_of_a_refusal_is_not_believed_from_a_server_that_broke_down(code: str) -> None:
    error = decoded(503, json.dumps({"error": code}))
    assert error.outcome is Outcome.UNKNOWN and isinstance(error, payments.OutcomeUnknown)
    assert error.code == code


def test_a_code_under_another_status_is_known_and_noted() -> None:
    error = decoded(400, '{"error":"invalid_state"}')
    assert isinstance(error, errors.InvalidState) and error.status == 400 and error.violations != ()


def test_members_may_be_left_out_or_null_and_further_ones_survive() -> None:
    bare = decoded(403, '{"error":"forbidden"}')
    null = decoded(403, '{"error":"forbidden","error_description":null,"error_uri":null,"error_properties":null}')
    for error in (bare, null):
        assert isinstance(error, errors.Forbidden) and error.message is None and error.violations == ()
        assert (error.documentation, error.properties, error.correlation_id) == (None, None, None)
    full = decoded(
        400,
        '{"error":"invalid_parameters","error_uri":"https://x.example/e","error_properties":{"price":["a","b"],"ü":"c"},'
        '"error_data":{"n":1.10},"more":1}',
    )
    assert isinstance(full, errors.InvalidParameters)
    assert full.documentation == "https://x.example/e" and full.properties == {"price": ["a", "b"], "ü": "c"}
    assert b'"more":1' in full.body


def test_a_server_never_sends_null() -> None:
    bare = encode_failure(PAYSERA.registry, errors.Forbidden(), PAYSERA.operation("getPayment"))
    assert (bare.status, bare.body) == (403, b'{"error":"forbidden"}')
    full = encode_failure(
        PAYSERA.registry, errors.NotEnoughFunds("No", correlation_id="7"), PAYSERA.operation("reserveTransaction")
    )
    assert (full.status, full.body) == (400, b'{"error":"not_enough_funds","error_description":"No"}')
    assert full.headers.get("paysera-correlation-id") == "7"


@pytest.mark.parametrize(
    "media_type",
    ["application/json", JSON, "application/json; charset=UTF-8", 'Application/JSON ; charset="utf-8"; v=1'],
)
def test_parameters_of_the_media_type_change_nothing(media_type: str) -> None:
    desk = Desk(
        answer(200, PAYMENT, media_type), answer(404, {"error": "not_found", "error_description": "č"}, media_type)
    )
    assert desk.client.payments.get(payment_id=991).price_decimal == Decimal("12.50")
    with pytest.raises(errors.NotFound, match="č"):
        desk.client.payments.get(payment_id=1)


def test_null_is_understood_in_an_answer_and_sent_in_no_request() -> None:
    desk = Desk(answer(200, {**PAYMENT, "wallet": None, "new_member": None}), answer(200, PAYMENT))
    found = desk.client.payments.get(payment_id=991)
    assert found.wallet is None and not found.is_set("wallet")
    assert [violation.pointer for violation in found.violations] == ["/wallet"]
    desk.client.payments.create(
        description="x", price=1, currency="EUR", items=None, parameters=None, password=None, purpose=None
    )
    assert json.loads(desk.requests[-1].content) == {"description": "x", "price": 1, "currency": "EUR"}


@pytest.mark.parametrize(
    "members",
    [
        {"price": 1, "price_decimal": "0.01"},
        {"price": None},
        {"description": None},
        {"currency": None},
        {"cashback": 1, "cashback_decimal": "0.01"},
        {"beneficiary": {"id": 1, "email": "a@x.example"}},
    ],
    ids=str,
)
def test_a_payment_that_says_too_much_or_too_little_is_not_sent(members: dict[str, Any]) -> None:
    desk = Desk()
    given = {"description": "x", "price": 1, "currency": "EUR", **members}
    with pytest.raises(ValueError):
        desk.client.payments.create(**{name: value for name, value in given.items() if value is not None})
    assert desk.requests == []


def test_a_transaction_mixes_numbers_and_payments_and_turns_callbacks_off() -> None:
    desk = Desk(answer(200, TRANSACTION))
    created = desk.client.transactions.create(payments=[990, payment()], callback_uri=False)
    sent = json.loads(desk.requests[0].content)
    assert sent["payments"][0] == 990 and sent["payments"][1]["parameters"] == {"order": "17"}
    assert sent["callback_uri"] is False and created.payments is not None and created.payments[0].id == 991


def test_an_empty_object_confirms() -> None:
    desk = Desk(answer(200, {}))
    confirmed = desk.client.transactions.confirm(transaction_key=KEY)
    assert (confirmed.status, confirmed.violations, desk.requests[0].content) == (None, (), b"")


def test_tokens_have_a_base_of_their_own() -> None:
    token = {
        "access_token": "t",
        "token_type": "mac",
        "mac_key": "k",
        "mac_algorithm": "hmac-sha-256",
        "expires_in": 1,
    }
    desk = Desk(answer(200, token))
    grant = models.RefreshTokenGrant(grant_type="refresh_token", refresh_token="r&1")
    found = desk.client.tokens.create(body=grant)
    assert str(desk.requests[0].url) == "https://wallet.paysera.com/oauth/v1/token"
    assert desk.requests[0].content == b"grant_type=refresh_token&refresh_token=r%261"
    assert found.mac_key == "k" and "'k'" not in repr(found) and "r&1" not in repr(grant)


def test_a_repeat_is_signed_anew() -> None:
    desk = Desk(refusal(500, "internal_server_error"), lost(), answer(200, PAYMENT))
    assert desk.client.payments.get(payment_id=991).id == 991
    signatures = [request.headers["authorization"] for request in desk.requests]
    assert [text.startswith("MAC id=") for text in signatures] == [True] * 3 and len(set(signatures)) == 3
    assert desk.clock.slept == [0.5, 1.0]


def test_the_time_is_asked_without_a_signature() -> None:
    desk = Desk(answer(200, {"time": 1343811600}))
    assert desk.client.server.get().time == 1343811600
    assert "authorization" not in desk.requests[0].headers


@pytest.mark.parametrize(
    ("code", "before", "cls"),
    [
        ("invalid_grant", "refresh_token", errors.InvalidGrant),
        ("invalid_timestamp", "sync_clock", errors.InvalidTimestamp),
    ],
)
def test_what_has_to_precede_a_repeat_is_said_and_not_skipped(
    code: str, before: str, cls: type[errors.PayseraError]
) -> None:
    desk = Desk(refusal(401, code))
    with pytest.raises(cls) as caught:
        desk.client.transactions.reserve(transaction_key=KEY, wallet_id=7)
    assert (caught.value.advice.next, caught.value.advice.before) == ("repeat", before)
    assert caught.value.outcome is Outcome.REJECTED and len(desk.requests) == 1


def test_too_many_attempts_are_not_followed_by_more() -> None:
    desk = Desk(refusal(429, "rate_limit_exceeded"))
    with pytest.raises(payments.RateLimited):
        desk.client.transactions.reserve(transaction_key=KEY, wallet_id=7, pin="1")
    assert len(desk.requests) == 1 and b"1" in desk.requests[0].content


def test_a_wrong_state_is_looked_at_and_never_repeated() -> None:
    desk = Desk(refusal(409, "invalid_state"))
    with pytest.raises(errors.InvalidState) as caught:
        desk.client.transactions.revoke(transaction_key=KEY)
    assert (caught.value.advice.next, caught.value.advice.automatic) == ("check", False)
    assert len(desk.requests) == 1


def doubted(desk: Desk, call: Any) -> Any:
    """The failure that leaves open whether something was executed; it was not repeated."""
    with pytest.raises(payments.OutcomeUnknown) as caught:
        call(desk.client)
    assert len(desk.requests) == 1 and isinstance(caught.value, errors.PayseraError)
    assert caught.value.advice.next == "check"
    return caught.value


def confirm(client: Client) -> Any:
    return client.transactions.confirm(transaction_key=KEY)


def in_status(status: str) -> httpx2.Response:
    return answer(200, {**TRANSACTION, "status": status})


@pytest.mark.parametrize("failure", [lost(), refusal(500, "internal_server_error"), httpx2.Response(502, html="<h1/>")])
def test_after_a_lost_answer_the_transaction_tells(failure: Any) -> None:
    desk = Desk(failure, in_status("confirmed"))
    resolved = desk.client.resolve(doubted(desk, confirm))
    assert (resolved.executed, resolved.found.status) == (True, "confirmed")
    assert desk.lines == [f"PUT /rest/v1/transaction/{KEY}/confirm", f"GET /rest/v1/transaction/{KEY}"]


def test_money_that_is_still_reserved_was_not_taken_once_nothing_is_under_way() -> None:
    desk = Desk(lost(), *[in_status("reserved")] * 50)
    resolved = desk.client.resolve(doubted(desk, confirm))
    assert (resolved.executed, resolved.found.status) == (False, "reserved")
    assert desk.clock.seconds >= 60 and {line.split()[0] for line in desk.lines[1:]} == {"GET"}


def test_a_status_that_tells_neither_stays_open() -> None:
    desk = Desk(lost(), *[in_status("failed")] * 200)
    with pytest.raises(errors.Unresolved) as caught:
        desk.client.resolve(doubted(desk, confirm), deadline=120)
    assert caught.value.outcome is Outcome.UNKNOWN


LOOKUPS: list[Any] = [
    (
        lambda client: client.payments.cancel(payment_id=991),
        answer(200, {**PAYMENT, "status": "canceled"}),
        "/payment/991",
    ),
    (
        lambda client: client.payments.freeze(payment_id=991, freeze_until=1_700_000_100),
        answer(200, {**PAYMENT, "freeze_until": 1_700_000_100}),
        "/payment/991",
    ),
    (lambda client: client.transactions.revoke(transaction_key=KEY), in_status("revoked"), f"/transaction/{KEY}"),
    (
        lambda client: client.transactions.reserve(transaction_key=KEY, wallet_id="me"),
        in_status("reserved"),
        f"/transaction/{KEY}",
    ),
    (
        lambda client: client.transactions.reserve_by_payer(transaction_key=KEY, payer=models.Payer(id=7)),
        in_status("confirmed"),
        f"/transaction/{KEY}",
    ),
    (
        lambda client: client.allowances.cancel(allowance_id=5),
        answer(200, {**ALLOWANCE, "status": "deleted"}),
        "/allowance/5",
    ),
    (
        lambda client: client.projects.create_location(project_id=3, title="Café", address="Gedimino 1"),
        answer(200, [{**LOCATION, "title": "Bar"}, LOCATION]),
        "/project/3/locations",
    ),
    (
        lambda client: client.payments.create(description="x", price=1, currency="EUR", parameters={"order": "17"}),
        answer(200, page("payments", PAYMENT)),
        "/payments",
    ),
    (
        lambda client: client.transactions.create(payments=[payment()]),
        answer(200, page("payments", PAYMENT)),
        "/payments",
    ),
]


@pytest.mark.parametrize(("call", "told", "path"), LOOKUPS, ids=[f"{n}-{row[2]}" for n, row in enumerate(LOOKUPS)])
def test_every_lookup_finds_what_was_executed(call: Any, told: httpx2.Response, path: str) -> None:
    desk = Desk(lost(), told)
    resolved = desk.client.resolve(doubted(desk, call))
    assert resolved.executed and resolved.found is not None
    assert desk.lines[1:] == [f"GET /rest/v1{path}"]


def test_every_lookup_is_tried_here() -> None:
    given = {id for id, contract in PAYSERA.operations.items() if contract.lookup is not None}
    assert len(given - {"confirmTransaction", "cancelActiveAllowance"}) == len(LOOKUPS)
    assert given >= {"confirmTransaction", "cancelActiveAllowance"}


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.payments.create(description="x", price=1, currency="EUR"),
        lambda client: client.payments.create(description="x", price=1, currency="EUR", parameters={}),
        lambda client: client.payments.create(description="x", price=1, currency="EUR", parameters={"order": "19"}),
        lambda client: client.transactions.create(payments=[991]),
        lambda client: client.transactions.create(payments=[payment(parameters={})]),
    ],
)
def test_what_carries_no_identifier_of_ones_own_is_not_taken_for_another(call: Any) -> None:
    others = [{**PAYMENT, "parameters": {"order": "18"}}, {**PAYMENT, "parameters": {}}]
    desk = Desk(lost(), *[answer(200, {**page("payments", PAYMENT), "payments": others})] * 200)
    with pytest.raises(errors.Unresolved) as caught:
        desk.client.resolve(doubted(desk, call), deadline=30)
    assert caught.value.outcome is Outcome.UNKNOWN


def test_an_allowance_that_is_not_active_any_more_is_not_found_and_stays_open() -> None:
    desk = Desk(lost(), refusal(404, "not_found"))
    with pytest.raises(errors.Unresolved) as caught:
        desk.client.resolve(doubted(desk, lambda client: client.allowances.cancel_active(wallet_id=7)))
    assert caught.value.reason == "refused" and isinstance(caught.value.__cause__, errors.NotFound)


def test_where_there_is_nothing_to_look_up_it_says_so() -> None:
    desk = Desk(lost())
    with pytest.raises(errors.Unresolved) as caught:
        desk.client.resolve(doubted(desk, lambda client: client.transfers.create(body={"amount": "1.00"})))
    assert caught.value.reason == "no_means"


def test_a_callback_keeps_the_text_that_is_signed() -> None:
    text = '{"type":"confirmed", "object":"transaction",\n "note":"+%č", "data":{"transaction":' + json.dumps(
        TRANSACTION
    )
    text += "}}  "
    body = urlencode({"event": text, "sign": PROOF})
    found = parse_transaction_changed(body, {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"})
    assert (found.event, found.sign) == (text, PROOF)
    event = models.TransactionEvent.from_wire(json.loads(found.event))
    assert event.data.transaction is not None and event.data.transaction.transaction_key == KEY
    assert (event.object, event.type) == ("transaction", "confirmed")
    new = models.TransactionEvent.from_wire({"type": "frozen", "object": "invoice", "data": {"invoice": 1}})
    assert (new.object, new.type, new.data.transaction) == ("invoice", "frozen", None)
    assert not new.type.is_known and new.violations == ()


def test_a_callback_that_is_none_is_refused() -> None:
    with pytest.raises(UnreadableNotification):
        parse_transaction_changed("{}", {"Content-Type": "application/json"})
    unsigned = parse_transaction_changed("event=1")
    assert [violation.pointer for violation in unsigned.violations] == ["/sign"]
    with pytest.raises(ContractViolation):
        _ = unsigned.sign


def test_the_catalog_says_how_a_callback_is_checked() -> None:
    signature = PAYSERA.catalog.signatures["callback"]
    assert (signature.algorithm, signature.encode, signature.over) == ("rsa-sha256", "base64", (Part(form="event"),))
    assert signature.at == Place(form="sign") and signature.public_key == "https://wallet.paysera.com/publickey"
    webhook = PAYSERA.catalog.webhooks["transaction_changed"]
    assert (webhook.signature, webhook.then, webhook.operation) == (("callback",), "reread", "getTransaction")


def test_another_kind_of_credentials_is_not_sent() -> None:
    with Client(HttpAuth("Digest", 'response="x"')) as client, pytest.raises(errors.NotSent, match="MAC"):
        client.payments.get(payment_id=1)
