"""The catalog of our own rules: what the program would print, with an example of each from the golden diagnostics.

After a change of rules, write it anew and read the difference; `make generate` does so too:

    PYTHONPATH=generator python tests/golden/test_rules.py --write
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sadpath.catalog.parse import parse_catalog
from sadpath.diagnostics import Diagnostic, Related, Report, Severity
from sadpath.diagnostics.catalog import error_id, rules_catalog
from sadpath.diagnostics.registry import all_rules
from sadpath.diagnostics.trees import render_json
from sadpath.source.loader import load
from sadpath.source.place import Place

CHECKOUT = Path(__file__).resolve().parents[2]
SAID = CHECKOUT / "generated" / "diagnostics"
CATALOG = CHECKOUT / "specs" / "sadpath" / "errors.yaml"
DOCUMENT = CHECKOUT / "specs" / "sadpath" / "openapi.yaml"
PAGES = CHECKOUT / "generated" / "docs" / "sadpath" / "errors"


def outputs() -> dict[str, str]:
    """An example of what is printed, by the code of the rule: the shortest one that says why the rule is one."""
    found: dict[str, list[str]] = {}
    for path in sorted(SAID.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        for block in re.split(r"^(?=(?:error|warning|info)\[SP)", text, flags=re.M)[1:]:
            code = re.match(r"\w+\[(SP\d+)\]", block)
            assert code is not None
            # What follows is the closing line of the run.
            finding = re.split(r"\n\n|\n(?=\d)(?! *\d* \|)", block)[0].rstrip("\n")
            found.setdefault(code[1], []).append(finding)
    return {
        code: min(blocks, key=lambda block: (" = why: " not in block, len(block))) for code, blocks in found.items()
    }


def text() -> str:
    return rules_catalog(all_rules(), outputs())


def catalog() -> Any:
    report = Report()
    source = load(CATALOG, report)
    assert source is not None
    found = parse_catalog(source, report)
    assert found is not None and not report.diagnostics, report.diagnostics
    return found[0]


def test_the_catalog_is_what_the_program_says() -> None:
    assert CATALOG.read_text(encoding="utf-8") == text()


def test_the_catalog_has_every_rule() -> None:
    entries = {entry.contract.match.codes[0]: entry for entry in catalog().errors}
    assert list(entries) == list(all_rules())
    for code, rule in all_rules().items():
        entry = entries[code]
        assert entry.contract.id == error_id(rule)
        assert entry.title.get("en", "") == rule.summary.removesuffix(".")
        assert entry.description.get("en", "") == rule.why
        assert [item.text.get("en", "") for item in entry.remedies] == [rule.help]
        severity = entry.contract.attributes["severity"].select.const
        assert severity == (rule.severity.value,)
        assert (entry.contract.outcome.value == "rejected") is (rule.severity is Severity.ERROR)


def test_most_rules_have_an_example() -> None:
    shown = {entry.contract.match.codes[0]: entry.outputs for entry in catalog().errors if entry.outputs}
    assert len(shown) > 0.8 * len(all_rules())
    for code, (output,) in shown.items():
        assert f"[{code}]: " in output.text.split("\n")[0]
        assert " = help: " in output.text


@pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.code)
def test_every_rule_has_a_page(rule: Any) -> None:
    page = (PAGES / f"{error_id(rule)}.md").read_text(encoding="utf-8")
    assert f"# `{rule.code}`: " in page
    assert f"| Severity | {rule.severity.value} |" in page
    assert "HTTP status" not in page and "errors." not in page.split("## What is printed")[0].replace("errors.yaml", "")


def test_what_is_printed_is_what_the_document_says() -> None:
    report = Report()
    source = load(DOCUMENT, report)
    assert source is not None
    schemas = source.tree["components"]["schemas"]
    schema = {"$ref": "#/components/schemas/Report", "components": {"schemas": schemas}}
    validator = Draft202012Validator(schema)
    rule = all_rules()["SP305"]
    place = Place(source, "/info/title")
    found = (
        Diagnostic(rule, "two places", place, related=(Related(place, "the other"),)),
        Diagnostic(rule, "no place", None, "help"),
    )
    printed = json.loads(render_json(found, ignored=2))
    assert not list(validator.iter_errors(printed))
    assert set(printed["diagnostics"][0]) == {
        *schemas["Diagnostic"]["properties"],
        *schemas["Position"]["properties"],
    }
    printed["diagnostics"][0].pop("slug")
    assert list(validator.iter_errors(printed))


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit(f"usage: {sys.argv[0]} --write")
    if not CATALOG.is_file() or CATALOG.read_text(encoding="utf-8") != text():
        CATALOG.write_text(text(), encoding="utf-8", newline="\n")
        print(CATALOG.relative_to(CHECKOUT))
