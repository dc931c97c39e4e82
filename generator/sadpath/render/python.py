"""Renders the Python of one API: views through templates to modules, and the runtime copied beside them."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Final

from sadpath.config import ApiSettings
from sadpath.ir.service import Service
from sadpath.naming.scope import Code
from sadpath.python.error_views import errors_view
from sadpath.python.model_views import model_views
from sadpath.python.names import Names
from sadpath.python.operation_views import group_views
from sadpath.python.package_views import client_view, contract_view, models_package_view, package_view, workspace_view
from sadpath.python.server_views import server_view
from sadpath.python.webhook_views import parser_names, webhooks_view
from sadpath.render.format import format_python, format_with_black
from sadpath.render.templates import TemplateProblem, Templates, templates

_RUNTIME = Path(__file__).resolve().parents[1] / "runtime"
_HEADER = "python/_header.jinja"
_CLIENT_ONLY = frozenset({"transport.py"})
_SERVER_PREFIXES = ("serving", "idempotency")


def relative_runtime(package: str, runtime: str, depth: int) -> Code:
    """How a module `depth` packages below `package` spells the runtime package, relatively."""
    own, target = package.split("."), runtime.split(".")
    common = 0
    while common < min(len(own), len(target)) and own[common] == target[common]:
        common += 1
    if common == 0:
        return Code(runtime)
    return Code("." * (len(own) - common + 1 + depth) + ".".join(target[common:]))


def render_package(
    service: Service, names: Names, settings: ApiSettings, *, client: bool, server: bool
) -> dict[str, str]:
    """The modules of a package and of its runtime, but those of models and operations, by path below the folder on the import path."""
    package, runtime, found = settings.package, settings.runtime, templates(settings.templates)
    # A document of schemas alone, or of webhooks, describes no server.
    server = server and bool(service.groups)
    root = PurePosixPath(*package.split("."))
    top = relative_runtime(package, runtime, 0)
    alone = runtime.rpartition(".")[0] in ("", package)
    views: list[tuple[PurePosixPath, str, object]] = [
        (root / "__init__.py", "package", package_view(service, names, top, client=client, server=server, alone=alone)),
        (root / "_contract.py", "contract", contract_view(service, top)),
        (root / "errors.py", "errors", errors_view(service, names, top)),
        (root / "models/__init__.py", "package", models_package_view(service, names)),
    ]
    views.append(
        (root / "resources/__init__.py", "package", _plain_package(f"The operations of {service.title}, by group."))
    )
    if client:
        views.append((root / "client.py", "client", client_view(service, names, top)))
    if client and parser_names(service):
        views.append((root / "webhooks.py", "webhooks", webhooks_view(service, names, top)))
    if server:
        views.append((root / "server.py", "server", server_view(service, names, top)))
    files = {str(path): _render(found, template, view) for path, template, view in views}
    files[str(root / "py.typed")] = ""
    return files | render_runtime(found, package, runtime, client=client, server=server)


_ALL: Final = slice(None)


def render_models(service: Service, names: Names, settings: ApiSettings, share: slice = _ALL) -> dict[str, str]:
    """The modules of a share of the models, by path below the folder that is on the import path."""
    found, root = templates(settings.templates), "/".join((*settings.package.split("."), "models"))
    below = relative_runtime(settings.package, settings.runtime, 1)
    views = model_views(service.types[share], names, below)
    return {f"{root}/{view.module}.py": _render(found, "model", view) for view in views}


def render_resources(service: Service, names: Names, settings: ApiSettings, share: slice = _ALL) -> dict[str, str]:
    """The modules of a share of the groups of operations, by path below the folder that is on the import path."""
    found, root = templates(settings.templates), "/".join((*settings.package.split("."), "resources"))
    below = relative_runtime(settings.package, settings.runtime, 1)
    views = group_views(service, service.groups[share], names, below)
    return {f"{root}/{view.attribute}.py": _render(found, "resource", view) for view in views}


def _plain_package(text: str) -> object:
    from sadpath.python.docstrings import docstring
    from sadpath.python.package_views import PackageView

    return PackageView(docstring(text, indent=0), (), (), ())


def render_runtime(found: Templates, package: str, runtime: str, *, client: bool, server: bool) -> dict[str, str]:
    """The runtime's modules, verbatim but for a first line, and the workspace around a runtime that several packages share."""
    root = PurePosixPath(*runtime.split("."))
    files: dict[str, str] = {}
    for source in sorted(_RUNTIME.glob("*.py")):
        if (source.name in _CLIENT_ONLY and not client) or (source.name.startswith(_SERVER_PREFIXES) and not server):
            continue
        files[str(root / source.name)] = f"# Generated by sadpath. Do not edit.\n{source.read_text(encoding='utf-8')}"
    files[str(root / "py.typed")] = ""
    workspace = runtime.rpartition(".")[0]
    if workspace and workspace != package:
        path = PurePosixPath(*workspace.split("."))
        view = workspace_view(relative_runtime(workspace, runtime, 0), "What every API of this package has in common.")
        files[str(path / "__init__.py")] = _render(found, "package", view)
        files[str(path / "py.typed")] = ""
    return files


def _render(found: Templates, template: str, view: object) -> str:
    name = f"python/{template}.py.jinja"
    text = found.render_python(name, view)
    path = found.replaces(name) or found.replaces(_HEADER)
    if path is None:
        return format_python(text)
    try:
        return format_with_black(text)
    except ValueError as error:
        reason = str(error).partition("\n")[0]
        raise TemplateProblem(path, None, f"what it makes is no Python: {reason}") from error
