"""The documentation says what is so: its commands are run again, its references are made again, and both are what is committed.

After a change, write the pages anew and read the difference; `make generate` does so too:

    PYTHONPATH=generator:tests python tests/golden/test_documentation.py --write
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from golden import reference_pages, worked_pages
from golden.key_tables import sections, toml_of
from golden.reference_pages import whole_configuration
from golden.worked_pages import CHECKOUT, PAGES, PageError, made, names, page
from jsonschema import Draft202012Validator

from sadpath.catalog.schema import json_schema as catalog_schema
from sadpath.config.schema import json_schema as config_schema

WORKED = pytest.mark.xdist_group("worked pages")
"""They begin in the folder that the tutorial ends with, which is made once a process."""


@WORKED
@pytest.mark.parametrize("name", names())
def test_commands_print_what_the_page_says(name: str) -> None:
    assert page(name) == (PAGES / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", reference_pages.names())
def test_references_say_what_the_program_knows(name: str) -> None:
    assert reference_pages.page(name) == (PAGES / f"{name}.md").read_text(encoding="utf-8")


def test_every_key_of_the_catalog_is_explained() -> None:
    rows = [(section.title, row) for section in sections(catalog_schema(), []) for row in section.rows]
    assert len(rows) > 100
    assert [(title, row.key) for title, row in rows if not row.about] == []


def test_the_configuration_that_is_shown_is_one() -> None:
    shown = whole_configuration()
    Draft202012Validator(config_schema()).validate(shown)
    found = {one.title: one for one in sections(config_schema(), [shown], spelt=toml_of)}
    assert all(row.example for title in ("apis.*", "docs", "lint") for row in found[title].rows)


def test_a_row_is_made_of_what_the_schema_says() -> None:
    schema = {
        "properties": {
            "color": {"description": "the color; red where nothing is said", "enum": ["red", "blue"]},
            "sizes": {"description": "which there are", "type": "array", "items": {"type": "integer"}},
            "parts": {"type": "object", "additionalProperties": {"properties": {"weight": {"type": "number"}}}},
        },
        "required": ["sizes"],
    }
    documents = [{"sizes": [7], "parts": {"lid": {"weight": 1.5}}}]
    top, part = sections(schema, documents)
    assert [tuple(vars(row).values()) for row in (*top.rows, *part.rows)] == [
        ("`color`", "`red`, `blue`", "red", "The color", ""),
        ("`sizes`", "list of integers", "**required**", "Which there are", "`[7]`"),
        ("`parts`", "names to [mappings](#parts)", "", "", "`{lid: {weight: 1.5}}`"),
        ("`weight`", "number", "", "", "`1.5`"),
    ]
    assert part.title == "parts.*"
    top, lasting = sections(schema, documents, {"Parts": schema["properties"]["parts"]["additionalProperties"]})
    assert (lasting.title, top.rows[2].type) == ("Parts", "names to [parts](#parts)")


def test_every_command_is_run_somewhere() -> None:
    text = "".join((PAGES / f"{name}.md").read_text(encoding="utf-8") for name in names())
    run = set(re.findall(r"^\$ (?:\w+=\S+ )*sadpath (\w+)", text, re.M))
    assert run >= {"generate", "check", "lint", "explain", "scaffold", "templates"}


def test_a_file_is_written_and_a_command_is_filled_in(tmp_path: Path) -> None:
    source = '```py title="a/b.py"\nprint(6 * 7)\n```\n\n```console\n$ python a/b.py\n```\n'
    assert made(source, tmp_path) == source.replace("b.py\n```\n", "b.py\n42\n```\n")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("$ python missing.py", "ended with 2"),
        ("$ curl http://till.test", "can't run curl"),
        ("$ ls\nnothing", "never written by hand: nothing"),
    ],
)
def test_a_page_that_is_wrong_is_refused(body: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(PageError, match=said):
        made(f"```console\n{body}\n```\n", tmp_path)


def test_an_exit_code_that_is_expected_has_to_come(tmp_path: Path) -> None:
    with pytest.raises(PageError, match="ended with 0"):
        made("```console exit=1\n$ ls\n```\n", tmp_path)


def test_the_target_of_the_guide_is_the_one_that_is_tested() -> None:
    text = (PAGES / "write-a-target.md").read_text(encoding="utf-8")
    blocks = re.findall(r'^```\w+ title="(error_table/[^"]+)"\n(.*?)^```$', text, re.M | re.S)
    assert len(blocks) == 2
    for name, block in blocks:
        assert block == (CHECKOUT / "tests" / "plugin" / name).read_text(encoding="utf-8")


def test_hooks_and_inputs_of_the_guide_are_those_that_there_are() -> None:
    text = (PAGES / "hooks.md").read_text(encoding="utf-8")
    blocks = [yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```$", text, re.M | re.S)]
    hooks = {hook["id"] for hook in yaml.safe_load((CHECKOUT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    action = yaml.safe_load((CHECKOUT / "action.yml").read_text(encoding="utf-8"))
    rows = set(re.findall(r"^\| `([\w-]+)` \|", text, re.M))
    assert rows == hooks | set(action["inputs"])
    assert {hook["id"] for repo in blocks[0]["repos"] for hook in repo["hooks"]} <= hooks
    steps = blocks[1]["jobs"]["contracts"]["steps"]
    assert set(steps[-1]["with"]) <= set(action["inputs"])


def test_every_block_of_data_can_be_read() -> None:
    for name in names():
        text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
        for language, block in re.findall(r"^```(yaml|toml)\b[^\n]*\n(.*?)^```$", text, re.M | re.S):
            found = yaml.safe_load(block) if language == "yaml" else tomllib.loads(block)
            assert isinstance(found, dict), name


def test_links_between_guides_lead_somewhere() -> None:
    pages = sorted(PAGES.glob("*.md"))
    assert len(pages) > 10
    for path in pages:
        # Between fences, what looks like a link is none.
        text = re.sub(r"^(`{3,}).*?^\1$", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
        for link in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text):
            assert (path.parent / link).is_file(), f"{path.name}: {link}"


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit(f"usage: {sys.argv[0]} --write")
    PAGES.mkdir(parents=True, exist_ok=True)
    pages = {each: page(each) for each in worked_pages.names()}
    pages |= {each: reference_pages.page(each) for each in reference_pages.names()}
    for each, text in pages.items():
        (PAGES / f"{each}.md").write_text(text, encoding="utf-8")
