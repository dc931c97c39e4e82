"""Finds the operation of a request: concrete paths before templated ones, segments compared before they are decoded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeVar
from urllib.parse import unquote

from .contract import OperationContract

_TEMPLATE: Final = re.compile(r"\{([^{}]+)\}")


class _HasContract(Protocol):
    @property
    def contract(self) -> OperationContract: ...


R = TypeVar("R", bound=_HasContract)


@dataclass(frozen=True, slots=True)
class Found(Generic[R]):
    """A path of the API: what its methods are, and the path parameters, still percent-encoded."""

    methods: Mapping[str, R]
    parameters: Mapping[str, str]

    def route(self, method: str) -> R | None:
        """The route of a method; HEAD is answered as GET is."""
        return self.methods.get(method) or (self.methods.get("GET") if method == "HEAD" else None)

    @property
    def allowed(self) -> tuple[str, ...]:
        """What `Allow` says."""
        return tuple(sorted({*self.methods, *(("HEAD",) if "GET" in self.methods else ())}))


class RouteTable(Generic[R]):
    """All paths of an API."""

    def __init__(self, routes: Iterable[R]) -> None:
        by_path: dict[str, dict[str, R]] = {}
        for route in routes:
            by_path.setdefault(route.contract.path, {})[route.contract.method.upper()] = route
        self._paths = sorted(
            (_Path(template, methods) for template, methods in by_path.items()), key=lambda path: path.rank
        )

    def find(self, raw_path: str) -> Found[R] | None:
        """What a path is, as it stands in the request line, without the query."""
        segments = raw_path.split("/")
        for path in self._paths:
            parameters = path.match(segments)
            if parameters is not None:
                return Found(path.methods, parameters)
        return None


class _Path:
    def __init__(self, template: str, methods: Mapping[str, Any]) -> None:
        self.methods = methods
        self.names: list[str] = []
        self.segments = [self._segment(text) for text in template.split("/")]
        self.rank = ([isinstance(segment, re.Pattern) for segment in self.segments], template)

    def _segment(self, text: str) -> str | re.Pattern[str]:
        parts = _TEMPLATE.split(text)
        if len(parts) == 1:
            return unquote(text)
        self.names += parts[1::2]
        pattern = "".join("(.+?)" if place % 2 else re.escape(part) for place, part in enumerate(parts))
        return re.compile(pattern, re.DOTALL)

    def match(self, segments: list[str]) -> dict[str, str] | None:
        if len(segments) != len(self.segments):
            return None
        values: list[str] = []
        for wanted, actual in zip(self.segments, segments, strict=True):
            if isinstance(wanted, str):
                if unquote(actual) != wanted:
                    return None
                continue
            found = wanted.fullmatch(actual)
            if found is None:
                return None
            values += found.groups()
        return dict(zip(self.names, values, strict=True))
