"""Views of a package's own modules: what it exports, its clients, and the contract data that both sides read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlsplit

from sadpath.ir.service import Group, Service
from sadpath.ir.types import TaggedUnion
from sadpath.naming.scope import Code, Identifier
from sadpath.python.docstrings import docstring
from sadpath.python.imports import Imports
from sadpath.python.literals import class_names, literal
from sadpath.python.message_views import has_bytes, streamed_items
from sadpath.python.names import Names
from sadpath.runtime.categories import CATEGORIES
from sadpath.runtime.contract import ApiContract, Security, ServerVariable
from sadpath.runtime.frozen import dataclass
from sadpath.runtime.media import is_multipart

_CREDENTIALS: Final[Mapping[str, str]] = {
    "basic": "BasicAuth",
    "bearer": "BearerAuth",
    "oauth2": "BearerAuth",
    "openIdConnect": "BearerAuth",
    "apiKey": "ApiKeyAuth",
    "http": "HttpAuth",
}

HOOK_CREDENTIALS: Final[Mapping[str, str]] = {
    "basic": "BasicCredentials",
    "bearer": "BearerCredentials",
    "oauth2": "BearerCredentials",
    "openIdConnect": "BearerCredentials",
    "apiKey": "ApiKeyCredentials",
    "http": "HttpCredentials",
    "mutualTLS": "CertificateCredentials",
    "undescribed": "UndescribedCredentials",
}
"""What a server's functions get that check credentials, by the kind of the scheme."""
SIGNED_CREDENTIALS: Final = "SignedCredentials"


def hook_credentials(scheme: Security, service: Service) -> Code:
    """What a server's function gets that checks the credentials of a scheme."""
    return Code(SIGNED_CREDENTIALS if scheme.scheme in service.contract.signatures else HOOK_CREDENTIALS[scheme.kind])


_ATTEMPTS: Final = {
    "AttemptEvent": "hooks",
    "CallEvent": "hooks",
    "DeadlineTransport": "deadlines",
    "Environment": "environment",
    "Hooks": "hooks",
    "KeyGuard": "guard",
    "LogHooks": "hooks",
    "Resolved": "resolving",
    "ResumeToken": "tokens",
    "RetryBudget": "budget",
    "Several": "hooks",
}
"""What a client's attempts are governed by and told with, and the module of each."""
_SETTINGS: Final = """Times are seconds. `timeout` bounds each wait for the network, `deadline` a whole call with its repeats; None sets no
bound. `max_attempts` caps what the catalog's policies allow: 1 repeats nothing. `raise_opt_in` raises outcomes such as a
pending payment too. Pool, proxy and TLS are settings of the `http_client`, which stays open; one that blocks keeps the deadline
throughout only with a `DeadlineTransport`. `hooks` are told of attempts and calls, `Several` makes one of several; a `budget` and a `guard` may be shared by several clients; `environment` is clock, sleep and randomness."""

_PREPARES: Final = """Where the catalog says what has to be done before a repeat, `prepare` has the function for it, by `refresh_token` or
`sync_clock`: called once a call at most, then the request is repeated under fresh credentials. Without it, such failures are raised."""


@dataclass(frozen=True, slots=True)
class GroupProperty:
    """How a client leads to the operations of one group, whose module is imported when it is first asked for."""

    attribute: Identifier
    title: Identifier
    docstring: Code


@dataclass(frozen=True, slots=True)
class ClientView:
    """The module of the clients."""

    module_docstring: Code
    docstring: Code
    async_docstring: Code
    runtime: Code
    credentials: tuple[Code, ...]
    imports: tuple[Code, ...]
    auth: Code
    base_url: Code
    """The parameter, with its default where it has one."""
    has_variables: bool
    prepares: bool
    groups: tuple[GroupProperty, ...]


@dataclass(frozen=True, slots=True)
class ContractView:
    """The module of contract data."""

    module_docstring: Code
    imports: tuple[Code, ...]
    contract: Code


@dataclass(frozen=True, slots=True)
class Export:
    """A name that a package offers, and the module that defines it."""

    name: Code
    module: Code


@dataclass(frozen=True, slots=True)
class PackageView:
    """An `__init__` that imports what it offers on first use (PEP 562)."""

    docstring: Code
    exports: tuple[Export, ...]
    submodules: tuple[Code, ...]
    starred: tuple[Code, ...]
    """What `import *` brings: all of it, but for what needs a package that a client does not."""


def client_view(service: Service, names: Names, runtime: Code) -> ClientView:
    """The clients of one API."""
    credentials = _credentials(service)
    one = Code(" | ".join(credentials))
    several = len(service.security_kinds) > 1 and bool(credentials)
    api = service.contract
    prepares = any(failure.entry.contract.advice.before is not None for failure in service.failures)
    has_variables = any(server.variables for server in (*api.servers, *api.further_servers))
    words = [*(["Mapping"] if has_variables else []), *(["Sequence"] if several else [])]
    return ClientView(
        module_docstring=docstring(f"The clients of {service.title}: one that blocks, one to await.", indent=0),
        docstring=docstring(
            f"{service.title}, blocking. Safe to share between threads; close it, or use it in `with`.",
            _whereabouts(api),
            _SETTINGS,
            _PREPARES if prepares else None,
        ),
        async_docstring=docstring(
            f"{service.title}, to await. Safe to share between tasks; close it, or use it in `async with`.",
            _whereabouts(api),
            _SETTINGS,
            _PREPARES if prepares else None,
        ),
        runtime=runtime,
        credentials=credentials,
        imports=(Code(f"from collections.abc import {', '.join(words)}"),) if words else (),
        auth=Code(" | ".join([*credentials, *([f"Sequence[{one}]"] if several else []), "None"])),
        base_url=_base_url(api),
        has_variables=has_variables,
        prepares=prepares,
        groups=tuple(_group_property(group, names) for group in service.groups),
    )


def _base_url(api: ApiContract) -> Code:
    """The parameter: required where the document names no host, and a plain URL where there is but one."""
    server = api.servers[0] if api.servers else None
    if api.further_servers or (server is not None and "{" in server.url):
        return Code("base_url: str | None = None")
    if server is None or not urlsplit(server.url).hostname:
        return Code("base_url: str")
    return Code(f"base_url: str = {literal(server.url)}")


def _whereabouts(api: ApiContract) -> str | None:
    """Where requests go, where the signature does not say it."""
    if not api.further_servers and not any("{" in server.url for server in api.servers):
        return None
    lines = (
        [f"Requests go to `{api.servers[0].url}`"] if api.servers else ["Requests go to the servers of the operations"]
    )
    if api.servers and api.further_servers:
        lines.append(", those of some operations to servers of their own")
    variables = {
        name: variable
        for server in (*api.servers[:1], *api.further_servers)
        for name, variable in server.variables.items()
    }
    if variables:
        lines.append(f"; `server_variables` fill in {', '.join(map(_variable, variables, variables.values()))}")
    return f"{''.join(lines)}. With a `base_url`, all of them go there."


def _variable(name: str, variable: ServerVariable) -> str:
    values = f"one of {', '.join(variable.values)}" if variable.values else ""
    default = f"by default {variable.default}" if variable.default is not None else "which has no default"
    return f"`{name}` ({', '.join(part for part in (values, default) if part)})"


def contract_view(service: Service, runtime: Code) -> ContractView:
    """The data that client and server read."""
    imports = Imports()
    for name in sorted(class_names(service.contract)):
        imports.use(f"{runtime}.contract", name)
    return ContractView(
        module_docstring=docstring(
            f"How failures of {service.title} look on the wire, and the rules for keys and attempts.", indent=0
        ),
        imports=imports.lines,
        contract=literal(service.contract),
    )


def models_package_view(service: Service, names: Names) -> PackageView:
    """The package of models."""
    exports = sorted(
        (Export(Code(names.types[item.name]), Code(f".{names.modules[item.name]}")) for item in service.types),
        key=lambda export: export.name,
    )
    return PackageView(docstring(f"The models of {service.title}.", indent=0), tuple(exports), (), _starred(exports))


def package_view(
    service: Service, names: Names, runtime: Code, *, client: bool, server: bool, alone: bool
) -> PackageView:
    """The package of one API; `alone` where no workspace above it exports what all APIs have in common."""
    exports = [Export(names.root, Code(".errors"))]
    if client:
        exports += [Export(Identifier(name), Code(".client")) for name in ("AsyncClient", "Client")]
        exports += [Export(Identifier(name), Code(f"{runtime}.calls")) for name in ("UNSET", "CallOptions", "Ok")]
        exports += [Export(name, Code(f"{runtime}.credentials")) for name in _credentials(service)]
        exports += [Export(Code(name), Code(f"{runtime}.{module}")) for name, module in _ATTEMPTS.items()]
        exports += _carried(service, runtime)
    if service.types:
        exports += [Export(Code(name), Code(f"{runtime}.validation")) for name in ("ContractViolation", "Violation")]
    if any(isinstance(found, TaggedUnion) for found in service.types):
        exports.append(Export(Code("UnknownVariant"), Code(f"{runtime}.unions")))
    serving: list[Export] = []
    if server:
        exports.append(Export(Code("Reply"), Code(f"{runtime}.replies")))
        serving = _serving(service, runtime)
    if alone:
        exports += _common(runtime)
    submodules = ["errors", "models", *(["server"] if server else [])]
    if client and any(found.type is not None for found in service.notifications):
        submodules.append("webhooks")
    text = docstring(f"{service.title}, version {service.version}.", service.description, indent=0)
    starred = (
        *_starred(sorted(exports, key=lambda export: export.name)),
        *(Code(name) for name in submodules if name != "server"),
    )
    ordered = tuple(sorted([*exports, *serving], key=lambda export: export.name))
    return PackageView(text, ordered, tuple(Code(name) for name in submodules), starred)


def _serving(service: Service, runtime: Code) -> list[Export]:
    """What whoever serves the API needs beside its server module."""
    found: list[tuple[str, str]] = []
    if service.contract.idempotency:
        found += [("Idempotency", "idempotency"), ("IdempotencyStore", "idempotency")]
        found.append(("SQLiteIdempotencyStore", "idempotency_sqlite"))
    if service.security_kinds:
        names = {hook_credentials(scheme, service) for scheme in service.security_kinds}
        found += [(name, "serving_security") for name in sorted({*names, "ScopeMissing", "SecurityIncomplete"})]
    return [Export(Code(name), Code(f"{runtime}.{module}")) for name, module in found]


def _carried(service: Service, runtime: Code) -> list[Export]:
    """What calls take and return beyond models, where any operation does."""
    operations = [operation for group in service.groups for operation in group.operations]
    exports: list[Export] = []
    if any(streamed_items(operation) or has_bytes(operation) for operation in operations):
        exports += [Export(Code(name), Code(f"{runtime}.streams")) for name in ("AsyncStream", "Stream")]
    bodies = [operation.body for operation in operations if operation.body is not None]
    if any(is_multipart(content.media_type) for body in bodies for content in body.contents):
        exports.append(Export(Code("Upload"), Code(f"{runtime}.uploads")))
    return exports


def _starred(exports: Iterable[Export]) -> tuple[Code, ...]:
    return tuple(export.name for export in exports)


def _credentials(service: Service) -> tuple[Code, ...]:
    kinds = {_CREDENTIALS[scheme.kind] for scheme in service.security_kinds if scheme.kind in _CREDENTIALS}
    if any(scheme.scheme in service.contract.signatures for scheme in service.security_kinds):
        kinds.add("SignedAuth")
    return tuple(Code(name) for name in sorted(kinds))


def _common(runtime: Code) -> list[Export]:
    """What every API has in common: the root of all failures, outcomes, and the conditions that any API can raise."""
    categories = sorted({found.__name__ for found in CATEGORIES.values()})
    exports = [Export(Code(name), Code(f"{runtime}.categories")) for name in categories]
    exports.append(Export(Code("ApiError"), Code(f"{runtime}.errors")))
    exports.append(Export(Code("Outcome"), Code(f"{runtime}.contract")))
    exports.append(Export(Code("OutcomeUnknown"), Code(f"{runtime}.outcomes")))
    exports.append(Export(Code("PayerMessage"), Code(f"{runtime}.payer")))
    return exports


def _group_property(group: Group, names: Names) -> GroupProperty:
    named = names.groups[group.name]
    text = docstring(group.description or f"The operations of {group.name}.", indent=8)
    return GroupProperty(named.attribute, named.title, text)


def workspace_view(runtime: Code, title: str) -> PackageView:
    """The package above several APIs."""
    exports = tuple(sorted(_common(runtime), key=lambda export: export.name))
    return PackageView(docstring(title, indent=0), exports, (), _starred(exports))
