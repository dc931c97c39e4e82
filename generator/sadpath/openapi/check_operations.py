"""What the paths and operations of a document promise each other: path templates, operation ids, security."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from sadpath.diagnostics import Related, did_you_mean, quote, suggestion
from sadpath.diagnostics import rules_openapi as rules
from sadpath.openapi.model import Operation, SecurityScheme
from sadpath.openapi.node import Node
from sadpath.source.place import Place

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")


def check_operations(
    operations: tuple[Operation, ...],
    webhooks: tuple[Operation, ...],
    schemes: Mapping[str, SecurityScheme],
    document: Node,
) -> None:
    """Report to the node's report; `document` is the root of the document."""
    _check_operation_ids((*operations, *webhooks), document)
    _check_templates(operations, document)
    for operation in operations:
        _check_path_parameters(operation, document)
    _check_security(document, schemes)
    for operation in (*operations, *webhooks):
        _check_security(Node(operation.place.value, operation.place, document.report), schemes)


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
    places = {} if paths is None else {path: item.place for path, item in paths.members()}
    for path, place in places.items():
        problem = _template_problem(path)
        if problem:
            document.report.add(rules.MALFORMED_PATH, f"the path {quote(path)} {problem}", place.key())
        for name, count in Counter(_PLACEHOLDER.findall(path)).items():
            if count > 1 and name:
                message = f"the path {quote(path)} uses the placeholder {quote(name)} more than once"
                document.report.add(rules.REPEATED_PLACEHOLDER, message, place)
    first: dict[tuple[str, str], str] = {}
    for operation in operations:
        shape = (operation.method, _PLACEHOLDER.sub("{}", operation.path))
        other = first.setdefault(shape, operation.path)
        if other != operation.path:
            message = f"{operation.method} {quote(operation.path)} and {quote(other)} match the same requests"
            related = [Related(places[other], "the other path")]
            document.report.add(rules.DUPLICATE_PATH, message, places[operation.path], related=related)


def _template_problem(path: str) -> str | None:
    names = _PLACEHOLDER.findall(path)
    if not path.startswith("/"):
        return "does not start with a slash"
    if set("{}") & set(_PLACEHOLDER.sub("", path)):
        return "has a brace without its counterpart"
    if "" in names:
        return "has a placeholder without a name"
    return None


def _check_path_parameters(operation: Operation, document: Node) -> None:
    declared = {one.name: one for one in operation.parameters if one.location == "path"}
    used = [name for name in _PLACEHOLDER.findall(operation.path) if name]
    report = document.report
    for name in dict.fromkeys(used):
        if name not in declared:
            near = did_you_mean(name, [one for one in declared if one not in used])
            hint = None if near is None else f"the parameter {quote(near)} fits no placeholder: rename one of the two"
            message = f"no parameter describes the placeholder {quote(name)} of the path {quote(operation.path)}"
            report.add(rules.PATH_PARAMETER_UNDECLARED, message, operation.place, help=hint)
    for name, parameter in declared.items():
        if name not in used:
            message = f"the path {quote(operation.path)} has no placeholder {quote(name)}"
            report.add(rules.PATH_PARAMETER_UNUSED, message, parameter.place, help=suggestion(name, used))


def _check_security(node: Node, schemes: Mapping[str, SecurityScheme]) -> None:
    defined = set(schemes)
    for item in node.items("security"):
        for name, requirement in item.members() if isinstance(item.value, dict) else ():
            if name not in defined and not name.startswith("http"):
                message = f"no security scheme {quote(name)} is defined"
                help_text = suggestion(name, sorted(defined))
                node.report.add(rules.UNKNOWN_SECURITY_SCHEME, message, requirement.place, help=help_text)
