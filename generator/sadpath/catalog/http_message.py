"""Reads the raw HTTP responses that catalogs give as examples (RFC 9112, section 4, leniently)."""

from __future__ import annotations

import re

from sadpath.catalog.model import HttpMessage
from sadpath.diagnostics import quote

_STATUS_LINE = re.compile(r"HTTP/(?P<version>\d(?:\.\d)?) (?P<status>[1-9]\d\d)(?: (?P<reason>.*))?")
_HEADER_LINE = re.compile(r"(?P<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(?P<value>.*)")


def parse_response(text: str) -> HttpMessage:
    """Turn the text of a response into its parts; the body keeps its characters, but not a final line break.

    Raises ValueError, with the line at fault in its message, where the text is no HTTP response.
    """
    head, separator, body = text.replace("\r\n", "\n").partition("\n\n")
    lines = head.split("\n")
    status_line = _STATUS_LINE.fullmatch(lines[0].rstrip())
    if status_line is None:
        raise ValueError(f'line 1 is no status line such as "HTTP/1.1 400 Bad Request": {quote(lines[0])}')
    headers: list[tuple[str, str]] = []
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        header = _HEADER_LINE.fullmatch(line.rstrip())
        if header is None:
            raise ValueError(f'line {number} is no header line such as "Content-Type: application/json": {quote(line)}')
        headers.append((header["name"], header["value"]))
    return HttpMessage(
        status=int(status_line["status"]),
        headers=tuple(headers),
        body=body.rstrip("\n") if separator else "",
        version=status_line["version"],
        reason=status_line["reason"] or "",
    )


def render_response(message: HttpMessage) -> str:
    """Write a response as text again, for people to read."""
    head = f"HTTP/{message.version} {message.status}" + (f" {message.reason}" if message.reason else "")
    lines = [head, *(f"{name}: {value}" for name, value in message.headers)]
    return "\n".join(lines) + (f"\n\n{message.body}" if message.body else "")
