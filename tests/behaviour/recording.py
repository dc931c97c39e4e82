"""A server stub that answers every operation with nothing, and remembers what it got: the bytes, and the handler's request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any

from behaviour.loopback import served
from starlette.types import ASGIApp, Receive, Scope, Send


class Recorder:
    """`lines` are the request lines, `headers` the fields of the last request, `request` what the last handler was given."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.fields: dict[str, bytes] = {}
        self.request: Any = None
        self.answer: Any = None

    def __getattr__(self, name: str) -> Callable[[Any], Any]:
        if name.startswith("_"):
            raise AttributeError(name)

        def handle(request: Any) -> Any:
            self.request = request
            return self.answer

        return handle

    def watching(self, app: ASGIApp) -> ASGIApp:
        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            query = scope["query_string"].decode("ascii")
            path = scope["raw_path"].decode("ascii")
            self.lines.append(f"{scope['method']} {path}{'?' if query else ''}{query}")
            self.fields = {}
            for name, value in scope["headers"]:
                known = self.fields.get(name.decode("ascii"))
                self.fields[name.decode("ascii")] = value if known is None else known + b" // " + value
            self.request = None
            await app(scope, receive, send)

        return watched

    @property
    def line(self) -> str:
        return self.lines[-1]


@contextmanager
def recorded(package: ModuleType, **options: Any) -> Iterator[tuple[str, Recorder]]:
    """The base URL of a package's server stub, and what it gets; `options` are those of `create_app`."""
    recorder = Recorder()
    if hasattr(package.server, "SecurityHooks") and "security" not in options:
        options = {"authenticate": lambda credentials, operation: "anyone", **options}
    groups = dict.fromkeys(package.server.Handlers.__dataclass_fields__, recorder)
    app = package.server.create_app(package.server.Handlers(**groups), **options)
    with served(recorder.watching(app)) as url:
        yield url, recorder


@contextmanager
def conversation(package: ModuleType, *credentials: Any, **options: Any) -> Iterator[SimpleNamespace]:
    """A client of a package that talks to its server stub: `client`, `server` (a Recorder) and `url`."""
    with recorded(package, **options) as (url, recorder):
        with package.Client(*credentials, base_url=url) as client:
            yield SimpleNamespace(client=client, server=recorder, url=url)
