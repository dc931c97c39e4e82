"""Confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from sadpath.runtime.unions import UnknownVariant, tagged_union

if TYPE_CHECKING:
    from .confirmation_qr import ConfirmationQr
    from .confirmation_redirect import ConfirmationRedirect

    Confirmation: TypeAlias = ConfirmationRedirect | ConfirmationQr | UnknownVariant
else:
    Confirmation = tagged_union(
        __package__,
        "type",
        {"redirect": (".confirmation_redirect", "ConfirmationRedirect"), "qr": (".confirmation_qr", "ConfirmationQr")},
    )
