"""The JSON text of an export as a stream of bytes, whatever it is packed or encoded in."""

from __future__ import annotations

import codecs
import os
import tempfile
import threading
import zipfile
import zlib
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, Protocol, Self

from viewer import limits
from viewer.errors import ExportError
from viewer.export.zipped import Member, check_growth, choose

Packing = Literal["plain", "zip", "utf-16"]
CHUNK = 1 << 20


class JsonStream(Protocol):
    """The bytes of the JSON from its beginning. Closing frees the file."""

    damage: str | None
    """Why the bytes end before their time, in words for the user; None while they do not."""

    def readinto(self, view: memoryview, /) -> int | None:
        """Put the next bytes into `view`; returns how many, 0 at the end. Raises ExportError, OSError."""

    def close(self) -> None:
        """Close the file."""


def packing_of(path: Path) -> Packing:
    """How the JSON lies in the file, by its first bytes. Raises OSError."""
    with path.open("rb", buffering=0) as file:
        head = file.read(4)
    if head[:2] == b"PK":
        return "zip"
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    if len(head) >= 4 and (head[0:4:2] == b"\0\0" or head[1:4:2] == b"\0\0") and head != b"\0\0\0\0":
        return "utf-16"
    return "plain"


def open_stream(path: Path, packing: Packing) -> JsonStream:
    """The JSON of an export as bytes of UTF-8. Raises ExportError (a ZIP that is refused), OSError."""
    if packing == "zip":
        return ZipStream(path)
    if packing == "utf-16":
        return Utf16Stream(path)
    return PlainStream(path)


class PlainStream:
    """The file itself, unbuffered."""

    damage: str | None = None

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)

    def readinto(self, view: memoryview, /) -> int | None:
        """See `JsonStream`."""
        return self._file.readinto(view)

    def close(self) -> None:
        """See `JsonStream`."""
        self._file.close()


class ZipStream:
    """The JSON members of a ZIP, one after the other, inflated as they are read; no name in it is a path."""

    def __init__(self, path: Path) -> None:
        self._archive, self.members = open_members(path)
        self._next = 0
        self._file: IO[bytes] | None = None
        self._given = 0
        self._in_member = 0
        self.damage: str | None = None

    def readinto(self, view: memoryview, /) -> int | None:
        """See `JsonStream`. A damaged member ends it. Raises ExportError when it unpacks to more than is sane."""
        while self.damage is None:
            if self._file is None:
                if self._next == len(self.members):
                    return 0
                self._file = self.members[self._next].open(self._archive)
                self._next += 1
                self._in_member = 0
            try:
                data = self._file.read(min(len(view) - 1, CHUNK))
            except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
                self.damage = self.members[self._next - 1].damage(self._given, error)
                break
            if not self._in_member and self._next > 1:
                data = b"\n" + data.removeprefix(codecs.BOM_UTF8)
            if not data:
                self._file.close()
                self._file = None
                continue
            self._in_member += len(data)
            self._given += len(data)
            check_growth(self.members, self._given)
            view[: len(data)] = data
            return len(data)
        return 0

    def close(self) -> None:
        """See `JsonStream`."""
        if self._file is not None:
            self._file.close()
        self._archive.close()


def open_members(path: Path) -> tuple[zipfile.ZipFile, tuple[Member, ...]]:
    """The archive and its members that hold the export. Raises ExportError with the reason it is refused."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError):
        raise ExportError(f"{path.name} is a ZIP file that is cut or damaged. Download the export again.") from None
    try:
        return archive, choose(archive, path.name)
    except BaseException:
        archive.close()
        raise


class Utf16Stream:
    """A UTF-16 file as UTF-8. Half a character becomes U+FFFD."""

    damage: str | None = None

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        head = self._file.read(2)
        if head == codecs.BOM_UTF16_LE:
            name = "utf-16-le"
        elif head == codecs.BOM_UTF16_BE:
            name = "utf-16-be"
        else:
            name = "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
            self._file.seek(0)
        self._decoder = codecs.getincrementaldecoder(name)("replace")
        self._ready = b""

    def readinto(self, view: memoryview, /) -> int | None:
        """See `JsonStream`."""
        while not self._ready:
            data = self._file.read(CHUNK)
            text = self._decoder.decode(data or b"", final=not data)
            self._ready = text.encode("utf-8", "replace")
            if not data and not self._ready:
                return 0
        part = self._ready[: len(view)]
        self._ready = self._ready[len(view) :]
        view[: len(part)] = part
        return len(part)

    def close(self) -> None:
        """See `JsonStream`."""
        self._file.close()


class RandomAccess(Protocol):
    """Byte ranges of the JSON."""

    def read(self, start: int, end: int) -> bytes:
        """The bytes ``[start, end)``. Raises ExportError when they are not there any more."""

    def close(self) -> None:
        """Close the file."""


class PlainAccess:
    """Byte ranges of an uncompressed export; several threads may read at once."""

    def __init__(self, path: Path) -> None:
        self._name = path.name
        self._file = path.open("rb", buffering=0)
        self._lock = threading.Lock()
        before = os.fstat(self._file.fileno())
        self._state = (before.st_size, before.st_mtime_ns)

    def read(self, start: int, end: int) -> bytes:
        """See `RandomAccess`."""
        now = os.fstat(self._file.fileno())
        if (now.st_size, now.st_mtime_ns) != self._state:
            raise ExportError(f"{self._name} was changed on disk since it was opened. Open it again.")
        data = positioned_read(self._file, start, end - start, self._lock)
        if len(data) != end - start:
            raise ExportError(f"{self._name} became shorter since it was opened. Open it again.")
        return data

    def close(self) -> None:
        """See `RandomAccess`."""
        self._file.close()


class CopiedAccess:
    """Byte ranges of an export that has no random access of its own (ZIP, UTF-16).

    The stream is copied into a file of the cache folder, only as far as is asked for. The file has no name
    (Windows: is deleted when it is closed): it holds signed links, and must not outlive the program.
    """

    def __init__(self, path: Path, packing: Packing, cache_dir: Path) -> None:
        self._name = path.name
        self._stream = open_stream(path, packing)
        self._lock = threading.Lock()
        self._copied = 0
        cache_dir.mkdir(parents=True, exist_ok=True)
        # not a with statement: it lives as long as this object
        self._file = tempfile.TemporaryFile(dir=cache_dir, buffering=0)  # noqa: SIM115
        self._buffer = bytearray(CHUNK)

    def read(self, start: int, end: int) -> bytes:
        """See `RandomAccess`. Unpacks up to `end` first (some 400 MB/s)."""
        with self._lock:
            try:
                self._copy_to(end)
                self._file.seek(start)
                data = self._file.read(end - start)
            except ValueError:
                raise ExportError(f"{self._name} was closed.") from None
            except OSError as error:
                raise ExportError(
                    f"{self._name} could not be unpacked into the cache folder: {error.strerror}. "
                    "Free some space or choose another cache folder."
                ) from None
        if len(data or b"") != end - start:
            raise ExportError(f"{self._name} became shorter since it was opened. Open it again.")
        return data or b""

    def _copy_to(self, end: int) -> None:
        self._file.seek(self._copied)
        view = memoryview(self._buffer)
        while self._copied < end:
            got = self._stream.readinto(view)
            if not got:
                return
            written = 0
            while written < got:
                written += self._file.write(view[written:got]) or 0
            self._copied += got

    def close(self) -> None:
        """See `RandomAccess`."""
        with self._lock:
            self._stream.close()
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_access(path: Path, packing: Packing, cache_dir: Path) -> RandomAccess:
    """Byte ranges of the export at `path`. Raises ExportError, OSError."""
    if packing == "plain":
        return PlainAccess(path)
    return CopiedAccess(path, packing, cache_dir)


def positioned_read(file: IO[bytes], offset: int, size: int, lock: threading.Lock) -> bytes:
    """``os.pread`` until `size` bytes are there or the file ends; seek and read where there is no pread."""
    if size > limits.EXPORT_BYTES:
        raise ExportError(f"a read of {size:,} bytes is more than any export may have")
    parts: list[bytes] = []
    missing = size
    while missing > 0:
        if hasattr(os, "pread"):
            part = os.pread(file.fileno(), missing, offset)
        else:
            with lock:
                file.seek(offset)
                part = file.read(missing) or b""
        if not part:
            break
        parts.append(part)
        offset += len(part)
        missing -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)
