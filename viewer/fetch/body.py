"""The body of an answer into a part: ranges checked, lengths counted, and given up when it is endless or too slow."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from viewer import limits
from viewer.errors import FetchError
from viewer.fetch.failures import Passing
from viewer.fetch.parts import Part, Version

if TYPE_CHECKING:
    import httpx

Progress: TypeAlias = Callable[[int, int | None], None]
"""Called in the fetching thread with the bytes that are here and the total (None when the server does not say)."""

_MEDIA_NAME = re.compile(
    r"\.(png|jpe?g|jp2|gif|bmp|tiff?|webp|avif|heic|dcm|dicom|pdf|mp4|m4v|mov|webm|mkv|avi|wav|mp3|ogg|flac|nrrd"
    r"|nii|gz|zip|pcd|las)\Z",
    re.IGNORECASE,
)
_PROGRESS_S = 0.05
HEAD_BYTES = 512


class Changed(Exception):  # noqa: N818 - not an error: the file is fetched from its beginning
    """What the server has now is not what the part belongs to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What one file may cost, and whom to tell. `name` is what messages call it, `host` where it comes from."""

    name: str
    host: str
    path: str
    """The path of its address, without the query."""
    limit: int
    slow_s: float
    slow_bytes_per_s: int
    until: float | None
    """`time.monotonic` after which nobody waits for it any more."""
    on_progress: Progress
    check_room: Callable[[int], None]

    def check_size(self, length: int) -> None:
        """Raises FetchError for a file that is too large."""
        if length > self.limit:
            raise FetchError(
                f"{self.name} is larger than {size_in_words(self.limit)}, the limit for one file. "
                "Fetch it by other means and locate it.",
                code="too-large",
            )

    def check_time(self) -> None:
        """Raises FetchError when it takes too long as a whole."""
        if self.until is not None and time.monotonic() > self.until:
            raise FetchError(
                f"{self.host} did not send all of {self.name} within the time that one file may take. "
                "Try again to go on with it, or raise the limit in the settings.",
                code="timeout",
            )


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file as a server sends it. `total` is the length of the file, where the server says it."""

    status: int
    """206, or what else it is: 200 for the whole file from its start, 412 and 416 for a file that is another now."""
    host: str
    version: Version
    start: int
    total: int | None
    bytes: Iterator[bytes]


def piece_of(response: httpx.Response, host: str) -> Piece:
    """What an answer to a request for a range brings. One that does not say which range has the status 200."""
    version = _version(response)
    status, start, total = response.status_code, 0, version.total
    if status == 206:
        try:
            start, total = _range_of(response)
        except Changed:
            status = 200
    return Piece(status, host, version, start, total, response.iter_raw())


def _version(response: httpx.Response) -> Version:
    return Version(
        etag=response.headers.get("etag", "")[:200],
        total=_length(response),
        content_type=response.headers.get("content-type", "")[:200],
        encoding=response.headers.get("content-encoding", "").strip().lower()[:40],
    )


def begin(part: Part, response: httpx.Response, asked_from: int, wanted: Wanted) -> int:
    """Make `part` ready for the body of an answer with status 200 or 206, and check the room for it.

    Returns the offset that the body begins at. Raises `Changed` when it is a piece of something else.
    """
    version = _version(response)
    start = 0
    if response.status_code == 206:
        start, total = _range_of(response)
        known = part.version
        if known is None or start != asked_from or start > part.length:
            raise Changed
        is_same = version.encoding == known.encoding and (known.total is None or total in (None, known.total))
        # A server may answer 206 to an If-Range that does not fit (Swift does): its ETag tells.
        if not is_same or (known.etag and version.etag and version.etag != known.etag):
            raise Changed
        if known.total is None and total is not None:
            part.version = msgspec.structs.replace(known, total=total)
        total = known.total if total is None else total
    else:
        total = version.total
        part.start(version)
    if total is not None:
        wanted.check_size(total)
        wanted.check_room(max(0, total - part.length))
    return start


def receive(part: Part, response: httpx.Response, start: int, wanted: Wanted, extra: Callable[[int], int]) -> None:
    """Add the body, which begins at `start`, to `part`; what is there already is compared.

    `extra(length)` tells how many more bytes than `length` came over the connection. Raises `Changed`, `Passing`
    (the body ended early, or is too slow), FetchError, OSError.
    """
    assert part.version is not None
    total = part.version.total
    announced = _length(response)
    received = 0
    overlap = part.tail(start) if start < part.length else b""
    pace_from, pace_received = time.monotonic(), 0
    told = -1.0
    for piece in response.iter_raw():
        received += len(piece)
        if overlap:
            seen, overlap = overlap[: len(piece)], overlap[len(piece) :]
            if not piece.startswith(seen):
                raise Changed
            piece = piece[len(seen) :]
        part.write(piece)
        if total is None:
            wanted.check_size(part.length)
            if received % (64 * limits.MB) < len(piece):
                wanted.check_room(0)
        now = time.monotonic()
        if now - pace_from >= wanted.slow_s:
            if received - pace_received < wanted.slow_bytes_per_s * (now - pace_from):
                sentence = f"{wanted.host} sends {wanted.name} too slowly to ever arrive. Try again."
                raise Passing(FetchError(sentence, code="timeout"))
            pace_from, pace_received = now, received
        if now - told >= _PROGRESS_S:
            part.flush()
            wanted.check_time()
            wanted.on_progress(part.length, total)
            told = now
    if announced is not None and received < announced:
        raise Passing(_short(part, wanted, total))
    # What lies behind the announced end was read from the connection, but not handed out as the body.
    if announced is not None and "transfer-encoding" not in response.headers and extra(announced) > 0:
        part.start(None)
        raise FetchError(
            f"{wanted.host} sent more of {wanted.name} than the {announced} bytes that it announced, so it may be "
            "damaged. Try again, or locate the file."
        )
    if total is not None and part.length != total:
        if part.length > total:
            raise Changed
        raise Passing(_short(part, wanted, total))


def _short(part: Part, wanted: Wanted, total: int | None) -> FetchError:
    of = f"{part.length} of {total} bytes" if total is not None else "only a part"
    return FetchError(f"{wanted.host} sent {of} of {wanted.name} and stopped. Try again.")


def check_is_no_page(part: Part, wanted: Wanted) -> None:
    """Raises FetchError for a login page instead of the picture: status 200, and HTML where the name says media."""
    if not (_MEDIA_NAME.search(wanted.path) or _MEDIA_NAME.search(wanted.name)):
        return
    start = part.head(HEAD_BYTES).lstrip(b"\xef\xbb\xbf \t\r\n")[:15].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        part.start(None)
        raise FetchError(
            f"{wanted.host} sent a web page instead of {wanted.name}: probably it wants somebody to log in. "
            "Open a newer export, or locate the file.",
            code="refused",
        )


def is_complete(part: Part, response: httpx.Response) -> bool:
    """Whether an answer 416 to the request for the rest means that there is no rest."""
    match = re.fullmatch(r"bytes \*/([0-9]{1,18})", response.headers.get("content-range", "").strip())
    known = part.version.total if part.version else None
    return match is not None and int(match[1]) == part.length and known in (None, part.length)


def _range_of(response: httpx.Response) -> tuple[int, int | None]:
    """First byte and total of a ``Content-Range``. Raises `Changed` where there is none to be trusted."""
    match = re.fullmatch(
        r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\*)", response.headers.get("content-range", "").strip()
    )
    if match is None:
        raise Changed
    return int(match[1]), None if match[3] == "*" else int(match[3])


def _length(response: httpx.Response) -> int | None:
    value = response.headers.get("content-length", "")
    return int(value) if re.fullmatch(r"[0-9]{1,18}", value) else None


def size_in_words(length: int) -> str:
    """``3 KB``, ``4.1 MB``, ``22 GB``: powers of 1024, as file managers show them."""
    for unit, size in (("GB", limits.GB), ("MB", limits.MB), ("KB", limits.KB)):
        if length >= size:
            return f"{length / size:.1f}".removesuffix(".0") + f" {unit}"
    return f"{length} bytes"
