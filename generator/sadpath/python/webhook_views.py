"""View of the module that reads what the API sends by itself: a function for each webhook and callback with a body."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sadpath.ir.service import Notification, Service
from sadpath.ir.types import Anything, Scalar
from sadpath.naming.scope import Code, Identifier, allocate
from sadpath.naming.words import snake
from sadpath.python.annotations import Annotator
from sadpath.python.argument_views import sentence
from sadpath.python.channel_views import ERRORS, RECEIVE, SECRETS, ReceptionView, reception_view
from sadpath.python.docstrings import bullets, docstring
from sadpath.python.imports import Imports
from sadpath.python.literals import literal
from sadpath.python.module_scope import Reference
from sadpath.python.names import Names
from sadpath.runtime import channels as wire
from sadpath.runtime.frozen import dataclass

_OWN: Final = frozenset(
    {
        "AsyncClient",
        "Awaitable",
        "Channel",
        "Client",
        "Mapping",
        "Notification",
        "Part",
        "Place",
        "Sequence",
        "Signature",
    }
    | {"TYPE_CHECKING", "TypedDict", "UNCHECKED", "Unchecked", "UnreadableNotification", SECRETS, *ERRORS}
)


@dataclass(frozen=True, slots=True)
class ParserView:
    """One function: what it reads and what it returns."""

    function: Identifier
    constant: Identifier
    contract: Code
    returns: Code
    docstring: Code


@dataclass(frozen=True, slots=True)
class WebhooksView:
    """The module."""

    module_docstring: Code
    imports: tuple[Code, ...]
    references: tuple[Reference, ...]
    parsers: tuple[ParserView, ...]
    reception: ReceptionView | None
    exported: tuple[Code, ...]


def parser_names(service: Service) -> dict[int, Identifier]:
    """The functions by the position of what they read in the service; what has no body has none."""
    wanted = {
        index: f"parse {notification.name_hint}"
        for index, notification in enumerate(service.notifications)
        if notification.type is not None
    }
    return allocate(wanted, snake, reserved=frozenset({RECEIVE}), prefix="parse")


def webhooks_view(service: Service, names: Names, runtime: Code) -> WebhooksView:
    """The module of everything that the API sends by itself."""
    imports = Imports()
    references: dict[str, Reference] = {}

    def refer(name: str) -> Code:
        found = names.types[name]
        spelt = Code(f"_{found}") if str(found) in _OWN else found
        imported = Code(found if spelt == found else f"{found} as {spelt}")
        references[name] = Reference(imported, Code(f".models.{names.modules[name]}"), spelt, found)
        return spelt

    annotator = Annotator(imports, runtime, refer)
    imports.use("collections.abc", "Mapping")
    for word in ("Notification", "UnreadableNotification", "read_notification"):
        imports.use(f"{runtime}.notifications", word)
    functions = parser_names(service)
    trusted = {webhook.name for channel in service.channels for webhook in channel.webhooks}
    parsers = tuple(_parser(service.notifications[index], functions[index], annotator, trusted) for index in functions)
    reception = reception_view(service, names, annotator, imports, runtime)
    exported = ["UnreadableNotification", *map(str, functions.values())]
    if reception is not None:
        exported += [RECEIVE, *ERRORS, *([SECRETS] if reception.secrets else [])]
        exported += ["UNCHECKED"] if reception.addressed else []
        exported += [str(reread.function) for reread in reception.rereads]
    if references:
        imports.use("typing", "TYPE_CHECKING")
        imports.use(f"{runtime}.model", "ref")
    return WebhooksView(
        module_docstring=docstring(f"Reads what {service.title} sends by itself.", indent=0),
        imports=imports.lines,
        references=tuple(references[name] for name in sorted(references)),
        parsers=parsers,
        reception=reception,
        exported=tuple(literal(name) for name in sorted(exported)),
    )


def _parser(
    notification: Notification, function: Identifier, annotator: Annotator, trusted: Collection[str]
) -> ParserView:
    kind = notification.type if notification.type is not None else Anything()
    annotation = Code("bytes") if kind == Scalar("binary") else annotator.as_value(kind)
    contract = wire.Notification(notification.name, notification.media_type or "application/json", annotation)
    return ParserView(
        function=function,
        constant=Identifier(f"_{function.removeprefix('parse_').upper()}"),
        contract=literal(contract),
        returns=annotation if annotation == "bytes" else annotator.plain().of(kind),
        docstring=docstring(
            sentence(notification.summary or f"Read the body of {notification.name}"),
            notification.description if notification.description != notification.summary else None,
            _origin(notification),
            "Deprecated." if notification.deprecated else None,
            bullets("Answers", (f"{status}: {text or 'no description.'}" for status, text in notification.answers)),
            f"Does not check who sent it: `{RECEIVE}` does." if notification.name in trusted else None,
            "Raises `UnreadableNotification` for a body that is not what the contract describes.",
        ),
    )


def _origin(notification: Notification) -> str | None:
    if notification.operation is None:
        return None
    return f"Sent with {notification.method} to {notification.url} in the course of {notification.operation}."
