"""The network edge of references: one document by https, of bounded size and time, or the reason why there is none."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from typing import IO, Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from sadpath.source.loader import LARGEST_FILE
from sadpath.source.text import Syntax, syntax_of

_SILENCE: Final = 20.0
"""Seconds that a server may say nothing."""
_LONGEST: Final = 120.0
"""Seconds that a document may take altogether."""
_CHUNK: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was found; `url` is where, after redirects."""

    url: str
    data: bytes
    content_type: str = ""


class FetchError(Exception):
    """The text says why nothing was found; it follows on "can't be fetched: "."""


Fetch = Callable[[str], Fetched]
"""Gets the document at an https URL; raises FetchError."""


def url_problem(url: str) -> str | None:
    """Why a URL may not be fetched; None where it may."""
    try:
        parts = urlsplit(url)
        named, secret, _ = parts.hostname, "@" in parts.netloc, parts.port
    except ValueError:
        return "it is no URL"
    if parts.scheme.lower() != "https":
        return "only https URLs are fetched"
    if secret:
        return "its URL holds a user name, and secrets have no place in a document"
    if not named or not url.isascii() or not url.isprintable() or " " in url:
        return "it is no URL"
    return None


def without_credentials(reference: str) -> str:
    """A reference as messages show it."""
    scheme, mark, rest = reference.partition("//")
    authority, slash, path = rest.partition("/")
    return f"{scheme}{mark}{authority.rpartition('@')[2]}{slash}{path}" if mark else reference


def syntax_of_fetched(fetched: Fetched) -> Syntax:
    """Whether a document is JSON or YAML: by the name in its URL, else by its media type."""
    path = urlsplit(fetched.url).path.lower()
    if path.endswith((".json", ".yaml", ".yml")):
        return syntax_of(path)
    media_type = fetched.content_type.partition(";")[0].strip().lower()
    return "json" if media_type.endswith(("/json", "+json")) else "yaml"


def fetch_https(url: str) -> Fetched:
    """Fetch one document; nothing is kept on the disk, and a redirect leads to https or nowhere."""
    problem = url_problem(url)
    if problem is not None:
        raise FetchError(problem)
    request = Request(url, headers={"Accept": "application/yaml, application/json, */*;q=0.5", "User-Agent": "sadpath"})
    try:
        with _opener().open(request, timeout=_SILENCE) as answer:
            return Fetched(answer.geturl(), _read(answer), answer.headers.get("Content-Type", ""))
    except HTTPError as error:
        raise FetchError(f"the server answers {error.code}") from None
    except URLError as error:
        raise FetchError(_reason(error.reason)) from None
    except (OSError, HTTPException, ValueError) as error:
        raise FetchError(_reason(error)) from None


def _read(answer: Any) -> bytes:
    deadline = time.monotonic() + _LONGEST
    data = bytearray()
    while chunk := answer.read1(_CHUNK):
        data += chunk
        if len(data) > LARGEST_FILE:
            raise FetchError(f"it is larger than {LARGEST_FILE // 1024**2} MB")
        if time.monotonic() > deadline:
            raise FetchError(f"it takes longer than {_LONGEST:.0f} seconds")
    return bytes(data)


def _reason(error: object) -> str:
    if isinstance(error, TimeoutError):
        return "the server does not answer in time"
    if isinstance(error, ssl.SSLError):
        return "the server's certificate or its TLS is not accepted"
    strerror = error.strerror if isinstance(error, OSError) else None
    return (strerror or type(error).__name__).lower()


class _HttpsRedirects(HTTPRedirectHandler):
    """Follows redirects that lead to https, ten at most."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if url_problem(newurl) is not None:
            raise FetchError("it is redirected to where only https without a user name may lead")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> OpenerDirector:
    """An opener that knows https and nothing else: no file, no ftp, no plain http."""
    opener = OpenerDirector()
    context = ssl.create_default_context()
    for handler in (
        ProxyHandler(),
        HTTPSHandler(context=context),
        HTTPDefaultErrorHandler(),
        HTTPErrorProcessor(),
        _HttpsRedirects(),
    ):
        opener.add_handler(handler)
    return opener
