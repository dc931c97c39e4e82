"""What a catalog says that contradicts itself, although each of its values is of the right form."""

from __future__ import annotations

import pytest

from sadpath.catalog.link import link_catalog
from sadpath.catalog.parse import parse_catalog
from sadpath.diagnostics import Report
from sadpath.source.loader import parse_text

CATALOG = """\
errorcatalog: "1"
info: {api: till, locales: [en]}
errors:
  declined:
    match: {status: 402}
    title: Declined
    outcome: OUTCOME
"""


@pytest.mark.parametrize(("outcome", "found"), [("not_sent", ["SP301"]), ("rejected", []), ("processed", [])])
def test_an_answer_proves_that_the_request_was_sent(outcome: str, found: list[str]) -> None:
    report = Report()
    source = parse_text("errors.yaml", CATALOG.replace("OUTCOME", outcome), report)
    assert source is not None
    parsed = parse_catalog(source, report)
    assert parsed is not None
    link_catalog(parsed[0], (), report)
    assert [one.rule.code for one in report.diagnostics] == found
    assert all("is an answer, so the request was sent" in one.message for one in report.diagnostics)
