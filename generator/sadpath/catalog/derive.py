"""Derives a catalog from the document's own 4xx, 5xx and default responses, where none was written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sadpath.catalog.bodies import effective
from sadpath.catalog.derive_errors import Use, derive_errors, status_id
from sadpath.catalog.derive_formats import Formats
from sadpath.catalog.model import Catalog, CatalogInfo, OperationFacts, Text
from sadpath.naming.words import pascal, words
from sadpath.openapi.model import Document, Operation, Parameter, Response
from sadpath.runtime import contract as wire


def derive_catalog(document: Document, api: str, operation_ids: Mapping[int, str]) -> Catalog:
    """What the document says of failures, and no more: an error per status and per code, with the typed members of its body.

    `operation_ids` names the operations by their position in the document.
    """
    by_status: defaultdict[str, list[Use]] = defaultdict(list)
    for index, operation in enumerate(document.operations):
        for response in _failures(operation):
            by_status[response.status].append(Use(operation_ids[index], response))
    schemes = _schemes(document)
    formats = Formats(document)
    errors = derive_errors(by_status, len(document.operations), document, formats)
    return Catalog(
        place=document.place,
        info=CatalogInfo(api, pascal(api), Text((("", document.info.title),)), ("en",), "en", None),
        formats=formats.named,
        idempotency={scheme.name: scheme for scheme in schemes.values()},
        operations=_facts(document, operation_ids, schemes),
        families={},
        policies={},
        errors=errors,
        framework=_framework(by_status, keyed=bool(schemes)),
        examples=(),
        signatures={},
        webhooks={},
        derived=True,
    )


def _is_key(parameter: Parameter) -> bool:
    """Whether a header carries an idempotency key, by its name (the IETF's draft, and what vendors call it)."""
    spoken = {word.lower() for word in words(parameter.name)}
    return parameter.location == "header" and "key" in spoken and bool(spoken & {"idempotency", "idempotence"})


def _schemes(document: Document) -> dict[str, wire.IdempotencyScheme]:
    """A scheme for every header that carries a key, by the header's name in lower case."""
    headers = [item for operation in document.operations for item in operation.parameters if _is_key(item)]
    by_name = {item.name.lower(): item.name for item in sorted(headers, key=lambda item: item.name)}
    limits: defaultdict[str, list[int]] = defaultdict(list)
    for item in headers:
        limit = effective(item.schema, document).max_length if item.schema is not None else None
        limits[item.name.lower()] += [limit] if limit is not None else []
    return {
        lower: wire.IdempotencyScheme(
            "key" if number == 1 else f"key-{number}", header, max_length=min(limits[lower], default=None)
        )
        for number, (lower, header) in enumerate(sorted(by_name.items()), 1)
    }


def _facts(
    document: Document, ids: Mapping[int, str], schemes: Mapping[str, wire.IdempotencyScheme]
) -> dict[str, OperationFacts]:
    """The operations that take a key."""
    found: dict[str, OperationFacts] = {}
    for index, operation in enumerate(document.operations):
        header = next((item.name.lower() for item in operation.parameters if _is_key(item)), None)
        if header is not None:
            found[ids[index]] = OperationFacts(operation.place, idempotency=schemes[header].name)
    return found


def _failures(operation: Operation) -> tuple[Response, ...]:
    succeeds = any(response.status[0] in "23" for response in operation.responses)
    return tuple(
        response
        for response in operation.responses
        if response.status[0] in "45" or (response.status == "default" and succeeds)
    )


def _framework(by_status: Mapping[str, object], *, keyed: bool) -> dict[str, str]:
    """Failures of the framework whose status the document declares become that error."""
    wanted = {
        "route_not_found": "404",
        "method_not_allowed": "405",
        "not_acceptable": "406",
        "unsupported_media_type": "415",
        "request_validation": "422" if "422" in by_status else "400",
        "credentials_missing": "401",
        "credentials_invalid": "401",
        "insufficient_scope": "403",
        "payload_too_large": "413",
        "headers_too_large": "431",
        "rate_limited": "429",
        "not_implemented": "501",
        "unhandled_exception": "500",
    }
    if keyed:
        # The statuses of the IETF's draft-ietf-httpapi-idempotency-key-header, section 2.7.
        wanted |= {"idempotency_key_missing": "400", "idempotency_key_reused": "422", "idempotency_in_flight": "409"}
    return {failure: status_id(status) for failure, status in wanted.items() if status in by_status}
