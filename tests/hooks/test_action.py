"""The GitHub Action: its metadata is what GitHub asks for, and its steps do what it says, run as a runner runs them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hooks.action_runner import Runner
from hooks.projects import DOCUMENT, SETTINGS

pytestmark = pytest.mark.xdist_group("hooks")


@pytest.fixture(name="installed", scope="module")
def _installed(snapshot: Path, tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A runner on which the first step of the action has installed the snapshot."""
    folder = tmp_path_factory.mktemp("runner")
    (folder / "temp").mkdir()
    runner = Runner(snapshot, folder, folder / "temp")
    done = runner.run(only=("install",))
    assert done.code == 0, done.said
    return runner


@pytest.fixture(name="runner")
def _runner(installed: Runner, tmp_path: Path) -> Runner:
    """With a workspace of its own, whose project is in a folder and generated."""
    folder = tmp_path / "workspace" / "contracts"
    folder.mkdir(parents=True)
    (folder / "openapi.yaml").write_text(DOCUMENT, encoding="utf-8")
    (folder / "sadpath.toml").write_text(SETTINGS, encoding="utf-8")
    runner = Runner(installed.action, tmp_path / "workspace", installed.temp, dict(installed.steps))
    done = runner.run(only=("run",), command="generate", working_directory="contracts")
    assert done.code == 0, done.said
    return runner


def test_the_metadata_is_what_the_schema_asks_for(checkout: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml"]
    done = subprocess.run(command, cwd=checkout, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_what_somebody_gives_reaches_no_script_but_by_the_environment(checkout: Path) -> None:
    steps = yaml.safe_load((checkout / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"]
    assert not [step["id"] for step in steps if "${{" in step["run"]]


def test_output_that_is_up_to_date_passes(runner: Runner) -> None:
    done = runner.run(only=("run",), working_directory="contracts")
    assert (done.code, done.outputs) == (0, {"exit-code": "0"}), done.said
    assert done.summary.startswith("### :white_check_mark: sadpath check\n\n    ")
    assert "up to date" in done.summary


def test_output_that_is_out_of_date_fails_and_is_named_in_the_summary(runner: Runner) -> None:
    changed = DOCUMENT.replace("listLoans", "findLoans")
    (runner.workspace / "contracts" / "openapi.yaml").write_text(changed, encoding="utf-8")
    done = runner.run(only=("run",), working_directory="contracts")
    assert (done.code, done.outputs) == (1, {"exit-code": "1"})
    assert done.summary.startswith("### :x: sadpath check\n\n    ")
    assert re.search(r"^    changed: src/python/library/", done.summary, re.M)


def test_a_finding_is_an_annotation_from_the_root_of_the_repository(runner: Runner) -> None:
    broken = DOCUMENT.replace("{description: No such reader.}", '{$ref: "#/components/responses/Gone"}')
    (runner.workspace / "contracts" / "openapi.yaml").write_text(broken, encoding="utf-8")
    done = runner.run(only=("run",), command="lint", working_directory="contracts")
    assert done.code == 1
    assert re.search(r"^::error file=contracts/openapi\.yaml,line=\d+,", done.said, re.M)
    assert re.search(r"^    contracts/openapi\.yaml:\d+:\d+: error: SP\d{3} ", done.summary, re.M)
    lines = [line for line in done.summary.splitlines()[1:] if line]
    assert lines and all(line.startswith("    ") for line in lines)


def test_arguments_are_words_and_nothing_that_is_run(runner: Runner) -> None:
    done = runner.run(only=("run",), working_directory="contracts", args="library --fail-on 'error'")
    assert done.code == 0, done.said
    done = runner.run(only=("run",), working_directory="contracts", args="'$(touch made)' `touch made`; touch made")
    assert done.code == 2
    assert not list(runner.workspace.rglob("made"))


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"command": "watch"}, "::error title=sadpath::the input command is one of check, lint, generate"),
        ({"args": "'"}, "::error title=sadpath::the input args can't be read"),
    ],
)
def test_inputs_that_mean_nothing_are_refused(runner: Runner, inputs: dict[str, str], said: str) -> None:
    done = runner.run(only=("run",), **inputs)
    assert (done.code, done.outputs) == (2, {"exit-code": "2"})
    assert said in done.said


def test_a_place_without_a_configuration_is_told(runner: Runner) -> None:
    shutil.rmtree(runner.workspace / "contracts" / "src")
    (runner.workspace / "contracts" / "sadpath.toml").unlink()
    done = runner.run(only=("run",), working_directory="contracts")
    assert done.code == 2 and "SP006" in done.said
