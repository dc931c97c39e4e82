"""A source to a `Document`: the entry point of the package, which also runs its own checks."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from sadpath.diagnostics import Report, quote
from sadpath.diagnostics import rules_openapi as rules
from sadpath.openapi.as_read import as_read
from sadpath.openapi.check_operations import check_operations
from sadpath.openapi.check_references import check_references
from sadpath.openapi.model import Contact, Document, Info, Operation, Server, Tag
from sadpath.openapi.node import Node
from sadpath.openapi.parse_content import ContentParser
from sadpath.openapi.parse_operation import OperationParser, parse_security, parse_servers
from sadpath.openapi.parse_schema import SchemaParser
from sadpath.openapi.parse_security import parse_security_schemes
from sadpath.openapi.path_parameters import with_path_parameters
from sadpath.openapi.resolve import Resolver
from sadpath.source.place import Place
from sadpath.source.references import Sources
from sadpath.source.text import Source
from sadpath.source.tree import is_mapping

_VERSION: Final = re.compile(r"(\d{1,4})\.(\d{1,4})(?:\.\d{1,6}(?:-.*)?)?")
_SUPPORTED: Final = ((3, 0), (3, 1), (3, 2))


def parse_document(
    source: Source,
    sources: Sources,
    report: Report,
    *,
    exploding_patterns: bool = False,
    references_checked: bool = False,
) -> Document | None:
    """The document that `source` holds; None only where it is no OpenAPI document of a known version.

    All findings of our own checks are in `report` afterwards. A document with errors is returned too: what was wrong is
    left out of it. With `exploding_patterns`, patterns whose matching can take exponential time are matched all the same. With
    `references_checked` somebody else looks for references that dangle or go in circles.
    """
    node = Node(source.tree, Place(source), report)
    version = _version(node)
    if version is None:
        return None
    if not references_checked:
        check_references(sources, report)
    resolver = Resolver(sources, version)
    schemas = SchemaParser(resolver, exploding_patterns=exploding_patterns)
    components = node.field("components") or Node({}, node.place.child("components"), report)
    security_schemes = dict(parse_security_schemes(components, resolver))
    content = ContentParser(resolver, schemas)
    parser = OperationParser(resolver, content, parse_security(node), _servers(node))
    operations = tuple(with_path_parameters(one, report) for one in _operations(node, "paths", parser))
    webhooks = _operations(node, "webhooks", parser)
    named = {name: schemas.define(entry) for name, entry in components.named("schemas")}
    _parse_unused(components, content, parser)
    schemas.drain()
    check_operations(operations, webhooks, security_schemes, node)
    return Document(
        place=node.place,
        version=node.value["openapi"],
        info=_info(node, version),
        servers=_servers(node),
        tags=_tags(node),
        operations=operations,
        webhooks=webhooks,
        schemas=named,
        definitions=schemas.definitions,
        security_schemes=security_schemes,
        extensions=node.extensions(),
        tree=as_read(source, report),
    )


def _version(node: Node) -> tuple[int, int] | None:
    if not is_mapping(node.value):
        node.report.add(rules.NOT_OPENAPI, "an OpenAPI document is a mapping", node.place)
        return None
    found = node.literal("openapi")
    if found is None:
        _report_no_version(node)
        return None
    value: object = found.value
    text = str(value) if isinstance(value, (str, int, Decimal)) else ""
    match = _VERSION.fullmatch(text)
    version = (int(match[1]), int(match[2])) if match else None
    if version not in _SUPPORTED:
        message = f"OpenAPI {quote(text)} is not supported; 3.0, 3.1 and 3.2 are"
        node.report.add(rules.UNSUPPORTED_VERSION, message, found.place)
        return None
    found.as_text()
    return version


def _report_no_version(node: Node) -> None:
    swagger = node.literal("swagger")
    if swagger is not None:
        message = f"this is a Swagger {quote(swagger.value)} document; OpenAPI 3.0, 3.1 and 3.2 are read"
        node.report.add(rules.UNSUPPORTED_VERSION, message, swagger.place)
        return
    node.report.add(rules.NOT_OPENAPI, 'the document has no field "openapi"', node.place)


def _info(node: Node, version: tuple[int, int]) -> Info:
    found = node.field("info")
    if found is None:
        node.missing("info")
        return Info("", "", None, None)
    found.is_mapping()
    return Info(
        title=found.text("title", required=True) or "",
        version=found.text("version", required=True) or "",
        summary=found.text("summary") if version >= (3, 1) else None,
        description=found.text("description"),
        extensions=found.extensions(),
        contact=_contact(found.field("contact")),
    )


def _contact(node: Node | None) -> Contact | None:
    if node is None or not node.is_mapping():
        return None
    return Contact(node.text("name"), node.text("email"), node.text("url"))


def _servers(node: Node) -> tuple[Server, ...]:
    return parse_servers(node) or (Server("/", None),)


def _tags(node: Node) -> tuple[Tag, ...]:
    found: list[Tag] = []
    for item in node.items("tags"):
        name = item.text("name", required=True)
        if name is not None:
            found.append(Tag(name, item.text("description"), item.extensions()))
        elif not is_mapping(item.value):
            item.refuse("a mapping")
    return tuple(found)


def _operations(node: Node, section: str, parser: OperationParser) -> tuple[Operation, ...]:
    found = node.field(section)
    if found is None:
        if section == "paths" and str(node.value["openapi"]).startswith("3.0"):
            node.missing("paths")
        return ()
    return tuple(operation for path, item in found.entries() for operation in parser.path_item(path, item))


def _parse_unused(components: Node, content: ContentParser, parser: OperationParser) -> None:
    """Parse components in their own place, so that those that no operation uses are checked too."""
    unused: list[Any] = [parser.parameter(entry) for _, entry in components.named("parameters")]
    unused += [content.request_body(entry) for _, entry in components.named("requestBodies")]
    unused += [content.response("default", entry) for _, entry in components.named("responses")]
    unused += [
        operation for name, entry in components.named("pathItems") for operation in parser.path_item(name, entry)
    ]
