"""MonetaryAmount."""

from __future__ import annotations

from typing import Annotated

from sadpath.runtime.model import Check, Model
from sadpath.runtime.scalars import DecimalString


class MonetaryAmount(Model):
    """An amount of money."""

    value: DecimalString
    currency: Annotated[str, Check(min_length=3, max_length=3)]
