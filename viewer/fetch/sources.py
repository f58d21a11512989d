"""All ways to a file of one export, in their order; the one door that the rest of the program uses."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from viewer.errors import FetchError
from viewer.fetch import cache as cache_module
from viewer.fetch import encoded, policy, presign
from viewer.fetch.cache import Cache
from viewer.fetch.call import cancelled_error, never
from viewer.fetch.client import Client, Patience, Progress, Received
from viewer.fetch.locate import Address, Folder, chosen, kind_of, no_address
from viewer.fetch.refusals import expired
from viewer.remembered import Remembered

# A clock may be off by a day or two, so a link that ended just now is still asked for.
_EXPIRY_GRACE = timedelta(days=2)
_YEARS_OF_A_RIGHT_CLOCK = range(2024, 2091)


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
        self.cache = Cache(cache_dir or cache_module.default_folder())
        self._remembered = remembered
        self._assets = Folder(assets_dir) if assets_dir else None
        self._folders: dict[Path, Folder] = {}
        self._lock = threading.Lock()
        self._client = client or Client(allow_private_hosts=allow_private_hosts, patience=patience, now=now)
        self._now = now

    def locate(self, address: Address) -> Path | None:
        """The file on this machine, if there is one. Asks no network, reads no whole file, never raises."""
        try:
            return self._local(address)
        except FetchError:
            return None  # `fetch` tells why

    def fetch(
        self,
        address: Address,
        on_progress: Progress | None = None,
        cancelled: Callable[[], bool] = never,
    ) -> Path:
        """The file, fetched into the cache when it is not on this machine yet.

        Blocks: call it in a thread. `on_progress(received, total)` runs in that thread; `cancelled` is asked
        several times a second. A cached file's digest is compared once per run. Raises FetchError with the
        sentence for the user and a code.
        """
        if cancelled():
            raise cancelled_error()
        if (found := self._local(address, check=True)) is not None:
            return found
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
        key = cache_module.key_of(web)
        with self.cache.writing(key, cancelled):
            # Somebody else may have fetched it while we waited.
            return self.cache.find(key, check=True) or self._download(
                web.url, key, address.name, on_progress, cancelled
            )

    def forget(self, address: Address) -> bool:
        """Drop the cached copy of a file that cannot be shown, so that the next `fetch` asks the server again.

        False when none was dropped: the file is not from the cache, or it could not be fetched again.
        """
        if self.offline or kind_of(address.url) != "web" or self._expired_on(address.url or "") is not None:
            return False
        try:
            key = cache_module.key_of(policy.check_url(address.url or ""))
            cached = self.cache.find(key)
            if cached is None or self._local(address) != cached:
                return False
        except FetchError:
            return False
        self.cache.remove(key)
        return True

    def close(self) -> None:
        """Close all connections. Running fetches end with an error."""
        self._client.close()

    def _local(self, address: Address, *, check: bool = False) -> Path | None:
        if (found := self._chosen(address)) is not None:
            return found
        if self._assets is not None and (found := self._assets.find(address)) is not None:
            return found
        for folder in self._remembered_folders():
            if (found := folder.find(address)) is not None:
                return found
        kind = kind_of(address.url)
        if kind in ("relative", "file"):
            assert address.url is not None
            return policy.file_inside(self.export_path.parent, address.url)
        if kind == "web":
            assert address.url is not None
            return self.cache.find(cache_module.key_of(policy.check_url(address.url)), check=check)
        return None

    def _chosen(self, address: Address) -> Path | None:
        if self._remembered is None or not address.asset_key:
            return None
        if address.parts > 1:
            part = self._remembered.located(self.export_path, address.asset_key, part=address.part)
            if part is not None and part.is_file():
                return part
        path = self._remembered.located(self.export_path, address.asset_key)
        return chosen(path, address) if path is not None else None

    def _remembered_folders(self) -> list[Folder]:
        if self._remembered is None:
            return []
        with self._lock:
            return [self._folders.setdefault(path, Folder(path)) for path in self._remembered.folders(self.export_path)]

    def _expired_on(self, url: str) -> datetime | None:
        """When the link ended, if that is certain without asking."""
        expiry = presign.expiry(url)
        now = self._now()
        if expiry is None or now.year not in _YEARS_OF_A_RIGHT_CLOCK:
            return None
        return expiry.ends if expiry.ends < now - _EXPIRY_GRACE else None

    def _download(
        self, url: str, key: str, name: str, on_progress: Progress | None, cancelled: Callable[[], bool]
    ) -> Path:
        try:
            part = self.cache.begin(key)
            try:
                received = self._client.get(
                    url,
                    part.file,
                    name=name,
                    on_progress=on_progress,
                    cancelled=cancelled,
                    check_room=lambda length: self.cache.check_room(length, name),
                )
                if encoded.is_packed(received.encoding, received.head):
                    part, received = self._unpacked(key, part, received, name)
                return self.cache.finish(
                    key,
                    part,
                    length=received.length,
                    sha256=received.sha256,
                    content_type=received.content_type,
                    etag=received.etag,
                )
            finally:
                part.discard()
        except OSError as error:
            raise FetchError(
                f"{name} could not be kept in the cache {self.cache.folder} "
                f"({error.strerror or type(error).__name__}). "
                "Free some space, or choose another cache folder.",
                code="disk",
            ) from None

    def _unpacked(
        self, key: str, packed: cache_module.Part, received: Received, name: str
    ) -> tuple[cache_module.Part, Received]:
        part = self.cache.begin(f"{key}.unpacked")
        try:
            packed.file.seek(0)
            length = encoded.unpack(packed.file, part.file, name=name)
            part.file.seek(0)
            digest = hashlib.file_digest(part.file, "sha256").hexdigest()
        except BaseException:
            part.discard()
            raise
        packed.discard()
        return part, Received(length, digest, received.head, received.content_type, received.encoding, received.etag)
