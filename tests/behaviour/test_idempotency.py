"""A request that is repeated under its key is executed once: over sockets, from threads, by several processes, after a kill."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from behaviour.houses import YOOKASSA
from behaviour.keyed_till import Sales, application, elsewhere
from behaviour.loopback import served
from behaviour.shops import Script, anyone, payment, shop_app

from features._runtime.answers import Answer
from features._runtime.contract import Outcome
from features._runtime.environment import Environment
from features._runtime.headers import Headers
from features._runtime.idempotency import Claim, Idempotency, Reservation, caller_of, digest_of
from features.outcomes import BearerAuth, Client, SQLiteIdempotencyStore, errors
from payments._runtime.decoding import decode_failure
from payments.yookassa import Idempotency as ShopIdempotency
from payments.yookassa import SQLiteIdempotencyStore as ShopStore
from payments.yookassa import errors as shop_errors
from payments.yookassa import models as shop_models
from payments.yookassa import server as shop_server

BEARER = {"Authorization": "Bearer tenant-1"}
SALE = {"amount": "10.00"}


@dataclass
class Clock:
    """The time that a server's reservations are told by; it stands still unless it is set on."""

    time: datetime = datetime(2026, 1, 5, 10, tzinfo=timezone.utc)

    def environment(self) -> Environment:
        return Environment(now=lambda: self.time)


@dataclass
class Till:
    """A server and what it did."""

    url: str
    sales: Sales
    clock: Clock
    store: Path

    def sell(self, key: str | None = "k-1", body: Any = SALE, **headers: str) -> httpx2.Response:
        keyed = {"Idempotency-Key": key} if key is not None else {}
        return httpx2.post(f"{self.url}/sales", json=body, headers={**BEARER, **keyed, **headers}, timeout=20)

    @property
    def executions(self) -> int:
        return len(self.sales.executions.read_text().splitlines()) if self.sales.executions.exists() else 0


@pytest.fixture
def till(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Till]:
    clock, store = Clock(), tmp_path / "keys.sqlite"
    sales = Sales(tmp_path / "executions")
    settings: dict[str, Any] = getattr(request, "param", {})
    with (
        closing(SQLiteIdempotencyStore(store)) as keys,
        served(application(sales, store=keys, environment=clock.environment(), **settings)) as url,
    ):
        yield Till(url, sales, clock, store)


def same(one: httpx2.Response, other: httpx2.Response) -> bool:
    """Whether two answers are the same bytes, but for what the HTTP server adds."""

    def parts(response: httpx2.Response) -> Any:
        added = ("date", "server", "connection")
        return (
            response.status_code,
            response.content,
            [item for item in response.headers.items() if item[0] not in added],
        )

    return bool(parts(one) == parts(other))


def test_a_repeat_is_answered_with_the_same_bytes_and_not_executed(till: Till) -> None:
    first = till.sell()
    assert first.status_code == 201 and same(till.sell(), first) and till.executions == 1
    assert till.sell("k-2").json()["id"] != first.json()["id"] and till.executions == 2


def test_another_request_under_the_key_is_refused(till: Till) -> None:
    till.sell()
    other = till.sell(body={"amount": "11.00"})
    assert (other.status_code, till.executions) == (422, 1)
    assert till.sell(body=SALE).status_code == 201


def test_a_key_belongs_to_its_caller_and_to_nobody_who_is_refused(till: Till) -> None:
    first = till.sell()
    assert till.sell(Authorization="Bearer tenant-2").json()["id"] != first.json()["id"]
    assert till.sell(Authorization="Bearer wrong").status_code == 401 and till.executions == 2


def test_a_request_without_a_key_or_with_two_is_refused(till: Till) -> None:
    missing = till.sell(None)
    assert (missing.status_code, missing.json()["code"]) == (400, "invalid")
    twice = [*BEARER.items(), ("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    assert httpx2.post(f"{till.url}/sales", json=SALE, headers=twice).status_code == 400
    assert till.executions == 0


def test_what_is_not_valid_does_not_use_the_key_up(till: Till) -> None:
    assert till.sell(body={"amount": 10}).status_code == 400 and till.sell(body=SALE).status_code == 201


FINAL: list[Any] = [errors.Declined("no"), errors.Invalid("no"), errors.UsedUp("no")]
FREE: list[Any] = [
    errors.Busy("later"),
    errors.SlowDown("later"),
    errors.Closed("later"),
    errors.Unauthenticated("renew"),
    errors.Accepted("ask again"),
]


@pytest.mark.parametrize("error", FINAL, ids=lambda error: type(error).__name__)
def test_a_final_refusal_is_kept(error: Exception, till: Till) -> None:
    till.sales.will.append(error)
    first = till.sell()
    assert first.status_code >= 400 and same(till.sell(), first) and till.executions == 1


@pytest.mark.parametrize("error", FREE, ids=lambda error: type(error).__name__)
def test_a_refusal_that_a_repeat_may_get_past_is_not_kept(error: Exception, till: Till) -> None:
    till.sales.will.append(error)
    assert till.sell().status_code in (202, 401, 409, 429, 503)
    assert till.sell().status_code == 201 and till.executions == 2


@pytest.mark.parametrize("error", [errors.Broken("?"), ValueError("?")], ids=["told", "unhandled"])
def test_an_outcome_that_nobody_knows_is_not_invented(error: Exception, till: Till) -> None:
    till.sales.will.append(error)
    first, repeat = till.sell(), till.sell()
    assert (first.status_code, first.json()["code"]) == (500, "broken")
    assert same(repeat, first) and till.executions == 1


@pytest.mark.parametrize("till", [{"on_lost": "run"}], indirect=True)
def test_a_handler_that_finds_out_by_itself_is_called_again(till: Till) -> None:
    till.sales.will.append(errors.Broken("?"))
    assert till.sell().status_code == 500
    assert till.sell().status_code == 201 and till.executions == 2


@pytest.mark.parametrize("till", [{"retention": 60.0, "lapse": 5.0}], indirect=True)
def test_a_key_is_remembered_as_long_as_the_contract_says(till: Till) -> None:
    first = till.sell()
    till.clock.time += timedelta(hours=23, minutes=59)
    assert same(till.sell(), first)
    till.clock.time += timedelta(minutes=1)
    assert till.sell(body={"amount": "12.00"}).status_code == 201 and till.executions == 2


def test_of_many_at_once_one_is_executed(till: Till) -> None:
    slow = {**SALE, "note": "slow"}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: till.sell(body=slow), range(8)))
    assert till.executions == 1
    assert sorted(answer.status_code for answer in answers)[0] == 201
    assert {answer.status_code for answer in answers} <= {201, 409}
    waiting = [answer for answer in answers if answer.status_code == 409]
    assert waiting and all(answer.headers["retry-after"] == "1" for answer in waiting)
    assert till.sell(body=slow).status_code == 201 and till.executions == 1


def test_two_processes_share_one_file(tmp_path: Path) -> None:
    store, executions = tmp_path / "keys.sqlite", tmp_path / "executions"
    with elsewhere(store, executions) as (one, _), elsewhere(store, executions) as (two, _):
        urls = [one, two] * 4
        slow = {**SALE, "note": "slow"}
        keyed = {**BEARER, "Idempotency-Key": "shared"}

        def sell(url: str) -> httpx2.Response:
            return httpx2.post(f"{url}/sales", json=slow, headers=keyed, timeout=30)

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(sell, urls))
        assert {answer.status_code for answer in answers} <= {201, 409}
        repeats = [sell(url) for url in (one, two)]
        assert [answer.status_code for answer in repeats] == [201, 201] and same(*repeats)
    assert executions.read_text() == "shared 10.00\n"


def test_several_open_one_file_at_once(tmp_path: Path) -> None:
    def opened(path: Path) -> None:
        SQLiteIdempotencyStore(path).close()

    with ThreadPoolExecutor(8) as pool:
        for number in range(40):
            for done in [pool.submit(opened, tmp_path / f"{number}.sqlite") for _ in range(8)]:
                done.result()


def test_a_process_that_is_killed_leaves_a_doubt_that_lapses(tmp_path: Path) -> None:
    store, executions = tmp_path / "keys.sqlite", tmp_path / "executions"
    fatal = {**SALE, "note": "die"}
    keyed = {**BEARER, "Idempotency-Key": "k-1"}
    with elsewhere(store, executions) as (url, process):
        with pytest.raises(httpx2.TransportError):
            httpx2.post(f"{url}/sales", json=fatal, headers=keyed, timeout=30)
        assert process.wait(timeout=10) == -9
    clock = Clock(datetime.now(timezone.utc))
    for on_lost, status in (("refuse", 500), ("run", 201)):
        sales = Sales(tmp_path / "again")
        settings: dict[str, Any] = {"environment": clock.environment(), "on_lost": on_lost}
        with (
            closing(SQLiteIdempotencyStore(store)) as keys,
            served(application(_Alive(sales), store=keys, **settings)) as url,
        ):
            before = httpx2.post(f"{url}/sales", json=fatal, headers=keyed)
            clock.time += timedelta(seconds=61)
            after = httpx2.post(f"{url}/sales", json=fatal, headers=keyed)
        assert (before.status_code, after.status_code) == (409 if on_lost == "refuse" else 201, status)
    assert len(executions.read_text().splitlines()) == 1


class _Alive:
    """Sells without dying of it."""

    def __init__(self, sales: Sales) -> None:
        self.sales = sales

    def create(self, request: Any, /) -> Any:
        body = type(request.body)(amount=request.body.amount)
        return self.sales.create(type(request)(context=request.context, body=body, idempotency_key="again"))


def test_a_living_owner_keeps_its_reservation(tmp_path: Path) -> None:
    sales = Sales(tmp_path / "executions")
    slow = {**SALE, "note": "slow"}
    with (
        closing(SQLiteIdempotencyStore(tmp_path / "keys.sqlite")) as keys,
        served(application(sales, store=keys, lapse=0.1)) as url,
    ):
        keyed = {**BEARER, "Idempotency-Key": "k-1"}
        first = threading.Thread(target=lambda: httpx2.post(f"{url}/sales", json=slow, headers=keyed))
        first.start()
        while not sales.executions.exists():
            first.join(0.005)
        statuses: set[int] = set()
        while first.is_alive():
            statuses.add(httpx2.post(f"{url}/sales", json=slow, headers=keyed).status_code)
            first.join(0.02)
        statuses.add(httpx2.post(f"{url}/sales", json=slow, headers=keyed).status_code)
    assert statuses == {409, 201}
    assert len((tmp_path / "executions").read_text().splitlines()) == 1


def test_the_file_tells_nobody_who_called_and_with_what_key(till: Till) -> None:
    till.sell("the-secret-key")
    files = [path for path in till.store.parent.iterdir() if path.name.startswith(till.store.name)]
    content = b"".join(path.read_bytes() for path in files)
    assert b"the-secret-key" not in content and b"tenant-1" not in content
    assert stat.S_IMODE(till.store.stat().st_mode) == 0o600


def test_a_store_of_another_version_is_refused(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "keys.sqlite")
    connection.execute("PRAGMA user_version = 7")
    connection.close()
    with pytest.raises(ValueError, match="version 7"):
        SQLiteIdempotencyStore(tmp_path / "keys.sqlite")


def claim(owner: str, now: float, fingerprint: str = "f", lapses: float = 10, expires: float = 100) -> Claim:
    return Claim("i", fingerprint, owner, now, now + lapses, now + expires)


def test_an_owner_that_was_overtaken_changes_nothing(tmp_path: Path) -> None:
    store = SQLiteIdempotencyStore(tmp_path / "keys.sqlite")
    first, second = claim("a", 0), claim("b", 20)
    assert store.reserve(first, False).standing == "reserved"
    assert store.reserve(claim("b", 5), True).standing == "in_flight"
    assert store.reserve(second, False).standing == "lost"
    assert store.reserve(claim("b", 20, "other"), True).standing == "other_request"
    assert store.reserve(second, True).standing == "reserved"
    store.release(first)
    store.lose(first)
    assert store.finish(first, Answer(200)) is False
    answer = Answer(201, Headers([("A", "1"), ("a", "2")]), b"\x00\xff")
    assert store.finish(second, answer) is True and store.finish(second, Answer(500)) is False
    assert store.reserve(claim("c", 119), True) == Reservation("finished", answer)
    assert store.reserve(claim("c", 120), False).standing == "reserved"
    store.close()
    assert store.reserve(claim("d", 121), False).standing == "in_flight"
    store.close()


class Memory:
    """A store whose methods are `async`."""

    def __init__(self) -> None:
        self.kept: dict[str, Answer | None] = {}

    async def reserve(self, claim: Claim, take_over: bool) -> Reservation:
        if claim.identity in self.kept:
            answer = self.kept[claim.identity]
            return Reservation("finished" if answer is not None else "in_flight", answer)
        self.kept[claim.identity] = None
        return Reservation("reserved")

    async def renew(self, claim: Claim, lapses: float) -> None: ...

    async def finish(self, claim: Claim, answer: Answer) -> bool:
        self.kept[claim.identity] = answer
        return True

    async def release(self, claim: Claim) -> None:
        del self.kept[claim.identity]

    async def leave_open(self, claim: Claim) -> None: ...

    async def lose(self, claim: Claim) -> None: ...


def test_a_store_of_ones_own_may_be_async(tmp_path: Path) -> None:
    sales = Sales(tmp_path / "executions")
    with served(application(sales, store=Memory())) as url:
        keyed = {**BEARER, "Idempotency-Key": "k-1"}
        answers = [httpx2.post(f"{url}/sales", json=SALE, headers=keyed) for _ in range(2)]
    assert same(*answers) and len(sales.executions.read_text().splitlines()) == 1


def test_who_a_caller_is() -> None:
    assert caller_of("1") != caller_of(1) != caller_of(("1",))
    assert caller_of(("a", "b")) != caller_of(("ab",)) != caller_of(("a,b",))
    assert digest_of(["ab", "c"]) != digest_of(["a", "bc"])
    with pytest.raises(TypeError, match="Idempotency"):
        caller_of(object())
    for flag in (True, False):
        with pytest.raises(TypeError, match="who a bool is"):
            caller_of(flag)
    with pytest.raises(ValueError, match="lapse"):
        Idempotency(Memory(), lapse=0)


def test_misused_keys_have_the_form_of_the_contract(tmp_path: Path) -> None:
    script = Script()
    body = {"amount": {"value": "1.00", "currency": "RUB"}}
    with (
        closing(ShopStore(tmp_path / "keys.sqlite")) as store,
        served(shop_app(script, idempotency=ShopIdempotency(store))) as url,
    ):

        def pay(key: str | None, tree: Any = body) -> httpx2.Response:
            headers = {"Idempotence-Key": key} if key else {}
            return httpx2.post(f"{url}/payments", json=tree, headers=headers, auth=("1", "s"))

        first = pay("k-1")
        assert first.status_code == 200 and same(pay("k-1"), first)
        for answer in (pay(None), pay("k-1", {**body, "description": "other"})):
            found = decode_failure(YOOKASSA.registry, None, _answer(answer))
            assert isinstance(found, shop_errors.InvalidRequest) and found.parameter == "Idempotence-Key"
    assert len(script.seen) == 1


def _answer(response: httpx2.Response) -> Any:
    from payments._runtime.answers import Answer as ShopAnswer
    from payments._runtime.headers import Headers as ShopHeaders

    return ShopAnswer(response.status_code, ShopHeaders(response.headers.multi_items()), response.content)


def test_a_client_learns_of_a_repeat_how_the_first_one_ended(till: Till) -> None:
    def sell(key: str) -> str:
        with Client(BearerAuth("tenant-1"), base_url=till.url) as client:
            return client.sales.create(amount="10.00", idempotency_key=key).id

    assert sell("k-9") == sell("k-9")
    till.sales.will.append(errors.Declined("no"))
    for _ in range(2):
        with pytest.raises(errors.Declined) as caught:
            sell("k-10")
        assert caught.value.outcome is Outcome.REJECTED
    assert till.executions == 2


@contextmanager
def shop(handler: Callable[[Any], Any], tmp_path: Path) -> Iterator[str]:
    """The address of a shop with keys, whose payments are made by `handler`."""
    handlers = shop_server.Handlers(payments=SimpleNamespace(create=handler))
    with closing(ShopStore(tmp_path / "keys")) as store:
        app = shop_server.create_app(handlers, authenticate=anyone, idempotency=ShopIdempotency(store))
        with served(app) as url:
            yield url


def pay(url: str, value: str = "1.00") -> httpx2.Response:
    headers = {"Idempotence-Key": "k"}
    body = {"amount": {"value": value, "currency": "RUB"}}
    return httpx2.post(f"{url}/payments", headers=headers, json=body, auth=("100500", "secret"))


def test_a_success_that_is_pending_was_executed_and_is_kept(tmp_path: Path) -> None:
    made: list[Any] = []

    def create(request: Any, /) -> Any:
        made.append(request)
        return payment(shop_models.PaymentStatus.PENDING)

    with shop(create, tmp_path) as url:
        first, second, other = pay(url), pay(url), pay(url, "999.00")
    assert first.json()["status"] == "pending" and (second.status_code, second.content) == (200, first.content)
    assert other.status_code == 400 and len(made) == 1


def test_what_was_accepted_and_is_to_be_repeated_reaches_the_handler_again_and_no_other_request_does(
    tmp_path: Path,
) -> None:
    made: list[Any] = []

    def create(request: Any, /) -> Any:
        made.append(request)
        if len(made) == 1:
            raise shop_errors.Processing("wait")
        return payment(shop_models.PaymentStatus.PENDING)

    with shop(create, tmp_path) as url:
        answers = [pay(url), pay(url, "999.00"), pay(url), pay(url)]
    assert [answer.status_code for answer in answers] == [202, 400, 200, 200] and len(made) == 2
    assert answers[2].content == answers[3].content
