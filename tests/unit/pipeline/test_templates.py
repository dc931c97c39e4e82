"""Several templates that fail: the one that is used first is named, whichever process made the files of which."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest

from sadpath.config.read import read_settings
from sadpath.diagnostics import Report, Severity
from sadpath.pipeline import build_all

DOCUMENT = """\
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /things:
    get: {operationId: getThing, responses: {"204": {description: Made}, "404": {description: None}}}
"""
CONFIGURATION = """\
output = "out"
templates = "mine"

[apis.till]
openapi = "openapi.yaml"
package = "till"
"""


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize(
    "templates",
    [("index", "models"), ("models", "error"), ("index", "error"), ("models", "resource", "error")],
)
def test_the_first_template_that_fails_is_named(tmp_path: Path, templates: tuple[str, ...], shared: bool) -> None:
    folder = tmp_path / "mine" / "docs"
    folder.mkdir(parents=True)
    for name in templates:
        (folder / f"{name}.md.jinja").write_text("{{ 1 / 0 }}", encoding="utf-8")
    (tmp_path / "openapi.yaml").write_text(DOCUMENT, encoding="utf-8")
    (tmp_path / "sadpath.toml").write_text(CONFIGURATION, encoding="utf-8")
    report = Report()
    settings = read_settings(tmp_path, report)
    assert settings is not None, report.diagnostics
    with mock.patch("sadpath.render.targets._MANY", -1):
        found = build_all(settings.apis, report, shared=shared)
    (error,) = [one for one in report.diagnostics if one.severity is Severity.ERROR]
    assert error.place is not None and error.place.path.endswith(f"docs/{templates[0]}.md.jinja")
    assert not found.complete and found.trees == ()
