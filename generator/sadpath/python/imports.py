"""Imports as a by-product of naming a type: whoever uses a name asks for it here and is told how to spell it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sadpath.naming.scope import Code


class Imports:
    """The imports of one module: they give way to the names in `taken`, which the module defines or uses for itself.

    `shared` are further such names, of which many modules share one set.
    """

    def __init__(self, taken: Collection[str] = (), shared: frozenset[str] = frozenset()) -> None:
        self._taken = set(taken)
        self._shared = shared
        self._names: defaultdict[str, dict[str, str]] = defaultdict(dict)

    def use(self, module: str, name: str) -> Code:
        """Import `name` from `module`; its local spelling, with a leading underscore where the plain one is taken."""
        known = self._names[module].get(name)
        if known is None:
            known = f"_{name}" if self._is_taken(name) else name
            self._names[module][name] = known
        return Code(known)

    def publish(self, module: str, name: str) -> Code:
        """Import `name` from `module` under its own name, which nothing else in this module has."""
        self._names[module][name] = name
        return Code(name)

    def builtin(self, name: str) -> Code:
        """A builtin: imported under another name only where the module hides it."""
        return self.use("builtins", name) if self._is_taken(name) else Code(name)

    def _is_taken(self, name: str) -> bool:
        return name in self._taken or name in self._shared

    @property
    def lines(self) -> tuple[Code, ...]:
        """The import statements: the standard library, then other packages, then relative ones."""
        found: list[Code] = []
        previous: int | None = None
        for group, _, module in sorted(map(_rank, self._names)):
            if previous is not None and group != previous:
                found.append(Code(""))
            previous = group
            names = sorted(
                self._names[module].items(),
                key=lambda pair: (not pair[0].isupper(), not pair[0][0].isupper(), pair[0].lower()),
            )
            spelt = ", ".join(name if name == local else f"{name} as {local}" for name, local in names)
            found.append(Code(f"from {module} import {spelt}"))
        return tuple(found)


def _rank(module: str) -> tuple[int, int, str]:
    if module.startswith("."):
        dots = len(module) - len(module.lstrip("."))
        return 2, -dots, module
    root = module.split(".", 1)[0]
    return (1 if root in ("pydantic", "starlette", "httpx2") else 0), 0, module
