"""Derives a catalog from the document's own 4xx, 5xx and default responses, where none was written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sadpath.catalog.error_grammar import category_of
from sadpath.catalog.model import Catalog, CatalogError, CatalogFormat, CatalogInfo, OperationFacts, Text
from sadpath.catalog.status_phrases import STATUS_PHRASES
from sadpath.naming.words import pascal, snake, words
from sadpath.openapi.model import Document, Operation, Parameter, Response, Schema
from sadpath.runtime import contract as wire

_MESSAGES = (
    "message",
    "detail",
    "error_description",
    "description",
    "title",
    "error_message",
    "errorMessage",
    "msg",
    "reason",
)
_CODES = ("code", "error_code", "errorCode", "error", "type")
_TYPES: Mapping[str, wire.ValueType] = {
    "string": "string",
    "integer": "integer",
    "number": "decimal",
    "boolean": "boolean",
}


def derive_catalog(document: Document, api: str, operation_ids: Mapping[int, str]) -> Catalog:
    """What the document says of failures, and no more: an error per status, with the typed members of its body.

    `operation_ids` names the operations by their position in the document.
    """
    by_status: defaultdict[str, list[tuple[str, Response]]] = defaultdict(list)
    for index, operation in enumerate(document.operations):
        for response in _failures(operation):
            by_status[response.status].append((operation_ids[index], response))
    schemes = _schemes(document)
    formats: dict[str, CatalogFormat] = {}
    errors: list[CatalogError] = []
    for status in sorted(by_status):
        uses = sorted(by_status[status], key=lambda use: use[0])
        everywhere = len(uses) == len(document.operations)
        errors.append(_error(status, uses, everywhere, document, formats))
    return Catalog(
        place=document.place,
        info=CatalogInfo(api, pascal(api), Text((("", document.info.title),)), ("en",), "en", None),
        formats=formats,
        idempotency={scheme.name: scheme for scheme in schemes.values()},
        operations=_facts(document, operation_ids, schemes),
        families={},
        policies={},
        errors=tuple(errors),
        framework=_framework(by_status),
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
    headers = sorted({item.name for operation in document.operations for item in operation.parameters if _is_key(item)})
    by_name = {header.lower(): header for header in headers}
    return {
        lower: wire.IdempotencyScheme("key" if number == 1 else f"key-{number}", header)
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


def _phrase(status: str) -> str:
    if status == "default":
        return "any other failure"
    if status.endswith("XX"):
        return {"4": "client error", "5": "server error"}[status[0]]
    return STATUS_PHRASES.get(status, f"status {status}")


def _error(
    status: str,
    uses: list[tuple[str, Response]],
    everywhere: bool,
    document: Document,
    formats: dict[str, CatalogFormat],
) -> CatalogError:
    phrase = _phrase(status)
    response = uses[0][1]
    descriptions = {use.description for _, use in uses if use.description}
    described = next(iter(descriptions)) if len(descriptions) == 1 else ""
    format_ = _format(status, uses, document, formats)
    # Also 408 and 409: the request timed out, or met itself being processed; nothing says that nothing happened.
    server = status.startswith("5") or status in ("default", "408", "409")
    contract = wire.ErrorContract(
        id=snake(phrase) if status != "default" else "other_failure",
        match=wire.Match(
            statuses=(status,),
            format=format_,
            operations=() if everywhere else tuple(operation for operation, _ in uses),
        ),
        category=category_of((status,)),
        fault="server" if status.startswith("5") else "client",
        outcome=None if server else wire.Outcome.REJECTED,
        advice=wire.Advice("repeat" if server else "fix"),
        title=phrase,
    )
    title = phrase[:1].upper() + phrase[1:]
    return CatalogError(
        place=response.place,
        contract=contract,
        class_name=None,
        title=Text((("", title),)),
        description=Text((("", described),) if described else ()),
        causes=(),
        remedies=(),
        payer=Text(),
        payer_never=False,
        source=(),
        certainty="documented",
        advice_certainty="assumed",
        since=None,
        deprecated=Text(),
        replaced_by=None,
        examples=(),
    )


def _format(
    status: str, uses: list[tuple[str, Response]], document: Document, formats: dict[str, CatalogFormat]
) -> str | None:
    """The name of the format in which a status answers: the members that all of its JSON bodies have in common."""
    contents = [
        content
        for _, use in uses
        for content in use.content
        if content.schema is not None and "json" in content.media_type
    ]
    schemas = [_effective(content.schema, document) for content in contents if content.schema is not None]
    if not schemas:
        return None
    shared = [name for name in schemas[0].properties if all(name in schema.properties for schema in schemas[1:])]
    members = {name: _effective(schemas[0].properties[name], document) for name in shared}
    contract = _contract(
        status, members, tuple(dict.fromkeys(content.media_type.split(";")[0].strip().lower() for content in contents))
    )
    for name, known in formats.items():
        if _same(known.contract, contract):
            return name
    formats[contract.name] = CatalogFormat(schemas[0].place, contract, {})
    return contract.name


def _contract(status: str, members: Mapping[str, Schema], media_types: tuple[str, ...]) -> wire.Format:
    kinds: dict[str, wire.ValueType | None] = {
        name: _TYPES.get(next((kind for kind in schema.types if kind != "null"), ""))
        for name, schema in members.items()
    }
    message = next((name for name in _MESSAGES if kinds.get(name) == "string"), None)
    code = next((name for name in _CODES if kinds.get(name) in ("string", "integer") and name != message), None)
    attributes = {
        snake(name): wire.Attribute(wire.Selector(body=_pointer(name), type=kind or "json"))
        for name, kind in kinds.items()
        if name not in (message, code) and snake(name)
    }
    return wire.Format(
        name=f"status-{status.lower()}",
        media_types=media_types,
        code=wire.Selector(body=_pointer(code), type=kinds[code] or "string") if code else None,
        message=wire.Selector(body=_pointer(message)) if message else None,
        attributes=attributes,
        order=tuple(_pointer(name) for name in members),
    )


def _same(left: wire.Format, right: wire.Format) -> bool:
    def parts(found: wire.Format) -> tuple[object, ...]:
        return (found.media_types, found.code, found.message, found.attributes, found.order)

    return parts(left) == parts(right)


def _pointer(name: str) -> str:
    return "/" + name.replace("~", "~0").replace("/", "~1")


def _effective(schema: Schema, document: Document) -> Schema:
    seen = 0
    while schema.ref is not None and seen < 50:
        schema = document.definitions[schema.ref]
        seen += 1
    return schema


def _framework(by_status: Mapping[str, object]) -> dict[str, str]:
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
        "rate_limited": "429",
        "not_implemented": "501",
        "unhandled_exception": "500",
    }
    return {failure: snake(_phrase(status)) for failure, status in wanted.items() if status in by_status}
