"""The generated pages and documents as their readers use them: every link leads somewhere, every merged document is valid."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt
from openapi_spec_validator import validate

PARSER = MarkdownIt("commonmark").enable("table")
APIS = ("makecommerce", "paysera", "yookassa", "yoomoney-wallet")


def slug(heading: str) -> str:
    """The fragment that code hosts give a heading."""
    kept = "".join(char for char in heading.strip().lower() if char.isalnum() or char in " -_")
    return kept.replace(" ", "-")


def parsed(page: Path) -> tuple[set[str], list[str]]:
    """The fragments of a page's headings, and the targets of its links."""
    fragments: set[str] = set()
    links: list[str] = []
    seen: Counter[str] = Counter()
    tokens = PARSER.parse(page.read_text(encoding="utf-8"))
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            children = tokens[index + 1].children or []
            fragment = slug("".join(child.content for child in children))
            # Code hosts number the headings that would have the same fragment.
            fragments.add(f"{fragment}-{seen[fragment]}" if seen[fragment] else fragment)
            seen[fragment] += 1
        for child in token.children or []:
            if child.type == "link_open":
                links.append(str(child.attrs["href"]))
    return fragments, links


def pages(checkout: Path) -> dict[Path, tuple[set[str], list[str]]]:
    folders = (checkout / "generated" / "docs", checkout / "generated" / "features")
    found = [*(page for folder in folders for page in folder.rglob("*.md")), *checkout.glob("*.md")]
    return {page.resolve(): parsed(page) for page in found}


def test_every_link_leads_to_a_page_and_a_heading(checkout: Path) -> None:
    from urllib.parse import unquote

    known = pages(checkout)
    broken: list[str] = []
    checked = 0
    for page, (_, links) in known.items():
        for link in links:
            if re.match(r"https?:", link):
                continue
            path, _, fragment = unquote(link).partition("#")
            target = (page.parent / path).resolve() if path else page
            checked += 1
            if not target.exists() or (fragment and fragment not in known[target][0]):
                broken.append(f"{page.relative_to(checkout.resolve())}: {link}")
    assert checked > 1000 and broken == []


@pytest.mark.parametrize("api", APIS)
def test_both_languages_have_the_same_pages(api: str, checkout: Path) -> None:
    folder = checkout / "generated" / "docs" / api
    languages = [{page.relative_to(folder / name) for page in (folder / name).rglob("*.md")} for name in ("en", "ru")]
    assert languages[0] == languages[1] and len(languages[0]) > 10


@pytest.mark.parametrize("api", APIS)
def test_the_merged_document_is_valid_and_declares_every_failure(api: str, checkout: Path) -> None:
    from behaviour.houses import HOUSES

    tree: Any = yaml.safe_load((checkout / "generated" / "openapi" / f"{api}.yaml").read_text(encoding="utf-8"))
    validate(tree)
    house = next(house for house in HOUSES if house.api == api)
    for operation in house.operations.values():
        found = tree["paths"][operation.path][operation.method.lower()]
        told = {id for response in found["responses"].values() for id in response.get("x-sadpath-errors", [])}
        told |= set(found.get("x-sadpath-failures-at-success", []))
        expected = {
            cls.contract.id
            for cls in house.registry.applicable(operation.id)
            if cls.contract is not None and cls.contract.raised == "always"
        }
        assert told == expected


@pytest.mark.parametrize("api", APIS)
def test_the_contracts_themselves_are_valid(api: str, checkout: Path) -> None:
    validate(yaml.safe_load((checkout / "specs" / api / "openapi.yaml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_the_comparison_has_every_error_of_every_api_in_its_condition(locale: str, checkout: Path) -> None:
    from behaviour.houses import HOUSES

    from payments._runtime.categories import CATEGORIES

    text = (checkout / "generated" / "docs" / f"comparison.{locale}.md").read_text(encoding="utf-8")
    head, *sections = re.split(r"^## ", text, flags=re.MULTILINE)
    by_name = {section.split("\n", 1)[0]: section for section in sections}
    rows = 0
    for house in HOUSES:
        for cls in house.registry.errors:
            contract = cls.contract
            assert contract is not None
            link = f"({house.api}/{locale}/errors/{contract.id}.md)"
            row = [line for line in by_name[CATEGORIES[contract.category].__name__].splitlines() if link in line]
            assert len(row) == 1, link
            cells = [cell.strip() for cell in row[0].strip("|").split(" | ")]
            assert f"`{cls.__name__}`" in cells[1]
            assert cells[5] == f"`{contract.outcome.value if contract.outcome else 'by_effect'}`"
            assert cells[6] in (f"`{contract.advice.next}`", "`repeat` / `check`")
            repeats_blindly = contract.outcome is None and cells[6] == "`repeat`"
            unprotected = [
                one
                for one in house.operations.values()
                if one.effect == "once" and not (one.idempotency or one.natural_key)
            ]
            assert not (repeats_blindly and unprotected and not contract.match.operations)
            if contract.match.codes:
                assert all(f"`{code}`" in cells[3] for code in contract.match.codes)
            rows += 1
    assert rows > 100 and f"comparison.{'ru' if locale == 'en' else 'en'}.md" in head
