"""Lints the names of exception classes: those that are taken, and those that promise another condition."""

from __future__ import annotations

from sadpath.diagnostics import Report, quote
from sadpath.diagnostics.rules_lints import CLASS_RENAMED, MISLEADING_CLASS
from sadpath.lints.subject import Subject
from sadpath.naming.words import pascal
from sadpath.python.names import name_package
from sadpath.runtime.categories import CATEGORIES


def lint_class_names(subject: Subject, report: Report) -> None:
    """Report every class that cannot have the name it asks for, or that is called like a condition that it is none of."""
    names = name_package(subject.service)
    conditions = {cls.__name__: name for name, cls in CATEGORIES.items()}
    for failure in subject.service.failures:
        entry = failure.entry
        id = entry.contract.id
        place = entry.place.child("class") if entry.class_name else entry.place
        found = names.failures[id]
        if found != pascal(failure.class_hint):
            message = f"the class of {quote(id)} is {quote(found)}, since {quote(failure.class_hint)} is taken"
            report.add(CLASS_RENAMED, message, place)
        leaf = f"{failure.class_hint}OutcomeUnknown"
        if id in names.leaves and names.leaves[id] != pascal(leaf):
            message = f"{quote(id)} after which nobody knows is {quote(names.leaves[id])}, since {quote(leaf)} is taken"
            report.add(CLASS_RENAMED, message, place)
        condition = conditions.get(found, entry.contract.category)
        if condition != entry.contract.category:
            message = f"the class {quote(found)} is called like the condition {quote(condition)}"
            told = f"{message}, and its category is {quote(entry.contract.category)}"
            report.add(MISLEADING_CLASS, told, place)
    for family in subject.service.families:
        given = names.families[family.contract.name]
        if given != pascal(family.contract.name):
            message = f"the family {quote(family.contract.name)} is the class {quote(given)}, since its name is taken"
            report.add(CLASS_RENAMED, message, family.place)
