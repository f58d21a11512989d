"""Links that were taken over from elsewhere in place of those in the export: in memory alone, for they are secrets."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from viewer.errors import FetchError
from viewer.fetch import presign
from viewer.fetch.cache import key_of
from viewer.fetch.locate import Address, kind_of
from viewer.fetch.policy import check_url


class Links:
    """Old link -> the one that is used instead. Thread-safe; nothing of it is ever written or shown.

    An old link is known as the cache knows its file: by scheme, host, port and path, whatever its signature is. A
    new one is used only when it is an http(s) URL that may be used at all.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._new: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._new)

    def __repr__(self) -> str:
        return f"<{len(self)} links>"

    def replace(self, url_map: Mapping[str, str]) -> int:
        """Use the values instead of the keys, which are links of the export, with or without their query.

        What was taken over before and is not named now stays. Returns how many can be used.
        """
        found: dict[str, str] = {}
        for old, new in url_map.items():
            try:
                check_url(new)
            except FetchError:
                continue
            found[_name(old)] = new
        with self._lock:
            self._new.update(found)
        return len(found)

    def forget(self, url_map: Mapping[str, str]) -> None:
        """Use the links of the export again where those of `url_map`, given to `replace` before, are still in use."""
        with self._lock:
            for old, new in url_map.items():
                name = _name(old)
                if self._new.get(name) == new:
                    del self._new[name]

    def of(self, address: Address) -> Address:
        """The same file by the link in use; `address` itself where nothing was taken over for it."""
        if address.url is None or not self._new:
            return address
        names = [_name(address.url)]
        if presign.is_signed(address.url):
            names.append(_name(address.url.partition("#")[0].partition("?")[0]))
        with self._lock:
            new = next((self._new[name] for name in names if name in self._new), None)
        return address if new is None else replace(address, url=new)

    def ends(self, address: Address) -> datetime | None:
        """When the link in use ends (UTC); None where it does not say."""
        expiry = presign.expiry(self.of(address).url or "")
        return None if expiry is None else expiry.ends


def _name(url: str) -> str:
    """What a link is known by: a digest, since a query that belongs to the name may be secret, too."""
    if kind_of(url) == "web":
        try:
            return key_of(check_url(url))
        except FetchError:
            pass  # as text: a newer export may have a better one
    return hashlib.sha256(b"\0" + url.encode("utf-8", "surrogatepass")).hexdigest()
