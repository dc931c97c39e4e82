"""Damages a served application on its way out: what a server that breaks its contract would answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True)
class Sent:
    """An answer on its way."""

    method: str
    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def told(self, name: bytes, value: bytes) -> Sent:
        """The answer with this header field instead of those of the name."""
        others = tuple(line for line in self.headers if line[0].lower() != name)
        return replace(self, headers=(*others, (name, value)))


Damage = Callable[[Sent], Sent]


def damaged(app: ASGIApp, damage: Damage) -> ASGIApp:
    """The application with all of its answers damaged, but for its document."""

    async def damaging(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == "/openapi.yaml":
            await app(scope, receive, send)
            return
        parts: list[Message] = []

        async def kept(message: Message) -> None:
            parts.append(message)

        await app(scope, receive, kept)
        body = b"".join(part.get("body", b"") for part in parts[1:])
        sent = damage(Sent(scope["method"], parts[0]["status"], tuple(parts[0]["headers"]), body))
        sent = sent.told(b"content-length", str(len(sent.body)).encode())
        await send({"type": "http.response.start", "status": sent.status, "headers": list(sent.headers)})
        await send({"type": "http.response.body", "body": b"" if sent.method == "HEAD" else sent.body})

    return damaging


def breaking_down(sent: Sent) -> Sent:
    """500, which the document names, to whoever did nothing wrong."""
    return replace(sent, status=500, body=b"") if sent.status == 200 else sent


def of_another_status(sent: Sent) -> Sent:
    """A status that the document does not name."""
    return replace(sent, status=206) if sent.status == 200 else sent


def of_another_type(sent: Sent) -> Sent:
    """A media type that the document does not name."""
    return sent.told(b"content-type", b"text/html") if sent.status == 200 else sent


def with_another_header(sent: Sent) -> Sent:
    """A header field that is not what the document says."""
    return sent.told(b"x-total-count", b"many") if sent.status == 200 else sent


def with_another_body(sent: Sent) -> Sent:
    """An object where the document has an array."""
    return replace(sent, body=b'{"items":[]}') if sent.status == 200 else sent


def taking_anything(sent: Sent) -> Sent:
    """Success where a request was refused for what it says."""
    return replace(sent, status=200, body=b"[]") if sent.status == 400 else sent


def taking_nothing(sent: Sent) -> Sent:
    """A refusal of what is right."""
    body = b'{"code":1001,"message":"no"}'
    return replace(sent, status=400, body=body) if sent.status == 200 else sent


def taking_any_method(sent: Sent) -> Sent:
    """Success under a method that is none of the operation."""
    return replace(sent, status=200, body=b"[]") if sent.status == 405 else sent


def letting_anyone_in(sent: Sent) -> Sent:
    """Success without credentials."""
    return (
        replace(sent.told(b"content-type", b"application/json"), status=200, body=b"[]") if sent.status == 401 else sent
    )
