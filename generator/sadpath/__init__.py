"""sadpath: typed Python clients, exceptions, server stubs and reference pages from an OpenAPI document and an error catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sadpath.api import Generated as Generated
    from sadpath.api import generate as generate
    from sadpath.api import generate_configured as generate_configured
    from sadpath.render.targets import TargetApi as TargetApi

__all__ = ["Generated", "TargetApi", "__version__", "generate", "generate_configured"]

__version__: Final = "0.1.0"


def __getattr__(name: str) -> object:
    """The library is imported when it is used, so that the command line starts quickly."""
    if name in ("Generated", "generate", "generate_configured"):
        from sadpath import api

        return getattr(api, name)
    if name == "TargetApi":
        from sadpath.render import targets

        return targets.TargetApi
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
