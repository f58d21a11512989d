"""Fetches one file over HTTP: GET only, the query byte for byte, to checked addresses, within limits.

httpx is imported with the first fetch. Its four traps (reliability.md §5.1) are closed here: `target` goes
out as it stands and redirects are followed by our own loop; ``params`` is never used; its loggers are
silenced and no exception of its own, which would quote the URL, leaves this module; no encoding is asked for.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import random
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias
from urllib.parse import urljoin

from viewer import __version__, limits, log
from viewer.errors import FetchError
from viewer.fetch import policy, presign
from viewer.fetch.call import Call, cancelled_error, never
from viewer.fetch.refusals import read_refusal

if TYPE_CHECKING:
    import httpx

Progress: TypeAlias = Callable[[int, int | None], None]
"""Called in the fetching thread with the bytes received and the total (None when the server does not say)."""

_REDIRECTS = (301, 302, 303, 307, 308)
_MEDIA_NAME = re.compile(
    r"\.(png|jpe?g|jp2|gif|bmp|tiff?|webp|avif|heic|dcm|dicom|pdf|mp4|m4v|mov|webm|mkv|avi|wav|mp3|ogg|flac|nrrd"
    r"|nii|gz|zip|pcd|las)\Z",
    re.IGNORECASE,
)
_PROGRESS_S = 0.05
_HEAD_BYTES = 512


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


class _Passing(Exception):  # noqa: N818 - not an error yet: the next try may work
    def __init__(self, error: FetchError, after_s: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.after_s = after_s


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
        self.patience = patience or Patience()
        self._resolve = resolve
        self._transport = transport
        self._now = now
        self._call = Call()
        self._lock = threading.Lock()
        self._clients: dict[str | None, httpx.Client] = {}

    def get(
        self,
        url: str,
        into: BinaryIO,
        *,
        name: str,
        on_progress: Progress | None = None,
        cancelled: Callable[[], bool] = never,
        check_room: Callable[[int], None] = lambda length: None,
        limit: int = limits.ASSET_BYTES,
    ) -> Received:
        """Fetch `url` into the file `into` (empty, seekable), trying again what may pass.

        `name` is what messages call the file. `check_room(bytes)` raises FetchError when the disk is too
        small. Raises FetchError with the sentence for the user; its code tells what to offer.
        """
        address = policy.check_url(url)
        self._call.start(cancelled)
        for attempt in range(self.patience.tries):
            try:
                return self._once(address, into, name, on_progress or (lambda received, total: None), check_room, limit)
            except _Passing as passing:
                wait = self._wait_s(attempt, passing.after_s)
                if attempt + 1 == self.patience.tries or wait > self.patience.wait_max_s:
                    tried = f" Tried {attempt + 1} times." if attempt else ""
                    raise FetchError(f"{passing.error}{tried}", code=passing.error.code) from None
            self._pause(wait, cancelled)
            into.seek(0)
            into.truncate()
        raise AssertionError("a try returns or raises")

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            client.close()

    def _wait_s(self, attempt: int, after_s: float | None) -> float:
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

    def _once(
        self,
        address: policy.WebAddress,
        into: BinaryIO,
        name: str,
        on_progress: Progress,
        check_room: Callable[[int], None],
        limit: int,
    ) -> Received:
        signed = address
        with self._in_words(address, name):
            for _ in range(limits.REDIRECTS + 1):
                response = self._send(address)
                try:
                    location = response.headers.get("location")
                    if response.status_code in _REDIRECTS and location:
                        address = policy.check_redirect(address, _absolute(address.url, location))
                        continue
                    if response.status_code != 200:
                        raise self._refusal(response, address, signed, name)
                    return self._receive(response, address, into, name, on_progress, check_room, limit)
                finally:
                    response.close()
        raise FetchError(
            f"{signed.host} redirected {name} more than {limits.REDIRECTS} times. Locate the file instead.",
            code="server",
        )

    def _send(self, address: policy.WebAddress) -> httpx.Response:
        client = self._client(self._proxy(address))
        p = self.patience
        extensions: dict[str, Any] = {
            "timeout": {"connect": p.connect_s, "read": p.idle_s, "write": p.idle_s, "pool": p.connect_s}
        }
        if (target := address.target) is not None:
            extensions["target"] = target
        request = client.build_request("GET", address.url.partition("#")[0], extensions=extensions)
        self._call.begin(head_s=p.connect_s + p.first_byte_s)
        response = client.send(request, stream=True, follow_redirects=False)
        self._call.head_came()
        if sum(len(field) + len(value) + 4 for field, value in response.headers.raw) > limits.HEADER_BYTES:
            response.close()
            raise FetchError(f"{address.host} answered with more headers than files have. Locate the file instead.")
        return response

    def _receive(
        self,
        response: httpx.Response,
        address: policy.WebAddress,
        into: BinaryIO,
        name: str,
        on_progress: Progress,
        check_room: Callable[[int], None],
        limit: int,
    ) -> Received:
        total = _length(response)
        if total is not None:
            _check_size(total, limit, name)
            check_room(total)
        digest = hashlib.sha256()
        received = 0
        head = b""
        pace_from, pace_received = time.monotonic(), 0
        told = -1.0
        for piece in response.iter_raw():
            received += len(piece)
            if total is None:
                _check_size(received, limit, name)
                if received % (64 * limits.MB) < len(piece):
                    check_room(0)
            digest.update(piece)
            into.write(piece)
            if len(head) < _HEAD_BYTES:
                head = (head + piece)[:_HEAD_BYTES]
            now = time.monotonic()
            if now - pace_from >= self.patience.slow_s:
                if received - pace_received < self.patience.slow_bytes_per_s * (now - pace_from):
                    raise _Passing(
                        FetchError(f"{address.host} sends {name} too slowly to ever arrive. Try again.", code="timeout")
                    )
                pace_from, pace_received = now, received
            if now - told >= _PROGRESS_S:
                on_progress(received, total)
                told = now
        self._check_length(response, received, total, name, address.host)
        _check_is_no_page(response, head, address, name)
        on_progress(received, total if total is not None else received)
        return Received(
            received,
            digest.hexdigest(),
            head,
            response.headers.get("content-type", "")[:200],
            response.headers.get("content-encoding", "").strip().lower()[:40],
            response.headers.get("etag", "")[:200],
        )

    def _check_length(self, response: httpx.Response, received: int, total: int | None, name: str, host: str) -> None:
        if total is None:
            return
        if received < total:
            raise _Passing(FetchError(f"{host} sent {received} of {total} bytes of {name} and stopped. Try again."))
        # What lies behind the announced end was read from the connection, but not handed out as the body.
        if "transfer-encoding" not in response.headers and self._call.body_received > total:
            raise FetchError(
                f"{host} sent more of {name} than the {total} bytes that it announced, so it may be damaged. "
                "Try again, or locate the file."
            )

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
            now=self._now(),
        )
        return _Passing(refusal.error, refusal.after_s) if refusal.is_passing else refusal.error

    @contextlib.contextmanager
    def _in_words(self, address: policy.WebAddress, name: str) -> Iterator[None]:
        """Turn what httpx, httpcore and the system raise into sentences; none of it may quote the URL."""
        import ssl

        import httpcore
        import httpx

        host = address.host
        try:
            yield
        except (FetchError, _Passing):
            raise
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpcore.UnsupportedProtocol, UnicodeError):
            raise FetchError(
                f"The address of {name} is not used: it is not a valid URL. Locate the file, or correct the export.",
                code="policy",
            ) from None
        except (httpcore.ConnectTimeout, httpcore.PoolTimeout, httpx.ConnectTimeout, httpx.PoolTimeout):
            sentence = f"{host} does not answer (no connection after {self.patience.connect_s:.0f} s). Try again."
            raise _Passing(FetchError(sentence, code="timeout")) from None
        except (httpcore.TimeoutException, httpx.TimeoutException, TimeoutError):
            sentence = f"{host} stopped sending {name} ({self.patience.idle_s:.0f} s of silence). Try again."
            raise _Passing(FetchError(sentence, code="timeout")) from None
        except (httpcore.ProxyError, httpx.ProxyError):
            raise FetchError("The proxy refused the connection. Check the proxy settings of this computer.") from None
        except (httpcore.ConnectError, httpx.ConnectError, ssl.SSLError, socket.gaierror) as error:
            raise _no_connection(error, host) from None
        except (httpcore.ProtocolError, httpx.ProtocolError, httpcore.NetworkError, httpx.NetworkError):
            raise _Passing(FetchError(f"{host} broke off while sending {name}. Try again.")) from None
        except OSError as error:
            raise FetchError(
                f"{name} could not be written to the cache ({error.strerror or type(error).__name__}). "
                "Free some space, or choose another cache folder.",
                code="disk",
            ) from None

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

        return CheckedTransport(self._call, allow_private=self.allow_private_hosts, resolve=self._resolve, proxy=proxy)


def _no_connection(error: Exception, host: str) -> Exception:
    """A sentence for each way in which there is no connection; certificates and unknown names do not pass."""
    import ssl

    text = str(error)
    if isinstance(error, ssl.SSLError) or "SSL" in text or "certificate" in text.lower():
        reason = re.search(r"certificate verify failed: ([^()]{1,100})", text)
        why = f" ({reason[1].strip()})" if reason else ""
        return FetchError(
            f"The connection to {host} is not safe: its certificate or encryption is not accepted{why}. "
            "Check this computer's clock and certificates; nothing was sent.",
        )
    number = error.errno if isinstance(error, OSError) else getattr(error.__cause__, "errno", None)
    if isinstance(error, socket.gaierror):
        if number in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", -5)):
            return FetchError(f"There is no server named {host}, or no connection to ask for it.", code="offline")
        return _Passing(FetchError(f"No connection: the name {host} could not be looked up.", code="offline"))
    if number in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN):
        return _Passing(FetchError(f"No connection to {host}. Cached files still open.", code="offline"))
    return _Passing(FetchError(f"No connection to {host}: nobody answers there. Try again.", code="server"))


def _absolute(base: str, location: str) -> str:
    """Where a ``Location`` leads; an absolute one byte for byte, for it may be signed."""
    return location if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", location) else urljoin(base, location)


def _length(response: httpx.Response) -> int | None:
    value = response.headers.get("content-length", "")
    return int(value) if re.fullmatch(r"[0-9]{1,18}", value) else None


def _check_size(length: int, limit: int, name: str) -> None:
    if length > limit:
        raise FetchError(
            f"{name} is larger than {size_in_words(limit)}, the limit for one file. "
            "Fetch it by other means and locate it.",
            code="too-large",
        )


def _check_is_no_page(response: httpx.Response, head: bytes, address: policy.WebAddress, name: str) -> None:
    """A login page instead of the picture: status 200, and HTML where the name says media."""
    if not (_MEDIA_NAME.search(address.path) or _MEDIA_NAME.search(name)):
        return
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:15].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise FetchError(
            f"{address.host} sent a web page instead of {name}: probably it wants somebody to log in. "
            "Open a newer export, or locate the file.",
            code="refused",
        )


def size_in_words(length: int) -> str:
    """``3 KB``, ``4.1 MB``, ``22 GB``: powers of 1024, as file managers show them."""
    for unit, size in (("GB", limits.GB), ("MB", limits.MB), ("KB", limits.KB)):
        if length >= size:
            return f"{length / size:.1f}".removesuffix(".0") + f" {unit}"
    return f"{length} bytes"
