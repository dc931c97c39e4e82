"""Writes the guide of what happens when something fails: its tables are what the generated clients do under these faults."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import httpx2
import jinja2

import features.outcomes
from payments import yookassa
from payments.yookassa import models as shop

CHECKOUT: Final = Path(__file__).resolve().parents[2]
TEMPLATE: Final = CHECKOUT / "templates" / "guides" / "what-happens-when.md.jinja"
PAGE: Final = CHECKOUT / "generated" / "docs" / "guides" / "what-happens-when.md"
PROOF: Final = CHECKOUT / "tests" / "proof"

_PAYMENT: Final = {
    "id": "29f31de9-000f-5000-a000-109987b98a6a",
    "status": "succeeded",
    "amount": {"value": "150.00", "currency": "RUB"},
    "recipient": {"account_id": "100500", "gateway_id": "100700"},
    "created_at": "2026-01-05T10:00:00.000Z",
    "test": True,
    "paid": True,
    "refundable": False,
}
_TIP: Final = {"id": "t-1", "amount": "1.00"}

Answer = httpx2.Response | Exception


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong; `answers` are what comes to attempt after attempt, the last one again and again."""

    name: str
    answers: Callable[[Operation], Sequence[Answer]]


@dataclass
class Clock:
    """Time that passes when a client sleeps."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list[float])

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.seconds += seconds

    def environment(self, package: ModuleType) -> Any:
        start = datetime(2026, 1, 5, tzinfo=timezone.utc)
        return package.Environment(
            now=lambda: start + timedelta(seconds=self.seconds),
            monotonic=lambda: self.seconds,
            sleep=self.sleep,
            random=lambda: 0.0,
        )


@dataclass(frozen=True)
class Operation:
    """A column of the table: an operation, and how its API words a failure."""

    title: str
    package: ModuleType
    auth: Any
    call: Callable[[Any], Any]
    success: dict[str, Any]
    failure: Callable[[int, str], httpx2.Response]


def _shop_failure(status: int, code: str) -> httpx2.Response:
    return httpx2.Response(status, json={"type": "error", "id": "2a9ab90e", "code": code, "description": "..."})


def _till_failure(status: int, code: str) -> httpx2.Response:
    names = {
        "internal_server_error": "broken",
        "too_many_requests": "slow_down",
        "invalid_credentials": "unauthenticated",
    }
    return httpx2.Response(status, json={"code": names.get(code, "invalid"), "reference": "T-1"})


_AMOUNT: Final = shop.MonetaryAmount(value=Decimal("150.00"), currency=shop.CurrencyCode.RUB)
OPERATIONS: Final = (
    Operation(
        "a payment, protected by a key",
        yookassa,
        yookassa.BasicAuth("100500", "test_secret"),
        lambda client: client.payments.create(amount=_AMOUNT),
        _PAYMENT,
        _shop_failure,
    ),
    Operation(
        "a payment that nothing protects",
        features.outcomes,
        features.outcomes.BearerAuth("token"),
        lambda client: client.tips.create(amount="1.00"),
        _TIP,
        _till_failure,
    ),
    Operation(
        "reading",
        yookassa,
        yookassa.BasicAuth("100500", "test_secret"),
        lambda client: client.payments.get(payment_id=_PAYMENT["id"]),
        _PAYMENT,
        _shop_failure,
    ),
)


def _json(operation: Operation) -> httpx2.Response:
    return httpx2.Response(200, json=operation.success)


def _half(operation: Operation) -> httpx2.Response:
    text = json.dumps(operation.success)
    return httpx2.Response(200, content=text[: len(text) // 2], headers={"Content-Type": "application/json"})


def _limited(operation: Operation, seconds: str) -> httpx2.Response:
    found = operation.failure(429, "too_many_requests")
    found.headers["Retry-After"] = seconds
    return found


HTML: Final = "<html><h1>502 Bad Gateway</h1></html>"
FAULTS: Final = (
    Fault("nobody listens", lambda _: [httpx2.ConnectError("refused")]),
    Fault("nobody listens at first", lambda of: [httpx2.ConnectError("refused"), _json(of)]),
    Fault("the answer does not come in time", lambda _: [httpx2.ReadTimeout("timed out")]),
    Fault("the connection is reset after sending, once", lambda of: [httpx2.ReadError("reset"), _json(of)]),
    Fault("a proxy answers 502 with HTML", lambda _: [httpx2.Response(502, html=HTML)]),
    Fault("the documented 500, again and again", lambda of: [of.failure(500, "internal_server_error")]),
    Fault("the documented 500, twice", lambda of: [*[of.failure(500, "internal_server_error")] * 2, _json(of)]),
    Fault("429, twice", lambda of: [*[of.failure(429, "too_many_requests")] * 2, _json(of)]),
    Fault("429 that asks to wait 7 s", lambda of: [_limited(of, "7"), _json(of)]),
    Fault("429 that asks to wait an hour", lambda of: [_limited(of, "3600"), _json(of)]),
    Fault("no answer, then 401", lambda of: [httpx2.ReadTimeout("timed out"), of.failure(401, "invalid_credentials")]),
    Fault("the request is refused as wrong", lambda of: [of.failure(400, "invalid_request")]),
    Fault("a success, cut in half", lambda of: [_half(of)]),
    Fault("a success that is HTML", lambda _: [httpx2.Response(200, html=HTML)]),
    Fault("a redirect to another host", lambda _: [httpx2.Response(307, headers={"Location": "https://evil.test/"})]),
)


def _cell(operation: Operation, fault: Fault) -> str:
    answers = list(fault.answers(operation))
    waiting: Iterator[Answer] = iter(answers)
    sent: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        found = next(waiting, answers[-1])
        if isinstance(found, Exception):
            raise found
        return httpx2.Response(found.status_code, headers=found.headers, content=found.content)

    clock = Clock()
    client = operation.package.Client(
        operation.auth,
        base_url="https://api.test",
        environment=clock.environment(operation.package),
        http_client=httpx2.Client(transport=httpx2.MockTransport(answer)),
    )
    try:
        operation.call(client)
        ended = "the value"
    except operation.package.errors.REGISTRY.root as error:
        ended = f"`{type(error).__name__}`, outcome **{error.outcome.value}**"
    assert all(request.url.host == "api.test" and request.content == sent[0].content for request in sent)
    if len(sent) == 1:
        return f"{ended}, at once"
    return f"{ended}, after {len(sent)} attempts in {clock.seconds:g} s"


def _faults() -> str:
    lines = [
        f"| What happens | {' | '.join(operation.title for operation in OPERATIONS)} |",
        f"|---|{'---|' * len(OPERATIONS)}",
    ]
    for fault in FAULTS:
        cells = " | ".join(_cell(operation, fault) for operation in OPERATIONS)
        lines.append(f"| {fault.name} | {cells} |")
    return "\n".join(lines)


def _comparison() -> str:
    """The rows that were recorded beside each other, see `tests/proof`."""
    official = json.loads((PROOF / "official_client.json").read_text(encoding="utf-8"))
    own = json.loads((PROOF / "own_client.json").read_text(encoding="utf-8"))
    lines = [
        f"| Fault | lasting | `{official['sdk']}` raises | key known | payments made | this client raises | outcome | key known | payments made |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for theirs, ours in zip(official["rows"], own, strict=True):
        assert (theirs["fault"], theirs["lasting"]) == (ours["fault"], ours["lasting"])
        shown = [
            theirs["fault"],
            _yes(theirs["lasting"]),
            _class(theirs["raised"]),
            _yes(theirs["key_known"]),
            _count(theirs["executions"]),
            _class(ours["raised"]),
            ours["outcome"] or "",
            _yes(ours["key_known"]),
            _count(ours["executions"]),
        ]
        lines.append(f"| {' | '.join(shown)} |")
    return "\n".join(lines)


def _class(name: str | None) -> str:
    if name is None:
        return "nothing"
    return name if " " in name else f"`{name.rpartition('.')[2]}`"


def _yes(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _count(executions: int) -> str:
    return f"**{executions}**" if executions > 1 else str(executions)


def _twice() -> tuple[int, int]:
    """In how many rows the official client paid twice, and of how many."""
    rows = json.loads((PROOF / "official_client.json").read_text(encoding="utf-8"))["rows"]
    return sum(row["executions"] > 1 for row in rows), len(rows)


def _histories() -> str:
    """The figures that were recorded, a column for each API."""
    found: dict[str, dict[str, Any]] = json.loads((PROOF / "histories.json").read_text(encoding="utf-8"))
    rows: dict[str, list[str]] = {}
    for api, tree in found.items():
        for name, value in tree.items():
            members = value if isinstance(value, dict) else {"": value}
            for member, number in members.items():
                title = f"{name.replace('_', ' ')}{': ' if member else ''}{member.replace('_', ' ')}"
                rows.setdefault(title, ["0"] * len(found))[list(found).index(api)] = f"{number:,}"
    lines = [f"| | {' | '.join(found)} |", f"|---|{'---:|' * len(found)}"]
    return "\n".join([*lines, *(f"| {title} | {' | '.join(numbers)} |" for title, numbers in rows.items())])


def page() -> str:
    """The text of the guide."""
    template = jinja2.Environment(
        undefined=jinja2.StrictUndefined, keep_trailing_newline=True, autoescape=False
    )  # noqa: S701 Markdown
    twice, rows = _twice()
    return template.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        faults=_faults(), comparison=_comparison(), histories=_histories(), twice=twice, rows=rows
    )
