"""What a site holds for programs: `llms.txt`, catalogs, documents, problem types; and that it asks no other host for anything."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from .workspaces import URL

pytestmark = pytest.mark.xdist_group("site")


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_llms_txt_has_its_form_and_leads_to_markdown(site: Path) -> None:
    text = (site / "llms.txt").read_text(encoding="utf-8")
    lines = text.splitlines()
    assert lines[0] == "# The till" and lines[2] == "> What a till can do, and what can go wrong."
    assert all(re.fullmatch(r"|#{1,2} .+|> .+|- \[.+\]\(\S+\)(: .+)?", line) for line in lines)
    targets = re.findall(r"\]\((\S+)\)", text)
    assert f"{URL}/en/apis/till/errors/busy.md" in targets and f"{URL}/ru/llms.txt" in targets
    for target in targets:
        assert (site / target.removeprefix(f"{URL}/")).is_file(), target
    assert lines.index("## Optional") > lines.index("## Guides")
    assert "Касса занята другим запросом" in (site / "ru/llms.txt").read_text(encoding="utf-8")


def test_copies_of_pages_are_plain_markdown(site: Path) -> None:
    for path in (*(site / "en").rglob("*.md"), *(site / "ru").rglob("*.md")):
        assert path.read_text(encoding="utf-8").startswith("# "), path


def test_every_error_is_a_problem_type_at_its_address(site: Path) -> None:
    registry = _json(site / "problems.json")["problems"]
    assert len({one["type"] for one in registry}) == len(registry) > 12
    for one in registry:
        assert one["type"].startswith(f"{URL}/problems/{one['api']}/")
        path = site / one["type"].removeprefix(f"{URL}/")
        document = _json(path.with_name(f"{path.name}.json"))
        assert one["reference"] == f"{one['type']}.json"
        assert (document["type"], document["id"], document["title"]) == (one["type"], one["id"], one["title"])
        page = (path / "index.html").read_text(encoding="utf-8")
        for locale, address in document["pages"].items():
            target = address.removeprefix(f"{URL}/")
            assert (site / target).is_file()
            assert f'hreflang="{locale}" href="../../../{target}"' in page
    (busy,) = (one for one in registry if one["id"] == "busy")
    assert busy["status"] == 409 and busy["codes"] == ["busy"]
    assert busy["title"] == {"en": "The till is busy with another request", "ru": "Касса занята другим запросом"}


def test_catalogs_and_documents_are_there(site: Path) -> None:
    for api, count in (("till", 11), ("accounts", 2)):
        catalog = _json(site / "apis" / api / "catalog.json")
        assert catalog["api"] in (api, "accounts") and len(catalog["errors"]) >= count
        document = yaml.safe_load((site / "apis" / api / "openapi.yaml").read_text(encoding="utf-8"))
        assert document["openapi"].startswith("3.")


def test_no_page_asks_another_host(site: Path) -> None:
    loads = re.compile(
        r"""<(?:script|img|iframe|source|video|audio)[^>]+src=["']?(?:https?:)?//|"""
        r"""<link(?![^>]+rel=["']?(?:canonical|alternate))[^>]+href=["']?(?:https?:)?//|url\(["']?(?:https?:)?//|@import"""
    )
    for path in site.rglob("*"):
        if path.suffix in (".html", ".css"):
            assert not loads.search(path.read_text(encoding="utf-8")), path
    for path in site.rglob("*.html"):
        assert "unpkg.com" not in path.read_text(encoding="utf-8")


def test_the_repository_is_linked_and_not_asked(site: Path) -> None:
    page = (site / "en/index.html").read_text(encoding="utf-8")
    assert 'href="https://code.example/till"' in page
    assert 'data-md-component="source"' not in page
