"""Where requests go: the servers of a contract, with their variables filled in, or the base URL that a caller gives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Final
from urllib.parse import urljoin, urlsplit

from .contract import ApiContract, Server, ServerVariable
from .frozen import dataclass

_VARIABLE: Final = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Base:
    """The base URL of a client's operations; `given` where the caller named it, which then is that of all of them."""

    url: str
    given: bool = True
    variables: Mapping[str, str] = field(default_factory=dict[str, str])

    def of(self, servers: tuple[Server, ...]) -> str:
        """The base URL of an operation, which may have servers of its own; raises ValueError where they lead nowhere."""
        if self.given or not servers:
            return self.url or _checked("")
        return _checked(urljoin(f"{self.url.rstrip('/')}/", _filled(servers[0], self.variables)))


def base_of(api: ApiContract, base_url: str | None, variables: Mapping[str, str] | None) -> Base:
    """The base of a client: the URL that is given, else the first server of the API.

    Raises ValueError for a URL that no request can go to, and for variables that the servers do not have.
    """
    if base_url is not None:
        if variables:
            raise ValueError("server_variables belong to the servers of the API: base_url is given instead of them")
        return Base(_checked(base_url))
    given = dict(variables or {})
    _check_names(given, (*api.servers, *api.further_servers))
    url = _filled(api.servers[0], given) if api.servers else ""
    if not urlsplit(url).hostname and api.further_servers:
        return Base("", given=False, variables=given)
    return Base(_checked(url), given=False, variables=given)


def _check_names(given: Mapping[str, str], servers: Iterable[Server]) -> None:
    names: set[str] = set()
    for server in servers:
        names.update(_VARIABLE.findall(server.url))
        for name, text in given.items():
            _check_value(name, text, server.variables.get(name))
    for name in given:
        if name not in names:
            raise ValueError(f"there is no server variable {name!r}: there is {' and '.join(sorted(names)) or 'none'}")


def _check_value(name: str, text: str, variable: ServerVariable | None) -> None:
    if variable is not None and variable.values and text not in variable.values:
        raise ValueError(f"the server variable {name!r} can't be {text!r}, but {' or '.join(variable.values)}")


def _filled(server: Server, variables: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        name = found[1]
        variable = server.variables.get(name)
        default = variable.default if variable is not None else None
        text = variables.get(name, default)
        if text is None:
            raise ValueError(f"the server variable {name!r} has no default: give it in server_variables")
        return text

    return _VARIABLE.sub(value, server.url)


def _checked(url: str) -> str:
    parts = urlsplit(url)
    if not parts.scheme and not parts.netloc:
        raise ValueError("the API's document names no host: give base_url")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("base_url is an http or https URL without query and fragment")
    if parts.username is not None:
        raise ValueError("base_url holds no credentials: give them as `auth`")
    return url
