"""Files that stand in for the assets of ``ango-examples.json`` and ``seed-sample.json``, whose links are dead.

Each is found through ``--assets-dir`` by the name that the export gives: the external id or the base name of
the address.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

from tests.make import dicoms, pdfs

FAST = {"libvpx": {"deadline": "realtime", "cpu-used": "8"}, "libx264": {"preset": "ultrafast"}}


def picture(path: Path, size: tuple[int, int], *, tone: int = 0) -> None:
    """A grey picture with a soft gradient, so that labels stand out from it."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width]
    base = 70 + 50 * x / max(width, 1) + 30 * y / max(height, 1) + tone
    pixels = np.stack([base, base + 4, base + 10], axis=2).clip(0, 255).astype(np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


def brush(path: Path, size: tuple[int, int]) -> None:
    """A brush mask: two strokes of two colours on nothing."""
    pixels = np.zeros((size[1], size[0], 4), np.uint8)
    pixels[40:90, 30:160] = (255, 60, 60, 255)
    pixels[120:180, 180:300] = (60, 120, 255, 255)
    Image.fromarray(pixels).save(path)


def video(path: Path, *, frames: int, rate: int, size: tuple[int, int], codec: str) -> None:
    """A bright bar that wanders over grey; quick to make, since nobody reads its frames.

    The first second or so is encoded and then written again and again, each time from its key frame.
    """
    width, height = size
    loop = max(n for n in range(1, 51) if frames % n == 0)
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=rate, options=FAST[codec])
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        packets = []
        for number in range(loop):
            pixels = np.full((height * 3 // 2, width), 128, np.uint8)
            pixels[:height] = 90
            pixels[:height, number : number + 8] = 200
            packets += stream.encode(av.VideoFrame.from_ndarray(pixels, "yuv420p"))
        packets += stream.encode(None)
        for start in range(0, frames, loop):
            for packet in packets:
                again = av.Packet(bytes(packet))
                offset = round(start / rate / packet.time_base)
                again.stream, again.time_base = stream, packet.time_base
                again.pts, again.dts, again.duration = packet.pts + offset, packet.dts + offset, packet.duration
                again.is_keyframe = packet.is_keyframe
                container.mux(again)


def slices(count: int, rows: int, columns: int) -> np.ndarray[Any, Any]:
    """A slope that is brighter on every slice."""
    slope = np.add.outer(np.arange(rows) // 8, np.arange(columns) // 8).astype(np.uint8)
    return slope + np.arange(count, dtype=np.uint8)[:, np.newaxis, np.newaxis]


def make(folder: Path) -> Path:
    """Write all of them into `folder` and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, size in {
        "01-image-all-tools.png": (800, 600),
        "02-image-odd-shapes.jpg": (200, 200),
        "03-image-brush.png": (320, 240),
        "04-image-all-classifications.jpg": (640, 480),
        "05-GUESS-classification-types.jpg": (640, 480),
        "20-GUESS-spline-circle-unknown.png": (400, 300),
        "23-history-rework.jpg": (200, 150),
        "24-GUESS-consensus-judgment.jpg": (200, 150),
        "25-unlabelled.jpg": (64, 48),
        "27-v2-two-tasks.jpg": (100, 100),
        "name with spaces.bmp": (32, 32),
        "aa09-0.jpg": (160, 120),
        "aa09-1.jpg": (120, 160),
        "aa09-2.jpg": (200, 120),
    }.items():
        picture(folder / name, size)
    brush(folder / "aa03-brush.png", (320, 240))
    video(folder / "06-video-keyframes-flat.webm", frames=120, rate=30, size=(640, 360), codec="libvpx")
    video(folder / "07-video-every-frame.mp4", frames=250, rate=25, size=(320, 240), codec="libx264")
    video(folder / "08-GUESS-video-per-object.mp4", frames=90, rate=30, size=(640, 360), codec="libx264")
    video(folder / "video-webm.webm", frames=507, rate=30, size=(448, 768), codec="libvpx")
    (folder / "10-document.pdf").write_bytes(pdfs.pdf(*[pdfs.Sheet(media=(0, 0, 600, 800))] * 2))
    (folder / "16-dicom-multiframe.dcm").write_bytes(dicoms.dicom(slices(96, 512, 512)))
    for number in (1, 2, 3):
        (folder / f"000{number}.dcm").write_bytes(dicoms.dicom(dicoms.ramp(1, 512, 512, np.uint16, first=number * 100)))
    return folder
