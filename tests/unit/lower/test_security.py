"""What a request carries for each security scheme, and how the name of a scheme is spelt."""

from __future__ import annotations

import pytest

from sadpath.diagnostics import Report
from sadpath.lower.security import check_security, lower_security
from sadpath.openapi.parse import parse_document
from sadpath.runtime.contract import Security
from sadpath.source.loader import parse_text
from sadpath.source.references import Sources

_DOCUMENT = """\
openapi: 3.1.0
info: {{title: T, version: "1"}}
security: [{{s: [read]}}]
paths:
  /a: {{get: {{responses: {{"200": {{description: ok}}}}}}}}
components: {{securitySchemes: {{s: {{type: http, scheme: {scheme}}}}}}}
"""


def lowered(scheme: str) -> Security:
    """The one scheme of a document, as the generated code knows it."""
    report = Report()
    source = parse_text("api.yaml", _DOCUMENT.format(scheme=scheme), report)
    assert source is not None
    document = parse_document(source, Sources(source, report), report)
    assert document is not None and not report.failed
    [[found]] = lower_security(document.operations[0], document)
    return found


@pytest.mark.parametrize("scheme", ["basic", "Basic", "BASIC"])
def test_basic_is_known_in_any_case(scheme: str) -> None:
    assert lowered(scheme) == Security("s", "basic", scopes=("read",))


@pytest.mark.parametrize("scheme", ["bearer", "Bearer"])
def test_bearer_is_known_in_any_case(scheme: str) -> None:
    assert lowered(scheme) == Security("s", "bearer", scopes=("read",))


@pytest.mark.parametrize(
    ("scheme", "sent"), [("digest", "Digest"), ("MAC", "MAC"), ("vapid", "Vapid"), ("hOBA", "hOBA")]
)
def test_another_scheme_is_sent_as_the_document_spells_it(scheme: str, sent: str) -> None:
    assert lowered(scheme) == Security("s", "http", scopes=("read",), auth_scheme=sent)


@pytest.mark.parametrize(
    ("security", "codes"),
    [
        ("[{'https://a.test/b': []}]", ["SP216"]),
        ("[{'https://a.test/b': []}, {}]", ["SP216"]),
        ("[{'https://a.test/b': []}, {s: []}]", ["SP404"]),
        ("[{other: []}, {s: []}]", ["SP227"]),
        ("[{'https://a.test/b': []}]}, post: {security: [{'https://a.test/b': []}, {s: []}]", ["SP216", "SP404"]),
    ],
)
def test_a_scheme_that_is_not_known_is_told_of_once(security: str, codes: list[str]) -> None:
    report = Report()
    text = _DOCUMENT.format(scheme="basic").replace("get: {", f"get: {{security: {security}}}, put: {{")
    source = parse_text("api.yaml", text, report)
    assert source is not None
    document = parse_document(source, Sources(source, report), report)
    assert document is not None
    check_security(document, report)
    assert [one.rule.code for one in report] == codes
