"""Links of answers: the operations they lead to, and the arguments that the exchange gives."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from decimal import Decimal

import pytest
from behaviour.loopback import served

from features.links import Client, Reply, models, server


class Payments:
    def create(self, request: server.CreatePayment, /) -> Reply[models.Payment]:
        return Reply(models.Payment(id="p/1"), headers={"Location": "/payments/p1"})

    def get(self, request: server.GetPayment, /) -> models.Payment:
        return models.Payment(id=request.id)

    def delete_shops_shop_id(self, request: server.DeleteShopsShopPaymentsId, /) -> None:
        return None


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with served(server.create_app(server.Handlers(payments=Payments()))) as url, Client(base_url=url) as client:
        yield client


def test_arguments_come_from_the_exchange(client: Client) -> None:
    raw = client.payments.create.raw(shop="s-9", amount=Decimal("10.50"), x_trace="t-1")
    assert set(raw.links) == {"GetPayment", "CancelPayment"}
    link = raw.links["GetPayment"]
    assert (link.operation, dict(link.arguments), link.body, link.missing) == (
        "getPayment",
        {"id": "p/1", "path.shop": "s-9"},
        None,
        (),
    )
    cancel = raw.links["CancelPayment"]
    assert cancel.operation == "delete_shops_shop_payments_id"
    assert (dict(cancel.arguments), cancel.missing) == ({"shop": "s-1"}, ("id",))
    assert cancel.body == {"trace": "t-1", "place": "/payments/p1", "amount": Decimal("10.50"), "fixed": 1}


def test_a_link_can_be_followed(client: Client) -> None:
    raw = client.payments.get.raw(shop="s", id="p 1")
    url = str(raw.links["Again"].arguments["from"]).split()[1]
    assert raw.links["Again"].arguments == {"shop": "s", "id": "p 1", "from": f"GET {url} 200"}
    assert url.endswith("/shops/s/payments/p%201")
    link = raw.links["Again"]
    again = client.payments.get(shop=link.arguments["shop"], id=link.arguments["id"])
    assert again == models.Payment(id="p 1")


def test_arguments_are_not_shown_by_chance(client: Client) -> None:
    raw = client.payments.get.raw(shop="s", id="4111111111111111")
    assert "4111" not in repr(raw.links)


def test_links_are_described_where_the_operation_is(client: Client) -> None:
    text = inspect.getdoc(client.payments.create)
    assert text is not None
    assert "- `GetPayment`: to `getPayment`. What became of it." in text
    assert "- `CancelPayment`: to `delete_shops_shop_payments_id`." in text
