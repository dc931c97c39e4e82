"""The site in a browser, where there is one: search finds, and nothing is asked of another host."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from .browsing import BROWSERS, HOST, visit

pytestmark = [
    pytest.mark.xdist_group("site"),
    pytest.mark.parametrize("browser", BROWSERS),
]
SOUGHT = {
    "en": [("slow_down", "apis/till/errors/slow_down.html"), ("Idempotency-Key", "apis/till/")],
    "ru": [
        ("slow_down", "apis/till/errors/slow_down.html"),
        ("Ключ больше не действует", "apis/till/errors/used_up.html"),
    ],
}


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_search_finds_a_code_a_header_and_a_phrase(browser: str, site: Path, tmp_path: Path, locale: str) -> None:
    for index, (wanted, page) in enumerate(SOUGHT[locale]):
        seen = visit(browser, site, f"{locale}/index.html?drive={quote(wanted)}", tmp_path / str(index))
        found = re.search(r'data-found="([^"]*)"', seen.html)
        assert found is not None, f"{wanted}: nothing was found"
        assert page in unescape(found[1]), f"{wanted}: {found[1]}"
        assert any(urlsplit(one).path == f"/{locale}/search.json" for one in seen.requests)


def test_pages_ask_no_other_host(browser: str, site: Path, tmp_path: Path) -> None:
    for index, path in enumerate(["index.html", "ru/apis/till/errors/busy.html"]):
        seen = visit(browser, site, path, tmp_path / str(index))
        assert any(
            urlsplit(one).path.startswith("/en/" if path == "index.html" else f"/{path}") for one in seen.requests
        )
        assert {urlsplit(one).hostname for one in seen.requests} == {HOST}
