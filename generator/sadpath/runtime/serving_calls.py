"""What a server calls and what it sends: functions that may be plain or `async`, and answers as Starlette's responses."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from .answers import Answer


async def called(function: Callable[..., Any], *arguments: Any) -> Any:
    """A coroutine function is awaited, any other runs in a thread; an awaitable that it returns is awaited too."""
    target = function if inspect.isroutine(function) else getattr(function, "__call__", function)  # noqa: B004
    if inspect.iscoroutinefunction(target):
        return await function(*arguments)
    value = await run_in_threadpool(function, *arguments)
    return await value if inspect.isawaitable(value) else value


def response_of(answer: Answer, method: str) -> Response:
    """The response that an answer is; that to HEAD has its header fields alone."""
    response = Response(b"" if method == "HEAD" else answer.body, answer.status)
    lines = [
        (name.lower().encode("latin-1"), value.encode("latin-1", "replace")) for name, value in answer.headers.lines
    ]
    is_bodiless = answer.status in (204, 304)
    length = [] if is_bodiless else [(b"content-length", str(len(answer.body)).encode("ascii"))]
    response.raw_headers = [*lines, *length]
    return response
