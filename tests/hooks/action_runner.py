"""Runs the steps of a composite GitHub Action as a runner does, as far as such steps go: bash, expressions, files of the runner."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from hooks.projects import clean_environment, spoken

_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


@dataclass(slots=True)
class Run:
    """What a run of the action came to; `said` is its log."""

    code: int
    said: str
    summary: str
    outputs: dict[str, str]


@dataclass(slots=True)
class Runner:
    """A runner with one workspace. Outputs of steps are kept, so that what was installed can be used again."""

    action: Path
    workspace: Path
    temp: Path
    steps: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])

    def run(self, *, only: tuple[str, ...] = (), **inputs: str) -> Run:
        """Run the steps, or those with these ids; inputs are named with `_` for `-`. An unknown input fails."""
        metadata = yaml.safe_load((self.action / "action.yml").read_text(encoding="utf-8"))
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        assert given.keys() <= metadata["inputs"].keys()
        values = {name: given.get(name, one.get("default", "")) for name, one in metadata["inputs"].items()}
        summary, log, code = "", "", 0
        assert metadata["runs"]["using"] == "composite"
        for step in metadata["runs"]["steps"]:
            if only and step["id"] not in only:
                continue
            code, said, added = self._step(step, values)
            log, summary = log + said, summary + added
            if code:
                break
        outputs = {name: self._filled(one["value"], values) for name, one in metadata["outputs"].items()}
        return Run(code, log, summary, outputs)

    def _step(self, step: dict[str, Any], inputs: dict[str, str]) -> tuple[int, str, str]:
        files = {name: self.temp / f"{step['id']}-{name}" for name in ("output", "summary", "script")}
        for file in files.values():
            file.write_text("", encoding="utf-8")
        files["script"].write_text(self._filled(step["run"], inputs), encoding="utf-8")
        assert step["shell"] == "bash"
        environment = clean_environment(
            GITHUB_ACTIONS="true",
            GITHUB_ACTION_PATH=str(self.action),
            GITHUB_WORKSPACE=str(self.workspace),
            GITHUB_OUTPUT=str(files["output"]),
            GITHUB_STEP_SUMMARY=str(files["summary"]),
            RUNNER_TEMP=str(self.temp),
            PATH=f"{Path(sys.executable).parent}:{clean_environment()['PATH']}",
            **{name: self._filled(value, inputs) for name, value in step.get("env", {}).items()},
        )
        folder = self.workspace / self._filled(step.get("working-directory", "."), inputs)
        done = spoken(["bash", "--noprofile", "--norc", "-eo", "pipefail", str(files["script"])], folder, environment)
        lines = files["output"].read_text(encoding="utf-8").splitlines()
        self.steps[step["id"]] = dict(line.partition("=")[::2] for line in lines)
        return done.returncode, done.stdout, files["summary"].read_text(encoding="utf-8")

    def _filled(self, text: str, inputs: dict[str, str]) -> str:
        """A text with its expressions evaluated: inputs, and outputs of earlier steps; others are not known here."""

        def value(match: re.Match[str]) -> str:
            kind, *names = match[1].split(".")
            if kind == "inputs" and len(names) == 1:
                return inputs[names[0]]
            assert kind == "steps" and names[1] == "outputs", match[0]
            return self.steps.get(names[0], {}).get(names[2], "")

        return _EXPRESSION.sub(value, text)
