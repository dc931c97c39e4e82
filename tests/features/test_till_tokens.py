"""The till: what its client says where nobody can tell, and how another process goes on from the text of a token."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from behaviour.clocks import MINUTE, START
from behaviour.tills import (
    REFERENCE,
    Till,
    doubted,
    finalize,
    lost,
    refund,
    refunds,
    refusal,
    refused,
    resolve,
    sell,
    sold,
    unresolved,
)

from features.outcomes import errors


def test_unresolved_names_whom_to_ask_and_what_to_say(till: Till) -> None:
    error = doubted(till, sell, lambda: refusal("broken"))
    till.will(refused(), goes_on=True)
    failure = unresolved(till, error, deadline=3)
    assert "Contact support of Till (Till support, support@till.test, https://till.test/support)" in str(failure)
    assert failure.support_reference == REFERENCE and f"with the reference {REFERENCE}" in str(failure)


def test_unresolved_names_the_reference_of_the_call_and_not_of_a_lookup(till: Till) -> None:
    error = doubted(till, finalize, lambda: refusal("broken"))
    till.will(refusal("unauthenticated", reference="T-9"))
    assert unresolved(till, error).support_reference == REFERENCE


def test_unresolved_goes_to_another_process_and_is_resolved_there(till: Till) -> None:
    error = doubted(till)
    till.will(lost())
    failure = unresolved(till, error, deadline=2)
    stored: errors.UnresolvedOutcomeUnknown = pickle.loads(pickle.dumps(failure))
    assert type(stored) is errors.UnresolvedOutcomeUnknown
    assert (stored.reason, stored.idempotency_key) == ("deadline", failure.idempotency_key)
    assert str(stored) == str(failure)
    till.fails(ValueError, resolve(stored))
    token = str(stored.resume_token)
    till.opened().will(sold())
    resolved = till.run(lambda client: client.sales.create.resume(token, amount="10.00"))
    assert (resolved.executed, resolved.attempts) == (True, 3)


def test_unresolved_is_resolved_later(till: Till) -> None:
    error = doubted(till)
    till.will(lost())
    failure = unresolved(till, error, deadline=2)
    resolved = till.will(sold()).run(resolve(failure))
    assert resolved.attempts == 3 and len(set(till.keys)) == 1


def test_another_client_goes_on_from_a_token(till: Till) -> None:
    error = doubted(till, sell, lambda: refusal("broken"))
    token = str(error.resume_token)
    till.clock.seconds += 0.5
    till.opened().will(refusal("broken"), sold())
    resolved = till.run(lambda client: client.sales.create.resume(token, amount="10.00"))
    assert (resolved.value.id, resolved.attempts, till.waits) == ("s-1", 3, [0.5, 1])
    assert set(till.keys) == {error.idempotency_key} and len({request.body for request in till.requests}) == 1


def test_a_lookup_goes_on_from_a_token(till: Till) -> None:
    error = doubted(till, refund)
    till.opened().will(refunds("own-1"))
    resume = error.resume_token
    assert till.run(
        lambda client: client.refunds.create.resume(resume, reference="own-1", sale_id="s-1", amount="1.00")
    ).executed


ELSEWHERE = """
import json, sys
import httpx2
from features.outcomes import BearerAuth, Client

def answered(request):
    tree = {"id": "s-1", "amount": "10.00", "status": "final"}
    seen.append([request.headers["Idempotency-Key"], request.content.decode()])
    return httpx2.Response(201, json=tree)

seen = []
http_client = httpx2.Client(transport=httpx2.MockTransport(answered))
client = Client(BearerAuth("another-token"), http_client=http_client)
resolved = client.sales.create.resume(sys.stdin.read(), amount="10.00")
print(json.dumps([resolved.value.status, resolved.attempts, *seen[0]]))
"""


def test_a_process_of_its_own_goes_on_from_a_token(till: Till) -> None:
    till.clock.seconds = (datetime.now(timezone.utc) - START).total_seconds() - MINUTE
    error = doubted(till)
    roots = [path for path in sys.path if (Path(path) / "features" / "outcomes").is_dir()]
    ran = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        input=str(error.resume_token),
        capture_output=True,
        text=True,
        timeout=60,
        env={"PYTHONPATH": ":".join(roots)},
        check=True,
    )
    sent = till.requests[0]
    assert json.loads(ran.stdout) == ["final", 2, sent.key, sent.body.decode()]


def other_amount(token: Any) -> Callable[[Any], Any]:
    return lambda client: client.sales.create.resume(token, amount="10.01")


def other_operation(token: Any) -> Callable[[Any], Any]:
    return lambda client: client.payouts.create.resume(token, payout_id="p-1", amount="10.00")


def other_key(token: Any) -> Callable[[Any], Any]:
    return lambda client: client.sales.create.resume(token, amount="10.00", idempotency_key="another")


def no_token(token: Any) -> Callable[[Any], Any]:
    return lambda client: client.sales.create.resume(token[:-5], amount="10.00")


@pytest.mark.parametrize("wrong", [other_amount, other_operation, other_key, no_token])
def test_a_token_belongs_to_one_request(till: Till, wrong: Callable[[str], Callable[[Any], Any]]) -> None:
    error = doubted(till)
    till.opened().fails(ValueError, wrong(str(error.resume_token)))
    assert till.sent == 1
