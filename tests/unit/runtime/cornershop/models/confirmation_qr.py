"""ConfirmationQr."""

from __future__ import annotations

from sadpath.runtime.model import Model


class ConfirmationQr(Model):
    """The payer scans a code."""

    type: str = "qr"
    data: str | None = None
