"""Videos of which only some bytes are here: the right frame from few bytes, and what is missing is asked for again."""

from __future__ import annotations

import io
import os
import random
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from tests.make import videos
from tests.make.video_set import VideoSet
from viewer.decoders.base import Hints, View
from viewer.decoders.video.by_time import TimedDocument
from viewer.decoders.video.decoder import open_video
from viewer.decoders.video.document import VideoDocument
from viewer.decoders.video.samples import SamplePackets
from viewer.workers import holed
from viewer.workers.holed import HoledFile

BLOCK = 1 << 12
BY_INDEX = Hints(mapping="index")
MP4 = [
    *("h264.mp4", "h264_faststart.mp4", "h264_fragmented.mp4", "h264_cmaf.mp4", "h264_opengop.mp4"),
    *("h264_single_key.mp4", "h264_intra.mp4", "h264_refresh.mp4", "h264_interlaced.mp4", "h264_10bit.mp4"),
    *("h264_ntsc.mp4", "timescale600.mov", "vfr_jitter.mp4", "vfr_holes.mp4", "start_offset.mp4"),
    *("editlist_cut.mp4", "editlist_window.mp4", "editlist_opengop.mp4", "av1.mp4", "hevc.mp4", "mjpeg.mov"),
    *("sound_first.mp4", "sar.mp4", "sar_tall.mp4", "rot90.mp4", "sar_rot.mp4"),
]


class MissingError(Exception):
    """Bytes that do not come."""


class Served(HoledFile):
    """A video whose bytes come block by block; `asked` are the wishes, `came` the bytes."""

    def __init__(self, source: Path, copy: Path) -> None:
        self.whole = source.read_bytes()
        copy.write_bytes(b"")
        os.truncate(copy, len(self.whole))
        self._writing = copy.open("r+b", buffering=0)
        self.asked: list[tuple[int, int]] = []
        self.came = 0
        self.fails_at: int | None = None
        """So many wishes later one is not granted."""
        super().__init__(cast(BinaryIO, io.FileIO(copy)), len(self.whole), self._bring)

    def _bring(self, offset: int, length: int) -> int:
        if self.fails_at is not None:
            self.fails_at -= 1
            if self.fails_at < 0:
                self.fails_at = None
                raise MissingError
        self.asked.append((offset, offset + length))
        end = min((offset // BLOCK + 1) * BLOCK, len(self.whole))
        self._writing.seek(offset)
        self._writing.write(self.whole[offset:end])
        self.came += end - offset
        return end

    def close(self) -> None:
        super().close()
        self._writing.close()


def served(clips: VideoSet, name: str, tmp_path: Path) -> Served:
    return Served(clips(name).path, tmp_path / "holes")


def code(document: VideoDocument | TimedDocument, page: int) -> int | None:
    raster = document.render(page, None, 1.0, view=View(), cancelled=lambda: False)
    return videos.read_code(raster.pixels)


@pytest.mark.parametrize("name", MP4)
def test_frames_come_in_any_order_straight_from_their_places(clips: VideoSet, name: str, tmp_path: Path) -> None:
    file = served(clips, name, tmp_path)
    document = open_video(cast(BinaryIO, file), BY_INDEX)
    with clips(name).path.open("rb") as source:
        whole = open_video(source, BY_INDEX)
        assert isinstance(whole, VideoDocument)
        assert isinstance(document, VideoDocument)
        assert isinstance(document._reader._run.packets, SamplePackets)
        assert document.page_count == whole.page_count
        assert document.info(0).size == whole.info(0).size
        same = ("codec", "coded_size", "displayed_size", "frames", "rate", "seconds", "start_seconds", "cut_frames")
        assert {key: document.facts[key] for key in same} == {key: whole.facts[key] for key in same}
        pages = list(range(document.page_count))
        random.Random(1).shuffle(pages)
        for page in pages[:30]:
            wanted = code(whole, page)
            assert code(document, page) == wanted
            if page:
                assert code(document, page - 1) == code(whole, page - 1)
        whole.close()
    document.close()
    file.close()


def test_a_jump_asks_for_its_group_at_once(clips: VideoSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holed, "AHEAD", BLOCK)
    file = served(clips, "large.mp4", tmp_path)
    document = open_video(cast(BinaryIO, file), BY_INDEX)
    assert isinstance(document, VideoDocument)
    file.asked.clear()
    assert code(document, 60) == clips("large.mp4").codes[60]
    samples = document._index.samples
    assert samples is not None
    key = int(document._index.entry[60])
    start = int(samples.place[[n for n, is_key in enumerate(samples.key) if is_key][key]])
    ends = {end for _, end in file.asked}
    assert min(start for start, _ in file.asked) // BLOCK == start // BLOCK
    assert len(ends) == 1
    document.close()
    file.close()


@pytest.mark.parametrize("name", ["h264.mp4", "h264_faststart.mp4"])
def test_the_first_picture_needs_few_bytes(clips: VideoSet, tmp_path: Path, name: str) -> None:
    file = served(clips, name, tmp_path)
    document = open_video(cast(BinaryIO, file), BY_INDEX)
    assert code(document, 0) == clips(name).codes[0]
    at, end = videos.find_box(file.whole, [b"moov"])
    samples = document._index.samples  # type: ignore[union-attr]
    assert samples is not None
    assert file.came <= (end - at) + int(samples.size[:16].sum()) + 6 * BLOCK
    document.close()
    file.close()


@pytest.mark.parametrize("name", ["h264.mp4", "h264_fragmented.mp4", "vp9.webm"])
@pytest.mark.parametrize("after", [0, 1, 3])
def test_bytes_that_do_not_come_leave_no_damage(clips: VideoSet, tmp_path: Path, name: str, after: int) -> None:
    file = served(clips, name, tmp_path)
    document = open_video(cast(BinaryIO, file), Hints(frame_rate=30, mapping="index"))
    codes = clips(name).codes
    for page in (50, 20, 70):
        file.fails_at = after
        try:
            assert code(document, page) == codes[page]
        except MissingError:
            assert code(document, page) == codes[page]
        assert code(document, page - 1) == codes[page - 1]
    document.close()
    file.close()


def test_bytes_that_do_not_come_while_opening(clips: VideoSet, tmp_path: Path) -> None:
    for after in range(6):
        file = served(clips, "h264.mp4", tmp_path)
        file.fails_at = after
        with pytest.raises(MissingError):
            open_video(cast(BinaryIO, file), BY_INDEX)
        open_video(cast(BinaryIO, file), BY_INDEX).close()
        file.close()


@pytest.mark.parametrize("name", ["h264.mkv", "vp8.webm", "vp9.webm", "vp9_nocues.webm", "vp9_odd.webm", "vfr.webm"])
def test_others_are_shown_by_time(clips: VideoSet, tmp_path: Path, name: str) -> None:
    file = served(clips, name, tmp_path)
    clip = clips(name)
    rate = 30 if name != "vfr.webm" else 25
    hints = Hints(frame_rate=rate, frame_total=len(clip.codes))
    document = open_video(cast(BinaryIO, file), hints)
    assert isinstance(document, TimedDocument)
    assert document.facts["wants_rest"]
    assert document.facts["warning_codes"] == ("by-time",)
    assert "until all of this video is here" in document.facts["warnings"][0]
    with clip.path.open("rb") as source:
        whole = open_video(source, Hints(frame_rate=rate, frame_total=len(clip.codes), mapping="time"))
        pages = list(range(len(clip.codes)))
        random.Random(2).shuffle(pages)
        for page in pages[:20]:
            assert code(document, page) == code(whole, page), page
            assert document.info(page).size == whole.info(page).size
        whole.close()
    document.close()
    file.close()


def test_many_fragments_are_not_walked_through(
    clips: VideoSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.decoders.video.decoder.FRAGMENTS", 2)
    file = served(clips, "h264_fragmented.mp4", tmp_path)
    document = open_video(cast(BinaryIO, file), Hints(frame_rate=30, mapping="index"))
    assert isinstance(document, TimedDocument)
    codes = clips("h264_fragmented.mp4").codes
    assert [code(document, page) for page in (0, 40, 10)] == [codes[0], codes[40], codes[10]]
    document.close()
    document.close()
    file.close()


def test_a_stopped_jump_is_taken_up_again(clips: VideoSet, tmp_path: Path) -> None:
    from viewer.decoders.video.reader import StoppedError

    file = served(clips, "vp9.webm", tmp_path)
    document = open_video(cast(BinaryIO, file), Hints(frame_rate=30))
    with pytest.raises(StoppedError):
        document.render(50, None, 1.0, view=View(), cancelled=lambda: True)
    assert code(document, 50) == clips("vp9.webm").codes[50]
    document.close()
    file.close()
