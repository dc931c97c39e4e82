"""The workflow that users copy to publish a site by GitHub Pages."""

from __future__ import annotations

from sadpath.render.templates import templates_folder


def pages_workflow() -> str:
    """The text of `.github/workflows/pages.yml`."""
    return (templates_folder() / "site" / "pages.yml").read_text(encoding="utf-8")
