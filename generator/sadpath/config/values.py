"""The checks of single values of the configuration: one function a form, each reporting what it refuses."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from sadpath.config.plugins import plugin_names
from sadpath.config.settings import ALLOWANCES, TARGETS, Allowance
from sadpath.diagnostics import Report, listed, quote, suggestion
from sadpath.diagnostics.rules_usage import CONFIG_UNKNOWN_KEY, CONFIG_VALUE
from sadpath.source.place import Place
from sadpath.source.tree import is_list, is_mapping, kind

API_NAME: Final = r"[A-Za-z][A-Za-z0-9_-]*"
PACKAGE: Final = r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*"
LOCALE: Final = r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"

NO_SUCH_PLUGIN: Final = "Targets of others are found where their package is installed beside sadpath."


def package_problem(name: str) -> str | None:
    """Why `name` is no dotted name of a package that can be imported; None where it is one."""
    if not re.fullmatch(PACKAGE, name):
        return f"{quote(name)} is no dotted name of a Python package"
    reserved = [part for part in name.split(".") if keyword.iskeyword(part)]
    where = "" if reserved[:1] == [name] else f" in {quote(name)}"
    return f"{quote(reserved[0])}{where} is a reserved word of Python" if reserved else None


class Table:
    """A table of the configuration with its place; reads members by name and reports what has the wrong form."""

    def __init__(self, value: dict[str, Any], place: Place, report: Report) -> None:
        self.value = value
        self.place = place
        self.report = report

    def refuse(self, name: str, wanted: str) -> None:
        found = self.value[name]
        message = f"{quote(name)} must be {wanted}, not {quote(found) if isinstance(found, str) else kind(found)}"
        self.report.add(CONFIG_VALUE, message, self.place.child(name))

    def only(self, known: Iterable[str]) -> None:
        """Report every key that is not among `known`."""
        names = list(known)
        for name in self.value:
            if name not in names:
                message = (
                    f"the key {quote(name)} is unknown here; known are {listed(names, conjunction='and', limit=12)}"
                )
                self.report.add(CONFIG_UNKNOWN_KEY, message, self.place.child(name).key(), help=suggestion(name, names))

    def table(self, name: str) -> Table | None:
        """The table of that name; None where it is absent or no table."""
        if name not in self.value:
            return None
        if not is_mapping(self.value[name]):
            self.refuse(name, "a table")
            return None
        return Table(self.value[name], self.place.child(name), self.report)

    def text(self, name: str, wanted: str, *, required: bool = False) -> str | None:
        """A string that is not empty; `wanted` says what of."""
        if name not in self.value:
            if required:
                message = f"the key {quote(name)} is missing: {wanted}"
                self.report.add(CONFIG_VALUE, message, self.place, help="Add the key.")
            return None
        found = self.value[name]
        if not isinstance(found, str) or not found or "\0" in found:
            self.refuse(name, wanted)
            return None
        return found

    def path(self, name: str, root: Path, *, required: bool = False, what: str = "a file") -> Path | None:
        """A path, relative to `root`."""
        text = self.text(name, f"the path of {what}", required=required)
        return None if text is None else root / text

    def package(self, name: str, *, required: bool = False) -> str | None:
        text = self.text(name, "the dotted name of a Python package", required=required)
        problem = None if text is None else package_problem(text)
        if problem is None:
            return text
        self.report.add(CONFIG_VALUE, problem, self.place.child(name))
        return None

    def texts(self, name: str, wanted: str) -> list[tuple[str, Place]] | None:
        """A list of strings that is not empty, each with its place."""
        if name not in self.value:
            return None
        found = self.value[name]
        if not is_list(found) or not found or not all(isinstance(one, str) and one for one in found):
            self.refuse(name, wanted)
            return None
        return [(one, self.place.child(name, index)) for index, one in enumerate(found)]

    def targets(self) -> frozenset[str]:
        texts = self.texts("targets", f"a list of {listed(TARGETS)}")
        if texts is None:
            return frozenset(TARGETS)
        foreign = plugin_names() if any(text not in TARGETS for text, _ in texts) else ()
        known = (*TARGETS, *foreign)
        for text, place in texts:
            if text not in known:
                message = f"{quote(text)} is no target; targets are {listed(known, conjunction='and')}"
                help_text = suggestion(text, known) or NO_SUCH_PLUGIN
                self.report.add(CONFIG_VALUE, message, place, help=help_text)
        return frozenset(text for text, _ in texts if text in known)

    def allow(self) -> frozenset[Allowance]:
        texts = self.texts("allow", f"a list of {listed(ALLOWANCES)}") or []
        for text, place in texts:
            if text not in ALLOWANCES:
                message = (
                    f"{quote(text)} is nothing that can be allowed; that are {listed(ALLOWANCES, conjunction='and')}"
                )
                self.report.add(CONFIG_VALUE, message, place, help=suggestion(text, ALLOWANCES))
        return frozenset(one for one in ALLOWANCES if any(one == text for text, _ in texts))

    def locales(self) -> tuple[str, ...] | None:
        texts = self.texts("locales", 'a list of language tags such as "en"')
        if texts is None:
            return None
        for text, place in texts:
            if not re.fullmatch(LOCALE, text):
                self.report.add(CONFIG_VALUE, f"{quote(text)} is no language tag", place)
        return tuple(dict.fromkeys(text for text, _ in texts))
