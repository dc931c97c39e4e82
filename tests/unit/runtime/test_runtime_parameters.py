"""Whatever a client writes, a server reads; what a server could not tell apart is not written."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sadpath.runtime.contract import OperationContract, Parameter, Security
from sadpath.runtime.headers import Headers
from sadpath.runtime.parameters import claimed_names, write_parameters
from sadpath.runtime.raw_parameters import RawParameters, read_parameter
from sadpath.runtime.reception import cookies_of, query_pairs

TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(["", " ", ",", "a,b", "%2C", "|", ";", "="])
NAMES = TEXTS.filter(bool)
STYLES = {
    "path": ["simple", "label", "matrix"],
    "query": ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
    "header": ["simple"],
    "cookie": ["form", "cookie"],
}
PLACES = [(place, style, explode) for place in STYLES for style in STYLES[place] for explode in (False, True)]
KINDS = {
    "text": (str, TEXTS),
    "number": (Decimal, st.decimals(allow_nan=False, allow_infinity=False, places=2)),
    "flag": (bool, st.booleans()),
    "texts": (list[str], st.lists(TEXTS)),
    "integers": (list[int], st.lists(st.integers())),
    "object": (dict[str, str], st.dictionaries(NAMES, TEXTS)),
}


def there_and_back(parameter: Parameter, value: Any) -> Any:
    """What a server reads after the request of a client has been on the wire."""
    operation = OperationContract("o", "GET", "/x", parameters=(parameter,))
    wire = write_parameters(operation, {parameter.argument: value})
    text = wire.querystring or "&".join(f"{name}={one}" for name, one in wire.query)
    assert text.isascii() and not set(text) & set(' #"<>\\')
    query, raw_query = query_pairs(text)
    cookie = "; ".join(f"{name}={one}" for name, one in wire.cookies)
    assert cookie.isascii()
    lines = [*wire.headers, *([("Cookie", cookie)] if wire.cookies else [])]
    # A header field goes as UTF-8, loses blanks around it, and is read as ISO 8859-1.
    headers = Headers((name, one.encode("utf-8").decode("latin-1").strip(" \t")) for name, one in lines)
    raw = RawParameters(wire.path, query, raw_query, headers, cookies_of(headers), text, claimed_names(operation))
    return read_parameter(parameter, raw)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("place", "style", "explode"), PLACES)
@settings(max_examples=40)
@given(data=st.data(), reserved=st.booleans())
def test_what_is_written_is_read(
    place: Any, style: str, explode: bool, kind: str, data: st.DataObject, reserved: bool
) -> None:
    annotation, values = KINDS[kind]
    value = data.draw(values)
    parameter = Parameter("arg", "X-name", place, annotation, False, style, explode, None, reserved)
    try:
        found = there_and_back(parameter, value)
    except ValueError as error:
        assert str(error).startswith("arg ")
        assert kind not in ("number", "flag"), "these are always told apart"
        return
    expected = None if value in ([], {}) else value
    assert found == expected


@given(
    value=st.recursive(
        TEXTS | st.integers() | st.none() | st.booleans(),
        lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
        max_leaves=8,
    )
)
@pytest.mark.parametrize("place", ["path", "query", "header", "cookie", "querystring"])
def test_json_is_read_as_it_was(place: Any, value: Any) -> None:
    assume(value is not None)
    parameter = Parameter("arg", "X-name", place, Any, media_type="application/json")
    assert there_and_back(parameter, value) == value


@given(st.dictionaries(NAMES, TEXTS | st.lists(TEXTS, min_size=1), min_size=1))
def test_a_whole_query(value: dict[str, Any]) -> None:
    parameter = Parameter(
        "arg", "x", "querystring", dict[str, list[str]], media_type="application/x-www-form-urlencoded"
    )
    tree = {name: [found] if isinstance(found, str) else found for name, found in value.items()}
    assert there_and_back(parameter, tree) == tree


@given(st.lists(st.dictionaries(NAMES, st.lists(TEXTS, min_size=1), min_size=1), min_size=1))
def test_lists_of_objects_in_the_style_deep_object(value: list[dict[str, list[str]]]) -> None:
    parameter = Parameter("arg", "x", "query", list[dict[str, list[str]]], style="deepObject")
    try:
        assert there_and_back(parameter, value) == value
    except ValueError as error:
        assert "brackets" in str(error)


def test_items_with_parts_are_numbered() -> None:
    parameter = Parameter("a", "a", "query", dict[str, list[list[dict[str, str]]]], style="deepObject")
    value = {"x": [[{"y": "1", "z": "2"}, {"y": "3"}], [{"y": "4"}]]}
    wire = write_parameters(OperationContract("o", "GET", "/x", parameters=(parameter,)), {"a": value})
    names = [name.replace("%5B", "[").replace("%5D", "]") for name, _ in wire.query]
    assert names == ["a[x][0][0][y]", "a[x][0][0][z]", "a[x][0][1][y]", "a[x][1][0][y]"]
    assert there_and_back(parameter, value) == value


@pytest.mark.parametrize(
    ("parameter", "value", "problem"),
    [
        (Parameter("a", "a", "query", list[Any]), [["x"]], "a holds an array where"),
        (Parameter("a", "a", "query", list[str | None]), ["x", None], "a holds null where"),
        (Parameter("a", "a", "query", dict[str, Any], explode=False), {"x": {}}, "a holds an object where"),
        (Parameter("a", "a", "query", list[str], required=True), [], "a is required, and is empty"),
        (Parameter("a", "a", "query", list[str], allow_empty=True), [""], "a holds one empty text"),
        (Parameter("a", "a", "query", dict[str, Any], style="deepObject"), {"x": [{"y": 1}]}, "a holds an object"),
        (
            Parameter("a", "a", "query", list[dict[str, str]], style="deepObject"),
            [{"x": "y"}, {}],
            "an item without parts",
        ),
        (Parameter("a", "a", "query", str), "\ud800", "a holds characters that have no UTF-8 form"),
        (Parameter("a", "a", "query", dict[str, str], media_type="text/csv"), {"x": "y"}, "a is no text"),
    ],
)
def test_what_is_not_written(parameter: Parameter, value: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        there_and_back(parameter, value)


@pytest.mark.parametrize(
    ("parameter", "query", "problem"),
    [
        (Parameter("a", "a", "query", int), "a=1&a=2", "more than once"),
        (Parameter("a", "a", "query", dict[str, int], explode=False), "a=x,1,y", "without a value"),
        (Parameter("a", "a", "query", dict[str, int], explode=False), "a=x,1,x,2", "more than once"),
        (Parameter("a", "a", "query", dict[str, Any], style="deepObject"), "a[x]=1&a[x][y]=2", "no object"),
        (Parameter("a", "a", "query", dict[str, Any], style="deepObject"), "a[x]=1&a[x][]=2", "no array"),
        (Parameter("a", "a", "query", list[str], style="deepObject"), "a[x]=1", "no array"),
        (Parameter("a", "a", "query", list[dict[str, int]], style="deepObject"), "a[1][x]=1", "not numbered one after"),
        (Parameter("a", "a", "query", list[str], explode=False), "a=%ff,b", "decode"),
    ],
)
def test_what_is_not_read(parameter: Parameter, query: str, problem: str) -> None:
    pairs = tuple(part.partition("=")[::2] for part in query.split("&"))
    raw = RawParameters({}, pairs, pairs, Headers(), ())
    with pytest.raises(ValueError, match=problem):
        read_parameter(parameter, raw)


@pytest.mark.parametrize(("style", "text"), [("label", "5"), ("matrix", "5"), ("matrix", ";b=5")])
def test_paths_of_another_style(style: str, text: str) -> None:
    parameter = Parameter("a", "a", "path", int, required=True, style=style)
    with pytest.raises(ValueError, match="does not start|is missing"):
        read_parameter(parameter, RawParameters({"a": text}, (), (), Headers(), ()))


def test_credentials_are_no_members_of_a_spread_object() -> None:
    parameter = Parameter("a", "a", "query", dict[str, str])
    key = Security("k", "apiKey", "query", "api_key")
    operation = OperationContract("o", "GET", "/x", parameters=(parameter,), security=((key,),))
    with pytest.raises(ValueError, match="a has the member 'api_key'"):
        write_parameters(operation, {"a": {"api_key": "1"}})
    pairs = (("api_key", "k"), ("b", "1"))
    raw = RawParameters({}, pairs, pairs, Headers(), (), "", claimed_names(operation))
    assert read_parameter(parameter, raw) == {"b": "1"}
