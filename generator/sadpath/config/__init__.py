"""What to generate and where: `[tool.sadpath]` in pyproject.toml, `sadpath.toml`, or options."""

from __future__ import annotations

from sadpath.config.settings import TARGETS, ApiSettings, Layout, Settings, Target

__all__ = ["TARGETS", "ApiSettings", "Layout", "Settings", "Target"]
