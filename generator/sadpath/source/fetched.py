"""Documents of the network without the network: what may be fetched, and how what was fetched is read."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from sadpath.runtime.frozen import dataclass
from sadpath.source.text import Syntax, syntax_of


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
