"""The generated server stub with many operations: for each what it is called with, and a handler that answers as a test tells it."""

from __future__ import annotations

import functools
from collections import defaultdict
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from behaviour.shops import Script, anyone

from payments._runtime.conversion import decode
from payments._runtime.validation import Mode
from payments.paysera import models, server

KEY = "aB3xY9"
NOW = 1_700_000_000
PAYMENT: dict[str, Any] = {
    "id": 991,
    "transaction_key": KEY,
    "created_at": NOW,
    "status": "new",
    "price": 1250,
    "price_decimal": "12.50",
    "currency": "EUR",
    "description": "Order 17",
    "parameters": {"order": "17"},
}
TRANSACTION: dict[str, Any] = {"transaction_key": KEY, "created_at": NOW, "status": "reserved", "payments": [PAYMENT]}
ALLOWANCE: dict[str, Any] = {
    "id": 5,
    "transaction_key": KEY,
    "created_at": NOW,
    "status": "active",
    "currency": "EUR",
    "limits": [{"max_price": 10000, "time": 24}],
}
WALLET: dict[str, Any] = {"id": 7, "owner": 8, "account": {"number": "EVP0000000000001", "ibans": ["LT1"]}}
PROJECT: dict[str, Any] = {"id": 3, "title": "Shop"}
LOCATION: dict[str, Any] = {
    "id": 4,
    "title": "Café",
    "address": "Gedimino 1",
    "working_hours": {"monday": {"opening_time": "8:0", "closing_time": "24:0"}},
    "services": {"pay": {"available": True, "categories": [1]}},
}
CLIENT: dict[str, Any] = {"id": 2, "type": "app", "permissions": ["balance"], "hosts": [{"host": "shop.example"}]}
TOKEN: dict[str, Any] = {
    "access_token": "t-1",
    "token_type": "mac",
    "mac_key": "k-1",
    "mac_algorithm": "hmac-sha-256",
    "expires_in": 3600,
}


def page(name: str, item: dict[str, Any]) -> dict[str, Any]:
    return {name: [item], "_metadata": {"total": 1, "offset": 0, "limit": 20}}


def payment(**members: Any) -> models.PaymentRequest:
    """A payment to be created, which can be found again by its parameters."""
    given = {"description": "Order 17", "price": 1250, "currency": "EUR", "parameters": {"order": "17"}}
    return models.PaymentRequest(**{**given, **members})


CALLS: dict[str, dict[str, Any]] = {
    "createPayment": {
        "items": [models.ItemRequest(title="№1 & co", price_decimal=Decimal("12.50"), currency="EUR")],
        "beneficiary": models.BeneficiaryRequest(email="a@shop.example"),
        "parameters": {"order": "17", "deep": {"n": [1, None]}},
    },
    "getPayment": {"payment_id": 991},
    "cancelPayment": {"payment_id": 991},
    "freezePayment": {"payment_id": 991, "freeze_until": 0},
    "finalizePayment": {"payment_id": 991, "price_decimal": Decimal("10.00"), "currency": "EUR"},
    "listPayments": {"status": models.PaymentStatus.NEW, "wallet": 7, "offset": 0, "limit": 2},
    "createTransaction": {"payments": [990, payment()], "callback_uri": False, "auto_confirm": True},
    "getTransaction": {"transaction_key": KEY},
    "revokeTransaction": {"transaction_key": KEY},
    "confirmTransaction": {"transaction_key": KEY, "body": {"991": models.Price(price=1000, currency="EUR")}},
    "reserveTransaction": {"transaction_key": KEY, "wallet_id": 7, "pin": "0000"},
    "reserveTransactionByPayer": {"transaction_key": KEY, "payer": models.Payer(phone="37066612345")},
    "flashTransaction": {"transaction_key": KEY, "wallet_id": "me"},
    "listTransactionTypes": {"transaction_key": KEY, "wallet_id": "me"},
    "getInquiredInformation": {"transaction_key": KEY},
    "requestPayer": {"transaction_key": KEY, "email": "a@payer.example", "initiator_id": 8},
    "createAllowance": {"currency": "EUR", "max_price": 500, "valid_until": NOW},
    "getAllowance": {"allowance_id": 5},
    "cancelAllowance": {"allowance_id": 5},
    "getActiveAllowance": {"wallet_id": 7},
    "cancelActiveAllowance": {"wallet_id": 7},
    "getAllowanceLimit": {"wallet_id": 7, "currency": "EUR"},
    "getWallet": {"wallet_id": "me"},
    "findWallet": {"email": "a+b@payer.example"},
    "getWalletBarcode": {"phone": "37066612345"},
    "listContactWallets": {"email": ["a@x.example", "b@x.example"], "phone": ["370"]},
    "getBalance": {"wallet_id": 7},
    "listStatements": {"wallet_id": 7, "currency": ["EUR", "USD"], "since": NOW, "until": NOW + 1, "limit": 5},
    "checkSufficientAmount": {"wallet_id": 7, "amount": 1250, "currency": "EUR"},
    "getUser": {"user_id": "me"},
    "getUserEmail": {"user_id": 8},
    "getUserPhone": {"user_id": 8},
    "listConfirmedPhones": {"user_id": 8},
    "getUserAddress": {"user_id": 8},
    "getUserIdentity": {"user_id": 8},
    "listUserWallets": {"user_id": 8},
    "listPoliticallyExposedPersons": {"user_id": 8},
    "getProject": {"project_id": 3},
    "updateProject": {"project_id": 3, "title": "Лавка"},
    "listProjectLocations": {"project_id": 3, "status": [models.LocationStatus.ACTIVE]},
    "createLocation": {"project_id": 3, "title": "Café", "address": "Gedimino 1", "lat": 54.5},
    "updateLocation": {"location_id": 4, "title": "Café", "address": "Gedimino 2", "public": True},
    "listLocations": {"lat": 54.5, "lng": 25.25, "service": [models.LocationService.PAY], "updated_after": NOW},
    "listPayCategories": {"locale": "lt"},
    "listClients": {"project_id": 3},
    "createClient": {"type": "app", "hosts": [models.ClientHost(host="shop.example", any_port=True)]},
    "updateClient": {"client_id": 2, "type": "app"},
    "deleteTransferConfiguration": {"client_id": 2},
    "getWalletPermissions": {"client_id": 2},
    "createTransfer": {"body": {"amount": {"amount": "1.00", "currency": "EUR"}}},
    "getTransfer": {"transfer_id": "a/b"},
    "createToken": {"body": models.PasswordGrant(grant_type="password", username="u", password="p w", scope="a b")},
    "revokeToken": {"access_token": "t&1"},
    "getServer": {},
    "getConfiguration": {},
    "listCurrencies": {},
}
ANSWERS: dict[str, Any] = {
    **dict.fromkeys(("createPayment", "getPayment", "cancelPayment", "freezePayment", "finalizePayment"), PAYMENT),
    "listPayments": page("payments", PAYMENT),
    **dict.fromkeys(("createTransaction", "getTransaction", "revokeTransaction", "flashTransaction"), TRANSACTION),
    **dict.fromkeys(("reserveTransaction", "reserveTransactionByPayer"), TRANSACTION),
    "confirmTransaction": {},
    "listTransactionTypes": ["page", "pin", "palm"],
    "getInquiredInformation": {"items": [{"value": 1}]},
    "requestPayer": {"id": 1, "transaction_key": KEY, "created_at": NOW, "email": "a@payer.example"},
    **dict.fromkeys(("createAllowance", "getAllowance", "cancelAllowance"), ALLOWANCE),
    **dict.fromkeys(("getActiveAllowance", "cancelActiveAllowance"), ALLOWANCE),
    "getAllowanceLimit": {"amount": 500, "currency": "EUR"},
    **dict.fromkeys(("getWallet", "findWallet"), WALLET),
    "getWalletBarcode": {"barcode": "123"},
    "listContactWallets": {"a@x.example": WALLET},
    "getBalance": {"EUR": {"at_disposal": 5, "at_disposal_decimal": "0.05"}, "USD": {"reserved": 1}},
    "listStatements": page("statements", {"id": 1, "amount": 5, "currency": "EUR", "date": NOW, "direction": "in"}),
    "checkSufficientAmount": {"is_sufficient": True},
    "getUser": {"id": 8, "display_name": "Ąžuolas"},
    "getUserEmail": "a@payer.example",
    "getUserPhone": "37066612345",
    "listConfirmedPhones": ["37066612345"],
    "getUserAddress": {"country": "LT", "city": "Vilnius"},
    "getUserIdentity": {"name": "Ąžuolas"},
    "listUserWallets": [WALLET],
    "listPoliticallyExposedPersons": [{"name": "A", "relation": "self", "positions": ["mayor"]}],
    **dict.fromkeys(("getProject", "updateProject"), PROJECT),
    "listProjectLocations": [LOCATION],
    **dict.fromkeys(("createLocation", "updateLocation"), LOCATION),
    "listLocations": page("locations", LOCATION),
    "listPayCategories": [{"id": 1, "title": "Food"}, {"id": 2, "title": "Bread", "parent_id": 1}],
    "listClients": page("clients", CLIENT),
    **dict.fromkeys(("createClient", "updateClient", "deleteTransferConfiguration"), CLIENT),
    "getWalletPermissions": [{"wallet": 7}],
    **dict.fromkeys(("createTransfer", "getTransfer"), {"id": "x", "status": "new"}),
    "createToken": TOKEN,
    "revokeToken": {},
    "getServer": {"time": NOW},
    "getConfiguration": {"anything": [1]},
    "listCurrencies": ["EUR"],
}


def desk_app(script: Script, **options: Any) -> Any:
    """An application of all groups; every handler acts by the script."""
    options = {"authenticate": anyone, **options}
    groups: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for route in server.ROUTES:
        usual = decode(route.contract.success[0].type, ANSWERS[route.contract.id], Mode.REQUEST)
        groups[route.resource][route.method] = functools.partial(script.act, usual=usual)
    handlers: Any = {group: SimpleNamespace(**methods) for group, methods in groups.items()}
    return server.create_app(server.Handlers(**handlers), **options)
