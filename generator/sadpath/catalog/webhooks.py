"""Checks that what the API sends by itself can be received, shown to be genuine, and asked about."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sadpath.catalog.lookups import arguments_wanted
from sadpath.catalog.model import Catalog, Webhook
from sadpath.diagnostics import Report, listed, quote, suggestion
from sadpath.diagnostics.rules_catalog import CATALOG_UNKNOWN_NAME, CATALOG_WEBHOOK
from sadpath.openapi.model import Document
from sadpath.runtime.media import is_form
from sadpath.runtime.signatures import Signature


def check_webhooks(catalog: Catalog, document: Document, ids: Mapping[int, str], report: Report) -> None:
    """Report webhooks that could not be received, and signatures of requests that no scheme of the document carries.

    `ids` names operations by their position.
    """
    sent = media_types_sent(document)
    for name, webhook in catalog.webhooks.items():
        _expect(name, sent, "webhook or callback", webhook, (), report)
        _expect(webhook.payload, document.schemas, "schema", webhook, ("payload",), report)
        _check_form(catalog, webhook, sent.get(name, ()), report)
        if not (webhook.signature or webhook.addresses or webhook.then):
            report.add(CATALOG_WEBHOOK, "nothing shows that it is genuine", webhook.place)
        _check_question(catalog, document, ids, webhook, report)
    for signature in catalog.signatures.values():
        _check_signature(catalog, document, signature, report)


def media_types_sent(document: Document) -> dict[str, tuple[str, ...]]:
    """The media types of the bodies of webhooks and callbacks, by their names."""
    found: dict[str, tuple[str, ...]] = {}
    callbacks = [callback for operation in document.operations for callback in operation.callbacks]
    named = [(operation.path, operation) for operation in document.webhooks]
    for name, operation in [*named, *((callback.name, callback.operation) for callback in callbacks)]:
        body = operation.request_body
        found[name] = tuple(content.media_type for content in body.content) if body is not None else ()
    return found


def _expect(
    name: str | None, known: Collection[str], what: str, webhook: Webhook, at: tuple[str, ...], report: Report
) -> None:
    if name is None or name in known:
        return
    help_text = suggestion(name, known) or f"there is {listed(sorted(known), conjunction='and') or 'none'}"
    place = webhook.place.child(*at) if at else webhook.place.key()
    report.add(CATALOG_UNKNOWN_NAME, f"there is no {what} {quote(name)}", place, help=help_text)


def _check_form(catalog: Catalog, webhook: Webhook, media_types: tuple[str, ...], report: Report) -> None:
    """What is read from a form needs one."""
    signatures = [catalog.signatures[name] for name in webhook.signature if name in catalog.signatures]
    in_form = [one.name for one in signatures if one.at.form or any(part.form or part.form_except for part in one.over)]
    if media_types and not any(map(is_form, media_types)):
        if webhook.within is not None:
            help_text = "leave `within` out where the body itself is the event"
            report.add(CATALOG_WEBHOOK, "its body is no form", webhook.place.child("within"), help=help_text)
        for name in in_form:
            message = f"{quote(name)} signs a form, and its body is none"
            report.add(CATALOG_WEBHOOK, message, webhook.place, help="sign header fields, or `{request: body}`")


def _check_question(
    catalog: Catalog, document: Document, ids: Mapping[int, str], webhook: Webhook, report: Report
) -> None:
    """The operation that is asked, if there is one, has the parameters that are bound, and needs no others."""
    if webhook.operation is None:
        if webhook.then == "reread":
            report.add(CATALOG_WEBHOOK, "no `operation` says whom to ask", webhook.place.child("then"))
        return
    asked = {ids[index]: operation for index, operation in enumerate(document.operations)}.get(webhook.operation)
    if asked is None:
        return
    wanted = arguments_wanted(webhook.operation, asked, webhook.bind, (catalog, document))
    for name in webhook.bind:
        if name not in wanted:
            message = f"the operation {quote(webhook.operation)} has no parameter {quote(name)}"
            help_text = suggestion(name, wanted) or f"it has {listed(list(wanted), conjunction='and') or 'none'}"
            report.add(CATALOG_WEBHOOK, message, webhook.place.child("bind", name), help=help_text)
    for name, required in wanted.items():
        if required and name not in webhook.bind:
            message = f"the operation {quote(webhook.operation)} needs {quote(name)}, which is not bound"
            help_text = "bind it to what the payload holds: `{body: /id}`"
            report.add(CATALOG_WEBHOOK, message, webhook.place, help=help_text)


def _check_signature(catalog: Catalog, document: Document, signature: Signature, report: Report) -> None:
    place = catalog.place.child("signatures", signature.name)
    for index, part in enumerate(signature.over):
        if part.param is not None and part.param not in signature.params:
            message = f"there is no auth-param {quote(part.param)}"
            report.add(CATALOG_UNKNOWN_NAME, message, place.child("over", index), help="describe it under `params`")
    if signature.scheme is None:
        return
    scheme = document.security_schemes.get(signature.scheme)
    if scheme is None or scheme.kind != "http":
        known = [name for name, one in document.security_schemes.items() if one.kind == "http"]
        message = f"there is no security scheme {quote(signature.scheme)} of type http"
        report.add(CATALOG_UNKNOWN_NAME, message, place.child("scheme"), help=suggestion(signature.scheme, known))
