"""Lowers webhooks and callbacks: the requests that the API makes, whose bodies a caller of it reads."""

from __future__ import annotations

from collections.abc import Iterator

from sadpath.catalog.model import Catalog, Webhook
from sadpath.ir import service as ir
from sadpath.ir.types import AnyOf, Anything, Scalar, TypeRef
from sadpath.lower.schemas import TypeTable
from sadpath.openapi import model as openapi
from sadpath.runtime.media import FORM, is_form, is_json, media_type_of


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


def lower_channels(
    document: openapi.Document, catalog: Catalog, notifications: tuple[ir.Notification, ...], types: TypeTable
) -> tuple[ir.Channel, ...]:
    """The webhooks that the catalog knows how to trust, by the way in which they come, in its order."""
    sent = {notification.name: notification for notification in notifications}
    channels: dict[tuple[str, str | None, tuple[str, ...], tuple[str, ...]], list[tuple[str, Webhook]]] = {}
    for name, webhook in catalog.webhooks.items():
        default = FORM if webhook.within is not None else "application/json"
        media_type = sent[name].media_type or default
        way = (media_type, webhook.within, webhook.signature, webhook.addresses)
        channels.setdefault(way, []).append((name, webhook))
    return tuple(_channel(way, found, catalog, _Payloads(document, types, sent)) for way, found in channels.items())


class _Payloads:
    """The types of what is sent, by webhook, and of what may be any of several."""

    def __init__(self, document: openapi.Document, types: TypeTable, sent: dict[str, ir.Notification]) -> None:
        self._document = document
        self._types = types
        self._sent = sent

    def of(self, name: str, webhook: Webhook) -> TypeRef:
        if webhook.payload is None:
            return self._sent[name].type or Anything()
        return self._types.type_of(self._document.schemas[webhook.payload], webhook.payload)

    def any_of(self, webhooks: list[tuple[str, Webhook]]) -> TypeRef:
        """One of several payloads: told apart by a member that is constant in each where they have one."""
        payloads = dict.fromkeys(webhook.payload for _, webhook in webhooks)
        kinds = dict.fromkeys(self.of(name, webhook) for name, webhook in webhooks)
        if len(kinds) == 1:
            return next(iter(kinds))
        schemas = [self._document.schemas[payload] for payload in payloads if payload is not None]
        if len(schemas) != len(payloads):
            return AnyOf(tuple(kinds))
        first = schemas[0]
        place = webhooks[0][1].place
        parts = tuple(
            openapi.Schema(place, openapi.SchemaKey(first.key.path, f"/webhooks/{index}"), ref=schema.key)
            for index, schema in enumerate(schemas)
        )
        key = openapi.SchemaKey(first.key.path, "/webhooks")
        event = openapi.Schema(place, key, one_of=parts, description="Any of the events that are sent.")
        return self._types.type_of(event, "webhook event")


def _channel(
    way: tuple[str, str | None, tuple[str, ...], tuple[str, ...]],
    found: list[tuple[str, Webhook]],
    catalog: Catalog,
    payloads: _Payloads,
) -> ir.Channel:
    media_type, within, signatures, addresses = way
    return ir.Channel(
        webhooks=tuple(
            ir.Webhook(name, payloads.of(name, webhook), webhook.operation, webhook.bind) for name, webhook in found
        ),
        type=payloads.any_of(found),
        media_type=media_type,
        within=within,
        signatures=tuple(catalog.signatures[name] for name in signatures),
        addresses=addresses,
    )


def _rank(item: openapi.MediaType) -> int:
    """JSON before forms before text before bytes."""
    name = media_type_of(item.media_type) or ""
    return 0 if is_json(name) else 1 if is_form(name) else 2 if name.startswith("text/") else 3


def _type(content: openapi.MediaType, context: str, types: TypeTable) -> TypeRef:
    """The type as the receiver reads it: read-only members are there, write-only ones are not."""
    name = media_type_of(content.media_type) or ""
    if is_json(name) or is_form(name):
        return types.type_of(content.schema, context, "response") if content.schema is not None else Anything()
    return Scalar("string") if name.startswith("text/") else Scalar("binary")
