"""Renders the few pages of a site that are no Markdown: every expression is escaped."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sadpath.render.templates import templates_folder


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(templates_folder() / "site", encoding="utf-8"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=True,
    )


def render_html(template: str, **values: object) -> str:
    """A page of `templates/site`."""
    return _environment().get_template(f"{template}.jinja").render(**values)


def theme_files() -> dict[str, bytes]:
    """What is laid over the theme of the site builder: templates of its own language, and a stylesheet, by path."""
    folder = templates_folder() / "site" / "theme"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
