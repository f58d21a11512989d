"""Packets taken from their places in the file, where the boxes tell them: not a byte more is read than is decoded."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, BinaryIO, Protocol

import numpy as np

from viewer.decoders.video.boxes import expect, is_partial
from viewer.decoders.video.index import FrameIndex, SampleTable
from viewer.decoders.video.source import THREADS, Opened, PacketSource
from viewer.errors import DecodeError

REORDER = 4
"""Packets that a decoder may want beyond a frame, beside one for each of its threads."""
MOST = 64 << 20
"""Bytes that are expected at once."""


class Packets(Protocol):
    """Where a run of decoding has its packets from."""

    opened: Opened
    probes: bool
    """Whether another container of this file needs to look into its packets."""

    def restart(self, target: int | None) -> None:
        """Go to a timestamp, or to the very start for None. Raises DecodeError if that fails."""

    def aim(self, frame: int) -> None:
        """Say which frame (−1: none in particular) one goes for from here."""

    def packets(self) -> Iterator[tuple[int | None, Any]]:
        """(mark, packet) up to the end of what can be read."""


def expect_samples(source: BinaryIO, samples: SampleTable, first: int, last: int) -> None:
    """Tell a source that packets from `first` to `last` (in decode order) will be read."""
    last = min(last, len(samples.mark) - 1)
    if last < first:
        return
    start = int(samples.place[first])
    end = int((samples.place[first : last + 1] + samples.size[first : last + 1]).max())
    if start < end <= start + MOST:
        expect(source, start, end)


def expect_first(source: BinaryIO, samples: SampleTable) -> None:
    """Tell a source that the first picture is wanted, before libav looks at it."""
    first = int(np.argmax(samples.key))
    expect_samples(source, samples, first, first + REORDER + min(THREADS, os.cpu_count() or 2))


def packets_from(source: BinaryIO, opened: Opened, index: FrameIndex) -> Packets:
    """The packets of a stream: by libav's reader, or straight from a file that is not all here."""
    if index.samples is not None and is_partial(source):
        return SamplePackets(source, opened, index, index.samples)
    return PacketSource(source, opened, index)


class SamplePackets:
    """The samples of one track in decode order. See `Packets`."""

    probes = False

    def __init__(self, source: BinaryIO, opened: Opened, index: FrameIndex, samples: SampleTable) -> None:
        self.opened = opened
        self._source = source
        self._index = index
        self._samples = samples
        self._keys = np.flatnonzero(samples.key)
        self._by_mark = np.argsort(samples.mark, kind="stable")
        self._at = 0

    def restart(self, target: int | None) -> None:
        """See `Packets.restart`; targets are those of `FrameIndex.seek_to`."""
        key = 0 if target is None else self._index.key_of(target)
        if key is None or not len(self._keys):
            raise DecodeError("There is no way to jump to this place of the video.")
        self._at = 0 if target is None else int(self._keys[key])
        self.opened.codec.flush_buffers()

    def aim(self, frame: int) -> None:
        """See `Packets.aim`."""
        if frame < 0:
            return
        samples = self._samples
        mark = int(self._index.marks[frame])
        order = int(np.searchsorted(samples.mark, mark, sorter=self._by_mark))
        last = int(self._by_mark[min(order, len(samples.mark) - 1)])
        expect_samples(self._source, samples, self._at, last + REORDER + int(self.opened.codec.thread_count))

    def packets(self) -> Iterator[tuple[int | None, Any]]:
        """See `Packets.packets`."""
        import av

        samples, source = self._samples, self._source
        for number in range(self._at, len(samples.mark)):
            source.seek(int(samples.place[number]))
            size = int(samples.size[number])
            content = source.read(size)
            if len(content) < size:
                return
            self._at = number + 1
            packet = av.Packet(content)
            mark = int(samples.mark[number])
            packet.pts = mark
            packet.time_base = self.opened.stream.time_base
            packet.is_keyframe = bool(samples.key[number])
            yield mark, packet
