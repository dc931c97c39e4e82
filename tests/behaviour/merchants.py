"""Handlers of the server stub whose operations are secured at two levels, and the calls that reach each of them."""

from __future__ import annotations

import builtins
from datetime import date
from decimal import Decimal
from typing import Any

from behaviour.shops import NOW, Script, anyone

from payments.makecommerce import models, server

TRANSACTION = "6ab058fd-f560-4199-b159-ac5a784fd08b"
XML = b'<?xml version="1.0" encoding="UTF-8"?>\n<statement/>\n'
DAY = date(2026, 1, 5)

TransactionList = builtins.list[models.Transaction]
EntryList = builtins.list[models.StatementEntry]
FeeList = builtins.list[models.Fee]
RefundList = builtins.list[models.Refund]


def transaction(status: models.TransactionStatus = models.TransactionStatus.COMPLETED, **members: Any) -> Any:
    """A transaction; a member that means nothing yet is null."""
    usual: dict[str, Any] = {"amount": Decimal("19.90"), "currency": "EUR", "reference": "A-7", "fees": None}
    return models.Transaction(id=TRANSACTION, status=status, created_at=NOW, **{**usual, **members})


def refund(status: models.RefundStatus = models.RefundStatus.CREATED) -> models.Refund:
    return models.Refund(id="r-1", status=status, comment="Returned", transaction=transaction())


def entry() -> models.StatementEntry:
    return models.StatementEntry(created=NOW, amount=Decimal("-0.42"), type="FEE", transaction_id=TRANSACTION)


def methods() -> models.PaymentMethods:
    bank = models.PaymentMethod(name="swedbank", country="ee", countries=["ee", "lv"], max_amount=Decimal("15000.00"))
    return models.PaymentMethods(banklinks=[bank], cards=[], pay_later=[], other=[])


def shop() -> models.Shop:
    feature = models.Feature(name="recurring", enabled=True)
    return models.Shop(id="s-1", name="Pood", return_=models.SetUrl(url=None, method=None), features=[feature])


class Transactions:
    def __init__(self, script: Script) -> None:
        self.script = script

    async def create(self, request: server.CreateTransaction, /) -> models.Transaction:
        links = models.TransactionLinks(pay=models.Link(href="https://payment.example.test/pay"))
        made = transaction(
            models.TransactionStatus.CREATED,
            reference=request.body.transaction.reference,
            links=links,
            payment_methods=methods(),
        )
        found: models.Transaction = self.script.act(request, made)
        return found

    def list(self, request: server.ListTransactions, /) -> TransactionList:
        found: TransactionList = self.script.act(request, [transaction()])
        return found

    def get(self, request: server.GetTransaction, /) -> models.Transaction:
        found: models.Transaction = self.script.act(request, transaction())
        return found

    def add_metadata(self, request: server.AddTransactionMetadata, /) -> models.Transaction:
        found: models.Transaction = self.script.act(request, transaction(merchant_data=request.body.merchant_data))
        return found

    async def statement(self, request: server.GetTransactionStatement, /) -> EntryList:
        found: EntryList = self.script.act(request, [entry()])
        return found


class Payments:
    def __init__(self, script: Script) -> None:
        self.script = script

    def create(self, request: server.CreatePayment, /) -> models.Payment:
        usual = models.Payment(id="p-1", status="COMPLETED", amount=Decimal("19.90"), currency="EUR")
        found: models.Payment = self.script.act(request, usual)
        return found


class Refunds:
    def __init__(self, script: Script) -> None:
        self.script = script

    def create(self, request: server.CreateRefund, /) -> models.Refund:
        found: models.Refund = self.script.act(request, refund())
        return found

    async def list(self, request: server.ListRefunds, /) -> RefundList:
        found: RefundList = self.script.act(request, [refund(models.RefundStatus.SETTLED)])
        return found

    def get(self, request: server.GetRefund, /) -> models.Refund:
        found: models.Refund = self.script.act(request, refund())
        return found


class Tokens:
    def __init__(self, script: Script) -> None:
        self.script = script

    def create(self, request: server.CreateToken, /) -> models.Token:
        found: models.Token = self.script.act(request, models.Token(id="t-1", multiuse=True, valid_until=DAY))
        return found


class Methods:
    def __init__(self, script: Script) -> None:
        self.script = script

    def list(self, request: server.ListPaymentMethods, /) -> models.PaymentMethods:
        found: models.PaymentMethods = self.script.act(request, methods())
        return found


class Shop:
    def __init__(self, script: Script) -> None:
        self.script = script

    def get(self, request: server.GetShop, /) -> models.Shop:
        found: models.Shop = self.script.act(request, shop())
        return found

    def update(self, request: server.UpdateShop, /) -> models.Shop:
        found: models.Shop = self.script.act(request, shop())
        return found

    def configuration(self, request: server.GetShopConfiguration, /) -> models.Shop:
        found: models.Shop = self.script.act(request, shop())
        return found

    def statements(self, request: server.ListAccountStatements, /) -> EntryList:
        found: EntryList = self.script.act(request, [entry(), entry()])
        return found

    def statement_xml(self, request: server.GetAccountStatementXml, /) -> bytes:
        found: bytes = self.script.act(request, XML)
        return found

    def statement_camt053(self, request: server.GetAccountStatementCamt053, /) -> bytes:
        found: bytes = self.script.act(request, XML)
        return found

    def fees(self, request: server.ListFees, /) -> FeeList:
        found: FeeList = self.script.act(request, [models.Fee(accounting_id="f-1", amount=Decimal("25.00"))])
        return found


class Carts:
    def __init__(self, script: Script) -> None:
        self.script = script

    def create(self, request: server.CreateCart, /) -> dict[str, Any]:
        found: dict[str, Any] = self.script.act(request, {"id": "c-1"})
        return found


class Shipments:
    def __init__(self, script: Script) -> None:
        self.script = script

    def create(self, request: server.CreateShipments, /) -> Any:
        return self.script.act(request, [{"id": 1}])

    def destinations(self, request: server.ListDestinations, /) -> Any:
        return self.script.act(request, [{"name": "Tartu"}])

    def create_labels(self, request: server.CreateLabels, /) -> Any:
        return self.script.act(request, {"labelUrl": "https://example.test/l"})

    def label_formats(self, request: server.ListLabelFormats, /) -> Any:
        return self.script.act(request, ["A4"])


def merchant_app(script: Script, **options: Any) -> Any:
    options = {"authenticate": anyone, **options}
    handlers = server.Handlers(
        transactions=Transactions(script),
        payments=Payments(script),
        refunds=Refunds(script),
        tokens=Tokens(script),
        payment_methods=Methods(script),
        shop=Shop(script),
        carts=Carts(script),
        shipments=Shipments(script),
    )
    return server.create_app(handlers, **options)


def data(**members: Any) -> models.TransactionData:
    """What is to be paid."""
    return models.TransactionData(amount=Decimal("19.90"), currency="EUR", reference="A-7", **members)


PAYER = models.CustomerData(ip="203.0.113.7", country="ee")
_STATEMENT: dict[str, Any] = {"since": DAY, "until": DAY, "page": 1}
_BOX: dict[str, Any] = {"body": {"parcels": [1, {"to": "Jõgeva"}]}}
MERCHANT_CALLS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "createTransaction": ("transactions", "create", {"transaction": data(merchant_data="Ж & co"), "customer": PAYER}),
    "listTransactions": (
        "transactions",
        "list",
        {"since": DAY, "status": [models.TransactionStatus.COMPLETED, models.TransactionStatus.CANCELLED], "page": 2},
    ),
    "getTransaction": ("transactions", "get", {"id": TRANSACTION}),
    "addTransactionMetadata": ("transactions", "add_metadata", {"id": TRANSACTION, "merchant_data": "more"}),
    "getTransactionStatement": ("transactions", "statement", {"id": TRANSACTION}),
    "createPayment": ("payments", "create", {"id": TRANSACTION, "token": "t-1"}),
    "createRefund": (
        "refunds",
        "create",
        {"id": TRANSACTION, "amount": Decimal("1.10"), "comment": "x & y"},
    ),
    "listRefunds": ("refunds", "list", {"status": [models.RefundStatus.SETTLED], "per_page": 5}),
    "getRefund": ("refunds", "get", {"id": "r/1"}),
    "createToken": ("tokens", "create", {"body": {"customer": {"email": "a@example.test"}}}),
    "listPaymentMethods": ("payment_methods", "list", {"amount": Decimal("19.90"), "currency": "EUR", "country": "ee"}),
    "getShop": ("shop", "get", {}),
    "updateShop": ("shop", "update", {"body": {"name": "Pood"}}),
    "getShopConfiguration": (
        "shop",
        "configuration",
        {"environment": models.Environment(platform="own", module="sadpath")},
    ),
    "listAccountStatements": ("shop", "statements", {"payout_id": "o-1"}),
    "getAccountStatementXml": ("shop", "statement_xml", _STATEMENT),
    "getAccountStatementCamt053": ("shop", "statement_camt053", _STATEMENT),
    "listFees": ("shop", "fees", {"until": DAY}),
    "createCart": ("carts", "create", _BOX),
    "createShipments": ("shipments", "create", _BOX),
    "listDestinations": ("shipments", "destinations", _BOX),
    "createLabels": ("shipments", "create_labels", _BOX),
    "listLabelFormats": ("shipments", "label_formats", {}),
}
