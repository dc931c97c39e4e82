"""Files that can't be read: each has a finding, none a traceback."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest

from sadpath.diagnostics import Report
from sadpath.source import loader
from sadpath.source.loader import display_path, load, parse_bytes


def finding(path: Path) -> tuple[str, str]:
    report = Report()
    assert load(path, report) is None
    (one,) = report.diagnostics
    return one.rule.code, one.message


def test_a_missing_file(tmp_path: Path) -> None:
    code, message = finding(tmp_path / "none.yaml")
    assert code == "SP001" and message.endswith("none.yaml does not exist")


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert finding(tmp_path / "file" / "a.yaml")[0] == "SP001"


def test_a_directory(tmp_path: Path) -> None:
    code, message = finding(tmp_path)
    assert code == "SP002" and message.endswith("is a directory, not a file")


def test_a_device() -> None:
    assert finding(Path("/dev/zero")) == ("SP002", "/dev/zero is not a regular file")


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(loader.LARGEST_FILE + 1)
    code, message = finding(path)
    assert code == "SP002" and message.endswith("is larger than 256 MB")


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 1")

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    code, message = finding(path)
    assert code == "SP002" and message.endswith("can't be read: permission denied")


def test_a_path_with_a_nul_or_control_characters(tmp_path: Path) -> None:
    assert finding(Path("a\0b.yaml"))[0] == "SP002"
    code, message = finding(tmp_path / "a\x1b[31m.yaml")
    assert code == "SP001" and "\\u{1B}[31m.yaml" in message


def test_paths_are_shown_relative_to_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    assert display_path(inner / "a" / "b.yaml") == "a/b.yaml"
    assert display_path(Path("a.yaml")) == "a.yaml"
    assert display_path(Path("..") / "b.yaml") == (tmp_path / "b.yaml").as_posix()
    assert display_path(inner / "..b" / "c") == "..b/c"
    assert os.pardir not in display_path(tmp_path)


@pytest.mark.parametrize("name", ["d.json", "d.yaml", "d.toml"])
def test_a_second_byte_order_mark_is_none_of_the_text(name: str) -> None:
    report = Report()
    text = "a = 1" if name.endswith("toml") else '{"a": 1}'
    source = parse_bytes(name, codecs.BOM_UTF8 * 2 + text.encode(), report)
    assert source is not None and source.text == text and source.tree == {"a": 1} and not list(report)
