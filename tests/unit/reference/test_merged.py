"""Failures that come with a success status, in the merged document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import sadpath

DOCUMENT = """\
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /a:
    get:
      operationId: getA
      x-sadpath-failures-at-success: STATED
      responses: &shared
        "200": {description: Fine., content: {application/json: {schema: {type: object}}}}
  /b:
    get: {operationId: getB, responses: *shared}
"""
CATALOG = """\
errorcatalog: "1"
info: {api: t, locales: [en]}
formats:
  default: {media_types: [application/json], code: {body: /code}}
errors:
  soft: {match: {status: 200, code: SOFT}, title: Soft}
"""


@pytest.mark.parametrize(("stated", "kept"), [("[hard]", ["hard"]), ("text", []), ("{a: 1}", []), ("null", [])])
def test_failures_at_success_are_listed_behind_those_that_are(tmp_path: Path, stated: str, kept: list[str]) -> None:
    (tmp_path / "openapi.yaml").write_text(DOCUMENT.replace("STATED", stated), encoding="utf-8")
    (tmp_path / "errors.yaml").write_text(CATALOG, encoding="utf-8")
    found = sadpath.generate(
        tmp_path / "openapi.yaml", errors=tmp_path / "errors.yaml", package="till", targets=["openapi"]
    )
    (text,) = found.tree.values()
    paths: dict[str, Any] = yaml.safe_load(text)["paths"]
    assert paths["/a"]["get"]["x-sadpath-failures-at-success"] == [*kept, "soft"]
    # What two operations share is not changed twice.
    for path in paths.values():
        schema = path["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert [one["type"] for one in schema["anyOf"]] == ["object", "object"]
