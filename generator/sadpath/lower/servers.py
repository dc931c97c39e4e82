"""Lowers servers: where requests go unless a caller says otherwise, and which servers lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from sadpath.diagnostics import Report, quote
from sadpath.diagnostics.rules_lowering import UNUSABLE_SERVER
from sadpath.openapi import model as openapi
from sadpath.runtime.contract import Server, ServerVariable

_VARIABLE: Final = re.compile(r"\{([^{}]+)\}")


def lower_servers(servers: tuple[openapi.Server, ...]) -> tuple[Server, ...]:
    """Those that requests can go to."""
    return tuple(
        Server(
            server.url,
            {name: ServerVariable(found.default, found.enum) for name, found in server.variables.items()},
        )
        for server in servers
        if _problem(server) is None
    )


def operation_servers(operation: openapi.Operation, document: openapi.Document) -> tuple[Server, ...]:
    """The servers that an operation has for itself."""
    return () if operation.servers == document.servers else lower_servers(operation.servers)


def further_servers(document: openapi.Document) -> tuple[Server, ...]:
    """Those of all operations that have servers for themselves, each once, by URL."""
    found: list[Server] = []
    for operation in document.operations:
        found += [server for server in operation_servers(operation, document) if server not in found]
    return tuple(sorted(found, key=lambda server: (server.url, repr(server.variables))))


def check_servers(document: openapi.Document, report: Report) -> None:
    """Say, once for each, which servers cannot be used, or not without help."""
    everything = [*document.servers, *(server for one in document.operations for server in one.servers)]
    for server in {server.place: server for server in everything}.values():
        problem = _problem(server)
        if problem is not None:
            report.add(UNUSABLE_SERVER, f"the server {quote(server.url)} {problem}, and is left out", server.place)
            continue
        for name in _needed(server):
            message = (
                f"the variable {quote(name)} of the server {quote(server.url)} has no default: callers must give it"
            )
            report.add(UNUSABLE_SERVER, message, server.place)


def _needed(server: openapi.Server) -> Iterator[str]:
    for name in dict.fromkeys(_VARIABLE.findall(server.url)):
        variable = server.variables.get(name)
        if variable is None or variable.default is None:
            yield name


def _problem(server: openapi.Server) -> str | None:
    """Why no request can go to a server."""

    def filled(found: re.Match[str]) -> str:
        variable = server.variables.get(found[1])
        return (variable.default if variable is not None else None) or "x"

    try:
        parts = urlsplit(_VARIABLE.sub(filled, server.url))
        port = parts.port
    except ValueError:
        return "is no URL"
    if parts.scheme not in ("", "http", "https") and not server.url.startswith("{"):
        return f"has the scheme {quote(parts.scheme)}"
    if parts.query or parts.fragment:
        return "has a query or a fragment"
    if parts.username is not None or port == 0:
        return "has a user name or a port that no request goes to"
    return "names no host" if parts.scheme and not parts.hostname else None
