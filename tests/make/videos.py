"""Small videos whose every frame says its number, in all the shapes that mislead a player.

The code of a frame is a 10 × 5 grid of cells in its middle half: 18 bits and a checksum of 5, each as a *pair* of
cells whose order of bright and dark is the bit, so that range, matrix, contrast and scale cannot flip one. Corner
cells tell the orientation, eight patches below the grid the colour.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 160, 120
BITS, CHECK = 18, 5
PATCHES = ((200, 40, 40), (40, 200, 40), (40, 40, 200), (190, 190, 40), (40, 190, 190), (190, 40, 190), (60, 60, 60),
           (210, 210, 210))  # fmt: skip
CORNERS = {"tl": (230, 30, 30), "tr": (30, 200, 30), "br": (30, 30, 230), "bl": (230, 230, 230)}
"""Red, green, blue, white, clockwise from the top left."""

Pixels = NDArray[np.uint8]


def checksum(code: int) -> int:
    """Five bits that catch mixtures of two frames."""
    return (code * 2654435761 >> 11 ^ code >> 7 ^ code * 13) & ((1 << CHECK) - 1)


def draw(code: int, *, width: int = WIDTH, height: int = HEIGHT, noise: float = 6.0) -> Pixels:
    """A frame as RGB: code, corners, patches, and a background that moves so that prediction has work."""
    y, x = np.mgrid[0:height, 0:width]
    wave = 110 + 40 * np.sin((x + 3 * code) / 13) + 30 * np.cos((y - 2 * code) / 9)
    random = np.random.default_rng(code)
    wave = wave + random.normal(0, noise, wave.shape)
    picture = np.clip(np.stack([wave, wave * 0.9, wave * 1.05], -1), 0, 255).astype(np.uint8)
    left, top, cell_w, cell_h = _grid(width, height)
    value = code | checksum(code) << BITS
    for bit in range(BITS + CHECK):
        one = value >> bit & 1
        for half in (0, 1):
            row, column = divmod(2 * bit + half, 10)
            level = 225 if one ^ half else 30
            y0, x0 = top + row * cell_h, left + column * cell_w
            picture[round(y0) : round(y0 + cell_h), round(x0) : round(x0 + cell_w)] = level
    side_w, side_h = width // 8, height // 8
    picture[:side_h, :side_w] = CORNERS["tl"]
    picture[:side_h, -side_w:] = CORNERS["tr"]
    picture[-side_h:, -side_w:] = CORNERS["br"]
    picture[-side_h:, :side_w] = CORNERS["bl"]
    for number, colour in enumerate(PATCHES):
        x0, x1, y0, y1 = _patch(number, width, height)
        picture[y0:y1, x0:x1] = colour
    return picture


def _grid(width: int, height: int) -> tuple[float, float, float, float]:
    return width / 4, height / 4, width / 2 / 10, height / 2 / 5


def _patch(number: int, width: int, height: int) -> tuple[int, int, int, int]:
    step = width * 0.7 / 8
    x0 = width * 0.15 + number * step
    return round(x0), round(x0 + step), round(height * 0.78), round(height * 0.86)


def read_code(pixels: Pixels) -> int | None:
    """The number in a frame (any channel order, shape (h, w, 3 or 4)); None when it is not readable."""
    height, width = pixels.shape[:2]
    grey = pixels[..., :3].astype(np.float64).mean(-1)
    left, top, cell_w, cell_h = _grid(width, height)

    def level(cell: int) -> float:
        row, column = divmod(cell, 10)
        y, x = top + (row + 0.5) * cell_h, left + (column + 0.5) * cell_w
        dy, dx = max(1, int(cell_h * 0.25)), max(1, int(cell_w * 0.25))
        return float(grey[int(y) - dy : int(y) + dy + 1, int(x) - dx : int(x) + dx + 1].mean())

    value = 0
    for bit in range(BITS + CHECK):
        first, second = level(2 * bit), level(2 * bit + 1)
        if abs(first - second) < 12:
            return None
        value |= int(first > second) << bit
    code, check = value & ((1 << BITS) - 1), value >> BITS
    return code if check == checksum(code) else None


def read_corners(bgrx: Pixels) -> tuple[str, str, str, str]:
    """Which corner cells stand top left, top right, bottom right, bottom left: ("tl", "tr", "br", "bl") upright."""
    height, width = bgrx.shape[:2]
    y, x = height // 16, width // 16
    spots = ((y, x), (y, width - 1 - x), (height - 1 - y, width - 1 - x), (height - 1 - y, x))

    def name(spot: tuple[int, int]) -> str:
        around = bgrx[max(0, spot[0] - 2) : spot[0] + 3, max(0, spot[1] - 2) : spot[1] + 3, 2::-1]
        colour = around.reshape(-1, 3).astype(float).mean(0)
        return min(CORNERS, key=lambda key: float(np.abs(colour - CORNERS[key]).sum()))

    one, two, three, four = (name(spot) for spot in spots)
    return one, two, three, four


def patch_means(bgrx: Pixels) -> NDArray[np.float64]:
    """Mean red, green, blue of the eight patches: shape (8, 3), to compare with `PATCHES`."""
    height, width = bgrx.shape[:2]
    rows = []
    for number in range(len(PATCHES)):
        x0, x1, y0, y1 = _patch(number, width, height)
        inner = bgrx[y0 + 2 : y1 - 2, x0 + 3 : x1 - 3, 2::-1]
        rows.append(inner.reshape(-1, 3).astype(float).mean(0))
    return np.array(rows)


@dataclass(frozen=True, slots=True)
class Clip:
    """A file and what it shows: `codes` in the order of presentation; `times` in seconds where they are planned."""

    path: Path
    codes: tuple[int, ...]
    times: tuple[Fraction, ...] | None = None
    displayed: tuple[int, int] = (WIDTH, HEIGHT)
    notes: tuple[str, ...] = ()


def encode(
    path: Path,
    *,
    codec: str = "libx264",
    frames: int = 72,
    rate: Fraction | int = 30,
    ticks: Sequence[int] | None = None,
    time_base: Fraction | None = None,
    pix_fmt: str = "yuv420p",
    size: tuple[int, int] = (WIDTH, HEIGHT),
    options: dict[str, str] | None = None,
    muxer: dict[str, str] | None = None,
    form: str | None = None,
    rotation: int | None = None,
    aspect: Fraction | None = None,
    colour: tuple[int, int] | None = None,
    codes: Iterable[int] | None = None,
    global_header: bool = True,
    noise: float = 6.0,
) -> Clip:
    """Encode frames 0 … n−1 with PyAV. `ticks`: presentation times in `time_base`; else even ones at `rate`.

    `colour`: (matrix, range) by libav's numbers, tagged and used for the conversion.
    """
    base = time_base or 1 / Fraction(rate)
    shown = list(range(frames)) if codes is None else list(codes)
    pts = list(ticks) if ticks is not None else list(range(len(shown)))
    with av.open(str(path), "w", format=form, options=muxer or {}) as container:
        stream: Any = container.add_stream(codec, rate=Fraction(rate), options=options or {})
        stream.width, stream.height = size
        stream.pix_fmt = pix_fmt
        stream.codec_context.time_base = base
        stream.time_base = base
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        if rotation is not None:
            stream.set_display_rotation(rotation)
        if colour is not None:
            stream.codec_context.colorspace, stream.codec_context.color_range = colour
        for code, when in zip(shown, pts, strict=True):
            frame = av.VideoFrame.from_ndarray(draw(code, width=size[0], height=size[1], noise=noise), "rgb24")
            if colour is None:
                frame = frame.reformat(format=pix_fmt)
            else:
                frame = frame.reformat(format=pix_fmt, dst_colorspace=colour[0], dst_color_range=colour[1])
            frame.pts, frame.time_base = when, base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    times = tuple(when * base for when in pts)
    return Clip(path, tuple(shown), times, size)


def decoded_in_order(path: Path) -> list[int | None]:
    """The codes of all frames by the plainest way there is: one decode from the start, single-threaded, no seek."""
    codes: list[int | None] = []
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_type = "SLICE"
        stream.codec_context.thread_count = 1
        packets = container.demux(stream)
        while True:
            try:
                packet = next(packets, None)
                frames = [] if packet is None else packet.decode()
            except av.FFmpegError:
                continue
            codes.extend(read_code(frame.to_ndarray(format="bgr24")) for frame in frames)
            if packet is None:
                return codes


def boxes(data: bytes | bytearray, start: int, stop: int) -> Iterable[tuple[bytes, int, int]]:
    """(kind, start of the body, end) of the boxes of an MP4 in a range of bytes."""
    at = start
    while at + 8 <= stop:
        length, kind = struct.unpack_from(">I4s", data, at)
        body = at + 8
        if length == 1:
            length, body = struct.unpack_from(">Q", data, at + 8)[0], at + 16
        yield kind, body, at + length
        at += length


def find_box(data: bytes | bytearray, path: Sequence[bytes]) -> tuple[int, int]:
    """(start of the body, end) of a nested box."""
    start, stop = 0, len(data)
    for wanted in path:
        start, stop = next((body, end) for kind, body, end in boxes(data, start, stop) if kind == wanted)
    return start, stop


ELST = (b"moov", b"trak", b"edts", b"elst")


def edit_list(source: Clip, path: Path, *, skip: int, rate: int = 30, keep: int | None = None, nudge: int = 0) -> Clip:
    """The same file with its first `skip` frames cut off by the edit list, and all after `keep` frames.

    `nudge` moves the start by so many ticks beside a frame's own time.
    """
    data = bytearray(source.path.read_bytes())
    body, _ = find_box(data, ELST)
    mvhd, _ = find_box(data, (b"moov", b"mvhd"))
    mdhd, _ = find_box(data, (b"moov", b"trak", b"mdia", b"mdhd"))
    movie, media = struct.unpack_from(">I", data, mvhd + 12)[0], struct.unpack_from(">I", data, mdhd + 12)[0]
    assert data[body] == 0
    duration, start = struct.unpack_from(">Ii", data, body + 8)
    start += skip * media // rate + nudge
    left = len(source.codes) - skip if keep is None else keep
    duration = round(Fraction(left * movie, rate)) if keep is not None else duration - skip * movie // rate
    struct.pack_into(">Ii", data, body + 8, duration, start)
    path.write_bytes(data)
    return Clip(path, source.codes[skip : skip + left])


def with_gap(source: Clip, path: Path, length: int) -> Clip:
    """The file with so many bytes of nothing at the end of its mdat, before its moov: a hole on the disk."""
    data = source.path.read_bytes()
    at, end = find_box(data, [b"moov"])
    body, stop = find_box(data, [b"mdat"])
    assert (end, stop, data[body - 16 : body - 8]) == (len(data), at - 8, b"\0\0\0\x08free")
    with path.open("wb") as file:
        file.write(data[: body - 16] + struct.pack(">I4sQ", 1, b"mdat", stop - body + 16 + length))
        file.write(data[body:stop])
        file.seek(stop + length)
        file.write(data[stop:])
    return Clip(path, source.codes, source.times, source.displayed)


def hide_frame(source: Clip, path: Path, hidden: Sequence[int]) -> Clip:
    """A VP8 file with some frames not shown: bit 4 of their first byte is cleared, as in an alt-ref frame."""
    with av.open(str(source.path)) as reader, av.open(str(path), "w") as writer:
        stream = writer.add_stream_from_template(reader.streams.video[0])
        for number, packet in enumerate(p for p in reader.demux(video=0) if p.size):
            data = bytearray(bytes(packet))
            if number in hidden:
                data[0] &= ~0x10
            fresh = av.Packet(bytes(data))
            fresh.pts, fresh.dts, fresh.time_base = packet.pts, packet.dts, packet.time_base
            fresh.is_keyframe = packet.is_keyframe
            fresh.stream = stream
            writer.mux(fresh)
    return Clip(path, tuple(code for number, code in enumerate(source.codes) if number not in hidden))


def remux(source: Clip, path: Path, *, drop: Sequence[int] = (), options: dict[str, str] | None = None,
          pts: Callable[[int, Any], int | None] | None = None, form: str | None = None) -> Clip:  # fmt: skip
    """The same packets in another container, some dropped (by number in decode order) or with other times."""
    with av.open(str(source.path)) as reader, av.open(str(path), "w", format=form, options=options or {}) as writer:
        stream = writer.add_stream_from_template(reader.streams.video[0])
        for number, packet in enumerate(p for p in reader.demux(video=0) if p.size):
            if number in drop:
                continue
            if pts is not None:
                packet.pts = packet.dts = pts(number, packet)
            packet.stream = stream
            writer.mux(packet)
    return Clip(path, source.codes)


def pack_bframes(source: Clip, path: Path) -> Clip:
    """An MPEG-4 AVI as old DivX wrote it: each B picture in the packet of the P picture before, then an empty one.

    `source` has one B picture between two others. The user data names the packing, as decoders look for it.
    """
    empty = b"\0\0\1\xb6\x50\xcf"  # P, not coded, time increment of 5 bits
    with av.open(str(source.path)) as reader, av.open(str(path), "w") as writer:
        stream = writer.add_stream_from_template(reader.streams.video[0])
        packets = [(bytes(p), p.is_keyframe) for p in reader.demux(video=0) if p.size]
        kinds = [data[data.index(b"\0\0\1\xb6") + 4] >> 6 for data, _ in packets]
        packed: list[tuple[bytes, bool]] = []
        for (data, key), kind, after in zip(packets, kinds, [*kinds[1:], 0], strict=True):
            if kind == 2:
                packed[-1] = (packed[-1][0] + data, packed[-1][1])
                packed.append((empty, False))
                continue
            if key and (after != 2 or not packed):
                at = data.index(b"\0\0\1\xb6")
                data = data[:at] + b"\0\0\1\xb2DivX503b1393p" + data[at:]
            packed.append((data, key))
        for number, (data, key) in enumerate(packed):
            packet = av.Packet(data)
            packet.dts = packet.pts = number
            packet.time_base, packet.is_keyframe, packet.stream = Fraction(1, 30), key, stream
            writer.mux(packet)
    return Clip(path, source.codes)


def join_sizes(path: Path, *, codec: str = "libvpx") -> Clip:
    """A WebM whose picture size changes in mid-stream, as WebRTC recorders write them."""
    parts = [
        encode(path.with_name(f"part{n}.webm"), codec=codec, frames=24, codes=range(n * 24, n * 24 + 24), size=size,
               options={"g": "12", "deadline": "realtime", "cpu-used": "8", "b": "400k"})
        for n, size in enumerate(((160, 120), (240, 180), (160, 120)))
    ]  # fmt: skip
    with av.open(str(path), "w") as writer:
        stream: Any = None
        shift = 0
        for part in parts:
            with av.open(str(part.path)) as reader:
                if stream is None:
                    stream = writer.add_stream_from_template(reader.streams.video[0])
                for packet in reader.demux(video=0):
                    if packet.size:
                        packet.pts += shift
                        packet.dts = packet.pts
                        packet.stream = stream
                        writer.mux(packet)
            shift += 800
    return Clip(path, tuple(range(72)))


def cut(source: Clip, path: Path, share: float) -> Clip:
    """The first part of a file."""
    data = source.path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return Clip(path, source.codes)


def flip_bits(source: Clip, path: Path, *, seed: int = 1, count: int = 12, start: float = 0.3) -> Clip:
    """A file with some bits of its media data flipped."""
    data = bytearray(source.path.read_bytes())
    random = np.random.default_rng(seed)
    low, high = int(len(data) * start), int(len(data) * 0.9)
    for at in random.integers(low, high, count):
        data[at] ^= 1 << int(random.integers(0, 8))
    path.write_bytes(data)
    return Clip(path, source.codes)


def sound(path: Path, *, form: str | None = None) -> Path:
    """A second of a tone, and no video."""
    with av.open(str(path), "w", format=form) as container:
        stream = container.add_stream("aac", rate=44_100)
        stream.layout = "mono"
        wave = (np.sin(np.arange(44_100) / 20) * 8000).astype(np.float32)[None] / 32768
        frame = av.AudioFrame.from_ndarray(wave, format="fltp", layout="mono")
        frame.sample_rate, frame.pts = 44_100, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def ffmpeg(*words: str | Path) -> None:
    """Run the ffmpeg command line, for what PyAV cannot write."""
    program = shutil.which("ffmpeg")
    if program is None:
        raise FileNotFoundError("ffmpeg")
    subprocess.run([program, "-v", "error", "-y", *map(str, words)], check=True, stdin=subprocess.DEVNULL)
