"""What messages carry, for the reference pages: bodies by media type, answers with their header fields and links."""

from __future__ import annotations

from sadpath.ir.service import Body, Operation, Success
from sadpath.reference.labels import Labels
from sadpath.reference.markdown import Markdown, cell_code, code, inline
from sadpath.reference.types import Types


def body_text(body: Body | None, types: Types, models: str) -> Markdown:
    """The type of the body for each media type."""
    if body is None:
        return Markdown("")
    return Markdown(
        " · ".join(f"{cell_code(one.media_type)}: {types.spell(one.type, models)}" for one in body.contents)
    )


def answer_texts(
    operation: Operation, types: Types, models: str, labels: Labels
) -> tuple[tuple[Markdown, Markdown], ...]:
    """The status and the content of each success."""
    return tuple((inline(one.status), _answer(one, operation, (types, models), labels)) for one in operation.successes)


def _answer(success: Success, operation: Operation, spelling: tuple[Types, str], labels: Labels) -> Markdown:
    types, models = spelling
    if success.type is None:
        text = labels.no_body
    elif success.stream is not None:
        text = Markdown(f"{labels.stream_of} {types.spell(success.type, models)}")
    else:
        text = types.spell(success.type, models)
    alike = [one for one in operation.successes if one.status == success.status]
    parts = [f"{text} ({code(success.media_type)})" if len(alike) > 1 and success.media_type is not None else text]
    if success is alike[0]:
        parts += [f"{code(header.name)}: {types.spell(header.type, models)}" for header in success.headers]
        parts += [f"→ {code(link.contract.name)}: {code(link.contract.operation)}" for link in success.links]
    return Markdown(" · ".join(parts))
