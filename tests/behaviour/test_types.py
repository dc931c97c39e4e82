"""Generated code, and code that uses it, under mypy and pyright in strict mode; and wrong use, which both must refuse."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

WRONG = """\
from typing import assert_never
from payments.yookassa import Client, Ok, errors, models

from payments.yookassa import Clinet
from payments.yookassa.models import Paymnt
client = Client()
client.payments.create()
client.payments.create(amount=1)
client.payments.create(amount=models.MonetaryAmount(value=1.5, currency=models.CurrencyCode.RUB))
client.payments.get(payment="1")
result = client.refunds.get.result(refund_id="1")
match result:
    case Ok():
        pass
    case errors.InvalidRequest():
        pass
    case _:
        assert_never(result)
"""
WRONG_LINES = {4, 5, 7, 8, 9, 10, 18}


def configured(checkout: Path, folder: Path, *included: Path) -> Path:
    """A pyright configuration in a folder of its own."""
    configuration = {
        "include": [os.path.relpath(path, folder) for path in included],
        "extraPaths": [str(checkout / "generated" / "python"), str(checkout / "tests")],
        "exclude": [],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
        "reportMissingModuleSource": False,
    }
    path = folder / "pyrightconfig.json"
    path.write_text(json.dumps(configuration), encoding="utf-8")
    return path


def pyright(configuration: Path) -> list[tuple[str, int, str]]:
    """What pyright finds: file, line, message."""
    command = [
        sys.executable,
        "-m",
        "pyright",
        "--outputjson",
        "--pythonpath",
        sys.executable,
        "-p",
        str(configuration),
    ]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    report = json.loads(found.stdout)
    assert report["summary"]["filesAnalyzed"] > 0
    return [
        (Path(one["file"]).name, one["range"]["start"]["line"] + 1, one["message"])
        for one in report["generalDiagnostics"]
        if one["severity"] in ("error", "warning")
    ]


def mypy(checkout: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--no-error-summary",
        "--config-file",
        "",
        "--cache-dir",
        str(folder),
        *arguments,
    ]
    roots = (checkout / "generated" / "python", checkout / "generated" / "features" / "python")
    environment = {"MYPYPATH": os.pathsep.join(map(str, roots)), "PATH": ""}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_pyright_finds_nothing_in_what_is_generated_and_in_its_use(checkout: Path, tmp_path: Path) -> None:
    included = (checkout / "generated" / "python" / "payments", checkout / "tests" / "behaviour" / "typed_use.py")
    assert pyright(configured(checkout, tmp_path, *included)) == []


def test_mypy_finds_nothing_in_what_is_generated_and_in_its_use(checkout: Path, tmp_path: Path) -> None:
    found = mypy(checkout, tmp_path, "-p", "payments")
    assert (found.returncode, found.stdout) == (0, ""), found.stderr
    found = mypy(checkout, tmp_path, str(checkout / "tests" / "behaviour" / "typed_use.py"))
    assert (found.returncode, found.stdout) == (0, ""), found.stderr


def test_both_find_nothing_in_what_is_generated_for_the_features(checkout: Path, tmp_path: Path) -> None:
    features = checkout / "generated" / "features" / "python" / "features"
    assert pyright(configured(checkout, tmp_path, features)) == []
    found = mypy(checkout, tmp_path, "-p", "features")
    assert (found.returncode, found.stdout) == (0, ""), found.stderr


def test_the_example_of_the_readme_passes_both(checkout: Path, tmp_path: Path) -> None:
    block = re.search(r"^```python\n(.*?)^```", (checkout / "README.md").read_text(encoding="utf-8"), re.M | re.S)
    assert block is not None
    (tmp_path / "pay.py").write_text(block[1], encoding="utf-8")
    assert pyright(configured(checkout, tmp_path, tmp_path / "pay.py")) == []
    found = mypy(checkout, tmp_path, "pay.py")
    assert (found.returncode, found.stdout) == (0, ""), found.stderr


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_wrong_use_is_refused(checker: str, checkout: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text(WRONG, encoding="utf-8")
    if checker == "mypy":
        lines = {
            int(line.split(":")[1])
            for line in mypy(checkout, tmp_path, "wrong.py").stdout.splitlines()
            if ": error:" in line
        }
    else:
        lines = {line for _, line, _ in pyright(configured(checkout, tmp_path, wrong))}
    assert lines == WRONG_LINES
