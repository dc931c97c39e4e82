"""Lowers webhooks and callbacks: the requests that the API makes, whose bodies a caller of it reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sadpath.ir import service as ir
from sadpath.ir.types import Anything, Scalar, TypeRef
from sadpath.lower.schemas import TypeTable
from sadpath.openapi import model as openapi
from sadpath.runtime.media import is_json, media_type_of

_FORM: Final = "application/x-www-form-urlencoded"


def lower_notifications(
    document: openapi.Document, ids: dict[int, str], types: TypeTable
) -> tuple[ir.Notification, ...]:
    """The webhooks by name, then the callbacks by operation; `ids` are those of the operations, by position."""
    found = [*_webhooks(document, types), *_callbacks(document, ids, types)]
    return tuple(sorted(found, key=lambda item: (item.operation or "", item.name, item.url or "", item.method)))


def _webhooks(document: openapi.Document, types: TypeTable) -> Iterator[ir.Notification]:
    names = [operation.path for operation in document.webhooks]
    for operation in document.webhooks:
        several = names.count(operation.path) > 1
        hint = f"{operation.path} {operation.method.lower()}" if several else operation.path
        yield _notification(operation, operation.path, hint, types)


def _callbacks(document: openapi.Document, ids: dict[int, str], types: TypeTable) -> Iterator[ir.Notification]:
    for index, operation in enumerate(document.operations):
        names = [callback.name for callback in operation.callbacks]
        for callback in operation.callbacks:
            several = names.count(callback.name) > 1
            hint = f"{ids[index]} {callback.name}"
            hint = f"{hint} {callback.operation.method.lower()}" if several else hint
            yield _notification(callback.operation, callback.name, hint, types, owner=ids[index])


def _notification(
    operation: openapi.Operation, name: str, hint: str, types: TypeTable, owner: str | None = None
) -> ir.Notification:
    chosen = operation.extensions.get("x-sadpath-name")
    body = operation.request_body
    content = min(body.content, key=_rank, default=None) if body is not None else None
    return ir.Notification(
        name=name,
        name_hint=chosen if isinstance(chosen, str) and chosen else hint,
        method=operation.method,
        operation=owner,
        url=operation.path if owner is not None else None,
        summary=operation.summary,
        description=operation.description,
        deprecated=operation.deprecated,
        media_type=content.media_type if content is not None else None,
        type=_type(content, hint, types) if content is not None else None,
        answers=tuple(
            (response.status, response.description)
            for response in sorted(operation.responses, key=lambda item: item.status)
        ),
    )


def _rank(item: openapi.MediaType) -> int:
    """JSON before forms before text before bytes."""
    name = media_type_of(item.media_type) or ""
    return 0 if is_json(name) else 1 if name == _FORM else 2 if name.startswith("text/") else 3


def _type(content: openapi.MediaType, context: str, types: TypeTable) -> TypeRef:
    """The type as the receiver reads it: read-only members are there, write-only ones are not."""
    name = media_type_of(content.media_type) or ""
    if is_json(name) or name == _FORM:
        return types.type_of(content.schema, context, "response") if content.schema is not None else Anything()
    return Scalar("string") if name.startswith("text/") else Scalar("binary")
