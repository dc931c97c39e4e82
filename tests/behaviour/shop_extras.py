"""What the shop answers apart from payments and refunds: objects, handlers that do as a script says, and calls of them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from behaviour.shops import ID, NOW, Payments, Refunds, Script, amount, anyone

from payments.yookassa import models as shop
from payments.yookassa import server

PAYOUT_ID = f"po-{ID}"
DEAL_ID = f"dl-{ID}"
INVOICE_ID = f"in-{ID}"
RECEIPT_ID = f"rt-{ID}"
PERSON_ID = f"pd-{ID}"
WEBHOOK_ID = f"wh-{ID}"


def invoice_line() -> shop.InvoiceLine:
    return shop.InvoiceLine(description="Чай", price=amount("75.00"), quantity=Decimal("2.5"))


def receipt_item() -> shop.ReceiptPosition:
    return shop.ReceiptPosition(
        description="Tea",
        amount=amount("75.00"),
        vat_code=1,
        quantity=Decimal("2.0"),
        measure=shop.ReceiptMeasure.PIECE,
        supplier=shop.ReceiptSupplier(name="Tea & Co", inn="7700000000"),
        agent_type=shop.ReceiptAgentType.AGENT,
    )


def receipt_settlement() -> shop.ReceiptSettlement:
    return shop.ReceiptSettlement(type=shop.ReceiptSettlementType.PREPAYMENT, amount=amount())


def stored_card() -> shop.StoredBankCard:
    card = shop.BankCard(
        first6="220000", last4="0004", expiry_year="2030", expiry_month="12", card_type=shop.CardType.MIR
    )
    return shop.StoredBankCard(
        type="bank_card",
        id=ID,
        saved=True,
        status=shop.PaymentMethodStatus.ACTIVE,
        holder=shop.PaymentMethodHolder(account_id="100500"),
        card=card,
    )


def invoice(status: shop.InvoiceStatus = shop.InvoiceStatus.SUCCEEDED, **members: Any) -> shop.Invoice:
    return shop.Invoice(id=INVOICE_ID, status=status, cart=[invoice_line()], created_at=NOW, **members)


def receipt(
    status: shop.ReceiptRegistrationStatus = shop.ReceiptRegistrationStatus.SUCCEEDED,
) -> shop.Receipt:
    item = shop.RegisteredReceiptItem(description="Tea", amount=amount(), vat_code=1, quantity=Decimal("2.0"))
    return shop.Receipt(id=RECEIPT_ID, type=shop.ReceiptType.PAYMENT, status=status, items=[item])


def deal(status: shop.DealStatus = shop.DealStatus.OPENED) -> shop.Deal:
    return shop.Deal(
        type=shop.DealType.SAFE_DEAL,
        id=DEAL_ID,
        fee_moment=shop.FeeMoment.DEAL_CLOSED,
        balance=amount(),
        payout_balance=amount("140.00"),
        status=status,
        created_at=NOW,
        expires_at=NOW + timedelta(days=90),
        test=True,
    )


def payout(status: shop.PayoutStatus = shop.PayoutStatus.SUCCEEDED, **members: Any) -> shop.Payout:
    to = shop.PayoutToYooMoney(type="yoo_money", account_number="41001614575714")
    return shop.Payout(
        id=PAYOUT_ID,
        amount=amount("320.00"),
        status=status,
        payout_destination=to,
        created_at=NOW,
        test=True,
        **members,
    )


def personal_data(status: shop.PersonalDataStatus = shop.PersonalDataStatus.ACTIVE) -> shop.PersonalData:
    return shop.PersonalData(
        id=PERSON_ID, type=shop.PersonalDataType.SBP_PAYOUT_RECIPIENT, status=status, created_at=NOW
    )


def webhook() -> shop.Webhook:
    event = shop.NotificationEvent.PAYMENT_SUCCEEDED
    return shop.Webhook(id=WEBHOOK_ID, event=event, url="https://shop.example/hooks")


def person() -> shop.StatementRecipientData:
    return shop.StatementRecipientData(
        type="payout_statement_recipient", last_name="Петрова-Ёлкина", first_name="Анна", birthdate=date(1990, 2, 28)
    )


class _Acting:
    def __init__(self, script: Script) -> None:
        self.script = script

    def _act(self, request: Any, usual: Any) -> Any:
        return self.script.act(request, usual)

    def _page(self, request: Any, kind: Any, item: Any) -> Any:
        """Two pages of two items."""
        following = "next" if request.cursor is None else None
        return self._act(request, kind(type="list", items=[item, item], next_cursor=following))


class PaymentMethods(_Acting):
    def create(self, request: server.CreatePaymentMethod, /) -> Any:
        return self._act(request, stored_card())

    async def get(self, request: server.GetPaymentMethod, /) -> Any:
        return self._act(request, stored_card())


class Invoices(_Acting):
    async def create(self, request: server.CreateInvoice, /) -> Any:
        return self._act(request, invoice())

    def get(self, request: server.GetInvoice, /) -> Any:
        return self._act(request, invoice())


class Receipts(_Acting):
    def create(self, request: server.CreateReceipt, /) -> Any:
        return self._act(request, receipt())

    async def list(self, request: server.ListReceipts, /) -> Any:
        return self._page(request, shop.ReceiptList, receipt())

    def get(self, request: server.GetReceipt, /) -> Any:
        return self._act(request, receipt())


class Deals(_Acting):
    async def create(self, request: server.CreateDeal, /) -> Any:
        return self._act(request, deal())

    def list(self, request: server.ListDeals, /) -> Any:
        return self._page(request, shop.DealList, deal())

    async def get(self, request: server.GetDeal, /) -> Any:
        return self._act(request, deal())


class Payouts(_Acting):
    def create(self, request: server.CreatePayout, /) -> Any:
        return self._act(request, payout())

    async def list(self, request: server.ListPayouts, /) -> Any:
        return self._page(request, shop.PayoutList, payout())

    def search(self, request: server.SearchPayouts, /) -> Any:
        return self._page(request, shop.PayoutList, payout())

    async def get(self, request: server.GetPayout, /) -> Any:
        return self._act(request, payout())


class SbpBanks(_Acting):
    def list(self, request: server.ListSbpBanks, /) -> Any:
        bank = shop.SbpBank(bank_id="100000000111", name="Банк", bic="044525225")
        return self._act(request, shop.SbpBankList(type="list", items=[bank]))


class PersonalData(_Acting):
    def create(self, request: server.CreatePersonalData, /) -> Any:
        return self._act(request, personal_data(shop.PersonalDataStatus.WAITING_FOR_OPERATION))

    async def get(self, request: server.GetPersonalData, /) -> Any:
        return self._act(request, personal_data())


class Webhooks(_Acting):
    def create(self, request: server.CreateWebhook, /) -> Any:
        return self._act(request, webhook())

    async def list(self, request: server.ListWebhooks, /) -> Any:
        return self._act(request, shop.WebhookList(type="list", items=[webhook()]))

    def delete(self, request: server.DeleteWebhook, /) -> Any:
        return self._act(request, {})


class Me(_Acting):
    def get(self, request: server.GetMe, /) -> Any:
        methods = [shop.PaymentMethodType.SBP, shop.PaymentMethodType("of_tomorrow")]
        me = shop.Me(account_id="100500", status=shop.MeStatus.ENABLED, test=True, payment_methods=methods)
        return self._act(request, me)


def whole_shop_app(script: Script, **options: Any) -> Any:
    """The server of every operation."""
    options = {"authenticate": anyone, **options}
    handlers = server.Handlers(
        payments=Payments(script),
        refunds=Refunds(script),
        payment_methods=PaymentMethods(script),
        invoices=Invoices(script),
        receipts=Receipts(script),
        deals=Deals(script),
        payouts=Payouts(script),
        sbp_banks=SbpBanks(script),
        personal_data=PersonalData(script),
        webhooks=Webhooks(script),
        me=Me(script),
    )
    return server.create_app(handlers, **options)


CALLS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "createPaymentMethod": (
        "payment_methods",
        "create",
        {"body": shop.SbpAccountToSave(type="sbp", confirmation=shop.SavingConfirmationDataQr(type="qr"))},
    ),
    "getPaymentMethod": ("payment_methods", "get", {"payment_method_id": ID}),
    "createInvoice": (
        "invoices",
        "create",
        {
            "payment_data": shop.InvoicePaymentData(amount=amount(), capture=True),
            "cart": [invoice_line()],
            "delivery_method_data": shop.InvoiceDeliveryDataSelf(type="self"),
            "expires_at": NOW,
            "locale": shop.Locale.RU_RU,
        },
    ),
    "getInvoice": ("invoices", "get", {"invoice_id": INVOICE_ID}),
    "createReceipt": (
        "receipts",
        "create",
        {
            "type": shop.ReceiptType.PAYMENT,
            "payment_id": ID,
            "customer": shop.ReceiptCustomer(email="buyer@shop.example"),
            "items": [receipt_item()],
            "send": True,
            "settlements": [receipt_settlement()],
        },
    ),
    "listReceipts": ("receipts", "list", {"refund_id": ID, "status": shop.ReceiptRegistrationStatus.SUCCEEDED}),
    "getReceipt": ("receipts", "get", {"receipt_id": RECEIPT_ID}),
    "createDeal": (
        "deals",
        "create",
        {"type": shop.DealType.SAFE_DEAL, "fee_moment": shop.FeeMoment.DEAL_CLOSED, "metadata": {"order": "7"}},
    ),
    "listDeals": ("deals", "list", {"expires_at_lt": NOW, "full_text_search": "чай & co", "limit": 2}),
    "getDeal": ("deals", "get", {"deal_id": DEAL_ID}),
    "createPayout": (
        "payouts",
        "create",
        {
            "amount": amount("320.00"),
            "payout_destination_data": shop.PayoutToSbpData(type="sbp", phone="79000000000", bank_id="100000000111"),
            "personal_data": [shop.PersonalDataReference(id=PERSON_ID)],
            "metadata": {"order": "7"},
        },
    ),
    "listPayouts": (
        "payouts",
        "list",
        {"payout_destination_type": shop.PayoutDestinationType.SBP, "succeeded_at_gte": NOW},
    ),
    "searchPayouts": ("payouts", "search", {"metadata": {"order id & co": "7=Ж"}, "limit": 2}),
    "getPayout": ("payouts", "get", {"payout_id": PAYOUT_ID}),
    "listSbpBanks": ("sbp_banks", "list", {}),
    "createPersonalData": ("personal_data", "create", {"body": person()}),
    "getPersonalData": ("personal_data", "get", {"personal_data_id": PERSON_ID}),
    "createWebhook": (
        "webhooks",
        "create",
        {"event": shop.NotificationEvent.PAYMENT_SUCCEEDED, "url": "https://shop.example/hooks"},
    ),
    "listWebhooks": ("webhooks", "list", {}),
    "deleteWebhook": ("webhooks", "delete", {"webhook_id": WEBHOOK_ID}),
    "getMe": ("me", "get", {"on_behalf_of": "100501"}),
}
"""The operations with the resource, the method and the arguments of a call."""
