"""The workflow that `sadpath docs workflow` prints: valid, of least privilege, and the one that this repository uses."""

from __future__ import annotations

from pathlib import Path

import yaml

from .workspaces import sadpath


def test_the_workflow_builds_strictly_and_publishes_from_main_alone(tmp_path: Path) -> None:
    said = sadpath(tmp_path, "docs", "workflow")
    assert said.code == 0 and said.text == ""
    tree = yaml.safe_load(said.data)
    # YAML 1.1 reads the key `on` as a boolean.
    assert tree[True]["push"] == {"branches": ["main"]}
    assert tree["permissions"] == {"contents": "read"}
    build, deploy = tree["jobs"]["build"], tree["jobs"]["deploy"]
    steps = [step.get("run") for step in build["steps"]]
    assert 'pip install "sadpath[docs]"' in steps and "sadpath docs build --strict --output site" in steps
    assert build["steps"][-1]["with"] == {"path": "site"}
    assert deploy["needs"] == "build" and deploy["permissions"] == {"pages": "write", "id-token": "write"}
    assert deploy["if"] == "github.event_name != 'pull_request'"


def test_this_repository_uses_it(checkout: Path, tmp_path: Path) -> None:
    printed = sadpath(tmp_path, "docs", "workflow").data
    own = (checkout / ".github" / "workflows" / "pages.yml").read_text(encoding="utf-8")
    assert own == printed.replace('pip install "sadpath[docs]"', 'pip install -c constraints.txt ".[docs]"')
