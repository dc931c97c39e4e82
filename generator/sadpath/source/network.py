"""The network edge of references: one document by https, of bounded size and time, or the reason why there is none."""

from __future__ import annotations

import ssl
import time
from http.client import HTTPException, HTTPMessage
from typing import IO, Any, Final
from urllib.error import HTTPError, URLError
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from sadpath.source.fetched import Fetched, FetchError, url_problem
from sadpath.source.loader import LARGEST_FILE

_SILENCE: Final = 20.0
"""Seconds that a server may say nothing."""
_LONGEST: Final = 120.0
"""Seconds that a document may take altogether."""
_CHUNK: Final = 1 << 16


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
