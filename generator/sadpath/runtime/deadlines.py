"""Ends whatever a call does on the network when the time of the call is up; the transport of a client is built with it."""

from __future__ import annotations

import contextlib
import importlib.util
import ipaddress
import socket
import ssl
import time
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextvars import ContextVar
from typing import Any, Final, NoReturn, cast
from urllib.request import getproxies

import anyio
import httpcore2
import httpx2

from .environment import INSTANT

_SLICE: Final = 16 * 1024
"""Bytes that are written at a time: what one TLS record holds, and what a socket that is ready to write takes at once."""
_ENDS: ContextVar[float | None] = ContextVar("deadline", default=None)
"""When the current call has to be over, on the clock of `time.monotonic`."""
_Options = Iterable[tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]]


@contextlib.contextmanager
def within(seconds: float | None) -> Generator[None]:
    """Give what happens in this block so many seconds in all; of blocks in each other, the one that ends first counts.

    It holds for the thread or the task that enters it. None sets no limit of its own.
    """
    ends = None if seconds is None else time.monotonic() + seconds
    outer = _ENDS.get()
    token = _ENDS.set(outer if ends is None else ends if outer is None else min(ends, outer))
    try:
        yield
    finally:
        # A coroutine that nobody awaits any more is closed elsewhere, where there is nothing to take back.
        with contextlib.suppress(ValueError):
            _ENDS.reset(token)


def left(timeout: float | None = None) -> float | None:
    """Seconds until the timeout or the end of the call, whichever is first, and never fewer than 0; None where there is neither."""
    ends = _ENDS.get()
    if ends is None:
        return timeout
    remaining = max(0.0, ends - time.monotonic())
    return remaining if timeout is None else min(timeout, remaining)


def cut_off() -> contextlib.AbstractContextManager[object]:
    """Cancels what an async call awaits in this block, whoever made its HTTP client, when its time is up: it raises TimeoutError then."""
    return anyio.fail_after(left())


class Timeouts(dict[str, float | None]):
    """The timeouts of a request (httpx2's extension "timeout"), each cut to what is left of the call when it is asked for.

    With it, no step of a call begins with more time than the call has, in a client of the caller's own too.
    """

    def __init__(self, timeout: float | None) -> None:
        super().__init__(httpx2.Timeout(timeout).as_dict())

    def __getitem__(self, step: str) -> float | None:
        remaining = left(super().__getitem__(step))
        return None if remaining is None else max(remaining, INSTANT)

    # That of a dict has overloads; a timeout is asked for by the name of the step alone.
    def get(self, step: str, default: Any = None) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        """As in a dict."""
        return self[step] if step in self else default


class _Stream(httpcore2.NetworkStream):
    """A connection that a server can't hold for longer than the call lasts, however small the pieces that it sends."""

    def __init__(self, inner: httpcore2.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _remaining(timeout, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        view = memoryview(buffer)
        for start in range(0, len(view), _SLICE):
            self._inner.write(bytes(view[start : start + _SLICE]), _remaining(timeout, httpcore2.WriteTimeout))

    def close(self) -> None:
        # Closing alone does not wake a thread that waits for this connection.
        with contextlib.suppress(OSError, ValueError, AttributeError):
            self._inner.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        try:
            remaining = _remaining(timeout, httpcore2.ConnectTimeout)
        except httpcore2.ConnectTimeout:
            self.close()
            raise
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, remaining))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore2.NetworkBackend):
    """Connects with what is left of the call, all addresses of a host together."""

    def __init__(self) -> None:
        self._inner = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: _Options | None = None,
    ) -> httpcore2.NetworkStream:
        options = None if socket_options is None else list(socket_options)
        with within(timeout):
            addresses = _addresses(host, port)
            for place, address in enumerate(addresses[:-1]):
                # An address that does not answer must not use up the time of the others.
                with contextlib.suppress(httpcore2.ConnectError, httpcore2.ConnectTimeout):
                    return self._connected((address, port), len(addresses) - place, local_address, options)
            return self._connected((addresses[-1], port), 1, local_address, options)

    def _connected(
        self, address: tuple[str, int], shares: int, local_address: str | None, options: _Options | None
    ) -> _Stream:
        remaining = _remaining(None, httpcore2.ConnectTimeout)
        share = None if remaining is None else remaining / shares
        return _Stream(self._inner.connect_tcp(*address, share, local_address, options))

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: _Options | None = None
    ) -> httpcore2.NetworkStream:
        remaining = _remaining(timeout, httpcore2.ConnectTimeout)
        return _Stream(self._inner.connect_unix_socket(path, remaining, socket_options))

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(left(seconds) or 0.0)


def _remaining(timeout: float | None, late: type[httpcore2.TimeoutException]) -> float | None:
    remaining = left(timeout)
    if remaining is not None and remaining <= 0:
        raise late("the time of the call is up")
    return remaining


def _addresses(host: str, port: int) -> list[str]:
    """What the host's name stands for, in the system's order. The system can't be told how long to look for it."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore2.ConnectError(str(error)) from error
    several = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    # A single address is left to the library, by the name: the scope of a link-local one is not in its text.
    return several if len(several) > 1 else [host]


@contextlib.contextmanager
def _translated() -> Generator[None]:
    try:
        yield
    except (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError) as error:
        _raise_as_httpx2(error)
    except (httpcore2.ProxyError, httpcore2.UnsupportedProtocol) as error:
        _raise_as_httpx2(error)


def _raise_as_httpx2(error: Exception) -> NoReturn:
    """The two libraries, released as one, call their exceptions alike."""
    same: type[httpx2.TransportError] = getattr(httpx2, type(error).__name__, httpx2.TransportError)
    raise same(str(error)) from error


class _Content(httpx2.SyncByteStream):
    """The body of an answer as it comes."""

    def __init__(self, response: httpcore2.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        with _translated():
            yield from self._response.iter_stream()

    def close(self) -> None:
        with _translated():
            self._response.close()


class DeadlineTransport(httpx2.BaseTransport):
    """A transport for `httpx2.Client` that ends connecting, TLS, sending and receiving when the time of a call is up.

    httpx2's own transport gives each read a time of its own, so that a server that sends a byte now and then is waited
    for without end. Connections are HTTP/1.1. Not bounded: how long the system looks for the address of a name, and
    TLS to a server inside of TLS to a proxy, where each record has the time that was left when it was asked for.
    Raises ImportError for a SOCKS proxy where `socksio` is missing.
    """

    def __init__(
        self,
        verify: ssl.SSLContext | bool = True,
        proxy: httpx2.Proxy | str | None = None,
        limits: httpx2.Limits | None = None,
    ) -> None:
        limits = limits or httpx2.Limits(max_connections=100, max_keepalive_connections=20)
        proxy = httpx2.Proxy(proxy) if isinstance(proxy, str) else proxy
        if proxy is not None and proxy.url.scheme.startswith("socks") and importlib.util.find_spec("socksio") is None:
            raise ImportError('a SOCKS proxy needs socksio: pip install "httpx2[socks]"', name="socksio")
        self._pool = httpcore2.ConnectionPool(
            ssl_context=httpx2.create_ssl_context(verify=verify),
            proxy=None if proxy is None else _core_proxy(proxy),
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=_Backend(),
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request; raises httpx2's exceptions."""
        if not isinstance(request.stream, httpx2.SyncByteStream):
            raise TypeError("a body that is read asynchronously can't be sent by a client that blocks")
        asked = httpcore2.Request(
            method=request.method,
            url=_core_url(request.url),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _translated():
            answered = self._pool.handle_request(asked)
        extensions = cast("dict[str, Any]", answered.extensions)  # pyright: ignore[reportUnknownMemberType] a bare dict
        return httpx2.Response(
            answered.status, headers=answered.headers, stream=_Content(answered), extensions=extensions
        )

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


def _core_url(url: httpx2.URL) -> httpcore2.URL:
    return httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)


def _core_proxy(proxy: httpx2.Proxy) -> httpcore2.Proxy:
    return httpcore2.Proxy(
        _core_url(proxy.url), auth=proxy.raw_auth, headers=proxy.headers.raw, ssl_context=proxy.ssl_context
    )


def http_client() -> httpx2.Client:
    """An `httpx2.Client` like one without arguments, the proxies of the environment included, whose calls end in time."""
    context = httpx2.create_ssl_context()
    mounts = {
        pattern: None if proxy is None else DeadlineTransport(context, proxy)
        for pattern, proxy in _proxies(getproxies()).items()
    }
    return httpx2.Client(transport=DeadlineTransport(context), mounts=mounts)


def _proxies(environment: Mapping[str, str]) -> dict[str, str | None]:
    """The proxy by what it is for, as httpx2's `mounts` name that; None: no proxy."""
    excepted = [entry.strip() for entry in environment.get("no", "").split(",")]
    if "*" in excepted:
        return {}
    found: dict[str, str | None] = {}
    for scheme in ("http", "https", "all"):
        if proxy := environment.get(scheme):
            found[f"{scheme}://"] = proxy if "://" in proxy else f"http://{proxy}"
    patterns = [_pattern(entry) for entry in excepted if entry] if found else []
    return found | dict.fromkeys(pattern for pattern in patterns if pattern is not None)


def _pattern(entry: str) -> str | None:
    """What an entry of NO_PROXY excepts; None where it can't be understood."""
    pattern = entry if "://" in entry else f"all://{_host_pattern(entry)}"
    try:
        httpx2.URL(pattern)
    except httpx2.InvalidURL:
        return None
    return pattern if pattern == entry or "/" not in entry or _is_network(entry) else None


def _host_pattern(entry: str) -> str:
    address, slash, length = entry.partition("/")
    try:
        version = ipaddress.ip_address(address).version
    except ValueError:
        # A name stands for itself and for what is below it; `localhost`, a wildcard and [::1] for themselves.
        return entry if entry.lower() == "localhost" or entry.startswith(("[", "*.")) else f"*{entry}"
    return f"[{address}]{slash}{length}" if version == 6 else entry  # noqa: PLR2004


def _is_network(entry: str) -> bool:
    try:
        ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return False
    return entry.partition("/")[2].isdecimal()
