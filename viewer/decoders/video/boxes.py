"""The boxes of an MP4 or QuickTime file (ISO 14496-12): found without reading the media data between them."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from viewer.errors import DecodeError
from viewer.limits import MB, VIDEO_FRAMES

MOOV_BYTES = 512 * MB
FRAGMENT_BYTES = 16 * MB
BOXES = 1_000_000
"""Top-level boxes looked at: an hour of fragments of 0.1 s has 72,000."""

CONTAINERS = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"moof", b"sidx", b"styp", b"uuid")
ENCRYPTED = (b"encv", b"drmi")


@dataclass(slots=True)
class Track:
    """The boxes of one track."""

    number: int = 0
    handler: bytes = b""
    timescale: int = 0
    entries: tuple[bytes, ...] = ()
    edits: tuple[tuple[int, int, int], ...] = ()
    """(duration in movie ticks, media time or −1, rate as 16.16)."""
    tables: dict[bytes, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class Movie:
    """What the boxes of a file say. `fragments` holds the bodies of the moof boxes."""

    size: int
    timescale: int = 0
    found: bool = False
    tracks: list[Track] = field(default_factory=list)
    defaults: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    """Track → (duration, size, flags) of samples in fragments."""
    fragments: list[tuple[int, bytes]] = field(default_factory=list)
    fragmented: bool = False
    cut: bool = False
    """Whether there are more fragments than were read."""

    def video(self, number: int) -> Track | None:
        """The video track with this id."""
        return next((t for t in self.tracks if t.number == number and t.handler == b"vide"), None)


def is_partial(source: BinaryIO) -> bool:
    """Whether bytes of a file are still on a server: then as few as possible are read."""
    return bool(getattr(source, "is_partial", False))


def expect(source: BinaryIO, start: int, end: int) -> None:
    """Tell a source that brings its bytes from elsewhere how far one will read from `start` on."""
    told = getattr(source, "expect", None)
    if told is not None:
        told(start, end)


def looks_like_mp4(head: bytes) -> bool:
    """Whether a file begins with a box of MP4 or QuickTime."""
    return head[4:8] in CONTAINERS


def read_movie(source: BinaryIO, *, fragments: int = BOXES) -> Movie:
    """Walk over the top-level boxes, hopping over the media data. Never raises for damage: it stops there.

    Each hop may be a question to a server: beyond so many `fragments` it stops, and the movie is `cut`.
    """
    size = source.seek(0, os.SEEK_END)
    movie = Movie(size)
    at = 0
    for _ in range(BOXES):
        if at + 8 > size:
            break
        if len(movie.fragments) >= fragments:
            movie.cut = True
            break
        if movie.fragments:  # the next thing of use is the next header, wherever it is
            expect(source, at, at + 16)
        source.seek(at)
        head = source.read(16)
        length, kind = struct.unpack(">I4s", head[:8])
        body = at + 8
        if length == 1 and len(head) == 16:
            length, body = int.from_bytes(head[8:], "big"), at + 16
        elif length == 0:
            length = size - at
        if length < body - at:
            break
        if kind == b"moov" and length <= MOOV_BYTES and at + length <= size and not movie.found:
            expect(source, body, at + length)
            source.seek(body)
            read_moov(movie, source.read(at + length - body))
        elif kind == b"moof" and length <= FRAGMENT_BYTES and at + length <= size:
            expect(source, body, at + length)
            source.seek(body)
            movie.fragments.append((at, source.read(at + length - body)))
        at += length
    return movie


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(kind, body) of the boxes in a body; a box that reaches out of it ends the walk."""
    at = 0
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body = at + 8
        if length == 1 and at + 16 <= len(data):
            length, body = struct.unpack_from(">Q", data, at + 8)[0], at + 16
        elif length == 0:
            length = len(data) - at
        if length < body - at or at + length > len(data):
            return
        yield kind, data[body : at + length]
        at += length


def read_moov(movie: Movie, data: bytes) -> None:
    """Read the movie box: tracks, their tables, defaults of fragments."""
    movie.found = True
    for kind, body in boxes(data):
        try:
            if kind == b"mvhd":
                movie.timescale = struct.unpack_from(">I", body, 20 if body[0] == 1 else 12)[0]
            elif kind == b"trak":
                track = Track()
                read_track(track, body)
                movie.tracks.append(track)
            elif kind == b"mvex":
                movie.fragmented = True
                for inner, extends in boxes(body):
                    if inner == b"trex":
                        number, _, duration, size, flags = struct.unpack_from(">5I", extends, 4)
                        movie.defaults[number] = (duration, size, flags)
        except (struct.error, IndexError):
            continue


def read_track(track: Track, data: bytes) -> None:
    """Read a trak box and what is nested in it."""
    for kind, body in boxes(data):
        if kind in (b"mdia", b"minf", b"stbl", b"edts"):
            read_track(track, body)
        elif kind == b"tkhd":
            track.number = struct.unpack_from(">I", body, 20 if body[0] == 1 else 12)[0]
        elif kind == b"mdhd":
            track.timescale = struct.unpack_from(">I", body, 20 if body[0] == 1 else 12)[0]
        elif kind == b"hdlr" and not track.handler:
            track.handler = body[8:12]
        elif kind == b"stsd":
            track.entries = tuple(entry for entry, _ in boxes(body[8:]))
        elif kind == b"elst":
            count = struct.unpack_from(">I", body, 4)[0]
            form = ">QqI" if body[0] == 1 else ">IiI"
            step = struct.calcsize(form)
            count = min(count, (len(body) - 8) // step)
            track.edits = tuple(struct.unpack_from(form, body, 8 + i * step) for i in range(count))
        elif kind in (b"stts", b"ctts", b"stss", b"stsz", b"stz2", b"stsc", b"stco", b"co64"):
            track.tables[kind] = body


def check_limits(movie: Movie) -> None:
    """Raise the DecodeError for an encrypted video, or one with more pictures than are read."""
    for track in movie.tracks:
        if track.handler != b"vide":
            continue
        if track.entries and all(entry in ENCRYPTED for entry in track.entries):
            raise DecodeError("This video is encrypted (DRM): without its key there is no picture.", code="Encrypted")
        sizes = track.tables.get(b"stsz") or b""
        claimed = int.from_bytes(sizes[8:12], "big") if len(sizes) >= 12 else 0
        if claimed > VIDEO_FRAMES:
            raise DecodeError(
                f"This video says it has {claimed} pictures: more than {VIDEO_FRAMES} are not read.", code="TooLarge"
            )
