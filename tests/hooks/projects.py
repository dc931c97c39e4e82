"""A small project in a git repository, with the hooks of a snapshot of sadpath."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

DOCUMENT = """\
openapi: 3.1.0
info: {title: Lending library, version: "1"}
paths:
  /loans:
    get:
      operationId: listLoans
      tags: [loans]
      responses:
        "200": {description: All loans.}
        "404": {description: No such reader.}
"""
SETTINGS = """\
output = "src"

[apis.library]
openapi = "openapi.yaml"
package = "library"
targets = ["client"]
"""


def spoken(command: list[str], folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command, whatever it ends with; stdout holds all that was said."""
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )


def clean_environment(**more: str) -> dict[str, str]:
    """The environment without what git, pre-commit or GitHub say of another repository, and without anybody's settings."""
    strangers = ("GIT_", "PRE_COMMIT", "GITHUB_", "RUNNER_", "SADPATH_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(strangers)}
    who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in
           (("NAME", "Somebody"), ("EMAIL", "somebody@example.org"))}  # fmt: skip
    return {**kept, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PYTHONUTF8": "1", **more}


def git(folder: Path, *arguments: str) -> str:
    """What a git command prints; it has to end well."""
    command = ["git", "-c", "init.defaultBranch=main", *arguments]
    return subprocess.run(
        command, cwd=folder, env=clean_environment(), check=True, capture_output=True, text=True, encoding="utf-8"
    ).stdout


@dataclass(frozen=True, slots=True)
class Project:
    """A repository whose commits run the hooks of `snapshot`."""

    folder: Path
    snapshot: Path
    environments: Path

    def begin(self) -> None:
        self.folder.mkdir()
        self.write("openapi.yaml", DOCUMENT)
        self.write("sadpath.toml", SETTINGS)
        git(self.folder, "init", "-q")

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def hook(self, *ids: str) -> None:
        """Have these hooks run at each commit."""
        revision = git(self.snapshot, "rev-parse", "HEAD").strip()
        hooks = "".join(f"      - id: {id}\n" for id in ids)
        self.write(
            ".pre-commit-config.yaml",
            f"repos:\n  - repo: {self.snapshot.as_posix()}\n    rev: {revision}\n    hooks:\n{hooks}",
        )
        done = self._run([sys.executable, "-m", "pre_commit", "install"])
        assert done.returncode == 0, done.stdout

    def commit(self) -> subprocess.CompletedProcess[str]:
        """Add everything and commit; stdout holds all that was said."""
        git(self.folder, "add", "-A")
        return self._run(["git", "commit", "-m", "Work"])

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        environment = clean_environment(PRE_COMMIT_HOME=str(self.environments), PRE_COMMIT_COLOR="never", NO_COLOR="1")
        return spoken(command, self.folder, environment)
