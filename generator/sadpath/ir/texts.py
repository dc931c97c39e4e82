"""The words of a service that come from its document, to be read or said in another language: what pages show, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sadpath.ir.service import Group, Notification, Operation, Service
from sadpath.ir.types import Declaration, Enumeration, Record

Say = Callable[[str], str]


def normalized(text: str) -> str:
    """A text without regard to how its lines are broken."""
    return " ".join(text.split())


def document_texts(service: Service) -> tuple[str, ...]:
    """Every text, each once, in the order of the service."""
    found: dict[str, None] = {}

    def note(text: str) -> str:
        found.setdefault(normalized(text))
        return text

    said(service, note)
    return tuple(found)


def said(service: Service, say: Say) -> Service:
    """The service with every text as `say` has it."""
    return replace(
        service,
        description=_maybe(service.description, say),
        types=tuple(_declaration(declaration, say) for declaration in service.types),
        groups=tuple(_group(group, say) for group in service.groups),
        notifications=tuple(_notification(notification, say) for notification in service.notifications),
        servers=tuple((url, say(text) if text.strip() else text) for url, text in service.servers),
    )


def _maybe(text: str | None, say: Say) -> str | None:
    return say(text) if text is not None and text.strip() else text


def _group(group: Group, say: Say) -> Group:
    return replace(
        group,
        title=say(group.title or group.name),
        description=_maybe(group.description, say),
        operations=tuple(_operation(operation, say) for operation in group.operations),
    )


def _operation(operation: Operation, say: Say) -> Operation:
    """What the catalog says of it in every language is shown instead of the document's words."""
    return replace(
        operation,
        summary=operation.summary if operation.title else _maybe(operation.summary, say),
        description=operation.description if operation.about else _maybe(operation.description, say),
        parameters=tuple(replace(one, description=_maybe(one.description, say)) for one in operation.parameters),
    )


def _notification(notification: Notification, say: Say) -> Notification:
    return replace(
        notification,
        summary=_maybe(notification.summary, say),
        description=_maybe(notification.description, say),
        answers=tuple((status, _maybe(text, say)) for status, text in notification.answers),
    )


def _declaration(declaration: Declaration, say: Say) -> Declaration:
    found = replace(declaration, description=_maybe(declaration.description, say))
    if isinstance(found, Record):
        return replace(
            found, fields=tuple(replace(field, description=_maybe(field.description, say)) for field in found.fields)
        )
    if isinstance(found, Enumeration):
        return replace(
            found, values=tuple(replace(value, description=_maybe(value.description, say)) for value in found.values)
        )
    return found
