"""sadpath: typed Python clients, exceptions, server stubs and reference pages from an OpenAPI document and an error catalog."""

from __future__ import annotations

from typing import Final

__version__: Final = "0.1.0"
