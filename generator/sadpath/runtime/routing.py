"""Finds the operation of a request: concrete paths before templated ones, segments compared before they are decoded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final, Generic, Literal, Protocol, TypeVar, get_args, get_origin
from urllib.parse import unquote

from .contract import OperationContract, Parameter
from .frozen import dataclass
from .references import resolved
from .wire import text_of

_TEMPLATE: Final = re.compile(r"\{([^{}]+)\}")
_LONGEST: Final = 1 << 16
_ODD: Final = "%00"
"""What no type but a text of any form takes."""


class _HasContract(Protocol):
    @property
    def contract(self) -> OperationContract: ...


R = TypeVar("R", bound=_HasContract)


@dataclass(frozen=True, slots=True)
class Found(Generic[R]):
    """What is at a path: its methods, and the path parameters of the one that was asked for, still percent-encoded."""

    methods: Mapping[str, R]
    parameters: Mapping[str, str]

    def route(self, method: str) -> R | None:
        """The route of a method; HEAD is answered as GET is."""
        return self.methods.get(method) or (self.methods.get("GET") if method == "HEAD" else None)

    @property
    def allowed(self) -> tuple[str, ...]:
        """What `Allow` says."""
        return tuple(sorted({*self.methods, *(("HEAD",) if "GET" in self.methods else ()), "OPTIONS"}))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a request carries beyond its path."""

    query: Mapping[str, str]
    """The first value of each name, percent-encoded."""
    headers: Mapping[str, str]

    def has(self, parameter: Parameter) -> bool:
        """Whether the one value of a parameter is there."""
        given = (self.headers if parameter.location == "header" else self.query).get(parameter.name)
        wanted = {text_of(value) for value in get_args(resolved(parameter.type))}
        return given is not None and (given if parameter.location == "header" else unquote(given)) in wanted


class _Path(Generic[R]):
    """A path of the contract with its methods; what follows a question mark in it is demanded of the query."""

    def __init__(self, path: str, methods: Mapping[str, R]) -> None:
        bare, _, query = path.partition("#")[0].partition("?")
        self.template, self.methods = PathTemplate(bare), methods
        pairs = (pair.partition("=")[::2] for pair in query.split("&") if pair)
        self._query = {unquote(name): PathTemplate(value) for name, value in pairs if not _TEMPLATE.search(name)}
        self._constants: dict[str, tuple[Parameter, ...]] = {}
        self.shape = _TEMPLATE.sub("{}", bare)
        self.rank = (self.template.freedom, -len(self._query), path)

    def match(self, segments: list[str], asked: _Asked) -> dict[str, str] | None:
        """The parameters in the path and in its query; None where one of the two does not fit."""
        found = self.template.match(segments)
        if found is not None and self._query:
            for name, template in self._query.items():
                values = template.match(asked.query[name].split("/")) if name in asked.query else None
                if values is None:
                    return None
                found |= values
        return found

    def constants(self, route: R) -> tuple[Parameter, ...]:
        """The required parameters of an operation that have one value."""
        contract = route.contract
        if contract.method not in self._constants:
            self._constants[contract.method] = tuple(
                one
                for one in contract.parameters
                if one.required and one.location in ("query", "header") and get_origin(resolved(one.type)) is Literal
            )
        return self._constants[contract.method]


class RouteTable(Generic[R]):
    """All paths of an API; `fits` says whether a percent-encoded text is a value of a path parameter."""

    def __init__(
        self, routes: Iterable[R], fits: Callable[[Parameter, str], bool] = lambda parameter, text: True
    ) -> None:
        self._fits = fits
        by_path: dict[str, dict[str, R]] = {}
        for route in routes:
            by_path.setdefault(route.contract.path, {})[route.contract.method.upper()] = route
        paths = [_Path(path, methods) for path, methods in by_path.items()]
        self._paths = sorted(paths, key=lambda path: path.rank)

    def find(
        self, raw_path: str, method: str = "GET", query: str = "", headers: Mapping[str, str] | None = None
    ) -> Found[R] | None:
        """What is at a path, as it stands in the request line; the query as well.

        Where `/loans/mine` and `/loans/{id}` both fit, the first one answers, unless only the second has the method.
        Operations that have a path in common are told apart by their required parameters of one value, and by what
        their path parameters may be.
        """
        segments = raw_path.split("/")
        asked = _Asked(_first_values(query), headers or {})
        fitting: list[tuple[_Path[R], Found[R]]] = []
        for path in self._paths:
            parameters = path.match(segments, asked)
            if parameters is not None:
                fitting.append((path, Found(path.methods, parameters)))
        able = [(path, found) for path, found in fitting if found.route(method) is not None]
        rivals = [one for one in able if one[0].shape == able[0][0].shape]
        if len(rivals) > 1:
            return self._meant(rivals, method, asked)
        if able or not fitting:
            return able[0][1] if able else None
        return Found({name: route for _, found in fitting for name, route in found.methods.items()}, {})

    def _meant(self, rivals: list[tuple[_Path[R], Found[R]]], method: str, asked: _Asked) -> Found[R]:
        """The operation of whose constants a request has most, and all; of several, that whose path has the fewest values."""
        chosen, best = rivals[0][1], (-1, -1)
        for path, found in rivals:
            route = found.route(method)
            if route is None:
                continue
            constants, values = path.constants(route), found.parameters
            places = [one for one in route.contract.parameters if one.location == "path" and one.name in values]
            if all(map(asked.has, constants)) and all(self._fits(one, values[one.name]) for one in places):
                narrowness = (len(constants), sum(not self._fits(one, _ODD) for one in places))
                chosen, best = (found, narrowness) if narrowness > best else (chosen, best)
        return chosen


def _first_values(query: str) -> dict[str, str]:
    pairs = [pair.partition("=")[::2] for pair in query.replace("+", "%20").split("&") if pair]
    return {unquote(name): value for name, value in reversed(pairs)}


class _Mixed:
    """A segment that holds parameters, by the texts before, between and after them."""

    __slots__ = ("_first", "_others")

    def __init__(self, texts: list[str]) -> None:
        self._first = re.compile(_literal(texts[0]))
        self._others = [re.compile(_literal(text)) for text in texts[1:-1]]
        self._others.append(re.compile(_literal(texts[-1]) + r"\Z"))

    def match(self, text: str) -> list[str] | None:
        """The values of the parameters, each as short as can be and none empty, in time that grows with the text alone."""
        before = self._first.match(text)
        if before is None:
            return None
        at = before.end()
        values: list[str] = []
        for literal in self._others:
            found = literal.search(text, at + 1)
            if found is None or found.start() == at:
                return None
            values.append(text[at : found.start()])
            at = found.end()
        return values


class PathTemplate:
    """One path of a contract, with `{name}` for each parameter."""

    def __init__(self, template: str) -> None:
        self.template = template
        self._names: list[str] = []
        self._segments = [self._segment(text) for text in template.split("/")]

    @property
    def freedom(self) -> tuple[int, ...]:
        """How much fits each segment: one text alone, or the more, the less of it is fixed."""
        segments = self.template.split("/")
        return tuple(-len(_TEMPLATE.sub("", text)) if _TEMPLATE.search(text) else -_LONGEST for text in segments)

    def _segment(self, text: str) -> str | _Mixed:
        parts = _TEMPLATE.split(text)
        if len(parts) == 1:
            return unquote(text)
        self._names += parts[1::2]
        return _Mixed(parts[::2])

    def match(self, segments: list[str]) -> dict[str, str] | None:
        """The parameters, still percent-encoded, of a path that this one fits."""
        if len(segments) != len(self._segments):
            return None
        values: list[str] = []
        for wanted, actual in zip(self._segments, segments, strict=True):
            if isinstance(wanted, str):
                if unquote(actual) != wanted:
                    return None
                continue
            found = wanted.match(actual)
            if found is None:
                return None
            values += found
        return dict(zip(self._names, values, strict=True))

    def fill(self, values: Mapping[str, str]) -> str:
        """The path with percent-encoded values in it; raises ValueError where a server would read other ones from it."""
        filled = _TEMPLATE.sub(lambda found: values[found[1]], self.template)
        read = self.match(filled.split("/"))
        wrong = next((name for name in self._names if (read or {}).get(name) != values[name]), None)
        if wrong is not None:
            raise ValueError(f"the path parameter {wrong!r} holds what separates it from the next one in the path")
        return filled


@lru_cache(maxsize=1024)
def path_template(path: str) -> PathTemplate:
    """The template of a path, made once."""
    return PathTemplate(path)


def _literal(text: str) -> str:
    """A pattern of the text, each of its bytes as it is or percent-encoded."""
    return "".join(
        f"(?:{re.escape(chr(byte))}|%{_hex(byte)})" if byte < 0x80 else f"%{_hex(byte)}"
        for byte in unquote(text).encode("utf-8", "surrogatepass")
    )


def _hex(byte: int) -> str:
    return "".join(f"[{digit}{digit.lower()}]" if digit.isalpha() else digit for digit in f"{byte:02X}")
