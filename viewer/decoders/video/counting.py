"""Numbering the frames by decoding once: for files whose packets bear no timestamps, or false ones."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, BinaryIO

import numpy as np

from viewer.decoders.video.index import FrameIndex, packets_of
from viewer.decoders.video.source import open_container
from viewer.errors import DecodeError
from viewer.frames import Timing
from viewer.limits import VIDEO_FRAMES

USUAL_RATE = Fraction(25)


def count_frames(source: BinaryIO, *, check: Callable[[], None]) -> FrameIndex:
    """The index of a stream by decoding all of it, without frame threads.

    Each packet gets its number in decode order as its timestamp; the decoder hands it on to the picture. The
    order in which pictures come out numbers the frames. Raises DecodeError when none comes.
    """
    import av

    opened = open_container(source, threads="one")
    try:
        stream = opened.stream
        rate = Fraction(stream.average_rate or stream.base_rate or USUAL_RATE)
        tick = Fraction(stream.time_base)
        places: list[int] = []
        keys: list[int] = []
        seeks: list[int] = []
        times: list[int | None] = []
        out: list[int] = []

        def decode(packet: Any) -> None:
            try:
                frames = opened.codec.decode(packet)
            except (av.FFmpegError, EOFError):
                return
            out.extend(frame.pts for frame in frames if frame.pts is not None)

        for ordinal, packet in enumerate(packets_of(opened.container, stream)):
            check()
            if ordinal > VIDEO_FRAMES:
                break
            places.append(-1 if packet.pos is None else packet.pos)
            times.append(packet.pts)
            if packet.is_keyframe:
                keys.append(ordinal)
                seeks.append(packet.dts if packet.dts is not None else packet.pts or 0)
            packet.pts = packet.dts = ordinal
            decode(packet)
        decode(None)
    finally:
        opened.close()
    return _number(list(dict.fromkeys(out)), places, keys, seeks, times, rate, tick)


def _number(
    out: list[int],
    places: list[int],
    keys: list[int],
    seeks: list[int],
    times: list[int | None],
    rate: Fraction,
    tick: Fraction,
) -> FrameIndex:
    starts = np.array(keys, np.int64)
    shown = np.array([o for o in out if len(keys) and o >= keys[0]], np.int64)
    if not len(shown):
        raise DecodeError("This video holds no picture that can be decoded.")
    stamps = -1 - np.arange(len(places), dtype=np.int64)
    stamps[shown] = np.arange(len(shown))
    marks = stamps[starts]
    entry = np.searchsorted(starts, shown, "right") - 1
    early = (np.arange(len(shown)) < marks[entry]) & (entry > 0)
    entry[early] -= 1
    known = [times[o] for o in shown.tolist()]
    pts = np.array([0 if time is None else time for time in known], np.int64)
    step = max(1, round(1 / (rate * tick)))
    if None in known or (np.diff(pts) < 0).any():
        pts, tick, step = np.arange(len(shown), dtype=np.int64), 1 / rate, 1
    timing = Timing(pts, tick, int(pts[-1]) + step, int(pts[0]))
    return FrameIndex(
        np.arange(len(shown), dtype=np.int64),
        marks,
        entry.astype(np.int64),
        timing,
        "counted",
        seek=np.array(seeks, np.int64),
        stamps=stamps,
        places=np.array(places, np.int64),
    )
