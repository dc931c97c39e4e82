"""readOnly and writeOnly: a request's model is not the response's, and the client and the server agree on both."""

from __future__ import annotations

import pytest
from behaviour.loopback import served
from pydantic import ValidationError

from features.read_and_write import models
from features.read_and_write.client import Client
from features.read_and_write.models.account import Account
from features.read_and_write.models.account_input import AccountInput
from features.read_and_write.models.holder import Holder
from features.read_and_write.models.holder_input import HolderInput
from features.read_and_write.models.tag import Tag
from features.read_and_write.server import Handlers, OpenAccount, create_app


def test_members_go_their_own_way() -> None:
    assert set(Account.model_fields) == {"id", "name", "created", "holder", "tags"}
    assert set(AccountInput.model_fields) == {"name", "pin", "holder", "tags"}
    assert set(HolderInput.model_fields) == {"name"} and set(Holder.model_fields) == {"name", "verified"}
    assert set(models.Change.model_fields) == {"pin"}


def test_what_is_the_same_both_ways_stays_one_class() -> None:
    names = set(models.__all__)
    assert {"Tag", "Portfolio", "Change"} <= names and not {"TagInput", "PortfolioInput", "ChangeInput"} & names


def test_required_is_required_in_its_own_direction() -> None:
    with pytest.raises(ValidationError, match="pin"):
        AccountInput(name="n", holder=HolderInput(name="h"))  # type: ignore[call-arg]
    assert {one.pointer for one in Account.from_wire({}).violations} == {"/id", "/name", "/holder"}


def test_write_only_values_are_not_shown() -> None:
    assert "0000" not in repr(AccountInput(name="n", pin="0000", holder=HolderInput(name="h")))


class _Accounts:
    def __init__(self) -> None:
        self.received: list[AccountInput] = []

    def open(self, request: OpenAccount, /) -> Account:
        given = request.body
        self.received.append(given)
        return Account(id="1", name=given.name, holder=Holder(name=given.holder.name, verified=True), tags=given.tags)

    def change(self, request: object, /) -> models.Portfolio:
        return models.Portfolio(accounts=[])


def test_client_and_server_agree() -> None:
    accounts = _Accounts()
    with served(create_app(Handlers(accounts=accounts))) as url, Client(base_url=url) as client:
        found = client.accounts.open(name="n", pin="0000", holder=HolderInput(name="h"), tags=[Tag(text="t")])
    assert [one.to_wire() for one in accounts.received] == [
        {"name": "n", "pin": "0000", "holder": {"name": "h"}, "tags": [{"text": "t"}]}
    ]
    assert found.to_wire() == {
        "id": "1",
        "name": "n",
        "holder": {"name": "h", "verified": True},
        "tags": [{"text": "t"}],
    }
