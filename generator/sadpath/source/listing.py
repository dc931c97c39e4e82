"""A digest of which files a folder holds, whatever is in them; it imports nothing of the program."""

from __future__ import annotations

import hashlib
import os


def listing_digest(folder: str) -> str | None:
    """The SHA-256 of the paths of all files below a folder; None where there is no such folder."""
    if not os.path.isdir(folder):
        return None
    found = [os.path.relpath(os.path.join(at, name), folder) for at, _, names in os.walk(folder) for name in names]
    return hashlib.sha256("\0".join(sorted(found)).encode("utf-8", "surrogateescape")).hexdigest()
