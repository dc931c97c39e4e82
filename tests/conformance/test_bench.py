"""The comparison of times: both sides take turns, a side that fails ends it, and the ratio is theirs over ours."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import yaml
from conformance.bench.comparing import Comparison, Side, compared, rows, written
from conformance.bench.synthetic import as_yaml, made_up
from conformance.corpus.measuring import Run, measured


def side(name: str, seconds: list[float], order: list[str], code: int = 0) -> Side:
    times = iter(seconds)

    def run() -> Run:
        order.append(name)
        return Run(code, next(times), 0.5, 40.0, "", "it broke")

    return Side(name, run)


def test_both_take_turns_and_the_median_counts() -> None:
    order: list[str] = []
    one = Comparison("a task", side("ours", [2.0, 9.0, 1.0], order), side("theirs", [8.0, 6.0, 5.0], order), 3, 3)
    report = compared([one])
    assert order == ["ours", "theirs"] * 3
    found = report["comparisons"][0]
    assert (found["seconds"], found["ratio"], found["rounds"]) == ([2.0, 6.0], 3.0, 3)
    assert "| a task | ours: 2 s (0.5 s of CPU), 40 MiB | theirs: 6 s (0.5 s of CPU), 40 MiB | 3 | 3 |" in rows(report)


def test_a_side_that_fails_ends_it() -> None:
    order: list[str] = []
    with pytest.raises(RuntimeError, match="theirs ended with 1: it broke"):
        Comparison("a task", side("ours", [1.0], order), side("theirs", [1.0], order, 1), 1, 1).measure()


def test_times_are_written_and_taken_of_real_processes(tmp_path: Path) -> None:
    ours = Side("nothing", lambda: measured([sys.executable, "-c", "pass"], 60))
    theirs = Side("a nap", lambda: measured([sys.executable, "-c", "import time; time.sleep(0.3)"], 60))
    report = compared([Comparison("sleeping", ours, theirs, 1, 1)])
    assert report["comparisons"][0]["seconds"][1] > 0.3
    written(report, tmp_path / "report.json")
    assert (tmp_path / "report.json").read_text(encoding="utf-8").endswith("}\n")


def test_a_document_is_the_same_as_yaml(tmp_path: Path) -> None:
    document = made_up(tmp_path / "large.json", 3)
    text = as_yaml(tmp_path / "large.yaml", document).read_text(encoding="utf-8")
    assert yaml.safe_load(text) == json.loads(document.read_text(encoding="utf-8"))
