"""The folder of a bundle: fetched files under readable names, each whole or not at all, known again by a later run."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import threading
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path, PurePosixPath

import msgspec

from viewer import limits
from viewer.errors import FetchError
from viewer.fetch.body import size_in_words
from viewer.fetch.client import Received
from viewer.fetch.locks import try_lock, unlock
from viewer.fetch.parts import Part, PartFolder, Version
from viewer.fetch.policy import is_reserved_name
from viewer.state_file import sync_folder

ASSETS = "assets"
_NAME_BYTES = 150
_DEEPEST = 4  # folders of an external id that are kept
_FORBIDDEN = frozenset('<>:"|?*#%\\/')  # on some system, or in a URL
_PIECE = 1 << 20


class _Fetched(msgspec.Struct, frozen=True):
    """One line of the ledger."""

    key: str
    name: str
    length: int
    sha256: str


class Bundle:
    """``DIR/assets`` and what is in it. Thread-safe, used by one program at a time (a context manager).

    ``assets/.fetched.ndjson`` tells which file is which, so that a rerun fetches only what is missing, also when
    the export names its assets differently by then. No address is in it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.assets = folder / ASSETS
        self.parts = PartFolder(self.assets / ".parts")
        self._ledger = self.assets / ".fetched.ndjson"
        self._lock = threading.Lock()
        self._program_lock: int | None = None
        self._names: dict[str, str] = {}
        """Relative to `folder`, with slashes; by key."""
        self._taken: set[str] = set()
        self._folders: set[str] = set()
        self._fetched: dict[str, _Fetched] = {}

    def __enter__(self) -> Bundle:
        """Raises FetchError (``disk``) when the folder cannot be used."""
        try:
            self.assets.mkdir(parents=True, exist_ok=True)
            self._program_lock = try_lock(self._lock_file)
            ledger = self._ledger.read_bytes() if self._ledger.exists() else b""
        except OSError as error:
            raise FetchError(
                f"The bundle cannot be written to {self.folder} ({error.strerror or type(error).__name__}). "
                "Choose another folder.",
                code="disk",
            ) from None
        if self._program_lock is None:
            raise FetchError(f"Another program fetches into {self.folder} just now. Wait for its end.", code="disk")
        for line in ledger.splitlines():
            with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError):  # the last one may be cut
                fetched = msgspec.json.decode(line, type=_Fetched)
                if _is_ours(fetched.name):
                    self._fetched[fetched.key] = fetched
        for fetched in self._fetched.values():
            self._claim(fetched.key, fetched.name)
        if ledger and not ledger.endswith(b"\n"):
            with self._ledger.open("ab") as file:
                file.write(b"\n")
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self.parts.folder.rmdir()  # if nothing is left to go on with
        if self._program_lock is not None:
            unlock(self._program_lock, self._lock_file)

    @property
    def _lock_file(self) -> Path:
        return self.assets / ".lock"

    # ---- names ---------------------------------------------------------------------------------------------

    def name(self, key: str, wanted: str) -> str:
        """The path, relative to the bundle's folder and with slashes, of the file that `key` means.

        It is `wanted` (such a path inside of ``assets``) unless that is taken by another; then it gets a number.
        """
        with self._lock:
            if key not in self._names:
                self._claim(key, self._free(f"{ASSETS}/{wanted}"))
            return self._names[key]

    def _claim(self, key: str, name: str) -> None:
        self._names[key] = name
        self._taken.add(_same(name))
        self._folders.update(_same(str(parent)) for parent in PurePosixPath(name).parents)

    def _free(self, name: str) -> str:
        parts = name.split("/")
        for depth in range(1, len(parts)):
            parts[depth] = self._numbered(parts[:depth], parts[depth], is_file=depth == len(parts) - 1)
        return "/".join(parts)

    def _numbered(self, above: list[str], part: str, *, is_file: bool) -> str:
        stem, suffix = (PurePosixPath(part).stem, PurePosixPath(part).suffix) if is_file else (part, "")
        number = 1
        while True:
            tried = part if number == 1 else f"{stem} ({number}){suffix}"
            path = _same("/".join((*above, tried)))
            if path not in self._taken and not (is_file and path in self._folders):
                return tried
            number += 1

    # ---- as a store of `Sources` ---------------------------------------------------------------------------

    def find(self, key: str, *, check: bool = False) -> Path | None:
        """The file of `key`, when an earlier run or this one finished it."""
        fetched = self._fetched.get(key)
        if fetched is None:
            return None
        path = self.folder / fetched.name
        try:
            is_there = path.is_file() and path.stat().st_size == fetched.length
        except OSError:
            is_there = False
        return path if is_there else None

    def writing(self, key: str, cancelled: Callable[[], bool]) -> AbstractContextManager[None]:
        """Let one thread fetch `key`."""
        return self.parts.writing(key, cancelled)

    def finish(self, key: str, part: Part, received: Received) -> Path:
        """Give `part` the name of `key`, for which `name` was called before. Raises OSError."""
        fetched = _Fetched(key, self._names[key], received.length, received.sha256)
        path = self.folder / fetched.name
        assert part.path is not None
        part.file.flush()
        os.fsync(part.file.fileno())
        part.file.close()
        path.parent.mkdir(parents=True, exist_ok=True)
        # First the line, then the file: a file without a line might be taken for another one's.
        with self._lock:
            with self._ledger.open("ab") as file:
                file.write(msgspec.json.encode(fetched) + b"\n")
            self._fetched[key] = fetched
        part.path.replace(path)
        self.parts.forget(key)
        return path

    def check_room(self, length: int, name: str) -> None:
        """Raises FetchError when less than the reserve would stay free."""
        free = shutil.disk_usage(self.folder).free
        if length + limits.DISK_RESERVE > free:
            raise FetchError(
                f"{name} needs {size_in_words(length)} and {size_in_words(limits.DISK_RESERVE)} must stay free, "
                f"but the disk of the bundle has {size_in_words(free)}. Free some space, or choose another folder.",
                code="disk",
            )

    def add(self, key: str, source: Path, name: str, cancelled: Callable[[], bool]) -> Path:
        """Copy a file that is on this computer already. `name` is what messages call it.

        Raises FetchError (``disk``), OSError.
        """
        length = source.stat().st_size
        found = self.find(key)
        if found is not None and found.stat().st_size == length:
            return found
        with self.writing(key, cancelled):
            self.check_room(length, name)
            self.parts.forget(key)
            part = self.parts.begin(key)
            try:
                part.start(Version(total=0))  # nothing to go on with later
                with source.open("rb") as file:
                    while piece := file.read(_PIECE):
                        part.write(piece)
                return self.finish(key, part, Received(part.length, part.sha256, b"", "", "", ""))
            finally:
                self.parts.end(key, part, forget=True)

    # ---- the export ----------------------------------------------------------------------------------------

    def write(self, name: str, pieces: Iterator[bytes]) -> Path:
        """Write the export's copy, whole or not at all. Raises OSError, and what `pieces` raises."""
        path = self.folder / name
        written = path.with_name(f".{name}.new")
        try:
            with written.open("wb") as file:
                for piece in pieces:
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            written.replace(path)
        except BaseException:
            written.unlink(missing_ok=True)
            raise
        sync_folder(self.folder)
        return path


def readable_name(external_id: str | None, url_path: str, *, part: int = 0, parts: int = 1, kind: str = "") -> str:
    """A path for a file, with slashes: the external id, made harmless, with the suffix of the URL where it lacks one.

    A file of a dataset is numbered in a folder of that name. `kind` (``brush``) stands before the suffix.
    """
    of_url = PurePosixPath(url_path).name
    suffix = PurePosixPath(of_url).suffix
    suffix = suffix if re.fullmatch(r"\.[A-Za-z0-9]{1,8}", suffix) else ""
    named = [_harmless(name) for name in re.split(r"[/\\]+", external_id or "") if name.strip(". ")][-_DEEPEST:]
    named = named or [_harmless(of_url) if of_url.strip(". ") else "asset"]
    if parts > 1:
        return "/".join((*named, f"{part + 1:0{len(str(parts))}d}{suffix}"))
    last = PurePosixPath(named[-1])
    if kind:
        named[-1] = f"{last.stem}.{kind}{suffix}"
    elif suffix and not re.fullmatch(r"\.[A-Za-z0-9]{1,8}", last.suffix):
        named[-1] += suffix
    return "/".join(named)


def _harmless(name: str) -> str:
    """A name that every system takes, and that means nothing else on any of them."""
    name = unicodedata.normalize("NFC", name)
    name = "".join("_" if c in _FORBIDDEN or not c.isprintable() else c for c in name).lstrip(" ").rstrip(". ")
    stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix
    while len((stem + suffix).encode("utf-8", "replace")) > _NAME_BYTES:
        stem, suffix = (stem[:-1], suffix) if len(suffix) < 20 else (stem + suffix, "")
    name = stem + suffix
    return f"_{name}" if name.startswith((".", "~")) or is_reserved_name(name) or not name else name


def _same(path: str) -> str:
    """Systems that do not tell case or ways to write accents apart take these for one."""
    return unicodedata.normalize("NFC", path).casefold()


def _is_ours(name: str) -> bool:
    """Whether a name in the ledger lies in the folder of assets: somebody else may have written it."""
    parts = name.split("/")
    return len(parts) > 1 and parts[0] == ASSETS and all(part == _harmless(part) for part in parts[1:])
