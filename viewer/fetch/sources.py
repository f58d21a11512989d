"""All ways to a file of one export, in their order; the one door that the rest of the program uses."""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, Protocol

from viewer import limits
from viewer.errors import FetchError
from viewer.fetch import cache as cache_module
from viewer.fetch import encoded, policy, presign
from viewer.fetch.blocks import Stream
from viewer.fetch.body import Progress
from viewer.fetch.cache import Cache
from viewer.fetch.call import cancelled_error, never
from viewer.fetch.chosen_files import ChosenFiles
from viewer.fetch.client import Client, OnWait, Patience, Received
from viewer.fetch.failures import not_written
from viewer.fetch.links import Links
from viewer.fetch.locate import Address, kind_of, no_address
from viewer.fetch.parts import Part, PartFolder
from viewer.fetch.refusals import expired
from viewer.fetch.streams import Streams, Unstreamed
from viewer.remembered import Remembered

# A clock may be off by a day or two, so a link that ended just now is still asked for, unless the server told the time.
_EXPIRY_GRACE = timedelta(days=2)
_EXPIRY_GRACE_KNOWN = timedelta(minutes=5)
_PINNED = 1024  # files handed out last: more than are ever open at once
_FORGOTTEN = frozenset({"gone", "too-large", "disk", "policy"})  # of what failed so, nothing is kept to go on with


Whereabouts = Literal["", "chosen", "beside", "cached"]
"""Of a file on this machine: chosen by somebody (a file or folder), beside the export, in the cache; "" is nowhere."""


class Store(Protocol):
    """Where fetched files go: the cache, or the folder of a bundle."""

    parts: PartFolder

    def find(self, key: str, *, check: bool = False) -> Path | None:
        """The file of `key`, if it is here and whole (with `check`: its digest, too)."""

    def writing(self, key: str, cancelled: Callable[[], bool]) -> AbstractContextManager[None]:
        """Let one thread of one program fetch `key`."""

    def finish(self, key: str, part: Part, received: Received) -> Path:
        """Make `part` the file of `key`."""

    def check_room(self, length: int, name: str) -> None:
        """Raises FetchError when there is no room for `length` more bytes."""


class Sources:
    """The files of the export at `export_path`.

    Order: the file or folder chosen for the asset, `assets_dir`, remembered folders, a path relative to the
    export (or a ``file:`` URL in its folder), the cache, the network. Thread-safe. Close it at the end.
    """

    def __init__(
        self,
        export_path: Path,
        *,
        cache_dir: Path | None = None,
        cache_limit: int = limits.CACHE_BYTES,
        asset_limit: int = limits.ASSET_BYTES,
        assets_dir: Path | None = None,
        offline: bool = False,
        allow_private_hosts: bool = False,
        remembered: Remembered | None = None,
        client: Client | None = None,
        patience: Patience | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.export_path = export_path
        self.offline = offline
        self.links = Links()
        """Links in use instead of those of the export."""
        self.cache = Cache(cache_dir or cache_module.default_folder(), limit=cache_limit)
        self._asset_limit = asset_limit
        self.chosen = ChosenFiles(export_path, remembered=remembered, assets_dir=assets_dir)
        self._lock = threading.Lock()
        self._client = client or Client(allow_private_hosts=allow_private_hosts, patience=patience, now=now)
        if remembered is not None:
            self._client.allowed_hosts.update(remembered.allowed_hosts(export_path))
        self._pinned: OrderedDict[str, None] = OrderedDict()
        self._streams = Streams(self._client, self.cache, limit=asset_limit)

    def now(self, url: str | None) -> datetime:
        """The time by the clock of the server that `url` names, where that has told it; else by this computer's."""
        try:
            return self._client.clock.now(policy.check_url(url or "").host)
        except FetchError:
            return self._client.clock.now()

    def allow_host(self, host: str) -> None:
        """Also fetch from `host`, although its address is a private one: the user knows it."""
        self._client.allowed_hosts.add(host.lower())

    def disallow_host(self, host: str) -> None:
        """Do not fetch from `host` any more when its address is a private one."""
        self._client.allowed_hosts.discard(host.lower())

    def ends(self, address: Address) -> datetime | None:
        """When the link in use for a file ends (UTC); None where it does not say."""
        return self.links.ends(address)

    def locate(self, address: Address) -> Path | None:
        """The file on this machine, if there is one. Asks no network, reads no whole file, never raises."""
        try:
            return self._local(address)
        except FetchError:
            return None  # `fetch` tells why

    def whereabouts(self, address: Address) -> Whereabouts:
        """Where on this machine the file is. Asks no network, hands no file out, never raises."""
        try:
            if self.chosen.find(address) is not None:
                return "chosen"
            if self._beside(address) is not None:
                return "beside"
            return "cached" if any(self.cache.find(key) is not None for key in self._keys(address)) else ""
        except FetchError:
            return ""  # `fetch` tells why

    def ready(self, address: Address) -> Path | None:
        """The file that `fetch` gives without asking a server, None when it has to ask one.

        Reads a cached file once per run to compare its digest. Raises FetchError where `fetch` would before asking.
        """
        if (found := self._local(address, check=True)) is None:
            self._askable(address)
        return found

    def fetch(
        self,
        address: Address,
        on_progress: Progress | None = None,
        cancelled: Callable[[], bool] = never,
        *,
        on_wait: OnWait | None = None,
        store: Store | None = None,
    ) -> Path:
        """The file, fetched into `store` (the cache) when it is not on this machine yet.

        Blocks: call it in a thread. `on_progress(received, total)` and `on_wait` run in that thread; `cancelled`
        is asked several times a second. What came before an end is kept, and the next call goes on with it. A
        cached file's digest is compared once per run; the last files handed out stay in the cache until `close`.
        Raises FetchError with the sentence for the user and a code.
        """
        if cancelled():
            raise cancelled_error()
        if (found := self._local(address, check=True)) is not None:
            return found
        web = self._askable(address)
        key = cache_module.key_of(web)
        target: Store = store or self.cache
        try:
            with target.writing(key, cancelled):
                # Somebody else may have fetched it while we waited.
                if (found := target.find(key, check=True)) is not None and (store or self._keep(key)):
                    return found
                found = self._download(web.url, key, address.name, target, on_progress, on_wait, cancelled)
                if store is None:
                    self._keep(key)
                    self.cache.unpin(key)  # the pin that it was born with
                return found
        except OSError as error:
            raise not_written(address.name, error) from None

    def stream(
        self,
        address: Address,
        on_progress: Progress | None = None,
        cancelled: Callable[[], bool] = never,
        *,
        on_whole: Callable[[], None] = lambda: None,
        on_notice: Callable[[str], None] = lambda text: None,
        by_time: bool = True,
        fetch: Callable[[Address], Path] | None = None,
    ) -> Path | Stream:
        """A video that can be looked at before all of it is here; `fetch` where that makes no sense.

        A file that is on this machine is a path at once. Of a large MP4, QuickTime, Matroska or WebM file only the
        blocks that somebody needs are fetched, and kept; `on_whole` says that they are all of it by now, and the next
        call gives a path. `by_time` False: not of those whose frames cannot be told before (WebM, Matroska).
        A server that sends no parts of files is told of by `on_notice`, and all is fetched: by `fetch`, where the
        caller has another one than that of the sources (its words then stand for `on_progress`). Blocks until the first
        block is here; raises as `fetch` does. The end of a stream is its `close`, or that of the sources.
        """
        if cancelled():
            raise cancelled_error()
        if (found := self._local(address, check=True)) is not None:
            return found
        web = self._askable(address)
        key = cache_module.key_of(web)

        def keep() -> None:
            self._keep(key)
            self.cache.unpin(key)  # the pin that it was born with

        try:
            found_stream = self._streams.open(
                web.url, key, address.name, on_progress=on_progress, cancelled=cancelled, on_whole=on_whole,
                by_time=by_time, keep=keep,
            )  # fmt: skip
        except OSError as error:
            raise not_written(address.name, error) from None
        if not isinstance(found_stream, Unstreamed):
            return found_stream
        if found_stream.why:
            on_notice(found_stream.why)
        if found_stream.head:
            self._begin_with(key, found_stream, cancelled)
        return fetch(address) if fetch is not None else self.fetch(address, on_progress, cancelled)

    def _begin_with(self, key: str, begun: Unstreamed, cancelled: Callable[[], bool]) -> None:
        """Let a fetch go on with what came of a file already."""
        with contextlib.suppress(OSError), self.cache.writing(key, cancelled):
            part = self.cache.parts.begin(key)
            try:
                if part.length < len(begun.head):
                    part.start(begun.version)
                    part.write(begun.head)
            finally:
                self.cache.parts.end(key, part, forget=False)

    def _askable(self, address: Address) -> policy.WebAddress:
        """The address of a file that is to be asked for. Raises FetchError where that makes no sense."""
        address = self.links.of(address)
        if kind_of(address.url) != "web":
            raise no_address(address)
        assert address.url is not None
        web = policy.check_url(address.url)
        ends = self._expired_on(address.url)
        if self.offline:
            also = f" Its link expired on {presign.in_words(ends)}, too." if ends else ""
            raise FetchError(
                f"{address.name} is not on this computer, and nothing is fetched offline.{also} "
                "Go online, or look in a folder that holds the file.",
                code="offline",
            )
        if ends:
            raise expired(address.name, ends)
        return web

    def forget(self, address: Address) -> bool:
        """Drop the cached copy of a file that cannot be shown, so that the next `fetch` asks the server again.

        False when none was dropped: the file is not from the cache, or it could not be fetched again.
        """
        used = self.links.of(address)
        if self.offline or kind_of(used.url) != "web" or self._expired_on(used.url or "") is not None:
            return False
        try:
            for key in self._keys(address):
                cached = self.cache.find(key)
                if cached is not None and self._local(address) == cached:
                    self.cache.remove(key)
                    return True
        except FetchError:
            pass
        return False

    def clear_cache(self, in_use: Iterable[Address] = ()) -> int:
        """Remove all cached files but those `in_use`, and what other programs use. Returns the bytes that were freed.

        Files that were handed out before are not kept for that alone. Blocks while files are removed.
        """
        kept: set[str] = set()
        for address in in_use:
            with contextlib.suppress(FetchError):
                kept.update(self._keys(address))
        with self._lock:
            dropped = [key for key in self._pinned if key not in kept]
            for key in dropped:
                del self._pinned[key]
        for key in dropped:
            self.cache.unpin(key)
        return self.cache.clear()

    def close(self) -> None:
        """Close all connections and let go of the cache. Running fetches and streams end with an error."""
        self._streams.close()
        self._client.close()
        self.cache.close()

    def _local(self, address: Address, *, check: bool = False) -> Path | None:
        if (found := self.chosen.find(address) or self._beside(address)) is not None:
            return found
        for key in self._keys(address):
            found = self.cache.find(key, check=check)
            if found is not None and self._keep(key, may_wait=check):
                return found
        return None

    def _beside(self, address: Address) -> Path | None:
        """The file that the export names by its place beside it. Raises FetchError."""
        if address.url is not None and kind_of(address.url) in ("relative", "file"):
            return policy.file_inside(self.export_path.parent, address.url)
        return None

    def _keys(self, address: Address) -> list[str]:
        """What the cache knows a file by: its link of the export, then the one in use instead. Raises FetchError."""
        used = self.links.of(address)
        keys: list[str] = []
        for url in (address.url, used.url):
            if url is None or kind_of(url) != "web":
                continue
            try:
                keys.append(cache_module.key_of(policy.check_url(url)))
            except FetchError:
                if url == used.url:
                    raise
        return list(dict.fromkeys(keys))

    def _expired_on(self, url: str) -> datetime | None:
        """When the link ended, if that is certain without asking."""
        expiry = presign.expiry(url)
        now = self.now(url)
        if expiry is None or not presign.is_right_clock(now):
            return None
        host = policy.check_url(url).host
        grace = _EXPIRY_GRACE if self._client.clock.skew(host) is None else _EXPIRY_GRACE_KNOWN
        return expiry.ends if expiry.ends < now - grace else None

    def _keep(self, key: str, *, may_wait: bool = True) -> bool:
        """Pin a file that is handed out, and let go of the one that was handed out longest ago."""
        with self._lock:
            if key in self._pinned:
                self._pinned.move_to_end(key)
                return True
        if not self.cache.pin(key, may_wait=may_wait):
            return False
        with self._lock:
            is_twice = key in self._pinned
            self._pinned[key] = None
            dropped = self._pinned.popitem(last=False)[0] if len(self._pinned) > _PINNED else None
        if is_twice:
            self.cache.unpin(key)
        if dropped is not None:
            self.cache.unpin(dropped)
        return True

    def _download(
        self,
        url: str,
        key: str,
        name: str,
        store: Store,
        on_progress: Progress | None,
        on_wait: OnWait | None,
        cancelled: Callable[[], bool],
    ) -> Path:
        """Fetch within `store.writing`. Raises FetchError, OSError."""
        part = store.parts.begin(key)
        forget = True
        try:
            received = self._client.get(
                url,
                part,
                name=name,
                on_progress=on_progress,
                on_wait=on_wait,
                cancelled=cancelled,
                check_room=lambda length: store.check_room(length, name),
                limit=self._asset_limit,
            )
            if not encoded.is_packed(received.encoding, received.head):
                return store.finish(key, part, received)
            return self._unpacked(key, part, received, name, store)
        except FetchError as error:
            forget = error.code in _FORGOTTEN
            raise
        except BaseException as error:
            forget = isinstance(error, OSError)  # a full disk is not kept full
            raise
        finally:
            store.parts.end(key, part, forget=forget)

    def _unpacked(self, key: str, packed: Part, received: Received, name: str, store: Store) -> Path:
        """The file of a body that came packed. What cannot be unpacked is not kept: it would fail again."""
        inner = f"{key}-unpacked"
        part = store.parts.begin(inner)
        try:
            packed.file.seek(0)
            length = encoded.unpack(packed.file, part, name=name, limit=self._asset_limit)
            what = Received(length, part.sha256, received.head, received.content_type, received.encoding, received.etag)
            return store.finish(key, part, what)
        except FetchError:
            packed.start(None)
            raise
        finally:
            store.parts.end(inner, part, forget=True)
