"""Reads a document as plain data, on a way of its own: nothing here knows the program that is tested."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import yaml

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")


class _Loader(yaml.CSafeLoader):
    """YAML 1.2: `on` and `no` are texts, and so are dates and `12:30`."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("merge", r"<<", "<"),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}",
        re.compile(rf"^(?:{_pattern})$"),
        [*_first.replace("\0", ""), *[""] * ("\0" in _first)],
    )


def _integer(loader: Any, node: Any) -> int:
    """An integer of YAML 1.2, where a zero in front means nothing."""
    text: str = node.value
    for prefix, radix in (("0o", 8), ("0x", 16)):
        if text.startswith(prefix):
            return int(text[2:], radix)
    return int(text)


_Loader.add_constructor("tag:yaml.org,2002:int", _integer)


class Lost(Exception):
    """A reference that leads nowhere, or to the network."""


@dataclass(frozen=True)
class Operation:
    """One operation: its method in capitals, its path, its JSON Pointer, the plain object, and its parameters with their pointers.

    Those of the path item stand first, as the operation's own take their place.
    """

    method: str
    path: str
    pointer: str
    tree: dict[str, Any]
    file: Path
    parameters: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Described:
    """A parameter as the document has it: where it goes, its name, the object and its file, and the pointers to it."""

    location: str
    name: str
    tree: dict[str, Any]
    file: Path
    pointers: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from others: header fields have no case."""
        return self.location, self.name.lower() if self.location == "header" else self.name


_SET_ELSEWHERE: Final = {("header", name) for name in ("accept", "content-type", "authorization")}
"""Parameters that OpenAPI has us ignore."""


@dataclass
class Plain:
    """A document and the files that it refers to."""

    path: Path
    files: dict[Path, Any] = field(default_factory=dict[Path, Any])

    @property
    def tree(self) -> dict[str, Any]:
        """The document itself."""
        found: dict[str, Any] = self.file(self.path)
        return found

    @property
    def version(self) -> str:
        """The version of OpenAPI that it says it is written in."""
        return str(self.tree["openapi"])

    def file(self, path: Path) -> Any:
        """A file as plain data; raises Lost."""
        if path not in self.files:
            try:
                self.files[path] = read(path)
            except (OSError, ValueError, yaml.YAMLError) as error:
                raise Lost(str(path.name)) from error
        return self.files[path]

    def follow(self, tree: Any, file: Path) -> tuple[Any, Path, str | None]:
        """What a chain of references leads to, its file, and the last pointer; raises Lost."""
        pointer: str | None = None
        seen: set[tuple[Path, str]] = set()
        while isinstance(tree, dict) and isinstance(tree.get("$ref"), str):
            tree, file, pointer = self.target(tree["$ref"], file)
            if (file, pointer) in seen:
                raise Lost(pointer)
            seen.add((file, pointer))
        return tree, file, pointer

    def target(self, reference: str, file: Path, *, depth: int = 20) -> tuple[Any, Path, str]:
        """Where a reference leads: what is there, its file and its pointer; raises Lost.

        A pointer may lead on through another reference.
        """
        address, _, fragment = reference.partition("#")
        if "://" in address:
            raise Lost(reference)
        path = (file.parent / unquote(address)).resolve() if address else file
        tree, at = self.file(path), path
        for token in [part.replace("~1", "/").replace("~0", "~") for part in unquote(fragment).split("/")[1:]]:
            while depth and isinstance(tree, dict) and token not in tree and isinstance(tree.get("$ref"), str):
                depth -= 1
                tree, at, _ = self.target(tree["$ref"], at, depth=depth)
            if isinstance(tree, dict) and token in tree:
                tree = tree[token]
            elif isinstance(tree, list) and token.isdecimal() and int(token) < len(tree):
                tree = tree[int(token)]
            else:
                raise Lost(reference)
        return tree, at, unquote(fragment)

    def operations(self) -> Iterator[Operation]:
        """Every operation, path items by reference included."""
        for path, item in (self.tree.get("paths") or {}).items():
            if not isinstance(item, dict) or not str(path).startswith("/"):
                continue
            found, file, _ = self.follow(item, self.path)
            merged = {**found, **{name: value for name, value in item.items() if name != "$ref"}}
            for method, place, tree in _methods(merged):
                above = f"/paths/{escaped(str(path))}"
                shared = _numbered(merged.get("parameters"), f"{above}/parameters")
                own = _numbered(tree.get("parameters"), f"{above}/{place}/parameters")
                yield Operation(method, str(path), f"{above}/{place}", tree, file, (*shared, *own))

    def parameters(self, operation: Operation) -> list[Described]:
        """The parameters of an operation, references followed, each once: those that it has to send; raises Lost."""
        found: dict[tuple[str, str], Described] = {}
        for place, parameter in operation.parameters:
            tree, file, pointer = self.follow(parameter, operation.file)
            one = Described(str(tree["in"]), str(tree["name"]), tree, file, (place, *filter(None, [pointer])))
            found[one.key] = one
        keys = set(self.key_places(operation))
        return [one for one in found.values() if one.key not in _SET_ELSEWHERE and one.key not in keys]

    def key_places(self, operation: Operation) -> Iterator[tuple[str, str]]:
        """Where the credentials that an operation takes are sent as API keys: they are not given as parameters."""
        schemes = (self.tree.get("components") or {}).get("securitySchemes") or {}
        for requirement in operation.tree.get("security", self.tree.get("security")) or ():
            for name in requirement:
                scheme, _, _ = self.follow(schemes.get(name), self.path)
                if isinstance(scheme, dict) and scheme.get("type") == "apiKey":
                    yield Described(scheme["in"], scheme["name"], scheme, self.path, ()).key

    def schemas(self) -> dict[str, Any]:
        """The schemas of the components, by name."""
        components = self.tree.get("components")
        found = components.get("schemas") if isinstance(components, dict) else None
        return {str(name): schema for name, schema in (found or {}).items() if not str(name).startswith("x-")}

    def responses(self, operation: Operation) -> Iterator[tuple[str, dict[str, Any], Path, str | None]]:
        """The responses of an operation: status, object, file, and the pointer that a reference leads to."""
        for status, response in (operation.tree.get("responses") or {}).items():
            if str(status).startswith("x-"):
                continue
            try:
                found, file, pointer = self.follow(response, operation.file)
            except Lost:
                continue
            if isinstance(found, dict):
                yield str(status), found, file, pointer


def read(path: Path) -> Any:
    """A file as plain data; keys are texts, as in JSON."""
    content = path.read_bytes()
    if path.suffix.lower() == ".json" or content.lstrip()[:1] == b"{":
        try:
            return json.loads(content)
        except ValueError:
            pass
    return _keyed(yaml.load(content, _Loader))


def _keyed(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {_key(name): _keyed(value) for name, value in tree.items()}
    return [_keyed(item) for item in tree] if isinstance(tree, list) else tree


def _key(name: Any) -> str:
    return name if isinstance(name, str) else json.dumps(name) if isinstance(name, bool | None) else str(name)


def _numbered(found: Any, pointer: str) -> list[tuple[str, Any]]:
    return [(f"{pointer}/{index}", one) for index, one in enumerate(found)] if isinstance(found, list) else []


def _methods(item: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for method in METHODS:
        if isinstance(item.get(method), dict):
            yield method.upper(), method, item[method]
    for method, tree in (item.get("additionalOperations") or {}).items():
        yield method, f"additionalOperations/{method}", tree


def escaped(token: str) -> str:
    """A token of a JSON Pointer (RFC 6901)."""
    return token.replace("~", "~0").replace("/", "~1")
