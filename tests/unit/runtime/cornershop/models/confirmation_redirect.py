"""ConfirmationRedirect."""

from __future__ import annotations

from sadpath.runtime.model import Model


class ConfirmationRedirect(Model):
    """The payer is sent to a page."""

    type: str = "redirect"
    return_url: str
