"""Overlays and renames: what is put in, what is taken out, and where findings about it point to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sadpath.diagnostics import Report
from sadpath.openapi.overlay import overlaid
from sadpath.openapi.renames import renamed
from sadpath.source.loader import parse_text
from sadpath.source.place import Place
from sadpath.source.text import Source
from sadpath.source.tree import walk

DOCUMENT = """\
info: {title: Library}
tags: [a, b]
paths:
  /books:
    get:
      operationId: listBooks
      parameters:
        - {name: a}
        - {name: b, schema: {type: string}}
        - {name: c}
        - {name: d, schema: {type: number}}
"""


def document(text: str = DOCUMENT) -> Source:
    source = parse_text("openapi.yaml", text, Report())
    assert source is not None
    return source


def apply(actions: list[dict[str, Any]], folder: Path, source: Source | None = None) -> tuple[Source, list[str]]:
    """The patched document, and the codes of what was found."""
    report = Report()
    path = folder / "overlay.yaml"
    path.write_text(yaml.safe_dump({"overlay": "1.0.0", "info": {"title": "x", "version": "1"}, "actions": actions}))
    found = overlaid(source or document(), [path], report)
    return found, [one.rule.code for one in report.diagnostics]


PARAMETERS = "$.paths['/books'].get.parameters"


@pytest.mark.parametrize(
    ("action", "pointer", "expected"),
    [
        ({"target": "$.info", "update": {"version": "1", "x": {"y": [1]}}}, "/info", {"title": "Library", "version": "1", "x": {"y": [1]}}),
        ({"target": "$.info", "update": {"title": "Books"}}, "/info", {"title": "Books"}),
        ({"target": "$", "update": {"info": {"license": {"name": "x"}}}}, "/info", {"title": "Library", "license": {"name": "x"}}),
        ({"target": "$.tags", "update": "c"}, "/tags", ["a", "b", "c"]),
        ({"target": "$.tags", "update": ["c", "d"]}, "/tags", ["a", "b", "c", "d"]),
        ({"target": "$", "update": {"tags": ["c"]}}, "/tags", ["a", "b", "c"]),
        ({"target": "$.info.title", "update": "Books"}, "/info/title", "Books"),
        ({"target": "$.tags[0]", "remove": True}, "/tags", ["b"]),
        ({"target": "$.tags[*]", "remove": True}, "/tags", []),
        ({"target": "$.info", "remove": True, "update": {"a": 1}}, "", {"tags": ["a", "b"]}),
        ({"target": f"{PARAMETERS}[?@.name=='b']", "update": {"required": True}}, "/paths/~1books/get/parameters/1", {"name": "b", "schema": {"type": "string"}, "required": True}),
        ({"target": "$..parameters[*]", "update": {"in": "query"}}, "/paths/~1books/get/parameters/2", {"name": "c", "in": "query"}),
    ],
)  # fmt: skip
def test_actions(action: dict[str, Any], pointer: str, expected: object, tmp_path: Path) -> None:
    before = document()
    found, codes = apply([action], tmp_path, before)
    value = Place(found, pointer).value
    assert (
        {key: value[key] for key in expected} if pointer == "" and isinstance(expected, dict) else value
    ) == expected
    assert codes == []
    assert before.tree == document().tree, "the document that was read stays as it is"
    if pointer == "":
        assert "info" not in value


def test_actions_follow_each_other(tmp_path: Path) -> None:
    found, codes = apply(
        [
            {"target": "$.info", "update": {"x": {"y": 1}}},
            {"target": "$.info.x", "update": {"z": 2}},
            {"target": "$.info.x.y", "remove": True},
            {"target": "$.info.w", "remove": True},
        ],
        tmp_path,
    )
    assert found.tree["info"] == {"title": "Library", "x": {"z": 2}} and codes == ["SP803"]


def test_findings_point_to_where_a_value_was_written(tmp_path: Path) -> None:
    found, _ = apply(
        [
            {"target": f"{PARAMETERS}[?@.name=='a' || @.name=='c']", "remove": True},
            {"target": PARAMETERS, "update": {"name": "e", "schema": {"type": "boolean"}}},
            {"target": f"{PARAMETERS}[?@.name=='d']", "update": {"required": True}},
        ],
        tmp_path,
    )
    assert [one["name"] for one in Place(found, "/paths/~1books/get/parameters").value] == ["b", "d", "e"]
    for pointer, file, text in [
        ("/paths/~1books/get/parameters/0/schema/type", "openapi.yaml", "string"),
        ("/paths/~1books/get/parameters/1/schema/type", "openapi.yaml", "number"),
        ("/paths/~1books/get/parameters/1/required", "overlay.yaml", "true"),
        ("/paths/~1books/get/parameters/2/schema/type", "overlay.yaml", "boolean"),
        ("/info/title", "openapi.yaml", "Library"),
    ]:
        place = Place(found, pointer)
        span = place.focus()
        assert Path(span.path).name == file and place.path == "openapi.yaml"
        assert place.line(span.line)[span.column - 1 : span.end_column - 1] == text


@given(data=st.data())
def test_every_value_knows_where_it_comes_from(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever is removed and put in: the text at the place of a scalar is what the tree has there."""
    folder = tmp_path_factory.mktemp("overlay")
    words = st.integers(min_value=100, max_value=999).map("w{}".format)
    source = document(
        yaml.safe_dump({"list": data.draw(st.lists(words | st.lists(words), max_size=6)), "map": {"a": "w1"}})
    )
    action = st.one_of(
        st.builds(lambda index: {"target": f"$.list[{index}]", "remove": True}, st.integers(0, 6)),
        st.builds(lambda index: {"target": f"$.list[{index}][0]", "remove": True}, st.integers(0, 6)),
        st.builds(lambda value: {"target": "$.list", "update": value}, words | st.lists(words, max_size=2)),
        st.builds(lambda key, value: {"target": "$.map", "update": {key: value}}, words, words | st.lists(words)),
    )
    found, _ = apply(data.draw(st.lists(action, min_size=1, max_size=8)), folder, source)
    for pointer, value in walk(found.tree):
        if isinstance(value, str):
            place = Place(found, pointer)
            span = place.focus()
            assert place.line(span.line)[span.column - 1 : span.end_column - 1] == value


@pytest.mark.parametrize("target", ["$..[0:1000]", "$.info[0:2]", "$..title[0:1]"])
def test_characters_of_texts_are_no_values(target: str, tmp_path: Path) -> None:
    found, codes = apply([{"target": target, "update": {"x": 1}}], tmp_path)
    assert set(codes) <= {"SP803"} and Place(found, "/info/title").value == "Library"


def test_what_an_action_replaces_is_not_updated_again(tmp_path: Path) -> None:
    found, codes = apply([{"target": "$..*", "update": {"x": 1}}], tmp_path)
    assert codes == [] and found.tree["info"] == {"title": {"x": 1}, "x": 1}


@pytest.mark.parametrize("function", ["search", "match"])
def test_an_expression_that_explodes_is_refused_before_it_is_tried(function: str, tmp_path: Path) -> None:
    source = document("info: {title: " + "a" * 60 + "b}\n")
    found, codes = apply([{"target": f"$..[?{function}(@, '(a|aa)+$')]", "remove": True}], tmp_path, source)
    assert codes == ["SP802"] and found.tree == source.tree
    found, codes = apply([{"target": f"$..[?{function}(@, 'a+b')]", "remove": True}], tmp_path, source)
    assert codes == [] and found.tree == {"info": {}}


@pytest.mark.parametrize("info", [None, "x", {"title": "x"}, {"version": "1"}, {"title": 1, "version": "1"}])
def test_an_overlay_says_what_it_is(info: object, tmp_path: Path) -> None:
    report = Report()
    (tmp_path / "overlay.yaml").write_text(
        yaml.safe_dump({"overlay": "1.0.0", "info": info, "actions": [{"target": "$", "update": {}}]})
    )
    overlaid(document(), [tmp_path / "overlay.yaml"], report)
    assert {one.rule.code for one in report.diagnostics} == {"SP801"}


def test_several_overlays_in_their_order(tmp_path: Path) -> None:
    report = Report()
    for name, title in (("one", "1"), ("two", "2")):
        action = {"target": "$.info", "update": {"title": title, name: True}}
        text = yaml.safe_dump({"overlay": "1.0.0", "info": {"title": "x", "version": "1"}, "actions": [action]})
        (tmp_path / f"{name}.yaml").write_text(text)
    found = overlaid(document(), [tmp_path / "one.yaml", tmp_path / "two.yaml"], report)
    assert found.tree["info"] == {"title": "2", "one": True, "two": True} and not report.diagnostics


def test_renames() -> None:
    report = Report()
    place = Place(Source("sadpath.toml", "x"), "/rename")
    wanted = [
        ("listBooks", "every", place),
        ("#/paths/~1books/get/parameters/0", "first", place),
        ("/info", "about", place),
        ("nothing", "x", place),
        ("#/info/title", "x", place),
        ("#%zz", "x", place),
    ]
    found = renamed(document(), wanted, report)
    operation = found.tree["paths"]["/books"]["get"]
    assert operation["x-sadpath-name"] == "every"
    assert operation["parameters"][0]["x-sadpath-name"] == "first"
    assert "x-sadpath-name" not in found.tree["info"], "it has no name"
    assert Place(found, "/paths/~1books/get/x-sadpath-name").focus().path == "sadpath.toml"
    assert [one.rule.code for one in report.diagnostics] == ["SP805"] * 4
