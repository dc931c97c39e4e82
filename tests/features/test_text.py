"""Text and YAML: what a document means, whatever YAML 1.1 would make of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from features.text import __doc__ as about
from features.text import errors
from features.text.models.switch import Switch
from features.text.models.switch_mode import SwitchMode
from features.text.resources.no import GET_SWITCH


def test_the_document_has_a_byte_order_mark_and_windows_line_ends(checkout: Path) -> None:
    data = (checkout / "specs" / "features" / "text" / "openapi.yaml").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfopenapi") and data.count(b"\r\n") == data.count(b"\n") > 40


def test_words_are_words_and_versions_keep_their_zeros() -> None:
    assert "version 1.10" in (about or "")
    assert [member.value for member in SwitchMode] == ["on", "off", "2026-01-31", "1"]
    assert {"on", "y"} <= set(Switch.model_fields)


def test_unquoted_statuses_and_anchors() -> None:
    assert [success.status for success in GET_SWITCH.success] == ["200"]
    assert errors.ClientError.contract is not None and errors.ClientError.contract.match.statuses == ("4XX",)
    assert {parameter.name for parameter in GET_SWITCH.parameters} == {"on", "day"}


@pytest.mark.parametrize(("y", "fits"), [(9, False), (10, True), (64, True), (65, False)])
def test_octals_are_those_of_yaml_1_2(y: int, fits: bool) -> None:
    if fits:
        assert Switch(on=True, y=y).y == y
        return
    with pytest.raises(ValidationError, match="y"):
        Switch(on=True, y=y)


def test_dates_and_times_stay_text_until_a_schema_says_more() -> None:
    switch = Switch(on=True)
    assert (switch.when, switch.day) == ("12:30:45", date(2026, 1, 31))
    assert Switch.from_wire({"on": True, "mode": None}).violations == ()


def test_numbers_keep_every_digit() -> None:
    most = Decimal("123456789012345678901234567890.1")
    assert Switch(on=True, exact=most).to_json() == b'{"on":true,"exact":123456789012345678901234567890.1}'
    with pytest.raises(ValidationError, match="exact"):
        Switch(on=True, exact=most + Decimal("0.1"))
    with pytest.raises(ValidationError, match="exact"):
        Switch(on=True, exact=Decimal("0.000000000000000000001"))
