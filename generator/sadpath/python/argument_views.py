"""Views of arguments: how a parameter or a member of a body is spelt in a signature, described, and sent."""

from __future__ import annotations

from collections.abc import Iterator

from sadpath.ir.service import Operation, Parameter
from sadpath.ir.types import TypeRef
from sadpath.naming.scope import Code, Identifier
from sadpath.python.module_scope import ModuleScope
from sadpath.runtime import contract as wire
from sadpath.runtime.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a method: its name, its annotation and its default (empty where it is required)."""

    name: Identifier
    annotation: Code
    default: Code


def argument(
    name: Identifier, kind: TypeRef, module: ModuleScope, *, required: bool, nullable: bool = False
) -> Argument:
    annotation = str(module.annotator.plain().of(kind))
    if nullable:
        annotation += " | None"
    if required:
        return Argument(name, Code(annotation), Code(""))
    if nullable:
        unset, kind_of_unset = (module.imports.use(f"{module.runtime}.calls", word) for word in ("UNSET", "Unset"))
        return Argument(name, Code(f"{annotation} | {kind_of_unset}"), unset)
    return Argument(name, Code(annotation if annotation.endswith("| None") else f"{annotation} | None"), Code("None"))


def wire_parameter(parameter: Parameter, argument: Identifier, module: ModuleScope) -> wire.Parameter:
    """What the runtime has to know of a parameter."""
    return wire.Parameter(
        argument=str(argument),
        name=parameter.wire_name,
        location=parameter.location,
        type=module.annotator.as_value(parameter.type),
        required=parameter.required,
        style=parameter.style,
        explode=parameter.explode,
        media_type=parameter.media_type,
        allow_reserved=parameter.allow_reserved,
        allow_empty=parameter.allow_empty,
    )


def parameter_texts(operation: Operation, module: ModuleScope) -> Iterator[tuple[Identifier, str]]:
    """What a docstring says of each parameter; nothing where there is nothing to say."""
    names = module.names.operations[operation.id].arguments
    for parameter in operation.parameters:
        parts = [(parameter.description or "").strip()]
        if parameter.default is not None:
            parts.append(f"Where it is not given, the API takes {parameter.default_text}.")
        if parameter.deprecated:
            parts.append("Deprecated.")
        yield names[parameter.location, parameter.wire_name], " ".join(sentence(part) for part in parts if part)


def sentence(text: str) -> str:
    """The text with a full stop, where it has no end."""
    return text if text.rstrip().endswith((".", "!", "?")) else f"{text.rstrip()}."
