"""The folder of guides: what of it is published, and pages that are made to be slow."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from sadpath.diagnostics import Report
from sadpath.site.guides import guide_page, read_guides
from sadpath.site.links import check_site
from sadpath.site.model import Guide, Publication

from .workspaces import make_workspace, sadpath

pytestmark = pytest.mark.xdist_group("site")


def _guide(text: str) -> Guide:
    guides, _ = read_guides({"one.md": text.encode()}, ["en"], "guides", Report())
    return guides[0]


def _page(text: str) -> str:
    publication = Publication("Till", "", "", "https://code.example/till", (), (), {}, {"docs/a.md": "apis/a.md"})
    return guide_page(publication, _guide(text), "en").text


@pytest.mark.parametrize("target", ["../secret.txt", "../specs", "."])
def test_links_out_of_the_folder_and_to_folders_are_refused(checkout: Path, tmp_path: Path, target: str) -> None:
    folder = make_workspace(tmp_path / "till", checkout)
    (folder / "secret.txt").write_text("secret", encoding="utf-8")
    (folder / "guides" / "picture.txt").symlink_to(target)
    said = sadpath(folder, "docs", "source")
    assert said.code == 2 and "error[SP002]: guides/picture.txt is a link " in said.text
    assert not (folder / "site-source").exists()


def test_a_file_that_cannot_be_read_is_told_by_name(checkout: Path, tmp_path: Path) -> None:
    folder = make_workspace(tmp_path / "till", checkout)
    os.mkfifo(folder / "guides" / "pipe.md")
    (folder / "guides" / "gone.md").symlink_to("nothing.md")
    said = sadpath(folder, "docs", "source")
    assert said.code == 2
    assert "error[SP002]: guides/pipe.md is not a regular file" in said.text
    assert "error[SP001]: guides/gone.md does not exist" in said.text


def test_a_link_inside_the_folder_is_followed_and_hidden_folders_are_not(checkout: Path, tmp_path: Path) -> None:
    folder = make_workspace(tmp_path / "till", checkout)
    (folder / "guides" / "same.svg").symlink_to("till.svg")
    (folder / "guides" / ".private").mkdir()
    (folder / "guides" / ".private" / "config").write_text("secret", encoding="utf-8")
    assert sadpath(folder, "docs", "source").code == 0
    names = {path.name for path in (folder / "site-source").rglob("*")}
    assert "same.svg" in names and "config" not in names


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Plain\n", "Plain"),
        ("# Closed ##\n", "Closed"),
        ("# In C#\n", "In C#"),
        ("```sh\n# a comment\n```\n# After `code`\n", "After code"),
        ("~~~\n```\n# inside\n~~~~\n# After tildes\n", "After tildes"),
        ("# [Linked](docs/a.md) *words*\n", "Linked words"),
        ("```\n# never closed\n", "one"),
    ],
)
def test_a_title_is_the_first_heading(text: str, title: str) -> None:
    assert _guide(text).title == title


def test_links_are_followed_in_prose_alone() -> None:
    link, made = "[a](../docs/a.md)", "[a](../apis/a.md)"
    assert _page(f"{link}\n\n```md\n{link}\n```\n{link}\n") == f"{made}\n\n```md\n{link}\n```\n{made}\n"
    assert _page(f"```not a fence```\n{link}\n") == f"```not a fence```\n{made}\n"


def test_comments_at_the_top_are_left_out() -> None:
    assert _page("<!-- one -->\n\n<!-- two\nlines -->\nText <!-- three -->\n") == "Text <!-- three -->\n"
    assert _page("<!-- one --><!-- never closed\n") == "<!-- never closed\n"


@pytest.mark.parametrize(
    "text",
    [
        "```a\n~~~~b\n" * 20_000,
        "<!--" * 60_000,
        "<!--\n" * 60_000,
        "# a" + " " * 60_000 + "b",
        "# " + "[" * 60_000,
        "# " + "[](" * 30_000,
    ],
    ids=["fences", "comments", "lines of comments", "spaces", "brackets", "links"],
)
def test_no_guide_takes_long(text: str) -> None:
    begin = time.process_time()
    _page(text)
    assert time.process_time() - begin < 2


@pytest.mark.parametrize("beginning", ["<!--", "<script>", "<style>", "<script id=a><style>"])
def test_no_page_takes_long_to_check(beginning: str) -> None:
    begin = time.process_time()
    check_site({"a.html": beginning * 60_000}, {}, "", Report(), "site")
    assert time.process_time() - begin < 4
