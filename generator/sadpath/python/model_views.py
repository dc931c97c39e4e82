"""Views of the models: a record, an enumeration, a tagged union or an alias, a module each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal

from sadpath.ir.types import (
    Alias,
    Anything,
    Checked,
    Constant,
    Declaration,
    Enumeration,
    Field,
    Named,
    Record,
    Scalar,
    TaggedUnion,
    TypeRef,
)
from sadpath.naming.scope import Code, Identifier
from sadpath.python.annotations import Annotator
from sadpath.python.docstrings import docstring
from sadpath.python.imports import Imports
from sadpath.python.literals import literal
from sadpath.python.names import Names
from sadpath.runtime.frozen import dataclass

_NONE: Final = Code("None")


@dataclass(frozen=True, slots=True)
class Reference:
    """A declared type that another module defines: imported by type checkers, and lazily at run time."""

    name: Code
    module: Code
    original: Identifier


@dataclass(frozen=True, slots=True)
class Line:
    """A statement of a class body and the docstring under it, if any."""

    code: Code
    docstring: Code | None


@dataclass(frozen=True, slots=True)
class ModelView:
    """One module of models; `kind` tells which template places it."""

    kind: Literal["record", "enumeration", "union", "alias"]
    module: Identifier
    name: Identifier
    docstring: Code
    module_docstring: Code
    imports: tuple[Code, ...]
    references: tuple[Reference, ...]
    ref: Code
    base: Code
    lines: tuple[Line, ...]
    annotation: Code
    runtime_value: Code
    itself: Code


class _Module:
    """What the views of one module share."""

    def __init__(self, declaration: Declaration, names: Names, runtime: Code) -> None:
        self.name = names.types[declaration.name]
        listed = declaration.fields if isinstance(declaration, Record) else ()
        own: set[str] = {names.fields[declaration.name, field.wire_name] for field in listed}
        self.imports = Imports(own, names.classes)
        self.runtime = runtime
        self.names = names
        self.taken = own
        self.references: dict[str, Reference] = {}
        self.annotator = Annotator(self.imports, runtime, self.refer)
        self.own = declaration.name
        self.is_recursive = False
        self._declaration = declaration

    def refer(self, name: str) -> Code:
        """The spelling of a declared type in this module."""
        original = self.names.types[name]
        if name == self._declaration.name:
            self.is_recursive = True
            return original
        spelt = Code(f"_{original}") if str(original) in self.taken else original
        self.references[name] = Reference(spelt, Code(f".{self.names.modules[name]}"), original)
        return spelt

    def view(
        self,
        kind: Literal["record", "enumeration", "union", "alias"],
        base: Code,
        *,
        lines: tuple[Line, ...] = (),
        annotation: Code = Code(""),
        runtime_value: Code = Code(""),
        itself: Code = Code(""),
    ) -> ModelView:
        """The finished view; called last, when every import has been asked for."""
        ref = Code("ref")
        if self.references:
            self.imports.use("typing", "TYPE_CHECKING")
            # A union names its variants in a table of its own.
            ref = ref if kind == "union" else self.imports.use(f"{self.runtime}.model", "ref")
        return ModelView(
            kind=kind,
            module=self.names.modules[self._declaration.name],
            name=self.name,
            docstring=docstring(self._declaration.description or f"{self.name}.", _deprecated(self._declaration)),
            module_docstring=docstring(f"The `{self.name}` model.", indent=0),
            imports=self.imports.lines,
            references=tuple(self.references[name] for name in sorted(self.references)),
            ref=ref,
            base=base,
            lines=lines,
            annotation=annotation,
            runtime_value=runtime_value,
            itself=itself,
        )


def _deprecated(declaration: Declaration) -> str | None:
    return "Deprecated." if declaration.deprecated else None


def model_views(declarations: Iterable[Declaration], names: Names, runtime: Code) -> tuple[ModelView, ...]:
    """A view for each of the types, by module name."""
    views = (_view(declaration, names, runtime) for declaration in declarations)
    return tuple(sorted(views, key=lambda view: view.module))


def _view(declaration: Declaration, names: Names, runtime: Code) -> ModelView:
    module = _Module(declaration, names, runtime)
    match declaration:
        case Record():
            base = module.imports.use(f"{runtime}.model", "Model")
            ordered = sorted(declaration.fields, key=lambda field: not field.required)
            lines = [_field(field, declaration.name, module) for field in ordered]
            return module.view("record", base, lines=(*lines, *_whole(declaration, module)))
        case Enumeration():
            return module.view(
                "enumeration", _enumeration_base(declaration, module), lines=_members(declaration, names)
            )
        case TaggedUnion():
            return _union(declaration, module)
        case Alias(target=target):
            return _alias(target, module)


def _field(field: Field, owner: str, module: _Module) -> Line:
    name = module.names.fields[owner, field.wire_name]
    annotation = module.annotator.of(field.type)
    if field.secret:
        annotation = _marked(annotation, "SECRET", module)
    default: Code | None = None if field.required else _NONE
    factory: Code | None = None
    if field.required and isinstance(field.type, Constant) and not field.nullable:
        annotation = _marked(annotation, "CONSTANT", module)
        default = literal(field.type.value)
    elif _is_stated(field):
        annotation = _marked(annotation, "STATED", module)
    if field.default is not None and not field.required:
        default, factory = _default(field, field.default[0], module)
    optional = not field.required and (field.default is None or field.default[0] is None)
    if field.nullable:
        inner = field.type.inner if isinstance(field.type, Checked) else field.type
        takes_none = isinstance(inner, Anything) or annotation == "None"
        annotation = _marked(annotation if takes_none else Code(f"{annotation} | None"), "NULLABLE", module)
    elif optional:
        annotation = Code(f"{annotation} | None")
    if factory is not None or name != field.wire_name:
        default = _described(name, field.wire_name, default, factory, module)
    code = Code(f"{name}: {annotation}" if default is None else f"{name}: {annotation} = {default}")
    if not (field.description or field.deprecated):
        return Line(code, None)
    return Line(code, docstring(field.description, "Deprecated." if field.deprecated else None))


def _described(name: str, wire_name: str, default: Code | None, factory: Code | None, module: _Module) -> Code:
    """What stands for the default of a member that has a factory, or another name on the wire."""
    arguments = [f"default={default}"] if default is not None else []
    if factory is not None:
        arguments = [f"default_factory={factory}"]
    if name != wire_name:
        wire = literal(wire_name)
        arguments += [f"validation_alias={wire}", f"serialization_alias={wire}"]
    return Code(f"{module.imports.use('pydantic', 'Field')}({', '.join(arguments)})")


def _is_stated(field: Field) -> bool:
    """Whether a member may be left out, but only for the one value that it has: then objects that are built have it."""
    if field.required or field.nullable or field.default is None or not isinstance(field.type, Constant):
        return False
    value = field.type.value
    return isinstance(value, (str, bool, int)) and literal(field.default[0]) == literal(value)


def _marked(annotation: Code, mark: str, module: _Module) -> Code:
    annotated = module.imports.use("typing", "Annotated")
    return Code(f"{annotated}[{annotation}, {module.imports.use(f'{module.runtime}.model', mark)}]")


def _default(field: Field, value: Any, module: _Module) -> tuple[Code | None, Code | None]:
    """The default as a literal where there is one of the type, else as a factory."""
    plain = isinstance(value, bool) and field.type == Scalar("boolean")
    if isinstance(field.type, Scalar) and not isinstance(value, bool):
        kinds = {"string": str, "integer": int}
        plain = isinstance(value, kinds.get(field.type.kind, bool))
    if value is None or plain or (isinstance(field.type, Constant) and isinstance(value, (str, bool, int))):
        return literal(value), None
    spelt = module.annotator.plain().of(field.type)
    if " | " in spelt:
        # How one of several types is chosen is part of the whole annotation.
        spelt = module.annotator.of(field.type)
    if re.search(rf"\b{module.name}\b", spelt):
        # The class is not there yet where its own member is described.
        spelt = Code(f"lambda: {spelt}")
    default_of = module.imports.use(f"{module.runtime}.defaults", "default_of")
    return None, Code(f"{default_of}({spelt}, {module.annotator.tree(value)})")


def _whole(record: Record, module: _Module) -> Iterator[Line]:
    """What the runtime reads of the object as a whole: further members, and what it must fit."""
    if record.additional is not None:
        annotation = module.annotator.of(record.additional)
        if record.secret_further:
            annotation = _marked(annotation, "SECRET", module)
        yield _class_variable("_additional", "Any", annotation, module)
    if record.one_way:
        name = "_read_only" if record.direction == "request" else "_write_only"
        yield _class_variable(name, "Any", literal(record.one_way), module)
    if record.closed:
        yield _class_variable("_closed", "bool", literal(True), module)
    if record.conforms is not None:
        yield _class_variable("_conforms", "Any", module.annotator.tree(record.conforms, is_text=True), module)


def _class_variable(name: str, kind: Literal["Any", "bool"], value: Code, module: _Module) -> Line:
    spelt = module.imports.builtin(kind) if kind == "bool" else module.imports.use("typing", kind)
    return Line(Code(f"{name}: {module.imports.use('typing', 'ClassVar')}[{spelt}] = {value}"), None)


def _enumeration_base(declaration: Enumeration, module: _Module) -> Code:
    kind = "Int" if declaration.base == "integer" else ""
    return module.imports.use(f"{module.runtime}.enums", f"{'Open' if declaration.open else 'Closed'}{kind}Enum")


def _members(declaration: Enumeration, names: Names) -> tuple[Line, ...]:
    return tuple(
        Line(
            Code(f"{names.members[declaration.name, member.value]} = {literal(member.value)}"),
            docstring(member.description) if member.description else None,
        )
        for member in declaration.values
    )


def _alias(target: TypeRef, module: _Module) -> ModelView:
    """A name for a type; one that contains itself is text for type checkers, and refers to itself lazily at run time."""
    alias = module.imports.use("typing", "TypeAlias")
    if isinstance(target, Named) and target.name != module.own:
        # Another name for a class has to be that class, which is there to be called.
        found = module.names.types[target.name]
        return module.view(
            "alias", alias, annotation=module.imports.publish(f".{module.names.modules[target.name]}", found)
        )
    annotation = module.annotator.of(target)
    if not module.is_recursive:
        return module.view("alias", alias, annotation=annotation)
    module.imports.use("typing", "TYPE_CHECKING")
    module.imports.use(f"{module.runtime}.model", "ref")
    itself = f'ref(__package__, ".{module.names.modules[module.own]}", "{module.name}")'
    return module.view(
        "alias", alias, annotation=literal(str(annotation)), runtime_value=annotation, itself=Code(itself)
    )


def _union(declaration: TaggedUnion, module: _Module) -> ModelView:
    unknown = module.imports.use(f"{module.runtime}.unions", "UnknownVariant")
    tagged = module.imports.use(f"{module.runtime}.unions", "tagged_union")
    alias = module.imports.use("typing", "TypeAlias")
    spelt = list(dict.fromkeys(module.refer(variant.type.name) for variant in declaration.variants))
    table = {
        variant.tag: (f".{module.names.modules[variant.type.name]}", str(module.names.types[variant.type.name]))
        for variant in declaration.variants
    }
    return module.view(
        "union",
        alias,
        annotation=Code(" | ".join([*spelt, unknown])),
        runtime_value=Code(f"{tagged}(__package__, {literal(declaration.tag)}, {literal(table)})"),
    )
