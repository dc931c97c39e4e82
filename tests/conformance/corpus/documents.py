"""Finds the OpenAPI documents below a folder, tells them from other files, and takes samples that are spread over their sizes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

ENDINGS: Final = frozenset({".yaml", ".yml", ".json"})
_VERSION: Final = re.compile(
    rb"""(?:^|[{,])\s*(["']?)openapi\1\s*:\s*(["']?)(3\.[0-9]+(?:\.[0-9]+)?)\2\s*(?=[,}\s#]|$)""", re.M
)


@dataclass(frozen=True)
class Document:
    """One document; `name` is its path below the folder that was searched."""

    path: Path
    name: str
    version: str
    size: int

    @cached_property
    def digest(self) -> str:
        """SHA-256 of its bytes."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    @property
    def slug(self) -> str:
        """Its name as the name of a file or a folder."""
        return re.sub(r"[^A-Za-z0-9_.-]+", "-", self.name.replace("/", "--"))


def found_in(folder: Path) -> tuple[list[Document], list[str]]:
    """The documents below a folder (or the one file), and the names of files of the same endings that are none."""
    documents: list[Document] = []
    others: list[str] = []
    root = folder if folder.is_dir() else folder.parent
    for path in sorted(folder.rglob("*")) if folder.is_dir() else [folder]:
        if path.suffix.lower() not in ENDINGS or not path.is_file():
            continue
        name = path.relative_to(root).as_posix()
        content = path.read_bytes()
        version = _VERSION.search(content)
        if version is None:
            others.append(name)
        else:
            documents.append(Document(path.resolve(), name, version[3].decode(), len(content)))
    return documents, others


def sample(documents: Sequence[Document], count: int | None) -> list[Document]:
    """That many documents, at even steps from the smallest to the largest: the same ones each time."""
    ordered = sorted(documents, key=lambda one: (one.size, one.name))
    if count is None or count >= len(ordered):
        return ordered
    if count < 2:
        return ordered[len(ordered) // 2 :][:count]
    steps = [round(index * (len(ordered) - 1) / (count - 1)) for index in range(count)]
    return [ordered[step] for step in steps]
