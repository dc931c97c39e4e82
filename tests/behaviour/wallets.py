"""The wallet's generated server stub: for each operation what it is called with, and a handler that answers as a test tells it."""

from __future__ import annotations

import functools
from collections import defaultdict
from datetime import datetime, timezone
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from behaviour.shops import Script, anyone

from payments._runtime.conversion import decode
from payments._runtime.validation import Mode
from payments.yoomoney_wallet import server

OPERATION: dict[str, Any] = {
    "operation_id": "o-1",
    "status": "success",
    "datetime": "2026-01-05T13:00:00.000+03:00",
    "title": "Магазин",
    "direction": "out",
    "amount": Decimal("500.00"),
    "type": "payment-shop",
}
FORM: dict[str, Any] = {
    "title": "Магазин",
    "hidden_fields": {"ShopArticleID": "35241"},
    "money_source": ["wallet", "payment-card"],
    "form": [{"type": "text", "name": "customer", "label": "Customer"}],
}
SUCCESS = {"status": "success"}

Arguments = dict[str, Any]
WALLET_CALLS: dict[str, tuple[str, str, Arguments]] = {
    "accountInfo": ("account", "info", {}),
    "operationHistory": (
        "account",
        "history",
        {
            "type": "deposition payment",
            "label": "№7 & co",
            "from_": datetime(2026, 1, 5, 10, tzinfo=timezone.utc),
            "start_record": "0030",
            "records": 2,
            "details": True,
        },
    ),
    "operationDetails": ("account", "details", {"operation_id": "o-1"}),
    "authorize": (
        "authorization",
        "authorize",
        {
            "client_id": "c",
            "redirect_uri": "https://client.example.com/cb",
            "scope": 'account-info payment.to-account("410011").limit(14,500)',
            "instance_name": "anna",
        },
    ),
    "exchangeToken": (
        "authorization",
        "exchange",
        {"code": "0DF", "client_id": "c", "redirect_uri": "https://client.example.com/cb", "client_secret": "s&s"},
    ),
    "revokeToken": ("authorization", "revoke", {}),
    "incomingTransferAccept": ("transfers", "accept", {"operation_id": "o-1", "protection_code": "0123"}),
    "incomingTransferReject": ("transfers", "reject", {"operation_id": "o-1"}),
    "requestPayment": (
        "payments",
        "request",
        {"pattern_id": "p2p", "to": "410011", "amount_due": Decimal("100.10"), "label": "№7 & co"},
    ),
    "processPayment": ("payments", "process", {"request_id": "r-1"}),
    "instanceId": ("external_payments", "instance", {"client_id": "c"}),
    "requestExternalPayment": (
        "external_payments",
        "request",
        {"pattern_id": "p2p", "instance_id": "i-1", "to": "410011", "amount": Decimal("3.00")},
    ),
    "processExternalPayment": (
        "external_payments",
        "process",
        {
            "request_id": "r-1",
            "instance_id": "i-1",
            "ext_auth_success_uri": "https://client.example.com/yes",
            "ext_auth_fail_uri": "https://client.example.com/no",
            "request_token": True,
        },
    ),
    "searchShowcases": ("showcases", "search", {"query": "ЖКХ", "records": 5, "accept_language": "ru"}),
    "getShowcase": ("showcases", "get", {"pattern_id": "5551", "accept_language": "ru"}),
    "prefillShowcase": ("showcases", "prefill", {"pattern_id": "5551", "body": {"customer": "7"}}),
    "submitShowcase": (
        "showcases",
        "submit",
        {"pattern_id": "5551", "step": "1", "body": {"customer": "7", "sum": ""}},
    ),
}
ANSWERS: dict[str, Any] = {
    "accountInfo": {
        "account": "41001",
        "balance": Decimal("1000.10"),
        "currency": "643",
        "account_status": "named",
        "account_type": "personal",
    },
    "operationHistory": {"operations": [OPERATION]},
    "operationDetails": OPERATION,
    "authorize": "<!DOCTYPE html>",
    "exchangeToken": {"access_token": "410011.0123"},
    "revokeToken": None,
    **dict.fromkeys(("incomingTransferAccept", "incomingTransferReject"), SUCCESS),
    "requestPayment": {**SUCCESS, "request_id": "r-1", "contract_amount": Decimal("100.50")},
    "processPayment": {**SUCCESS, "payment_id": "p-1"},
    "instanceId": {**SUCCESS, "instance_id": "i-1"},
    "requestExternalPayment": {**SUCCESS, "request_id": "r-1", "contract_amount": Decimal("3.00")},
    "processExternalPayment": {**SUCCESS, "invoice_id": "2000"},
    "searchShowcases": {"result": [{"id": "5551", "title": "ЖКХ", "params": {"a": "1"}}], "nextPage": False},
    **dict.fromkeys(("getShowcase", "prefillShowcase"), FORM),
    "submitShowcase": {"pattern_id": "5551", "sum": "100.00"},
}


def wallet_app(script: Script, **options: Any) -> Any:
    """An application of all groups; every handler acts by the script."""
    options = {"authenticate": anyone, **options}
    groups: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for route in server.ROUTES:
        kind, answer = route.contract.success[0].type, ANSWERS[route.contract.id]
        usual = decode(kind, answer, Mode.REQUEST) if kind is not None else None
        groups[route.resource][route.method] = functools.partial(script.act, usual=usual)
    handlers: Any = {group: SimpleNamespace(**methods) for group, methods in groups.items()}
    return server.create_app(server.Handlers(**handlers), **options)
