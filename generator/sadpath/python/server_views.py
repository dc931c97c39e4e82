"""View of the server stub: a request object per operation, a protocol per group, and the routes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sadpath.ir.service import Operation, Service
from sadpath.naming.scope import Code, Identifier
from sadpath.python.annotations import Annotator
from sadpath.python.argument_views import Argument, argument
from sadpath.python.docstrings import docstring
from sadpath.python.imports import Imports
from sadpath.python.literals import literal
from sadpath.python.message_views import content_type_annotation, default_content_type, handled
from sadpath.python.module_scope import ModuleScope, Reference, records_of
from sadpath.python.names import TEMPLATE_NAMES, Names
from sadpath.python.operation_views import body_argument, spelling_of
from sadpath.python.package_views import HOOK_CREDENTIALS, SIGNED_CREDENTIALS, hook_credentials
from sadpath.runtime.contract import Security
from sadpath.runtime.frozen import dataclass


@dataclass(frozen=True, slots=True)
class RouteView:
    """One operation on the server: its request class, and the method of the handler that answers it."""

    request: Identifier
    docstring: Code
    fields: tuple[Argument, ...]
    method: Identifier
    returns: Code
    contract: Code
    handler: Code


@dataclass(frozen=True, slots=True)
class HandlerView:
    """The protocol of one group."""

    attribute: Identifier
    module: Code
    protocol: Identifier
    docstring: Code
    routes: tuple[RouteView, ...]


@dataclass(frozen=True, slots=True)
class HookView:
    """What checks the credentials of one security scheme."""

    attribute: Identifier
    scheme: Code
    """The literal of its name in the document."""
    credentials: Code
    docstring: Code


@dataclass(frozen=True, slots=True)
class ServerView:
    """The module of the server stub."""

    module_docstring: Code
    runtime: Code
    imports: tuple[Code, ...]
    references: tuple[Reference, ...]
    title: Code
    root: Identifier
    handlers: tuple[HandlerView, ...]
    hooks: tuple[HookView, ...]
    is_keyed: bool
    app_docstring: Code


_IMPORTS: Final = (
    ("collections.abc", "Awaitable"),
    ("collections.abc", "Callable"),
    ("starlette.requests", "Request"),
    ("starlette.responses", "Response"),
    ("dataclasses", "dataclass"),
    ("typing", "Protocol"),
    ("starlette.applications", "Starlette"),
    ("{runtime}.reception", "Refused"),
    ("{runtime}.replies", "Reply"),
    ("{runtime}.serving", "ServerRequest"),
    ("{runtime}.serving", "ServerRoute"),
    ("{runtime}.serving", "Serving"),
    ("{runtime}.serving", "build_app"),
    ("{runtime}.serving", "contract_exception_handlers"),
    ("{runtime}.serving_documents", "packaged_documents"),
    ("{runtime}.serving_limits", "MAX_HEADER_BYTES"),
    ("{runtime}.serving_limits", "MAX_HEADER_LINE_BYTES"),
    ("{runtime}.serving_limits", "MAX_REQUEST_BYTES"),
    ("{runtime}.serving_limits", "Limits"),
    (".errors", "REGISTRY"),
)


def server_view(service: Service, names: Names, runtime: Code) -> ServerView:
    """The server stub of one API."""
    titles = {str(names.operations[operation.id].title) for group in service.groups for operation in group.operations}
    protocols = {f"{names.groups[group.name].title}Handler" for group in service.groups}
    own = titles | protocols | TEMPLATE_NAMES
    imports = Imports(_members(service, names))
    references: dict[str, Reference] = {}

    def refer(name: str) -> Code:
        found = names.types[name]
        spelt = Code(f"_{found}") if str(found) in own else found
        imported = Code(found if spelt == found else f"{found} as {spelt}")
        references[name] = Reference(imported, Code(f".models.{names.modules[name]}"), spelt, found)
        return spelt

    module = ModuleScope(
        service, names, imports, Annotator(imports, runtime, refer), references, runtime, records_of(service)
    )
    handlers = _handlers(service, names, module)
    hooks = tuple(_hook(scheme, service, names) for scheme in service.security_kinds)
    for origin, word in (*_IMPORTS, *_further_imports(service, hooks)):
        imports.use(origin.format(runtime=runtime), word)
    for handler in handlers:
        for route in handler.routes:
            imports.use(handler.module, route.contract)
    if references:
        imports.use("typing", "TYPE_CHECKING")
        imports.use(f"{runtime}.model", "ref")
    return ServerView(
        module_docstring=docstring(
            f"A server stub of {service.title}: implement the handlers, then `create_app`.", indent=0
        ),
        runtime=runtime,
        imports=imports.lines,
        references=tuple(references[name] for name in sorted(references)),
        title=Code(docstring(f"The handlers of {service.title}; a group without one answers as not implemented.")),
        root=names.root,
        handlers=handlers,
        hooks=hooks,
        is_keyed=bool(service.contract.idempotency),
        app_docstring=_app_docstring(service, hooks),
    )


def _handlers(service: Service, names: Names, module: ModuleScope) -> tuple[HandlerView, ...]:
    return tuple(
        HandlerView(
            attribute=names.groups[group.name].attribute,
            module=Code(f".resources.{names.groups[group.name].attribute}"),
            protocol=Identifier(f"{names.groups[group.name].title}Handler"),
            docstring=docstring(
                f"What answers the operations of {group.name}; each method may be `async`. "
                "Inherit from it to leave methods out: those answer as not implemented."
            ),
            routes=tuple(_route(operation, module) for operation in group.operations),
        )
        for group in service.groups
    )


def _further_imports(service: Service, hooks: tuple[HookView, ...]) -> list[tuple[str, str]]:
    found = [("{runtime}.serving_security", str(hook.credentials)) for hook in hooks]
    if hooks:
        found += [("typing", "Any"), *(("{runtime}.serving_security", word) for word in sorted(_SECURITY))]
    if service.contract.idempotency:
        found.append(("{runtime}.idempotency", "Idempotency"))
    return found


def _hook(scheme: Security, service: Service, names: Names) -> HookView:
    return HookView(
        attribute=names.hooks[scheme.scheme],
        scheme=literal(scheme.scheme),
        credentials=hook_credentials(scheme, service),
        docstring=docstring(
            f"{_KINDS[scheme.kind].format(scheme.parameter or scheme.auth_scheme)}: `{scheme.scheme}`."
        ),
    )


_SECURITY: Final = frozenset({"Authenticator", "Doorkeeper", "SecurityHook"})
_KINDS: Final[Mapping[str, str]] = {
    "basic": "HTTP Basic",
    "bearer": "A bearer token",
    "oauth2": "A token of OAuth 2",
    "openIdConnect": "A token of OpenID Connect",
    "apiKey": "The API key in `{}`",
    "http": "The scheme `{}` of `Authorization`",
    "mutualTLS": "The client's certificate",
    "undescribed": "The request, whose credentials the document does not describe",
}


def _app_docstring(service: Service, hooks: tuple[HookView, ...]) -> Code:
    security = (
        "`security` are the functions that check credentials, `authenticate(credentials, operation)` is one in place of "
        "all of them; each is plain or `async`, and returns who it is, or None for credentials that are not valid."
    )
    incomplete = "Raises `SecurityIncomplete` where nothing checks the credentials of an operation that has a handler."
    keys = (
        "With `idempotency`, such as `Idempotency(SQLiteIdempotencyStore(path))`, a request that is repeated under its key is "
        "executed once and answered alike; without it, keys are the business of the handlers."
    )
    return docstring(
        "An ASGI application that answers every operation, and every failure in the form of the contract.",
        security if hooks else None,
        incomplete if hooks else None,
        keys if service.contract.idempotency else None,
        "Longer requests than the limits, which are in bytes, are refused. `documents`: whether `/openapi.yaml` and "
        "`/.well-known/error-catalog.json` are answered, where the API has no such paths of its own.",
    )


def _members(service: Service, names: Names) -> set[str]:
    """The names in the bodies of classes, which annotations there would take for their own."""
    operations = [operation for group in service.groups for operation in group.operations]
    found = {str(name) for operation in operations for name in names.operations[operation.id].arguments.values()}
    found |= {str(names.operations[operation.id].method) for operation in operations}
    found |= {str(names.groups[group.name].attribute) for group in service.groups}
    # What stands outside of classes keeps its name.
    own = (
        {word for _, word in _IMPORTS} | {*HOOK_CREDENTIALS.values(), SIGNED_CREDENTIALS} | _SECURITY | {"Idempotency"}
    )
    return found - {"ref", *own}


def _route(operation: Operation, module: ModuleScope) -> RouteView:
    names = module.names.operations[operation.id]
    return RouteView(
        request=names.title,
        docstring=docstring(operation.summary or f"{operation.method} {operation.path}"),
        fields=_request_fields(operation, module),
        method=names.method,
        returns=handled(operation, spelling_of(module)),
        contract=Code(names.constant),
        handler=Code(names.method),
    )


def _request_fields(operation: Operation, module: ModuleScope) -> tuple[Argument, ...]:
    """The members of a request object: parameters, then the body, whole, then the key."""
    names = module.names.operations[operation.id]
    found = [
        argument(names.arguments[item.location, item.wire_name], item.type, module, required=item.required)
        for item in operation.parameters
    ]
    if operation.body is not None:
        found.append(body_argument(operation.body, module, sent=False))
        chosen = content_type_annotation(operation.body, spelling_of(module)) if operation.body.others else None
        if chosen is not None:
            found.append(Argument(Identifier("content_type"), chosen, default_content_type(operation.body)))
    if operation.idempotency is not None:
        required = operation.idempotency_required
        text = Code("str" if required else "str | None")
        found.append(Argument(Identifier("idempotency_key"), text, Code("" if required else "None")))
    return tuple(sorted(found, key=lambda item: item.default != ""))
