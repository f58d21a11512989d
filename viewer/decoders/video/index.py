"""The frames of a stream in presentation order, and the key packet from which each can be decoded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from viewer.errors import DecodeError
from viewer.frames import Timing
from viewer.limits import VIDEO_FRAMES

FILE_CLOCK = ("mov", "matroska", "ogg")
"""Containers that browsers play: their own clock counts. Elsewhere it may start anywhere: the first picture is 0 s."""


@dataclass(frozen=True, slots=True, eq=False)
class SampleTable:
    """Where each packet lies in the file, in decode order: arrays of one length, int64 but for `key` (bool).

    `mark` is its timestamp, `place` its byte offset, `size` its bytes. Hidden packets are among them.
    """

    mark: NDArray[np.int64]
    key: NDArray[np.bool_]
    place: NDArray[np.int64]
    size: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class FrameIndex:
    """All shown frames of one stream. Frame n is the n-th in presentation order.

    `marks`: int64 (frames,), the timestamp that the decoder gives back with the picture, ascending and unique;
    in count mode the number of the packet in decode order. `keys`: int64 (keys,), marks of the key packets in
    decode order, and `seek` the timestamps to seek to for them. `entry`: int64 (frames,), the number of the key
    packet from which frame n decodes. `timing`: when the frames are shown. `stamps` and `places` exist in count
    mode alone: the mark of every packet in decode order, and its byte offset by which it is known again.
    `leading`: how many of the first frames come before the first key picture, though after it in decode order.
    `samples`: where the packets lie, if they can be given to the decoder as they stand there.
    """

    marks: NDArray[np.int64]
    keys: NDArray[np.int64]
    entry: NDArray[np.int64]
    timing: Timing
    source: Literal["boxes", "packets", "counted"]
    seek: NDArray[np.int64] | None = None
    stamps: NDArray[np.int64] | None = None
    places: NDArray[np.int64] | None = None
    leading: int = 0
    samples: SampleTable | None = None
    _key_order: NDArray[np.int64] = field(init=False)
    first_of_key: NDArray[np.int64] = field(init=False)
    """int64 (keys,): the first frame that decodes from key k, for the cost of a run."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_key_order", np.argsort(self.keys, kind="stable"))
        first = np.searchsorted(np.maximum.accumulate(self.entry), np.arange(len(self.keys)))
        object.__setattr__(self, "first_of_key", first.astype(np.int64))

    @property
    def count(self) -> int:
        """How many frames there are."""
        return len(self.marks)

    def frame_of(self, mark: int | None) -> int | None:
        """The frame with this mark, None for a picture that is not shown."""
        if mark is None:
            return None
        at = int(np.searchsorted(self.marks, mark))
        return at if at < len(self.marks) and self.marks[at] == mark else None

    def key_of(self, mark: int | None) -> int | None:
        """The number of the key packet with this mark, None if there is none."""
        if mark is None:
            return None
        at = int(np.searchsorted(self.keys, mark, sorter=self._key_order))
        if at == len(self.keys):
            return None
        key = int(self._key_order[at])
        return key if self.keys[key] == mark else None

    def is_key(self, frame: int) -> bool:
        """Whether a frame is a key packet itself."""
        return self.key_of(int(self.marks[frame])) is not None

    def seek_to(self, key: int) -> int:
        """The timestamp to seek to for a key packet. By pts: mov lands a group early for a dts (video.md §2)."""
        return int(self.keys[key] if self.seek is None else self.seek[key])


class ReorderedError(Exception):
    """The packets' timestamps do not order the frames: count them by decoding instead."""


def assemble(
    pts: NDArray[np.int64],
    key: NDArray[np.bool_],
    shown: NDArray[np.bool_],
    *,
    duration: int,
    tick: Fraction,
    cut: int,
    arbitrary_clock: bool,
    source: Literal["boxes", "packets", "counted"],
) -> FrameIndex:
    """Make the index of packets in decode order.

    Kept are shown packets that are not before the first key packet. A frame decodes from the last key packet at or
    before it in decode order; if it is shown before that key, from the key before. Where there is none before, it
    is a leading picture, which may need a past that was cut off: see `without_leading`. Raises ReorderedError for
    equal timestamps, DecodeError when nothing is left.
    """
    if len(pts) > VIDEO_FRAMES:
        raise DecodeError(
            f"This video has {len(pts)} pictures: more than {VIDEO_FRAMES} are not read.", code="TooLarge"
        )
    number = np.cumsum(key) - 1
    keys = pts[key]
    if len(keys):
        before = number >= 0
        number[before] -= pts[before] < keys[number[before]]
        kept = shown & before
    else:
        kept = shown & False
    if not kept.any():
        raise DecodeError("This video holds no picture that can be decoded: it has no key frame.")
    order = np.flatnonzero(kept)[np.argsort(pts[kept], kind="stable")]
    marks = pts[order]
    if (np.diff(marks) == 0).any() or len(np.unique(keys)) != len(keys):
        raise ReorderedError
    last = int(marks[-1])
    step = duration if duration > 0 else _usual_step(marks)
    origin = int(marks[0]) if arbitrary_clock else 0
    timing = Timing(marks, tick, last + max(1, step), origin, cut)
    leading = int((number[order] < 0).sum())
    return FrameIndex(marks, keys, np.maximum(number[order], 0), timing, source, leading=leading)


def without_leading(index: FrameIndex, decoded: set[int]) -> FrameIndex:
    """The index without those leading pictures of the first key packet whose marks are not in `decoded`."""
    kept = np.ones(index.count, np.bool_)
    kept[: index.leading] = [mark in decoded for mark in index.marks[: index.leading].tolist()]
    if not kept.any():
        raise DecodeError("This video holds no picture that can be decoded.")
    old = index.timing
    marks = index.marks[kept]
    origin = old.origin if old.origin == 0 else int(marks[0])
    timing = Timing(marks, old.tick, old.end, origin, old.cut)
    return FrameIndex(marks, index.keys, index.entry[kept], timing, index.source, samples=index.samples)


def started_at(index: FrameIndex, start: int | None) -> FrameIndex:
    """The index moved to where libav says that the stream begins (None: it does not say)."""
    if start is None or start == int(index.marks[0]):
        return index
    by = start - int(index.marks[0])
    old, samples = index.timing, index.samples
    origin = old.origin if old.origin == 0 else old.origin + by
    return replace(
        index,
        marks=index.marks + by,
        keys=index.keys + by,
        timing=Timing(index.marks + by, old.tick, old.end + by, origin, old.cut),
        samples=None if samples is None else replace(samples, mark=samples.mark + by),
    )


def _usual_step(marks: NDArray[np.int64]) -> int:
    return int(np.median(np.diff(marks))) if len(marks) > 1 else 1


def shows_picture(codec: str, packet: Any) -> bool:
    """Whether a packet of VP8 or VP9 is shown by itself: hidden reference pictures have no frame of their own.

    VP8: show_frame is bit 4 of byte 0 (RFC 6386 §9.1). VP9: show_frame in the uncompressed header, unless the
    packet is a superframe or shows an existing frame (VP9 bitstream specification §6.2, annex B).
    """
    if codec not in ("vp8", "vp9"):
        return True
    data = memoryview(packet)
    if codec == "vp8":
        return bool(data[0] >> 4 & 1)
    if data[-1] & 0xE0 == 0xC0:
        return True
    head = data[0]
    at = 5 if head >> 4 & 3 == 3 else 4  # profile 3 has a reserved bit
    if head >> (7 - at) & 1:  # show_existing_frame
        return True
    at += 2
    return bool(data[at >> 3] >> (7 - (at & 7)) & 1)


def read_packets(container: Any, stream: Any, *, check: Callable[[], None]) -> FrameIndex:
    """The index by reading all packets of a stream, without decoding any.

    `check` is called now and then and may raise. Raises ReorderedError when the packets bear no timestamps.
    """
    codec = {"libvpx": "vp8", "libvpx-vp9": "vp9"}.get(stream.codec_context.name, stream.codec_context.name)
    peek = codec in ("vp8", "vp9")
    pts: list[int] = []
    key: list[bool] = []
    shown: list[bool] = []
    dropped: list[int] = []
    duration, last = 0, None
    for count, packet in enumerate(packets_of(container, stream)):
        if count & 0x3FF == 0:
            check()
            if count > VIDEO_FRAMES:
                break
        mark = packet.pts
        if mark is None:
            raise ReorderedError
        pts.append(mark)
        key.append(packet.is_keyframe)
        if packet.is_discard:
            dropped.append(mark)
        visible = not packet.is_discard and (not peek or shows_picture(codec, packet))
        shown.append(visible)
        if visible and (last is None or mark >= last):
            last, duration = mark, packet.duration or 0
    first = min((mark for mark, seen in zip(pts, shown, strict=True) if seen), default=0)
    return assemble(
        np.array(pts, np.int64),
        np.array(key, np.bool_),
        np.array(shown, np.bool_),
        duration=duration,
        tick=Fraction(stream.time_base),
        cut=sum(mark < first for mark in dropped),
        arbitrary_clock=not container.format.name.startswith(FILE_CLOCK),
        source="packets",
    )


def packets_of(container: Any, stream: Any) -> Any:
    """The packets of a stream with content; a file cut in the middle of one ends there."""
    import av

    try:
        for packet in container.demux(stream):
            if packet.size > 0:
                yield packet
    except (av.FFmpegError, EOFError):
        return
