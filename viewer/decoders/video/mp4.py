"""The frames of an MP4 or QuickTime file from its boxes: some megabytes read, whatever the length (ISO 14496-12).

Anything unusual gives None, and the packets are read instead. What is taken from here is tick for tick what libav
gives to the packets.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from viewer.decoders.video.boxes import Movie, Track, boxes
from viewer.decoders.video.index import FrameIndex, SampleTable, assemble
from viewer.limits import VIDEO_FRAMES

NOT_KEY = 0x0001_0000 | 0x0100_0000
"""Sample flags: is not a sync sample, depends on others."""

AS_THEY_STAND = (
    *(b"avc1", b"avc3", b"hvc1", b"hev1", b"vp09", b"av01", b"mp4v", b"jpeg"),
    *(b"apcn", b"apch", b"apcs", b"apco", b"ap4h", b"ap4x"),
)
"""Sample entries whose samples are what the decoder takes, without libav's reader in between."""


class OddError(Exception):
    """Something that this parser leaves to libav."""


def read_index(movie: Movie, number: int) -> FrameIndex | None:
    """The index of a video track, None where the file is to be read packet by packet instead."""
    track = movie.video(number)
    if track is None or not track.timescale:
        return None
    try:
        samples = fragment_samples(movie, track) if movie.fragments else table_samples(track)
        return with_edits(movie, track, samples)
    except (OddError, struct.error, IndexError, ValueError, OverflowError):
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Samples in decode order: int64 arrays of one length. `time` is the composition time in media ticks."""

    time: NDArray[np.int64]
    key: NDArray[np.bool_]
    place: NDArray[np.int64]
    size: NDArray[np.int64]
    duration: NDArray[np.int64]


def words(body: bytes, start: int, count: int, kind: str = ">u4") -> NDArray[np.int64]:
    """`count` numbers of a table. Raises OddError when the table is shorter than it says."""
    width = np.dtype(kind).itemsize
    if start + count * width > len(body):
        raise OddError
    return np.frombuffer(body, kind, count, start).astype(np.int64)


def runs(body: bytes, total: int, kind: str) -> NDArray[np.int64]:
    """A table of (count, value) pairs written out, cut to `total` values. Raises OddError if it gives fewer."""
    pairs = np.frombuffer(body, np.dtype([("count", ">u4"), ("value", kind)]), _count(body), 8)
    counts = pairs["count"].astype(np.int64)
    reach = np.cumsum(counts)
    if not len(reach) or reach[-1] < total:
        raise OddError
    need = int(np.searchsorted(reach, total)) + 1
    counts = counts[:need].copy()
    counts[-1] -= reach[need - 1] - total
    return np.repeat(pairs["value"][:need].astype(np.int64), counts)


def _count(body: bytes) -> int:
    count = int.from_bytes(body[4:8], "big")
    if 8 + count * 8 > len(body):
        raise OddError
    return count


def table_samples(track: Track) -> Samples:
    """The samples of a file without fragments: stsz, stsc, stco/co64, stts, ctts, stss."""
    tables = track.tables
    sizes = tables.get(b"stsz")
    if sizes is None or b"stts" not in tables or b"stsc" not in tables:
        raise OddError
    uniform, total = struct.unpack_from(">II", sizes, 4)
    if not 0 < total <= VIDEO_FRAMES:
        raise OddError
    size = np.full(total, uniform, np.int64) if uniform else words(sizes, 12, total)
    duration = runs(tables[b"stts"], total, ">u4")
    if (duration > 0x7FFF_FFFF).any():
        raise OddError
    time = np.cumsum(duration) - duration
    if b"ctts" in tables:
        time = time + runs(tables[b"ctts"], total, ">i4")
    key = np.ones(total, np.bool_)
    if b"stss" in tables:
        key[:] = False
        sync = words(tables[b"stss"], 8, int.from_bytes(tables[b"stss"][4:8], "big"))
        if (sync < 1).any():
            raise OddError
        key[sync[sync <= total] - 1] = True
    return Samples(time, key, places(tables, size), size, duration)


def places(tables: dict[bytes, bytes], size: NDArray[np.int64]) -> NDArray[np.int64]:
    """Byte offsets of the samples from the chunks' offsets and the samples of each chunk."""
    wide = b"co64" in tables
    body = tables[b"co64"] if wide else tables.get(b"stco", b"")
    if len(body) < 8:
        raise OddError
    chunk = words(body, 8, int.from_bytes(body[4:8], "big"), ">i8" if wide else ">u4")
    body = tables[b"stsc"]
    count = int.from_bytes(body[4:8], "big")
    rows = words(body, 8, count * 3).reshape(-1, 3)
    if not count or rows[0, 0] != 1 or (np.diff(rows[:, 0]) <= 0).any():
        raise OddError
    spans = np.diff(np.append(rows[:, 0], len(chunk) + 1))
    if (spans < 0).any():
        raise OddError
    per_chunk = np.repeat(rows[:, 1], spans)[: len(chunk)]
    if int(per_chunk.sum()) < len(size) or (per_chunk > VIDEO_FRAMES).any():
        raise OddError
    reach = np.cumsum(per_chunk)
    used = int(np.searchsorted(reach, len(size))) + 1
    per_chunk = per_chunk[:used].copy()
    per_chunk[-1] -= reach[used - 1] - len(size)
    inside = np.cumsum(size) - size
    first = np.cumsum(per_chunk) - per_chunk
    started = inside[np.minimum(first, len(size) - 1)]
    offsets: NDArray[np.int64] = np.repeat(chunk[:used] - started, per_chunk) + inside
    return offsets


def fragment_samples(movie: Movie, track: Track) -> Samples:
    """The samples of a fragmented file: tfhd, tfdt, trun of each moof. Raises OddError if the moov has samples too."""
    total = track.tables.get(b"stsz", b"")
    if len(total) >= 12 and int.from_bytes(total[8:12], "big"):
        raise OddError
    parts: list[Samples] = []
    clock = 0
    for start, body in movie.fragments:
        data_at = start
        for kind, inner in boxes(body):
            if kind != b"traf":
                continue
            part, clock, data_at = read_traf(inner, movie, track, start, data_at, clock)
            parts.extend(part)
    if not parts or sum(len(p.time) for p in parts) > VIDEO_FRAMES:
        raise OddError
    return Samples(
        np.concatenate([p.time for p in parts]),
        np.concatenate([p.key for p in parts]),
        np.concatenate([p.place for p in parts]),
        np.concatenate([p.size for p in parts]),
        np.concatenate([p.duration for p in parts]),
    )


def read_traf(
    data: bytes, movie: Movie, track: Track, moof: int, data_at: int, clock: int
) -> tuple[list[Samples], int, int]:
    """(samples, clock after them, end of their data) of one track fragment; none for another track."""
    found = list(boxes(data))
    header = next((body for kind, body in found if kind == b"tfhd"), None)
    if header is None:
        raise OddError
    flags, number = struct.unpack_from(">II", header)
    flags &= 0xFF_FFFF
    at = 8
    base = moof
    if flags & 1:
        base, at = struct.unpack_from(">Q", header, at)[0], at + 8
    elif not flags & 0x2_0000:
        base = data_at  # the end of the data of the track before, in this moof
    if flags & 2:
        at += 4
    duration, size, usual = movie.defaults.get(number, (0, 0, 0))
    if flags & 8:
        duration, at = struct.unpack_from(">I", header, at)[0], at + 4
    if flags & 0x10:
        size, at = struct.unpack_from(">I", header, at)[0], at + 4
    if flags & 0x20:
        usual = struct.unpack_from(">I", header, at)[0]
    mine = number == track.number
    samples: list[Samples] = []
    place = base
    for kind, body in found:
        if kind == b"tfdt" and mine:
            clock = struct.unpack_from(">Q" if body[0] == 1 else ">I", body, 4)[0]
        elif kind == b"trun":
            part, place = read_run(body, base, place, clock, duration, size, usual)
            if mine:
                samples.append(part)
                clock += int(part.duration.sum())
    return samples, clock, place


def read_run(
    body: bytes, base: int, place: int, clock: int, duration: int, size: int, usual: int
) -> tuple[Samples, int]:
    """The samples of a trun box, and where its data ends."""
    flags, count = struct.unpack_from(">II", body)
    version, flags = flags >> 24, flags & 0xFF_FFFF
    if count > VIDEO_FRAMES:
        raise OddError
    at = 8
    if flags & 1:
        place, at = base + struct.unpack_from(">i", body, at)[0], at + 4
    first = None
    if flags & 4:
        first, at = struct.unpack_from(">I", body, at)[0], at + 4
    names = [(bit, name) for bit, name in ((0x100, "d"), (0x200, "s"), (0x400, "f"), (0x800, "c")) if flags & bit]
    kinds = [(name, ">i4" if name == "c" and version else ">u4") for _, name in names]
    row = np.dtype(kinds)
    if at + count * row.itemsize > len(body):
        raise OddError
    rows = np.frombuffer(body, row, count, at) if kinds else None

    def column(name: str, default: int) -> NDArray[np.int64]:
        if rows is not None and name in (row.names or ()):
            return rows[name].astype(np.int64)
        return np.full(count, default, np.int64)

    durations, sizes, marks = column("d", duration), column("s", size), column("f", usual)
    if first is not None and count and "f" not in (row.names or ()):
        marks[0] = first
    inside = np.cumsum(sizes) - sizes
    time = clock + np.cumsum(durations) - durations + column("c", 0)
    key = marks & NOT_KEY == 0
    return Samples(time, key, place + inside, sizes, durations), place + int(sizes.sum())


def with_edits(movie: Movie, track: Track, samples: Samples) -> FrameIndex:
    """Apply the edit list as libav does. Raises OddError for lists that repeat or rearrange pictures.

    One edit shows the samples whose composition time lies in it; what it hides at its start stays decodable. A
    first picture that does not lie on the edit's start is moved there.
    """
    start, shift = 0, 0
    shown = np.ones(len(samples.time), np.bool_)
    edits = list(track.edits)
    while edits and edits[0][1] == -1:
        if not movie.timescale:
            raise OddError
        start += _rescale(edits.pop(0)[0], track.timescale, movie.timescale)
    if len(edits) > 1:
        raise OddError
    if edits:
        duration, media, rate = edits[0]
        if media < 0 or rate != 0x1_0000:
            raise OddError
        shown = samples.time >= media
        if duration and movie.timescale:
            shown &= samples.time < media + _rescale(duration, track.timescale, movie.timescale)
        if not shown.all() and (movie.fragments or not shown.any()):
            raise OddError
        shift = media if shown.all() else int(samples.time[shown].min())
    whole = (samples.place >= 0) & (samples.place + samples.size <= movie.size) & (samples.size > 0)
    if not (whole & shown).any():
        raise OddError
    time, shown = samples.time[whole] + start - shift, shown[whole]
    last = int(np.argmax(np.where(shown, time, np.iinfo(np.int64).min)))
    index = assemble(
        time,
        samples.key[whole],
        shown,
        duration=int(samples.duration[whole][last]),
        tick=Fraction(1, track.timescale),
        cut=int((~shown & (time < start)).sum()),
        arbitrary_clock=False,
        source="boxes",
    )
    if len(track.entries) != 1 or track.entries[0] not in AS_THEY_STAND:
        return index
    return replace(index, samples=SampleTable(time, samples.key[whole], samples.place[whole], samples.size[whole]))


def _rescale(value: int, to: int, of: int) -> int:
    """Value · to / of, rounded to nearest as av_rescale does."""
    return (2 * value * to + of) // (2 * of)
