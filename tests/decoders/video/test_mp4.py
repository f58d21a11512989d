"""The index from boxes equals libav's packets tick for tick, and no bytes upset it."""

from __future__ import annotations

import io
import struct
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.make import videos
from tests.make.video_set import VideoSet
from viewer.decoders.video.boxes import check_limits, looks_like_mp4, read_movie
from viewer.decoders.video.index import FrameIndex, ReorderedError, read_packets
from viewer.decoders.video.mp4 import read_index
from viewer.decoders.video.source import open_container
from viewer.errors import DecodeError

FROM_BOXES = [
    *("h264.mp4", "h264_faststart.mp4", "h264_fragmented.mp4", "h264_opengop.mp4", "h264_single_key.mp4"),
    *("h264_intra.mp4", "h264_refresh.mp4", "h264_ntsc.mp4", "timescale600.mov", "vfr_jitter.mp4", "vfr_holes.mp4"),
    *("start_offset.mp4", "av1.mp4", "hevc.mp4", "mjpeg.mov", "rot90.mp4", "sound_first.mp4"),
]


def both(path: Path) -> tuple[FrameIndex | None, FrameIndex]:
    with path.open("rb") as source:
        opened = open_container(source, threads="one")
        try:
            return (
                read_index(read_movie(source), opened.stream.id),
                read_packets(opened.container, opened.stream, check=lambda: None),
            )
        finally:
            opened.close()


@pytest.mark.parametrize("name", FROM_BOXES)
def test_boxes_and_packets_give_the_same_index(clips: VideoSet, name: str) -> None:
    boxes, packets = both(clips(name).path)
    assert boxes is not None
    assert boxes.source == "boxes"
    assert np.array_equal(boxes.marks, packets.marks)
    assert np.array_equal(boxes.keys, packets.keys)
    assert np.array_equal(boxes.entry, packets.entry)
    assert (boxes.timing.tick, boxes.timing.end) == (packets.timing.tick, packets.timing.end)


@pytest.mark.parametrize("name", ["h264.mp4", "h264_opengop.mp4", "hevc.mp4"])
@pytest.mark.parametrize(("skip", "keep"), [(17, None), (24, None), (10, 40), (30, 5), (0, 33), (23, 2), (1, None)])
@pytest.mark.parametrize("nudge", [0, 100, -100])
def test_edit_lists_cut_as_libav_cuts(
    clips: VideoSet, tmp_path: Path, name: str, skip: int, keep: int | None, nudge: int
) -> None:
    """On a picture and beside one (by some of 512 ticks); how many are hidden is known from the boxes alone."""
    clip = videos.edit_list(clips(name), tmp_path / name, skip=skip, keep=keep, nudge=nudge)
    boxes, packets = both(clip.path)
    assert boxes is not None
    assert np.array_equal(boxes.marks, packets.marks)
    assert boxes.timing.end == packets.timing.end
    assert boxes.timing.cut == skip + (nudge > 0)


def test_an_edit_list_of_two_parts_is_left_to_libav(clips: VideoSet, tmp_path: Path) -> None:
    data = bytearray(clips("start_offset.mp4").path.read_bytes())
    body, _ = videos.find_box(data, videos.ELST)
    assert struct.unpack_from(">Ii", data, body + 4) == (2, 2500)
    struct.pack_into(">Ii", data, body + 8, 1000, 1024)
    (tmp_path / "two.mp4").write_bytes(data)
    boxes, packets = both(tmp_path / "two.mp4")
    assert boxes is None
    assert packets.count > 72


def test_samples_beyond_the_end_of_a_cut_file_are_left_out(clips: VideoSet) -> None:
    boxes, packets = both(clips("truncated.mp4").path)
    assert boxes is not None
    assert packets.count - 1 <= boxes.count <= packets.count
    assert set(boxes.marks.tolist()) <= set(packets.marks.tolist())


class Counting(io.BytesIO):
    """Counts what is read of it."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.taken += len(data)
        return data


def test_media_data_is_hopped_over() -> None:
    """A movie box behind 64 MB of media data costs its own bytes and the headers before it."""
    mvhd = struct.pack(">I4s", 108, b"mvhd") + bytes(12) + struct.pack(">I", 1000) + bytes(84)
    moov = struct.pack(">I4s", 8 + len(mvhd), b"moov") + mvhd
    data = struct.pack(">I4sQ", 1, b"mdat", 16 + (64 << 20)) + bytes(64 << 20) + moov
    source = Counting(data)
    movie = read_movie(source)
    assert (movie.found, movie.timescale) == (True, 1000)
    assert source.taken < len(moov) + 64


def make_tables(
    sizes: list[int], deltas: list[int], offsets: list[int] | None, keys: list[int] | None, chunk: int
) -> bytes:
    """A whole MP4 of one video track with chunks of `chunk` samples, media data first."""

    def box(kind: bytes, *parts: bytes) -> bytes:
        body = b"".join(parts)
        return struct.pack(">I4s", 8 + len(body), kind) + body

    def table(kind: bytes, rows: list[tuple[int, ...]], *, head: bytes = bytes(4), form: str = ">I") -> bytes:
        return box(kind, head, struct.pack(">I", len(rows)), *(struct.pack(form, *row) for row in rows))

    count = len(sizes)
    starts = np.cumsum([0, *sizes])[:-1] + 8
    chunks = [(int(starts[n]),) for n in range(0, count, chunk)]
    rows = [(1, chunk, 1)]
    if count % chunk:
        rows = [(1, chunk, 1), (len(chunks), count % chunk, 1)] if len(chunks) > 1 else [(1, count % chunk, 1)]
    version = b"\x01\0\0\0"
    stbl = [
        box(b"stsd", bytes(4), struct.pack(">I", 1), box(b"avc1", bytes(78))),
        table(b"stts", [(1, d) for d in deltas], form=">II"),
        box(b"stsz", bytes(8), struct.pack(">I", count), *(struct.pack(">I", size) for size in sizes)),
        table(b"stsc", rows, form=">III"),
        table(b"stco", chunks),
    ]
    if offsets is not None:
        stbl.append(table(b"ctts", [(1, o) for o in offsets], head=version, form=">Ii"))
    if keys is not None:
        stbl.append(table(b"stss", [(k + 1,) for k in keys]))
    tkhd = box(b"tkhd", bytes(12), struct.pack(">I", 7), bytes(68))
    mdhd = box(b"mdhd", bytes(12), struct.pack(">II", 600, 0), bytes(4))
    hdlr = box(b"hdlr", bytes(8), b"vide", bytes(13))
    trak = box(b"trak", tkhd, box(b"mdia", mdhd, hdlr, box(b"minf", box(b"stbl", *stbl))))
    mvhd = box(b"mvhd", bytes(12), struct.pack(">I", 600), bytes(84))
    return box(b"mdat", bytes(sum(sizes))) + box(b"moov", mvhd, trak)


@given(
    st.lists(st.tuples(st.integers(1, 500), st.integers(1, 100), st.integers(-3, 3)), min_size=1, max_size=40),
    st.integers(1, 9),
    st.booleans(),
    st.booleans(),
    st.data(),
)
def test_tables_against_a_plain_reading(
    rows: list[tuple[int, int, int]], chunk: int, shifted: bool, all_keys: bool, data: st.DataObject
) -> None:
    """Offsets, times and keys of random tables, each computed sample by sample here."""
    sizes, deltas = [r[0] for r in rows], [r[1] for r in rows]
    offsets = [r[2] * 100 for r in rows] if shifted else None
    keys = None if all_keys else sorted({0, *data.draw(st.sets(st.integers(0, len(rows) - 1)))})
    content = make_tables(sizes, deltas, offsets, keys, chunk)
    clock, times = 0, []
    for n, delta in enumerate(deltas):
        times.append(clock + (offsets[n] if offsets else 0))
        clock += delta
    key_numbers = list(range(len(rows))) if keys is None else keys
    key_times = [times[k] for k in key_numbers]
    shown: dict[int, int] = {}
    leading = 0
    unique = len(set(times)) == len(times)
    for n, time in enumerate(times):
        entry = sum(k <= n for k in key_numbers) - 1
        if time < key_times[entry]:
            entry -= 1
        leading += entry < 0
        shown[time] = max(entry, 0)
    movie = read_movie(io.BytesIO(content))
    if not unique:
        try:
            index = read_index(movie, 7)
        except ReorderedError:
            return
    else:
        index = read_index(movie, 7)
    assert index is not None
    assert index.marks.tolist() == sorted(shown)
    assert index.entry.tolist() == [shown[time] for time in sorted(shown)]
    assert index.keys.tolist() == key_times
    assert index.leading == leading
    assert index.timing.tick == Fraction(1, 600)
    # Cut in the middle of a sample's data, nothing behind it may be listed: the boxes come first here.
    movie.size = 8 + sum(sizes[: len(rows) // 2])
    if len(rows) > 1 and unique:
        left = read_index(movie, 7)
        assert left is not None
        assert set(left.marks.tolist()) <= set(times[: len(rows) // 2])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(name=st.sampled_from(["h264.mp4", "h264_fragmented.mp4", "start_offset.mp4"]), seed=st.integers(0, 1 << 32))
def test_damaged_boxes_never_raise_anything_else(clips: VideoSet, name: str, seed: int) -> None:
    data = bytearray(clips(name).path.read_bytes())
    random = np.random.default_rng(seed)
    spans = [(start, stop) for kind, start, stop in videos.boxes(data, 0, len(data)) if kind in (b"moov", b"moof")]
    start, stop = spans[int(random.integers(len(spans)))]
    for at in random.integers(start - 8, stop, int(random.integers(1, 12))):
        data[at] = int(random.choice([0, 1, 0x7F, 0xFF, int(random.integers(256))]))
    if seed % 3 == 0:
        del data[int(random.integers(len(data))) :]
    try:
        movie = read_movie(io.BytesIO(data))
        check_limits(movie)
        for track in movie.tracks:
            index = read_index(movie, track.number)
            assert index is None or (np.diff(index.marks) > 0).all()
    except (DecodeError, ReorderedError):
        pass


@given(st.binary(max_size=400))
def test_any_bytes_are_walked(data: bytes) -> None:
    for head in (b"", b"\0\0\0\x08ftyp"):
        movie = read_movie(io.BytesIO(head + data))
        check_limits(movie)
        assert all(read_index(movie, track.number) is None for track in movie.tracks)


def test_what_looks_like_mp4() -> None:
    assert looks_like_mp4(b"\0\0\0\x20ftypisom")
    assert looks_like_mp4(b"\0\0\0\x08wide")
    assert not looks_like_mp4(b"\x1aE\xdf\xa3")
