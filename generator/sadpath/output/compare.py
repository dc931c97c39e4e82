"""What the disk has against what would be written: for `--check` and `--diff`, which change nothing."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sadpath.diagnostics import Report, visible
from sadpath.diagnostics.rules_output import OUTPUT_UNWRITABLE
from sadpath.output.existing import read_existing
from sadpath.output.manifest import plan, read_manifest, render_entries
from sadpath.output.stage import abandoned_entries
from sadpath.output.tree import MANIFEST_NAME, OwnedTree, merge
from sadpath.runtime.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Comparison:
    """Paths inside the output directory, sorted: with other content, not there, and there although nobody owns them."""

    changed: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]

    @property
    def up_to_date(self) -> bool:
        return not (self.changed or self.missing or self.extra)


@dataclass(frozen=True, slots=True)
class _Sides:
    """The bytes on the disk and those that should be there; None stands for no file."""

    pairs: Mapping[str, tuple[bytes | None, bytes | None]]


def compare(
    root: Path, trees: Sequence[OwnedTree], report: Report, *, owners_complete: bool = True
) -> Comparison | None:
    """The difference between `root` and `trees`; None, with findings, where it can't be told.

    `owners_complete` says that `trees` are all there is, so that files of other owners are extra.
    """
    sides = _sides(root, trees, report, owners_complete)
    if sides is None:
        return None
    pairs = sorted(sides.pairs.items())
    return Comparison(
        changed=tuple(path for path, (old, new) in pairs if old is not None and new is not None and old != new),
        missing=tuple(path for path, (old, _) in pairs if old is None),
        extra=tuple(path for path, (_, new) in pairs if new is None),
    )


def diff(root: Path, trees: Sequence[OwnedTree], report: Report, *, owners_complete: bool = True) -> str | None:
    """The same difference as a unified diff, from the disk to what would be written."""
    sides = _sides(root, trees, report, owners_complete)
    if sides is None:
        return None
    return "".join(line for path, (old, new) in sorted(sides.pairs.items()) for line in _unified(path, old, new))


def _sides(root: Path, trees: Sequence[OwnedTree], report: Report, owners_complete: bool) -> _Sides | None:
    files = merge(trees, report)
    manifest = read_manifest(root, report)
    if files is None or manifest is None:
        return None
    ours = {**manifest, **abandoned_entries(root)}
    planned = plan(ours, files, {tree.owner for tree in trees}, owners_complete=owners_complete)
    wanted: dict[str, bytes] = {path: file.content for path, file in files.items()}
    wanted[MANIFEST_NAME] = render_entries(planned.entries).encode()
    try:
        existing = read_existing(root, [*wanted, *planned.stale])
    except OSError as error:
        report.add(OUTPUT_UNWRITABLE, f"the output directory can't be read: {error.strerror or error}")
        return None
    return _Sides(
        {
            path: (existing.get(path), wanted.get(path))
            for path in (*wanted, *planned.stale)
            if path in existing or path in wanted
        }
    )


def _unified(path: str, old: bytes | None, new: bytes | None) -> Iterator[str]:
    before, after = ([] if side is None else _lines(side) for side in (old, new))
    shown = visible(path)
    origin = "/dev/null" if old is None else f"a/{shown}"
    target = "/dev/null" if new is None else f"b/{shown}"
    for line in difflib.unified_diff(before, after, origin, target):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(content: bytes) -> list[str]:
    """Lines that end at LF only: other separators are part of a line."""
    pieces = content.decode("utf-8", "replace").split("\n")
    lines = [f"{piece}\n" for piece in pieces[:-1]]
    return [*lines, pieces[-1]] if pieces[-1] else lines
