"""What is unusual about the wallet: forms in, errors in a header, in the body of a success and in a redirection, words with several meanings."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx2
import pytest
from behaviour.clocks import Clock
from behaviour.houses import WALLET
from behaviour.wallets import FORM, OPERATION
from pydantic import ValidationError

import payments
from payments._runtime.contract import Outcome
from payments.yoomoney_wallet import (
    AsyncClient,
    BearerAuth,
    CallOptions,
    Client,
    ContractViolation,
    Environment,
    errors,
    models,
)
from payments.yoomoney_wallet.webhooks import UnreadableNotification, parse_notification

TOKEN = "410012345678901.0123456789ABCDEF"


def answer(tree: Any, status: int = 200, **headers: str) -> httpx2.Response:
    content = json.dumps(tree, default=float).encode()
    return httpx2.Response(status, content=content, headers={"Content-Type": "application/json", **headers})


def challenged(status: int, error: str) -> httpx2.Response:
    return httpx2.Response(status, headers={"WWW-Authenticate": f'Bearer error="{error}"'})


def lost() -> Exception:
    """The request was sent, and no answer came."""
    return httpx2.ReadError("connection reset")


class Wallet:
    """A client whose requests are answered by a script, under a clock that only sleeping moves."""

    def __init__(self, *script: httpx2.Response | Exception) -> None:
        self.script = list(script)
        self.requests: list[httpx2.Request] = []
        self.clock = Clock()
        self.client = Client(
            BearerAuth(TOKEN),
            http_client=httpx2.Client(transport=httpx2.MockTransport(self._answer)),
            environment=self.environment,
        )

    @property
    def environment(self) -> Environment:
        clock = self.clock
        return Environment(clock.now, lambda: clock.seconds, clock.sleep, clock.asleep, lambda: 0.0)

    def asynchronous(self) -> AsyncClient:
        http_client = httpx2.AsyncClient(transport=httpx2.MockTransport(self._answer))
        return AsyncClient(BearerAuth(TOKEN), http_client=http_client, environment=self.environment)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        done = self.script.pop(0)
        if isinstance(done, Exception):
            raise done
        return done

    @property
    def sent(self) -> list[tuple[str, dict[str, str]]]:
        """The URLs that were asked, each with its form."""
        return [
            (str(request.url), dict(parse_qsl(request.content.decode(), keep_blank_values=True)))
            for request in self.requests
        ]


API = "https://yoomoney.ru/api"
OAUTH = "https://yoomoney.ru/oauth"


# The history of operations.
def history(number: int, following: str | None) -> httpx2.Response:
    page: dict[str, Any] = {"operations": [{**OPERATION, "operation_id": f"o-{number}"}]}
    return answer(page if following is None else {**page, "next_record": following})


PAGES = [(1, "30"), (2, "060"), (3, None)]
FORMS = [
    {"label": "order 7", "from": "2026-01-05T10:00:00Z", "records": "1", "details": "true", **start}
    for start in ({}, {"start_record": "30"}, {"start_record": "060"})
]
FILTERS: dict[str, Any] = {
    "label": "order 7",
    "from_": datetime(2026, 1, 5, 10, tzinfo=timezone.utc),
    "records": 1,
    "details": True,
}


def test_the_history_goes_on_in_the_body_with_the_same_filters() -> None:
    wallet = Wallet(*(history(*page) for page in PAGES))
    items = wallet.client.account.history.items(**FILTERS)
    assert wallet.requests == []
    assert [item.operation_id for item in items] == ["o-1", "o-2", "o-3"]
    assert wallet.sent == [(f"{API}/operation-history", form) for form in FORMS]
    assert {request.method for request in wallet.requests} == {"POST"}


def test_the_history_goes_on_for_those_who_await_it() -> None:
    wallet = Wallet(*(history(*page) for page in PAGES))

    async def records() -> list[str | None]:
        async with wallet.asynchronous() as client:
            return [page.next_record async for page in client.account.history.pages(**FILTERS)]

    assert asyncio.run(records()) == ["30", "060", None]
    assert [form for _, form in wallet.sent] == FORMS


def test_a_page_that_leads_back_is_no_end_and_no_loop() -> None:
    wallet = Wallet(history(1, "30"), history(2, "30"))
    with pytest.raises(errors.Unreadable):
        list(wallet.client.account.history.items())
    assert wallet.sent[0] == (f"{API}/operation-history", {}) and wallet.sent[1][1] == {"start_record": "30"}


def test_an_operation_keeps_its_money_and_what_nobody_has_named() -> None:
    body = (
        b'{"operation_id":"o-1","status":"refused","datetime":"2026-01-05T13:00:00.123456+03:00","title":"T",'
        b'"direction":"out","amount":100.10,"type":"sbp-transfer","amount_due":100.00,"fee":0.10,"spendingCategories":[]}'
    )
    wallet = Wallet(httpx2.Response(200, content=body, headers={"Content-Type": "application/json"}))
    found = wallet.client.account.details(operation_id="o-1")
    assert (found.amount, found.amount_due, found.fee) == (Decimal("100.10"), Decimal("100.00"), Decimal("0.10"))
    assert found.status is models.OperationStatus.REFUSED and found.type == "sbp-transfer"
    assert found.datetime.utcoffset() == timedelta(hours=3) and found.to_json() == body


# What a word means depends on what was asked.
MEANINGS: list[tuple[str, str, dict[str, Any], httpx2.Response, type[payments.ApiError]]] = [
    ("account", "info", {}, challenged(400, "invalid_request"), errors.InvalidRequest),
    (
        "authorization",
        "exchange",
        {"code": "c", "client_id": "i", "redirect_uri": "u"},
        answer({"error": "invalid_request"}, 400),
        errors.TokenRequestInvalid,
    ),
    ("account", "info", {}, challenged(401, "invalid_token"), errors.InvalidToken),
    ("authorization", "revoke", {}, challenged(401, "invalid_token"), errors.TokenAlreadyVoid),
    ("account", "history", {}, answer({"error": "illegal_param_label"}), errors.IllegalFilterLabel),
    (
        "payments",
        "request",
        {"pattern_id": "p2p"},
        answer({"status": "refused", "error": "illegal_param_label"}),
        errors.IllegalParamLabel,
    ),
    (
        "account",
        "details",
        {"operation_id": "o"},
        answer({"error": "illegal_param_operation_id"}),
        errors.IllegalParamOperationId,
    ),
    (
        "transfers",
        "reject",
        {"operation_id": "o"},
        answer({"status": "refused", "error": "illegal_param_operation_id"}),
        errors.TransferNotFound,
    ),
    (
        "payments",
        "request",
        {"pattern_id": "p2p"},
        answer({"status": "refused", "error": "ext_action_required", "ext_action_uri": "https://x.test"}),
        errors.ExtActionRequired,
    ),
    (
        "transfers",
        "accept",
        {"operation_id": "o"},
        answer({"status": "refused", "error": "ext_action_required", "ext_action_uri": "https://x.test"}),
        errors.RecipientHasToAct,
    ),
]


@pytest.mark.parametrize(("resource", "method", "arguments", "answered", "cls"), MEANINGS)
def test_one_word_has_the_meaning_of_its_operation(
    resource: str, method: str, arguments: dict[str, Any], answered: httpx2.Response, cls: type[payments.ApiError]
) -> None:
    wallet = Wallet(answered)
    with pytest.raises(errors.REGISTRY.root) as caught:
        getattr(getattr(wallet.client, resource), method)(**arguments)
    error = caught.value
    assert type(error) is cls and error.outcome is Outcome.REJECTED and error.violations == ()
    assert len(wallet.requests) == 1


UNLISTED: list[tuple[str, str, dict[str, Any], bool, type[payments.ApiError], str]] = [
    ("account", "info", {}, False, errors.AccountInfoFailed, "repeat"),
    ("account", "history", {}, False, errors.OperationsUnavailable, "repeat"),
    ("account", "details", {"operation_id": "o"}, False, errors.OperationsUnavailable, "repeat"),
    ("payments", "request", {"pattern_id": "p2p"}, True, errors.TechnicalError, "repeat"),
    ("payments", "process", {"request_id": "r"}, True, errors.AuthorizationRefused, "stop"),
    ("transfers", "accept", {"operation_id": "o"}, True, errors.RefusedUnlisted, "stop"),
    ("external_payments", "instance", {"client_id": "c"}, True, errors.RefusedUnlisted, "stop"),
    ("showcases", "search", {"query": "q"}, False, errors.SearchFailed, "repeat"),
]


@pytest.mark.parametrize(("resource", "method", "arguments", "refused", "cls", "step"), UNLISTED)
def test_all_other_values_mean_what_the_operation_says(
    resource: str, method: str, arguments: dict[str, Any], refused: bool, cls: type[payments.ApiError], step: str
) -> None:
    body = {"error": "brand_new", **({"status": "refused"} if refused else {})}
    wallet = Wallet(answer(body))
    with pytest.raises(cls) as caught:
        bound = getattr(getattr(wallet.client, resource), method)
        bound(**arguments, options=CallOptions(max_attempts=1))
    assert (caught.value.code, caught.value.advice.next) == ("brand_new", step)
    assert caught.value.outcome is Outcome.REJECTED


def test_reading_is_repeated_by_itself_and_paying_is_not() -> None:
    wallet = Wallet(answer({"error": "technical_error"}), history(1, None))
    assert wallet.client.account.history().operations[0].operation_id == "o-1" and len(wallet.requests) == 2
    wallet = Wallet(answer({"status": "refused", "error": "technical_error"}))
    with pytest.raises(errors.AuthorizationRefused):
        wallet.client.payments.process(request_id="r-1")
    assert len(wallet.requests) == 1


# Authorization.
EXCHANGE = {"code": "0DF", "client_id": "c", "redirect_uri": "https://client.example.com/cb", "client_secret": "s&s"}


def test_a_code_is_exchanged_where_tokens_are_made_and_without_one() -> None:
    wallet = Wallet(answer({"access_token": TOKEN}))
    token = wallet.client.authorization.exchange(**EXCHANGE)
    assert token.access_token == TOKEN and TOKEN not in repr(token)
    assert wallet.sent == [(f"{OAUTH}/token", {**EXCHANGE, "grant_type": "authorization_code"})]
    assert "authorization" not in wallet.requests[0].headers


@pytest.mark.parametrize("status", [400, 401, 403, 200])
@pytest.mark.parametrize(
    ("code", "cls"),
    [
        ("invalid_request", errors.TokenRequestInvalid),
        ("unauthorized_client", errors.UnauthorizedClient),
        ("invalid_grant", errors.InvalidGrant),
        ("brand_new", errors.TokenRefused),
    ],
)
def test_a_refused_code_is_told_in_the_body_under_whatever_status(
    status: int, code: str, cls: type[payments.ApiError]
) -> None:
    with pytest.raises(cls) as caught:
        Wallet(answer({"error": code}, status)).client.authorization.exchange(**EXCHANGE)
    assert type(caught.value) is cls and caught.value.code == code and caught.value.outcome is Outcome.REJECTED
    assert "s&s" not in f"{caught.value!r} {caught.value}"


@pytest.mark.parametrize("body", [{"access_token": ""}, {"access_token": None}, {}])
def test_a_success_without_a_token_is_none(body: dict[str, Any]) -> None:
    with pytest.raises(errors.TokenMissing) as caught:
        Wallet(answer(body)).client.authorization.exchange(**EXCHANGE)
    assert caught.value.advice.next == "user"


def test_a_code_is_not_sent_twice_by_itself() -> None:
    wallet = Wallet(lost())
    with pytest.raises(payments.OutcomeUnknown):
        wallet.client.authorization.exchange(**EXCHANGE)
    assert len(wallet.requests) == 1


def test_the_token_of_the_client_is_revoked_without_a_body() -> None:
    wallet = Wallet(httpx2.Response(200), httpx2.Response(200))
    wallet.client.authorization.revoke()
    assert wallet.requests[0].content == b"" and wallet.requests[0].headers["authorization"] == f"Bearer {TOKEN}"
    wallet.client.authorization.revoke(revoke_all=True)
    assert wallet.sent[1] == (f"{API}/revoke", {"revoke-all": "true"})


AUTHORIZATION = {"client_id": "c", "redirect_uri": "https://client.example.com/cb", "scope": "account-info"}


def test_an_authorization_ends_in_a_redirection_with_a_code_or_without() -> None:
    def sent_to(target: str) -> httpx2.Response:
        return httpx2.Response(302, headers={"Location": target})

    back = "https://client.example.com/cb"
    wallet = Wallet(sent_to(f"{back}?code=0DF&note=error=access_denied_not"), sent_to(f"{back}?error=access_denied"))
    raw = wallet.client.authorization.authorize.raw(**AUTHORIZATION)
    assert raw.parse() is None and raw.fields["location"] == f"{back}?code=0DF&note=error=access_denied_not"
    assert wallet.sent == [(f"{OAUTH}/authorize", {**AUTHORIZATION, "response_type": "code"})]
    with pytest.raises(errors.AccessDenied) as caught:
        wallet.client.authorization.authorize(**AUTHORIZATION)
    assert isinstance(caught.value, payments.PermissionDenied)


# Payments.
def test_a_shop_takes_whatever_parameters_its_pattern_names() -> None:
    wallet = Wallet(answer({"status": "success", "request_id": "r-1", "contract_amount": 3.0}))
    further = {"customerNumber": "№ 7&8", "targetcurrency": "643", "empty": ""}
    wallet.client.payments.request(pattern_id="5551", extra=further)
    assert wallet.sent == [(f"{API}/request-payment", {"pattern_id": "5551", **further})]
    with pytest.raises((ValueError, ValidationError)):
        wallet.client.payments.request(pattern_id="5551", extra={"n": 7})  # type: ignore[dict-item]  # what is refused
    with pytest.raises(ValueError, match="pattern_id"):
        wallet.client.payments.request(pattern_id="5551", extra={"pattern_id": "p2p"})


def test_a_payment_in_progress_says_when_to_ask_again_in_milliseconds() -> None:
    running = {"status": "in_progress", "next_retry": 5000}
    wallet = Wallet(answer(running), answer(running))
    assert wallet.client.payments.process(request_id="r-1").next_retry == 5000
    with pytest.raises(errors.PaymentInProgress) as caught:
        wallet.client.payments.process(request_id="r-1", options=CallOptions(raise_opt_in=True, max_attempts=1))
    error = caught.value
    assert (error.outcome, error.advice.next) == (Outcome.PENDING, "poll")
    assert error.attributes["next_retry"] == timedelta(seconds=5)


def test_what_is_in_progress_is_asked_for_until_it_is_final() -> None:
    running = {"status": "in_progress", "next_retry": 5000}
    wallet = Wallet(answer(running), answer(running), answer({"status": "success", "payment_id": "p-1"}))
    with pytest.raises(errors.PaymentInProgress) as caught:
        wallet.client.payments.process(request_id="r-1", options=CallOptions(raise_opt_in=True, max_attempts=1))
    resolved = wallet.client.payments.process.resolve(caught.value, deadline=60.0)
    assert resolved.executed and resolved.value is not None and resolved.value.payment_id == "p-1"
    assert wallet.sent == [(f"{API}/process-payment", {"request_id": "r-1"})] * 3
    assert wallet.clock.seconds >= 10


def test_a_card_that_has_to_be_confirmed_names_the_page_and_its_form() -> None:
    fields = {"MD": "1", "PaReq": "a+b/c="}
    asked = {"status": "ext_auth_required", "acs_uri": "https://acs.example/3ds", "acs_params": fields}
    found = Wallet(answer(asked)).client.payments.process(request_id="r-1", money_source="card-1", csc="123")
    assert found.status == "ext_auth_required" and found.acs_params == fields
    with pytest.raises(errors.ExtAuthRequired) as caught:
        Wallet(answer(asked)).client.payments.process(request_id="r-1", options=CallOptions(raise_opt_in=True))
    assert isinstance(caught.value, payments.AuthenticationRequired)
    assert caught.value.attributes == {"acs_uri": "https://acs.example/3ds", "acs_params": fields}


def test_a_payment_from_a_card_is_not_repeated_by_itself() -> None:
    wallet = Wallet(lost())
    given = {"ext_auth_success_uri": "https://x.test/yes", "ext_auth_fail_uri": "https://x.test/no"}
    with pytest.raises(payments.OutcomeUnknown) as caught:
        wallet.client.external_payments.process(request_id="r-1", instance_id="i-1", **given)
    with pytest.raises(errors.Unresolved) as unresolved:
        wallet.client.resolve(caught.value)
    assert unresolved.value.reason == "no_means" and len(wallet.requests) == 1
    assert "authorization" not in wallet.requests[0].headers


# Transfers that wait.
@pytest.mark.parametrize(
    ("method", "status", "executed"),
    [
        ("accept", "success", True),
        ("accept", "refused", False),
        ("reject", "refused", True),
        ("reject", "success", False),
    ],
)
def test_a_transfer_whose_answer_was_lost_is_looked_up_by_its_operation(
    method: str, status: str, executed: bool
) -> None:
    # What has not happened is asked for again for a while: it may still be under way.
    wallet = Wallet(lost(), *(answer({**OPERATION, "status": status}) for _ in range(50)))
    bound = getattr(wallet.client.transfers, method)
    with pytest.raises(payments.OutcomeUnknown) as caught:
        bound(operation_id="o-1")
    resolved = bound.resolve(caught.value)
    assert resolved.executed is executed
    asked = wallet.sent[1:]
    assert wallet.sent[0] == (f"{API}/incoming-transfer-{method}", {"operation_id": "o-1"})
    assert asked == [(f"{API}/operation-details", {"operation_id": "o-1"})] * len(asked)
    assert (len(asked) == 1) is executed


def test_an_open_transfer_stays_open() -> None:
    wallet = Wallet(lost(), *(answer({**OPERATION, "status": "in_progress"}) for _ in range(50)))
    with pytest.raises(payments.OutcomeUnknown) as caught:
        wallet.client.transfers.accept(operation_id="o-1", protection_code="0123")
    with pytest.raises(errors.Unresolved):
        wallet.client.transfers.accept.resolve(caught.value, deadline=30.0)
    assert {url for url, _ in wallet.sent[1:]} == {f"{API}/operation-details"}


def test_a_wrong_code_says_how_many_attempts_are_left() -> None:
    refused = {
        "status": "refused",
        "error": "illegal_param_protection_code",
        "protection_code_attempts_available": 2,
    }
    with pytest.raises(errors.IllegalParamProtectionCode) as caught:
        Wallet(answer(refused)).client.transfers.accept(operation_id="o-1", protection_code="0000")
    assert caught.value.attributes["attempts_left"] == 2


# Forms of shops.
def test_a_form_is_a_success_that_calls_itself_multiple_choices() -> None:
    target = f"{API}/showcase/validate/5551/1"
    wallet = Wallet(answer(FORM, 300, Location=target), httpx2.Response(304), httpx2.Response(404))
    raw = wallet.client.showcases.get.raw(pattern_id="5551", accept_language="ru")
    form = raw.parse()
    assert form is not None and form.form[0].name == "customer" and form.hidden_fields == {"ShopArticleID": "35241"}
    assert raw.fields["location"] == target and wallet.requests[0].headers["accept-language"] == "ru"
    assert wallet.client.showcases.get(pattern_id="5551", if_modified_since="Mon, 05 Jan 2026 10:00:00 GMT") is None
    with pytest.raises(errors.FormNotFound):
        wallet.client.showcases.get(pattern_id="5551")


def test_a_step_of_a_form_leads_on_or_to_a_payment_or_back() -> None:
    refused = {**FORM, "error": [{"name": "customer", "alert": "Неизвестен"}, {"alert": "Всё не так"}]}
    target = f"{API}/showcase/validate/5551/1"
    wallet = Wallet(
        answer(FORM, 300, Location=f"{API}/showcase/validate/5551/2"),
        answer({"scid": "5551", "sum": "100.00"}),
        answer(refused, 400, Location=target),
    )
    step = wallet.client.showcases.submit(pattern_id="5551", step="1", body={"customer": "7", "empty": ""})
    assert isinstance(step, models.ShowcaseForm) and wallet.sent == [(target, {"customer": "7", "empty": ""})]
    parameters = wallet.client.showcases.submit(pattern_id="5551", step="2", body={"customer": "7"})
    assert parameters == {"scid": "5551", "sum": "100.00"}
    with pytest.raises(errors.FormValuesRefused) as caught:
        wallet.client.showcases.submit(pattern_id="5551", step="1", body={"customer": "0"})
    error = caught.value
    assert [one.values["message"] for one in error.by_field()["customer"]] == ["Неизвестен"]
    assert error.attributes["location"] == target and error.outcome is Outcome.REJECTED


# Notifications.
OFFICIAL = (
    b"notification_type=p2p-incoming&operation_id=1234567&amount=300.00&currency=643"
    b"&datetime=2011-07-01T09%3A00%3A00.000%2B04%3A00&sender=41001XXXXXXXX&codepro=false&label=YM.label.12345"
    b"&sha1_hash=a2ee4a9195f4a90e893cff4f62eeba0b662321f9"
)
SIGNED: dict[str, str] = {
    "notification_type": "card-incoming",
    "operation_id": "1234567",
    "amount": "300.00",
    "withdraw_amount": "301.50",
    "currency": "643",
    "datetime": "2026-06-01T09:00:00Z",
    "sender": "",
    "codepro": "false",
    "label": "order 12/А",
    "unaccepted": "false",
    "email": "",
    "sign": "0" * 64,
}
MEDIA_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}


def test_a_notification_is_a_form_with_money_times_and_truths() -> None:
    found = parse_notification(OFFICIAL, MEDIA_TYPE)
    assert found.notification_type is models.NotificationType.P2P_INCOMING and found.amount == Decimal("300.00")
    assert found.datetime == datetime(2011, 7, 1, 9, tzinfo=timezone(timedelta(hours=4)))
    assert found.codepro is False and found.test_notification is None and found.violations == ()
    newer = parse_notification(urlencode({**SIGNED, "test_notification": "true", "further": "1"}))
    assert newer.sender == "" and newer.email == "" and newer.label == "order 12/А" and newer.violations == ()
    assert newer.test_notification is True and newer.withdraw_amount == Decimal("301.50")
    assert newer.datetime.utcoffset() == timedelta(0)


def test_what_is_no_notification_is_refused() -> None:
    for body in (b"", b"{}", b"operation_id=1", OFFICIAL.replace(b"amount=300.00", b"amount=many")):
        found = parse_notification(body)
        assert {one.pointer for one in found.violations} & {"/amount"}
        with pytest.raises(ContractViolation):
            assert found.amount > 0
    with pytest.raises(UnreadableNotification):
        parse_notification(OFFICIAL, {"Content-Type": "application/json"})


def test_every_entry_speaks_both_languages_to_a_payer() -> None:
    said = [cls.contract.payer_texts for cls in WALLET.registry.errors if cls.contract is not None]
    assert all(set(texts) in (set(), {"en", "ru"}) for texts in said) and sum(map(bool, said)) > 20
