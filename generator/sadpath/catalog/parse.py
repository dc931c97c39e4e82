"""Parses an error catalog into its model: the second input of the pipeline, read right after the OpenAPI document."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

from sadpath.catalog.error_grammar import ERROR
from sadpath.catalog.example_grammar import EXAMPLES
from sadpath.catalog.grammar import FORMAT, NAME, SLUG, TEXT
from sadpath.catalog.kinds import with_attributes_of_parents
from sadpath.catalog.model import Catalog, CatalogInfo, Text
from sadpath.catalog.plan_grammar import FAMILY, IDEMPOTENCY, OPERATION, POLICY
from sadpath.catalog.readers import Choice, Key, ListOf, MapOf, Node, Record, Skip, Words
from sadpath.catalog.signature_grammar import SIGNATURE, WEBHOOK
from sadpath.diagnostics import Report, Severity, quote, suggestion
from sadpath.diagnostics.rules_catalog import CATALOG_UNKNOWN_NAME
from sadpath.naming.words import pascal
from sadpath.runtime.framework_failures import FrameworkFailure
from sadpath.source.place import Place
from sadpath.source.text import Source

LOCALE = r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"
ERROR_ID = r"[a-z0-9][a-z0-9_]*"
_FRAMEWORK: tuple[str, ...] = get_args(FrameworkFailure)


def _info(values: dict[str, Any], node: Node) -> CatalogInfo:
    locales = values.get("locales") or ("en",)
    default = values.get("default_locale", locales[0])
    if default not in locales:
        raise node.child("default_locale", default).refuse(f"one of the locales {', '.join(locales)}")
    return CatalogInfo(
        api=values["api"],
        name=values.get("name") or pascal(values["api"]),
        title=values.get("title", Text()),
        locales=locales,
        default_locale=default,
        docs_base=values.get("docs_base"),
    )


_INFO = Record(
    _info,
    {
        "api": Key(SLUG, required=True, about="the API's slug"),
        "name": Key(Words(r"[A-Z][A-Za-z0-9]*", "a name such as `Shop`"), about="the prefix of the root class"),
        "title": Key(TEXT, about="the API's name for people"),
        "locales": Key(ListOf(Words(LOCALE, "a locale such as `en`")), about="the languages of the texts"),
        "default_locale": Key(
            Words(LOCALE, "a locale such as `en`"), about="the language of texts that are not in the one asked for"
        ),
        "docs_base": Key(
            Words(r"https?://\S+", "an http(s) URL"), about="the vendor's own documentation of its errors"
        ),
    },
)


def _catalog(values: dict[str, Any], node: Node) -> Catalog:
    return Catalog(
        place=node.place,
        info=values["info"],
        formats=values.get("formats", {}),
        idempotency=values.get("idempotency", {}),
        operations=values.get("operations", {}),
        families=values.get("families", {}),
        policies=values.get("policies", {}),
        errors=with_attributes_of_parents(values["errors"].values()),
        framework=values.get("framework", {}),
        examples=values.get("examples", ()),
        signatures=values.get("signatures", {}),
        webhooks=values.get("webhooks", {}),
    )


CATALOG = Record(
    lambda values, node: (_catalog(values, node), values.get("default_format")),
    {
        "errorcatalog": Key(Choice(("1",)), required=True, about="the version of this language"),
        "info": Key(_INFO, required=True, about="whose failures these are"),
        "default_format": Key(NAME, about="the format of errors that name none"),
        "idempotency": Key(MapOf(IDEMPOTENCY), about="how repeated requests are told from new ones"),
        "operations": Key(MapOf(OPERATION), about="facts of operations, by operationId"),
        "formats": Key(MapOf(FORMAT), about="how failures look on the wire"),
        "families": Key(
            MapOf(FAMILY, key=r"[A-Z][A-Za-z0-9]*", key_what="a class name"),
            about="ranges of codes with a base class each",
        ),
        "policies": Key(MapOf(POLICY), about="how attempts are spaced"),
        "errors": Key(
            MapOf(ERROR, key=ERROR_ID, key_what="an id such as `card_expired`"),
            required=True,
            about="each failure once, by an id that never changes",
        ),
        "examples": Key(EXAMPLES, about="answers that are successes"),
        "framework": Key(
            MapOf(SLUG, key="|".join(_FRAMEWORK), key_what=f"one of {', '.join(_FRAMEWORK)}"),
            about="which error each failure of the web framework becomes",
        ),
        "signatures": Key(MapOf(SIGNATURE), about="how requests and notifications are signed"),
        "webhooks": Key(MapOf(WEBHOOK), about="what the API sends by itself"),
    },
)


def parse_catalog(
    source: Source, report: Report, *, exploding_patterns: bool = False
) -> tuple[Catalog, str | None] | None:
    """Read a catalog and its default format; None, with everything that is wrong in `report`, where there is none.

    Entries with errors are reported and left out, so that what else is wrong can be looked for: then it is not `complete`.
    A default format that is not there is reported, too.
    """
    before = report.count(Severity.ERROR)
    try:
        found = CATALOG.read(Node(source.tree, Place(source, ""), report, exploding_patterns))
    except Skip:
        return None
    catalog, default = found
    if report.count(Severity.ERROR) != before:
        catalog = replace(catalog, complete=False)
    if default is not None and default not in catalog.formats:
        place = catalog.place.child("default_format")
        help_text = suggestion(default, catalog.formats)
        report.add(CATALOG_UNKNOWN_NAME, f"there is no format {quote(default)}", place, help=help_text)
    return catalog, default
