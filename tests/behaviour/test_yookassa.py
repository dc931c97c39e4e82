"""What is particular about this shop: pages, searches, kinds of payment data, reasons of cancellations, tokens, notifications."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import yaml
from behaviour.houses import ROOT, YOOKASSA
from behaviour.loopback import served
from behaviour.shop_extras import CALLS, deal, invoice, payout, stored_card, whole_shop_app
from behaviour.shops import ID, Script, amount, payment, refund

import payments
from payments._runtime.contract import Outcome
from payments._runtime.conversion import decode
from payments._runtime.errors import ApiError
from payments._runtime.model import Model
from payments.yookassa import AsyncClient, BasicAuth, BearerAuth, CallOptions, Client, errors, models, webhooks

BASIC = BasicAuth("100500", "test_secret")
BEARER = BearerAuth("token-1")
OPT_IN = CallOptions(raise_opt_in=True)


@pytest.fixture(scope="module")
def script() -> Script:
    return Script()


@pytest.fixture(scope="module")
def url(script: Script) -> Iterator[str]:
    with served(whole_shop_app(script)) as found:
        yield found


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[Client]:
    with Client([BASIC, BEARER], base_url=url, max_attempts=1) as found:
        yield found


@pytest.fixture(autouse=True)
def _fresh(script: Script) -> None:
    script.failure = script.answer = None
    script.seen.clear()


def wire(requests: list[httpx2.Request], answer: Any = None) -> Client:
    """A client whose requests are kept as they would be sent."""

    def answered(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        tree = {"type": "list", "items": []} if answer is None else answer
        return httpx2.Response(200, json=tree, headers={"Content-Type": "application/json"})

    return Client([BASIC, BEARER], http_client=httpx2.Client(transport=httpx2.MockTransport(answered)))


LISTS = ["payments.list", "refunds.list", "receipts.list", "deals.list", "payouts.list", "payouts.search"]


def called(client: Any, path: str) -> Any:
    resource, method = path.split(".")
    return getattr(getattr(client, resource), method)


class TestPages:
    def test_every_operation_with_a_cursor_is_paged_here(self) -> None:
        paged = {
            operation.id
            for operation in YOOKASSA.operations.values()
            if any(parameter.name == "cursor" for parameter in operation.parameters)
        }
        assert len(paged) == len(LISTS)

    @pytest.mark.parametrize("path", LISTS)
    def test_pages_follow_each_other(self, path: str, client: Client, url: str, script: Script) -> None:
        bound = called(client, path)
        assert [page.next_cursor for page in bound.pages(limit=2)] == ["next", None]
        assert [request.cursor for request in script.seen if hasattr(request, "cursor")] == [None, "next"]
        assert all(request.limit == 2 for request in script.seen if hasattr(request, "limit"))
        assert len(list(bound.items())) == 4

        async def everything() -> int:
            async with AsyncClient(BASIC, base_url=url) as asynchronous:
                return len([item async for item in called(asynchronous, path).items()])

        assert asyncio.run(everything()) == 4


class TestSearch:
    def test_a_pair_is_sent_in_brackets(self) -> None:
        requests: list[httpx2.Request] = []
        wire(requests).payouts.search(metadata={"order id": "7&Ж"}, limit=5)
        assert requests[0].url.query == b"metadata%5Border%20id%5D=7%26%D0%96&limit=5"
        assert dict(requests[0].url.params) == {"metadata[order id]": "7&Ж", "limit": "5"}

    def test_filters_have_dots(self) -> None:
        requests: list[httpx2.Request] = []
        wire(requests).payouts.list(payout_destination_type=models.PayoutDestinationType.SBP)
        assert requests[0].url.query == b"payout_destination.type=sbp"

    def test_two_pairs_are_refused_before_anything_is_sent(self) -> None:
        requests: list[httpx2.Request] = []
        with pytest.raises(ValueError, match="metadata"):
            wire(requests).payouts.search(metadata={"a": "1", "b": "2"})
        assert requests == []

    def test_the_next_page_keeps_the_pair(self, client: Client, script: Script) -> None:
        assert len(list(client.payouts.search.items(metadata={"order": "7"}))) == 4
        assert [(request.metadata, request.cursor) for request in map(_any, script.seen)] == [
            ({"order": "7"}, None),
            ({"order": "7"}, "next"),
        ]


def _any(value: Any) -> Any:
    return value


ARTICLE = models.ElectronicCertificateArticle(
    article_number=1, tru_code="3" * 30, article_name="Трость", quantity=2, price=amount("10.50")
)
CERTIFICATE = models.ElectronicCertificatePayment(amount=amount("21.00"), basket_id="5" * 24)
CARD = models.CardData(number="2200000000000004", expiry_year="2030", expiry_month="12", csc="123")
VAT = models.CalculatedVat(type="calculated", rate=models.VatRate("20"), amount=amount("25.00"))

METHODS: dict[str, Any] = {
    "bank_card": models.PaymentMethodDataBankCard(type="bank_card", card=CARD),
    "cash": models.PaymentMethodDataCash(type="cash", phone="79000000000"),
    "sberbank": models.PaymentMethodDataSberbank(type="sberbank", phone="79000000000"),
    "tinkoff_bank": models.PaymentMethodDataTinkoffBank(type="tinkoff_bank"),
    "yoo_money": models.PaymentMethodDataYooMoney(type="yoo_money"),
    "mobile_balance": models.PaymentMethodDataMobileBalance(type="mobile_balance", phone="79000000000"),
    "b2b_sberbank": models.PaymentMethodDataB2bSberbank(type="b2b_sberbank", payment_purpose="№ 7", vat_data=VAT),
    "sbp": models.PaymentMethodDataSbp(type="sbp"),
    "sber_loan": models.PaymentMethodDataSberLoan(type="sber_loan"),
    "electronic_certificate": models.PaymentMethodDataElectronicCertificate(
        type="electronic_certificate", card=CARD, electronic_certificate=CERTIFICATE, articles=[ARTICLE]
    ),
    "sber_bnpl": models.PaymentMethodDataSberBnpl(type="sber_bnpl", phone="79000000000"),
    "alfa_pay": models.PaymentMethodDataAlfaPay(type="alfa_pay"),
}
DESTINATIONS: dict[str, Any] = {
    "bank_card": models.PayoutToBankCardData(type="bank_card", card=models.PayoutCardData(number="2200000000000004")),
    "yoo_money": models.PayoutToYooMoneyData(type="yoo_money", account_number="41001614575714"),
    "sbp": models.PayoutToSbpData(type="sbp", phone="79000000000", bank_id="100000000111"),
}
PAID_WITH: dict[str, dict[str, Any]] = {
    "bank_card": {
        "card": {"first6": "220000", "last4": "0004", "expiry_year": "2030", "expiry_month": "12", "card_type": "Mir"}
    },
    "alfabank": {"login": "anna"},
    "yoo_money": {"account_number": "41001614575714"},
    "sberbank": {"phone": "79000000000"},
    "b2b_sberbank": {"payment_purpose": "№ 7", "vat_data": {"type": "untaxed"}},
    "sbp": {"sbp_operation_id": "A1", "payer_bank_details": {"bank_id": "100000000111", "bic": "044525225"}},
    "sber_loan": {"loan_option": "loan", "discount_amount": {"value": "1.00", "currency": "RUB"}},
}


class TestKindsOfData:
    def test_every_kind_of_payment_data_is_here(self) -> None:
        assert set(METHODS) == mapping("PaymentMethodData")
        assert set(DESTINATIONS) == mapping("PayoutDestinationData")

    @pytest.mark.parametrize("kind", METHODS)
    def test_payment_data_arrive_as_they_were_made(self, kind: str, client: Client, script: Script) -> None:
        client.payments.create(amount=amount(), payment_method_data=METHODS[kind])
        arrived = _any(script.seen[-1]).body.payment_method_data
        assert type(arrived) is type(METHODS[kind]) and arrived == METHODS[kind]
        assert arrived.to_wire()["type"] == kind

    @pytest.mark.parametrize("kind", DESTINATIONS)
    def test_destinations_arrive_as_they_were_made(self, kind: str, client: Client, script: Script) -> None:
        client.payouts.create(amount=amount(), payout_destination_data=DESTINATIONS[kind])
        arrived = _any(script.seen[-1]).body.payout_destination_data
        assert type(arrived) is type(DESTINATIONS[kind]) and arrived == DESTINATIONS[kind]

    @pytest.mark.parametrize("kind", sorted(str(one) for one in models.PaymentMethodType))
    def test_means_of_payment_come_back(self, kind: str) -> None:
        tree = {"type": kind, "id": ID, "saved": False, "status": "active", **PAID_WITH.get(kind, {})}
        found = wire([], payment().to_wire() | {"payment_method": tree}).payments.get(payment_id=ID)
        assert found.violations == () and isinstance(found.payment_method, Model)
        assert found.payment_method.to_wire() == tree
        assert kind in mapping("PaymentMethod")

    def test_a_kind_of_deal_of_tomorrow_survives(self) -> None:
        found = wire([], deal().to_wire() | {"type": "safer_deal"}).deals.get(deal_id=deal().id)
        assert (found.type, found.type.is_known, found.violations) == ("safer_deal", False, ())

    def test_a_means_of_payment_of_tomorrow_survives(self) -> None:
        tree = {"type": "telepathy", "id": ID, "saved": False, "depth": 3}
        found = wire([], payment().to_wire() | {"payment_method": tree}).payments.get(payment_id=ID)
        assert found.to_wire()["payment_method"] == tree


def mapping(union: str) -> set[str]:
    """The kinds that the document lists for a union."""
    document = yaml.safe_load((ROOT / "specs/yookassa/openapi.yaml").read_text("utf-8"))
    return set(document["components"]["schemas"][union]["discriminator"]["mapping"])


OBJECTS: dict[str, tuple[Any, str, dict[str, Any], Any, Any]] = {
    "payment_canceled": (
        lambda details: payment(models.PaymentStatus.CANCELED, cancellation_details=details),
        "payments.get",
        {"payment_id": ID},
        models.PaymentCancellationDetails,
        models.PaymentCancellationReason,
    ),
    "refund_canceled": (
        lambda details: refund(models.RefundStatus.CANCELED, cancellation_details=details),
        "refunds.get",
        {"refund_id": ID},
        models.RefundCancellationDetails,
        models.RefundCancellationReason,
    ),
    "payout_canceled": (
        lambda details: payout(models.PayoutStatus.CANCELED, cancellation_details=details),
        "payouts.get",
        {"payout_id": CALLS["getPayout"][2]["payout_id"]},
        models.PayoutCancellationDetails,
        models.PayoutCancellationReason,
    ),
    "invoice_canceled": (
        lambda details: invoice(models.InvoiceStatus.CANCELED, cancellation_details=details),
        "invoices.get",
        {"invoice_id": CALLS["getInvoice"][2]["invoice_id"]},
        models.InvoiceCancellationDetails,
        models.InvoiceCancellationReason,
    ),
}


def reasons() -> list[Any]:
    return [pytest.param(id, str(one), id=f"{id}-{one}") for id, found in OBJECTS.items() for one in found[4]]


def canceled(client: Client, script: Script, id: str, reason: str) -> ApiError:
    build, path, arguments, details, _ = OBJECTS[id]
    script.answer = build(details(party="yoo_money", reason=reason))
    with pytest.raises(YOOKASSA.class_of(id)) as caught:
        called(client, path)(**arguments, options=OPT_IN)
    error: ApiError = caught.value
    return error


class TestCancellations:
    @pytest.mark.parametrize(("id", "reason"), reasons())
    def test_every_reason_has_a_class_of_its_own(self, id: str, reason: str, client: Client, script: Script) -> None:
        error = canceled(client, script, id, reason)
        assert type(error).__mro__[1] is YOOKASSA.class_of(id)
        assert (error.outcome, error.advice.key) == (Outcome.REJECTED, "new")
        assert error.attributes["cancellation_reason"] == reason
        assert error.attributes["cancellation_party"] == "yoo_money"
        assert {name for name in error.attributes if name.endswith("_id")} == {id.replace("canceled", "id")}
        texts = {str(error.payer_message(locale)) for locale in ("en", "ru")}
        assert len(texts) == 2 and all(texts)
        assert not any(re.search("fraud|мошен|balance for payouts", text) for text in texts)

    @pytest.mark.parametrize("id", OBJECTS)
    def test_a_reason_of_tomorrow_is_the_class_of_all(self, id: str, client: Client, script: Script) -> None:
        error = canceled(client, script, id, "of_tomorrow")
        assert type(error) is YOOKASSA.class_of(id)
        assert error.attributes["cancellation_reason"] == "of_tomorrow"

    def test_conditions_are_caught_across_objects(self, client: Client, script: Script) -> None:
        for id in ("payment_canceled", "refund_canceled", "payout_canceled"):
            assert isinstance(canceled(client, script, id, "insufficient_funds"), payments.InsufficientFunds)
        error = canceled(client, script, "payment_canceled", "insufficient_funds")
        assert isinstance(error, errors.PaymentCanceledInsufficientFunds)
        assert str(error.payer_message("ru")) == ("Не хватает денег. Пополните счёт или выберите другой способ оплаты.")

    @pytest.mark.parametrize("id", OBJECTS)
    def test_they_are_values_unless_asked_for(self, id: str, client: Client, script: Script) -> None:
        build, path, arguments, details, _ = OBJECTS[id]
        script.answer = build(details(party="yoo_money", reason="general_decline"))
        assert called(client, path)(**arguments).status == "canceled"
        result = called(client, path).result(**arguments)
        assert isinstance(result.notice, YOOKASSA.class_of(id))

    def test_payouts_and_invoices_can_be_pending(self, client: Client, script: Script) -> None:
        script.answer = payout(models.PayoutStatus.PENDING)
        with pytest.raises(errors.PayoutPending):
            client.payouts.get(payout_id=script.answer.id, options=OPT_IN)
        script.answer = invoice(models.InvoiceStatus.PENDING)
        with pytest.raises(errors.InvoicePending):
            client.invoices.get(invoice_id=script.answer.id, options=OPT_IN)


class TestCredentials:
    @pytest.mark.parametrize("id", ["createWebhook", "listWebhooks", "deleteWebhook"])
    def test_subscriptions_refuse_the_secret_key_before_sending(self, id: str, url: str, script: Script) -> None:
        resource, method, arguments = CALLS[id]
        with Client(BASIC, base_url=url) as basic, pytest.raises(errors.NotSent) as caught:
            called(basic, f"{resource}.{method}")(**arguments)
        assert caught.value.outcome is Outcome.NOT_SENT and "BearerAuth" in str(caught.value)
        assert script.seen == []
        with Client(BEARER, base_url=url) as bearer:
            called(bearer, f"{resource}.{method}")(**arguments)
        assert len(script.seen) == 1

    @pytest.mark.parametrize("id", ["createInvoice", "getInvoice"])
    def test_invoices_refuse_a_token_before_sending(self, id: str, url: str, script: Script) -> None:
        resource, method, arguments = CALLS[id]
        with Client(BEARER, base_url=url) as bearer, pytest.raises(errors.NotSent):
            called(bearer, f"{resource}.{method}")(**arguments)
        assert script.seen == []

    def test_the_server_refuses_what_the_contract_does_not_take(self, url: str, script: Script) -> None:
        refused = httpx2.get(f"{url}/webhooks", auth=("100500", "test_secret"))
        assert (refused.status_code, refused.json()["code"], script.seen) == (401, "invalid_credentials", [])

    def test_a_deletion_is_sent_with_a_key_and_answered_with_nothing(self) -> None:
        requests: list[httpx2.Request] = []
        assert wire(requests, {}).webhooks.delete(webhook_id="wh-1", idempotency_key="k-1") == {}
        assert requests[0].headers["Idempotence-Key"] == "k-1"


NOTIFICATIONS: dict[str, Any] = {
    "payment.waiting_for_capture": payment(models.PaymentStatus.WAITING_FOR_CAPTURE),
    "payment.succeeded": payment(),
    "payment.canceled": payment(models.PaymentStatus.CANCELED),
    "refund.succeeded": refund(),
    "payment_method.active": stored_card(),
    "payout.succeeded": payout(),
    "payout.canceled": payout(models.PayoutStatus.CANCELED),
    "deal.closed": deal(models.DealStatus.CLOSED),
}


class TestNotifications:
    def test_every_event_is_here(self) -> None:
        assert set(NOTIFICATIONS) == set(YOOKASSA.catalog.webhooks) == mapping("Notification")

    @pytest.mark.parametrize("event", NOTIFICATIONS)
    def test_the_body_is_read(self, event: str) -> None:
        tree = {"type": "notification", "event": event, "object": NOTIFICATIONS[event].to_wire()}
        parse = getattr(webhooks, f"parse_{event.replace('.', '_')}")
        found = parse(json.dumps(tree), {"Content-Type": "application/json"})
        assert type(found).__name__ == YOOKASSA.catalog.webhooks[event].payload
        assert found.violations == () and found.object == NOTIFICATIONS[event]
        union: Any = decode(models.Notification, tree)
        assert type(union) is type(found) and union == found

    @pytest.mark.parametrize("event", NOTIFICATIONS)
    def test_the_catalog_says_how_to_believe_it(self, event: str) -> None:
        webhook = YOOKASSA.catalog.webhooks[event]
        networks = [ipaddress.ip_network(address) for address in webhook.addresses]
        assert any(ipaddress.ip_address("185.71.76.9") in one for one in networks if one.version == 4)
        assert any(ipaddress.ip_address("2a02:5180::1") in one for one in networks if one.version == 6)
        assert not any(ipaddress.ip_address("203.0.113.1") in one for one in networks if one.version == 4)
        assert (webhook.then, webhook.signature) == ("reread", ())
        contract = YOOKASSA.operations[webhook.operation or ""]
        assert contract.effect == "read"
        assert [parameter.name for parameter in contract.parameters if parameter.required] == list(webhook.bind)
        assert set(webhook.bind.values()) == {"/object/id"}

    def test_an_event_may_arrive_with_an_older_object(self) -> None:
        older = payment(models.PaymentStatus.WAITING_FOR_CAPTURE).to_wire()
        tree = {"type": "notification", "event": "payment.succeeded", "object": older}
        assert webhooks.parse_payment_succeeded(json.dumps(tree)).object.status == "waiting_for_capture"
