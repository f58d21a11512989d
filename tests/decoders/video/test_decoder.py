"""What is taken for a video, and the sentence for each file that is none or has nothing to show."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

import pytest

from tests.make import videos
from tests.make.video_set import VideoSet
from viewer.decoders.base import Hints, View
from viewer.decoders.video import VideoDecoder
from viewer.decoders.video.decoder import open_video
from viewer.errors import DecodeError


def refused(path: Path, *, code: str) -> str:
    with path.open("rb") as source, pytest.raises(DecodeError) as caught:
        VideoDecoder.open(source, Hints(name=path.name))
    assert caught.value.code == code
    text = str(caught.value)
    assert text.endswith((".", "shown"))
    assert str(path) not in text
    return text


def patched(clip: videos.Clip, path: Path, old: bytes, new: bytes, *, at: int = 0) -> Path:
    """The file with the first `old` replaced, `at` bytes behind it."""
    data = bytearray(clip.path.read_bytes())
    place = data.index(old) + at
    data[place : place + len(new)] = new
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "name", ["h264.mp4", "h264.mkv", "vp8.webm", "h264.ts", "mjpeg.avi", "mpeg2.mpg", "timescale600.mov", "wrong.pdf"]
)
def test_videos_are_known_by_their_bytes(clips: VideoSet, name: str) -> None:
    head = clips(name).path.read_bytes()[:4096]
    assert VideoDecoder.accepts(head, "")
    assert VideoDecoder.accepts(head, "picture.png")


@pytest.mark.parametrize(
    ("head", "name", "accepted"),
    [
        (b"\x00\x00\x00\x01\x67\x42\x00\x1e", "clip.h264", True),
        (b"\x00\x00\x00\x01\x67\x42\x00\x1e", "", False),
        (b"garbage", "clip.mp4", True),
        (b"%PDF-1.7", "clip.mp4", False),
        (b"\xff\xd8\xff\xe0", "clip.mp4", False),
        (b"<!doctype html>", "clip.mp4", False),
        (b"\0" * 128 + b"DICM", "clip.mp4", False),
        (b"RIFF\0\0\0\0WEBPVP8 ", "clip.avi", False),
        (b"\0\0\0\x1cftypavif\0\0\0\0", "clip.mp4", False),
        (b"\0\0\0\x1cftypheic\0\0\0\0", "", False),
        (b"#EXTM3U\n", "", False),
        (b"", "", False),
    ],
)
def test_what_is_no_video(head: bytes, name: str, accepted: bool) -> None:
    assert VideoDecoder.accepts(head, name) is accepted


def test_no_table_of_pictures(clips: VideoSet, tmp_path: Path) -> None:
    cut = videos.cut(clips("h264.mp4"), tmp_path / "cut.mp4", 0.7)
    assert "moov" in refused(cut.path, code="Corrupt")


def test_sound_only(tmp_path: Path) -> None:
    assert "sound but no video" in refused(videos.sound(tmp_path / "tone.mp4"), code="Unsupported")


def test_encrypted(clips: VideoSet, tmp_path: Path) -> None:
    path = patched(clips("h264.mp4"), tmp_path / "drm.mp4", b"avc1\0\0\0\0\0\0", b"encv")
    assert "encrypted" in refused(path, code="Encrypted")


def test_unknown_codec(clips: VideoSet, tmp_path: Path) -> None:
    path = patched(clips("h264.mp4"), tmp_path / "odd.mp4", b"avc1\0\0\0\0\0\0", b"zq7x")
    assert "no decoder" in refused(path, code="Unsupported")


def test_an_absurd_number_of_samples(clips: VideoSet, tmp_path: Path) -> None:
    path = patched(clips("h264.mp4"), tmp_path / "many.mp4", b"stsz", struct.pack(">I", 0xFFFF_FFF0), at=12)
    assert "4294967280 pictures" in refused(path, code="TooLarge")


def test_absurd_times_and_edits_end_in_pictures_or_words(clips: VideoSet, tmp_path: Path) -> None:
    """A sample of 2^31 ticks; durations of 2^64 − 1; an edit list that plays one moment 100,000 times."""
    clip = clips("h264.mp4")
    long = patched(clip, tmp_path / "long.mp4", b"stts", struct.pack(">II", 72, 0x7FFF_FFFF), at=12)
    loops = bytearray(clip.path.read_bytes())
    body, end = videos.find_box(loops, videos.ELST)
    struct.pack_into(">I", loops, body + 4, 100_000)
    (tmp_path / "loops.mp4").write_bytes(loops)
    for path in (long, tmp_path / "loops.mp4"):
        with path.open("rb") as source:
            try:
                document = open_video(source, Hints(frame_rate=30.0))
            except DecodeError as error:
                assert len(str(error)) > 20
                continue
            assert 1 <= document.page_count <= 10_000_000
            document.render(0, None, 1.0, view=View(), cancelled=lambda: False)
            document.close()
    assert end > body


def test_only_garbage(tmp_path: Path) -> None:
    contents = {
        "none.mp4": b"",
        "noise.mp4": b"not a video at all " * 300,
        "noise.webm": b"\x1aE\xdf\xa3" + bytes(900),
    }
    for name, content in contents.items():
        path = tmp_path / name
        path.write_bytes(content)
        refused(path, code="Corrupt")


def test_a_stream_without_a_single_good_packet(clips: VideoSet, tmp_path: Path) -> None:
    data = bytearray(clips("h264_faststart.mp4").path.read_bytes())
    start, stop = videos.find_box(data, (b"mdat",))
    data[start:stop] = bytes(stop - start)
    path = tmp_path / "zeros.mp4"
    path.write_bytes(data)
    with path.open("rb") as source:
        document = open_video(source, Hints(mapping="index"))
        with pytest.raises(DecodeError, match="Frame 3 cannot be decoded"):
            document.render(3, None, 1.0, view=View(), cancelled=lambda: False)
        document.close()


def test_no_key_packet_at_all(clips: VideoSet, tmp_path: Path) -> None:
    path = videos.remux(clips("h264_single_key.mp4"), tmp_path / "keyless.mkv", drop=(0,)).path
    assert "key frame" in refused(path, code="Corrupt")


@pytest.mark.parametrize("kind", ["hls", "concat", "sdp", "dash"])
def test_lists_of_other_files_are_never_followed(
    clips: VideoSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Were the list followed, the frames of the file beside it would come (for concat they do without the list)."""
    monkeypatch.chdir(tmp_path)
    target = clips("h264.ts").path
    local = tmp_path / "target.ts"
    local.write_bytes(target.read_bytes())
    text = {
        "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:2.4,\n{local}\n#EXT-X-ENDLIST\n",
        "concat": f"ffconcat version 1.0\nfile {local.name}\n",
        "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n"
        "a=rtpmap:96 H264/90000\n",
        "dash": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>',
    }[kind]
    path = tmp_path / "list.mp4"
    path.write_text(text)
    refused(path, code="Corrupt")


def test_nothing_heavy_is_imported_before_a_file_is_opened() -> None:
    program = (
        "import sys, viewer.decoders.video, viewer.frames\n"
        "viewer.decoders.video.VideoDecoder.accepts(b'x' * 300, 'a.mp4')\n"
        "assert 'av' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parents[3])
