"""What a draft assumes of money: refused only where the words say so plainly, harmless only where nothing speaks of money."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from sadpath.cli.result import conclude
from sadpath.cli.scaffold import Options, run_scaffold

HEAD = 'openapi: 3.1.0\ninfo: {title: Shop, version: "1"}\npaths:\n'


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def drafted(*tables: str, document: str | None = None) -> tuple[Any, str]:
    """The tree of a draft, and its text on one line."""
    openapi = Path("openapi.yaml") if document is not None else None
    if openapi is not None and document is not None:
        openapi.write_text(HEAD + document, encoding="utf-8")
    for number, rows in enumerate(tables):
        text = f"| HTTP status | Code | Description |\n|-|-|-|\n{rows}\n"
        Path(f"{number}.md").write_text(text, encoding="utf-8")
    named = tuple(Path(f"{number}.md") for number in range(len(tables)))
    assert conclude(run_scaffold(Options(openapi, named, Path("errors.yaml"), force=True))) == 0
    text = Path("errors.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text), " ".join(text.split())


def outcome(status: str, code: str, text: str) -> str | None:
    tree, _ = drafted(f"| {status} | {code} | {text} |")
    (entry,) = (one for one in tree["errors"].values() if "code" in one["match"])
    found: str | None = entry.get("outcome")
    return found


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("1001", "Заказ уже оплачен, операция выполнена ранее"),
        ("1002", "Время ожидания ответа банка истекло, результат платежа неизвестен"),
        ("1003", "Неверный статус платежа"),
        ("1004", "Час очікування відповіді банку вичерпано"),
        ("1005", "Некоректний запит: платіж вже виконано"),
        ("1006", "Zahlung unklar"),
        ("1007", "Превышено время обработки"),
        ("1008", "The wait for the bank exceeded 30 seconds"),
        ("1009", "The payment was not declined"),
        ("ORDER_PAID", "Invalid order."),
        ("IN_FLIGHT", ""),
        ("CONCURRENT_REQUEST", ""),
        ("PARALLEL_OPERATION", "Not allowed."),
        ("DUPLICATE_ORDER", ""),
        ("BAD_RESPONSE", "Of the bank."),
        ("payment_failed", "It did not work out."),
    ],
)
def test_what_is_not_plainly_refused_is_not_said_to_be(code: str, text: str) -> None:
    assert outcome("400", code, text) == "by_effect"
    assert "# OPEN: " in Path("errors.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("status", "code", "text"),
    [
        ("400", "invalid_request", "The request is malformed."),
        ("400", "7", "Unknown field."),
        ("400", "missing_parameter", "A parameter is missing."),
        ("400", "1010", "Неверный формат суммы"),
        ("400", "1011", "Не вказано обов'язковий параметр"),
        ("401", "unauthorized", "Who are you?"),
        ("403", "forbidden", "You must not."),
        ("404", "not_found", "There is no such payment."),
        ("405", "method_not_allowed", ""),
        ("402", "insufficient_funds", "The card has no money."),
        ("402", "card_expired", ""),
        ("402", "card_declined", "The bank declined the payment."),
    ],
)
def test_what_is_plainly_refused_stays_so(status: str, code: str, text: str) -> None:
    assert outcome(status, code, text) is None


def test_what_a_second_table_says_counts_too() -> None:
    tree, _ = drafted("| 400 | bad_order | Wrong order. |", "| 400 | bad_order | It was paid already. |")
    assert tree["errors"]["bad_order"]["outcome"] == "by_effect"


def test_a_code_of_an_operation_that_is_harmless_is_not_asked_about() -> None:
    body = "content: {application/json: {schema: {properties: {code: {enum: [ODD]}}}}}"
    answers = f'responses: {{"200": {{description: x}}, "400": {{description: x, {body}}}}}'
    names = f"  /names:\n    put: {{operationId: rename, {answers}}}\n"
    assert "outcome" not in drafted(document=names)[0]["errors"]["odd"]
    sales = f"  /names:\n    post: {{operationId: rename, {answers}}}\n"
    assert drafted(document=sales)[0]["errors"]["odd"]["outcome"] == "by_effect"


ANSWERS = 'responses: {"200": {description: x}, "500": {description: x}}'
AMOUNT = "parameters: [{name: amount, in: query, schema: {type: integer}}]"


@pytest.mark.parametrize(
    ("request_line", "rest"),
    [
        ("put /wallets/debit", "operationId: debitWallet"),
        ("put /send-money", "operationId: sendMoney"),
        ("put /accounts/top-up", "operationId: topUp"),
        ("put /tip", "operationId: tipDriver"),
        ("delete /donations/5", "operationId: removeDonation"),
        ("put /things", f"operationId: putThing, {AMOUNT}"),
        ("get /payment/capture", "operationId: capturePayment"),
        ("get /payment/capture", "tags: [x]"),
        ("get /gateway", f"operationId: getGateway, {AMOUNT}"),
        ("get /x", "operationId: doIt"),
        ("get /cash-out", "tags: [x]"),
    ],
)
def test_what_may_move_money_is_done_once_and_asked_about(request_line: str, rest: str) -> None:
    method, path = request_line.split()
    tree, text = drafted(document=f"  {path}:\n    {method}: {{{rest}, {ANSWERS}}}\n")
    (facts,) = tree["operations"].values()
    assert facts == {"effect": "once"}
    assert "# OPEN: it may move money (" in text


@pytest.mark.parametrize(
    "rest",
    [
        "operationId: getPayment",
        "operationId: listRefunds",
        f"operationId: calculateFee, {AMOUNT}",
        f"operationId: getThings, {AMOUNT.replace('amount', 'amount_min')}",
        "summary: The names of all things",
    ],
)
def test_what_is_looked_up_only_reads(rest: str) -> None:
    tree, _ = drafted(document=f"  /refunds:\n    get: {{{rest}, {ANSWERS}}}\n".replace("/refunds", "/things"))
    assert "operations" not in tree


def test_a_name_that_is_put_twice_is_the_same_name() -> None:
    tree, text = drafted(document=f"  /names:\n    put: {{operationId: rename, {ANSWERS}}}\n")
    assert tree["operations"] == {"rename": {"effect": "idempotent"}}
    assert "# OPEN: it may move money" not in text
