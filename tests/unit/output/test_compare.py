"""Comparing: what `--check` names and `--diff` shows."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sadpath.diagnostics import Report
from sadpath.output import Comparison, OwnedTree, compare, diff, write
from sadpath.output.tree import MANIFEST_NAME


def test_changed_missing_and_extra(tmp_path: Path) -> None:
    report = Report()
    write(tmp_path, [OwnedTree("a", {"same": "1\n", "edited": "1\n2\n3\n", "gone": "1\n", "old": "1\n"})], report)
    (tmp_path / "edited").write_text("1\nx\n3\n")
    (tmp_path / "gone").unlink()
    (tmp_path / "foreign").write_text("mine")
    trees = [OwnedTree("a", {"same": "1\n", "edited": "1\n2\n3\n", "gone": "1\n", "new": "1\n"})]
    assert compare(tmp_path, trees, report) == Comparison(
        changed=(MANIFEST_NAME, "edited"), missing=("gone", "new"), extra=("old",)
    )
    text = diff(tmp_path, trees, report)
    assert text is not None and not report.failed
    assert "--- a/edited\n+++ b/edited\n@@ -1,3 +1,3 @@\n 1\n-x\n+2\n 3\n" in text
    assert "--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+1\n" in text
    assert "--- a/old\n+++ /dev/null\n@@ -1 +0,0 @@\n-1\n" in text


def test_up_to_date(tmp_path: Path) -> None:
    report = Report()
    trees = [OwnedTree("a", {"x": "1"}), OwnedTree("b", {"x": "1", "y/z": "é"})]
    write(tmp_path, trees, report)
    found = compare(tmp_path, trees, report)
    assert found is not None and found.up_to_date
    assert diff(tmp_path, trees, report) == ""


def test_an_owner_alone_is_compared_alone(tmp_path: Path) -> None:
    report = Report()
    one, two = OwnedTree("one", {"x": "1"}), OwnedTree("two", {"y": "1"})
    write(tmp_path, [one, two], report)
    partly = compare(tmp_path, [one], report, owners_complete=False)
    assert partly is not None and partly.up_to_date
    whole = compare(tmp_path, [one], report)
    assert whole is not None and whole.extra == ("y",)


def test_nothing_is_there_yet(tmp_path: Path) -> None:
    report = Report()
    root = tmp_path / "none"
    found = compare(root, [OwnedTree("a", {"x": "1"})], report)
    assert found == Comparison((), (MANIFEST_NAME, "x"), ()) and not root.exists()


def test_a_last_line_without_an_end_is_said(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"a\xff")
    text = diff(tmp_path, [OwnedTree("a", {"x": "b\u2028c"})], Report())
    assert text is not None
    assert "-a\ufffd\n\\ No newline at end of file\n+b\u2028c\n\\ No newline at end of file\n" in text


def test_what_can_not_be_compared(tmp_path: Path) -> None:
    for trees in ([OwnedTree("a", {"../x": ""})], [OwnedTree("a", {"x": "1"}), OwnedTree("b", {"x": "2"})]):
        report = Report()
        assert compare(tmp_path, trees, report) is None and diff(tmp_path, trees, report) is None
        assert report.failed


names = st.text(alphabet="abc", min_size=1, max_size=2)
paths = st.lists(names, min_size=1, max_size=3).map("/".join)
trees = st.dictionaries(paths, st.text(alphabet="xy\n", max_size=4), max_size=6)


def is_possible(files: dict[str, str]) -> bool:
    return not any(other.startswith(f"{path}/") for path in files for other in files)


@given(trees.filter(is_possible), trees.filter(is_possible))
def test_what_was_written_is_up_to_date(first: dict[str, str], second: dict[str, str]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        root, report = Path(folder), Report()
        assert write(root, [OwnedTree("a", first)], report) is not None
        after = write(root, [OwnedTree("a", second)], report)
        possible = is_possible({**first, **second})
        assert after is not None or not possible
        if after is not None:
            found = compare(root, [OwnedTree("a", second)], report)
            assert found is not None and found.up_to_date
            kept = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
            assert kept == {*second, MANIFEST_NAME}
