"""Makes the classes that a client of the contract would have, without generating it: examples are read and written with these."""

from __future__ import annotations

from typing import Any, cast

from sadpath.ir.service import Operation, Service
from sadpath.lints.subject import Subject
from sadpath.runtime.contract import OperationContract, Outcome, Success
from sadpath.runtime.errors import ApiError, Fallbacks, Registry
from sadpath.runtime.outcomes import OutcomeUnknown


def registry_of(service: Service) -> Registry:
    """The failures of a contract as the runtime decodes and encodes them."""
    root = _made("Root", ApiError)
    unknown = _made("Unknown", root, OutcomeUnknown)
    families = {family.contract: _made(family.contract.name, root) for family in service.families}
    by_name = {contract.name: cls for contract, cls in families.items()}
    errors: list[type[ApiError]] = []
    leaves: dict[type[ApiError], type[ApiError]] = {}
    for failure in service.failures:
        contract = failure.entry.contract
        bases = [by_name.get(failure.family or "", root)]
        if contract.outcome is Outcome.UNKNOWN:
            bases.append(cast("type[ApiError]", OutcomeUnknown))
        cls = _made(failure.class_hint, *bases, contract=contract)
        errors.append(cls)
        if failure.unknown_leaf:
            leaves[cls] = _made(f"{failure.class_hint}OutcomeUnknown", cls, OutcomeUnknown)
    fallbacks = Fallbacks(root, unknown, root, root, unknown, root, root, unknown, root)
    return Registry(service.contract, root, tuple(errors), families, leaves, fallbacks)


def _made(name: str, *bases: type[Any], contract: Any = None) -> type[ApiError]:
    members = {} if contract is None else {"contract": contract}
    return cast("type[ApiError]", type(name, bases, members))


def contracts_of(subject: Subject) -> dict[str, OperationContract]:
    """As much of each operation as the resolution of its answers looks at; bodies of successes are not read."""
    return {id: _contract(operation) for id, operation in subject.operations.items()}


def _contract(operation: Operation) -> OperationContract:
    return OperationContract(
        id=operation.id,
        method=operation.method,
        path=operation.path,
        effect=operation.effect,
        success=tuple(Success(one.status, one.media_type) for one in operation.successes),
        idempotency=operation.idempotency,
        natural_key=operation.natural_key,
    )
