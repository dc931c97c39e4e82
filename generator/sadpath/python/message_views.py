"""Views of what operations carry: the arguments that bodies become, what calls return, and both as the runtime reads them."""

from __future__ import annotations

from sadpath.ir import service as ir
from sadpath.ir.types import Nullable, Scalar, TypeRef
from sadpath.naming.scope import Code
from sadpath.python.annotations import Annotator
from sadpath.python.imports import Imports
from sadpath.python.literals import literal
from sadpath.runtime import contract as wire
from sadpath.runtime.frozen import dataclass
from sadpath.runtime.media import media_type_matches

_BYTES = Scalar("binary")


@dataclass(frozen=True, slots=True)
class Spelling:
    """What spelling the types of one module needs."""

    imports: Imports
    annotator: Annotator
    runtime: Code

    def value(self, kind: TypeRef) -> Code:
        """The type of a value that is a whole body."""
        return self.imports.builtin("bytes") if kind == _BYTES else self.annotator.of(kind)

    def handed(self, kind: TypeRef) -> Code:
        """The same where a contract hands it to the runtime."""
        return self.imports.builtin("bytes") if kind == _BYTES else self.annotator.as_value(kind)

    def source(self, kind: TypeRef) -> Code:
        """The type of a value that is sent as a whole body: bytes may be read while they are sent."""
        return self.imports.use(f"{self.runtime}.uploads", "ByteSource") if kind == _BYTES else self.annotator.of(kind)


def union(codes: list[Code]) -> Code:
    return Code(" | ".join(dict.fromkeys(codes)) or "None")


def body_annotation(body: ir.Body, spelling: Spelling, *, sent: bool) -> Code:
    """The type of the argument `body`; None is left to whoever knows whether it is required."""
    kinds = [_without_null(content.type) for content in body.contents]
    return union([spelling.source(kind) if sent else spelling.value(kind) for kind in kinds])


def takes_null(body: ir.Body) -> bool:
    """Whether null is a body."""
    return any(isinstance(content.type, Nullable) or content.type == Scalar("null") for content in body.contents)


def _without_null(kind: TypeRef) -> TypeRef:
    return kind.inner if isinstance(kind, Nullable) else kind


def content_type_annotation(body: ir.Body, spelling: Spelling) -> Code | None:
    """The type of the argument that chooses the media type; None where there is nothing to choose."""
    if _is_range(body):
        text = spelling.imports.builtin("str")
        return text if body.required or default_content_type(body) != "None" else Code(f"{text} | None")
    if not body.others:
        return None
    names = ", ".join(literal(content.media_type) for content in body.contents)
    return Code(f"{spelling.imports.use('typing', 'Literal')}[{names}]")


def is_chosen(body: ir.Body) -> bool:
    """Whether there is an argument for the media type."""
    return bool(body.others) or _is_range(body)


def _is_range(body: ir.Body) -> bool:
    return any("*" in content.media_type for content in body.contents)


def default_content_type(body: ir.Body) -> Code:
    """What is sent where nothing is chosen; empty where something must be, since the contract names a range alone."""
    if "*" not in body.media_type:
        return literal(body.media_type)
    if media_type_matches("application/octet-stream", [body.media_type]):
        return literal("application/octet-stream")
    return Code("" if body.required else "None")


def plain_successes(operation: ir.Operation) -> tuple[ir.Success, ...]:
    """The successes that a call waits for: those that are no streams, unless all are."""
    return tuple(item for item in operation.successes if item.stream is None)


def streamed_items(operation: ir.Operation) -> tuple[TypeRef, ...]:
    """The types of the items of streams."""
    return tuple(item.type for item in operation.successes if item.stream is not None and item.type is not None)


def is_stream(operation: ir.Operation) -> bool:
    """Whether every answer with a body is a stream of items."""
    return bool(streamed_items(operation)) and all(item.type is None for item in plain_successes(operation))


def has_bytes(operation: ir.Operation) -> bool:
    return any(item.type == _BYTES for item in plain_successes(operation))


def item_annotation(operation: ir.Operation, spelling: Spelling) -> Code | None:
    """The type of the items of the stream that an answer is, or can be; None where it cannot."""
    items = [spelling.annotator.of(kind) for kind in streamed_items(operation)]
    if has_bytes(operation) and not items:
        items.append(spelling.imports.builtin("bytes"))
    return union(items) if items else None


def returned(operation: ir.Operation, spelling: Spelling) -> Code:
    """What a call returns; of an operation that answers with a stream, an item."""
    if is_stream(operation):
        return union([spelling.annotator.of(kind) for kind in streamed_items(operation)])
    found = plain_successes(operation)
    return union([spelling.value(item.type) if item.type is not None else Code("None") for item in found])


def handled(operation: ir.Operation, spelling: Spelling) -> Code:
    """What a handler returns: values, iterators of items for streams, and bytes in any form."""
    codes: list[Code] = []
    if not is_stream(operation):
        kinds = [item.type for item in plain_successes(operation)]
        codes += [spelling.source(kind) if kind is not None else Code("None") for kind in kinds]
    for kind in streamed_items(operation):
        item = spelling.annotator.of(kind)
        codes += [
            Code(f"{spelling.imports.use('collections.abc', name)}[{item}]") for name in ("Iterable", "AsyncIterable")
        ]
    return union(codes)


def body_contract(body: ir.Body, arguments: tuple[str, ...] | None, extra: str | None, spelling: Spelling) -> wire.Body:
    """The body as the runtime reads it."""
    others = tuple(
        wire.Content(content.media_type, spelling.handed(content.type), content.encoding) for content in body.others
    )
    return wire.Body(
        body.media_type,
        spelling.handed(body.type),
        body.required,
        arguments,
        extra,
        body.encoding,
        others,
        takes_null(body),
    )


def success_contracts(operation: ir.Operation, spelling: Spelling) -> tuple[wire.Success, ...]:
    """The successes as the runtime reads them."""
    return tuple(
        wire.Success(
            item.status,
            item.media_type,
            spelling.handed(item.type) if item.type is not None else None,
            item.stream,
            tuple(
                wire.Header(
                    header.name,
                    spelling.annotator.as_value(header.type),
                    header.required,
                    header.explode,
                    header.media_type,
                )
                for header in item.headers
            ),
            tuple(link.contract for link in item.links),
        )
        for item in operation.successes
    )


def link_lines(operation: ir.Operation) -> list[str]:
    """What the answers link to, for a docstring."""
    links = {link.contract.name: link for item in operation.successes for link in item.links}
    return [
        f"`{name}`: to `{link.contract.operation}`." + (f" {link.description}" if link.description else "")
        for name, link in links.items()
    ]
