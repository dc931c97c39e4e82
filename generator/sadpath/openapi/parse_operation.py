"""Path Items to operations: parameters merged, references followed, effective security and servers worked out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Literal, cast

from sadpath.diagnostics import Related, listed, quote, suggestion
from sadpath.diagnostics import rules_openapi as rules
from sadpath.openapi.model import Callback, Operation, Parameter, SecurityRequirement, Server, ServerVariable
from sadpath.openapi.node import AS_EMPTY_LIST, Node
from sadpath.openapi.parse_content import ContentParser
from sadpath.openapi.resolve import Resolver
from sadpath.source.place import Place

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")

_TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
"""RFC 9110, section 5.6.2."""

ParameterLocation = Literal["path", "query", "header", "cookie", "querystring"]
_LOCATIONS: Final = ("path", "query", "header", "cookie", "querystring")
_DEFAULT_STYLE: Final = {
    "path": "simple",
    "header": "simple",
    "query": "form",
    "cookie": "form",
    "querystring": "form",
}
_STYLES: Final = {
    "path": ("simple", "label", "matrix"),
    "header": ("simple",),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "cookie": ("form", "cookie"),
    "querystring": ("form",),
}


class OperationParser:
    """Parses path items against the `security` and `servers` of the document, which operations inherit."""

    def __init__(
        self,
        resolver: Resolver,
        content: ContentParser,
        security: tuple[SecurityRequirement, ...],
        servers: tuple[Server, ...],
    ) -> None:
        self._resolver = resolver
        self._content = content
        self._security = security
        self._servers = servers
        self._within_callback = False

    def path_item(self, path: str, node: Node) -> Iterator[Operation]:
        """The operations of one path, in document order. Fields beside a `$ref` win over those of its target."""
        layers = self._layers(node)
        servers = next((parse_servers(layer) for layer in layers if layer.field("servers")), self._servers)
        shared = next((tuple(self.parameters(layer)) for layer in layers if layer.field("parameters")), ())
        texts = {name: _first_text(layers, name) for name in ("summary", "description")}
        seen: set[str] = set()
        for layer in layers:
            for method, inner in self._methods(layer):
                if method not in seen and inner.is_mapping():
                    seen.add(method)
                    operation = self._operation(path, method, inner, shared, servers)
                    yield replace(
                        operation,
                        summary=operation.summary or texts["summary"],
                        description=operation.description or texts["description"],
                    )

    def _layers(self, node: Node) -> list[Node]:
        """A path item and those that its `$ref` chain leads to."""
        layers: list[Node] = []
        while node.is_mapping() and all(node.place != layer.place for layer in layers):
            layers.append(node)
            reference = self._resolver.reference(node)
            place = None if reference is None else self._resolver.target(node, reference)
            if place is None:
                break
            node = Node(place.value, place, node.report).as_object()
        return layers

    def _methods(self, node: Node) -> Iterator[tuple[str, Node]]:
        for name, inner in node.members():
            if name in METHODS and (name != "query" or self._resolver.version >= (3, 2)):
                if inner.value is None:
                    inner.pass_over()
                else:
                    yield name.upper(), inner
        if self._resolver.version >= (3, 2):
            yield from (entry for entry in node.named("additionalOperations") if _is_method(*entry))

    def _operation(
        self, path: str, method: str, node: Node, shared: tuple[Parameter, ...], servers: tuple[Server, ...]
    ) -> Operation:
        if self._resolver.version < (3, 1) and node.field("responses") is None:
            node.missing("responses")
        body = node.field("requestBody")
        return Operation(
            place=node.place,
            path=path,
            method=method,
            operation_id=node.text("operationId"),
            tags=node.texts("tags"),
            summary=node.text("summary"),
            description=node.text("description"),
            deprecated=node.flag("deprecated"),
            parameters=_merged(shared, tuple(self.parameters(node))),
            request_body=None if body is None else self._content.request_body(body),
            responses=tuple(self._content.responses(node)),
            security=self._security if node.field("security") is None else parse_security(node),
            servers=servers if node.field("servers") is None else parse_servers(node),
            extensions=node.extensions(),
            callbacks=tuple(self._callbacks(node)),
        )

    def _callbacks(self, node: Node) -> Iterator[Callback]:
        """What the API requests in the course of an operation; what it requests in the course of that is left out."""
        if self._within_callback:
            return
        self._within_callback = True
        for name, entry in node.named("callbacks"):
            followed = self._resolver.follow(entry)
            if followed is not None and followed.node.is_mapping():
                for expression, item in followed.node.entries():
                    yield from (Callback(name, operation) for operation in self.path_item(expression, item))
        self._within_callback = False

    def parameters(self, node: Node) -> Iterator[Parameter]:
        """The parameters in field `parameters`; one that is there twice is reported and left out."""
        seen: dict[tuple[str, str], Place] = {}
        for item in node.items("parameters"):
            parameter = self.parameter(item)
            if parameter is None:
                continue
            key = (parameter.name, parameter.location)
            if key in seen:
                message = f"the {parameter.location} parameter {quote(parameter.name)} stands in this list twice"
                related = [Related(seen[key], "first described here")]
                item.report.add(rules.DUPLICATE_PARAMETER, message, item.place, related=related)
                continue
            seen[key] = item.place
            yield parameter

    def parameter(self, node: Node) -> Parameter | None:
        """One parameter; None where it has no usable name or location."""
        followed = self._resolver.follow(node)
        if followed is None or not followed.node.is_mapping():
            return None
        inner = followed.node
        name = inner.text("name", required=True)
        location = _choice(inner, "in", _LOCATIONS, required=True)
        if name is None or location is None:
            return None
        required = inner.flag("required")
        if location == "path" and not required:
            message = f"the path parameter {quote(name)} must say `required: true`"
            inner.report.add(rules.OPTIONAL_PATH_PARAMETER, message, inner.place)
        style = _choice(inner, "style", _STYLES[location]) or _DEFAULT_STYLE[location]
        content = self._content.content(inner)
        return Parameter(
            place=node.place,
            name=name,
            location=cast(ParameterLocation, location),
            required=required or location == "path",
            description=followed.text(),
            deprecated=inner.flag("deprecated"),
            schema=self._content.schema(inner),
            style=style,
            explode=inner.flag("explode", style in ("form", "cookie")),
            allow_reserved=inner.flag("allowReserved"),
            content=content[0] if content else None,
            extensions=inner.extensions(),
            allow_empty_value=location == "query" and inner.flag("allowEmptyValue"),
        )


def _first_text(layers: list[Node], name: str) -> str | None:
    return next((text for layer in layers if (text := layer.text(name)) is not None), None)


def _is_method(name: str, node: Node) -> bool:
    """Whether a method that OpenAPI has no field for can be sent."""
    if _TOKEN.fullmatch(name) and name.lower() not in METHODS:
        return True
    reason = "has a field of its own" if name.lower() in METHODS else "is no method of HTTP"
    node.report.add(rules.UNKNOWN_VALUE, f"the method {quote(name)} {reason}", node.place.key())
    return False


def _choice(node: Node, name: str, words: tuple[str, ...], *, required: bool = False) -> str | None:
    text = node.text(name, required=required)
    if text is None or text in words:
        return text
    found = node.child(name)
    message = f"{quote(name)} can't be {quote(text)} here, but {listed(words)}"
    found.report.add(rules.UNKNOWN_VALUE, message, found.place, help=suggestion(text, words))
    return None


def _merged(shared: tuple[Parameter, ...], own: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    """A path's parameters with those of the operation, which take the places of the same name and location."""
    merged = {(one.name, one.location): one for one in shared}
    merged |= {(one.name, one.location): one for one in own}
    return tuple(merged.values())


def parse_servers(node: Node) -> tuple[Server, ...]:
    """The servers in field `servers`."""
    found: list[Server] = []
    for item in node.items("servers"):
        url = item.text("url", required=True)
        variables = {
            name: ServerVariable(inner.text("default"), inner.texts("enum"), inner.text("description"))
            for name, inner in item.named("variables")
            if inner.is_mapping()
        }
        if url is not None:
            found.append(Server(url, item.text("description"), variables, item.place))
        elif not isinstance(item.value, dict):
            item.refuse("a mapping")
    return tuple(found)


def parse_security(node: Node) -> tuple[SecurityRequirement, ...]:
    """The alternatives in field `security`."""
    found: list[SecurityRequirement] = []
    for item in node.items("security"):
        if item.is_mapping():
            found.append(tuple((name, _scopes(item, name)) for name in item.value))
    return tuple(found)


def _scopes(requirement: Node, scheme: str) -> tuple[str, ...]:
    """A scheme without scopes is needed all the same."""
    found = requirement.child(scheme)
    if found.value is None:
        found.pass_over(AS_EMPTY_LIST)
        return ()
    return requirement.texts(scheme)
