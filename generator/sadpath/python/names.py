"""All names of one generated package, allocated before anything is rendered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from sadpath.ir.service import Group, Operation, Service
from sadpath.ir.types import Enumeration, Record
from sadpath.naming.scope import Identifier, allocate
from sadpath.naming.words import pascal, snake, spelt_apart, spoken, upper_snake
from sadpath.runtime.frozen import dataclass

_BUILTIN_CLASSES: Final = frozenset(
    "ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError BufferError "
    "BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError "
    "DeprecationWarning EOFError Ellipsis EncodingWarning EnvironmentError Exception ExceptionGroup False FileExistsError "
    "FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning IndentationError "
    "IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError "
    "NameError None NotADirectoryError NotImplemented NotImplementedError OSError OverflowError PendingDeprecationWarning "
    "PermissionError ProcessLookupError RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning "
    "StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError True TypeError "
    "UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning UserWarning "
    "ValueError Warning ZeroDivisionError".split()
)
_BUILTINS: Final = frozenset("bool bytes dict float int list object str tuple type".split())
"""Builtins that packages and modules use: a module of that name would hide them in its package."""
_MODEL_MEMBERS: Final = frozenset(
    "construct copy dict from_json from_orm from_wire is_set json model_computed_fields model_config model_construct model_copy "
    "model_dump model_dump_json model_extra model_fields model_fields_set model_json_schema model_parametrized_name "
    "mro model_post_init model_rebuild model_validate model_validate_json model_validate_strings parse_file parse_obj parse_raw "
    "schema schema_json to_json to_wire update_forward_refs validate violations".split()
)
_ENUM_MEMBERS: Final = frozenset("mro name value is_known".split())
_RESOURCE_MEMBERS: Final = frozenset("client".split())
_CLIENT_MEMBERS: Final = frozenset(
    "aclose base_url bool cached_property close credentials float httpx2 int items pages raise_opt_in registry resolve "
    "resume send send_judged send_raw send_stream str timeout".split()
)
"""What clients have and what the classes of clients use under its own name: a property of that name would hide it there."""
TEMPLATE_NAMES: Final = frozenset(
    "Annotated AnswerLost Any ApiKeyCredentials AsyncIterable AsyncResource Authenticator Awaitable Base64Bytes BasicCredentials "
    "BearerCredentials Body ByteSource Call CallOptions Callable CertificateCredentials Check Content Decimal DecimalNumber "
    "DecimalString Doorkeeper Encoding File Handlers Header HttpCredentials SignedCredentials Idempotency Iterable Limits Link Literal Lookup "
    "MAX_HEADER_BYTES MAX_HEADER_LINE_BYTES MAX_REQUEST_BYTES OperationContract PagedCall Paging Parameter Predicate Protocol REGISTRY "
    "ROUTES Refused Reply Request Resource Response Security SecurityHook SecurityHooks Selector "
    "Server ServerRequest ServerRoute Serving SQLiteIdempotencyStore "
    "ServerVariable Starlette StreamCall StreamableCall Success TypeAlias UNSET UUID UndescribedCredentials Unset".split()
)
"""What modules of operations and servers import under its own name; types and groups of the document give way to it."""
_CLIENT_IMPORTS: Final = frozenset(
    "ApiKeyAuth AsyncApiClient AsyncClient BasicAuth BearerAuth Client Environment Handlers Hooks HttpAuth KeyGuard Mapping Preparations "
    "REGISTRY RetryBudget Sequence SignedAuth SyncClient TYPE_CHECKING".split()
)
_SERVER_CLASSES: Final = frozenset("Doorkeeper Handlers Idempotency Limits SecurityHook SecurityHooks Serving".split())
_METHOD_ARGUMENTS: Final = frozenset("context self options idempotency_key body extra".split())
KEY_REFUSED: Final = "KeyRefused"
"""The class that only an API with idempotency keys has."""
FALLBACKS: Final = (
    "Unrecognized",
    "UnrecognizedOutcomeUnknown",
    "NotSent",
    "AnswerLost",
    "AnswerLostOutcomeUnknown",
    "Unreadable",
    "Unresolved",
    "UnresolvedOutcomeUnknown",
    KEY_REFUSED,
)
"""The classes beside those of the catalog. Their names are taken in every API, so that its first key renames no class."""


@dataclass(frozen=True, slots=True)
class OperationNames:
    """The names of one operation: its method, its arguments by (location, wire name), and what is derived from its id."""

    method: Identifier
    arguments: Mapping[tuple[str, str], Identifier]
    title: Identifier
    constant: Identifier


@dataclass(frozen=True, slots=True)
class GroupNames:
    """The names of one group: the client's attribute, its module and the stem of its classes."""

    attribute: Identifier
    title: Identifier


@dataclass(frozen=True, slots=True)
class Names:
    """Every name of a package."""

    types: Mapping[str, Identifier]
    modules: Mapping[str, Identifier]
    fields: Mapping[tuple[str, str], Identifier]
    members: Mapping[tuple[str, str | int], Identifier]
    failures: Mapping[str, Identifier]
    leaves: Mapping[str, Identifier]
    families: Mapping[str, Identifier]
    root: Identifier
    groups: Mapping[str, GroupNames]
    operations: Mapping[str, OperationNames]
    hooks: Mapping[str, Identifier]
    """What checks credentials, by the name of the security scheme."""
    classes: frozenset[str]
    """The names of all types."""


def fallbacks_of(service: Service) -> tuple[str, ...]:
    """The classes that a package has beside those of its catalog."""
    return tuple(name for name in FALLBACKS if name != KEY_REFUSED or service.contract.idempotency)


def name_package(service: Service) -> Names:
    """Allocate every name of a package; the result does not depend on the order of the document."""
    types = allocate(
        {declaration.name: declaration.name for declaration in service.types},
        pascal,
        reserved=_BUILTIN_CLASSES,
        prefix="Model",
    )
    groups = _group_names(service.groups)
    failures, leaves, families, root = _failure_names(service)
    return Names(
        types=types,
        modules=allocate(
            {name: str(found) for name, found in types.items()}, _module, reserved=_BUILTINS, prefix="model"
        ),
        fields=_all_fields(service),
        members=_all_members(service),
        failures=failures,
        leaves=leaves,
        families=families,
        root=root,
        groups=groups,
        operations=_operation_names(service.groups),
        hooks=allocate(
            {scheme.scheme: scheme.scheme for scheme in service.security_kinds},
            snake,
            reserved={"by_scheme"},
            prefix="scheme",
        ),
        classes=frozenset(map(str, types.values())),
    )


def _all_fields(service: Service) -> dict[tuple[str, str], Identifier]:
    fields: dict[tuple[str, str], Identifier] = {}
    alike: dict[tuple[tuple[str, str | None], ...], dict[str, Identifier]] = {}
    for declaration in service.types:
        if isinstance(declaration, Record):
            # Many records have the members of others.
            described = tuple([(field.wire_name, field.name_hint) for field in declaration.fields])
            allocated = alike.get(described)
            if allocated is None:
                allocated = alike[described] = _field_names(dict(described))
            for wire_name, name in allocated.items():
                fields[declaration.name, wire_name] = name
    return fields


def _all_members(service: Service) -> dict[tuple[str, str | int], Identifier]:
    members: dict[tuple[str, str | int], Identifier] = {}
    alike: dict[tuple[tuple[str | int, str | None], ...], dict[str | int, Identifier]] = {}
    for declaration in service.types:
        if isinstance(declaration, Enumeration):
            described = tuple([(member.value, member.name_hint) for member in declaration.values])
            allocated = alike.get(described)
            if allocated is None:
                allocated = alike[described] = _member_names(dict(described))
            for value, name in allocated.items():
                members[declaration.name, value] = name
    return members


def _field_names(hints: Mapping[str, str | None]) -> dict[str, Identifier]:
    wanted = spelt_apart({wire_name: hint or wire_name for wire_name, hint in hints.items()}, snake)
    return allocate(wanted, snake, reserved=_MODEL_MEMBERS, prefix="field")


def _module(name: str) -> str:
    return "_".join(part for part in snake(_spaced(name)).split("_") if part)


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _member_names(hints: Mapping[str | int, str | None]) -> dict[str | int, Identifier]:
    wanted = {value: hint or str(value) for value, hint in hints.items()}
    plain = [upper_snake(raw) for raw in wanted.values()]
    if len(set(plain)) < len(plain) or not all(plain):
        wanted = {value: " ".join(spoken(raw)) or raw for value, raw in wanted.items()}
    return allocate(wanted, upper_snake, reserved=_ENUM_MEMBERS, prefix="VALUE_")


def _group_names(groups: tuple[Group, ...]) -> dict[str, GroupNames]:
    raw = {group.name: group.name for group in groups}
    attributes = allocate(raw, snake, reserved=_CLIENT_MEMBERS, prefix="group")
    # The classes of a group that is called so too.
    awaited = {f"Async{pascal(name)}" for name in raw}
    reserved = _BUILTIN_CLASSES | _CLIENT_IMPORTS | TEMPLATE_NAMES | awaited
    titles = allocate(raw, pascal, reserved=reserved, prefix="Group")
    awaited = {f"Async{title}" for title in titles.values()}
    titles = {name: Identifier(f"{title}Group") if title in awaited else title for name, title in titles.items()}
    return {name: GroupNames(attributes[name], titles[name]) for name in raw}


def _operation_names(groups: tuple[Group, ...]) -> dict[str, OperationNames]:
    everything = {operation.id: operation.id for group in groups for operation in group.operations}
    titles = allocate(everything, pascal, reserved=_BUILTIN_CLASSES | _SERVER_CLASSES, prefix="Operation")
    # A module has both, and one letter is the same in either style.
    constants = allocate(everything, upper_snake, reserved=set(titles.values()), prefix="OPERATION_")
    found: dict[str, OperationNames] = {}
    for group in groups:
        methods = allocate(
            {operation.id: operation.name_hint for operation in group.operations},
            snake,
            reserved=_RESOURCE_MEMBERS,
            prefix="call",
        )
        for operation in group.operations:
            chooses = operation.body is not None and (operation.body.others or "*" in operation.body.media_type)
            reserved = _METHOD_ARGUMENTS | ({"content_type"} if chooses else set[str]())
            arguments = allocate(_argument_wishes(operation), snake, reserved=reserved, prefix="argument")
            found[operation.id] = OperationNames(
                methods[operation.id], arguments, titles[operation.id], constants[operation.id]
            )
    return found


def _argument_wishes(operation: Operation) -> dict[tuple[str, str], str]:
    wishes = {
        (parameter.location, parameter.wire_name): parameter.name_hint or parameter.wire_name
        for parameter in operation.parameters
    }
    shared = {wish for wish, count in Counter(wishes.values()).items() if count > 1}
    return {key: f"{wish} {key[0]}" if wish in shared and key[0] != "path" else wish for key, wish in wishes.items()}


def _failure_names(
    service: Service,
) -> tuple[dict[str, Identifier], dict[str, Identifier], dict[str, Identifier], Identifier]:
    root = Identifier(f"{service.class_prefix}Error")
    reserved = {
        str(root),
        *FALLBACKS,
        *_BUILTIN_CLASSES,
        "ApiError",
        "CommonError",
        "OutcomeUnknown",
        "Reason",
        "Registry",
    }
    wanted = {("failure", failure.entry.contract.id): failure.class_hint for failure in service.failures}
    wanted |= {("family", family.contract.name): family.contract.name for family in service.families}
    wanted |= {
        ("leaf", failure.entry.contract.id): f"{failure.class_hint}OutcomeUnknown"
        for failure in service.failures
        if failure.unknown_leaf
    }
    names = allocate(wanted, pascal, reserved=reserved, prefix="Failure")

    def of(kind: str) -> dict[str, Identifier]:
        return {key: name for (found, key), name in names.items() if found == kind}

    return of("failure"), of("leaf"), of("family"), root
