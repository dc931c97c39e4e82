"""The handling code on every error's page is run: the client meets the error's own example, and the code handles it."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from behaviour.clocks import Clock
from behaviour.houses import HOUSES, MAKECOMMERCE, PAYSERA, ROOT, WALLET, YOOKASSA, House
from behaviour.test_loopback import BASIC, BEARER, BOTH, CALLS, MAC

from payments import OutcomeUnknown
from payments._runtime.errors import ApiError
from sadpath.catalog.model import Example

AUTH: dict[str, Any] = {YOOKASSA.api: BOTH, WALLET.api: BEARER, MAKECOMMERCE.api: BASIC, PAYSERA.api: MAC}
CALL = re.compile(r"client\.(\w+)\.(\w+)\((\.\.\.)")


def code_of(house: House, id: str, locale: str) -> str:
    """The handling code of a page."""
    page = (ROOT / "generated" / "docs" / house.api / locale / "errors" / f"{id}.md").read_text(encoding="utf-8")
    found: list[str] = re.findall(r"^```python\n(.*?)^```", page, re.M | re.S)
    assert len(found) == 1, id
    return found[0]


def answers(example: Example) -> Iterator[httpx2.Response]:
    """The example, as often as it is asked for."""
    response = example.response
    while True:
        yield httpx2.Response(response.status, headers=list(response.headers), content=response.body.encode())


def cases() -> list[Any]:
    """One example of each error, where there is one that came whole."""
    found: list[Any] = []
    for house in HOUSES:
        for entry in house.catalog.errors:
            examples = [one for one in entry.examples if not one.truncated]
            if examples:
                found.append(pytest.param(house, entry.contract.id, examples, id=f"{house.api}-{entry.contract.id}"))
    return found


@pytest.mark.parametrize(("house", "id", "examples"), cases())
def test_the_code_of_the_page_handles_the_error(house: House, id: str, examples: list[Example]) -> None:
    code = code_of(house, id, "en")
    assert code == code_of(house, id, "ru")
    named = CALL.search(code)
    assert named is not None
    [(operation, (_, _, arguments))] = [
        (one, call) for one, call in CALLS[house.api].items() if call[:2] == (named[1], named[2])
    ]
    example = next((one for one in examples if one.operation == operation), examples[0])
    seen: list[ApiError] = []
    program = CALL.sub(r"client.\1.\2(**arguments", code, count=1)
    program = re.sub(r"^(except .* as error:)$", r"\1\n    seen.append(error)", program, flags=re.M)
    stream = answers(example)
    transport = httpx2.MockTransport(lambda request: next(stream))
    printed = io.StringIO()
    with (
        httpx2.Client(transport=transport) as http_client,
        house.client.Client(AUTH[house.api], http_client=http_client, environment=Clock().environment) as client,
        contextlib.redirect_stdout(printed),
    ):
        try:
            exec(compile(program, f"{id}.md", "exec"), {"client": client, "arguments": arguments, "seen": seen})
        except ApiError as error:
            # Only finding out may raise: what the call turned out to be, or that nobody can tell.
            assert ".resolve(error)" in code and isinstance(error, house.registry.root)
    assert len(seen) == 1 and isinstance(seen[0], house.class_of(id))
    assert (".resolve(error)" in code) or printed.getvalue()
    if isinstance(seen[0], OutcomeUnknown) and house.operations[operation].effect != "read":
        assert ".resolve(error)" in code


def test_every_page_has_code() -> None:
    covered = {(case.values[0].api, case.values[1]) for case in cases()}
    assert len(covered) > 90
    for house in HOUSES:
        for entry in house.catalog.errors:
            assert CALL.search(code_of(house, entry.contract.id, "en")) is not None
