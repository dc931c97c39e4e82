"""Answers that are successes: which of the documented ones it is, its value, its typed header fields, and where it links to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from .answers import Answer
from .contract import Header, OperationContract, Success
from .conversion import decode
from .headers import Headers
from .media import charset_of, is_json, is_range, media_type_matches, media_type_of
from .model import Model
from .references import resolved
from .resolution import Fit, is_success, status_fit
from .shapes import Shape, from_text, shape_of
from .validation import Violation, details_of, pointer_in
from .wire import JsonError, parse_json


class NotReadable(Exception):
    """A success whose body cannot be read; the text says why, without the body."""


def accepted(contract: OperationContract, *, streamed: bool) -> str:
    """The `Accept` field of a call: the media types of what it asks for, and JSON for what goes wrong."""
    kinds = [
        success.media_type
        for success in contract.success
        if success.media_type is not None and _is_asked_for(success, contract, streamed=streamed)
    ]
    return ", ".join(dict.fromkeys([*kinds, "application/json"]))


def _is_asked_for(success: Success, contract: OperationContract, *, streamed: bool) -> bool:
    if streamed:
        return is_streamed(success)
    return success.stream is None or all(one.stream is not None for one in contract.success)


def is_streamed(success: Success) -> bool:
    """Whether its answer can be taken piece by piece: a sequence of items, or bytes."""
    return success.stream is not None or (success.type is not None and resolved(success.type) is bytes)


def documented(contract: OperationContract, status: int, headers: Headers, *, streamed: bool = False) -> Success | None:
    """The documented success of a status; of several the one of the stated media type. A redirection is one where it is documented."""
    if not is_success(status) and not 300 <= status < 400:
        return None
    known = [one for one in contract.success if is_success(status) or one.status.upper() != "DEFAULT"]
    fitting = [(status_fit([success.status], status), success) for success in known]
    best = min((fit for fit, _ in fitting), default=Fit.OTHER)
    if best is Fit.OTHER:
        return None
    found = [success for fit, success in fitting if fit is best]
    stated = headers.get("content-type")
    matching = [success for success in found if success.media_type and media_type_matches(stated, [success.media_type])]
    precise = [success for success in matching if not is_range(success.media_type or "")]
    wanted = [success for success in precise or matching or found if is_streamed(success) is streamed]
    return next(iter([*wanted, *precise, *matching, *found]))


def read_success(success: Success, answer: Answer, *, strict: bool = False) -> Any:
    """The value that an answer is; `strict` refuses one that breaks the contract. Raises NotReadable."""
    if success.type is None:
        return None
    kind = resolved(success.type)
    try:
        if kind is bytes:
            return answer.body
        value = _read(success, kind, answer)
    except (JsonError, UnicodeDecodeError, LookupError) as error:
        raise NotReadable(str(error)) from error
    except ValidationError as error:
        raise NotReadable("the answer is not what the contract describes") from error
    if strict and isinstance(value, Model) and value.violations:
        raise NotReadable(f"status {answer.status} is not in the contract")
    return value


def _read(success: Success, kind: Any, answer: Answer) -> Any:
    charset = charset_of(answer.headers.get("content-type"))
    if success.media_type is None or is_json(success.media_type) or is_range(success.media_type):
        return decode(success.type, parse_json(answer.body, charset=charset))
    if not is_text(success.media_type):
        return decode(success.type, parse_json(answer.body, charset=charset))
    text = answer.body.decode(charset or "utf-8")
    return text if kind is str else decode(success.type, from_text(text.strip(), shape_of(success.type)))


def is_text(media_type: str) -> bool:
    """Whether bodies of this type are text as it stands."""
    return (media_type_of(media_type) or "").startswith("text/") and not is_json(media_type)


class Fields(Mapping[str, Any]):
    """The documented header fields of an answer, decoded, by name in any case. One that is not there, or that cannot be
    read, is not in it; `violations` says what was wrong.
    """

    __slots__ = ("_values", "violations")

    def __init__(self, values: Mapping[str, Any], violations: Iterable[Violation] = ()) -> None:
        self._values = {name.lower(): value for name, value in values.items()}
        self.violations = tuple(violations)

    def __getitem__(self, name: str) -> Any:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Fields({', '.join(self._values)})"


def read_fields(success: Success | None, headers: Headers) -> Fields:
    """The header fields that a success describes."""
    values: dict[str, Any] = {}
    violations: list[Violation] = []
    for header in success.headers if success is not None else ():
        lines = headers.get_all(header.name)
        if not lines:
            if header.required:
                violations.append(Violation(f"/{header.name}", "is missing"))
            continue
        try:
            values[header.name] = _field(header, lines)
        except ValidationError as error:
            violations += [
                Violation(f"/{header.name}{pointer_in(detail['loc'])}", detail["msg"]) for detail in details_of(error)
            ]
        except ValueError:
            violations.append(Violation(f"/{header.name}", "cannot be read"))
    return Fields(values, violations)


def _field(header: Header, lines: tuple[str, ...]) -> Any:
    text = ", ".join(lines) if shape_of(header.type).kind == "array" else lines[0]
    if header.media_type is not None:
        return decode(header.type, parse_json(text) if is_json(header.media_type) else text)
    return decode(header.type, _simple(header, shape_of(header.type), text.strip()))


def _simple(header: Header, shape: Shape, text: str) -> Any:
    """Style `simple`, which is the one that header fields have."""
    parts = [part.strip() for part in text.split(",")] if text else []
    if shape.kind == "array":
        return [from_text(part, shape.of()) for part in parts]
    if shape.kind == "object":
        pairs = (
            [part.partition("=")[::2] for part in parts]
            if header.explode
            else list(zip(parts[::2], parts[1::2], strict=False))
        )
        return {name: from_text(value, shape.of(name)) for name, value in pairs}
    return from_text(text, shape)
