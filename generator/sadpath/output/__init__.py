"""The tree on the disk: compared, diffed, or written; what is stale and ours is removed, what is foreign stays."""

from __future__ import annotations

from sadpath.output.compare import Comparison, compare, diff
from sadpath.output.tree import OwnedTree, Tree
from sadpath.output.write import Written, may_write, write

__all__ = ["Comparison", "OwnedTree", "Tree", "Written", "compare", "diff", "may_write", "write"]
