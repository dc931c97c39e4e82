"""The checker of a built site: what it finds, and what it leaves alone."""

from __future__ import annotations

import pytest

from sadpath.diagnostics import Report
from sadpath.site.links import check_site

URL = "https://till.example/docs"
GOOD = (
    '<a href="b.html">',
    '<a href="b.html#there">',
    '<a href="b.html#%D1%82%D1%83%D1%82">',
    '<a href="#here">',
    '<a href="">',
    '<a href="sub/">',
    '<a href="sub/#inner">',
    '<a href="../a/b.html">',
    "<a href='b.html'>",
    "<a class=x href=b.html>",
    '<a href="/docs/a/b.html#there">',
    '<a href="https://till.example/docs/a/b.html#there">',
    '<a href="https://elsewhere.example/">',
    '<a href="mailto:till@till.example">',
    '<a href="#__toc">',
    '<img src="b.html">',
    '<img src="data:image/gif;base64,R0lGOD">',
    '<link rel="canonical" href="https://elsewhere.example/a.html">',
    "<script>var a = \"<a href='gone.html'>\"</script>",
    '<!-- <a href="gone.html"> -->',
    '<style>p{background:url("b.html")}</style>',
    '<p title="a > b"><a href="b.html">',
)
BROKEN = (
    '<a href="gone.html">',
    '<a href="b.html#gone">',
    '<a href="#gone">',
    '<a href="b.html#th&amp;ere">',
    '<a href="/a/b.html">',
    '<a href="https://till.example/docs/gone.html">',
    '<a href="../../a/b.html">',
    '<img src="gone.png">',
    '<p title="a > b"><a href="gone.html">',
    '<script src="gone.js"></script>',
)
FOREIGN = (
    '<script src="https://elsewhere.example/a.js"></script>',
    '<script src="//elsewhere.example/a.js"></script>',
    '<link rel="stylesheet" href="https://elsewhere.example/a.css">',
    '<link rel="preconnect" href="https://elsewhere.example">',
    '<img src="https://elsewhere.example/a.png">',
    '<img src="b.html" srcset="https://elsewhere.example/a.png 2x">',
    '<p style="background: url(https://elsewhere.example/a.png)">',
    '<style>@import "https://elsewhere.example/a.css";</style>',
    '<iframe src="https://elsewhere.example/"></iframe>',
)


def _found(line: str, **further: str) -> list[tuple[str, int]]:
    files = {
        "a/a.html": f'<html id="here">\n{line}\n',
        "a/b.html": '<p id="there"><p id="тут">',
        "a/sub/index.html": '<a name="inner">',
        **further,
    }
    report = Report()
    check_site(files, {}, URL, report, "site")
    return [(one.rule.code, one.place.focus().line) for one in report.diagnostics if one.place is not None]


@pytest.mark.parametrize("line", GOOD)
def test_good_references_pass(line: str) -> None:
    assert _found(line) == []


@pytest.mark.parametrize("line", BROKEN)
def test_broken_references_are_found_with_their_line(line: str) -> None:
    assert _found(line) == [("SP704", 2)]


@pytest.mark.parametrize("line", FOREIGN)
def test_requests_to_other_hosts_are_found(line: str) -> None:
    assert _found(line) == [("SP705", 2)]


def test_stylesheets_are_read_too() -> None:
    style = "p {}\n@font-face { src: url(https://fonts.example/a.woff2) }\n"
    assert _found("", **{"a/a.css": style}) == [("SP705", 2)]


def test_a_link_is_shown_where_somebody_wrote_it() -> None:
    files = {"en/guides/a.html": '<a href="b.html#late">'}
    origin = ("guides/a.md", "# A\n\nSee [b](b.md#late).\n")
    report = Report()
    check_site(files, {"en/guides/a.html": origin}, "", report, "site")
    (one,) = report.diagnostics
    assert one.place is not None
    span = one.place.focus()
    assert (span.path, span.line, span.column) == ("guides/a.md", 3, 9)
    assert one.message == 'there is nothing at "b.md#late"'
