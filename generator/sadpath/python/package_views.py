"""Views of a package's own modules: what it exports, its clients, and the contract data that both sides read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sadpath.ir.service import Service
from sadpath.naming.scope import Code, Identifier
from sadpath.python.docstrings import docstring
from sadpath.python.imports import Imports
from sadpath.python.literals import class_names, literal
from sadpath.python.names import GroupNames, Names
from sadpath.runtime.categories import CATEGORIES

_CREDENTIALS: Final[Mapping[str, str]] = {
    "basic": "BasicAuth",
    "bearer": "BearerAuth",
    "oauth2": "BearerAuth",
    "openIdConnect": "BearerAuth",
    "apiKey": "ApiKeyAuth",
}


@dataclass(frozen=True, slots=True)
class ClientView:
    """The module of the clients."""

    module_docstring: Code
    docstring: Code
    async_docstring: Code
    runtime: Code
    credentials: tuple[Code, ...]
    auth: Code
    base_url: Code
    groups: tuple[GroupNames, ...]


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
    server = service.contract.servers[0] if service.contract.servers else "http://localhost"
    return ClientView(
        module_docstring=docstring(f"The clients of {service.title}: one that blocks, one to await.", indent=0),
        docstring=docstring(
            f"{service.title}, blocking. Safe to share between threads; close it, or use it in `with`."
        ),
        async_docstring=docstring(
            f"{service.title}, to await. Safe to share between tasks; close it, or use it in `async with`."
        ),
        runtime=runtime,
        credentials=credentials,
        auth=Code(" | ".join([*credentials, "None"])),
        base_url=literal(server),
        groups=tuple(names.groups[group.name] for group in service.groups),
    )


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
        exports += [Export(Identifier(name), Code(f"{runtime}.calls")) for name in ("CallOptions", "Ok")]
        exports += [Export(name, Code(f"{runtime}.credentials")) for name in _credentials(service)]
    if alone:
        exports += _common(runtime)
    submodules = ["errors", "models", *(["server"] if server else [])]
    text = docstring(f"{service.title}, version {service.version}.", service.description, indent=0)
    ordered = tuple(sorted(exports, key=lambda export: export.name))
    starred = (*_starred(ordered), *(Code(name) for name in submodules if name != "server"))
    return PackageView(text, ordered, tuple(Code(name) for name in submodules), starred)


def _starred(exports: Iterable[Export]) -> tuple[Code, ...]:
    return tuple(export.name for export in exports)


def _credentials(service: Service) -> tuple[Code, ...]:
    kinds = {_CREDENTIALS[scheme.kind] for scheme in service.security_kinds if scheme.kind in _CREDENTIALS}
    return tuple(Code(name) for name in sorted(kinds))


def _common(runtime: Code) -> list[Export]:
    """What every API has in common: the root of all failures, outcomes, and the conditions that any API can raise."""
    categories = sorted({found.__name__ for found in CATEGORIES.values()})
    exports = [Export(Code(name), Code(f"{runtime}.categories")) for name in categories]
    exports.append(Export(Code("ApiError"), Code(f"{runtime}.errors")))
    exports.append(Export(Code("Outcome"), Code(f"{runtime}.contract")))
    exports.append(Export(Code("OutcomeUnknown"), Code(f"{runtime}.outcomes")))
    return exports


def workspace_view(runtime: Code, title: str) -> PackageView:
    """The package above several APIs."""
    exports = tuple(sorted(_common(runtime), key=lambda export: export.name))
    return PackageView(docstring(title, indent=0), exports, (), _starred(exports))
