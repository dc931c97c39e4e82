"""The rules for what is written (SP5xx)."""

from __future__ import annotations

from typing import Final

from sadpath.diagnostics.model import Rule, Severity

FOREIGN_FILE: Final = Rule(
    "SP501",
    "foreign-file",
    Severity.ERROR,
    "A file that sadpath did not write stands where it would write.",
    "It may be somebody's work; nothing was written.",
    "Move or delete the file, or choose another output directory.",
)
OUTPUT_CONFLICT: Final = Rule(
    "SP502",
    "output-conflict",
    Severity.ERROR,
    "Two APIs would write different content to the same file.",
    "The last one would win; nothing was written.",
    "Give each API a package of its own.",
)
OUTPUT_PATH: Final = Rule(
    "SP503",
    "output-path",
    Severity.ERROR,
    "A file to be written has a path that is not safe on every system.",
    "Files are written inside the output directory only, and must be distinct where letter case does not count.",
    "Rename what the path is derived from, or remove the symbolic link on its way.",
)
OUTPUT_UNWRITABLE: Final = Rule(
    "SP504",
    "output-unwritable",
    Severity.ERROR,
    "The output directory can't be written.",
    "Nothing can be generated there. Files that were in it are as they were before.",
    "Check that the directory is yours to write and that the disk has room.",
)
OUTPUT_BUSY: Final = Rule(
    "SP505",
    "output-busy",
    Severity.ERROR,
    "Another run of sadpath is writing to the output directory.",
    "Two runs at once would mix their files.",
    "Wait for it to end. If no other run exists, delete the folder `.sadpath-stage` in the output directory.",
)
MANIFEST: Final = Rule(
    "SP506",
    "manifest",
    Severity.ERROR,
    "The manifest of the output directory can't be understood.",
    "It says which files are ours to replace and to remove; guessing could delete somebody's work.",
    "Restore `.sadpath-manifest.json`, or delete it: files with our header are still recognised.",
)
MODIFIED_FILE_KEPT: Final = Rule(
    "SP507",
    "modified-file-kept",
    Severity.WARNING,
    "A file that is no longer generated was edited by hand, so it was kept.",
    "It may hold somebody's work.",
    "Delete it if it is not needed.",
)
OUTPUT_OUTDATED: Final = Rule(
    "SP508",
    "output-outdated",
    Severity.ERROR,
    "What is on the disk is not what would be generated.",
    "Whoever uses it has another contract than the one that is written down.",
    "Run `sadpath generate` and commit what it writes.",
)
