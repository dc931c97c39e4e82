"""Overlays (OpenAPI Overlay 1.0) and renames: a document that is patched as it is read, so that a vendor's file stays as it came."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from sadpath.diagnostics import Report, quote, suggestion
from sadpath.diagnostics.rules_patch import (
    OVERLAY_MISMATCH,
    OVERLAY_TARGET,
    OVERLAY_VALUE,
    OVERLAY_WITHOUT_EFFECT,
)
from sadpath.openapi.overlay_paths import jsonpath_environment
from sadpath.runtime.frozen import dataclass
from sadpath.source.loader import load
from sadpath.source.origins import Origins
from sadpath.source.place import Place
from sadpath.source.pointer import join
from sadpath.source.text import Source
from sadpath.source.tree import is_list, is_mapping, kind, lookup

_VERSION: Final = re.compile(r"1\.[01]\.\d+")
_KEYS: Final = ("overlay", "info", "extends", "actions")
_ACTION_KEYS: Final = ("target", "description", "update", "remove")


@dataclass(frozen=True, slots=True)
class _Action:
    place: Place
    target: str
    update: tuple[Any] | None
    remove: bool


class Patch:
    """A document that is being patched: a tree of its own, and where its parts come from."""

    def __init__(self, source: Source, report: Report) -> None:
        self.source = source
        self.tree = _copy(source.tree)
        self.origins = Origins(source) if source.origins is None else source.origins.copy()
        self.report = report

    @property
    def patched(self) -> Source:
        """The document as it is now."""
        return Source(self.source.path, self.source.text, self.tree, self.source.syntax, self.origins)

    def put(self, pointer: str, holder: dict[str, Any], key: str, value: Any, place: Place) -> None:
        """Make `value`, which stands at `place`, the member of the object at `pointer`."""
        holder[key] = _copy(value)
        self.origins.note(join(pointer, key), (place.source, place.pointer))


def overlaid(source: Source, overlays: Sequence[Path], report: Report) -> Source:
    """The document with the overlays applied, in their order; what can't be applied is reported and left out."""
    patch = Patch(source, report)
    for path in overlays:
        overlay = load(path, report)
        if overlay is not None:
            for action in list(_actions(overlay, report)):
                _apply(action, patch)
    return patch.patched


def _actions(overlay: Source, report: Report) -> Iterator[_Action]:
    root = Place(overlay)
    tree = overlay.tree
    if not is_mapping(tree) or "overlay" not in tree:
        report.add(OVERLAY_VALUE, "this is no overlay: it has no member `overlay`", root)
        return
    if not isinstance(tree["overlay"], str) or not _VERSION.fullmatch(tree["overlay"]):
        message = f"{quote(tree['overlay'])} is not a version of the Overlay Specification that is understood; 1.0.0 is"
        report.add(OVERLAY_VALUE, message, root.child("overlay"))
        return
    _only(tree, _KEYS, root, report)
    info = tree.get("info")
    for key in ("title", "version"):
        if not is_mapping(info) or not isinstance(info.get(key), str):
            report.add(OVERLAY_VALUE, f"the overlay has no `info` with a text as `{key}`", root.child("info"))
    actions = tree.get("actions")
    if not is_list(actions) or not actions:
        report.add(OVERLAY_VALUE, "the overlay has no list of `actions`", root.child("actions"))
        return
    for index, action in enumerate(actions):
        found = _action(action, root.child("actions", index), report)
        if found is not None:
            yield found


def _action(tree: Any, place: Place, report: Report) -> _Action | None:
    if not is_mapping(tree):
        report.add(OVERLAY_VALUE, f"an action is an object, not {kind(tree)}", place)
        return None
    _only(tree, _ACTION_KEYS, place, report)
    target, remove = tree.get("target"), tree.get("remove", False)
    if not isinstance(target, str) or not target:
        report.add(OVERLAY_VALUE, "the action has no `target`, a JSONPath", place.child("target"))
        return None
    if not isinstance(remove, bool):
        report.add(OVERLAY_VALUE, f"`remove` is true or false, not {kind(remove)}", place.child("remove"))
        return None
    if not remove and "update" not in tree:
        report.add(OVERLAY_VALUE, "the action has neither `update` nor `remove: true`", place)
        return None
    return _Action(place, target, (tree["update"],) if "update" in tree else None, remove)


def _only(tree: dict[str, Any], known: Iterable[str], place: Place, report: Report) -> None:
    names = list(known)
    for key in tree:
        if key not in names and not key.startswith("x-"):
            message = f"the key {quote(key)} is unknown in an overlay"
            report.add(OVERLAY_VALUE, message, place.child(key).key(), help=suggestion(key, names))


def _apply(action: _Action, patch: Patch) -> None:
    selected = _selected(action, patch)
    if selected is None:
        return
    if not selected:
        message = f"{quote(action.target)} selects nothing in {quote(patch.source.path)}"
        patch.report.add(OVERLAY_WITHOUT_EFFECT, message, action.place.child("target"))
    if action.remove:  # `remove` outweighs `update`; the last items first, so that the others stay where they are
        for tokens in sorted(selected, key=_order, reverse=True):
            _remove(action, tokens, patch)
        return
    for tokens in selected:
        # What an earlier turn of the same action has replaced is not there any more.
        if action.update is not None and _is_value(patch.tree, tokens):
            _update(tokens, action.update[0], action.place.child("update"), patch)


def _selected(action: _Action, patch: Patch) -> list[tuple[str | int, ...]] | None:
    """The paths of what the target selects; None, with a finding, where it is no JSONPath."""
    from jsonpath.exceptions import JSONPathError

    try:
        found = jsonpath_environment().finditer(action.target, patch.tree)
        parts = dict.fromkeys(tuple(match.parts) for match in found)
        # A slice finds characters of texts, too, which are no values of the document.
        return [tokens for tokens in parts if _is_value(patch.tree, tokens)]
    except (JSONPathError, RecursionError) as error:
        reason = str(error).partition("\n")[0] or "it nests too deep"
        message = f"{quote(action.target)} is no JSONPath: {reason}"
        patch.report.add(OVERLAY_TARGET, message, action.place.child("target"))
        return None


def _order(tokens: tuple[str | int, ...]) -> tuple[tuple[int, int, str], ...]:
    return tuple((0, token, "") if isinstance(token, int) else (1, 0, token) for token in tokens)


def _remove(action: _Action, tokens: tuple[str | int, ...], patch: Patch) -> None:
    if not tokens:
        patch.report.add(OVERLAY_MISMATCH, "the whole document can't be removed", action.place.child("target"))
        return
    holder = _at(patch.tree, tokens[:-1])
    pointer, last = join("", *tokens), tokens[-1]
    if is_mapping(holder) and isinstance(last, str) and last in holder:
        del holder[last]
        patch.origins.remove_member(pointer)
    elif is_list(holder) and isinstance(last, int) and last < len(holder):
        patch.origins.remove_item(pointer, len(holder))
        del holder[last]


def _update(tokens: tuple[str | int, ...], update: Any, place: Place, patch: Patch) -> None:
    pointer, target = join("", *tokens), _at(patch.tree, tokens)
    if is_mapping(target) or is_list(target):
        _merge(target, update, pointer, place, patch)
        return
    # A scalar is replaced, as Overlay 1.1 says; 1.0 has nothing on it.
    holder, last = _at(patch.tree, tokens[:-1]), tokens[-1]
    holder[last] = _copy(update)
    patch.origins.note(pointer, (place.source, place.pointer))


def _merge(target: Any, update: Any, pointer: str, place: Place, patch: Patch) -> None:
    """Objects member by member, lists by appending (a list: its items), anything else replaced."""
    pending: list[tuple[Any, Any, str, Place]] = [(target, update, pointer, place)]
    while pending:
        target, update, pointer, place = pending.pop()
        if is_list(target):
            _append(target, update, pointer, place, patch)
        elif not is_mapping(update):
            message = f"the target #{pointer} is an object, and the update is {kind(update)}"
            patch.report.add(OVERLAY_MISMATCH, message, place)
        else:
            pending += list(_merge_members(target, update, pointer, place, patch))


def _merge_members(
    target: dict[str, Any], update: dict[str, Any], pointer: str, place: Place, patch: Patch
) -> Iterator[tuple[Any, Any, str, Place]]:
    """Put in what is new or a scalar; yields what has to be merged itself."""
    for key, value in update.items():
        inner = target.get(key)
        if is_mapping(inner) or (is_list(inner) and is_list(value)):
            yield inner, value, join(pointer, key), place.child(key)
        else:
            patch.put(pointer, target, key, value, place.child(key))


def _append(target: list[Any], update: Any, pointer: str, place: Place, patch: Patch) -> None:
    items = [(item, place.child(index)) for index, item in enumerate(update)] if is_list(update) else [(update, place)]
    for item, origin in items:
        patch.origins.note(join(pointer, len(target)), (origin.source, origin.pointer))
        target.append(_copy(item))


def _is_value(tree: Any, tokens: Sequence[str | int]) -> bool:
    return lookup(tree, join("", *tokens)) is not None


def _at(tree: Any, tokens: Sequence[str | int]) -> Any:
    for token in tokens:
        tree = tree[token]
    return tree


def _copy(tree: Any) -> Any:
    """A copy of the collections of a tree; deep as documents may nest."""
    if is_mapping(tree):
        return {key: _copy(value) for key, value in tree.items()}
    return [_copy(value) for value in tree] if is_list(tree) else tree
