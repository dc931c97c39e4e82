"""Finds names in schemas that are nearly others: required members that no property describes, and misspelt keywords."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from sadpath.diagnostics import quote
from sadpath.diagnostics.rules_openapi import MISSPELT_NAME
from sadpath.openapi.node import Node

_ALIKE: Final = 0.8
"""How much of two names has to be the same for one of them to be the other, misspelt."""
_ELSEWHERE: Final = ("ref", "all_of", "any_of", "one_of", "pattern_properties")
"""What may describe a required member in another place."""


def check_required(node: Node, fields: dict[str, Any]) -> None:
    """Report names in `required` that are nearly those of properties which nothing requires."""
    described: dict[str, Any] = fields.get("properties", {})
    required: tuple[str, ...] = fields.get("required", ())
    missing = [name for name in required if name not in described]
    if not missing or any(fields.get(name) for name in _ELSEWHERE):
        return
    free = [name for name in described if name not in required]
    for name in missing:
        near = nearest(name, free)
        if near is not None:
            message = f"{quote(name)} is required, and no property has that name"
            place = node.place.child("required", node.value["required"].index(name))
            node.report.add(MISSPELT_NAME, message, place, help=f"did you mean {quote(near)}?")


def is_misspelt(node: Node, keyword: str, known: Iterable[str]) -> bool:
    """Whether an unknown keyword is nearly a known one; that is reported."""
    near = nearest(keyword, known)
    if near is not None:
        message = f"{quote(keyword)} is no keyword of JSON Schema, and has no effect"
        node.report.add(MISSPELT_NAME, message, node.place.child(keyword).key(), help=f"did you mean {quote(near)}?")
    return near is not None


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that differs from a word in few letters, or in their case alone."""
    return _nearest(word, tuple(candidates))


@lru_cache(maxsize=4096)
def _nearest(word: str, candidates: tuple[str, ...]) -> str | None:
    folded = {candidate.casefold(): candidate for candidate in candidates}
    near = difflib.get_close_matches(word[:200].casefold(), folded, n=1, cutoff=_ALIKE)
    return folded[near[0]] if near else None
