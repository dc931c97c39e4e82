"""The index that pages search in: a code, a phrase and a header are in it, in the language of the page, and lead somewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("site")


def _index(site: Path, locale: str) -> list[dict[str, Any]]:
    tree = json.loads((site / locale / "search.json").read_text(encoding="utf-8"))
    assert tree["config"]["lang"] == [locale]
    return tree["items"]


@pytest.mark.parametrize(
    ("locale", "wanted", "page"),
    [
        ("en", "slow_down", "apis/till/errors/slow_down.html"),
        ("en", "Idempotency-Key", "apis/till/resources/sales.html"),
        ("en", "Somebody has locked the till", "apis/till/errors/locked.html"),
        ("ru", "slow_down", "apis/till/errors/slow_down.html"),
        ("ru", "Idempotency-Key", "apis/till/resources/sales.html"),
        ("ru", "Ключ больше не действует", "apis/till/errors/used_up.html"),
        ("ru", "Откройте кассу", "guides/10-first.html"),
    ],
)
def test_what_is_sought_is_in_the_index(site: Path, locale: str, wanted: str, page: str) -> None:
    found = {one["location"].split("#")[0] for one in _index(site, locale) if wanted in one["title"] + one["text"]}
    assert page in found


def test_the_index_leads_to_pages(site: Path) -> None:
    for locale in ("en", "ru"):
        for one in _index(site, locale):
            assert (site / locale / one["location"].split("#")[0]).is_file()


def test_pages_opened_from_a_disk_have_the_index_too(site: Path) -> None:
    """Browsers read no JSON from a disk, so the index is a script there as well, and its worker is stood in for."""
    assert (site / "en/search.js").read_text(encoding="utf-8").startswith("var __index")
    assert "worker-from-disk.js" in (site / "en/index.html").read_text(encoding="utf-8")
