"""Answers that no server should send: none of them makes decoding fail."""

from __future__ import annotations

import codecs
import encodings.aliases
import pickle
import warnings
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, get_args

import pytest
from cornershop import _contract, errors
from cornershop.resources import orders, transfers
from hypothesis import given
from hypothesis import strategies as st

from sadpath.runtime.answers import Answer
from sadpath.runtime.contract import (
    Advice,
    Attribute,
    ErrorContract,
    Format,
    Items,
    Match,
    OperationContract,
    Outcome,
    Predicate,
    Selector,
    Unit,
    ValueType,
)
from sadpath.runtime.decoding import decode_failure
from sadpath.runtime.errors import ApiError
from sadpath.runtime.headers import Headers
from sadpath.runtime.media import charset_of, stated_charset
from sadpath.runtime.values import read_value, seconds_of
from sadpath.runtime.wire import write_json

KINDS: tuple[ValueType, ...] = get_args(ValueType)
UNITS: tuple[Unit, ...] = get_args(Unit)
PLACES = [*KINDS, *UNITS]


def every_attribute() -> dict[str, Attribute]:
    """Every type and unit, in the body and in a header, one of them with a role."""
    found: dict[str, Attribute] = {}
    for kind in KINDS:
        found[f"body_{kind}"] = Attribute(Selector(body=f"/{kind}", type=kind), role="support_reference")
        found[f"header_{kind}"] = Attribute(Selector(header=f"X-{kind}", type=kind), required=True)
    for unit in UNITS:
        found[f"wait_{unit}"] = Attribute(Selector(body=f"/{unit}", type="duration", unit=unit), role="retry_after")
        found[f"number_{unit}"] = Attribute(Selector(body=f"/{unit}", type="decimal", unit=unit), role="retry_after")
    return found


class Everything(errors.CornerShopError):
    """An entry whose attributes are of every type."""

    contract = ErrorContract(
        "everything",
        Match(("default",), format="everything"),
        "internal",
        "server",
        Outcome.REJECTED,
        Advice("repeat"),
        "Everything",
        attributes=every_attribute(),
    )


def told_by(kind: ValueType) -> type[ApiError]:
    """An entry that is told by a value of a type."""
    when = (Predicate(Selector(body=f"/{kind}", type=kind), "in", (1, "1")),)
    contract = ErrorContract(kind, Match((), when=when), "internal", "server", Outcome.PENDING, Advice("poll"), kind)
    return type(f"Told{kind}", (errors.CornerShopError,), {"contract": contract})


FORM = Format(
    "everything",
    code=Selector(body="/code"),
    message=Selector(body="/json"),
    constants={"/type": "error"},
    items=Items(
        "/csv", {kind: Attribute(Selector(body=f"/{kind}", type=kind), role="field") for kind in (*KINDS[:-1], "json")}
    ),
)
REGISTRY = replace(
    errors.REGISTRY,
    api=replace(_contract.API, formats={**_contract.API.formats, "everything": FORM}),
    errors=(*errors.REGISTRY.errors, Everything, *map(told_by, KINDS)),
)
OPERATIONS: list[OperationContract | None] = [orders.CREATE, orders.GET, orders.DELETE, transfers.CREATE, None]

NUMBER_TEXTS = st.sampled_from(
    ["9e999999", "-9e999999", "9e99999999999999999", "1e-999999", "0e999999", "1e400", "-0", "9" * 400, "1e999"]
)
TIMES = st.sampled_from(
    [
        "2026-01-01T00:00:00",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "Thu, 01 Jan 2026 00:00:00 -0000",
        "Thu, 01 Jan 99999999999999999999 00:00:00 GMT",
        "Thu, 01 Jan 2026 00:00:00 +99999999999999",
        "P99999999999999999999DT1S",
        "P" + "9" * 2000 + "D",
    ]
)
VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | NUMBER_TEXTS | TIMES | NUMBER_TEXTS.map(Decimal),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(PLACES), inner, max_size=4),
    max_leaves=8,
)
BODIES = (
    st.dictionaries(st.sampled_from([*PLACES, "type", "code", "id", "errors", "status", "error"]), VALUES).map(
        write_json
    )
    | st.binary(max_size=200)
    | st.builds(lambda text: b'{"retry_after":%s,"s":%s}' % (text.encode(), text.encode()), NUMBER_TEXTS)
)
CHARSETS = st.sampled_from(sorted({*encodings.aliases.aliases.values(), "undefined", "unicode_escape", "\0", "é"}))
LINES = st.lists(
    st.tuples(
        st.sampled_from(["WWW-Authenticate", "Allow", "Retry-After", "Date", *(f"X-{kind}" for kind in KINDS)]),
        st.text(max_size=40) | NUMBER_TEXTS | TIMES,
    )
    | st.tuples(st.just("Content-Type"), CHARSETS.map(lambda name: f"application/json; charset={name}")),
    max_size=5,
)


@given(st.integers(-1, 1000), BODIES, LINES, st.sampled_from(OPERATIONS))
def test_no_answer_makes_decoding_fail(
    status: int, data: bytes, lines: list[tuple[str, str]], operation: OperationContract | None
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        error = decode_failure(REGISTRY, operation, Answer(status, Headers(lines), data))
    assert error is not None or 200 <= status < 300
    if error is not None:
        assert str(error).isprintable() and str(pickle.loads(pickle.dumps(error))) == str(error)
        assert error.retry_after is None or 0 <= error.retry_after < 1e14


@pytest.mark.parametrize("number", ["9e999999", "9e99999", "-9e999999", "1e-999999", "0e999999"])
@pytest.mark.parametrize("kind", ["integer", "decimal", "duration"])
def test_numbers_out_of_range_are_no_values(number: str, kind: Any) -> None:
    with pytest.raises(ValueError, match=r"out of range"):
        read_value(Decimal(number), kind)
    longest = timedelta.max.total_seconds() if number.startswith("9") and "e-" not in number else None
    assert seconds_of(Decimal(number), "h", None, datetime(2026, 1, 1, tzinfo=timezone.utc)) == longest
    assert seconds_of("9" * 40, "h", None, datetime(2026, 1, 1, tzinfo=timezone.utc)) == timedelta.max.total_seconds()


def test_a_waiting_time_out_of_range_is_the_longest_and_does_not_cost_the_failure() -> None:
    data = b'{"type":"error","id":"s","code":"too_many_requests","retry_after":9e999999}'
    error = decode_failure(errors.REGISTRY, orders.CREATE, Answer(429, body=data))
    assert type(error) is errors.TooManyRequests and error.retry_after == timedelta.max.total_seconds()
    late = decode_failure(errors.REGISTRY, orders.CREATE, Answer(429, Headers([("Retry-After", "9e999")])))
    assert late is not None and late.retry_after == timedelta.max.total_seconds()


def test_dates_with_and_without_a_zone_are_compared() -> None:
    lines = [("Retry-After", "Thu, 01 Jan 2026 00:00:10 GMT"), ("Date", "2026-01-01T00:00:00")]
    error = decode_failure(errors.REGISTRY, orders.CREATE, Answer(503, Headers(lines)))
    assert error is not None and error.retry_after == 10.0


def test_a_support_reference_of_several_values_is_none() -> None:
    listed = Attribute(Selector(body="/ids", type="csv"), role="support_reference")
    form = replace(_contract.API.formats["error-object"], attributes={"ids": listed})
    api = replace(_contract.API, formats={**_contract.API.formats, "error-object": form})
    data = b'{"type":"error","ids":["a","b"],"code":"not_found"}'
    error = decode_failure(replace(errors.REGISTRY, api=api), orders.GET, Answer(404, body=data))
    assert type(error) is errors.NotFound
    assert error.support_reference is None and error.attributes["ids"] == ("a", "b")


BYTES_TO_BYTES = ["hex", "zlib", "bz2", "base64", "uu", "quopri", "rot13", "undefined", "idna", "unicode_escape", "no"]


@pytest.mark.parametrize("name", BYTES_TO_BYTES)
def test_a_character_set_that_is_none_is_ignored_and_noted(name: str) -> None:
    field = f'application/json; charset="{name}"'
    assert charset_of(field) is None and stated_charset(field) == name
    answer = Answer(404, Headers([("Content-Type", field)]), '{"type":"error","id":"é","code":"not_found"}'.encode())
    error = decode_failure(errors.REGISTRY, orders.GET, answer)
    assert type(error) is errors.NotFound and error.support_reference == "é"
    assert error.violations == ("the stated character set is none, and was ignored",)
    unknown = decode_failure(errors.REGISTRY, orders.CREATE, replace(answer, status=502, body=b"{}"))
    assert unknown is not None and unknown.violations[1:] == ("the stated character set is none, and was ignored",)


@pytest.mark.parametrize("name", ["utf-8", "UTF-16", "utf-32", "utf-16-le", "latin-1", "koi8-r", "utf-7", "shift_jis"])
def test_a_character_set_is_used(name: str) -> None:
    field = f"application/json; charset={name}"
    assert charset_of(field) == codecs.lookup(name).name
    data = '{"type":"error","id":"s","code":"not_found"}'.encode(name)
    error = decode_failure(errors.REGISTRY, orders.GET, Answer(404, Headers([("Content-Type", field)]), data))
    assert type(error) is errors.NotFound and error.violations == ()
