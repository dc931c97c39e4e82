"""Bytes that a program sends without having read them: files with their names, open files, and iterators of chunks."""

from __future__ import annotations

import contextlib
import threading
import weakref
from collections.abc import AsyncIterable, AsyncIterator, Callable, Generator, Iterable, Iterator, Mapping, Sequence
from io import TextIOBase
from typing import Annotated, Any, Final, Protocol, TypeAlias, TypeGuard, runtime_checkable

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema
from pydantic_core import core_schema as cs

from .frozen import dataclass
from .validation import Mode, mode_of, refuse

_CHUNK: Final = 64 * 1024


@runtime_checkable
class Reader(Protocol):
    """A file that is open for reading bytes."""

    def read(self, size: int = -1, /) -> bytes: ...


ByteSource: TypeAlias = bytes | Reader | Iterable[bytes] | AsyncIterable[bytes]
"""A body as bytes, as an open file, or as an iterator of chunks (an async one for an async client); the last two are sent as they are read."""


class Upload:
    """A file of a multipart body: its content, and what is said about it: `headers` are further fields of its part.

    The text form does not hold the content.
    """

    __slots__ = ("content", "content_type", "filename", "headers")

    # No dataclass: pydantic would take one apart where a member may be anything.
    def __init__(
        self,
        content: bytes | Reader,
        filename: str | None = None,
        content_type: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.content = content
        self.filename = filename
        self.content_type = content_type
        self.headers: Mapping[str, str] = headers or {}

    @classmethod
    def of(cls, file: bytes | Reader | Upload) -> Upload:
        """The file itself, or one that has only this content; a file on disk goes by its name without folders."""
        if isinstance(file, Upload):
            return file
        return cls(file, None if isinstance(file, bytes) else _name_of(file))

    def read(self) -> bytes:
        """The whole content; an open file is read to its end."""
        return self.content if isinstance(self.content, bytes) else self.content.read()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Upload) and _parts_of(self) == _parts_of(other)

    def __hash__(self) -> int:
        return hash((self.filename, self.content_type))

    def __repr__(self) -> str:
        return f"Upload(filename={self.filename!r}, content_type={self.content_type!r})"


def _parts_of(upload: Upload) -> tuple[Any, ...]:
    return upload.content, upload.filename, upload.content_type, dict(upload.headers)


def _name_of(file: Reader) -> str | None:
    name = getattr(file, "name", None)
    return name.replace("\\", "/").rpartition("/")[2] or None if isinstance(name, str) else None


def is_reader(value: object) -> TypeGuard[Reader]:
    """Whether the value is an open file."""
    return callable(getattr(value, "read", None)) and not isinstance(value, Upload)


def is_file(value: object) -> TypeGuard[bytes | Reader | Upload]:
    """Whether the value can be sent as a file."""
    return isinstance(value, bytes | Upload) or is_reader(value)


class FileRule:
    """A member that is a file; where its bytes came as text of JSON, the bytes of that text."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return cs.with_info_plain_validator_function(_read_file)


def _read_file(value: Any, info: Any) -> Any:
    if is_file(value):
        # Pydantic would take an open file for an iterator when it writes the member.
        return value if isinstance(value, bytes) else Upload.of(value)
    if isinstance(value, str) and mode_of(info) is not Mode.BUILD:
        return value.encode("utf-8", "surrogatepass")
    raise refuse("bytes, an Upload or a file opened for reading bytes is expected")


File: TypeAlias = Annotated[bytes | Reader | Upload, FileRule()]
"""A file of a body: its bytes, an open file, or an `Upload` that also says its name and its media type. A server gets an `Upload`."""


_LOCKS: Final[weakref.WeakKeyDictionary[Any, threading.Lock]] = weakref.WeakKeyDictionary()
_LOCKS_LOCK: Final = threading.Lock()


def _lock_of(source: object) -> threading.Lock:
    """What guards an open file against two readers; a source that cannot be noted has nobody else's eye on it."""
    with _LOCKS_LOCK, contextlib.suppress(TypeError):
        return _LOCKS.setdefault(source, threading.Lock())
    return threading.Lock()


@dataclass(frozen=True, slots=True, repr=False)
class Payload:
    """A body that is read while it is sent; `length` in bytes is None where nobody knows it.

    `starts` are where open files that can be rewound are read from, however often they are; None for other sources.
    """

    sources: Sequence[ByteSource]
    length: int | None
    starts: Sequence[int | None] = ()

    def chunks(self) -> Iterator[bytes]:
        """The bytes, each source read from its start; raises TypeError for an async iterator, RuntimeError while somebody else reads them."""
        with self._alone():
            for source in self._rewound():
                if isinstance(source, AsyncIterable):
                    raise TypeError("an async iterator is sent by an async client alone")
                yield from _chunks(source)

    async def achunks(self) -> AsyncIterator[bytes]:
        """As `chunks`, async iterators included."""
        with self._alone():
            for source in self._rewound():
                async for chunk in source if isinstance(source, AsyncIterable) else _achunks(source):
                    yield chunk

    def rewound(self) -> Iterator[bytes] | None:
        """The bytes, to be looked at; None where they can be read but once."""
        return self.chunks() if self.is_replayable else None

    @contextlib.contextmanager
    def _alone(self) -> Generator[None]:
        """Two who read one file at once would each get half of it."""
        files = {id(source): source for source in self.sources if not isinstance(source, bytes)}
        with contextlib.ExitStack() as held:
            for source in files.values():
                lock = _lock_of(source)
                if not lock.acquire(blocking=False):
                    raise RuntimeError("the file is being sent by another call")
                held.callback(lock.release)
            yield

    def _rewound(self) -> Iterator[ByteSource]:
        for place, source in enumerate(self.sources):
            seek: Callable[[int], Any] | None = getattr(source, "seek", None)
            start = self.starts[place] if self.starts else None
            if start is not None and seek is not None:
                seek(start)
            yield source

    @property
    def is_replayable(self) -> bool:
        """Whether the same bytes can be had once more: of bytes, and of files that can be rewound."""
        starts = self.starts or [None] * len(self.sources)
        return all(isinstance(one, bytes) or start is not None for one, start in zip(self.sources, starts, strict=True))

    @property
    def is_async(self) -> bool:
        """Whether only an async client can send it."""
        return any(isinstance(source, AsyncIterable) for source in self.sources)


def _chunks(source: bytes | Reader | Iterable[bytes]) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
    elif isinstance(source, Iterable) and not is_reader(source):
        for chunk in source:
            yield _checked(chunk)
    elif is_reader(source):
        while chunk := source.read(_CHUNK):
            yield _checked(chunk)


async def _achunks(source: bytes | Reader | Iterable[bytes]) -> AsyncIterator[bytes]:
    for chunk in _chunks(source):
        yield chunk


def _checked(chunk: object) -> bytes:
    if not isinstance(chunk, bytes):
        raise TypeError("a file that is sent must give bytes: open it in the mode 'rb'")
    return chunk


def payload_of(sources: Sequence[ByteSource]) -> bytes | Payload:
    """The bytes where all are at hand; else what is read while it is sent.

    Raises TypeError for a file in text mode, and ValueError for a file that is read to its end already, or that
    would have to be read twice and cannot be.
    """
    at_hand = [source for source in sources if isinstance(source, bytes)]
    if len(at_hand) == len(sources):
        return b"".join(at_hand)
    spans = [_span(source) for source in sources]
    _check_sources(sources, spans)
    lengths = [
        len(source) if isinstance(source, bytes) else _left(span) for source, span in zip(sources, spans, strict=True)
    ]
    known = [length for length in lengths if length is not None]
    starts = tuple(None if span is None else span[0] for span in spans)
    return Payload(tuple(sources), sum(known) if len(known) == len(lengths) else None, starts)


def _check_sources(sources: Sequence[ByteSource], spans: Sequence[tuple[int, int] | None]) -> None:
    seen: set[int] = set()
    for source, span in zip(sources, spans, strict=True):
        if isinstance(source, bytes):
            continue
        if isinstance(source, TextIOBase) or (is_reader(source) and isinstance(getattr(source, "encoding", None), str)):
            raise TypeError("a file that is sent must give bytes: open it in the mode 'rb'")
        if span is not None and span[0] >= span[1] > 0:
            raise ValueError("a file that is sent has been read to its end: seek to where it begins")
        is_single = span is None and (is_reader(source) or isinstance(source, Iterator | AsyncIterator))
        if is_single and id(source) in seen:
            raise ValueError("a file or an iterator that cannot be rewound is to be sent twice")
        seen.add(id(source))


def _left(span: tuple[int, int] | None) -> int | None:
    return None if span is None else max(span[1] - span[0], 0)


def _span(source: ByteSource) -> tuple[int, int] | None:
    """Where an open file stands and where it ends; None for a source that cannot tell."""
    seek: Callable[..., Any] | None = getattr(source, "seek", None)
    tell: Callable[[], int] | None = getattr(source, "tell", None)
    if not is_reader(source) or seek is None or tell is None:
        return None
    try:
        here = tell()
        seek(0, 2)
        end = tell()
        seek(here)
    except (OSError, ValueError):
        return None
    return here, end
