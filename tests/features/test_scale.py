"""Size: 1,500 schemas that refer to each other, schemas inside schemas 200 deep; only what is touched is imported."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any
from unittest import mock

from sadpath.config.options import settings_from_options
from sadpath.diagnostics import Report
from sadpath.output import write
from sadpath.pipeline import build

MODELS = 1500
DEPTH = 200


def connected() -> dict[str, Any]:
    """Schemas of which each refers to the next and to four others, in one great circle."""
    chance = random.Random(1)

    def anyone() -> dict[str, str]:
        return {"$ref": f"#/components/schemas/S{chance.randrange(MODELS)}"}

    schemas: dict[str, Any] = {}
    for number in range(MODELS):
        members: dict[str, Any] = {f"m{place}": anyone() for place in range(3)}
        members["next"] = {"$ref": f"#/components/schemas/S{(number + 1) % MODELS}"}
        members |= {"many": {"type": "array", "items": anyone()}, "id": {"type": "string"}}
        schemas[f"S{number}"] = {"type": "object", "properties": members}
    return schemas


def deep() -> dict[str, Any]:
    """Objects, arrays, `allOf` and `oneOf`, each inside itself."""
    objects: Any = {"type": "object", "properties": {"leaf": {"type": "integer"}}}
    arrays: Any = {"type": "integer"}
    parts: Any = {"type": "object", "properties": {"x": {"type": "string"}}}
    choices: Any = {"type": "string"}
    for number in range(DEPTH):
        objects = {"type": "object", "properties": {"inner": objects, "n": {"type": "integer"}}}
        arrays = {"type": "array", "items": arrays}
        parts = {"allOf": [parts, {"type": "object", "properties": {f"p{number}": {"type": "string"}}}]}
        choices = {"oneOf": [choices, {"type": "integer"}]}
    chain: Any = {
        f"A{number}": {"type": "array", "items": {"$ref": f"#/components/schemas/A{number + 1}"}}
        for number in range(300)
    }
    return {
        "Objects": objects,
        "Arrays": arrays,
        "Parts": parts,
        "Choices": choices,
        **chain,
        "A300": {"type": "string"},
    }


def generated(folder: Path, schemas: dict[str, Any]) -> None:
    """The package `big`, below the folder; not formatted, which takes most of the time and changes nothing here."""
    head = {"openapi": "3.1.0", "info": {"title": "Big", "version": "1"}, "paths": {}}
    (folder / "openapi.json").write_text(json.dumps({**head, "components": {"schemas": schemas}}), encoding="utf-8")
    report = Report()
    settings = settings_from_options(folder / "openapi.json", None, "big", folder, ("client",), report)
    assert settings is not None
    with mock.patch("sadpath.render.python.format_python", str):
        trees = build(settings.apis[0], report)
    assert trees is not None, report.diagnostics
    assert write(folder, trees, report, owners_complete=True) is not None


def run(folder: Path, *arguments: str, path: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": str(path), "PATH": ""}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_1500_connected_models(tmp_path: Path) -> None:
    generated(tmp_path, connected())
    assert len(list((tmp_path / "big" / "models").glob("s*.py"))) == MODELS
    program = """
        import sys
        from big.models import S0, S7
        read = S0.from_wire({"id": "0", "next": {"id": "1", "next": {"id": "2", "many": [{"id": "3"}]}}})
        assert read.next.next.many[0].id == "3" and read.violations == ()
        assert S0(next=read.next).to_wire() == {"next": {"id": "1", "next": {"id": "2", "many": [{"id": "3"}]}}}
        imported = [name for name in sys.modules if name.startswith("big.models.")]
        assert len(imported) < 12, imported
    """
    found = run(tmp_path, "-c", textwrap.dedent(program), path=tmp_path)
    assert found.returncode == 0, found.stderr[-2000:]
    assert max(path.stat().st_size for path in (tmp_path / "big").rglob("*.py")) < 250_000


def test_schemas_inside_schemas(tmp_path: Path) -> None:
    generated(tmp_path, deep())
    program = f"""
        from big._runtime.conversion import decode, encode
        from big.models import A0, Arrays, Choices, Objects, Parts
        value, array, chain = {{"leaf": 5}}, 5, "x"
        for number in range({DEPTH}):
            value, array = {{"inner": value, "n": number}}, [array]
        for _ in range(40):
            chain = [chain]
        read = Objects.from_wire(value)
        assert read.violations == () and read.to_wire() == value
        assert encode(Arrays, decode(Arrays, array)) == array
        assert decode(Choices, "x") == "x" and decode(Choices, 4) == 4
        assert len(Parts.model_fields) == {DEPTH} + 1
        assert decode(A0, []) == []
    """
    found = run(tmp_path, "-c", textwrap.dedent(program), path=tmp_path)
    assert found.returncode == 0, found.stderr[-2000:]
