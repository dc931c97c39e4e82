"""How much of a request a server takes: its header fields, and its body while it comes in."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request

from .frozen import dataclass
from .reception import Refused

MAX_REQUEST_BYTES: Final = 1024 * 1024
"""A longer body is refused as too large."""
MAX_HEADER_BYTES: Final = 32 * 1024
"""Header fields that are longer together are refused; a server such as uvicorn may refuse fewer by itself."""
MAX_HEADER_LINE_BYTES: Final = 16 * 1024
"""A longer header field is refused."""
_AROUND: Final = 4
"""Bytes of a header field beside its name and its value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """In bytes: `body`; `headers`, all lines of them together; `header_line`, each."""

    body: int = MAX_REQUEST_BYTES
    headers: int = MAX_HEADER_BYTES
    header_line: int = MAX_HEADER_LINE_BYTES

    def __post_init__(self) -> None:
        if min(self.body, self.headers, self.header_line) < 0:
            raise ValueError("a limit is a number of bytes, 0 at least")

    def check_headers(self, request: Request) -> None:
        """Raises Refused for header fields that are too long."""
        sizes = [len(name) + len(value) + _AROUND for name, value in request.headers.raw]
        if sum(sizes) > self.headers or max(sizes, default=0) > self.header_line:
            raise Refused("headers_too_large")

    async def body_of(self, request: Request) -> bytes:
        """The body; raises Refused as soon as it is known to be too long: by what the request says, else by what came."""
        stated = request.headers.get("content-length", "")
        if stated.isascii() and stated.isdigit() and int(stated[:20]) > self.body:
            raise Refused("payload_too_large")
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > self.body:
                raise Refused("payload_too_large")
        return bytes(body)
