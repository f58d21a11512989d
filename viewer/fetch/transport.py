"""httpx's transport over connections that go only to checked addresses and end when they are cancelled.

Imports httpx at once; `viewer.fetch.client` imports this module when the first file is fetched.
"""

from __future__ import annotations

import queue
import threading
import time
import typing
from collections.abc import Callable, Iterable, Iterator

import httpcore
import httpx

from viewer.fetch import policy
from viewer.fetch.call import Call, cancelled_error

T = typing.TypeVar("T")
Resolve = Callable[[str, int], list[str]]

_READ_BYTES = 256 << 10  # httpcore asks for a quarter; a large file then costs four times the calls
LOOK_S = 0.2  # how often a waiting connection looks whether it was cancelled


class CheckedBackend(httpcore.NetworkBackend):
    """Resolves a name once, checks every address, and connects to one that was checked.

    Host and SNI stay the name, for httpcore takes them from the request. Because the address that was
    checked is the one connected to, a name that resolves differently the second time gains nothing.
    """

    def __init__(
        self, call: Call, *, allow_private: Callable[[str], bool], resolve: Resolve, trusted: bool = False
    ) -> None:
        self._call = call
        self._allow_private = allow_private
        self._resolve = resolve
        self._trusted = trusted
        """For the way to a proxy, which the user named."""
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """See `httpcore.NetworkBackend`. Raises FetchError for an address that is refused, OSError by name."""
        until = time.monotonic() + timeout if timeout else None
        addresses = aside(lambda: self._resolve(host, port), self._call, until)
        if not self._trusted:
            policy.check_addresses(host, addresses, allow_private=self._allow_private(host))
        failure: Exception | None = None
        for address in addresses:

            def connect(address: str = address) -> httpcore.NetworkStream:
                return self._inner.connect_tcp(address, port, _left(until), local_address, socket_options)

            try:
                stream = aside(connect, self._call, until, discard=lambda stream: stream.close())
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return WatchedStream(stream, self._call)
        raise failure or httpcore.ConnectError(f"{host} has no address")

    def connect_unix_socket(self, *args: typing.Any, **kwargs: typing.Any) -> httpcore.NetworkStream:
        """No address of an export means one."""
        raise httpcore.UnsupportedProtocol("no sockets of this machine")

    def sleep(self, seconds: float) -> None:
        """See `httpcore.NetworkBackend`; its own retries are off."""
        time.sleep(seconds)


class WatchedStream(httpcore.NetworkStream):
    """A connection whose reads wait in slices, so that cancelling and the deadline of the head act at once."""

    def __init__(self, inner: httpcore.NetworkStream, call: Call) -> None:
        self._inner = inner
        self._call = call

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """See `httpcore.NetworkStream`. Raises FetchError (``cancelled``, ``timeout``) as well."""
        until = time.monotonic() + timeout if timeout is not None else None
        while True:
            self._call.check()
            left = _left(until)
            if left is not None and left <= 0:
                raise httpcore.ReadTimeout("no answer")
            try:
                received = self._inner.read(max(max_bytes, _READ_BYTES), LOOK_S if left is None else min(LOOK_S, left))
            except httpcore.ReadTimeout:
                continue
            self._call.took(received)
            return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """See `httpcore.NetworkStream`."""
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        """See `httpcore.NetworkStream`."""
        self._inner.close()

    def start_tls(
        self, ssl_context: typing.Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """See `httpcore.NetworkStream`."""
        until = time.monotonic() + timeout if timeout else None
        stream = aside(
            lambda: self._inner.start_tls(ssl_context, server_hostname, timeout),
            self._call,
            until,
            discard=lambda stream: stream.close(),
        )
        self._call.begin()  # what came before belongs to the proxy
        return WatchedStream(stream, self._call)

    def get_extra_info(self, info: str) -> typing.Any:
        """See `httpcore.NetworkStream`."""
        return self._inner.get_extra_info(info)


class CheckedTransport(httpx.BaseTransport):
    """One request after the other through httpcore, over a `CheckedBackend` (or an environment's proxy)."""

    def __init__(
        self,
        call: Call,
        *,
        allow_private: Callable[[str], bool],
        resolve: Resolve,
        proxy: str | None = None,
    ) -> None:
        context = httpx.create_ssl_context()  # certifi, or what SSL_CERT_FILE and SSL_CERT_DIR name
        backend = CheckedBackend(call, allow_private=allow_private, resolve=resolve, trusted=proxy is not None)
        self._proxied = proxy is not None
        self._allow_private = allow_private
        self._pool: httpcore.ConnectionPool
        if proxy is None:
            self._pool = httpcore.ConnectionPool(
                ssl_context=context, max_connections=64, keepalive_expiry=15.0, network_backend=backend
            )
        else:
            way = httpx.Proxy(proxy)
            self._pool = httpcore.HTTPProxy(
                httpcore.URL(str(way.url)),
                proxy_auth=way.raw_auth,
                ssl_context=context,
                max_connections=64,
                keepalive_expiry=15.0,
                network_backend=backend,
            )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send it; the target goes out as in ``extensions["target"]``. Raises httpcore's exceptions."""
        if self._proxied:
            policy.check_literal(request.url.host, allow_private=self._allow_private(request.url.host))
        target = request.extensions.get("target", request.url.raw_path)
        response = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=target,
                ),
                headers=request.headers.raw,
                extensions={"timeout": request.extensions.get("timeout", {})},
            )
        )
        assert isinstance(response.stream, typing.Iterable)
        return httpx.Response(status_code=response.status, headers=response.headers, stream=_Body(response.stream))

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: typing.Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        self._stream.close()


def aside(work: Callable[[], T], call: Call, until: float | None, discard: Callable[[T], None] = lambda _: None) -> T:
    """Do what cannot be interrupted (resolving, connecting) in a thread, and stop waiting when cancelled.

    A result that comes too late goes to `discard`. Raises what `work` raises, FetchError, ConnectTimeout.
    """
    results: queue.SimpleQueue[tuple[T | None, BaseException | None]] = queue.SimpleQueue()
    abandoned = threading.Event()
    hand_over = threading.Lock()

    def run() -> None:
        try:
            result = work()
        except BaseException as error:
            results.put((None, error))
            return
        with hand_over:
            if not abandoned.is_set():
                results.put((result, None))
                return
        discard(result)

    threading.Thread(target=run, name="connect", daemon=True).start()
    while True:
        left = _left(until)
        try:
            result, error = results.get(timeout=LOOK_S if left is None else max(0.0, min(LOOK_S, left)))
        except queue.Empty:
            late = left is not None and left <= LOOK_S
            if not late and not call.is_cancelled():
                continue
            with hand_over:
                abandoned.set()
                if results.empty():
                    raise cancelled_error() if call.is_cancelled() else httpcore.ConnectTimeout("no answer") from None
            continue
        if error is not None:
            raise error
        return typing.cast(T, result)


def _left(until: float | None) -> float | None:
    return None if until is None else until - time.monotonic()
