"""The usual command lines mean without the tree of commands what they mean through it."""

from __future__ import annotations

import sys

import pytest

from sadpath.cli import generate
from sadpath.cli.app import app
from sadpath.cli.console import ExitCode
from sadpath.cli.generate import Options
from sadpath.cli.result import Result
from sadpath.cli.run import run
from sadpath.cli.usual import usual_options

_SINGLE = ["--openapi", "a.yaml", "--package", "a.b", "--output", "out/../x"]


@pytest.fixture(name="through_the_tree")
def _through_the_tree(monkeypatch: pytest.MonkeyPatch) -> list[Options]:
    found: list[Options] = []

    def run_generate(options: Options) -> Result:
        found.append(options)
        return Result(ExitCode.FINE)

    monkeypatch.setattr(generate, "run_generate", run_generate)
    return found


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["one", "two"],
        ["--check"],
        ["one", "--no-cache", "--check"],
        _SINGLE,
        [*_SINGLE, "--errors", "errors.yaml", "--target", "client", "--target", "docs"],
        ["--target", "client", "one"],
        ["--openapi", "a b.yaml", "two"],
    ],
)
def test_they_mean_what_the_tree_of_commands_makes_of_them(
    arguments: list[str], through_the_tree: list[Options]
) -> None:
    usual = usual_options(["generate", *arguments])
    with pytest.raises(SystemExit):
        app(["generate", *arguments], prog_name="sadpath")
    assert through_the_tree == [usual]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["lint"],
        ["--version"],
        ["generate", "--help"],
        ["generate", "--diff"],
        ["generate", "--openapi=a.yaml"],
        ["generate", "--openapi"],
        ["generate", "--openapi", ""],
        ["generate", "--openapi", "--check"],
        ["generate", "--openapi", "a.yaml", "--openapi", "b.yaml"],
        ["generate", "--", "one"],
        ["generate", "-"],
        ["generate", ""],
        ["generate", "--unknown"],
    ],
)
def test_anything_else_is_left_to_the_tree_of_commands(arguments: list[str]) -> None:
    assert usual_options(arguments) is None


def test_completion_is_left_to_the_tree_of_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_SADPATH_COMPLETE", "bash_complete")
    assert usual_options(["generate"]) is None


def test_a_reader_that_went_away_ends_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(options: Options) -> Result:
        raise BrokenPipeError

    monkeypatch.setattr(generate, "run_generate", gone)
    monkeypatch.setattr(sys, "argv", ["sadpath", "generate"])
    assert run() == 1
