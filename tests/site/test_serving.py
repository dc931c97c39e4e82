"""`sadpath docs serve`: the site on the loopback interface, built again when a guide changes, and as it was where that fails."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

pytestmark = pytest.mark.xdist_group("site")

CONFIGURATION = """
[docs]
guides = "guides"

[apis.accounts]
openapi = "api/openapi.yaml"
package = "accounts"
"""


@contextmanager
def _served(folder: Path, checkout: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    program = f"import sys; sys.path.insert(0, {str(checkout / 'generator')!r}); from sadpath.cli.run import run; sys.exit(run())"
    command = [sys.executable, "-u", "-c", program, "docs", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stderr is not None
        try:
            for line in process.stderr:
                found = re.match(r"(http://127\.0\.0\.1:\d+/)", line)
                if found:
                    yield found[1], process
                    break
        finally:
            process.terminate()


def _page(url: str) -> str:
    with urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def _said(process: subprocess.Popen[str], end: str) -> str:
    """What the process says up to a line that ends so."""
    assert process.stderr is not None
    text = ""
    for line in process.stderr:
        text += line
        if line.endswith(end):
            return text
    raise AssertionError(text)


def test_a_change_is_served_and_a_mistake_is_not(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "api").mkdir()
    (tmp_path / "guides").mkdir()
    document = checkout / "specs" / "features" / "problem-details" / "openapi.yaml"
    (tmp_path / "api" / "openapi.yaml").write_bytes(document.read_bytes())
    (tmp_path / "sadpath.toml").write_text(CONFIGURATION, encoding="utf-8")
    guide = tmp_path / "guides" / "one.md"
    guide.write_text("# One\n\nBefore.\n", encoding="utf-8")
    with _served(tmp_path, checkout) as (url, process):
        assert "Before." in _page(f"{url}en/guides/one.html")
        with pytest.raises(HTTPError, match="404"):
            _page(f"{url}en/guides/")
        guide.write_text("# One\n\nAfter.\n", encoding="utf-8")
        _said(process, "1 guide)\n")
        assert "After." in _page(f"{url}en/guides/one.html")
        guide.write_text("# One\n\n[Gone](gone.md).\n", encoding="utf-8")
        assert "error[SP704]" in _said(process, "1 error; the site is as it was\n")
        assert "After." in _page(f"{url}en/guides/one.html")
    assert not (tmp_path / "site").exists()
