"""Whom to ask: the document's contact on one line, and the catalog's default locale beside it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import yaml

from sadpath.config.options import settings_from_options
from sadpath.diagnostics import Report
from sadpath.pipeline import build

CATALOG = """
errorcatalog: "1"
info: {api: shop, locales: [ru, en], default_locale: ru}
errors:
  declined:
    match: {status: 402}
    title: {en: Declined, ru: Отказ}
    audience: {payer: {en: Sorry., ru: Увы.}}
  unresolved: {match: {status: 500}, title: T, audience: {payer: Well.}}
  key_refused: {match: {status: 409}, title: T, audience: {payer: never}}
"""


def module(tmp_path: Path, contact: object, name: str) -> str:
    """A generated module of a document with that contact."""
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1", **({"contact": contact} if contact is not None else {})},
        "paths": {"/a": {"post": {"operationId": "a", "responses": {"200": {"description": "ok"}}}}},
    }
    paths = tmp_path / "openapi.yaml", tmp_path / "errors.yaml"
    paths[0].write_text(yaml.safe_dump(document), encoding="utf-8")
    paths[1].write_text(CATALOG, encoding="utf-8")
    report = Report()
    found = settings_from_options(*paths, "shop", tmp_path / "output", ["client"], report)
    trees = build(found.apis[0], report) if found is not None else None
    assert trees is not None, report.diagnostics
    return next(text for tree in trees for path, text in tree.files.items() if path == f"shop/{name}")


def argument(source: str, name: str) -> list[object]:
    """The values that the argument of that name has, wherever it is given."""
    words = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.keyword) and node.arg == name)
    return [ast.literal_eval(word.value) for word in words]


@pytest.mark.parametrize(
    ("contact", "line"),
    [
        ({"name": "Ann", "email": "a@b.test", "url": "https://b.test"}, "Ann, a@b.test, https://b.test"),
        ({"name": " Two\n lines\t", "url": ""}, "Two lines"),
        ({"name": '"""\\ {{ x }} \u202e\u2066'}, '"""\\ {{ x }} \u202e\u2066'),
        ({"name": "  "}, None),
        ({}, None),
        (None, None),
    ],
)
def test_the_contact_is_one_line_and_a_literal(tmp_path: Path, contact: object, line: str | None) -> None:
    source = module(tmp_path, contact, "_contract.py")
    assert argument(source, "contact") == ([line] if line is not None else [])
    assert "\u202e" not in source and argument(source, "default_locale") == ["ru"]


def test_payers_are_told_in_every_locale_and_the_default_one_comes_first(tmp_path: Path) -> None:
    told, unmarked = argument(module(tmp_path, None, "errors.py"), "payer_texts")
    assert isinstance(told, dict) and [*told.items()] == [("ru", "Увы."), ("en", "Sorry.")]
    assert unmarked == {"ru": "Well."}, "a text that names no locale is in the default one"


def test_an_error_of_the_catalog_gives_way_to_the_classes_of_every_api(tmp_path: Path) -> None:
    tree = ast.parse(module(tmp_path, None, "errors.py"))
    names = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    assert len(names) == len(set(names)) and {"Unresolved", "UnresolvedOutcomeUnknown"} <= set(names)
    assert "KeyRefused" not in names, "the API has no keys, and its first one renames no class"
    assert sum(name.startswith("KeyRefused") for name in names) == 1
