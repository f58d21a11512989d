"""DICOM beside the raw libraries, as ratios inside one run (decode targets: open, random frame, window step)."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import imagecodecs
import numpy as np
import pydicom
import pytest
from pydicom.encaps import get_frame

from tests.make.dicoms import dicom
from viewer.decoders.base import Hints, View, VoiWindow
from viewer.decoders.dicom import DicomDecoder

pytestmark = pytest.mark.benchmark

FRAMES = 500


def interleaved(*works: Callable[[], object], rounds: int) -> list[float]:
    """Median seconds of each, measured in turn so that noise hits all alike."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, kept in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            kept.append(time.perf_counter() - start)
    return [statistics.median(kept) for kept in times]


def _slices() -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    rng = np.random.default_rng(1)
    y, x = np.mgrid[:512, :512]
    base = 800 * np.exp(-((x - 256) ** 2 + (y - 256) ** 2) / 30_000) + 100
    return np.stack([base + rng.normal(0, 12, base.shape) for _ in range(8)]).astype(np.int16)


@pytest.mark.parametrize("syntax", ["explicit", "jpeg-ls", "jpeg2000", "jpeg-lossless"])
def bench_open_and_random_frame(syntax: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pool = _slices()
    frames = pool[np.arange(FRAMES) % len(pool)]
    path = tmp_path / "series.dcm"
    if syntax == "explicit":
        path.write_bytes(dicom(frames, elements={"WindowCenter": 400, "WindowWidth": 900}))
    else:
        from tests.make.dicoms import ENCODE

        streams = [ENCODE[syntax](frame) for frame in pool]
        path.write_bytes(
            dicom(
                [streams[k % len(pool)] for k in range(FRAMES)],
                syntax=syntax,
                rows=512,
                columns=512,
                elements={"BitsAllocated": 16, "BitsStored": 16, "HighBit": 15, "PixelRepresentation": 1},
            )
        )
    with path.open("rb") as file:
        lazy, full = interleaved(
            lambda: DicomDecoder.open(file, Hints()),
            lambda: pydicom.dcmread(path),
            rounds=7,
        )
        document = DicomDecoder.open(file, Hints())
        rng = np.random.default_rng(3)
        if syntax == "explicit":
            offset = path.stat().st_size - frames.nbytes
            mapped = np.memmap(path, "<i2", "r", offset, frames.shape)

            def raw() -> object:
                return np.array(mapped[int(rng.integers(FRAMES))])
        else:
            dataset = pydicom.dcmread(path)
            decode = {
                "jpeg-ls": imagecodecs.jpegls_decode,
                "jpeg2000": imagecodecs.jpeg2k_decode,
                "jpeg-lossless": imagecodecs.jpegsof3_decode,
            }[syntax]
            encoded = [get_frame(dataset.PixelData, k, number_of_frames=FRAMES) for k in range(8)]

            def raw() -> object:
                return decode(encoded[int(rng.integers(8))])

        def ours() -> object:
            document.close()  # nothing may come from the cache
            return document.samples(int(rng.integers(FRAMES)))

        frame, codec = interleaved(ours, raw, rounds=25)
    with capsys.disabled():
        print(
            f"\n{syntax}: open {lazy * 1e3:.1f} ms = {lazy / full:.3f} × dcmread, "
            f"random frame {frame * 1e3:.2f} ms = {frame / codec:.2f} × raw"
        )
    assert lazy <= 0.1 * full or lazy < 0.010


@pytest.mark.parametrize("shape", [(512, 512), (2048, 2048), (3064, 4664)])
def bench_window_step(shape: tuple[int, int], capsys: pytest.CaptureFixture[str]) -> None:
    values = (np.random.default_rng(2).integers(0, 4096, shape)).astype(np.uint16)
    document = DicomDecoder.open(io.BytesIO(dicom(values)), Hints())
    table = np.arange(65536, dtype=np.uint16).astype(np.uint8)
    step = iter(range(10**9))

    def ours() -> object:
        window = VoiWindow(2000 + next(step) % 500, 1500)
        return document.render(0, None, 1.0, view=View(window=window), cancelled=lambda: False)

    ours()
    stepped, raw = interleaved(ours, lambda: cv2.LUT(values, table), rounds=15)
    with capsys.disabled():
        print(f"\nwindow step {shape[1]} × {shape[0]}: {stepped * 1e3:.2f} ms = {stepped / raw:.2f} × cv2.LUT")
