"""The error catalog as one JSON document: what a server publishes of its failures, for programs that read no Python."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from sadpath.catalog.model import AttributeText, Item, Text
from sadpath.ir.service import Failure, Service
from sadpath.reference.invisible import INVISIBLE
from sadpath.runtime.contract import Attribute, Selector

_VERSION: Final = "1"


def catalog_document(service: Service) -> str:
    """JSON of every failure, in the order of the catalog, with its texts in every locale; the same input makes the same bytes."""
    locale = service.default_locale
    tree = {
        "errorcatalog": _VERSION,
        "api": service.api,
        "title": service.title,
        "version": service.version,
        "locales": list(service.locales),
        "default_locale": locale,
        "idempotency": {
            name: _present(
                {"header": scheme.header, "max_length": scheme.max_length, "retention_seconds": scheme.retention}
            )
            for name, scheme in sorted(service.contract.idempotency.items())
        },
        "operations": [
            _present(
                {"id": operation.id, "effect": operation.effect, "idempotency": operation.idempotency}
                | {"errors": list(operation.failures)}
            )
            for group in service.groups
            for operation in group.operations
        ],
        "errors": [error_document(failure, service) for failure in service.failures],
    }
    return written(tree)


def written(tree: object) -> str:
    """JSON with what nobody sees, such as marks of direction, written as escapes."""
    text = json.dumps(tree, ensure_ascii=False, indent=2)
    return INVISIBLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def error_document(failure: Failure, service: Service) -> dict[str, Any]:
    """What the document says of one failure."""
    entry, locale = failure.entry, service.default_locale
    contract = entry.contract
    format_ = service.formats.get(contract.match.format or "")
    attributes = {**(format_.contract.attributes if format_ else {}), **contract.attributes}
    words = {**(format_.attribute_texts if format_ else {}), **entry.attribute_texts}
    status = contract.match.statuses or ((str(contract.stub_status),) if contract.stub_status else ())
    return _present(
        {
            "id": contract.id,
            "codes": list(contract.match.codes),
            "other_codes": contract.match.other_codes or None,
            "statuses": list(status),
            "format": contract.match.format,
            "operations": list(failure.operations),
            "raised": contract.raised,
            "category": contract.category,
            "fault": contract.fault,
            "outcome": contract.outcome.value if contract.outcome is not None else "by_effect",
            "next": contract.advice.next,
            "key": contract.advice.key,
            "before": contract.advice.before,
            "policy": contract.advice.policy,
            "automatic": contract.advice.automatic,
            "certainty": entry.certainty,
            "advice_certainty": entry.advice_certainty if entry.advice_certainty != entry.certainty else None,
            "title": _texts(entry.title, locale),
            "description": _texts(entry.description, locale),
            "causes": _items(entry.causes, locale),
            "remedies": _items(entry.remedies, locale),
            "payer": _texts(entry.payer, locale),
            "attributes": {name: _attribute(found, words.get(name), locale) for name, found in attributes.items()},
            "source": list(entry.source),
            "since": entry.since,
            "deprecated": _texts(entry.deprecated, locale) if contract.deprecated else None,
            "replaced_by": entry.replaced_by,
        }
    )


def _present(members: Mapping[str, Any]) -> dict[str, Any]:
    """Members that say something: what is null, and texts, lists and objects that are empty, are left out."""
    return {name: value for name, value in members.items() if value is not None and value not in ("", [], {})}


def _texts(text: Text, default: str) -> dict[str, str]:
    """By locale; a text that names none is one in the default locale."""
    return {locale or default: value for locale, value in text.values if value}


def _items(items: tuple[Item, ...], default: str) -> list[dict[str, Any]]:
    return [_present({"text": _texts(item.text, default), "security": item.security}) for item in items]


def _attribute(attribute: Attribute, words: AttributeText | None, default: str) -> dict[str, Any]:
    return _present(
        {
            "type": attribute.select.type,
            "unit": attribute.select.unit if attribute.select.type == "duration" else None,
            "at": _place(attribute.select),
            "role": attribute.role,
            "required": attribute.required or None,
            "description": _texts(words.description, default) if words is not None else None,
        }
    )


def _place(select: Selector) -> dict[str, str]:
    """Where the value stands: a JSON Pointer into the body, a header field, or an auth-param of a challenge."""
    places = {"body": select.body, "header": select.header, "auth": select.auth, "scheme": select.scheme}
    return {name: place for name, place in places.items() if place is not None}
