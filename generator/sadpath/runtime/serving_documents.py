"""The contract itself as files that a server answers with: the OpenAPI document and the error catalog of its package."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import field
from importlib.resources import files
from typing import Final

from .answers import Answer
from .frozen import dataclass
from .headers import Headers
from .reception import Refused

_PLACES: Final = (
    ("/openapi.yaml", "openapi.yaml", "application/yaml"),
    ("/.well-known/error-catalog.json", "error-catalog.json", "application/json"),
)
_METHODS: Final = "GET, HEAD, OPTIONS"
_FRESH: Final = "public, max-age=300"
"""A new version of the server is noticed within minutes; asking again costs no more than a 304."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file: its media type and bytes; `tag` is a strong entity tag (RFC 9110, section 8.8.3)."""

    media_type: str
    content: bytes = field(repr=False)

    @property
    def tag(self) -> str:
        """Changes with the bytes, and with nothing else."""
        return f'"{hashlib.sha256(self.content).hexdigest()[:32]}"'


def packaged_documents(package: str | None) -> dict[str, Document]:
    """The files of a generated package, by path; read from wherever it was imported, a zip archive included.

    Raises FileNotFoundError where the package was installed without its data files.
    """
    folder = files(package or "")
    return {path: Document(media_type, folder.joinpath(name).read_bytes()) for path, name, media_type in _PLACES}


def document_answer(documents: Mapping[str, Document], path: str, method: str, headers: Headers) -> Answer | None:
    """The answer to a request for one of the documents; None where it is for none. Raises Refused for other methods."""
    document = documents.get(path)
    if document is None:
        return None
    if method == "OPTIONS":
        return Answer(204, Headers([("Allow", _METHODS)]))
    if method not in ("GET", "HEAD"):
        raise Refused("method_not_allowed", headers=[("Allow", _METHODS)])
    lines = [("ETag", document.tag), ("Cache-Control", _FRESH)]
    if _is_known(document.tag, headers.get("if-none-match")):
        return Answer(304, Headers(lines))
    return Answer(200, Headers([("Content-Type", document.media_type), *lines]), document.content)


def _is_known(tag: str, wanted: str | None) -> bool:
    """Whether `If-None-Match` lists the tag, by the weak comparison (RFC 9110, section 13.1.2)."""
    listed = [part.strip().removeprefix("W/") for part in (wanted or "").split(",")]
    return tag in listed or listed == ["*"]
