"""What the official SDK does under faults is as recorded, and what is recorded covers every fault."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path
from typing import Any

from proof.environment import CHECKOUT, run
from proof.official_client import FAULTS, REFUSED, Row

RECORD = Path(__file__).with_name("official_client.json")


def recorded() -> dict[str, Any]:
    record: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return record


def test_every_fault_is_recorded_once_and_lasting() -> None:
    rows = [Row(**row) for row in recorded()["rows"]]
    expected = {(fault, lasting) for fault in FAULTS for lasting in (False, True)} - {(REFUSED, False)}
    assert len(rows) == len(expected)
    assert {(row.fault, row.lasting) for row in rows} == expected
    assert [field.name for field in dataclasses.fields(Row)] == list(recorded()["rows"][0])


if os.environ.get("SADPATH_PROOF") == "1":

    def test_the_sdk_still_does_what_is_recorded() -> None:
        assert json.loads(run("proof.official_client", CHECKOUT / ".venv" / "proof")) == recorded()
