"""Idempotency keys: how long the one is that is made, and what a server says where one is absent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from cornershop import errors

from sadpath.runtime.calls import Call
from sadpath.runtime.contract import IdempotencyScheme, OperationContract
from sadpath.runtime.exchange import Exchange, Settings
from sadpath.runtime.headers import Headers
from sadpath.runtime.raw_parameters import RawParameters
from sadpath.runtime.reception import RawRequest, Refused, read_arguments
from sadpath.runtime.servers import Base

PAY = OperationContract("pay", "POST", "/pay", idempotency="key")
KEY = IdempotencyScheme("key", "Idempotency-Key", max_length=32)


def made(max_length: int | None) -> str | None:
    scheme = replace(KEY, max_length=max_length)
    registry = replace(errors.REGISTRY, api=replace(errors.REGISTRY.api, idempotency={"key": scheme}))
    call: Call[Any, Any] = Call(PAY, {})
    return Exchange(Settings(registry, Base("https://x.test")), call).idempotency_key


@pytest.mark.parametrize(("max_length", "length"), [(None, 36), (36, 36), (35, 32), (32, 32), (20, 20), (16, 16)])
def test_a_key_that_is_made_fits(max_length: int | None, length: int) -> None:
    key, another = made(max_length), made(max_length)
    assert key is not None and len(key) == length and key != another


def test_no_key_is_made_of_so_few_characters_that_it_comes_up_twice() -> None:
    with pytest.raises(ValueError, match="has to be given: none can be made of 15 characters"):
        made(15)


def request(*lines: tuple[str, str]) -> RawRequest:
    return RawRequest("POST", "/pay", RawParameters({}, (), (), Headers(lines), ()), b"")


def test_a_server_asks_for_a_key_unless_the_document_leaves_it_to_the_caller() -> None:
    with pytest.raises(Refused) as refused:
        read_arguments(PAY, request(), KEY)
    assert [(fault.field, fault.message) for fault in refused.value.faults] == [("Idempotency-Key", "is missing")]
    optional = replace(PAY, idempotency_optional=True)
    assert read_arguments(optional, request(), KEY) == {"idempotency_key": None}
    assert read_arguments(optional, request(("Idempotency-Key", "k")), KEY) == {"idempotency_key": "k"}
    with pytest.raises(Refused):
        read_arguments(optional, request(("Idempotency-Key", "k" * 33)), KEY)
