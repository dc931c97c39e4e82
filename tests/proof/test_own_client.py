"""What the generated client does under faults is as recorded beside the official SDK's record: every payment is made once."""

from __future__ import annotations

import json
from pathlib import Path

from proof.official_client import FAULTS, REFUSED
from proof.own_client import Row, report

RECORD = Path(__file__).with_name("own_client.json")


def test_the_client_does_what_is_recorded() -> None:
    assert report() == json.loads(RECORD.read_text(encoding="utf-8"))


def test_every_payment_is_made_once_and_every_doubt_can_be_settled() -> None:
    rows = [Row(**row) for row in json.loads(RECORD.read_text(encoding="utf-8"))]
    assert {(row.fault, row.lasting) for row in rows} == {
        (fault, lasting) for fault in FAULTS for lasting in (False, True)
    } - {(REFUSED, False)}
    assert {row.executions for row in rows} == {1}
    assert all(row.key_known for row in rows if row.raised is not None)
