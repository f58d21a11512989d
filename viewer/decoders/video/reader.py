"""The exact frame N: seek, verify the key packet that arrives, decode forward, match the mark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from viewer.decoders.base import Cancelled
from viewer.decoders.video.cache import FrameCache
from viewer.decoders.video.index import FrameIndex
from viewer.decoders.video.samples import packets_from
from viewer.decoders.video.source import Opened, open_container
from viewer.errors import DecodeError

NEAR = 12
"""Frames that are rather decoded through than jumped over."""

KEEP_BEHIND = 24
"""Frames before the target of a jump that are decoded in full, so that steps back cost nothing."""

RUN_UPS = (1, 2, 4, 8)
"""Key packets to go back when a frame does not come out: intra refresh needs a run-up to its key."""

SKIPPABLE = ("h264", "hevc")
"""Codecs in which leaving out pictures that none refers to gives identical pixels (video.md §3.2)."""


class StoppedError(DecodeError):
    """Nobody wants the answer any more."""

    def __init__(self) -> None:
        super().__init__("This frame was no longer wanted.", code="Internal")


class Run:
    """One decoder going forward from a key packet, one packet at a time."""

    def __init__(self, source: BinaryIO, opened: Opened, index: FrameIndex) -> None:
        self.packets = packets_from(source, opened, index)
        self.index = index
        self.start = -1
        """The key packet from which this run decodes; −1: not started."""
        self.sent_key = -1
        self.out = -1
        """The highest frame that came out."""
        self.ended = False
        self._stream: Iterator[tuple[int | None, Any]] = iter(())
        self._next: tuple[int | None, Any] | None = None

    def begin(self, key: int, check: Callable[[], None], *, upto: int = -1) -> bool:
        """Make key packet `key` the next one to decode; False if it cannot be reached.

        `upto`: the frame that one goes for, so that a server can be asked for all of it at once.
        """
        self.start = self.sent_key = self.out = -1
        self.ended, self._next = False, None
        back = [self.index.seek_to(max(0, key - step)) for step in (0, 1, 4, 16)]
        targets: list[int | None] = [*dict.fromkeys(back), None]
        for target in targets:
            try:
                self.packets.restart(target)
            except DecodeError:
                continue
            self.packets.aim(upto)
            self._stream = self.packets.packets()
            for mark, packet in self._stream:
                check()
                if not packet.is_keyframe:
                    continue
                found = self.index.key_of(mark)
                if found == key:
                    self._next = (mark, packet)
                    self.start = key
                    return True
                if found is not None and found > key:
                    break
        return False

    def advance(self, skip_before: int = -1) -> list[tuple[int, Any]]:
        """Decode one packet: the frames that came out, in order. Frames below `skip_before` may be left out."""
        import av

        try:
            item = self._next or next(self._stream, None)
        except BaseException:  # bytes did not come: what is read next begins anew
            self.start = -1
            raise
        self._next = None
        codec = self.packets.opened.codec
        if item is None:
            self.ended = True
        else:
            mark, packet = item
            if packet.is_keyframe:
                key = self.index.key_of(mark)
                self.sent_key = self.sent_key if key is None else max(self.sent_key, key)
            if codec.name in SKIPPABLE:
                early = mark is not None and skip_before > 0 and mark < self.index.marks[skip_before]
                codec.skip_frame = "NONREF" if early else "DEFAULT"
        try:
            frames = codec.decode(None if item is None else item[1])
        except (av.FFmpegError, EOFError):
            return []
        found: list[tuple[int, Any]] = []
        for frame in frames:
            number = self.index.frame_of(frame.pts)
            if number is None:
                continue
            self.out = max(self.out, number)
            found.append((number, frame))
        return found

    def reaches(self, frame: int) -> bool:
        """Whether going on from here comes to a frame sooner than a jump would."""
        if self.start < 0 or self.ended or frame <= self.out:
            return False
        entry = int(self.index.entry[frame])
        if entry <= self.sent_key:
            return self.start <= entry
        return frame - self.out <= frame - int(self.index.first_of_key[entry]) + NEAR

    def close(self) -> None:
        """Close the container."""
        self.start = -1
        self.packets.opened.close()


class FrameReader:
    """Frames of one stream by number. One thread uses it.

    Frames passed on the way are kept in `cache`. `damaged` holds the numbers of frames that libav calls corrupt.
    """

    def __init__(self, source: BinaryIO, opened: Opened, index: FrameIndex, *, budget: int) -> None:
        self.index = index
        self.cache = FrameCache(budget)
        self.damaged: set[int] = set()
        self._source = source
        self._run = Run(source, opened, index)
        self._careful: Run | None = None
        self._lost: set[int] = set()
        self._barren: set[int] = set()
        """Frames that read-ahead passed without getting them: they are left to a request."""
        self._run_up: dict[int, int] = {}
        """Key packet → the one from which its frames come out whole."""
        self._settled: set[int] = set()
        """Key packets whose frames stay corrupt from wherever one starts."""
        self._poor: dict[int, Any] = {}

    def frame(self, number: int, cancelled: Cancelled) -> Any:
        """The av.VideoFrame with this number. Raises DecodeError when it cannot be decoded, StoppedError on request."""
        found = self.cache.get(number)
        if found is None and number in self._poor:
            found = self._poor[number]
        if found is not None:
            return found
        if number in self._lost:
            raise undecodable(number)

        def check() -> None:
            if cancelled():
                raise StoppedError

        self._poor.clear()
        found = self._search(number, check)
        if found is None:
            found = self._poor.get(number)
            if found is None:
                self._lost.add(number)
                raise undecodable(number)
            self._settled.add(int(self.index.entry[number]))
            self.damaged.add(number)
        return found

    def _search(self, number: int, check: Callable[[], None]) -> Any | None:
        run, entry = self._run, int(self.index.entry[number])
        if run.reaches(number):
            found = self._forward(run, number, check)
            if found is not None:
                return found
        start = self._run_up.get(entry, entry)
        found = self._from(run, start, number, check, skip=start == entry)
        if found is not None or entry in self._settled:
            return found
        if run.ended:
            # Frame threads lose good frames in the flush after a broken last packet.
            found = self._from(self._single(), entry, number, check)
            if found is not None:
                return found
        for step in RUN_UPS:
            start = max(0, entry - step)
            found = self._from(run, start, number, check)
            if found is not None:
                self._run_up[entry] = start
                return found
            if start == 0:
                break
        return self._from(self._single(), entry, number, check)

    def _single(self) -> Run:
        """A second decoder without threads: slower, but it loses no frame and conceals damage always alike."""
        if self._careful is None:
            opened = open_container(self._source, threads="one", probe=self._run.packets.probes)
            self._careful = Run(self._source, opened, self.index)
        return self._careful

    def _from(self, run: Run, key: int, number: int, check: Callable[[], None], *, skip: bool = False) -> Any | None:
        if not run.begin(key, check, upto=number):
            return None
        return self._forward(run, number, check, skip_before=number - KEEP_BEHIND if skip else -1)

    def _forward(self, run: Run, number: int, check: Callable[[], None], *, skip_before: int = -1) -> Any | None:
        """Decode until the frame comes out; None when a later one or the end came first."""
        run.packets.aim(number)
        while run.out < number and not run.ended:
            check()
            found = self._take(run, skip_before, number)
            if found is not None:
                return found
        return None

    def _take(self, run: Run, skip_before: int, wanted: int) -> Any | None:
        """Decode one packet, keep what comes; the wanted frame if it was among that."""
        result = None
        for number, frame in run.advance(skip_before):
            if frame.is_corrupt and int(self.index.entry[number]) not in self._settled:
                if number == wanted:
                    self._poor[number] = frame
                continue
            if frame.is_corrupt:
                self.damaged.add(number)
            self.cache.put(number, frame)
            if number == wanted:
                result = frame
        return result

    def is_lost(self, number: int) -> bool:
        """Whether it is known that a frame cannot be had, or not be kept."""
        return number in self._lost or number in self._barren

    def fill(self, wanted: int, cancelled: Cancelled, *, packets: int) -> None:
        """Bring a frame nearer to the cache by at most `packets` packets. Raises StoppedError on request."""
        if wanted in self.cache or self.is_lost(wanted):
            return
        run = self._run

        def check() -> None:
            if cancelled():
                raise StoppedError

        entry = int(self.index.entry[wanted])
        if not run.reaches(wanted) and not run.begin(self._run_up.get(entry, entry), check, upto=wanted):
            self._barren.add(wanted)
            return
        for _ in range(packets):
            check()
            self._take(run, -1, -1)
            if run.out >= wanted or run.ended:
                if wanted not in self.cache:
                    self._barren.add(wanted)
                return

    def close(self) -> None:
        """Close the containers and forget the frames."""
        self.cache.clear()
        self._poor.clear()
        self._run.close()
        if self._careful is not None:
            self._careful.close()
            self._careful = None


def undecodable(number: int) -> DecodeError:
    """The sentence for a frame that is broken; never a neighbour in its place."""
    return DecodeError(f"Frame {number} cannot be decoded: its data in the file is damaged. Other frames can be shown.")
