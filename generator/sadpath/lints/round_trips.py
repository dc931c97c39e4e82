"""Lints what the contract's own answers become when they are read: its examples, and what a server would send for each error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sadpath.catalog.model import CatalogError, Example
from sadpath.diagnostics import Related, Report, listed, quote
from sadpath.diagnostics.rules_lints import EXAMPLE_OF_ANOTHER, EXAMPLE_ROUND_TRIP, UNREACHABLE_ERROR
from sadpath.lints.classes import contracts_of, registry_of
from sadpath.lints.subject import Subject
from sadpath.runtime.answers import Answer
from sadpath.runtime.contract import OperationContract, Predicate
from sadpath.runtime.decoding import decode_failure
from sadpath.runtime.encoding import encode_failure
from sadpath.runtime.errors import ApiError, Registry
from sadpath.runtime.headers import Headers
from sadpath.source.place import Place

_Operations = Mapping[str, OperationContract]


def lint_round_trips(subject: Subject, report: Report) -> None:
    """Report every example that is read as something else, and every error that nothing is read as."""
    registry = registry_of(subject.service)
    operations = contracts_of(subject)
    reach = _Reach(
        registry, {failure.entry.contract.id: failure.entry.place for failure in subject.service.failures}, report
    )
    for failure in subject.service.failures:
        entry = failure.entry
        if _asks_about_the_request(entry):
            continue  # an answer alone does not tell what it is
        for example in entry.examples:
            _lint_example(entry, example, registry, operations, report)
        if not entry.examples:
            asked = [operations[one.id] for one in subject.answered_by(entry)]
            reach.lint(entry, asked)
    for example in subject.catalog.examples:
        found = decode_failure(registry, operations.get(example.operation or ""), _answer_of(example))
        if found is not None:
            message = f"the example {quote(example.id)} of a success is read as {_told(found)}"
            report.add(EXAMPLE_OF_ANOTHER, message, example.place.child("response"))


def _asks_about_the_request(entry: CatalogError) -> bool:
    return any(one.select.request is not None for one in entry.contract.match.when)


def _answer_of(example: Example) -> Answer:
    return Answer(example.response.status, Headers(example.response.headers), example.response.body.encode())


def _told(error: ApiError) -> str:
    return quote(error.contract.id) if error.contract is not None else "a failure that no entry describes"


def _lint_example(
    entry: CatalogError, example: Example, registry: Registry, operations: _Operations, report: Report
) -> None:
    operation = operations.get(example.operation or "")
    found = decode_failure(registry, operation, _answer_of(example))
    place = example.place.child("response")
    if found is None or found.contract is not entry.contract:
        told = "a success" if found is None else _told(found)
        message = f"the example {quote(example.id)} of {quote(entry.contract.id)} is read as {told}"
        report.add(EXAMPLE_OF_ANOTHER, message, place)
        return
    if found.violations and not example.truncated:
        message = f"the example {quote(example.id)} is not as the catalog describes it: {found.violations[0]}"
        report.add(EXAMPLE_ROUND_TRIP, message, place)
        return
    if entry.contract.raised == "opt_in" or entry.contract.match.format is None:
        return  # a success is written by nobody but the operation itself
    lost = _lost(found, decode_failure(registry, operation, encode_failure(registry, found, operation)))
    if lost:
        message = (
            f"read, written and read again, the example {quote(example.id)} loses {listed(lost, conjunction='and')}"
        )
        report.add(EXAMPLE_ROUND_TRIP, message, place)


def _lost(error: ApiError, again: ApiError | None) -> list[str]:
    if again is None or again.contract is not error.contract:
        return ["what it is"]
    pairs = {
        "status": (error.status, again.status),
        "code": (error.code, again.code),
        "message": (error.message, again.message),
        **{name: (value, again.attributes.get(name)) for name, value in error.attributes.items()},
    }
    lost = [name for name, (before, after) in pairs.items() if before != after]
    return lost + (["items"] if error.items != again.items else [])


class _Reach:
    """What a server would send for an error has to be read as that error by the client of one operation at least."""

    def __init__(self, registry: Registry, places: Mapping[str, Place], report: Report) -> None:
        self._registry = registry
        self._places = places
        self._report = report

    def lint(self, entry: CatalogError, operations: list[OperationContract]) -> None:
        contract = entry.contract
        contradiction = _contradiction(contract.match.when)
        if contradiction is not None:
            message = (
                f"no answer is {quote(contract.id)}: its conditions on {quote(contradiction)} contradict each other"
            )
            self._report.add(UNREACHABLE_ERROR, message, entry.place.child("match", "when"))
            return
        if contract.raised == "opt_in" or contract.match.format is None or contract.match.when or not operations:
            return
        for code in contract.match.codes or (None,):
            self._lint_code(entry, code, operations)

    def _lint_code(self, entry: CatalogError, code: str | int | None, operations: list[OperationContract]) -> None:
        contract = entry.contract
        error = self._registry.by_id[contract.id]
        tried = [error(code=code), *(error(code=code, status=status) for status in _rare_statuses(entry))]
        taken = [_read_as(one, self._registry, operation) for one in tried for operation in operations]
        if any(one is not None and one.contract is contract for one in taken):
            return
        first = taken[0]
        told = "a success" if first is None else _told(first)
        what = (
            f"the code {quote(code)} of {quote(contract.id)}" if len(contract.match.codes) > 1 else quote(contract.id)
        )
        winner = first.contract.id if first is not None and first.contract is not None else None
        related = [Related(self._places[winner], "what they are read as")] if winner is not None else []
        message = f"{what} is never raised: its answers are read as {told}"
        self._report.add(UNREACHABLE_ERROR, message, entry.place, related=related)


def _rare_statuses(entry: CatalogError) -> Iterator[int]:
    """Statuses of the ranges that an entry is for, which hardly any other entry names."""
    for status in entry.contract.match.statuses:
        if status == "default":
            yield from (498, 598)
        elif status.endswith("XX"):
            yield int(status[0]) * 100 + 98


def _read_as(error: ApiError, registry: Registry, operation: OperationContract) -> ApiError | None:
    return decode_failure(registry, operation, encode_failure(registry, error, operation))


def _contradiction(conditions: tuple[Predicate, ...]) -> str | None:
    """The place of which two conditions say opposite things."""
    for index, one in enumerate(conditions):
        for other in conditions[index + 1 :]:
            if one.select != other.select:
                continue
            opposite = (one.test, one.value) == (other.test, other.value) and one.negate != other.negate
            two_values = one.test == other.test == "equals" and one.value != other.value
            if opposite or (two_values and not one.negate and not other.negate):
                return one.select.body or one.select.header or one.select.auth or "one value"
    return None
