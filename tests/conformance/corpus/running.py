"""Runs every step over every document, two at a time, and leaves out what is known already."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conformance.corpus.documents import Document
from conformance.corpus.generating import OUTPUT, PACKAGE, generated
from conformance.corpus.importing import imported
from conformance.corpus.peers import PEERS, Peer, programs_of, tried
from conformance.corpus.probing import probed
from conformance.corpus.store import Keys, Record
from conformance.corpus.type_checking import Checked, batches, types_checked


@dataclass(frozen=True)
class Limits:
    """Seconds by the wall clock that a step may take, on a machine that has other things to do as well."""

    generating: float = 600.0
    importing: float = 600.0
    probing: float = 120.0
    checking: float = 1200.0


@dataclass
class Progress:
    """Says on standard error how far it is."""

    total: int
    done: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def say(self, text: str, *, further: bool = True) -> None:
        """One thing is done."""
        with self._lock:
            self.done += further
            print(f"[{self.done}/{self.total}] {text}", file=sys.stderr, flush=True)


def examined(
    documents: Sequence[Document], work: Path, *, workers: int | None = None, types: bool = True, peers: bool = False
) -> list[Record]:
    """What is found of each document, as far as it was not known before; so many documents at a time."""
    allowed, keys = Limits(), Keys.now()
    progress = Progress(len(documents))

    def one(document: Document) -> Record:
        record = Record.of(document, work)
        told = _examined(record, keys, allowed)
        progress.say(f"{document.name}: {told}")
        return record

    # The large ones first: at the end no core waits for the last one.
    ordered = sorted(documents, key=lambda document: -document.size)
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        records = list(pool.map(one, ordered))
    if types:
        _check_types(records, keys, work, allowed, progress)
    for peer in PEERS if peers else ():
        _try_peer(peer, records, work, allowed, progress)
    return sorted(records, key=lambda record: record.document.name)


def _part(record: Record, name: str, key: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    known = record.part(name, key)
    return known if known is not None else record.keep(name, key, make())


def _examined(record: Record, keys: Keys, limits: Limits) -> str:
    """Everything but the types, and a line about it."""
    known = record.part("generated", keys.program)
    folder, package = record.folder, record.folder / OUTPUT / PACKAGE
    if record.part("types", keys.program) is None:
        record.forget("types")
    if known is None or (known["outcome"] == "generated" and not package.is_dir()):
        known = record.keep("generated", keys.program, generated(record.document, folder, limits.generating))
    if known["outcome"] != "generated":
        return str(known["outcome"])
    _part(record, "imported", keys.program, lambda: imported(folder / OUTPUT, PACKAGE, limits.importing))
    _part(record, "probed", keys.tool, lambda: probed(folder, record.document.path, limits.probing))
    return f"generated in {known['seconds']} s"


def _check_types(records: Sequence[Record], keys: Keys, work: Path, limits: Limits, progress: Progress) -> None:
    by_name = {record.document.name: record for record in records}
    waiting = [
        Checked(name, record.folder / OUTPUT / PACKAGE, record.known("generated")["python_lines"])
        for name, record in by_name.items()
        if record.known("generated")["outcome"] == "generated" and record.part("types", keys.program) is None
    ]
    for number, batch in enumerate(batches(waiting)):
        progress.say(f"types of {len(batch)} packages", further=False)
        for name, found in types_checked(batch, work / "types" / str(number), limits.checking).items():
            by_name[name].keep("types", keys.program, found)


def _try_peer(peer: Peer, records: Sequence[Record], work: Path, limits: Limits, progress: Progress) -> None:
    """One at a time: their times are compared."""
    programs = programs_of(peer, work)
    for record in records:
        if record.part(peer.name, peer.key) is None:
            found = tried(peer, programs, record.document.path, record.folder, limits.generating)
            record.keep(peer.name, peer.key, found)
            progress.say(f"{record.document.name}: {peer.name}: {found['seconds']} s", further=False)
