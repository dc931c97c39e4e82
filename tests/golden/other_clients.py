"""Writes the guide of other clients before our stubs: its tables are what those clients do, see `tests/sdks`."""

from __future__ import annotations

import contextlib
import importlib.metadata
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import jinja2
from behaviour.loopback import served
from behaviour.shops import Script
from sdks import certificates, reproduction
from sdks.encounters import NOTHING, Client, Encounter, scripted_app
from sdks.official_shop import configured
from sdks.official_wallet import wallet_client
from sdks.shop_encounters import OFFICIAL
from sdks.wallet_encounters import wallet_at

from payments.yookassa import server as shop_server
from payments.yoomoney_wallet import server as wallet_server

CHECKOUT: Final = Path(__file__).resolve().parents[2]
TEMPLATE: Final = CHECKOUT / "templates" / "guides" / "other-clients.md.jinja"
PAGE: Final = CHECKOUT / "generated" / "docs" / "guides" / "other-clients.md"

PEM: Final = "loopback.pem"
SESSION: Final = (
    "yookassa_meets(shop.errors.NotFound())",
    "yookassa_meets(shop.errors.MethodNotAllowed())",
    "yookassa_meets(shop.errors.UnsupportedMediaType())",
    "yookassa_meets(shop.errors.Processing())",
    f'yookassa_meets(shop.errors.Processing(), "{PEM}")',
    "yoomoney_meets(wallet.errors.InvalidToken())",
    "yoomoney_meets(wallet.errors.InsufficientScope())",
    "yoomoney_meets(wallet.errors.InternalServerError())",
    "yoomoney_meets(wallet.errors.AccountInfoFailed())",
)
Rows = dict[str, dict[str, Encounter]]


@contextlib.contextmanager
def official_shop(script: Script) -> Iterator[Client]:
    """The official SDK before a stub that does as the script says, over TLS."""
    with tempfile.TemporaryDirectory() as folder:
        pem = certificates.written(Path(folder))
        with served(scripted_app(shop_server, script), pem) as url, configured(url, pem):
            yield OFFICIAL


@contextlib.contextmanager
def official_wallet(script: Script) -> Iterator[Client]:
    """PyPI's client of the wallet before a stub that does as the script says."""
    with served(scripted_app(wallet_server, script)) as url, wallet_client(url, "token") as client:
        yield wallet_at(url, client)


def _rows(client: Client, script: Script) -> Rows:
    """What the client makes of every error that it can meet."""
    ids = [entry.contract.id for entry in client.house.catalog.errors]
    return {id: met for id in ids if (met := client.meet(script, id))}


def _errors(client: Client, rows: Rows, *, told: bool) -> str:
    """The errors that are raised, a row for each way in which they end."""
    head = ["our class", "HTTP", "it raises", *(["told"] if told else [])]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for id, met in rows.items():
        if any(one.raised == NOTHING for one in met.values()):
            continue
        for operations, one in _grouped(met):
            where = f" ({', '.join(operations)})" if len(operations) < len(met) else ""
            cells = [f"`{client.house.class_of(id).__name__}`", _statuses(client, id), f"{_class(one.raised)}{where}"]
            lines.append(f"| {' | '.join([*cells, *([f'`{one.told}`' if one.told else ''] if told else [])])} |")
    return "\n".join(lines)


def _class(raised: str) -> str:
    package, _, name = raised.rpartition(".")
    own = package in ("yookassa", "yoomoney")
    return f"`{name}`" if own else f"**`{name}`**, {f'of {package}' if package else 'of Python'}"


def _grouped(met: dict[str, Encounter]) -> list[tuple[list[str], Encounter]]:
    """The different ends, with the operations that had them."""
    return [([name for name, one in met.items() if one == end], end) for end in dict.fromkeys(met.values())]


def _statuses(client: Client, id: str) -> str:
    contract = client.house.class_of(id).contract
    assert contract is not None
    return ", ".join(contract.match.statuses) or "not documented"


def _notices(client: Client, rows: Rows) -> str:
    lines = ["| our class (opt-in) | raised | status and reason in the SDK |", "|---|---|---|"]
    for id, met in rows.items():
        end = next(iter(met.values()))
        if end.raised == NOTHING:
            assert set(met.values()) == {end}
            lost = (end.told or "").endswith(" unknown")
            shown = f"**`{end.told}`**" if lost else f"`{end.told}`"
            lines.append(f"| `{client.house.class_of(id).__name__}` | nothing | {shown} |")
    return "\n".join(lines)


def _session() -> str:
    """The reproduction at work, as an interactive session shows it."""
    with configured(""), tempfile.TemporaryDirectory() as folder:
        pem = certificates.written(Path(folder))
        said = [(line, eval(line.replace(PEM, str(pem)), vars(reproduction))) for line in SESSION]
    return "".join(f">>> print({line})\n{text}\n" for line, text in said)


def page() -> str:
    """The text of the guide."""
    script = Script()
    with official_shop(script) as shop:
        shop_rows = _rows(shop, script)
        shop_texts = {"shop_errors": _errors(shop, shop_rows, told=True), "shop_notices": _notices(shop, shop_rows)}
    with official_wallet(script) as wallet:
        wallet_rows = _rows(wallet, script)
        absent = len(wallet.house.catalog.errors) - len(wallet_rows)
        wallet_errors = _errors(wallet, wallet_rows, told=False)
    source = Path(reproduction.__file__).read_text(encoding="utf-8")
    code = source.partition("\n\n")[2]
    template = jinja2.Environment(
        undefined=jinja2.StrictUndefined, keep_trailing_newline=True, autoescape=False
    )  # noqa: S701 Markdown
    return template.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        shop="yookassa",
        wallet="yoomoney",
        shop_client=_version("yookassa"),
        wallet_client=_version("yoomoney"),
        wallet_errors=wallet_errors,
        absent=absent,
        reproduction=code.strip() + "\n",
        session=_session(),
        **shop_texts,
    )


def _version(name: str) -> str:
    return f"{name} {importlib.metadata.version(name)}"
