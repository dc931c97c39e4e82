"""Keeps what is known of each document, by what it was found with, so that a run goes on where another one was ended."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from conformance.corpus.documents import Document
from conformance.corpus.generating import CHECKOUT

_PACKAGES: Final = ("black", "openapi-spec-validator", "pydantic", "jsonschema-rs", "pyright", "httpx2", "starlette")


def digest_of(paths: Iterable[Path], *words: str) -> str:
    """A hash of files and words."""
    made = hashlib.sha256("\0".join(words).encode())
    for path in sorted(paths):
        made.update(path.name.encode() + b"\0" + path.read_bytes())
    return made.hexdigest()[:20]


@dataclass(frozen=True)
class Keys:
    """What the program and what this tool is: another one finds other things."""

    program: str
    tool: str

    @classmethod
    def now(cls) -> Keys:
        """Those of this checkout and this environment."""
        versions = [f"{name} {version(name)}" for name in _PACKAGES]
        sources = [*(CHECKOUT / "generator").rglob("*.py"), *(CHECKOUT / "templates").rglob("*.jinja")]
        program = digest_of(sources, sys.version, *versions)
        return cls(program, digest_of(Path(__file__).parent.glob("*.py"), program))


def unanswered(found: dict[str, Any]) -> dict[str, str]:
    """What of a part was not found out, as a process died or had no time left, and why; by the step, "" for the whole of it."""
    parts = {"": found, **{name: value for name, value in found.items() if isinstance(value, dict)}}
    return {name: part["failed"] for name, part in parts.items() if isinstance(part.get("failed"), str)}


@dataclass
class Record:
    """What is known of one document, part by part; each part under the key that it was found with."""

    document: Document
    folder: Path
    parts: dict[str, Any] = field(default_factory=dict[str, Any])

    @classmethod
    def of(cls, document: Document, work: Path) -> Record:
        """What earlier runs left."""
        folder = work / "documents" / document.slug
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "record.json"
        known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        return cls(document, folder, known)

    def part(self, name: str, key: str) -> dict[str, Any] | None:
        """A part, where all of it was found with that key."""
        kept = self.parts.get(name)
        if kept is None or kept["key"] != self._key(key) or unanswered(kept["found"]):
            return None
        found: dict[str, Any] = kept["found"]
        return found

    def keep(self, name: str, key: str, found: dict[str, Any]) -> dict[str, Any]:
        """Write a part down, at once and as a whole."""
        self.parts[name] = {"key": self._key(key), "found": found}
        fresh = self.folder / "record.json.new"
        fresh.write_text(json.dumps(self.parts, indent=1), encoding="utf-8")
        fresh.replace(self.folder / "record.json")
        return found

    def forget(self, name: str) -> None:
        """A part is not known any more, for the rest of this run."""
        self.parts.pop(name, None)

    def _key(self, key: str) -> str:
        return f"{self.document.digest[:20]}-{key}"

    def known(self, name: str) -> dict[str, Any]:
        """A part as it is, empty where there is none."""
        found: dict[str, Any] = self.parts.get(name, {}).get("found", {})
        return found
