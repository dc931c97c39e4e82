"""JSONPath as overlays may use it: regular expressions that can take exponential time are refused before they are tried."""

from __future__ import annotations

from functools import cache

from jsonpath import JSONPathEnvironment
from jsonpath.exceptions import JSONPathError
from jsonpath.function_extensions import Match, Search

from sadpath.openapi.ambiguity import explodes


def _checked(pattern: object) -> object:
    if isinstance(pattern, str) and explodes(pattern):
        raise JSONPathError("its regular expression can take time out of all proportion to the text")
    return pattern


class _Match(Match):
    def __call__(self, value: object, pattern: object) -> bool:
        return super().__call__(value, _checked(pattern))


class _Search(Search):
    def __call__(self, value: object, pattern: object) -> bool:
        return super().__call__(value, _checked(pattern))


@cache
def jsonpath_environment() -> JSONPathEnvironment:
    """RFC 9535, strictly; its queries raise `JSONPathError`."""
    found = JSONPathEnvironment(strict=True)
    found.function_extensions |= {"match": _Match(), "search": _Search()}
    return found
