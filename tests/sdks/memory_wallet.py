"""A wallet that keeps its operations and codes in memory, behind the generated server stub of the wallet's API."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from hmac import compare_digest
from typing import Any, Final

from behaviour.shops import NOW

from payments.yoomoney_wallet import BearerCredentials, errors, server
from payments.yoomoney_wallet import models as wallet

TOKEN: Final = "410011.0123"
CODE: Final = "0DF3343A4D"
CLIENT: Final = "app"
CLIENT_SECRET: Final = "s&s"
TYPES: Final = {"deposition": wallet.Direction.IN, "payment": wallet.Direction.OUT}


def _operation(number: int) -> wallet.WalletOperation:
    incoming = number % 2 == 0
    return wallet.WalletOperation(
        operation_id=f"o-{number}",
        status=wallet.OperationStatus.SUCCESS,
        datetime=NOW + timedelta(hours=number),
        title="Перевод" if incoming else "Shop & co",
        direction=wallet.Direction.IN if incoming else wallet.Direction.OUT,
        amount=Decimal("100.10") * number,
        type=wallet.OperationType.DEPOSITION if incoming else wallet.OperationType.PAYMENT_SHOP,
        label=f"order {number % 3}",
    )


@dataclass
class Wallet:
    """The operations, oldest first; the codes that may be exchanged; what was asked for last."""

    operations: list[wallet.WalletOperation] = field(default_factory=lambda: [_operation(one) for one in range(1, 8)])
    codes: set[str] = field(default_factory=lambda: {CODE})
    asked: list[Any] = field(default_factory=list[Any])


class Account(server.AccountHandler):
    """Balance and history."""

    def __init__(self, held: Wallet) -> None:
        self.held = held

    def info(self, request: server.AccountInfo, /) -> wallet.AccountInfo:
        balance = Decimal("1000.10")
        return wallet.AccountInfo(
            account="4100123456789",
            balance=balance,
            currency="643",
            account_status=wallet.AccountStatus.NAMED,
            account_type=wallet.AccountType.PERSONAL,
            balance_details=wallet.BalanceDetails(total=balance, available=balance),
            cards_linked=[wallet.LinkedCard(pan_fragment="510000****9999", type=wallet.CardType.MASTER_CARD)],
        )

    def history(self, request: server.OperationHistory, /) -> wallet.OperationHistory:
        asked = request.body or wallet.OperationHistoryRequest()
        self.held.asked.append(asked)
        wanted = set((asked.type or "").split())
        if not wanted <= TYPES.keys():
            raise errors.IllegalParamType()
        found = [one for one in self.held.operations[::-1] if self._matches(asked, one)]
        start = _start(asked.start_record, len(found))
        until = start + asked.records
        return wallet.OperationHistory(
            operations=found[start:until], next_record=str(until) if until < len(found) else None
        )

    def _matches(self, asked: wallet.OperationHistoryRequest, one: wallet.WalletOperation) -> bool:
        directions = [TYPES[name] for name in (asked.type or "").split()]
        return (
            (not directions or one.direction in directions)
            and asked.label in (None, one.label)
            and _is_between(one.datetime, asked.from_, asked.till)
        )

    def details(self, request: server.OperationDetails, /) -> wallet.WalletOperation:
        for one in self.held.operations:
            if one.operation_id == request.body.operation_id:
                return one.model_copy(update={"codepro": False, "sender": "41001", "message": "Спасибо"})
        raise errors.IllegalParamOperationId()


def _start(record: str | None, length: int) -> int:
    if record is None:
        return 0
    if not record.isdecimal() or int(record) > length:
        raise errors.IllegalParamStartRecord()
    return int(record)


def _is_between(moment: datetime, first: datetime | None, till: datetime | None) -> bool:
    return (first is None or moment >= first) and (till is None or moment < till)


class Authorization(server.AuthorizationHandler):
    """A page for the owner of the wallet, and codes that can be exchanged once."""

    def __init__(self, held: Wallet) -> None:
        self.held = held

    def authorize(self, request: server.Authorize, /) -> str:
        return "<!DOCTYPE html>"

    def exchange(self, request: server.ExchangeToken, /) -> wallet.Token:
        asked = request.body
        if asked.client_id != CLIENT or asked.client_secret != CLIENT_SECRET:
            raise errors.UnauthorizedClient()
        if asked.code not in self.held.codes:
            raise errors.InvalidGrant()
        self.held.codes.remove(asked.code)
        return wallet.Token(access_token=TOKEN)


def _known(credentials: BearerCredentials, operation: object) -> str | None:
    return "owner" if compare_digest(credentials.token, TOKEN) else None


def memory_wallet_app(held: Wallet) -> Any:
    """The wallet."""
    handlers = server.Handlers(account=Account(held), authorization=Authorization(held))
    return server.create_app(handlers, security=server.SecurityHooks(oauth=_known))
