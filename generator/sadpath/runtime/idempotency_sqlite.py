"""An idempotency store in one SQLite file: for all threads and processes of one machine."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from .answers import Answer
from .headers import Headers
from .idempotency import Claim, Reservation

_VERSION: Final = 1
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS idempotency (
    identity TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    owner TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('in_flight', 'open', 'lost', 'finished')),
    lapses REAL NOT NULL,
    expires REAL NOT NULL,
    status INTEGER,
    headers TEXT,
    body BLOB
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS idempotency_expires ON idempotency (expires);
"""
_SWEPT: Final = 100
"""So many forgotten keys are removed with each new one."""
_OWN: Final = "identity = ? AND owner = ? AND state = 'in_flight'"


class SQLiteIdempotencyStore:
    """Reservations and answers in a file (WAL, synced at each commit); safe to share between threads, and to be forked.

    Answers stand in the file as they were sent: it is made readable for its owner alone, and belongs on a local disk.
    `timeout` is how many seconds to wait for another process that writes.
    """

    def __init__(self, path: str | os.PathLike[str], *, timeout: float = 10.0) -> None:
        self._path = os.fspath(path)
        self._timeout = timeout
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._connection: sqlite3.Connection | None = None
        self._inherited: list[sqlite3.Connection] = []
        with self._transaction():
            pass

    def __repr__(self) -> str:
        return f"SQLiteIdempotencyStore({Path(self._path).name!r})"

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        with self._held():
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    def reserve(self, claim: Claim, take_over: bool) -> Reservation:
        """Reserve a key, or say how it stands."""
        with self._transaction() as connection:
            _sweep(connection, claim.now)
            row = connection.execute(
                "SELECT fingerprint, state, lapses, expires, status, headers, body FROM idempotency WHERE identity = ?",
                (claim.identity,),
            ).fetchone()
            found = None if row is None else _standing(row, claim)
            if found is None or (found.standing == "lost" and take_over):
                connection.execute(
                    "INSERT OR REPLACE INTO idempotency (identity, fingerprint, owner, state, lapses, expires)"
                    " VALUES (?, ?, ?, 'in_flight', ?, ?)",
                    (claim.identity, claim.fingerprint, claim.owner, claim.lapses, claim.expires),
                )
                return Reservation("reserved")
            return found

    def renew(self, claim: Claim, lapses: float) -> None:
        """Put off the lapse."""
        with self._transaction() as connection:
            connection.execute(
                f"UPDATE idempotency SET lapses = ? WHERE {_OWN}", (lapses, claim.identity, claim.owner)  # noqa: S608
            )

    def finish(self, claim: Claim, answer: Answer) -> bool:
        """Keep the answer."""
        with self._transaction() as connection:
            changed = connection.execute(
                f"UPDATE idempotency SET state = 'finished', status = ?, headers = ?, body = ? WHERE {_OWN}",  # noqa: S608
                (answer.status, json.dumps(answer.headers.lines), answer.body, claim.identity, claim.owner),
            )
            return changed.rowcount == 1

    def release(self, claim: Claim) -> None:
        """Forget the reservation."""
        with self._transaction() as connection:
            connection.execute(f"DELETE FROM idempotency WHERE {_OWN}", (claim.identity, claim.owner))  # noqa: S608

    def leave_open(self, claim: Claim) -> None:
        """Keep the key for its request."""
        self._become("open", claim)

    def lose(self, claim: Claim) -> None:
        """Let the reservation be lost."""
        self._become("lost", claim)

    def _become(self, state: str, claim: Claim) -> None:
        with self._transaction() as connection:
            connection.execute(
                f"UPDATE idempotency SET state = ? WHERE {_OWN}", (state, claim.identity, claim.owner)  # noqa: S608
            )

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection]:
        """One that writes, and so has the file to itself from its beginning."""
        with self._held():
            if self._connection is None:
                self._connection = _connect(self._path, self._timeout)
            connection = self._connection
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _held(self) -> threading.Lock:
        """The lock, to be taken; in a process that was forked it is a new one, and the file is opened anew."""
        if self._process != os.getpid():
            if self._connection is not None:
                # Closing it here would drop the locks of the process that this one was forked from.
                self._inherited.append(self._connection)
            self._connection, self._lock, self._process = None, threading.Lock(), os.getpid()
        return self._lock


def _connect(path: str, timeout: float) -> sqlite3.Connection:
    if path != ":memory:":
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        with contextlib.suppress(OSError):
            # A file that was there already, or belongs to somebody else.
            os.chmod(path, 0o600)
    connection = sqlite3.connect(path, timeout=timeout, isolation_level=None, check_same_thread=False)
    try:
        _write_ahead(connection, timeout)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("BEGIN IMMEDIATE")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, _VERSION):
            raise ValueError(f"the idempotency store has version {version}, and this is version {_VERSION}")
        for statement in _SCHEMA.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.close()
        raise
    return connection


def _write_ahead(connection: sqlite3.Connection, timeout: float) -> None:
    """Change to a write-ahead log; `timeout` in seconds, since SQLite itself does not wait here for another process that does the same."""
    until = time.monotonic() + timeout
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                raise
        time.sleep(0.01)


def _sweep(connection: sqlite3.Connection, now: float) -> None:
    """Remove what is forgotten, a part of it at a time."""
    connection.execute(
        "DELETE FROM idempotency WHERE identity IN (SELECT identity FROM idempotency WHERE expires <= ?"
        " AND (state != 'in_flight' OR lapses <= ?) ORDER BY expires LIMIT ?)",
        (now, now, _SWEPT),
    )


def _standing(row: Any, claim: Claim) -> Reservation | None:
    """How a key stands; None where it is forgotten, or waits for this very request."""
    fingerprint, state, lapses, expires, status, headers, body = row
    is_live = state == "in_flight" and lapses > claim.now
    if expires <= claim.now and not is_live:
        return None
    if fingerprint != claim.fingerprint:
        return Reservation("other_request")
    if state == "open":
        return None
    if state == "finished":
        lines = [(name, value) for name, value in json.loads(headers)]
        return Reservation("finished", Answer(status, Headers(lines), body))
    return Reservation("in_flight" if is_live else "lost")
