"""`x-sadpath-ignore` in documents and catalogs: which findings their authors have looked at and let be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from sadpath.diagnostics import Diagnostic, Report
from sadpath.diagnostics.policy import can_be_eased
from sadpath.diagnostics.registry import easing_problem
from sadpath.diagnostics.rules_selection import INLINE_IGNORE, UNUSED_IGNORE
from sadpath.runtime.frozen import dataclass
from sadpath.source.place import Place
from sadpath.source.text import Source
from sadpath.source.tree import is_list, is_mapping, walk

KEY: Final = "x-sadpath-ignore"


@dataclass(frozen=True, slots=True)
class Note:
    """One code of a note, with its place; it holds for the object that the note stands in and all that is below."""

    code: str
    scope: str
    place: Place


class InlineNotes:
    """The notes of some documents, and which of them hid something."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._notes = [note for source in sources for note in _notes(source)]
        self._used: set[Note] = set()

    def hides(self, diagnostic: Diagnostic) -> bool:
        """Whether a note hides the finding; no note hides what is an error by its rule."""
        place = diagnostic.place
        if place is None or place.pointer is None or not self._notes or not can_be_eased(diagnostic.rule):
            return False
        hiding = [note for note in self._notes if _covers(note, diagnostic.rule.code, place.path, place.pointer)]
        self._used.update(hiding)
        return bool(hiding)

    def check(self, report: Report, *, is_complete: bool) -> None:
        """Report codes that mean nothing, and, where every rule `is_complete`ly looked, those that hid nothing."""
        for note in self._notes:
            problem = easing_problem(note.code)
            if problem is not None:
                message, meant = problem
                report.add(INLINE_IGNORE, message, note.place, help=meant)
            elif is_complete and note not in self._used:
                report.add(UNUSED_IGNORE, f"there is no finding of {note.code} here", note.place)


def _covers(note: Note, code: str, path: str, pointer: str) -> bool:
    if note.code != code or note.place.path != path:
        return False
    return pointer == note.scope or pointer.startswith(f"{note.scope}/")


def _notes(source: Source) -> Iterator[Note]:
    if source.origins is None and not source.mentions(KEY):
        return
    if is_mapping(source.tree) and "overlay" in source.tree:
        # What an overlay puts in counts where it is put, in the document.
        return
    for pointer, value in walk(source.tree):
        if not is_mapping(value) or KEY not in value or pointer.endswith("/properties"):
            continue
        place = Place(source, pointer).child(KEY)
        codes = value[KEY]
        if isinstance(codes, str):
            yield Note(codes, pointer, place)
        elif is_list(codes):
            yield from (Note(str(code), pointer, place.child(index)) for index, code in enumerate(codes))
