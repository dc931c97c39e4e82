"""What to generate and where: `[tool.sadpath]` in pyproject.toml, `sadpath.toml`, or options."""

from __future__ import annotations

from sadpath.config.settings import (
    ALLOWANCES,
    TARGETS,
    Allowance,
    ApiSettings,
    DocsSettings,
    Layout,
    LintSettings,
    Rename,
    Settings,
)

__all__ = [
    "ALLOWANCES",
    "TARGETS",
    "Allowance",
    "ApiSettings",
    "DocsSettings",
    "Layout",
    "LintSettings",
    "Rename",
    "Settings",
]
