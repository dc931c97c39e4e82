"""How an application uses each of the two generated APIs: its operations, its keys, and what it believes of an answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Protocol

from properties.ledger_server import Dialect, Keyed, Wallet, intent_of, payment_id

from payments import yookassa, yoomoney_wallet
from payments._runtime.credentials import BasicAuth, BearerAuth
from payments.yookassa.models import MonetaryAmount
from payments.yoomoney_wallet.models import ProcessStatus

AMOUNT: Final = MonetaryAmount(value=Decimal("150.00"), currency="RUB")


@dataclass(frozen=True)
class Method:
    """One operation: where it is on the client, and its arguments for an intent."""

    operation: str
    resource: str
    name: str
    arguments: Callable[[int], dict[str, Any]]

    def __repr__(self) -> str:
        return self.operation


class Application(Protocol):
    """What a state machine has to know of an application."""

    dialect: Dialect
    has_natural_key: bool

    def client(self, **settings: Any) -> Any: ...
    def method(self, kind: int) -> Method: ...
    def key(self, intent: int) -> str | None: ...
    def keyed(self, key: str | None) -> Mapping[str, Any]: ...
    def believed(self, value: Any) -> str: ...
    def check(self, intent: int, value: Any) -> None: ...


class KeyedApplication:
    """Payments, captures, cancellations and refunds of a shop."""

    dialect: Dialect = Keyed()
    has_natural_key = False
    methods = (
        Method(
            "createPayment",
            "payments",
            "create",
            lambda intent: {"amount": AMOUNT, "metadata": {"intent": str(intent)}},
        ),
        Method("capturePayment", "payments", "capture", lambda intent: {"payment_id": payment_id(intent)}),
        Method("cancelPayment", "payments", "cancel", lambda intent: {"payment_id": payment_id(intent)}),
        Method(
            "createRefund",
            "refunds",
            "create",
            lambda intent: {"payment_id": payment_id(intent), "amount": AMOUNT, "metadata": {"intent": str(intent)}},
        ),
    )

    def client(self, **settings: Any) -> Any:
        """A new process' client."""
        return yookassa.Client(BasicAuth("100500", "test_secret"), **settings)

    def method(self, kind: int) -> Method:
        """One of the operations."""
        return self.methods[kind % len(self.methods)]

    def key(self, intent: int) -> str:
        """A key of the application's own."""
        return str(uuid.UUID(int=intent, version=4))

    def keyed(self, key: str | None) -> Mapping[str, Any]:
        """The argument that the key is."""
        return {"idempotency_key": key}

    def believed(self, value: Any) -> str:
        """What became of the intent."""
        return "failed" if getattr(value, "executed", True) is False else "succeeded"

    def check(self, intent: int, value: Any) -> None:
        """The value is about the intent."""
        assert intent_of(getattr(value, "value", value).id) == intent


class WalletApplication:
    """Payments from a wallet that were prepared before."""

    dialect: Dialect = Wallet()
    has_natural_key = True
    methods = (Method("processPayment", "payments", "process", lambda intent: {"request_id": payment_id(intent)}),)

    def client(self, **settings: Any) -> Any:
        """A new process' client."""
        return yoomoney_wallet.Client(BearerAuth("token-of-the-user"), **settings)

    def method(self, kind: int) -> Method:
        """The operation."""
        return self.methods[0]

    def key(self, intent: int) -> None:
        """The request is its own key."""

    def keyed(self, key: str | None) -> Mapping[str, Any]:
        """No argument."""
        return {}

    def believed(self, value: Any) -> str:
        """What became of the intent; what is in progress will be executed."""
        if getattr(value, "executed", True) is False:
            return "failed"
        answer = getattr(value, "value", value)
        return "accepted" if answer.status == ProcessStatus.IN_PROGRESS else "succeeded"

    def check(self, intent: int, value: Any) -> None:
        """The value is about the intent."""
        answer = getattr(value, "value", value)
        if answer.status == ProcessStatus.SUCCESS:
            assert intent_of(answer.payment_id) == intent
