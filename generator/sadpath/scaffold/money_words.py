"""Judges, by what an operation is called and asks for, whether it may move money; whoever asks is answered with a word of it."""

from __future__ import annotations

from typing import Final

from sadpath.naming.words import words
from sadpath.openapi.model import Operation

_VERBS: Final = (
    "capture captures charge charges refund refunds payout payouts transfer transfers deposit deposits withdraw withdrawal"
    " withdrawals purchase purchases authorize authorise void pay send debit debits credit credits payin payins topup topups"
    " recharge cashout cashin disburse disbursement disbursements settle remit remittance sell buy tip donate subscribe"
    " reverse reversal chargeback redeem fund collect reimburse spend exchange convert"
).split()
"""What moves money, the plainest first: verbs, and the nouns that are written like them."""
_NOUNS: Final = (
    "authorization authorizations payment payments transaction transactions order orders checkout money cash wallet wallets"
    " balance balances settlement settlements sale sales donation donations subscription subscriptions invoice invoices bill"
    " bills loan loans credit funds tips purchase p2p payable payables installment installments mandate mandates"
).split()
_PAIRS: Final = frozenset({("top", "up"), ("cash", "out"), ("cash", "in"), ("pay", "in"), ("pay", "out")})
_DOING: Final = frozenset("do make execute perform create init initiate start submit process place book run".split())
_ASKING: Final = frozenset("search list find query lookup validate calculate estimate preview check quote".split())
_AMOUNTS: Final = frozenset("amount amounts sum summa total".split())
_BOUNDS: Final = frozenset("min max from to gt gte lt lte less greater".split())


def spoken_of(operation: Operation, id: str) -> set[str]:
    """The words of an operation's id, path, tags and summary, in lower case."""
    texts = (id, operation.path, *operation.tags, operation.summary or "")
    found = {word.lower() for text in texts for word in words(text)}
    return found | {"".join(pair) for text in texts for pair in _pairs(text) if pair in _PAIRS}


def money_in(operation: Operation, id: str) -> str | None:
    """The plainest word by which an operation may move money; None where there is none."""
    spoken = spoken_of(operation, id)
    return next((word for word in (*_VERBS, *_NOUNS) if word in spoken), None) or _amount(operation)


def money_of_read(operation: Operation) -> str | None:
    """The word by which an operation whose method promises only to read may move money all the same."""
    named = [word.lower() for word in words(operation.operation_id or "")]
    if named and named[0] in _ASKING:
        return None
    if named and (named[0] in _VERBS or tuple(named[:2]) in _PAIRS or named[0] in _DOING):
        return named[0]
    last = [word.lower() for word in words(operation.path.rstrip("/").rsplit("/", 1)[-1])]
    asks = bool(named) and named[0] in ("get", "read", "retrieve", "show", "fetch", "view")
    if last and not asks and (last[0] in _VERBS or tuple(last[:2]) in _PAIRS):
        return last[0]
    return _amount(operation)


def _amount(operation: Operation) -> str | None:
    """The parameter that names an amount, and not the bound of a search."""
    for parameter in operation.parameters:
        found = {word.lower() for word in words(parameter.name)}
        if found & _AMOUNTS and not found & _BOUNDS:
            return parameter.name
    return None


def _pairs(text: str) -> list[tuple[str, str]]:
    found = [word.lower() for word in words(text)]
    return list(zip(found, found[1:], strict=False))
