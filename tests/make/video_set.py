"""The set of small videos that the tests of the video decoder share; each is made once, when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np

from tests.make import videos
from tests.make.videos import Clip, encode

FAST = {"preset": "veryfast", "crf": "26"}
X265 = "keyint=16:min-keyint=16:bframes=3:log-level=0"
VPX = {"deadline": "realtime", "cpu-used": "8", "b": "500k"}


def x264(g: int, bf: int, **params: str) -> dict[str, str]:
    """Options of x264 with a fixed group length; `params` go to -x264-params."""
    chosen = {"keyint": str(g), "min-keyint": str(g), "scenecut": "0", "bframes": str(bf)} | params
    return FAST | {"x264-params": ":".join(f"{k.replace('_', '-')}={v}" for k, v in chosen.items())}


class VideoSet:
    """Files by name in a folder; `clip(name)` makes one and what it is made from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made: dict[str, Clip] = {}

    def __call__(self, name: str) -> Clip:
        if name not in self._made:
            self._made[name] = MAKERS[name](self, self.folder / name)
        return self._made[name]


Maker = Callable[[VideoSet, Path], Clip]


def _jitter(count: int, *, step: int, spread: int, seed: int) -> list[int]:
    random = np.random.default_rng(seed)
    return (np.arange(count) * step + random.integers(0, spread, count)).tolist()


def _holes(count: int) -> list[int]:
    return [n for n in range(count * 2) if n % 7 not in (3, 4) and n % 11 != 5][:count]


def _altref(files: VideoSet, path: Path) -> Clip:
    """Real alt-ref packets need two passes, which only the command line has."""
    plain = files("h264.mkv")
    log = path.with_suffix(".log")
    words = ("-c:v", "libvpx", "-b:v", "150k", "-auto-alt-ref", "1", "-lag-in-frames", "16", "-g", "48", "-an")
    for number in ("1", "2"):
        out = ("-f", "null", "-") if number == "1" else (path,)
        videos.ffmpeg("-i", plain.path, *words, "-pass", number, "-passlogfile", log, *out)
    return Clip(path, plain.codes)


def _sound_first(files: VideoSet, path: Path) -> Clip:
    tone = videos.sound(path.with_name("tone.m4a"))
    plain = files("h264.mp4")
    videos.ffmpeg("-i", tone, "-i", plain.path, "-map", "0:a", "-map", "1:v", "-c", "copy", path)
    return Clip(path, plain.codes)


def _from_second_key(source: Clip, path: Path) -> Clip:
    """The file from its second key packet on: its leading pictures come first then, decodable (RADL) or not (RASL)."""
    import av

    with av.open(str(source.path)) as container:
        keys = [n for n, p in enumerate(p for p in container.demux(video=0) if p.size) if p.is_keyframe]
    return videos.remux(source, path, drop=range(keys[1]))


def _cover(files: VideoSet, path: Path) -> Clip:
    """A video with a picture of its cover as its first video stream."""
    import cv2

    plain, cover = files("h264.mp4"), path.with_suffix(".jpg")
    cv2.imwrite(str(cover), videos.draw(999)[..., ::-1])
    where = ("-map", "1:v", "-map", "0:v", "-c", "copy", "-disposition:v:0", "attached_pic")
    videos.ffmpeg("-i", plain.path, "-i", cover, *where, path)
    return Clip(path, plain.codes)


def _copy(files: VideoSet, path: Path) -> Clip:
    plain = files("h264.mp4")
    path.write_bytes(plain.path.read_bytes())
    return Clip(path, plain.codes)


LARGE = {"frames": 96, "size": (320, 240), "noise": 40.0}
"""Noise takes room: some megabytes in a second of encoding."""
LARGE_X264 = x264(24, 3) | {"crf": "10", "preset": "ultrafast"}

MAKERS: dict[str, Maker] = {
    "large.mp4": lambda s, p: encode(p, options=LARGE_X264, **LARGE),
    "large_faststart.mp4": lambda s, p: encode(p, options=LARGE_X264, muxer={"movflags": "faststart"}, **LARGE),
    "large_fragmented.mp4": lambda s, p: encode(
        p, options=LARGE_X264, muxer={"movflags": "frag_keyframe+empty_moov"}, **LARGE
    ),
    "large.webm": lambda s, p: encode(
        p, codec="libvpx-vp9", options=VPX | {"g": "24", "b": "20M", "minrate": "20M", "maxrate": "20M"}, **LARGE
    ),
    "h264.mp4": lambda s, p: encode(p, options=x264(24, 3)),
    "h264.mkv": lambda s, p: encode(p, options=x264(24, 3)),
    "h264.ts": lambda s, p: encode(p, options=x264(24, 2)),
    "h264_faststart.mp4": lambda s, p: encode(p, options=x264(24, 3), muxer={"movflags": "faststart"}),
    "h264_fragmented.mp4": lambda s, p: encode(
        p, options=x264(24, 3), muxer={"movflags": "frag_keyframe+empty_moov"}
    ),
    "h264_cmaf.mp4": lambda s, p: encode(p, options=x264(12, 2), muxer={"movflags": "cmaf+frag_every_frame"}),
    "h264_opengop.mp4": lambda s, p: encode(p, options=x264(16, 3, open_gop="1")),
    "h264_opengop.mkv": lambda s, p: encode(p, options=x264(16, 3, open_gop="1")),
    "h264_single_key.mp4": lambda s, p: encode(p, options=x264(9999, 3)),
    "h264_intra.mp4": lambda s, p: encode(p, options=x264(1, 0), frames=40),
    "h264_refresh.mp4": lambda s, p: encode(p, options=x264(24, 0, intra_refresh="1")),
    "h264_interlaced.mp4": lambda s, p: encode(p, options=x264(24, 2, tff="1"), frames=48),
    "h264_10bit.mp4": lambda s, p: encode(p, options=x264(24, 2), pix_fmt="yuv420p10le", frames=48),
    "h264_444_odd.mp4": lambda s, p: encode(
        p, options=x264(24, 2), pix_fmt="yuv444p", size=(161, 121), frames=40
    ),
    "h264_ntsc.mp4": lambda s, p: encode(p, options=x264(24, 2), rate=Fraction(30000, 1001)),
    "h264_25.mp4": lambda s, p: encode(p, options=x264(24, 2), rate=25),
    "h264_raw.h264": lambda s, p: encode(p, options=x264(24, 3), form="h264"),
    "timescale600.mov": lambda s, p: encode(
        p, options=x264(24, 2), muxer={"video_track_timescale": "600"}, rate=Fraction(24000, 1001)
    ),
    "vfr_jitter.mp4": lambda s, p: encode(
        p, options=x264(24, 3), ticks=_jitter(72, step=33, spread=25, seed=1), time_base=Fraction(1, 1000)
    ),
    "vfr_holes.mp4": lambda s, p: encode(
        p, options=x264(24, 3), ticks=_holes(72), time_base=Fraction(1, 30)
    ),
    "vfr.webm": lambda s, p: encode(
        p, codec="libvpx-vp9", options=VPX | {"g": "24"}, time_base=Fraction(1, 1000),
        ticks=_jitter(72, step=40, spread=30, seed=2),
    ),
    "start_offset.mp4": lambda s, p: encode(p, options=x264(24, 3), ticks=range(75, 147)),
    "editlist_cut.mp4": lambda s, p: videos.edit_list(s("h264.mp4"), p, skip=17),
    "editlist_window.mp4": lambda s, p: videos.edit_list(s("h264.mp4"), p, skip=10, keep=40),
    "editlist_opengop.mp4": lambda s, p: videos.edit_list(s("h264_opengop.mp4"), p, skip=14, keep=30),
    "vp8.webm": lambda s, p: encode(p, codec="libvpx", options=VPX | {"g": "24"}),
    "vp8_hidden.webm": lambda s, p: videos.hide_frame(s("vp8.webm"), p, (7, 8, 30, 61)),
    "vp8_altref.webm": _altref,
    "vp9.webm": lambda s, p: encode(p, codec="libvpx-vp9", options=VPX | {"g": "24"}),
    "vp9_altref.webm": lambda s, p: encode(
        p, codec="libvpx-vp9",
        options={"deadline": "good", "cpu-used": "8", "auto-alt-ref": "1", "lag-in-frames": "16", "b": "200k"},
    ),
    "vp9_nocues.webm": lambda s, p: encode(p, codec="libvpx-vp9", options=VPX | {"g": "24"}, muxer={"live": "1"}),
    "vp9_odd.webm": lambda s, p: encode(p, codec="libvpx-vp9", options=VPX, size=(161, 121), frames=40),
    "av1.mp4": lambda s, p: encode(p, codec="libsvtav1", options={"preset": "12", "g": "24"}, frames=48),
    "hevc.mp4": lambda s, p: encode(
        p, codec="libx265", frames=48,
        options={"preset": "ultrafast", "x265-params": f"{X265}:open-gop=1"},
    ),
    "hevc_radl.mkv": lambda s, p: encode(
        p, codec="libx265", frames=48,
        options={"preset": "ultrafast", "x265-params": f"{X265}:no-open-gop=1:radl=3:b-adapt=0"},
    ),
    "hevc_cut.mkv": lambda s, p: _from_second_key(s("hevc.mp4"), p),
    "hevc_radl_cut.mkv": lambda s, p: _from_second_key(s("hevc_radl.mkv"), p),
    "mjpeg.avi": lambda s, p: encode(p, codec="mjpeg", pix_fmt="yuvj420p", frames=40),
    "mjpeg.mov": lambda s, p: encode(p, codec="mjpeg", pix_fmt="yuvj420p", frames=40),
    "mpeg4_bframes.avi": lambda s, p: encode(p, codec="mpeg4", options={"bf": "2", "g": "24", "b": "600k"}),
    "mpeg4_bframe.avi": lambda s, p: encode(
        p, codec="mpeg4", options={"bf": "1", "g": "24", "b": "600k", "b_strategy": "0"}
    ),
    "mpeg4_packed.avi": lambda s, p: videos.pack_bframes(s("mpeg4_bframe.avi"), p),
    "h264_bframes.avi": lambda s, p: encode(p, options=x264(24, 3)),
    "mpeg2.mpg": lambda s, p: encode(p, codec="mpeg2video", options={"bf": "2", "g": "12", "b": "900k"}),
    "rot90.mp4": lambda s, p: encode(p, options=x264(24, 2), rotation=90, frames=24),
    "rot180.mp4": lambda s, p: encode(p, options=x264(24, 2), rotation=180, frames=24),
    "rot270.mp4": lambda s, p: encode(p, options=x264(24, 2), rotation=-90, frames=24),
    "sar.mp4": lambda s, p: encode(p, options=x264(24, 2), aspect=Fraction(4, 3), frames=24),
    "sar_tall.mp4": lambda s, p: encode(p, options=x264(24, 2), aspect=Fraction(3, 4), frames=24),
    "sar_rot.mp4": lambda s, p: encode(p, options=x264(24, 2), aspect=Fraction(4, 3), rotation=90, frames=24),
    "sizes.webm": lambda s, p: videos.join_sizes(p),
    "nokey_start.mkv": lambda s, p: videos.remux(s("h264.mp4"), p, drop=(0,)),
    "same_times.mkv": lambda s, p: videos.remux(
        s("h264_intra.mp4"), p, pts=lambda n, packet: packet.pts - packet.pts % (2 * packet.duration)
    ),
    "truncated.mp4": lambda s, p: videos.cut(s("h264_faststart.mp4"), p, 0.6),
    "truncated.webm": lambda s, p: videos.cut(s("vp9.webm"), p, 0.55),
    "bitflips.mp4": lambda s, p: videos.flip_bits(s("h264_faststart.mp4"), p),
    "bitflips.webm": lambda s, p: videos.flip_bits(s("vp9.webm"), p),
    "sound_first.mp4": _sound_first,
    "cover.mp4": _cover,
    "wrong.pdf": _copy,
}  # fmt: skip
"""Name → how it is made."""
