"""Opening the container: an allow-list of formats, no addresses followed, and the one stream that is shown."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

from viewer.decoders.video.index import FrameIndex
from viewer.errors import DecodeError

FORMATS = (
    "mov", "matroska", "avi", "mpegts", "mpeg", "mpegvideo", "ogg", "flv", "asf", "h264", "hevc", "m4v", "obu",
    "ivf", "yuv4mpegpipe", "mjpeg", "rm", "mxf", "nut", "dv",
)  # fmt: skip
"""What libav may take a file for. Playlists and scripts (hls, dash, sdp, concat, image2, …) would open other files."""

THREADS = 8
"""More decode threads only delay the first picture: n threads need n packets (video.md §3.1)."""

BLOCK = 1 << 16


class Window:
    """A file object with a position of its own, so that two containers can read one source."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes from the own position."""
        self._source.seek(self._at)
        data = self._source.read(size)
        self._at += len(data)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move the own position as a file does."""
        if whence == os.SEEK_END:
            self._at = self._source.seek(offset, os.SEEK_END)
        else:
            self._at = offset + (self._at if whence == os.SEEK_CUR else 0)
        return self._at

    def tell(self) -> int:
        """The own position."""
        return self._at


@dataclass(slots=True, eq=False)
class Opened:
    """A container with its chosen stream, ready to decode. One thread touches it; see `close`."""

    container: Any
    stream: Any
    threads: Literal["many", "one"]

    @property
    def codec(self) -> Any:
        """The decoder's context."""
        return self.stream.codec_context

    def close(self) -> None:
        """Close the container. May be called twice."""
        self.container.close()


QUICK = {"probesize": "32", "analyzeduration": "0"}
"""Options for a file whose boxes say all that libav would look for in its packets."""


def open_container(source: BinaryIO, *, threads: Literal["many", "one"], probe: bool = True) -> Opened:
    """Open the video in a seekable file object. `probe`: look into its packets for what the header leaves open.

    Raises DecodeError when libav does not know the format, when there is no video in it, or no decoder.
    """
    import av
    import av.logging

    av.logging.set_level(None)
    options = {"format_whitelist": ",".join(FORMATS), "protocol_whitelist": "none"}
    if not probe:
        options |= QUICK
    try:
        container = av.open(Window(source), mode="r", options=options, buffer_size=BLOCK)
    except (av.FFmpegError, OSError, ValueError) as error:
        raise DecodeError(
            "This file cannot be read as a video: its container is damaged, cut off, or of an unknown kind."
        ) from error
    try:
        stream = choose_stream(container)
    except DecodeError:
        container.close()
        raise
    context = stream.codec_context
    context.thread_type = "AUTO"
    context.thread_count = 1 if threads == "one" else min(THREADS, os.cpu_count() or 2)
    return Opened(container, stream, threads)


def choose_stream(container: Any) -> Any:
    """The first video that is no attached picture; the others are not read. Raises DecodeError."""
    from av.stream import Discard, Disposition

    still = Disposition.attached_pic | Disposition.timed_thumbnails
    videos = [s for s in container.streams.video if not s.disposition & still]
    if not videos:
        raise DecodeError(no_video(container), code="Unsupported")
    chosen = next((s for s in videos if s.codec_context is not None), None)
    if chosen is None:
        raise DecodeError("The video in this file is in a form for which there is no decoder here.", code="Unsupported")
    for stream in container.streams:
        if stream.index != chosen.index:
            stream.discard = Discard.all
    return chosen


def no_video(container: Any) -> str:
    """Why there is nothing to see."""
    if container.streams.audio:
        return "This file holds sound but no video: there is no picture to show."
    return "There is no video in this file."


class PacketSource:
    """The packets of a container from any key packet on, each known by its mark."""

    def __init__(self, source: BinaryIO, opened: Opened, index: FrameIndex) -> None:
        self.opened = opened
        self.index = index
        self._source = source
        self._ordinal: int | None = None
        self.probes = True

    def aim(self, frame: int) -> None:
        """Nothing: libav reads where it likes."""

    def restart(self, target: int | None) -> None:
        """Go to a timestamp, or to the very start for None. Raises DecodeError if that fails."""
        import av

        if target is None:
            threads = self.opened.threads
            self.opened.close()
            self.opened = open_container(self._source, threads=threads)
            self._ordinal = 0
            return
        self._ordinal = None
        try:
            self.opened.container.seek(target, backward=True, stream=self.opened.stream)
        except (av.FFmpegError, OSError) as error:
            raise DecodeError("There is no way to jump to this place of the video.") from error
        self.opened.codec.flush_buffers()

    def packets(self) -> Iterator[tuple[int | None, Any]]:
        """(mark, packet) up to the end of what can be read; marks are None where unknown."""
        import av

        places, stamps = self.index.places, self.index.stamps
        try:
            for packet in self.opened.container.demux(self.opened.stream):
                if packet.size <= 0:
                    continue
                if stamps is None or places is None:
                    yield packet.pts, packet
                    continue
                ordinal = self._find(packet.pos)
                mark = None if ordinal is None else int(stamps[ordinal])
                packet.pts = mark
                packet.dts = ordinal
                yield mark, packet
        except (av.FFmpegError, EOFError, OSError):
            return

    def _find(self, place: int | None) -> int | None:
        """The number of a packet in decode order by its place in the file."""
        import numpy as np

        places = self.index.places
        assert places is not None
        place = -1 if place is None else place
        if self._ordinal is not None and self._ordinal < len(places) and places[self._ordinal] == place:
            found: int | None = self._ordinal
        else:
            at = np.flatnonzero(places == place)
            found = int(at[0]) if len(at) == 1 else None
        self._ordinal = None if found is None else found + 1
        return found
