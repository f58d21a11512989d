"""Knows a video by its bytes, opens it and finds its frames."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import BinaryIO, ClassVar

from viewer.decoders.base import Document, Hints
from viewer.decoders.video.boxes import BOXES, Movie, check_limits, is_partial, looks_like_mp4, read_movie
from viewer.decoders.video.by_time import TimedDocument
from viewer.decoders.video.counting import count_frames
from viewer.decoders.video.document import VideoDocument
from viewer.decoders.video.index import FrameIndex, ReorderedError, read_packets, started_at, without_leading
from viewer.decoders.video.mp4 import read_index
from viewer.decoders.video.reader import Run
from viewer.decoders.video.samples import expect_first
from viewer.decoders.video.source import Opened, open_container
from viewer.errors import DecodeError

NAMES = (
    *(".mp4", ".m4v", ".mov", ".qt", ".3gp", ".3g2", ".webm", ".mkv", ".avi", ".ts", ".mts", ".m2ts", ".mpg", ".mpeg"),
    *(".m2v", ".ogv", ".ogg", ".flv", ".wmv", ".asf", ".h264", ".264", ".hevc", ".h265", ".265", ".ivf", ".y4m"),
    *(".mjpeg", ".mjpg", ".mxf", ".obu", ".dv"),
)
PICTURE_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc", b"hevx", b"jxl ")
"""Brands of pictures in the same boxes as MP4."""

MAGIC = (
    b"\x1aE\xdf\xa3",  # EBML: Matroska, WebM
    b"FLV\x01",
    b"0&\xb2u\x8ef\xcf\x11",  # ASF
    b"\x00\x00\x01\xba",  # MPEG program stream
    b"\x00\x00\x01\xb3",  # MPEG video
    b"DKIF",  # IVF
    b"YUV4MPEG2 ",
    b"OggS",
    b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02",  # MXF
    b"nut/multimedia container",
)
OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"PK\x03\x04", b"<", b"{", b"[")
"""Beginnings of files that are no video whatever their name says."""


FRAGMENTS = 240
"""Of a file on a server: each is a question, so that longer ones are shown by time until they are here."""

PROBED = 60
"""Packets decoded to see whether the timestamps of an AVI can be trusted."""


class VideoDecoder:
    """Video files: MP4, MOV, WebM, Matroska, AVI, MPEG and what else libav reads of that kind."""

    KEY: ClassVar[str] = "video"

    @staticmethod
    def accepts(head: bytes, name: str) -> bool:
        """Whether these first 4 KiB are a video. The name decides only where the bytes are no other file's."""
        if looks_like_mp4(head):
            return not (head[4:8] == b"ftyp" and head[8:12] in PICTURE_BRANDS)
        if head.startswith(MAGIC) or (head[:4] == b"RIFF" and head[8:12] in (b"AVI ", b"AVIX")):
            return True
        if any(len(head) > at + 2 * step and head[at] == head[at + step] == head[at + 2 * step] == 0x47
               for at, step in ((0, 188), (4, 192), (0, 204))):  # fmt: skip
            return True
        if PurePath(name.lower()).suffix not in NAMES:
            return False
        return not (head.lstrip().startswith(OTHERS) or head[128:132] == b"DICM" or head[8:12] == b"WEBP")

    @staticmethod
    def open(source: BinaryIO, hints: Hints) -> Document:
        """Open a video and find all its frames without decoding them. Raises DecodeError in words for people."""
        return open_video(source, hints)


def open_video(
    source: BinaryIO, hints: Hints, *, budget: int | None = None, check: Callable[[], None] = lambda: None
) -> VideoDocument | TimedDocument:
    """Open a video; `budget` is the bytes of decoded frames to keep (None: a quarter of the memory, at most 1 GB)."""
    source.seek(0)
    head = source.read(4096)
    if not head:
        raise DecodeError("The file is empty (0 bytes): there is no video in it.")
    fragments = FRAGMENTS if is_partial(source) else BOXES
    movie = read_movie(source, fragments=fragments) if looks_like_mp4(head) else None
    if movie is not None:
        check_limits(movie)
        if not movie.found and head[4:8] in (b"ftyp", b"mdat", b"wide", b"free", b"skip"):
            raise DecodeError(
                "This video cannot be played: the table of its pictures (moov) is missing. The file was cut off or "
                "never finished; fetch it again, or repair it with the camera's own tool."
            )
    if is_partial(source):
        return open_partial(source, movie, hints, budget=budget)
    opened = open_container(source, threads="many")
    try:
        index = find_frames(source, opened, movie, check)
        return VideoDocument(source, opened, index, hints, budget=budget)
    except BaseException:
        opened.close()
        raise


def open_partial(
    source: BinaryIO, movie: Movie | None, hints: Hints, *, budget: int | None = None
) -> VideoDocument | TimedDocument:
    """Open a file whose bytes are still on a server: by its boxes, which say where each frame lies, else by time.

    An index by packets would read all of it.
    """
    is_plain = movie is not None and not movie.fragmented and not movie.cut
    index, number = None, -1
    if movie is not None and not movie.cut:
        number = next((track.number for track in movie.tracks if track.handler == b"vide"), -1)
        index = read_index(movie, number)
        if index is not None and index.samples is not None:
            expect_first(source, index.samples)
    opened = open_container(source, threads="many", probe=not is_plain)
    try:
        if movie is not None and not movie.cut and opened.stream.id != number:
            index = read_index(movie, opened.stream.id)
        if index is not None and index.samples is not None and index.timing.tick == opened.stream.time_base:
            index = started_at(index, opened.stream.start_time)
            return VideoDocument(source, opened, probed_leading(source, index), hints, budget=budget)
        if is_plain:
            opened.close()
            opened = open_container(source, threads="many")
        return TimedDocument(opened, hints)
    except BaseException:
        opened.close()
        raise


def find_frames(source: BinaryIO, opened: Opened, movie: Movie | None, check: Callable[[], None]) -> FrameIndex:
    """The index by the quickest way that is sure: boxes, packets, or decoding once."""
    try:
        index = None if movie is None else read_index(movie, opened.stream.id)
        if index is not None and agrees(opened, movie, index):
            return probed_leading(source, index)
        index = read_packets(opened.container, opened.stream, check=check)
        if opened.container.format.name == "avi" or opened.codec.name == "mpeg4":
            check_order(source, index)
        return probed_leading(source, index)
    except ReorderedError:
        return count_frames(source, check=check)


def check_order(source: BinaryIO, index: FrameIndex) -> None:
    """Decode the first frames and raise ReorderedError when their timestamps fall or name no frame.

    AVI has no presentation times, and old DivX packs two pictures in a packet: what libav makes up for them may
    not be the order in which the pictures come out.
    """
    opened = open_container(source, threads="one")
    try:
        run, last = Run(source, opened, index), -1
        if not run.begin(0, lambda: None):
            raise ReorderedError
        for _ in range(PROBED):
            for number, _frame in run.advance():
                if number < last or number > last + 1:
                    raise ReorderedError
                last = number
    finally:
        run.close()


def probed_leading(source: BinaryIO, index: FrameIndex) -> FrameIndex:
    """Keep the leading pictures of the first key packet that do decode from it (a closed group has such)."""
    if not index.leading:
        return index
    opened = open_container(source, threads="one")
    try:
        run, decoded = Run(source, opened, index), set[int]()
        if run.begin(0, lambda: None):
            while run.out < index.leading and not run.ended:
                decoded.update(int(index.marks[n]) for n, frame in run.advance() if not frame.is_corrupt)
    finally:
        run.close()
    return without_leading(index, decoded)


def agrees(opened: Opened, movie: Movie | None, index: FrameIndex) -> bool:
    """Whether libav sees the same clock as the boxes: tick, start, and the number of samples where it knows it."""
    stream = opened.stream
    if index.timing.tick != stream.time_base:
        return False
    if stream.start_time is not None and stream.start_time != int(index.marks[0]):
        return False
    return movie is not None and (movie.fragmented or len(stream.index_entries) >= index.count)
