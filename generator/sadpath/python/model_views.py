"""Views of the models: a record, an enumeration, a tagged union or an alias, a module each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sadpath.ir.service import Service
from sadpath.ir.types import Alias, Constant, Declaration, Enumeration, Field, Record, TaggedUnion, TypeRef
from sadpath.naming.scope import Code, Identifier
from sadpath.python.annotations import Annotator
from sadpath.python.docstrings import docstring
from sadpath.python.imports import Imports
from sadpath.python.literals import literal
from sadpath.python.names import Names


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


class _Module:
    """What the views of one module share."""

    def __init__(self, declaration: Declaration, names: Names, runtime: Code) -> None:
        self.name = names.types[declaration.name]
        own = {str(name) for (owner, _), name in names.fields.items() if owner == declaration.name}
        self.imports = Imports(own | {str(self.name)} | set(map(str, names.types.values())))
        self.runtime = runtime
        self.names = names
        self.taken = own
        self.references: dict[str, Reference] = {}
        self.annotator = Annotator(self.imports, runtime, self.refer)
        self._declaration = declaration

    def refer(self, name: str) -> Code:
        """The spelling of a declared type in this module."""
        original = self.names.types[name]
        if name == self._declaration.name:
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
        )


def _deprecated(declaration: Declaration) -> str | None:
    return "Deprecated." if declaration.deprecated else None


def model_views(service: Service, names: Names, runtime: Code) -> tuple[ModelView, ...]:
    """A view for every declared type, by module name."""
    views = (_view(declaration, names, runtime) for declaration in service.types)
    return tuple(sorted(views, key=lambda view: view.module))


def _view(declaration: Declaration, names: Names, runtime: Code) -> ModelView:
    module = _Module(declaration, names, runtime)
    match declaration:
        case Record():
            base = module.imports.use(f"{runtime}.model", "Model")
            ordered = sorted(declaration.fields, key=lambda field: not field.required)
            lines = tuple(_field(field, declaration.name, module) for field in ordered)
            if declaration.additional is not None:
                lines = (*lines, _additional(declaration.additional, module))
            return module.view("record", base, lines=lines)
        case Enumeration():
            return module.view(
                "enumeration", _enumeration_base(declaration, module), lines=_members(declaration, names)
            )
        case TaggedUnion():
            return _union(declaration, module)
        case Alias(target=target):
            alias = module.imports.use("typing", "TypeAlias")
            return module.view("alias", alias, annotation=module.annotator.of(target))


def _field(field: Field, owner: str, module: _Module) -> Line:
    name = module.names.fields[owner, field.wire_name]
    annotation = module.annotator.of(field.type)
    if field.secret:
        annotated, secret = module.imports.use("typing", "Annotated"), module.imports.use(
            f"{module.runtime}.model", "SECRET"
        )
        annotation = Code(f"{annotated}[{annotation}, {secret}]")
    default: Code | None = None if field.required else Code("None")
    if field.required and isinstance(field.type, Constant) and not field.nullable:
        annotated = module.imports.use("typing", "Annotated")
        annotation = Code(f"{annotated}[{annotation}, {module.imports.use(f'{module.runtime}.model', 'CONSTANT')}]")
        default = literal(field.type.value)
    if field.default is not None and not field.required:
        default = literal(field.default[0])
    optional = not field.required and (field.default is None or field.default[0] is None)
    if field.nullable:
        annotated = module.imports.use("typing", "Annotated")
        annotation = Code(
            f"{annotated}[{annotation} | None, {module.imports.use(f'{module.runtime}.model', 'NULLABLE')}]"
        )
    elif optional:
        annotation = Code(f"{annotation} | None")
    if name != field.wire_name:
        wire = literal(field.wire_name)
        pydantic_field = module.imports.use("pydantic", "Field")
        head = f"default={default}, " if default is not None else ""
        default = Code(f"{pydantic_field}({head}validation_alias={wire}, serialization_alias={wire})")
    code = Code(f"{name}: {annotation}" + (f" = {default}" if default is not None else ""))
    deprecated = "Deprecated." if field.deprecated else None
    return Line(code, docstring(field.description, deprecated) if field.description or deprecated else None)


def _additional(kind: TypeRef, module: _Module) -> Line:
    """The annotation of members without a name, which the runtime reads."""
    any_, class_var = module.imports.use("typing", "Any"), module.imports.use("typing", "ClassVar")
    return Line(Code(f"_additional: {class_var}[{any_}] = {module.annotator.of(kind)}"), None)


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
