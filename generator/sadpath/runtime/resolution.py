"""Decides which class an answer is: code and status, code alone, family, status, and nothing better than its range."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from enum import IntEnum
from typing import Any, Final

from pydantic import ValidationError

from .answers import Reading
from .categories import under_status
from .codes import CodeReading, Codes, constants_broken, constants_hold
from .contract import Effect, ErrorContract, OperationContract, Outcome
from .conversion import decode
from .errors import ApiError, Registry, contract_of, unknown_variant
from .frozen import dataclass
from .model import Model
from .outcomes import OutcomeUnknown
from .pointers import MISSING
from .statuses import NOT_IMPLEMENTED, UNSETTLED


class Fit(IntEnum):
    """How closely a list of statuses names one status."""

    LITERAL = 0
    RANGE = 1
    DEFAULT = 2
    UNSTATED = 3
    OTHER = 4


class Level(IntEnum):
    """How well an entry fits an answer; the lowest wins."""

    CODE_AND_STATUS = 0
    CODE_AND_RANGE = 1
    CODE_ALONE = 2
    FAMILY = 3
    OTHER_CODE = 4
    STATUS = 5
    STATUS_WITHOUT_CODE = 6
    STATUS_RANGE = 7
    STATUS_DEFAULT = 8
    CONTRADICTED = 9
    """The code is that of a refusal, and the rest of a success says that it is none."""


_BY_CODE: Final = (Level.CODE_AND_STATUS, Level.CODE_AND_RANGE, Level.CODE_ALONE, Level.OTHER_CODE)


@dataclass(frozen=True, slots=True)
class Resolution:
    """The class of an answer, how it was read, and what was wrong with it."""

    cls: type[ApiError]
    code: CodeReading
    outcome: Outcome
    violations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    cls: type[ApiError]
    code: CodeReading
    level: Level
    fit: Fit
    rank: tuple[int, ...]


def is_success(status: int) -> bool:
    """Whether HTTP calls the status a success."""
    return 200 <= status < 300


def status_fit(statuses: Iterable[str], status: int) -> Fit:
    """How closely the statuses of an entry name the status."""
    stated = {text.upper() for text in statuses}
    if not stated:
        return Fit.UNSTATED
    if str(status) in stated:
        return Fit.LITERAL
    if f"{status // 100}XX" in stated:
        return Fit.RANGE
    return Fit.DEFAULT if "DEFAULT" in stated else Fit.OTHER


def resolve(registry: Registry, operation: OperationContract | None, reading: Reading) -> Resolution | None:
    """What an answer is; None where it is no failure. What the contract does not describe is of the category of its status."""
    found = _found(registry, operation, reading)
    if found is None or found.cls not in (registry.fallbacks.unrecognized, registry.fallbacks.unrecognized_unknown):
        return found
    return replace(found, cls=under_status(found.cls, reading.answer.status))


def _found(registry: Registry, operation: OperationContract | None, reading: Reading) -> Resolution | None:
    codes = Codes(registry, reading)
    candidates = _candidates(registry, operation, reading, codes)
    status = reading.answer.status
    if candidates:
        ordered = sorted(candidates, key=lambda candidate: (candidate.level, candidate.rank))
        # A code that the status takes back leaves what the contract says of the status.
        stands = (one for one in ordered if not _is_overruled(one.cls.contract, operation, one, status))
        best = next((one for one in stands if one.level is not Level.CONTRADICTED), ordered[0])
        if best.level is Level.CONTRADICTED and _is_credible_success(operation, reading):
            return None
        return _resolved(registry, operation, reading, best)
    if is_success(status) or _is_documented_redirection(operation, status):
        return None
    outcome = _outcome_of_status(status, operation)
    unknown = outcome is Outcome.UNKNOWN
    cls = registry.fallbacks.unrecognized_unknown if unknown else registry.fallbacks.unrecognized
    code = codes.any()
    return Resolution(cls, code, outcome, (f"{_told(code, status)} is not in the contract", *reading.violations))


def _candidates(
    registry: Registry, operation: OperationContract | None, reading: Reading, codes: Codes
) -> list[_Candidate]:
    status = reading.answer.status
    found: list[_Candidate] = []
    for place, cls in enumerate(registry.applicable(operation.id if operation is not None else None)):
        contract = contract_of(cls)
        match = contract.match
        fit = status_fit(match.statuses, status)
        code = codes.of(match.format)
        level = _level(contract, code, fit, _Situation(reading, operation, status))
        if level in _BY_CODE and is_success(status) and constants_broken(code.format, reading):
            level = Level.CONTRADICTED
        if level is not None and all(reading.holds(predicate) for predicate in match.when):
            rank = (fit, -len(match.operations[:1]), -len(match.when), place)
            found.append(_Candidate(cls, code, level, fit, rank))
    found += _families(registry, operation, reading, codes)
    return _without_guesses(found)


def _without_guesses(found: list[_Candidate]) -> list[_Candidate]:
    """A status stands for a code only where the contract has one code for it, aside from those that are deprecated."""
    guesses = [candidate for candidate in found if candidate.level is Level.STATUS_WITHOUT_CODE]
    current = [candidate for candidate in guesses if not contract_of(candidate.cls).deprecated]
    kept = guesses if len(guesses) == 1 else current if len(current) == 1 else []
    return [candidate for candidate in found if candidate not in guesses or candidate in kept]


@dataclass(frozen=True, slots=True)
class _Situation:
    reading: Reading
    operation: OperationContract | None
    status: int


def _level(contract: ErrorContract, code: CodeReading, fit: Fit, situation: _Situation) -> Level | None:
    match = contract.match
    success = is_success(situation.status) or _is_documented_redirection(situation.operation, situation.status)
    if match.codes:
        if code.code is not MISSING and _listed(code.code, match.codes):
            return _level_of_code(code, fit, situation)
        return Level.STATUS_WITHOUT_CODE if _code_is_lost(code, fit, success) else None
    if success and fit not in (Fit.LITERAL, Fit.RANGE):
        return None
    if match.other_codes:
        if code.code is not MISSING and fit is not Fit.OTHER:
            return Level.OTHER_CODE
        return Level.STATUS_WITHOUT_CODE if _code_is_lost(code, fit, success) else None
    if success and not match.when and _is_documented_success(situation):
        return None
    if fit is Fit.UNSTATED:
        return Level.STATUS if match.when else None
    return {Fit.LITERAL: Level.STATUS, Fit.RANGE: Level.STATUS_RANGE, Fit.DEFAULT: Level.STATUS_DEFAULT}.get(fit)


def _level_of_code(code: CodeReading, fit: Fit, situation: _Situation) -> Level | None:
    if is_success(situation.status) and fit not in (Fit.LITERAL, Fit.RANGE):
        # A member of a success may look like a code; only constants that all match make it a failure.
        return Level.CODE_ALONE if constants_hold(code.format, situation.reading) else None
    if fit is Fit.LITERAL:
        return Level.CODE_AND_STATUS
    return Level.CODE_ALONE if fit is Fit.OTHER else Level.CODE_AND_RANGE


def _code_is_lost(code: CodeReading, fit: Fit, success: bool) -> bool:
    return code.code is MISSING and fit is Fit.LITERAL and not success


def _is_credible_success(operation: OperationContract | None, reading: Reading) -> bool:
    """Whether to believe a success that has a refusal's code: where nothing depends on it, or where it is one throughout."""
    if operation is not None and operation.effect == "read":
        return True
    status = reading.answer.status
    documented = operation.success if operation is not None else ()
    return any(
        success.type is not None and status_fit([success.status], status) <= Fit.RANGE and _reads(success.type, reading)
        for success in documented
    )


def _reads(annotation: Any, reading: Reading) -> bool:
    try:
        value = decode(annotation, reading.tree)
    except ValidationError:
        return False
    return not (isinstance(value, Model) and value.violations)


def _told(code: CodeReading, status: int) -> str:
    return f"status {status}" if code.code is MISSING else f"code {code.code} with status {status}"


def _is_documented_success(situation: _Situation) -> bool:
    operation = situation.operation
    return operation is not None and any(success.status == str(situation.status) for success in operation.success)


def _is_documented_redirection(operation: OperationContract | None, status: int) -> bool:
    documented = operation.success if operation is not None else ()
    return 300 <= status < 400 and any(status_fit([one.status], status) <= Fit.RANGE for one in documented)


def _listed(code: Any, codes: tuple[str | int, ...]) -> bool:
    return any(str(code) == str(listed) for listed in codes)


def _families(
    registry: Registry, operation: OperationContract | None, reading: Reading, codes: Codes
) -> list[_Candidate]:
    found: list[_Candidate] = []
    for name in registry.api.formats if registry.families else ():
        code = codes.of(name)
        number = _family_number(code)
        if number is None or (is_success(reading.answer.status) and not _fails_with_success(registry, operation, name)):
            continue
        broken = is_success(reading.answer.status) and constants_broken(code.format, reading)
        level = Level.CONTRADICTED if broken else Level.FAMILY
        for place, (family, cls) in enumerate(registry.families.items()):
            if family.first <= number <= family.last:
                found.append(_Candidate(cls, code, level, Fit.UNSTATED, (place,)))
    return found


def fails_with_success(registry: Registry, operation: OperationContract | None, status: int) -> bool:
    """Whether a failure of the operation that is always raised may come with this status, which HTTP calls a success."""
    return any(
        contract_of(cls).raised == "always" and status_fit(contract_of(cls).match.statuses, status) is Fit.LITERAL
        for cls in registry.applicable(operation.id if operation is not None else None)
    )


def _fails_with_success(registry: Registry, operation: OperationContract | None, form: str) -> bool:
    return any(
        contract_of(cls).match.format == form and _names_a_success(contract_of(cls))
        for cls in registry.applicable(operation.id if operation is not None else None)
    )


def _names_a_success(contract: ErrorContract) -> bool:
    return any(text.startswith("2") for text in contract.match.statuses)


def _family_number(found: CodeReading) -> int | None:
    selector = found.format.code if found.format is not None else None
    code = found.code
    if selector is None or selector.type != "integer":
        return None
    if isinstance(code, int):
        return code
    return int(code) if isinstance(code, str) and code.isascii() and code.isdigit() and len(code) < 20 else None


def _resolved(
    registry: Registry, operation: OperationContract | None, reading: Reading, best: _Candidate
) -> Resolution:
    status = reading.answer.status
    contract = best.cls.contract
    if best.level is Level.CONTRADICTED or _is_overruled(contract, operation, best, status):
        told = f"{_told(best.code, status)} says both that it was refused and that it was not"
        if best.level is not Level.CONTRADICTED:
            told = (
                f"{_told(best.code, status)} is not in the contract: nothing says that the operation was not executed"
            )
        cls = registry.fallbacks.unrecognized_unknown
        return Resolution(cls, best.code, Outcome.UNKNOWN, (*reading.violations, told))
    noted = list(reading.violations)
    if contract is not None and best.fit is Fit.OTHER:
        noted.append(
            f"code {best.code.code} came with status {status} instead of {' or '.join(contract.match.statuses)}"
        )
    if best.level is Level.STATUS_WITHOUT_CODE:
        noted.append("the answer holds no code")
    outcome = _outcome(contract, operation, best, status)
    cls = best.cls
    if outcome is Outcome.UNKNOWN and not issubclass(cls, OutcomeUnknown):
        cls = unknown_variant(registry, cls)
        if cls is best.cls:
            cls = registry.fallbacks.unrecognized_unknown
    return Resolution(cls, best.code, outcome, tuple(noted))


def _is_overruled(
    contract: ErrorContract | None, operation: OperationContract | None, best: _Candidate, status: int
) -> bool:
    """Whether the status of a server that broke down takes back what an entry, or a family, says that was not made for it."""
    unsettled = contract is not None and contract.outcome_by_status and status in UNSETTLED
    if _effect(operation) == "read" or not (_is_open(status) or unsettled):
        return False
    if contract is None:
        return True
    settled = contract.outcome not in (None, Outcome.UNKNOWN)
    return settled and best.fit not in (Fit.LITERAL, Fit.RANGE) and contract.stub_status != status


def _outcome(
    contract: ErrorContract | None, operation: OperationContract | None, best: _Candidate, status: int
) -> Outcome:
    if contract is None:
        return Outcome.REJECTED
    if contract.outcome is None and (best.fit is Fit.DEFAULT or contract.outcome_by_status):
        # It stands for statuses that say different things: then the status says what happened.
        return _outcome_of_status(status, operation)
    outcome = contract.outcome or (Outcome.UNKNOWN if _effect(operation) != "read" else Outcome.REJECTED)
    if outcome is Outcome.REJECTED and best.level is Level.STATUS_WITHOUT_CODE:
        return Outcome.UNKNOWN if _may_be_done(status, operation) else Outcome.REJECTED
    return outcome


def _outcome_of_status(status: int, operation: OperationContract | None) -> Outcome:
    """What a status says alone, where no catalog states it."""
    unsettled = status in UNSETTLED and _effect(operation) != "read"
    return Outcome.UNKNOWN if unsettled or _may_be_done(status, operation) else Outcome.REJECTED


def _may_be_done(status: int, operation: OperationContract | None) -> bool:
    """Whether a server that broke down may have executed the operation; 501 says that it has not (RFC 9110, section 15.6.2)."""
    return _is_open(status) and _effect(operation) != "read" and status != NOT_IMPLEMENTED


def _is_open(status: int) -> bool:
    """Whether the server broke down, or sends elsewhere for the result: it may have done the work before."""
    return status >= 500 or status in (300, 302, 303) or status < 200


def _effect(operation: OperationContract | None) -> Effect:
    return operation.effect if operation is not None else "once"
