"""A small workspace: an API in two languages, one in a single language, one that sends webhooks, and guides."""

from __future__ import annotations

import contextlib
import io
import shutil
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from sadpath.cli.run import run

URL = "https://till.example/docs"
CONFIGURATION = f"""
[docs]
title = "The till"
description = "What a till can do, and what can go wrong."
guides = "guides"
url = "{URL}"
repository = "https://code.example/till"

[apis.till]
openapi = "specs/outcomes/openapi.yaml"
errors = "specs/outcomes/errors.yaml"
package = "shop.till"
runtime = "shop._runtime"

[apis.accounts]
openapi = "specs/problem-details/openapi.yaml"
package = "shop.accounts"
runtime = "shop._runtime"

[apis.webhooks]
openapi = "specs/webhooks/openapi.yaml"
package = "shop.webhooks"
runtime = "shop._runtime"
"""
GUIDES = {
    "20-repeating.md": "# Repeating\n\nSee [what is busy](../generated/docs/till/en/errors/busy.md), [first](10-first.md#opening),\n"
    "[the code](../specs/outcomes/errors.yaml) and\n[the comparison](../generated/docs/comparison.en.md).\n\n![A till](till.svg)\n",
    "10-first.md": "<!-- A note of the author's. -->\n# First steps\n\n## Opening\n\nOpen the till.\n",
    "10-first.ru.md": "# Первые шаги\n\n## Opening\n\nОткройте кассу.\n",
    "about.md": "---\ntitle: About us\norder: 1\n---\n\n# Who we are\n\nA shop.\n",
    "till.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>\n',
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a run said, and how it ended."""

    code: int
    text: str
    data: str


def make_workspace(folder: Path, checkout: Path) -> Path:
    """The workspace in an empty folder."""
    for name in ("outcomes", "problem-details", "webhooks"):
        shutil.copytree(checkout / "specs" / "features" / name, folder / "specs" / name)
    (folder / "sadpath.toml").write_text(CONFIGURATION, encoding="utf-8")
    (folder / "guides").mkdir()
    for name, text in GUIDES.items():
        (folder / "guides" / name).write_text(text, encoding="utf-8")
    return folder


def sadpath(folder: Path, *arguments: str) -> Said:
    """A run in a folder."""
    said, data = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stderr(said),
        contextlib.redirect_stdout(data),
        mock.patch("sys.argv", ["sadpath", *arguments]),
        mock.patch.dict("os.environ", {"NO_COLOR": "1"}),
    ):
        code = run()
    return Said(code, said.getvalue(), data.getvalue())
