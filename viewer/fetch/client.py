"""Fetches one file over HTTP: GET only, the query byte for byte, to checked addresses, within limits.

httpx is imported with the first fetch. Its four traps (reliability.md §5.1) are closed here: `target` goes
out as it stands and redirects are followed by our own loop; ``params`` is never used; its loggers are
silenced and no exception of its own, which would quote the URL, leaves this module; no encoding is asked for.
"""

from __future__ import annotations

import contextlib
import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urljoin, urlsplit

from viewer import __version__, limits, log
from viewer.errors import FetchError
from viewer.fetch import body as bodies
from viewer.fetch import policy, presign
from viewer.fetch.body import Changed, Piece, Progress, Wanted
from viewer.fetch.call import Call, cancelled_error, never
from viewer.fetch.clock import Clock
from viewer.fetch.failures import Passing, in_words
from viewer.fetch.parts import Part
from viewer.fetch.refusals import read_refusal

if TYPE_CHECKING:
    import httpx

_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait and how often to try; tests give less."""

    connect_s: float = limits.CONNECT_S
    first_byte_s: float = limits.FIRST_BYTE_S
    idle_s: float = limits.IDLE_S
    slow_s: float = limits.SLOW_S
    slow_bytes_per_s: int = limits.SLOW_BYTES_PER_S
    tries: int = limits.FETCH_TRIES
    wait_s: float = limits.FETCH_WAIT_S
    wait_max_s: float = limits.FETCH_WAIT_MAX_S
    after_max_s: float = limits.RETRY_AFTER_S
    """The longest wait that a server may ask for, where somebody is told of it."""
    whole_s: float | None = limits.ASSET_S
    """One file, all tries together."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A pause before the next try, to be shown: how long, after what, and whether the server has too much to do."""

    seconds: float
    after: FetchError
    host: str
    is_busy: bool = False


OnWait: TypeAlias = Callable[[Wait], None]


@dataclass(frozen=True, slots=True)
class Received:
    """What came: bytes written, their SHA-256, and what the server said of them."""

    length: int
    sha256: str
    head: bytes
    """The first bytes, at most 512."""
    content_type: str
    encoding: str
    """``Content-Encoding`` in lower case; the bytes are as they came."""
    etag: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said to a question, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    """As it came, cut after the limit that was asked for."""


class Client:
    """Shared by all fetching threads; connections are kept for a while. Close it at the end."""

    def __init__(
        self,
        *,
        allow_private_hosts: bool = False,
        patience: Patience | None = None,
        resolve: Callable[[str, int], list[str]] = policy.resolve,
        transport: Callable[[], httpx.BaseTransport] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.allow_private_hosts = allow_private_hosts
        self.allowed_hosts: set[str] = set()
        """Private hosts that the user allowed one by one, in lower case."""
        self.patience = patience or Patience()
        self.clock = Clock(now)
        self._resolve = resolve
        self._transport = transport
        self._call = Call()
        self._lock = threading.Lock()
        self._clients: dict[str | None, httpx.Client] = {}

    def get(
        self,
        url: str,
        part: Part,
        *,
        name: str,
        on_progress: Progress | None = None,
        on_wait: OnWait | None = None,
        cancelled: Callable[[], bool] = never,
        check_room: Callable[[int], None] = lambda length: None,
        limit: int = limits.ASSET_BYTES,
    ) -> Received:
        """Fetch `url` into `part`, going on with what it holds, and trying again what may pass.

        `name` is what messages call the file. `check_room(bytes)` raises FetchError when the disk is too small.
        A server that asks for minutes is waited for only where `on_wait` can show it. Raises FetchError with the
        sentence for the user; its code tells what to offer. `part` then has what came so far.
        """
        address = policy.check_url(url)
        self._call.start(cancelled)
        p = self.patience
        until = None if p.whole_s is None else time.monotonic() + p.whole_s
        wanted = Wanted(
            name=name, host=address.host, path=address.path, limit=limit, until=until, slow_s=p.slow_s,
            slow_bytes_per_s=p.slow_bytes_per_s, check_room=check_room,
            on_progress=on_progress or (lambda received, total: None),
        )  # fmt: skip
        furthest, tries, changed = part.length, 0, 0
        for _ in range(limits.FETCH_TRIES_MOST):
            try:
                return self._once(address, part, wanted)
            except Changed:
                part.start(None)
                changed += 1
                if changed > 1:
                    raise FetchError(
                        f"{name} changes on {address.host} while it is fetched. Try again later, or locate the file.",
                        code="server",
                    ) from None
                continue
            except Passing as passing:
                if part.length >= furthest + limits.FETCH_PROGRESS:
                    furthest, tries = part.length, 0
                tries += 1
                stop, wait = passing, self.wait_s(tries - 1, passing.after_s)
            # a server that asks for minutes is waited for only where somebody is told why nothing happens
            most = p.wait_max_s if on_wait is None else max(p.wait_max_s, p.after_max_s)
            if tries >= p.tries or wait > most:
                tried = f" Tried {tries} times." if tries > 1 else ""
                raise stop.error.with_more(tried)
            if on_wait is not None:
                on_wait(Wait(wait, stop.error, address.host, stop.is_busy))
            self._pause(wait, cancelled)
            wanted.check_time()
        raise FetchError(f"{address.host} breaks off {name} again and again. Try again to go on with it.")

    @contextlib.contextmanager
    def piece(
        self, url: str, *, name: str, start: int, end: int, etag: str = "", cancelled: Callable[[], bool] = never
    ) -> Iterator[Piece]:
        """Ask for the bytes from `start` to before `end` of a file, once; `etag` names the state that they belong to.

        What is raised inside the ``with`` by taking the bytes is put into words, too: FetchError, or `Passing` for
        what may work when it is tried again.
        """
        signed = address = policy.check_url(url)
        self._call.start(cancelled)
        headers = {"Range": f"bytes={start}-{end - 1}"} | ({"If-Range": etag} if etag else {})
        p = self.patience
        for _ in range(limits.REDIRECTS + 1):
            proxy = self._proxy(address)
            by = urlsplit(proxy).hostname or "" if proxy else ""
            with in_words(address.host, name, connect_s=p.connect_s, idle_s=p.idle_s, proxy=by):
                response = self._send(address, headers, proxy)
                try:
                    self.clock.learn(address.host, response.headers)
                    location = response.headers.get("location")
                    if response.status_code in _REDIRECTS and location:
                        address = policy.check_redirect(address, _absolute(address.url, location))
                        continue
                    if response.status_code not in (200, 206, 412, 416):
                        raise self._refusal(response, address, signed, name)
                    yield bodies.piece_of(response, address.host)
                    return
                finally:
                    response.close()
        raise _too_many_redirects(signed.host, name)

    def ask(
        self, url: str, *, headers: Mapping[str, str], limit: int, head_s: float, cancelled: Callable[[], bool] = never
    ) -> Answer:
        """One question with `headers` that may hold a key; its answer, whatever it is, within `head_s` seconds.

        No redirect is followed: the headers are for this server alone. Nor do they go through a proxy unless TLS
        hides them. Raises FetchError, and `Passing` for what may work when it is asked again.
        """
        address = policy.check_url(url)
        self._call.start(cancelled)
        p = self.patience
        proxy = self._proxy(address) if address.scheme == "https" else None
        by = urlsplit(proxy).hostname or "" if proxy else ""
        with in_words(address.host, "its answer", connect_s=p.connect_s, idle_s=head_s, proxy=by):
            response = self._send(address, dict(headers), proxy, head_s=head_s)
            try:
                self.clock.learn(address.host, response.headers)
                body, until = b"", time.monotonic() + p.slow_s
                for piece in response.iter_raw():
                    body += piece
                    if len(body) > limit or time.monotonic() > until:
                        break
                return Answer(response.status_code, dict(response.headers), body[: limit + 1])
            finally:
                response.close()

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            client.close()

    def wait_s(self, attempt: int, after_s: float | None) -> float:
        """How long to wait after so many tries (0: the first); `after_s` is the server's wish."""
        if after_s is not None:
            return after_s
        return random.uniform(0.0, min(self.patience.wait_max_s, self.patience.wait_s * 2**attempt))

    @staticmethod
    def _pause(seconds: float, cancelled: Callable[[], bool]) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if cancelled():
                raise cancelled_error()
            time.sleep(min(0.1, left))

    def _once(self, signed: policy.WebAddress, part: Part, wanted: Wanted) -> Received:
        address = signed
        asked_from = part.resume_at()
        p = self.patience
        for _ in range(limits.REDIRECTS + 1):
            proxy = self._proxy(address)
            by = urlsplit(proxy).hostname or "" if proxy else ""
            with in_words(address.host, wanted.name, connect_s=p.connect_s, idle_s=p.idle_s, proxy=by):
                response = self._send(address, _range_headers(part, asked_from), proxy)
                try:
                    status = response.status_code
                    self.clock.learn(address.host, response.headers)
                    location = response.headers.get("location")
                    if status in _REDIRECTS and location:
                        address = policy.check_redirect(address, _absolute(address.url, location))
                        continue
                    if asked_from and status in (412, 416):
                        if status == 412 or not bodies.is_complete(part, response):
                            raise Changed
                    elif status == 200 or (status == 206 and asked_from):
                        start = bodies.begin(part, response, asked_from, wanted)
                        bodies.receive(part, response, start, wanted, self._call.extra)
                    else:
                        raise self._refusal(response, address, signed, wanted.name)
                finally:
                    response.close()
                return self._received(part, wanted)
        raise _too_many_redirects(signed.host, wanted.name)

    def _send(
        self, address: policy.WebAddress, headers: dict[str, str], proxy: str | None, *, head_s: float | None = None
    ) -> httpx.Response:
        client = self._client(proxy)
        p = self.patience
        idle_s = head_s or p.idle_s
        extensions: dict[str, Any] = {
            "timeout": {"connect": p.connect_s, "read": idle_s, "write": p.idle_s, "pool": p.connect_s}
        }
        if (target := address.target) is not None:
            extensions["target"] = target
        request = client.build_request("GET", address.url.partition("#")[0], headers=headers, extensions=extensions)
        self._call.begin(head_s=p.connect_s + (head_s or p.first_byte_s))
        response = client.send(request, stream=True, follow_redirects=False)
        self._call.head_came()
        if sum(len(field) + len(value) + 4 for field, value in response.headers.raw) > limits.HEADER_BYTES:
            response.close()
            raise FetchError(f"{address.host} answered with more headers than files have. Locate the file instead.")
        return response

    @staticmethod
    def _received(part: Part, wanted: Wanted) -> Received:
        version = part.version
        assert version is not None
        bodies.check_is_no_page(part, wanted)
        wanted.on_progress(part.length, part.length)
        head = part.head(bodies.HEAD_BYTES)
        return Received(part.length, part.sha256, head, version.content_type, version.encoding, version.etag)

    def _refusal(
        self, response: httpx.Response, address: policy.WebAddress, signed: policy.WebAddress, name: str
    ) -> Exception:
        body = b""
        with contextlib.suppress(Exception):  # the status alone has a sentence, too
            for piece in response.iter_raw():
                body += piece
                if len(body) >= limits.REFUSAL_BYTES:
                    break
        self._call.check()
        refusal = read_refusal(
            response.status_code,
            response.headers,
            body[: limits.REFUSAL_BYTES],
            name=name,
            host=address.host,
            expiry=presign.expiry(signed.url),
            now=self.clock.now(),
        )
        if not refusal.is_passing:
            return refusal.error
        return Passing(refusal.error, refusal.after_s, is_busy=refusal.is_busy)

    def _proxy(self, address: policy.WebAddress) -> str | None:
        """The proxy that this computer prescribes for the address, None for the straight way."""
        if self._transport is not None:
            return None
        import urllib.request

        proxies = urllib.request.getproxies()
        proxy = proxies.get(address.scheme) or proxies.get("all")
        if not proxy or urllib.request.proxy_bypass(address.host):
            return None
        return proxy if "://" in proxy else f"http://{proxy}"

    def _client(self, proxy: str | None) -> httpx.Client:
        import http.cookiejar

        import httpx

        log.quiet_libraries()
        with self._lock:
            if proxy not in self._clients:
                # No cookie is kept, and no environment is read (it could hold credentials in a netrc).
                jar = http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
                self._clients[proxy] = httpx.Client(
                    transport=self._transport() if self._transport else self._checked_transport(proxy),
                    headers={
                        "User-Agent": f"ango-viewer/{__version__}",
                        "Accept": "*/*",
                        "Accept-Encoding": "identity",
                    },
                    cookies=jar,
                    follow_redirects=False,
                    trust_env=False,
                )
            return self._clients[proxy]

    def _checked_transport(self, proxy: str | None) -> httpx.BaseTransport:
        from viewer.fetch.transport import CheckedTransport

        return CheckedTransport(self._call, allow_private=self._may_be_private, resolve=self._resolve, proxy=proxy)

    def _may_be_private(self, host: str) -> bool:
        return self.allow_private_hosts or host.lower() in self.allowed_hosts


def _too_many_redirects(host: str, name: str) -> FetchError:
    return FetchError(f"{host} redirected {name} more than {limits.REDIRECTS} times. Locate the file instead.")


def _range_headers(part: Part, asked_from: int) -> dict[str, str]:
    """What asks for the rest of a part."""
    if not asked_from:
        return {}
    headers = {"Range": f"bytes={asked_from}-"}
    if part.version is not None and part.version.is_strong:
        headers["If-Range"] = part.version.etag
    return headers


def _absolute(base: str, location: str) -> str:
    """Where a ``Location`` leads; an absolute one byte for byte, for it may be signed."""
    return location if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", location) else urljoin(base, location)
