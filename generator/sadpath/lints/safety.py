"""Lints what could execute an operation twice: doubts that nothing settles, and advice to repeat what nothing protects."""

from __future__ import annotations

from sadpath.catalog.model import CatalogError
from sadpath.diagnostics import Report, quote
from sadpath.diagnostics.rules_lints import DOUBT_WITHOUT_END, KEY_OUTLIVED, KEY_WITHOUT_RETENTION, UNSAFE_REPEAT
from sadpath.ir.service import Operation
from sadpath.lints.subject import Subject, names, says
from sadpath.runtime.contract import Outcome


def lint_safety(subject: Subject, report: Report) -> None:
    """Report operations whose lost answer stays lost, and entries whose advice would execute one of them again."""
    for id, operation in subject.operations.items():
        if _is_bare(operation) and operation.lookup is None:
            said = id in subject.catalog.operations and subject.catalog.operations[id].effect is not None
            why = "" if said else f", as a {operation.method} is unless the catalog says otherwise"
            message = (
                f"{id} takes effect each time it is executed{why}; after a lost answer nothing tells whether it was"
            )
            report.add(DOUBT_WITHOUT_END, message, subject.place_of(id))
    for entry in subject.catalog.errors:
        _lint_advice(entry, subject, report)
    _lint_policies(subject, report)
    _lint_keys(subject, report)


def _is_bare(operation: Operation) -> bool:
    """Whether a repeat is a second execution."""
    return operation.effect == "once" and operation.idempotency is None and operation.natural_key is None


def _lint_advice(entry: CatalogError, subject: Subject, report: Report) -> None:
    advice, outcome = entry.contract.advice, entry.contract.outcome
    may_be_done = outcome not in (Outcome.REJECTED, Outcome.NOT_SENT)
    once = [one for one in subject.answered_by(entry) if one.effect == "once"]
    if not once or not (says(entry, "next") or says(entry, "key")):
        return
    id = quote(entry.contract.id)
    if advice.next == "repeat" and advice.key in ("new", "either") and outcome is not Outcome.REJECTED:
        message = f"{id} says to repeat under another key, although {_told(outcome)}: that executes it twice"
        report.add(UNSAFE_REPEAT, message, entry.place.child("key"))
        return
    bare = [one.id for one in once if _is_bare(one)]
    if advice.next == "repeat" and bare and outcome not in (Outcome.REJECTED, Outcome.NOT_SENT):
        message = (
            f"{id} says to repeat although {_told(outcome)}, and nothing keeps {names(bare)} from a second execution"
        )
        report.add(UNSAFE_REPEAT, message, entry.place.child("next"))
    if advice.next == "fix" and may_be_done:
        message = f"{id} says to send a corrected request although {_told(outcome)}: that one is another execution"
        report.add(UNSAFE_REPEAT, message, entry.place.child("next"))


def _told(outcome: Outcome | None) -> str:
    if outcome is Outcome.PROCESSED:
        return "it was executed"
    return "it is being executed" if outcome is Outcome.PENDING else "it may be executed already"


def _lint_policies(subject: Subject, report: Report) -> None:
    """A key that the API forgets while a client still repeats is a new key."""
    kept = [one.retention for one in subject.catalog.idempotency.values() if one.retention is not None]
    if not kept:
        return
    for name, policy in subject.catalog.policies.items():
        if policy.max_elapsed is not None and policy.max_elapsed > min(kept):
            message = (
                f"{quote(name)} repeats for {policy.max_elapsed:g} s, and keys are forgotten after {min(kept):g} s"
            )
            place = subject.catalog.place.child("policies", name, "max_elapsed")
            report.add(KEY_OUTLIVED, message, place)


def _lint_keys(subject: Subject, report: Report) -> None:
    """A key is good for as long as it is remembered; a catalog that was derived has no place to say it in."""
    if subject.catalog.derived:
        return
    for name, scheme in subject.catalog.idempotency.items():
        users = [
            id
            for id, one in subject.operations.items()
            if one.idempotency == name and one.effect == "once" and one.natural_key is None
        ]
        if scheme.retention is None and users:
            message = f"nothing says for how long {quote(name)} is remembered, which alone protects {names(users)}"
            report.add(KEY_WITHOUT_RETENTION, message, subject.catalog.place.child("idempotency", name))
