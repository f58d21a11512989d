"""Page N of an open video: the right picture at the right size, and words where there is none."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tests.make import videos
from tests.make.video_set import VideoSet
from viewer import limits
from viewer.decoders.base import Hints, Raster, View
from viewer.decoders.video import document as document_module
from viewer.decoders.video.decoder import open_video
from viewer.decoders.video.document import VideoDocument
from viewer.errors import DecodeError

BY_INDEX = Hints(mapping="index")
UPRIGHT = ("tl", "tr", "br", "bl")

WHOLE = [
    *("h264.mp4", "h264.mkv", "h264.ts", "h264_faststart.mp4", "h264_fragmented.mp4", "h264_cmaf.mp4"),
    *("h264_opengop.mp4", "h264_opengop.mkv", "h264_single_key.mp4", "h264_intra.mp4", "h264_refresh.mp4"),
    *("h264_interlaced.mp4", "h264_10bit.mp4", "h264_444_odd.mp4", "h264_ntsc.mp4", "h264_raw.h264"),
    *("timescale600.mov", "vfr_jitter.mp4", "vfr_holes.mp4", "vfr.webm", "start_offset.mp4", "editlist_cut.mp4"),
    *(
        "editlist_window.mp4",
        "editlist_opengop.mp4",
        "vp8.webm",
        "vp8_hidden.webm",
        "vp8_altref.webm",
        "vp9.webm",
        "vp9_altref.webm",
    ),
    *(
        "vp9_nocues.webm",
        "vp9_odd.webm",
        "av1.mp4",
        "hevc.mp4",
        "hevc_radl.mkv",
        "mjpeg.avi",
        "mjpeg.mov",
        "mpeg4_bframes.avi",
    ),
    *(
        "mpeg4_packed.avi",
        "h264_bframes.avi",
        "mpeg2.mpg",
        "sizes.webm",
        "same_times.mkv",
        "sound_first.mp4",
        "wrong.pdf",
        "sar.mp4",
        "sar_tall.mp4",
    ),
]
"""Files in which every frame that was encoded is shown (but for those that an edit list or a bit hides)."""

CUT = ["truncated.mp4", "truncated.webm"]


@contextmanager
def opened(path: Path, hints: Hints = BY_INDEX, *, budget: int | None = None) -> Iterator[VideoDocument]:
    with path.open("rb") as source:
        document = open_video(source, hints, budget=budget)
        try:
            yield document
        finally:
            document.close()


def picture(document: VideoDocument, page: int, scale: float = 1.0, region: Any = None) -> Raster:
    return document.render(page, region, scale, view=View(), cancelled=lambda: False)


def code(document: VideoDocument, page: int) -> int | None:
    return videos.read_code(picture(document, page).pixels)


@pytest.mark.parametrize("name", WHOLE)
def test_frame_n_is_the_nth_presented_in_any_order(clips: VideoSet, name: str) -> None:
    """Twice all frames, shuffled, without a cache: each request seeks, decodes and is compared with the plan."""
    clip = clips(name)
    assert videos.decoded_in_order(clip.path) == list(clip.codes)
    with opened(clip.path, budget=0) as document:
        assert document.page_count == document.facts["frames"] == len(clip.codes)
        order = list(range(document.page_count)) * 2
        random.Random(7).shuffle(order)
        assert [(n, code(document, n)) for n in order] == [(n, clip.codes[n]) for n in order]
        if clip.times is not None and not name.startswith(("editlist", "h264_raw", "same")):
            shift = document.info(0).seconds - float(clip.times[0])
            assert shift == pytest.approx(0 if name not in ("h264_fragmented.mp4", "h264_cmaf.mp4") else shift)
            told = [document.info(n).seconds for n in range(document.page_count)]
            assert told == pytest.approx([float(t) + shift for t in clip.times], abs=0.0011)


@pytest.mark.parametrize("name", ["h264_opengop.mp4", "h264.mkv", "vp9.webm", "h264_refresh.mp4", "hevc.mp4"])
def test_steps_back_and_forth_with_a_small_cache(clips: VideoSet, name: str) -> None:
    clip = clips(name)
    with opened(clip.path, budget=9 * 30_000) as document:
        walk = random.Random(3)
        page = 0
        for _ in range(150):
            page = min(max(page + walk.choice((-1, -1, 1, 1, 1, -5, 9)), 0), document.page_count - 1)
            assert code(document, page) == clip.codes[page]


@pytest.mark.parametrize("name", CUT)
def test_what_is_left_of_a_cut_file_is_exact(clips: VideoSet, name: str) -> None:
    clip = clips(name)
    truth = [seen for seen in videos.decoded_in_order(clip.path) if seen is not None]
    with opened(clip.path, budget=0) as document:
        assert document.page_count >= len(truth) - 1 >= 30
        order = list(range(document.page_count))
        random.Random(2).shuffle(order)
        seen = {n: code(document, n) for n in order}
        assert [seen[n] for n in sorted(seen)] == truth[: len(seen)]


@pytest.mark.parametrize(
    ("name", "first", "count"), [("hevc_cut.mkv", 16, 32), ("hevc_radl_cut.mkv", 13, 35), ("nokey_start.mkv", 24, 48)]
)
def test_leading_pictures_of_a_cut_file_count_where_they_decode(
    clips: VideoSet, name: str, first: int, count: int
) -> None:
    """Cut at a key packet: the pictures before it are lost in an open group, and there in a closed one."""
    clip = clips(name)
    assert videos.decoded_in_order(clip.path)[0] == first
    with opened(clip.path, budget=0) as document:
        assert document.page_count == count
        order = list(range(count))
        random.Random(1).shuffle(order)
        assert [code(document, page) for page in order] == [first + page for page in order]


def test_the_picture_of_a_cover_is_no_frame(clips: VideoSet) -> None:
    clip = clips("cover.mp4")
    with opened(clip.path) as document:
        assert document.page_count == 72
        assert [code(document, page) for page in (71, 0, 30)] == [71, 0, 30]


@pytest.mark.parametrize("name", ["bitflips.mp4", "bitflips.webm"])
def test_a_damaged_frame_is_told_and_no_other_takes_its_place(clips: VideoSet, name: str) -> None:
    """A flag, a sentence, or a picture that is not another frame's. What damage looks like is up to libav, and a
    spoilt code may read as any number; but no frame of the file may be seen in the place of another one."""
    clip = clips(name)
    with opened(clip.path, budget=0) as document:
        order = list(range(document.page_count))
        random.Random(5).shuffle(order)
        exact = told = 0
        for page in order:
            own = round((document.info(page).seconds or 0.0) * 30)
            try:
                raster = picture(document, page)
            except DecodeError as error:
                assert str(error).startswith(f"Frame {page} cannot be decoded")
                told += 1
                continue
            seen = videos.read_code(raster.pixels)
            assert seen == own or seen not in clip.codes
            exact += seen == own
            if "damaged" in raster.flags:
                assert "damaged" in document.info(page).flags
                told += 1
        assert exact >= 20
        assert told > 0 or name.endswith(".webm")


def test_a_frame_without_its_data_is_a_sentence(clips: VideoSet, tmp_path: Path) -> None:
    """The bytes of one packet are wiped: its frame is an error each time, its neighbours are themselves."""
    clip = clips("mjpeg.mov")
    data = bytearray(clip.path.read_bytes())
    with av.open(str(clip.path)) as container:
        packet = [p for p in container.demux(video=0) if p.size][17]
        assert packet.pos is not None
        data[packet.pos : packet.pos + packet.size] = bytes(packet.size)
    broken = tmp_path / "broken.mov"
    broken.write_bytes(data)
    with opened(broken) as document:
        for _ in range(2):
            with pytest.raises(DecodeError, match=r"^Frame 17 cannot be decoded"):
                picture(document, 17)
            assert [code(document, page) for page in (16, 18, 39)] == [16, 18, 39]
        while document.prefetch(16, 1, lambda: False):
            pass
        with pytest.raises(DecodeError, match=r"^Frame 17 cannot be decoded"):
            picture(document, 17)


@pytest.mark.parametrize(
    ("name", "corners", "size", "rotation"),
    [
        ("rot90.mp4", ("tr", "br", "bl", "tl"), (120, 160), 270),
        ("rot180.mp4", ("br", "bl", "tl", "tr"), (160, 120), 180),
        ("rot270.mp4", ("bl", "tl", "tr", "br"), (120, 160), 90),
        ("sar.mp4", UPRIGHT, (213, 120), 0),
        ("sar_tall.mp4", UPRIGHT, (160, 160), 0),
        ("sar_rot.mp4", ("tr", "br", "bl", "tl"), (120, 213), 270),
        ("vp9_odd.webm", UPRIGHT, (161, 121), 0),
        ("h264_444_odd.mp4", UPRIGHT, (161, 121), 0),
        ("sizes.webm", UPRIGHT, (160, 120), 0),
    ],
)
def test_pictures_are_turned_and_stretched_as_browsers_do(
    clips: VideoSet, name: str, corners: tuple[str, ...], size: tuple[int, int], rotation: int
) -> None:
    """`set_display_rotation(90)` turns counterclockwise: what was top right is top left then."""
    with opened(clips(name).path) as document:
        for page in (0, 15, document.page_count - 1):
            raster = picture(document, page)
            assert raster.size == size
            assert raster.region == (0.0, 0.0, *map(float, size))
            assert videos.read_corners(raster.pixels) == corners
            info = document.info(page)
            assert info.size == tuple(map(float, size))
        assert document.facts["rotation"] == rotation


def test_a_rotated_frame_keeps_every_pixel_in_place(clips: VideoSet) -> None:
    """Turned back by numpy, the picture equals that of the same packets without a display matrix."""
    with opened(clips("rot90.mp4").path) as turned:
        upright = np.rot90(picture(turned, 5).pixels, -1)
        assert videos.read_code(upright) == 5
        assert upright[2, 2, 2] > 150


@pytest.mark.parametrize(
    ("name", "hint", "size", "flags"),
    [
        ("sar_rot.mp4", (120, 213), (120, 213), ()),
        ("sar_rot.mp4", (160, 120), (160, 120), ("unrotated", "unstretched")),
        ("sar_rot.mp4", (120, 160), (120, 160), ("unstretched",)),
        ("sar_rot.mp4", (213, 120), (213, 120), ("unrotated",)),
        ("rot90.mp4", (160, 120), (160, 120), ("unrotated",)),
        ("rot90.mp4", (120, 160), (120, 160), ()),
        ("sar.mp4", (160, 120), (160, 120), ("unstretched",)),
        ("h264.mp4", (320, 240), (160, 120), ("scaled",)),
        ("h264.mp4", (None, None), (160, 120), ()),
    ],
)
def test_the_size_that_labels_were_drawn_in_is_the_referee(
    clips: VideoSet, name: str, hint: tuple[int | None, int | None], size: tuple[int, int], flags: tuple[str, ...]
) -> None:
    with opened(clips(name).path, Hints(width=hint[0], height=hint[1])) as document:
        assert document.info(0).flags == flags
        assert picture(document, 3).size == size
        if "unrotated" in flags or name == "sar.mp4":
            assert videos.read_corners(picture(document, 3).pixels) == UPRIGHT
        assert ("size" in document.facts["warning_codes"]) == ("scaled" in flags)


@pytest.mark.parametrize(
    ("matrix", "range_", "size", "height_rule"),
    [(1, 1, (160, 120), 0), (1, 2, (160, 120), 0), (5, 1, (160, 120), 0), (5, 2, (160, 120), 0)],
)
def test_colours_follow_the_tags(
    tmp_path: Path, matrix: int, range_: int, size: tuple[int, int], height_rule: int
) -> None:
    clip = videos.encode(
        tmp_path / "colour.mp4",
        options={"crf": "10"},
        frames=3,
        colour=(matrix, range_),
        pix_fmt="yuv444p",
        size=size,
    )
    with opened(clip.path) as document:
        error = np.abs(videos.patch_means(picture(document, 1).pixels) - np.array(videos.PATCHES))
    assert error.mean() < 2.5


def test_untagged_hd_is_bt709_and_untagged_sd_bt601(tmp_path: Path) -> None:
    """As Chrome and Firefox have it; the encoder is given planes of that matrix without a tag."""
    for size, matrix in (((1280, 720), 1), ((160, 120), 5)):
        path = tmp_path / f"{size[1]}.mp4"
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx264", rate=30, options={"crf": "10", "preset": "ultrafast"})
            stream.width, stream.height, stream.pix_fmt = *size, "yuv444p"
            frame = av.VideoFrame.from_ndarray(videos.draw(1, width=size[0], height=size[1]), "rgb24")
            frame = frame.reformat(format="yuv444p", dst_colorspace=matrix, dst_color_range=1)
            frame.colorspace, frame.pts = 2, 0
            container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        with opened(path) as document:
            error = np.abs(videos.patch_means(picture(document, 0).pixels) - np.array(videos.PATCHES))
        assert error.mean() < 2.5, size


def test_scale_and_region(clips: VideoSet, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(clips("h264.mp4").path) as document:
        full = picture(document, 9)
        assert picture(document, 9, scale=0.5).size == picture(document, 9, scale=8).size == (160, 120)
        small = picture(document, 9, scale=0.25)
        assert small.size == (40, 30)
        assert small.region == (0.0, 0.0, 160.0, 120.0)
        part = picture(document, 9, region=(10.2, 20.0, 50.0, 60.5))
        assert part.region == (10.0, 20.0, 50.0, 61.0)
        assert np.array_equal(part.pixels, full.pixels[20:61, 10:50])
        outside = picture(document, 9, region=(-50.0, -50.0, -40.0, -40.0))
        assert outside.size == (1, 1)
        assert full.pixels.flags.c_contiguous
        assert part.pixels.flags.c_contiguous
        monkeypatch.setattr(document_module, "RASTER_PIXELS", 160 * 30)
        reduced = picture(document, 9)
        assert reduced.size == (80, 60)
        assert "reduced" in reduced.flags
    assert limits.RASTER_PIXELS == 64_000_000


def test_pages_on_the_time_line_of_the_export(clips: VideoSet) -> None:
    """The file has 25 fps, Ango counted 30: page p shows what is on screen at p/30."""
    hints = Hints(frame_rate=30.0, frame_total=86, last_page=90)
    with opened(clips("h264_25.mp4").path, hints) as document:
        assert (document.facts["mode"], document.facts["badge"]) == ("time", "by time @ 30")
        assert document.page_count == 91
        assert [code(document, page) for page in (0, 1, 2, 3, 30, 60, 86)] == [0, 0, 1, 2, 25, 50, 71]
        assert document.info(30).frame == 25
        assert document.info(30).seconds == 1.0
        assert document.info(30).facts["pages_of_frame"] == (30, 32)
        assert [document.info(page).flags for page in (85, 86, 87)] == [(), (), ("after the last frame",)]
        assert code(document, 90) == 71
        assert picture(document, 90).flags == ("after the last frame",)
        assert document.facts["warning_codes"] == ("rate", "after")
        with pytest.raises(DecodeError, match="no page 91"):
            document.info(91)
    with opened(clips("h264_25.mp4").path, Hints(frame_rate=30.0, mapping="index", page_offset=2)) as document:
        assert [code(document, page) for page in (0, 69, 68)] == [2, 71, 70]
        assert document.page_count == 70


def test_a_variable_rate_and_an_edit_list_are_told(clips: VideoSet) -> None:
    with opened(clips("vfr_holes.mp4").path, Hints(frame_rate=30.0)) as document:
        assert document.facts["badge"] == "variable rate"
        assert document.facts["cfr"] is False
        assert document.facts["warning_codes"] == ("variable",)
        shown = videos  # page p of a 30 fps clock is the last frame at or before p/30
        ticks = [round((document.info(p).seconds or 0) * 30) for p in range(40)]
        assert ticks == [max(t for t in ticks if t <= p) for p in range(40)]
        assert shown.read_code(picture(document, 0).pixels) == 0
    with opened(clips("editlist_cut.mp4").path, Hints(frame_rate=30.0)) as document:
        assert document.facts["cut_frames"] == 17
        assert document.facts["warning_codes"] == ("cut",)
        assert code(document, 0) == 17


def test_read_ahead_makes_steps_cost_nothing(clips: VideoSet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Backwards from the middle of a group: when read-ahead is done no packet is decoded for the steps."""
    with opened(clips("h264.mp4").path) as document:
        picture(document, 60)
        calls = 0
        while document.prefetch(60, -1, lambda: False):
            calls += 1
            assert calls < 100
        monkeypatch.setattr(document._reader._run, "advance", lambda *_: pytest.fail("decoded again"))
        assert [code(document, page) for page in range(60, 20, -1)] == list(range(60, 20, -1))


def test_read_ahead_is_bounded_and_can_be_stopped(clips: VideoSet, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(clips("h264.mp4").path) as document:
        picture(document, 5)
        run = document._reader._run
        sent: list[int] = []
        plain = run.advance
        monkeypatch.setattr(run, "advance", lambda *args: (sent.append(1), plain(*args))[1])
        assert document.prefetch(5, 1, lambda: False)
        assert 0 < len(sent) <= document_module.PREFETCH_PACKETS
        with pytest.raises(DecodeError):
            document.prefetch(5, 1, lambda: True)
        with pytest.raises(DecodeError, match="no longer wanted"):
            document.render(70, None, 1.0, view=View(), cancelled=lambda: True)
        assert code(document, 70) == 70


def test_the_cache_stays_within_its_bytes(clips: VideoSet) -> None:
    budget = 20 * 30_000
    with opened(clips("h264.mp4").path, budget=budget) as document:
        for page in (0, 70, 30, 10, 50):
            picture(document, page)
            while document.prefetch(page, 1 if page % 20 else -1, lambda: False):
                pass
            assert document._reader.cache.used <= budget
            assert page in document._reader.cache


def test_closing_twice(clips: VideoSet) -> None:
    with clips("h264.mp4").path.open("rb") as source:
        document = open_video(source, BY_INDEX)
        assert document.samples(0) is None
        assert document.windows(0) == ()
        document.close()
        document.close()
