"""What is wrong with a server is found: the same run, of one operation, fails for each way to break the contract."""

from __future__ import annotations

from pathlib import Path

import pytest
from behaviour.loopback import served
from behaviour.shops import Script
from conformance import damages
from conformance.judging import judged
from conformance.stubs import STUBS, Stub, caller

MERCHANT: Stub = next(stub for stub in STUBS if stub.api == "makecommerce")
ONE = ("--include-operation-id", "listRefunds", "--phases", "coverage,fuzzing")
FOUND = {
    "Server error": damages.breaking_down,
    "Undocumented status code": damages.of_another_status,
    "Undocumented Content-Type": damages.of_another_type,
    "Response header does not conform to the schema": damages.with_another_header,
    "Response violates schema": damages.with_another_body,
    "Schema-violating request accepted": damages.taking_anything,
    "Schema-valid request rejected": damages.taking_nothing,
    "Unsupported method": damages.taking_any_method,
    "API accepts requests without authentication": damages.letting_anyone_in,
}


@pytest.mark.parametrize("title", FOUND)
def test_damage_is_found(title: str, tmp_path: Path) -> None:
    app = damages.damaged(MERCHANT.app(Script(), authenticate=caller), FOUND[title])
    with served(app) as url:
        verdict = judged(MERCHANT, url, tmp_path, *ONE, examples=5)
    assert verdict.code == 1, verdict.output
    assert title in verdict.output, verdict.output


def test_the_operation_is_sound_by_itself(tmp_path: Path) -> None:
    with MERCHANT.serving() as url:
        verdict = judged(MERCHANT, url, tmp_path, *ONE, examples=5)
    assert verdict.code == 0, verdict.output
