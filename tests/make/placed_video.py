"""A small video with a bright rectangle at a known place, and where ffmpeg's own player shows it."""

from __future__ import annotations

import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

STORED_SIZE = (160.0, 120.0)
STORED_BOX = (32.0, 24.0, 96.0, 64.0)
"""Of the stored frames, before anything is turned or stretched."""

Box = tuple[float, float, float, float]


def clip(folder: Path, *, turn: int = 0, aspect: tuple[int, int] = (1, 1)) -> tuple[bytes, tuple[float, float], Box]:
    """(file, displayed size, displayed box). `turn`: the display rotation; `aspect`: of one stored pixel."""
    path = folder / f"placed{turn}_{aspect[0]}_{aspect[1]}.mp4"
    width, height = int(STORED_SIZE[0]), int(STORED_SIZE[1])
    x0, y0, x1, y1 = (int(v) for v in STORED_BOX)
    picture = np.full((height, width, 3), 30, dtype=np.uint8)
    picture[y0:y1, x0:x1] = 230
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libx264", rate=Fraction(10), options={"crf": "8"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        if aspect != (1, 1):
            stream.codec_context.sample_aspect_ratio = Fraction(*aspect)
        if turn:
            stream.set_display_rotation(turn)
        for _ in range(4):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode(None))
    size = STORED_SIZE[::-1] if turn in (90, 270) else STORED_SIZE
    box = _seen_by_ffmpeg(path, size) if turn else STORED_BOX
    stretch = aspect[0] / aspect[1]
    return (
        path.read_bytes(),
        (size[0] * stretch, size[1]),
        (box[0] * stretch, box[1], box[2] * stretch, box[3]),
    )


def _seen_by_ffmpeg(path: Path, size: tuple[float, float]) -> Box:
    """Where the rectangle is once ffmpeg has turned the frame as players do."""
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", str(path), "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gray", "-"],
        check=True,
        capture_output=True,
    ).stdout
    grey = np.frombuffer(raw, dtype=np.uint8).reshape(int(size[1]), int(size[0]))
    rows, columns = np.nonzero(grey > 128)
    return float(columns.min()), float(rows.min()), float(columns.max() + 1), float(rows.max() + 1)
