"""Asks Ango Hub for new links with the user's API key: one file's link, or a fresh export of the project.

The key goes to the host that the user named and nowhere else: only by HTTPS (or to this computer itself), never
along a redirect, never through a proxy that could read it. It is in no message, no ``repr`` and no file.
"""

from __future__ import annotations

import io
import ipaddress
import threading
import time
from collections.abc import Callable
from typing import Literal
from urllib.parse import urlencode, urlsplit

import msgspec

from viewer import limits
from viewer.errors import FetchError, one_line
from viewer.fetch import policy
from viewer.fetch.body import Progress
from viewer.fetch.call import cancelled_error, never
from viewer.fetch.client import Answer, Client, OnWait, Patience, Wait
from viewer.fetch.failures import Passing
from viewer.fetch.parts import Part
from viewer.fetch.refusals import retry_after_s

HOSTS: tuple[tuple[str, str], ...] = (
    ("https://imeritapi.ango.ai", "EU"),
    ("https://us-api.ango.ai", "US"),
    ("https://in-api.ango.ai", "IN"),
    ("https://testapi.ango.ai", "Test"),
)
"""Ango Hub's own servers and their regions (format reference §15). Others may run it, too."""

Kind = Literal["assets", "brushes", "medicalBrushes"]
"""What a link is of, in the server's words."""

_EXPORT = {
    "format": "ndjson", "type": "task", "sendEmail": "false", "includeMetadata": "true", "includeHistory": "true",
    "doNotNotify": "true", "includeOnlyKeyFrames": "false", "includeIdleBlurDurations": "false",
}  # fmt: skip
_LOOK_S = 0.1


class _Signed(msgspec.Struct, rename="camel"):
    signed_url: str


class _Exported(msgspec.Struct, rename="camel"):
    export_path: str


class _SignedAnswer(msgspec.Struct):
    data: _Signed


class _ExportAnswer(msgspec.Struct):
    data: _Exported


def check_host(text: str) -> str:
    """The base address of a server as it is used: ``https://name[:port][/path]``.

    A name alone means https. Raises FetchError (``policy``) for what no key may be sent to; http is for this
    computer itself (127.0.0.1, ::1, localhost).
    """
    text = text.strip()
    if "://" not in text:
        text = f"https://{text}"
    try:
        address = policy.check_url(text)
    except FetchError:
        raise FetchError(
            "This is no address of a server. Write it like https://imeritapi.ango.ai.", code="policy"
        ) from None
    parts = urlsplit(text)
    if parts.query or parts.fragment:
        raise FetchError("The address of the server ends before a ? or #. Write its name alone.", code="policy")
    if address.scheme == "http" and not is_this_computer(address.host):
        raise FetchError(
            f"{address.host} would get the key unprotected (http). Write https; nothing was sent.", code="policy"
        )
    host = f"[{address.host}]" if ":" in address.host else address.host
    port = "" if parts.port is None else f":{parts.port}"
    return f"{address.scheme}://{host}{port}{parts.path.rstrip('/')}"


def is_this_computer(host: str) -> bool:
    """Whether a name can only mean the computer that asks."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_key(text: str) -> str:
    """A key as it is sent. Raises FetchError (``key``) for what cannot be one."""
    key = text.strip()
    if not key:
        raise FetchError("The key is empty. Copy it from your account in Ango Hub.", code="key")
    if len(key) > 8192 or not all("!" <= sign <= "~" for sign in key):
        raise FetchError(
            "This is no key: it holds spaces, line breaks or letters that no key has. Copy it once more.", code="key"
        )
    return key


class Hub:
    """One server, asked with one key. Thread-safe; close it at the end. Raises FetchError with a sentence each time.

    Codes: ``key`` (not accepted), ``blocked`` (by where this computer is), ``gone``, ``refused``, ``policy``,
    ``offline``, ``timeout``, ``server``, ``cancelled``.
    """

    def __init__(
        self,
        host: str,
        key: str,
        *,
        patience: Patience | None = None,
        resolve: Callable[[str, int], list[str]] = policy.resolve,
        on_wait: OnWait = lambda wait: None,
    ) -> None:
        """`on_wait` runs in the asking thread when the server wants to be left alone for a while."""
        self.host = check_host(host)
        self.name = policy.check_url(self.host).host
        """The server's name, as messages tell it."""
        self._key = check_key(key)
        self._patience = patience or Patience()
        self._client = Client(patience=self._patience, resolve=resolve)
        if self.host not in dict(HOSTS):  # one that the user wrote may be a machine of his own network
            self._client.allowed_hosts.add(self.name)
        self._on_wait = on_wait
        self._lock = threading.Lock()
        self._rests_until = 0.0

    def __repr__(self) -> str:
        return f"Hub({self.host!r})"

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def signed_url(self, url: str, *, project: str, kind: Kind, cancelled: Callable[[], bool] = never) -> str:
        """A new link to the file that `url` (with or without its old signature) names."""
        query = urlencode({"name": without_query(url), "project": project, "type": kind})
        answer = self._ask(f"/v2/getSignedUrl?{query}", cancelled, self._patience.first_byte_s)
        try:
            found = msgspec.json.decode(answer.body, type=_SignedAnswer).data.signed_url
            old, new = policy.check_url(url), policy.check_url(found)
        except (msgspec.DecodeError, UnicodeDecodeError, FetchError):
            raise self._misunderstood("a link") from None
        if old.scheme == "https" and new.scheme == "http":
            raise self._unprotected()
        return found

    def export(
        self, project: str, *, on_progress: Progress = lambda received, total: None,
        cancelled: Callable[[], bool] = never,
    ) -> io.BytesIO:  # fmt: skip
        """A fresh export of the project: its ZIP, in memory alone, for every line of it holds signatures.

        Making it takes the server up to minutes. The file itself is fetched without the key.
        """
        query = urlencode({"project": project, **_EXPORT})
        answer = self._ask(f"/v2/export?{query}", cancelled, limits.HUB_EXPORT_S)
        try:
            path = msgspec.json.decode(answer.body, type=_ExportAnswer).data.export_path
            address = policy.check_url(path)
        except (msgspec.DecodeError, UnicodeDecodeError, FetchError):
            raise self._misunderstood("an export") from None
        if self.host.startswith("https:") and address.scheme == "http":
            raise self._unprotected()
        content = io.BytesIO()
        self._client.get(
            path, Part(content), name="the fresh export", on_progress=on_progress, on_wait=self._on_wait,
            cancelled=cancelled, limit=limits.HUB_EXPORT_BYTES,
        )  # fmt: skip
        content.seek(0)
        return content

    def _ask(self, target: str, cancelled: Callable[[], bool], head_s: float) -> Answer:
        """The answer 200 to a question; what may pass is asked again. Raises FetchError for every other."""
        for attempt in range(self._patience.tries):
            self._rest(cancelled)
            try:
                return self._once(target, cancelled, head_s)
            except Passing as passing:
                stop = passing
            wait = self._client.wait_s(attempt, stop.after_s)
            if attempt + 1 == self._patience.tries or wait > self._patience.after_max_s:
                raise stop.error
            with self._lock:  # whoever else asks waits, too
                until = time.monotonic() + wait
                self._rests_until = max(self._rests_until, until) if stop.is_busy else self._rests_until
            if wait >= 1.0:
                self._on_wait(Wait(wait, stop.error, self.name, stop.is_busy))
            _pause(until, cancelled)
        raise AssertionError("the last try returns or raises")

    def _once(self, target: str, cancelled: Callable[[], bool], head_s: float) -> Answer:
        try:
            answer = self._client.ask(
                self.host + target, headers={"apikey": self._key, "Accept": "application/json"},
                limit=limits.HUB_ANSWER_BYTES, head_s=head_s, cancelled=cancelled,
            )  # fmt: skip
        except FetchError as error:
            if error.code == "private-host":
                raise FetchError(
                    f"{self.name} leads to {error.address}, a private address, where Ango Hub is not. "
                    "The key was not sent. Check the network of this computer.",
                    code="policy",
                ) from None
            raise
        if answer.status != 200:
            raise self.refusal(answer)
        return answer

    def refusal(self, answer: Answer) -> Exception:
        """What an answer without what was asked for means: FetchError, or `Passing` where another try may help."""
        status, name = answer.status, self.name
        said = f"HTTP {status}"
        if status in (401, 403):
            text = f"The server did not accept this key ({status}). It is mistyped, was withdrawn, belongs to "
            return FetchError(f"{text}another host than {name}, or may not read this project.", code="key", answer=said)
        if status == 451:
            text = f"{name} does not answer from where this computer is (451, geofencing). "
            return FetchError(f"{text}Ask whoever runs the project to allow this network.", code="blocked", answer=said)
        if status in (404, 410):
            text = f"{name} knows no such project or file ({status}). Check the project's id and the host."
            return FetchError(text, code="gone", answer=said)
        if status in (400, 422):
            text = f"{name} did not take the question ({status}). Check the project's id."
            return FetchError(text, code="refused", answer=said)
        if 300 <= status < 400:
            text = f"{name} points to another address ({status}); the key was not sent there. Check the host."
            return FetchError(text, code="policy", answer=said)
        if status in (408, 425, 429) or status >= 500:
            is_busy = status in (429, 503)
            after = retry_after_s(answer.headers)
            what = "has too many questions" if is_busy else "could not answer"
            wish = f" It asks to wait {_span(after)}." if after else ""
            error = FetchError(f"{name} {what} ({status}).{wish} Try again later.", code="server", answer=said)
            return Passing(error, after, is_busy=is_busy)
        return FetchError(f"{name} answered {status}, which means nothing here. Check the host.", code="server")

    def _misunderstood(self, what: str) -> FetchError:
        return FetchError(
            f"{self.name} answered, but not with {what}: it may be no Ango Hub server. Check the host.", code="server"
        )

    def _unprotected(self) -> FetchError:
        return FetchError(
            f"{self.name} answered with an unprotected link (http instead of https), which is not used. "
            "Open a newer export instead.",
            code="policy",
        )

    def _rest(self, cancelled: Callable[[], bool]) -> None:
        """Leave the server alone for as long as it asked."""
        with self._lock:
            until = self._rests_until
        _pause(until, cancelled)


def without_query(url: str) -> str:
    """A link without its signature: what names the file, and what a renewed link is found by."""
    return url.partition("#")[0].partition("?")[0]


def host_in_words(host: str) -> str:
    """A server as people know it: its name alone."""
    return one_line(host.partition("://")[2] or host)


def _pause(until: float, cancelled: Callable[[], bool]) -> None:
    while (left := until - time.monotonic()) > 0:
        if cancelled():
            raise cancelled_error()
        time.sleep(min(_LOOK_S, left))


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
