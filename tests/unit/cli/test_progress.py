"""What a terminal shows while a run takes long, and that nobody else sees any of it."""

from __future__ import annotations

import io
import time

import pytest

from sadpath.cli import progress as module
from sadpath.cli.progress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_after_a_while_a_terminal_shows_what_is_built_and_then_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    with progress(3) as begin:
        begin("first")
        assert terminal.getvalue() == "", "a quick run says nothing"
        begin("second")
        until(lambda: "second" in terminal.getvalue())
        begin("third")
    shown = terminal.getvalue().split("\r\x1b[K")
    assert shown == ["", "building second (2 of 3)", "building third (3 of 3)", ""]


def test_a_quick_run_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with progress(1) as begin:
        begin("first")
    assert terminal.getvalue() == ""


@pytest.mark.parametrize(("stream", "term"), [(io.StringIO(), "xterm"), (Terminal(), "dumb")])
def test_what_is_no_terminal_sees_nothing(stream: io.StringIO, term: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    with progress(1) as begin:
        begin("first")
        time.sleep(0.05)
    assert stream.getvalue() == ""


def until(condition: object) -> None:
    """Wait for a condition, five seconds at most."""
    assert callable(condition)
    for _ in range(500):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come")
