"""The usual command lines of `generate`, read without the tree of commands, whose making takes longer than many a run."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sadpath.cli.generate import Options

_SINGLE: Final = ("--openapi", "--errors", "--package", "--output")
_REPEATED: Final = "--target"
_CHECK: Final = "--check"
_NO_CACHE: Final = "--no-cache"


def usual_options(arguments: Sequence[str]) -> Options | None:
    """The options of `generate`, as the tree of commands would read them; None where that has to read them itself."""
    # There, `*` in an argument stands for files.
    if not arguments or arguments[0] != "generate" or os.name == "nt" or "_SADPATH_COMPLETE" in os.environ:
        return None
    found: dict[str, list[str]] = {}
    names: list[str] = []
    check = False
    rest = iter(arguments[1:])
    for one in rest:
        if one in _SINGLE or one == _REPEATED:
            value = next(rest, "")
            if not value or value.startswith("-") or (one in found and one != _REPEATED):
                return None
            found.setdefault(one, []).append(value)
        elif one in {_CHECK, _NO_CACHE}:
            check = check or one == _CHECK
        elif not one or one.startswith("-"):
            return None
        else:
            names.append(one)
    return _options(found, names, check=check)


def _options(found: dict[str, list[str]], names: list[str], *, check: bool) -> Options:
    from sadpath.cli.generate import Options
    from sadpath.cli.options import Scope

    openapi, errors, package, output = (found.get(name, [None])[0] for name in _SINGLE)
    scope = Scope(
        apis=tuple(names),
        openapi=_path(openapi),
        errors=_path(errors),
        package=package,
        output=_path(output),
        targets=tuple(found.get(_REPEATED, ())),
    )
    return Options(scope, check)


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)
