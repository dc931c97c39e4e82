"""The forms of findings that other programs read: JSON, the commands of GitHub Actions, SARIF."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sadpath.diagnostics import Diagnostic, Related, Severity, visible
from sadpath.diagnostics.github import render_github
from sadpath.diagnostics.rules_catalog import CATALOG_RESPONSE_MISSING, CATALOG_VALUE
from sadpath.diagnostics.rules_usage import USAGE
from sadpath.diagnostics.sarif import render_sarif
from sadpath.diagnostics.trees import render_json
from sadpath.source.place import Place, Spot
from sadpath.source.text import Source

SOURCE = Source("specs/a, b:c%.yaml", "a: 1\nb:\n  - 2\n  - 3\n", {"a": 1, "b": [2, 3]})
ONE = Diagnostic(
    CATALOG_VALUE, 'no "1"\n::error::x', Place(SOURCE, "/a"), None, (Related(Place(SOURCE, "/b"), "here"),)
)
TWO = Diagnostic(CATALOG_RESPONSE_MISSING, "over lines", Spot(SOURCE, 0, 12), "Mend it.", level=Severity.ERROR)
NOWHERE = Diagnostic(USAGE, "no such option")


def test_json() -> None:
    found: dict[str, Any] = json.loads(render_json([ONE, TWO, NOWHERE], ignored=3))
    assert found["version"] == 1
    assert found["summary"] == {"errors": 3, "warnings": 0, "notes": 0, "ignored": 3}
    one, two, nowhere = found["diagnostics"]
    assert one == {
        "code": "SP301",
        "slug": "catalog-value",
        "severity": "error",
        "message": 'no "1"\n::error::x',
        "path": "specs/a, b:c%.yaml",
        "line": 1,
        "column": 4,
        "end_line": 1,
        "end_column": 5,
        "pointer": "/a",
        "why": CATALOG_VALUE.why,
        "help": CATALOG_VALUE.help,
        "related": [
            {
                "message": "here",
                "path": "specs/a, b:c%.yaml",
                "line": 2,
                "column": 1,
                "end_line": 2,
                "end_column": 2,
                "pointer": "/b",
            }
        ],
    }
    assert (two["pointer"], two["help"], two["severity"]) == (None, "Mend it.", "error")
    assert (nowhere["path"], nowhere["line"]) == (None, None)


def test_github_has_one_line_a_finding_and_lets_nothing_out_of_it() -> None:
    assert render_github([ONE, TWO, NOWHERE]) == (
        "::error file=specs/a%2C b%3Ac%25.yaml,line=1,col=4,endColumn=5,title=SP301 catalog-value::"
        f'no "1"\\n::error::x%0Ahelp: {CATALOG_VALUE.help}\n'
        "::error file=specs/a%2C b%3Ac%25.yaml,line=1,endLine=3,title=SP312 catalog-response-missing::"
        "over lines%0Ahelp: Mend it.\n"
        "::error title=SP008 usage::no such option%0Ahelp: See `sadpath generate --help`.\n"
    )


def test_sarif() -> None:
    log: dict[str, Any] = json.loads(render_sarif([ONE, TWO, TWO, NOWHERE], "1.2.3"))
    assert log["version"] == "2.1.0"
    run = log["runs"][0]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("sadpath", "1.2.3")
    assert [rule["id"] for rule in driver["rules"]] == ["SP301", "SP312", "SP008"]
    assert driver["rules"][1]["defaultConfiguration"] == {"level": "warning"}
    one, two, again, nowhere = run["results"]
    assert all(driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    place = one["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "specs/a%2C%20b:c%25.yaml"}
    assert place["region"] == {"startLine": 1, "startColumn": 4, "endLine": 1, "endColumn": 5}
    assert one["relatedLocations"][0]["message"] == {"text": "here"}
    assert (two["level"], nowhere.get("locations")) == ("error", None)
    prints = [result["partialFingerprints"]["sadpathFinding/v1"] for result in run["results"]]
    assert len(set(prints)) == 4 and again["message"] == two["message"]


@given(st.text(), st.text(min_size=1))
def test_whatever_a_document_says_stays_inside(message: str, path: str) -> None:
    finding = Diagnostic(CATALOG_VALUE, message, Place(Source(path, "a: 1\n", {"a": 1}), "/a"))
    assert json.loads(render_json([finding]))["diagnostics"][0]["message"] == message
    assert json.loads(render_sarif([finding], "1"))["runs"][0]["results"][0]["message"]["text"].startswith(message)
    lines = render_github([finding]).split("\n")
    assert len(lines) == 2 and lines[0].startswith("::error file=") and visible(lines[0]) == lines[0]
