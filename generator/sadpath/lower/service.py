"""Lowers a document and its catalog to the IR: the ordered list of passes."""

from __future__ import annotations

from dataclasses import replace

from sadpath.catalog.model import Catalog
from sadpath.diagnostics import Report
from sadpath.ir.service import Group, Service
from sadpath.lower.failures import failures_by_operation, lower_contract, lower_failures
from sadpath.lower.json_files import check_files_in_json
from sadpath.lower.operation_ids import operation_id
from sadpath.lower.operations import Sources, lower_groups
from sadpath.lower.schemas import TypeTable
from sadpath.lower.security import check_security
from sadpath.lower.servers import check_servers, further_servers, lower_servers
from sadpath.lower.webhooks import lower_channels, lower_notifications
from sadpath.openapi.model import Contact, Document
from sadpath.runtime.contract import ApiContract, Security


def lower_types(document: Document, report: Report) -> TypeTable:
    """What `lower` begins with, which takes half of its time and needs no catalog."""
    types = TypeTable(document, report)
    types.lower_components()
    return types


def lower(
    document: Document,
    catalog: Catalog,
    locales: tuple[str, ...] | None,
    report: Report,
    types: TypeTable | None = None,
) -> Service:
    """Everything that will be generated; what cannot be expressed is in the report, which is that of the `types`, too."""
    types = types or lower_types(document, report)
    ids = sorted(operation_id(operation) for operation in document.operations)
    groups = lower_groups(Sources(document, catalog, types, report), failures_by_operation(catalog, ids))
    places = {index: operation_id(operation) for index, operation in enumerate(document.operations)}
    notifications = lower_notifications(document, places, types)
    channels = lower_channels(document, catalog, notifications, types)
    if types.has_files:
        check_files_in_json(document, report)
    check_security(document, report)
    check_servers(document, report)
    operations = {operation.id: operation for group in groups for operation in group.operations}
    title = catalog.info.title.get(catalog.info.default_locale, "en") or document.info.title
    wanted = tuple(locale for locale in locales or catalog.info.locales if locale in catalog.info.locales)
    default = catalog.info.default_locale if not wanted or catalog.info.default_locale in wanted else wanted[0]
    return Service(
        api=catalog.info.api,
        class_prefix=catalog.info.name,
        title=title,
        version=document.info.version,
        description=document.info.description,
        locales=wanted or (default,),
        default_locale=default,
        catalog_title=catalog.info.title,
        docs_base=catalog.info.docs_base,
        contract=_contract(document, catalog, title, default),
        types=types.declarations,
        groups=groups,
        failures=lower_failures(catalog, operations),
        families=tuple(catalog.families.values()),
        formats=catalog.formats,
        security_kinds=_security_kinds(groups),
        examples=catalog.examples,
        derived=catalog.derived,
        notifications=notifications,
        channels=channels,
        servers=tuple((server.url, server.description or "") for server in document.servers if server.place),
    )


def _contract(document: Document, catalog: Catalog, title: str, default_locale: str) -> ApiContract:
    return replace(
        lower_contract(catalog, title),
        contact=_contact(document.info.contact),
        signatures={one.scheme: one for one in catalog.signatures.values() if one.scheme is not None},
        default_locale=default_locale,
        servers=lower_servers(document.servers),
        further_servers=further_servers(document),
    )


def _contact(contact: Contact | None) -> str | None:
    """Whom to ask, on one line."""
    parts = (contact.name, contact.email, contact.url) if contact is not None else ()
    return ", ".join(" ".join(part.split()) for part in parts if part and part.strip()) or None


def _security_kinds(groups: tuple[Group, ...]) -> tuple[Security, ...]:
    """One scheme of each name that any operation accepts, scopes aside."""
    found = {
        scheme.scheme: scheme
        for group in groups
        for operation in group.operations
        for alternative in operation.security
        for scheme in alternative
    }
    return tuple(found[name] for name in sorted(found))
