"""Views of the operations: a thin typed method over the runtime for each, and what the server makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sadpath.ir.service import Body, Failure, Group, Operation, Service
from sadpath.ir.types import Constant, Field, Record, TypeRef
from sadpath.naming.scope import Code, Identifier
from sadpath.python.annotations import Annotator
from sadpath.python.argument_views import Argument, argument, parameter_texts, sentence, wire_parameter
from sadpath.python.docstrings import bullets, docstring
from sadpath.python.imports import Imports
from sadpath.python.literals import class_names, literal
from sadpath.python.message_views import (
    Spelling,
    body_annotation,
    body_contract,
    content_type_annotation,
    default_content_type,
    is_chosen,
    is_stream,
    item_annotation,
    link_lines,
    returned,
    success_contracts,
    takes_null,
)
from sadpath.python.module_scope import ModuleScope, Reference, records_of
from sadpath.python.names import TEMPLATE_NAMES, Names
from sadpath.runtime import contract as wire
from sadpath.runtime.frozen import dataclass


@dataclass(frozen=True, slots=True)
class OperationView:
    """One operation, for the client and for the server."""

    method: Identifier
    constant: Code
    contract: Code
    decorator: Code
    call: Code
    docstring: Code
    arguments: tuple[Argument, ...]
    keyed: bool
    returns: Code
    result: Code
    errors_alias: Identifier
    errors: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    """The module of one group."""

    attribute: Identifier
    title: Identifier
    module_docstring: Code
    docstring: Code
    async_docstring: Code
    imports: tuple[Code, ...]
    references: tuple[Reference, ...]
    runtime: Code
    operations: tuple[OperationView, ...]


def group_views(service: Service, groups: Iterable[Group], names: Names, runtime: Code) -> tuple[GroupView, ...]:
    """A module for each of the groups of operations."""
    records = records_of(service)
    return tuple(_group(group, service, names, runtime, records) for group in groups)


def _group(group: Group, service: Service, names: Names, runtime: Code, records: Mapping[str, Record]) -> GroupView:
    title = names.groups[group.name].title
    own = {f"{title}Operations", str(title), f"Async{title}"} | TEMPLATE_NAMES
    own |= {f"{names.operations[item.id].title}Error" for item in group.operations}
    imports = Imports({str(names.operations[item.id].method) for item in group.operations} - {"ref"})
    references: dict[str, Reference] = {}

    def refer(name: str) -> Code:
        found = names.types[name]
        spelt = Code(f"_{found}") if str(found) in own else found
        imported = Code(found if spelt == found else f"{found} as {spelt}")
        references[name] = Reference(imported, Code(f"..models.{names.modules[name]}"), spelt, found)
        return spelt

    module = ModuleScope(service, names, imports, Annotator(imports, runtime, refer), references, runtime, records)
    operations = tuple(_operation(operation, module) for operation in group.operations)
    for origin, word in (("typing", "TypeAlias"), ("..", "errors")):
        imports.use(origin, word)
    for word in ("AsyncResource", "CallOptions", "Resource"):
        imports.use(f"{runtime}.calls", word)
    if references:
        imports.use("typing", "TYPE_CHECKING")
        imports.use(f"{runtime}.model", "ref")
    text = group.description or f"The operations of {group.name}."
    return GroupView(
        attribute=names.groups[group.name].attribute,
        title=title,
        module_docstring=docstring(text, indent=0),
        docstring=docstring(text),
        async_docstring=docstring(text),
        imports=imports.lines,
        references=tuple(references[name] for name in sorted(references)),
        runtime=runtime,
        operations=operations,
    )


def _operation(operation: Operation, module: ModuleScope) -> OperationView:
    names = module.names.operations[operation.id]
    spread = _spread(operation, module)
    arguments = _arguments(operation, spread, module)
    contract = _contract(operation, spread, module)
    for name in sorted(class_names(contract)):
        module.imports.use(f"{module.runtime}.contract", name)
    errors_alias = Identifier(f"{names.title}Error")
    returns = returned(operation, spelling_of(module))
    item = item_annotation(operation, spelling_of(module))
    if operation.page is not None:
        prefix, arguments_of_call = "Paged", [returns, errors_alias, module.annotator.of(operation.page.item)]
    elif is_stream(operation):
        prefix, arguments_of_call = "Stream", [returns, errors_alias]
    elif item is not None:
        prefix, arguments_of_call = "Streamable", [returns, errors_alias, item]
    else:
        prefix, arguments_of_call = "", [returns, errors_alias]
    origin = f"{module.runtime}.{'stream_calls' if prefix.startswith('Stream') else 'calls'}"
    decorator = module.imports.use(origin, f"{prefix.lower()}_operation".removeprefix("_"))
    module.imports.use(origin, f"{prefix}Call")
    return OperationView(
        method=names.method,
        constant=Code(names.constant),
        contract=literal(contract),
        decorator=decorator,
        call=Code(f"{prefix}Call"),
        docstring=_docstring(operation, spread, module),
        arguments=arguments,
        keyed=operation.idempotency is not None,
        returns=returns,
        result=Code(f"{prefix}Call[{', '.join(arguments_of_call)}]"),
        errors_alias=errors_alias,
        errors=_errors(operation, module),
    )


def _errors(operation: Operation, module: ModuleScope) -> tuple[Code, ...]:
    """What can be raised: the errors of this operation alone, in the order of the catalog, and those of all operations."""
    own = [
        Code(f"errors.{module.names.failures[failure.entry.contract.id]}")
        for failure in module.service.failures
        if failure.entry.contract.id in operation.failures
        and failure.entry.contract.raised == "always"
        and failure.entry.contract.match.operations
    ]
    return (*own, Code("errors.CommonError"))


def _spread(operation: Operation, module: ModuleScope) -> tuple[Field, ...] | None:
    """The members of the body that become arguments; None where the body is one argument."""
    body = operation.body
    record = module.record(body.spread.name) if body is not None and body.spread is not None else None
    if record is None:
        return None
    taken = {"self", "options", "idempotency_key", "body", "extra"}
    taken |= {str(name) for name in module.names.operations[operation.id].arguments.values()}
    taken |= {"content_type"} if body is not None and is_chosen(body) else set()
    if any(str(module.names.fields[record.name, field.wire_name]) in taken for field in record.fields):
        return None
    return tuple(sorted(record.fields, key=lambda field: not field.required))


def _arguments(operation: Operation, spread: tuple[Field, ...] | None, module: ModuleScope) -> tuple[Argument, ...]:
    names = module.names.operations[operation.id]
    found = [
        argument(names.arguments[item.location, item.wire_name], item.type, module, required=item.required)
        for item in operation.parameters
    ]
    body = operation.body
    if body is not None and spread is None:
        found.append(body_argument(body, module, sent=True))
    elif body is not None and body.spread is not None and spread is not None:
        for field in spread:
            name = module.names.fields[body.spread.name, field.wire_name]
            required = field.required and body.required and not isinstance(field.type, Constant)
            found.append(argument(name, field.type, module, required=required, nullable=field.nullable))
        additional = _additional(body, module)
        if additional is not None:
            found.append(_extra(additional, module))
    chosen = content_type_annotation(body, spelling_of(module)) if body is not None else None
    if body is not None and chosen is not None:
        found.append(Argument(Identifier("content_type"), chosen, default_content_type(body)))
    return tuple(sorted(found, key=lambda item: item.default != ""))


def _additional(body: Body, module: ModuleScope) -> TypeRef | None:
    """The type of members of the body that have no name in the contract, where it has any."""
    record = module.record(body.spread.name) if body.spread is not None else None
    return record.additional if record is not None else None


def _extra(kind: TypeRef, module: ModuleScope) -> Argument:
    mapping = module.imports.use("collections.abc", "Mapping")
    text = module.imports.builtin("str")
    return Argument(
        Identifier("extra"), Code(f"{mapping}[{text}, {module.annotator.plain().of(kind)}] | None"), Code("None")
    )


def spelling_of(module: ModuleScope) -> Spelling:
    return Spelling(module.imports, module.annotator, module.runtime)


def body_argument(body: Body, module: ModuleScope, *, sent: bool) -> Argument:
    """The argument `body` of a call, or the member of that name of a request."""
    name = Identifier("body")
    spelling = Spelling(module.imports, module.annotator.plain(), module.runtime)
    annotation = body_annotation(body, spelling, sent=sent)
    if not takes_null(body):
        return Argument(
            name, annotation if body.required else Code(f"{annotation} | None"), Code("" if body.required else "None")
        )
    annotation = annotation if annotation == "None" else Code(f"{annotation} | None")
    if body.required or not sent:
        return Argument(name, annotation, Code("" if body.required else "None"))
    unset, kind_of_unset = (module.imports.use(f"{module.runtime}.calls", word) for word in ("UNSET", "Unset"))
    return Argument(name, Code(f"{annotation} | {kind_of_unset}"), unset)


def _contract(operation: Operation, spread: tuple[Field, ...] | None, module: ModuleScope) -> wire.OperationContract:
    names = module.names.operations[operation.id]
    body = operation.body
    return wire.OperationContract(
        id=operation.id,
        method=operation.method,
        path=operation.path,
        effect=operation.effect,
        parameters=tuple(
            wire_parameter(item, names.arguments[item.location, item.wire_name], module)
            for item in operation.parameters
        ),
        body=_body(body, spread, module) if body is not None else None,
        success=success_contracts(operation, spelling_of(module)),
        security=operation.security,
        idempotency=operation.idempotency,
        idempotency_optional=operation.idempotency_optional,
        natural_key=operation.natural_key,
        paging=_paging(operation, module),
        servers=operation.servers,
        lookup=_lookup(operation, module),
    )


def _paging(operation: Operation, module: ModuleScope) -> wire.Paging | None:
    """How pages follow each other, by the argument that takes the cursor: a parameter, or a member of the body."""
    if operation.page is None:
        return None
    paging, body = operation.page.paging, operation.body
    taken = module.names.operations[operation.id].arguments.get(("query", paging.argument))
    if taken is None and body is not None and body.spread is not None:
        taken = module.names.fields[body.spread.name, paging.argument]
    return wire.Paging(paging.items, paging.next, str(taken))


def _lookup(operation: Operation, module: ModuleScope) -> wire.Lookup | None:
    """How to find out, by the constant that holds the contract of the operation to ask: in whichever module that one is."""
    found = operation.lookup
    if found is None:
        return None
    group = next(
        group.name for group in module.service.groups for item in group.operations if item.id == found.operation
    )
    return wire.Lookup(
        package=Code("__package__"),
        module=f".{module.names.groups[group].attribute}",
        name=str(module.names.operations[found.operation].constant),
        bind=found.bind,
        match=found.match,
        executed=found.executed,
        not_executed=found.not_executed,
    )


def _body(body: Body, spread: tuple[Field, ...] | None, module: ModuleScope) -> wire.Body:
    arguments = None
    if spread is not None and body.spread is not None:
        arguments = tuple(str(module.names.fields[body.spread.name, field.wire_name]) for field in spread)
    extra = "extra" if arguments is not None and _additional(body, module) is not None else None
    return body_contract(body, arguments, extra, spelling_of(module))


def _docstring(operation: Operation, spread: tuple[Field, ...] | None, module: ModuleScope) -> Code:
    described: list[tuple[Identifier, str | None]] = [*parameter_texts(operation, module)]
    if spread is not None and operation.body is not None and operation.body.spread is not None:
        owner = operation.body.spread.name
        described += [(module.names.fields[owner, field.wire_name], field.description) for field in spread]
    if operation.body is not None and spread is not None and _additional(operation.body, module) is not None:
        described.append((Identifier("extra"), "Further members of the body, by their names on the wire."))
    if operation.body is not None and is_chosen(operation.body):
        described.append((Identifier("content_type"), "The media type that the body is sent as."))
    if operation.idempotency is not None:
        described.append((Identifier("idempotency_key"), "Made where none is given; always on the exception."))
    raised = [
        _raise_line(failure, operation, module)
        for failure in module.service.failures
        if failure.entry.contract.id in operation.failures and failure.entry.contract.raised == "always"
    ]
    return docstring(
        sentence(operation.summary or f"{operation.method} {operation.path}"),
        operation.description if operation.description != operation.summary else None,
        "Deprecated." if operation.deprecated else None,
        bullets("Args", (f"`{name}`: {text}" for name, text in described if text)),
        bullets("Links", link_lines(operation)),
        bullets("Raises", raised),
        indent=8,
    )


def _raise_line(failure: Failure, operation: Operation, module: ModuleScope) -> str:
    contract = failure.entry.contract
    title = failure.entry.title.get(module.service.default_locale, "en")
    unknown = contract.outcome is wire.Outcome.UNKNOWN or (contract.outcome is None and operation.effect != "read")
    return f"`{module.names.failures[contract.id]}`: {sentence(title)}" + (
        " It may have been executed." if unknown else ""
    )
