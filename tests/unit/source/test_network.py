"""`$ref` to the network: refused unless there is something to fetch with, https alone, and never a way back to files."""

from __future__ import annotations

from pathlib import Path
from urllib.request import Request

import pytest

from sadpath.diagnostics import Report
from sadpath.source import network
from sadpath.source.loader import load
from sadpath.source.network import Fetched, FetchError, fetch_https, url_problem
from sadpath.source.place import Place
from sadpath.source.references import Sources

WEB = {
    "https://a.example/pets.yaml": Fetched(
        "https://a.example/pets.yaml", b"Dog: {type: object}\nCat: {$ref: more/cats#/Cat}\nFile: {$ref: 'file:///x'}\n"
    ),
    "https://a.example/more/cats": Fetched(
        "https://b.example/v2/cats",
        b'{\n\t"Cat": {"$ref": "fish.json#/1"},\n\t"x": 1, "x": 2}',
        "application/json; a=b",
    ),
    "https://b.example/v2/cats": Fetched("https://b.example/v2/cats", b"never asked for"),
    "https://b.example/v2/fish.json": Fetched("https://b.example/v2/fish.json", b'[1, "\\u0031"]'),
    "https://a.example/broken.json": Fetched("https://a.example/broken.json", b'{"a": '),
}


class Web:
    """Answers from WEB, and notes what was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, url: str) -> Fetched:
        self.asked.append(url)
        if url not in WEB:
            raise FetchError("the server answers 404")
        return WEB[url]


def sources_of(folder: Path) -> tuple[Sources, Web, Report]:
    report, web = Report(), Web()
    (folder / "root.yaml").write_text("a: {$ref: x}\n")
    root = load(folder / "root.yaml", report)
    assert root is not None
    return Sources(root, report, fetch=web), web, report


def test_what_is_fetched_is_fetched_once_and_has_its_url_as_its_path(tmp_path: Path) -> None:
    sources, web, report = sources_of(tmp_path)
    place = Place(sources.root, "/a/$ref")
    for pointer in ("/Dog", "/Cat"):
        found = sources.resolve(place, f"https://a.example/pets.yaml#{pointer}")
        assert found is not None and (found.path, found.pointer) == ("https://a.example/pets.yaml", pointer)
    assert web.asked == ["https://a.example/pets.yaml"] and not report.failed


def test_references_inside_are_relative_to_where_it_was_found(tmp_path: Path) -> None:
    sources, web, report = sources_of(tmp_path)
    cat = sources.resolve(Place(sources.root, "/a/$ref"), "https://a.example/pets.yaml#/Cat")
    assert cat is not None
    cats = sources.resolve(cat.child("$ref"), "more/cats#/Cat")
    # Redirected, and JSON by its media type: YAML has no tabs here.
    assert cats is not None and (cats.path, cats.source.syntax) == ("https://b.example/v2/cats", "json")
    fish = sources.resolve(cats.child("$ref"), "fish.json#/1")
    assert fish is not None and fish.value == "1"
    assert web.asked == ["https://a.example/pets.yaml", "https://a.example/more/cats", "https://b.example/v2/fish.json"]
    (twice,) = report.diagnostics
    assert twice.rule.slug == "duplicate-key" and twice.place is not None
    assert (twice.place.path, twice.place.focus().line) == ("https://b.example/v2/cats", 3)
    assert [one.path for one in sources.all][1:] == [
        "https://a.example/pets.yaml",
        "https://b.example/v2/cats",
        "https://b.example/v2/fish.json",
    ]


@pytest.mark.parametrize(
    ("reference", "code", "words"),
    [
        ("http://a.example/pets.yaml", "SP207", "only https URLs are fetched"),
        ("https://me:hunter2@a.example/pets.yaml", "SP207", "its URL holds a user name"),
        ("https://a.example:port/pets.yaml", "SP207", "it is no URL"),
        ("https:///pets.yaml", "SP207", "it is no URL"),
        ("https://a.example/a b", "SP207", "it is no URL"),
        ("//a.example/pets.yaml", "SP207", "points to the network"),
        ("ftp://a.example/pets.yaml", "SP207", "is not relative to this document"),
        ("https://a.example/none.yaml#/x", "SP205", "can't be fetched: the server answers 404"),
        ("https://a.example/pets.yaml#/Cow", "SP205", "points to nothing"),
        ("https://a.example/broken.json", "SP104", "not valid JSON"),
    ],
)
def test_what_is_refused(tmp_path: Path, reference: str, code: str, words: str) -> None:
    sources, web, report = sources_of(tmp_path)
    assert sources.resolve(Place(sources.root, "/a/$ref"), reference) is None
    (finding,) = report.diagnostics
    assert words in finding.message and "hunter2" not in finding.message
    assert finding.rule.code == code
    assert all(url.startswith("https://a.example/") for url in web.asked)


def test_what_is_fetched_names_no_file_of_this_machine(tmp_path: Path) -> None:
    sources, web, report = sources_of(tmp_path)
    (tmp_path / "secret.yaml").write_text("a: 1\n")
    pets = sources.resolve(Place(sources.root, "/a/$ref"), "https://a.example/pets.yaml")
    assert pets is not None
    assert sources.resolve(pets, (tmp_path / "secret.yaml").as_uri()) is None
    assert sources.resolve(pets, f"{tmp_path}/secret.yaml") is None
    assert [one.rule.code for one in report.diagnostics] == ["SP205", "SP207"]
    assert all(url.startswith("https://a.example/") for url in web.asked)


def test_without_leave_nothing_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "_opener", None)
    report = Report()
    (tmp_path / "root.yaml").write_text("a: 1\n")
    root = load(tmp_path / "root.yaml", report)
    assert root is not None
    assert Sources(root, report, roots=[Path("/")]).resolve(Place(root), "https://a.example/pets.yaml") is None
    assert [one.rule.code for one in report.diagnostics] == ["SP207"]


def test_absolute_paths_are_followed_where_files_outside_are_allowed(tmp_path: Path) -> None:
    folder = tmp_path / "specs"
    folder.mkdir()
    (folder / "root.yaml").write_text("a: 1\n")
    (tmp_path / "o ther.yaml").write_text("b: 2\n")
    report = Report()
    root = load(folder / "root.yaml", report)
    assert root is not None
    sources = Sources(root, report, roots=[Path(tmp_path.anchor)])
    for reference in ("../o%20ther.yaml#/b", (tmp_path / "o ther.yaml").as_uri() + "#/b"):
        found = sources.resolve(Place(root), reference)
        assert found is not None and found.value == 2
    assert not report.failed


@pytest.mark.parametrize("url", ["http://a.example/", "file:///etc/hostname", "https://u@a.example/", "https://"])
def test_the_edge_itself_refuses_too(url: str) -> None:
    assert url_problem(url) is not None
    with pytest.raises(FetchError):
        fetch_https(url)


class Answer:
    """An answer whose content comes in pieces."""

    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces = pieces

    def read1(self, size: int) -> bytes:
        return self.pieces.pop(0)[:size] if self.pieces else b""


def test_size_and_time_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert network._read(Answer([b"ab", b"c"])) == b"abc"  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setattr(network, "LARGEST_FILE", 4)
    with pytest.raises(FetchError, match="larger"):
        network._read(Answer([b"abc", b"de"]))  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setattr(network, "_LONGEST", -1.0)
    with pytest.raises(FetchError, match="longer than"):
        network._read(Answer([b"abc"]))  # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize("to", ["http://a.example/", "file:///etc/hostname", "https://u:p@a.example/"])
def test_redirects_lead_to_https_alone(to: str) -> None:
    redirects = network._HttpsRedirects()  # pyright: ignore[reportPrivateUsage]
    request = Request("https://a.example/x")
    with pytest.raises(FetchError, match="redirected"):
        redirects.redirect_request(request, None, 302, "Found", {}, to)  # type: ignore[arg-type]
    onward = redirects.redirect_request(request, None, 302, "Found", {}, "https://b.example/")  # type: ignore[arg-type]
    assert onward is not None and onward.full_url == "https://b.example/"


def test_the_opener_knows_https_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    opener = network._opener()  # pyright: ignore[reportPrivateUsage]
    assert set(opener.handle_open) == {"https"}  # type: ignore[attr-defined]
