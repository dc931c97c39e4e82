"""`$ref` across files: what resolves, and each way in which one does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from sadpath.diagnostics import Report
from sadpath.source.loader import load
from sadpath.source.place import Place
from sadpath.source.references import Sources

ROOT = """\
components:
  schemas:
    Pet: {type: object, properties: {"a/b": {type: string}, "c~d": {}, "with space": {}}}
    Cat: {$ref: "#/components/schemas/Pet"}
    Named: {$anchor: named, title: a name}
    Onward: {$ref: "#named"}
    Further: {properties: {x: {$ref: "parts/pets.yaml#/Named"}}}
    Round: {$ref: "#/components/schemas/Again"}
    Again: {$ref: "#/components/schemas/Round"}
    Itself: {$ref: "#/components/schemas/Itself/nope"}
list: [{x: 1}]
"""


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "specs"
    (folder / "parts").mkdir(parents=True)
    (folder / "root.yaml").write_text(ROOT)
    (folder / "parts" / "pets.yaml").write_text(
        "Dog: {type: object}\nBack: {$ref: ../root.yaml#/list/0}\n"
        "Named: {$ref: ../root.yaml#/components/schemas/Onward}\n"
    )
    (folder / "parts" / "broken.yaml").write_text("a: [")
    (tmp_path / "secret.yaml").write_text("a: 1\n")
    return folder


def sources_of(folder: Path) -> tuple[Sources, Report]:
    report = Report()
    root = load(folder / "root.yaml", report)
    assert root is not None
    return Sources(root, report), report


def at(sources: Sources) -> Place:
    return Place(sources.root, "/components/schemas/Cat/$ref")


@pytest.mark.parametrize(
    ("reference", "file", "pointer"),
    [
        ("#/components/schemas/Pet", "root.yaml", "/components/schemas/Pet"),
        ("#", "root.yaml", ""),
        ("root.yaml#/list/0", "root.yaml", "/list/0"),
        ("./root.yaml", "root.yaml", ""),
        ("#/components/schemas/Pet/properties/a~1b", "root.yaml", "/components/schemas/Pet/properties/a~1b"),
        ("#/components/schemas/Pet/properties/c~0d", "root.yaml", "/components/schemas/Pet/properties/c~0d"),
        (
            "#/components/schemas/Pet/properties/with%20space",
            "root.yaml",
            "/components/schemas/Pet/properties/with space",
        ),
        ("#named", "root.yaml", "/components/schemas/Named"),
        ("parts/pets.yaml#/Dog", "pets.yaml", "/Dog"),
        ("parts/../parts/pets%2Eyaml#/Dog", "pets.yaml", "/Dog"),
    ],
)
def test_what_resolves(folder: Path, reference: str, file: str, pointer: str) -> None:
    sources, report = sources_of(folder)
    found = sources.resolve(at(sources), reference)
    assert found is not None and not report.failed
    assert (found.path.rpartition("/")[2], found.pointer) == (file, pointer)
    assert sources.known(at(sources), reference) == found


def test_references_of_another_file_are_relative_to_it(folder: Path) -> None:
    sources, report = sources_of(folder)
    dog = sources.resolve(at(sources), "parts/pets.yaml#/Back")
    assert dog is not None
    back = sources.resolve(dog.child("$ref"), dog.value["$ref"])
    assert back == Place(sources.root, "/list/0") and not report.failed
    assert [source.path.rpartition("/")[2] for source in sources.all] == ["root.yaml", "pets.yaml"]


@pytest.mark.parametrize(
    ("reference", "code", "help"),
    [
        ("#/components/schemas/Pett", "SP205", 'did you mean "#/components/schemas/Pet"?'),
        ("#/component/schemas/Pet", "SP205", 'did you mean "#/components/schemas/Pet"?'),
        ("#/definitions/Pet", "SP205", 'did you mean "#/components/schemas/Pet"?'),
        ("#/list/1", "SP205", "Correct the reference, or define its target."),
        ("#/list/00", "SP205", "Correct the reference, or define its target."),
        ("#/components/schemas/Cat/nope", "SP205", None),
        ("#/components/schemas/Round/nope", "SP205", None),
        ("parts/pets.yaml#/Dogg", "SP205", 'did you mean "parts/pets.yaml#/Dog"?'),
        ("parts/pet.yaml#/Dog", "SP205", 'did you mean the file "pets.yaml"?'),
        ("parts#/Dog", "SP205", "Correct the reference, or define its target."),
        ("#namde", "SP205", 'did you mean "#named"?'),
        ("#components/schemas/Pet", "SP208", 'write it as "#/components/schemas/Pet"'),
        ("#/a%zz", "SP208", None),
        ("#/a%ff", "SP208", None),
        ("#/a~2b", "SP208", None),
        ("x?y#/a", "SP208", None),
        ("a%00b.yaml", "SP208", None),
        ("https://example.com/a.yaml#/A", "SP207", None),
        ("//example.com/a.yaml", "SP207", None),
        ("/etc/passwd", "SP207", None),
        ("file:///etc/passwd", "SP207", None),
        ("C:\\a.yaml", "SP207", None),
        ("../secret.yaml#/a", "SP207", None),
        ("parts/../../secret.yaml#/a", "SP207", None),
        ("%2E%2E/secret.yaml#/a", "SP207", None),
        ("parts/broken.yaml#/a", "SP103", None),
    ],
)
def test_what_does_not_resolve(folder: Path, reference: str, code: str, help: str | None) -> None:
    sources, report = sources_of(folder)
    assert sources.resolve(at(sources), reference) is None
    assert sources.resolve(at(sources), reference) is None
    (finding,) = report.diagnostics
    assert finding.rule.code == code
    assert help is None or finding.remedy == help
    assert code == "SP103" or finding.place == at(sources)


@pytest.mark.parametrize(
    ("reference", "pointer"),
    [
        ("#/components/schemas/Cat/properties/c~0d", "/components/schemas/Pet/properties/c~0d"),
        ("#/components/schemas/Onward/title", "/components/schemas/Named/title"),
        ("#/components/schemas/Further/properties/x/title", "/components/schemas/Named/title"),
    ],
)
def test_what_passes_through_other_references(folder: Path, reference: str, pointer: str) -> None:
    sources, report = sources_of(folder)
    found = sources.resolve(at(sources), reference)
    assert found == Place(sources.root, pointer)
    (finding,) = report.diagnostics
    assert finding.rule.code == "SP242" and finding.remedy == f'refer to "#{pointer}"'
    assert finding.place == at(sources)


def test_a_reference_that_passes_through_itself(folder: Path) -> None:
    sources, report = sources_of(folder)
    itself = Place(sources.root, "/components/schemas/Itself/$ref")
    assert sources.resolve(itself, itself.value) is None
    assert {one.rule.code for one in report.diagnostics} == {"SP205"}


def test_a_symbolic_link_is_no_way_out(folder: Path) -> None:
    (folder / "link.yaml").symlink_to(folder.parent / "secret.yaml")
    sources, report = sources_of(folder)
    assert sources.resolve(at(sources), "link.yaml#/a") is None
    assert [one.rule.code for one in report.diagnostics] == ["SP207"]


def test_further_roots_can_be_allowed(folder: Path) -> None:
    report = Report()
    root = load(folder / "root.yaml", report)
    assert root is not None
    found = Sources(root, report, roots=[folder.parent]).resolve(Place(root), "../secret.yaml#/a")
    assert found is not None and found.value == 1


def test_files_of_one_name_in_two_folders_are_two_files(folder: Path) -> None:
    for name, kind in (("parts", "first"), ("more", "second")):
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "common.yaml").write_text(f"Name: {{title: {kind}}}\n")
    (folder / "more" / "names.yaml").write_text("Name: {$ref: 'common.yaml#/Name'}\n")
    sources, report = sources_of(folder)
    assert sources.resolve(at(sources), "parts/common.yaml#/Name") is not None
    names = sources.resolve(at(sources), "more/names.yaml#/Name")
    assert names is not None
    found = sources.resolve(names.child("$ref"), names.value["$ref"])
    assert found is not None and not report.failed
    assert found.value == {"title": "second"}


@pytest.mark.parametrize("keyword", [r"$anchor", r"\u0024anchor", r"$\u0061nchor", r"$anch\u006Fr"])
def test_names_are_found_however_they_are_escaped(folder: Path, keyword: str) -> None:
    (folder / "named.json").write_text(f'{{"a": {{"{keyword}": "here"}}}}')
    sources, _ = sources_of(folder)
    found = sources.resolve(at(sources), "named.json#here")
    assert found is not None and found.pointer == "/a"
