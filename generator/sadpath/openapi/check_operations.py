"""What the paths and operations of a document promise each other: path templates, operation ids, security."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from sadpath.diagnostics import Related, quote, suggestion
from sadpath.diagnostics import rules_openapi as rules
from sadpath.openapi.model import Operation, SecurityScheme
from sadpath.openapi.node import Node
from sadpath.openapi.path_parameters import PLACEHOLDER
from sadpath.source.place import Place

_URI: Final = ("http://", "https://")
"""What 3.2 lets a requirement name, beside a scheme of the document."""


def check_operations(
    operations: tuple[Operation, ...],
    webhooks: tuple[Operation, ...],
    schemes: Mapping[str, SecurityScheme],
    document: Node,
) -> None:
    """Report to the node's report; `document` is the root of the document."""
    callbacks = [callback.operation for operation in operations for callback in operation.callbacks]
    _check_operation_ids((*operations, *webhooks, *callbacks), document)
    _check_templates(operations, document)
    told: set[str] = set()
    _check_security(document, schemes, told)
    for operation in (*operations, *webhooks, *callbacks):
        _check_security(Node(operation.place.value, operation.place, document.report), schemes, told)


def _check_operation_ids(operations: Iterable[Operation], document: Node) -> None:
    first: dict[str, Place] = {}
    for operation in operations:
        if operation.operation_id is None:
            continue
        place = operation.place.child("operationId")
        known = first.setdefault(operation.operation_id, place)
        if known != place:
            message = f"the operationId {quote(operation.operation_id)} is not unique"
            related = [Related(known, "first used here")]
            document.report.add(rules.DUPLICATE_OPERATION_ID, message, place, related=related)


def _check_templates(operations: Iterable[Operation], document: Node) -> None:
    paths = document.field("paths")
    places = {} if paths is None else {path: item.place for path, item in paths.entries()}
    for path, place in places.items():
        problem = _template_problem(path)
        if problem:
            document.report.add(rules.MALFORMED_PATH, f"the path {quote(path)} {problem}", place.key())
        if set("?#") & set(path):
            message = f"the path {quote(path)} holds a {'query' if '?' in path else 'fragment'}"
            document.report.add(rules.QUERY_IN_PATH, message, place.key())
        for name, count in Counter(PLACEHOLDER.findall(path)).items():
            if count > 1 and name:
                message = f"the path {quote(path)} uses the placeholder {quote(name)} more than once"
                document.report.add(rules.REPEATED_PLACEHOLDER, message, place)
    first: dict[tuple[str, str], str] = {}
    for operation in operations:
        shape = (operation.method, PLACEHOLDER.sub("{}", operation.path))
        other = first.setdefault(shape, operation.path)
        if other != operation.path:
            message = f"{operation.method} {quote(operation.path)} and {quote(other)} match the same requests"
            related = [Related(places[other], "the other path")]
            document.report.add(rules.DUPLICATE_PATH, message, places[operation.path], related=related)


def _template_problem(path: str) -> str | None:
    names = PLACEHOLDER.findall(path)
    if not path.startswith("/"):
        return "does not start with a slash"
    if set("{}") & set(PLACEHOLDER.sub("", path)):
        return "has a brace without its counterpart"
    if "" in names:
        return "has a placeholder without a name"
    return None


def _check_security(node: Node, schemes: Mapping[str, SecurityScheme], told: set[str]) -> None:
    """An alternative that needs an unknown scheme is left out; without any other, nobody knows what to send.

    Each name is told once of either kind, as documents repeat them at every operation.
    """
    items = [item for item in node.items("security") if isinstance(item.value, dict)]
    unknown = [[name for name in item.value if name not in schemes] for item in items]
    named = [names for item, names in zip(items, unknown, strict=True) if item.value]
    rule = rules.UNKNOWN_SECURITY_SCHEME if all(named) else rules.UNKNOWN_ALTERNATIVE
    for item, names in zip(items, unknown, strict=True):
        for name in names:
            is_elsewhere = name.startswith(_URI)
            if f"{rule.code} {name}" in told or (is_elsewhere and rule is rules.UNKNOWN_ALTERNATIVE):
                continue
            told.add(f"{rule.code} {name}")
            message = f"no security scheme {quote(name)} is defined"
            if is_elsewhere:
                message = f"the security scheme {quote(name)} is described elsewhere, and there is no other"
            node.report.add(rule, message, item.place.child(name), help=suggestion(name, sorted(schemes)))
