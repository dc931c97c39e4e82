"""Writing: all files are staged, then moved into place one by one, then stale ones removed, the manifest last."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import field
from functools import cached_property
from pathlib import Path

from sadpath.diagnostics import Report, quote, visible
from sadpath.diagnostics.rules_output import MODIFIED_FILE_KEPT, OUTPUT_UNWRITABLE
from sadpath.output.existing import NOT_A_DIRECTORY, check_existing, read_existing
from sadpath.output.manifest import Entries, Plan, plan, read_manifest, render_entries
from sadpath.output.stage import Stage, abandoned_entries
from sadpath.output.tree import MANIFEST_NAME, STAGE_NAME, OwnedFile, OwnedTree, digest, merge
from sadpath.runtime.frozen import dataclass
from sadpath.source.loader import display_path


@dataclass(frozen=True, slots=True)
class Written:
    """Paths inside the output directory, sorted. `kept` are stale files that somebody edited."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What an output directory is to hold; `abandoned` is what an interrupted run was about to write there."""

    root: Path
    files: dict[str, OwnedFile]
    owners: frozenset[str]
    owners_complete: bool
    abandoned: Entries

    @classmethod
    def of(cls, root: Path, trees: Sequence[OwnedTree], report: Report, *, owners_complete: bool) -> _Wanted | None:
        files = merge(trees, report)
        if files is None:
            return None
        return cls(root, files, frozenset(tree.owner for tree in trees), owners_complete, abandoned_entries(root))


@dataclass()
class _Run:
    """One run of writing; `undo` holds the former content of what was replaced, None where there was nothing."""

    root: Path
    files: dict[str, OwnedFile]
    planned: Plan
    existing: dict[str, bytes]
    undo: dict[str, bytes | None] = field(default_factory=dict[str, bytes | None])

    @cached_property
    def changed(self) -> list[str]:
        return [path for path, file in self.files.items() if self.existing.get(path) != file.content]

    @cached_property
    def manifest(self) -> bytes:
        return render_entries(self.planned.entries).encode()

    @property
    def is_done(self) -> bool:
        if self.changed or self.planned.stale or (self.root / STAGE_NAME).exists():
            return False
        return self.existing.get(MANIFEST_NAME) == self.manifest


def write(root: Path, trees: Sequence[OwnedTree], report: Report, *, owners_complete: bool = True) -> Written | None:
    """Make `root` hold `trees`; None, with findings, where it can't: then every file is as it was before.

    Stale files are removed only where the manifest says that they are ours, no other owner has them, and nobody edited
    them. With `owners_complete`, `trees` are all owners that there are, but for the site.
    """
    wanted = _Wanted.of(root, trees, report, owners_complete=owners_complete)
    if wanted is None:
        return None
    try:
        run = _prepare(wanted, report)
        if run is None or run.is_done:
            return None if run is None else Written(unchanged=tuple(wanted.files))
        return _write_locked(run, wanted, report)
    except OSError as error:
        name = f" {quote(error.filename)}" if error.filename else ""
        report.add(OUTPUT_UNWRITABLE, f"writing{name} failed: {error.strerror or error}")
    return None


def may_write(root: Path, trees: Sequence[OwnedTree], report: Report, *, owners_complete: bool = True) -> bool:
    """Whether `write` would begin; every reason why not is in `report`, and nothing is changed."""
    wanted = _Wanted.of(root, trees, report, owners_complete=owners_complete)
    try:
        return wanted is not None and _prepare(wanted, report) is not None
    except OSError:
        return True  # what is wrong is said when it is written


def _prepare(wanted: _Wanted, report: Report) -> _Run | None:
    """Read what is there and check that all of it may be replaced; nothing is changed yet."""
    root, files = wanted.root, wanted.files
    if os.path.lexists(root) and not root.is_dir():
        report.add(OUTPUT_UNWRITABLE, f"{visible(display_path(root))} is not a directory", help=NOT_A_DIRECTORY)
        return None
    manifest = read_manifest(root, report)
    if manifest is None:
        return None
    ours = {**manifest, **wanted.abandoned}
    planned = plan(ours, files, wanted.owners, owners_complete=wanted.owners_complete)
    existing = read_existing(root, [*files, *planned.stale, MANIFEST_NAME])
    return _Run(root, files, planned, existing) if check_existing(root, files, ours, existing, report) else None


def _write_locked(run: _Run, wanted: _Wanted, report: Report) -> Written | None:
    """Take the lock, look again at what is there now, and write."""
    run.root.mkdir(parents=True, exist_ok=True)
    stage = Stage.acquire(run.root, {**run.planned.stale, **run.planned.entries}, report)
    if stage is None:
        return None
    try:
        checked = _prepare(wanted, report)
        return None if checked is None else _move(checked, stage, report)
    finally:
        stage.release()


def _move(run: _Run, stage: Stage, report: Report) -> Written:
    changed = run.changed
    staged = {path: stage.put(run.files[path].content) for path in changed}
    staged_manifest = stage.put(run.manifest)
    try:
        for folder in dict.fromkeys(path.rpartition("/")[0] for path in changed):
            (run.root / folder).mkdir(parents=True, exist_ok=True)
        for path in changed:
            run.undo[path] = run.existing.get(path)
            os.replace(staged[path], os.path.join(run.root, path))
        removed, kept = _remove_stale(run, report)
        os.replace(staged_manifest, run.root / MANIFEST_NAME)
    except BaseException:
        _roll_back(run, stage)
        raise
    _remove_leftovers(run.root, removed)
    return Written(
        created=tuple(path for path in changed if path not in run.existing),
        updated=tuple(path for path in changed if path in run.existing),
        unchanged=tuple(path for path in run.files if run.existing.get(path) == run.files[path].content),
        removed=tuple(removed),
        kept=tuple(kept),
    )


def _remove_stale(run: _Run, report: Report) -> tuple[list[str], list[str]]:
    removed: list[str] = []
    kept: list[str] = []
    for path, entry in sorted(run.planned.stale.items()):
        content = run.existing.get(path)
        if content is None:
            continue
        if digest(content) != entry.sha256:
            kept.append(path)
            name = visible(display_path(run.root / path))
            report.add(MODIFIED_FILE_KEPT, f"{name} is no longer generated but was edited, so it was kept")
            continue
        run.undo[path] = content
        os.unlink(run.root / path)
        removed.append(path)
    return removed, kept


def _roll_back(run: _Run, stage: Stage) -> None:
    """Put back what was there, as far as the disk allows."""
    for path, content in run.undo.items():
        try:
            if content is None:
                (run.root / path).unlink(missing_ok=True)
            else:
                os.replace(stage.put(content), run.root / path)
        except OSError:
            continue
    _remove_empty_folders(run.root, list(run.files))


def _remove_leftovers(root: Path, removed: list[str]) -> None:
    """Remove what Python compiled from removed modules, then the folders that are empty now."""
    for path in removed:
        module = root / path
        if module.suffix == ".py":
            for compiled in module.parent.glob(f"__pycache__/{module.stem}.*.pyc"):
                compiled.unlink(missing_ok=True)
            _remove_empty_folders(root, [f"{path.rpartition('/')[0]}/__pycache__/{module.stem}"])
    _remove_empty_folders(root, removed)


def _remove_empty_folders(root: Path, paths: list[str]) -> None:
    """Remove the folders that the files at `paths` leave empty."""
    folders = {parent for path in paths for parent in (root / path).parents if root in parent.parents}
    for folder in sorted(folders, key=lambda one: len(one.parts), reverse=True):
        try:
            folder.rmdir()
        except OSError:
            continue
