"""Which file on this machine an address of an export means: chosen, in a folder, beside the export, cached."""

from __future__ import annotations

import os
import re
import threading
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal
from urllib.parse import unquote, urlsplit

from viewer import limits
from viewer.errors import FetchError, one_line
from viewer.fetch import policy

AddressKind = Literal["web", "file", "relative", "absolute", "none", "inline", "storage", "data", "scheme"]

_RESCAN_S = 3.0
_TOLD_EVERY = 1_000
"""Names between two words of how far it is, and between two looks whether it was given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One file that an export names.

    `asset_key` (asset id, else task id or index) is what a located file is remembered under. `external_id`
    is the readable name; leave it None for a file that is not the asset itself (a brush mask), which is
    then matched by its URL's base name alone. `part` of `parts`: the file's place in a ``dataset``.
    """

    url: str | None
    external_id: str | None = None
    asset_key: str = ""
    part: int = 0
    parts: int = 1

    @property
    def url_path(self) -> str:
        """The path of the URL, decoded, without the query; "" when there is none."""
        if kind_of(self.url) not in ("web", "file", "relative", "storage"):
            return ""
        assert self.url is not None
        try:
            return unquote(urlsplit(self.url).path)
        except ValueError:
            return ""

    @property
    def name(self) -> str:
        """What messages call the file: the base name of the external id, else of the URL."""
        own = base_name(self.external_id or "")
        of_url = base_name(self.url_path)
        name = f"{own}, file {self.part + 1}" if own and self.parts > 1 else own or of_url or "this file"
        return one_line(name)[:80]


def kind_of(url: str | None) -> AddressKind:
    """What an address is. Text that is no address at all is ``inline``: the content itself."""
    if url is None or not url.strip():
        return "none"
    if re.search(r"[\x00-\x1f\x7f]", url) and not re.match(r"(https?|file):", url, re.IGNORECASE):
        return "inline"
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", url)
    if scheme is None:
        if url.startswith(("/", "\\", "~")):
            return "absolute"
        return "inline" if url.lstrip()[:1] in "<#{[" or len(url) > 1_000 else "relative"
    name = scheme[1].lower()
    if name in ("http", "https"):
        return "web"
    if name == "file":
        return "file"
    if name == "data":
        return "data"
    if len(name) == 1:
        return "absolute"  # C:\…
    if url[scheme.end() :].startswith("//"):
        return "storage" if name in ("s3", "gs", "gcs", "az", "azure", "abfs", "abfss", "wasb", "wasbs") else "scheme"
    return "inline"  # "Note: text with a colon"


def no_address(address: Address) -> FetchError:
    """Why there is nothing to fetch (code ``no-address`` or ``policy``) for an address that is not fetched."""
    name = address.name
    out = "Locate the file, or look in a folder that holds it."
    kind = kind_of(address.url)
    if kind == "none":
        return FetchError(f"The export gives no address for {name}. {out}", code="no-address")
    if kind == "inline":
        return FetchError(f"{name} stands in the export itself as text; there is no file to fetch.", code="no-address")
    if kind == "data":
        return FetchError(
            f"{name} stands in the export itself as a data address, which is not read. {out}", code="no-address"
        )
    if kind == "absolute":
        return FetchError(
            f"The export names a path on some computer for {name}; only files in the export's folder are read. {out}",
            code="policy",
        )
    if kind == "storage":
        store = one_line((address.url or "").partition("://")[0])
        return FetchError(
            f"{name} lies in a private store ({store}://), which opens only with credentials that this program "
            f"never asks for. {out}",
            code="no-address",
        )
    if kind == "scheme":
        scheme = one_line((address.url or "").partition(":")[0])[:20]
        return FetchError(
            f"{name} has an address of the kind {scheme}:, which is not fetched. {out}", code="no-address"
        )
    if PurePosixPath(address.url_path).suffix:
        return FetchError(f"{name} is not in the export's folder, where the export expects it. {out}", code="not-found")
    return FetchError(f"The export gives a place in a store for {name}, not an address. {out}", code="no-address")


def base_name(path: str) -> str:
    """The last part of a path with either kind of slash."""
    return re.split(r"[/\\]", path.rstrip("/\\"))[-1]


def _same(name: str) -> str:
    """Names compare without case and however a system composes accents."""
    return unicodedata.normalize("NFC", name).casefold()


def _natural(name: str) -> list[tuple[int, int, str]]:
    """A key that sorts ``slice2`` before ``slice10``."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", _same(name)) if part]


class Folder:
    """A folder that the user named, with all files in it by name. Thread-safe.

    Links to files count, links to folders are not followed, hidden names are left out.
    """

    def __init__(self, root: Path, *, subfolders: bool = True) -> None:
        self.root = root
        self.subfolders = subfolders
        self._lock = threading.Lock()
        self._names: dict[str, list[str]] | None = None
        self._stems: dict[str, list[str]] = {}
        self._folders: dict[str, list[str]] = {}
        self._scanned = 0.0
        self._cost = 0.0

    def find(self, address: Address) -> Path | None:
        """The file for `address`; None when there is none, or several that fit equally well."""
        found = self.candidates(address)
        return found[0] if len(found) == 1 else None

    def candidates(self, address: Address) -> tuple[Path, ...]:
        """All files that fit `address` equally well: usually one, or none."""
        with self._lock:
            is_new = self._names is None
            if is_new:
                self._scan()
            found = self._match(address)
            # Somebody may have put the file there meanwhile; a large folder is not read for every miss.
            if not found and not is_new and time.monotonic() - self._scanned > max(_RESCAN_S, 20 * self._cost):
                self._scan()
                found = self._match(address)
        return tuple(found)

    def scan(
        self, on_progress: Callable[[int], None] = lambda count: None, cancelled: Callable[[], bool] = lambda: False
    ) -> bool:
        """Read the folder's names now; False when it was `cancelled` before all were read.

        `on_progress` gets the number of names so far, and runs in this thread.
        """
        with self._lock:
            return self._scan(on_progress, cancelled)

    def part(self, address: Address) -> Path | None:
        """The file of a dataset when this very folder holds that dataset: by its URL's base name, else by order."""
        return self._part_in("", address)

    def _match(self, address: Address) -> list[Path]:
        names = self._names or {}
        external = address.external_id or ""
        unsure: list[Path] = []
        if address.parts > 1:
            for folder in self._folders_named(external):
                if (part := self._part_in(folder, address)) is not None:
                    return [part]
        elif external:
            if (exact := self._exact(external)) is not None:
                return [exact]
            own = base_name(external)
            found = self._best(names.get(_same(own), ()), external)
            if len(found) != 1 and not PurePosixPath(own).suffix:
                unsure = found
                found = self._best(self._stems.get(_same(own), ()), external, by_stem=True)
            if len(found) == 1:
                return found
            unsure = unsure or found
        of_url = address.url_path
        found = self._best(names.get(_same(base_name(of_url)), ()), of_url) if base_name(of_url) else []
        return found if len(found) == 1 else unsure or found

    def _exact(self, relative: str) -> Path | None:
        """The file at exactly this path, if it is one inside of the folder."""
        try:
            policy.check_relative(relative)
        except FetchError:
            return None
        found = self.root / relative
        return found if _is_file(found) else None

    def _best(self, candidates: Sequence[str], wanted: str, *, by_stem: bool = False) -> list[Path]:
        """Those of the candidates that share most of their path's end with `wanted`."""
        target = [_same(part) for part in re.split(r"[/\\]+", wanted) if part]

        def shared(candidate: str) -> int:
            parts = [_same(part) for part in candidate.split("/")]
            if by_stem:
                parts[-1] = target[-1]
            count = 0
            while count < min(len(parts), len(target)) and parts[-1 - count] == target[-1 - count]:
                count += 1
            return count

        if not candidates:
            return []
        ranks = {candidate: shared(candidate) for candidate in candidates}
        best = [candidate for candidate in candidates if ranks[candidate] == max(ranks.values())]
        same_case = [candidate for candidate in best if candidate.split("/")[-1] == base_name(wanted)]
        return [self.root / name for name in sorted(same_case or best, key=_natural)]

    def _folders_named(self, external_id: str) -> list[str]:
        own = base_name(external_id)
        if not own:
            return []
        wanted = {_same(own), _same(PurePosixPath(own).stem)}
        found = [folder for name in sorted(wanted) for folder in self._folders.get(name, ())]
        if _same(self.root.absolute().name) in wanted:
            found.append("")
        return found

    def _part_in(self, folder: str, address: Address) -> Path | None:
        place = self.root / folder
        try:
            files = [entry.name for entry in os.scandir(place) if not entry.name.startswith(".") and entry.is_file()]
        except OSError:
            return None
        wanted = base_name(address.url_path)
        for name in files:
            if wanted and _same(name) == _same(wanted):
                return place / name
        if len(files) == address.parts:
            return place / sorted(files, key=_natural)[address.part]
        return None

    def _scan(
        self, on_progress: Callable[[int], None] = lambda count: None, cancelled: Callable[[], bool] = lambda: False
    ) -> bool:
        started = time.monotonic()
        self._names, self._stems, self._folders = {}, {}, {}
        left = limits.FOLDER_ENTRIES
        waiting = [""]
        while waiting and left > 0:
            if cancelled():
                self._names = None
                return False
            folder = waiting.pop()
            try:
                entries = sorted(os.scandir(self.root / folder), key=lambda entry: entry.name)
            except OSError:
                continue
            for entry in entries:
                left -= 1
                if left % _TOLD_EVERY == 0:
                    on_progress(limits.FOLDER_ENTRIES - left)
                    if cancelled():
                        self._names = None
                        return False
                if entry.name.startswith("."):
                    continue
                relative = f"{folder}/{entry.name}" if folder else entry.name
                try:
                    if entry.is_dir(follow_symlinks=False):
                        if self.subfolders:
                            waiting.append(relative)
                        self._folders.setdefault(_same(entry.name), []).append(relative)
                    elif entry.is_file():
                        self._names.setdefault(_same(entry.name), []).append(relative)
                        self._stems.setdefault(_same(PurePosixPath(entry.name).stem), []).append(relative)
                except OSError:
                    continue
        on_progress(limits.FOLDER_ENTRIES - left)
        self._scanned = time.monotonic()
        self._cost = self._scanned - started
        return True


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def chosen(path: Path, address: Address) -> Path | None:
    """The file that a remembered choice means: itself, or the one in the folder that was chosen."""
    if _is_file(path):
        return path if address.parts == 1 else None
    try:
        if not path.is_dir():
            return None
    except OSError:
        return None
    folder = Folder(path)
    return folder.part(address) if address.parts > 1 else folder.find(address)
