"""What tells errors apart by itself, for pages: attributes that have one value, whatever the failure."""

from __future__ import annotations

from sadpath.ir.service import Failure
from sadpath.reference.markdown import Markdown, inline


def constants(failure: Failure) -> dict[str, Markdown]:
    """The attributes of an error that are constants: they say what kind of failure it is."""
    found = failure.entry.contract.attributes.items()
    return {name: inline(str(one.select.const[0])) for name, one in found if one.select.const is not None}


def caption(name: str) -> Markdown:
    """The name of an attribute, for the head of a column."""
    return inline(name.replace("_", " ").capitalize())
