"""Marks that change how text looks without being seen: documents that are written out have them escaped."""

from __future__ import annotations

import re
from typing import Final

INVISIBLE: Final = re.compile("[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""Among them are those that turn the direction of text."""
