"""Stored values against what was written, with every codec and packing."""

from __future__ import annotations

import io
import math
import struct

import numpy as np
import pydicom
import pytest

from tests.decoders.dicom.reading import close, linear, opened, shown
from tests.make import dicoms
from tests.make.dicoms import dicom, ramp

LOSSLESS = [
    "implicit", "explicit", "big", "deflated", "jpeg-lossless", "jpeg-ls", "jpeg2000", "htj2k", "rle",
    "deflated-frame", "jpeg-xl",
]  # fmt: skip

TYPES = ["uint8", "uint16", "int16"]


@pytest.mark.parametrize(
    ("syntax", "dtype"),
    # JPEG XL has no signed numbers
    [(syntax, dtype) for syntax in LOSSLESS for dtype in TYPES if (syntax, dtype) != ("jpeg-xl", "int16")],
)
def test_every_lossless_codec_gives_back_every_stored_value(syntax: str, dtype: str) -> None:
    frames = ramp(3, 12, 14, dtype, first=-500 if dtype == "int16" else 0)
    document = opened(dicom(frames, syntax=syntax))
    assert document.page_count == 3
    for page in (2, 0, 1):
        samples = document.samples(page)
        assert samples is not None
        assert samples.dtype == np.dtype(dtype)
        assert samples.dtype.isnative
        np.testing.assert_array_equal(samples, frames[page])


@pytest.mark.parametrize(
    ("syntax", "photometric"),
    [
        *((s, "RGB") for s in ("explicit", "big", "jpeg-lossless", "jpeg-ls", "rle", "jpeg-xl", "deflated-frame")),
        ("jpeg2000", "YBR_RCT"),
        ("jpeg2000", "YBR_FULL"),  # a wrong label: the stream says that it was transformed
        ("htj2k", "YBR_RCT"),
    ],
)
def test_colour_is_rgb(syntax: str, photometric: str) -> None:
    frame = np.zeros((10, 12, 3), np.uint8)
    frame[..., 0], frame[..., 1], frame[..., 2] = 200, np.arange(12) * 20, 7
    document = opened(dicom(frame, syntax=syntax, photometric=photometric))
    np.testing.assert_array_equal(document.samples(0), frame)
    pixels = shown(document)
    np.testing.assert_array_equal(pixels[..., :3], frame[..., ::-1])
    assert document.info(0).kind == "rgb"


@pytest.mark.parametrize("photometric", ["YBR_FULL_422", "YBR_FULL"])
def test_jpeg_colour_follows_the_stream_and_the_photometric_interpretation(photometric: str) -> None:
    import imagecodecs

    frame = np.full((16, 16, 3), (220, 40, 90), np.uint8)
    for subsampling in ("444", "420"):
        data = imagecodecs.jpeg8_encode(frame, 98, colorspace="rgb", outcolorspace="ycbcr", subsampling=subsampling)
        made = dicom([data], syntax="jpeg", rows=16, columns=16, photometric=photometric,
                     elements={"SamplesPerPixel": 3, "PlanarConfiguration": 0})  # fmt: skip
        assert close(opened(made).samples(0), frame, 4)
    as_rgb = imagecodecs.jpeg8_encode(frame, 98, colorspace="rgb", outcolorspace="rgb")
    made = dicom([as_rgb], syntax="jpeg", rows=16, columns=16, photometric="RGB",
                 elements={"SamplesPerPixel": 3, "PlanarConfiguration": 0})  # fmt: skip
    assert close(opened(made).samples(0), frame, 4)


def test_twelve_bit_jpeg() -> None:
    y, x = np.mgrid[:32, :32]
    frame = (60 * y + 60 * x).astype(np.uint16)
    samples = opened(dicom(frame, syntax="jpeg12", bits_stored=12)).samples(0)
    assert samples is not None
    assert close(samples, frame, 12)


def test_eight_bit_jpeg_grey() -> None:
    y, x = np.mgrid[:32, :32]
    frame = (4 * y + 3 * x).astype(np.uint8)
    assert close(opened(dicom(frame, syntax="jpeg")).samples(0), frame, 3)


def test_signed_values_of_fewer_bits_are_extended() -> None:
    frame = np.array([[-2048, -2000, -1, 0], [1, 5, 2046, 2047]], np.int16)
    as_stored = frame.view(np.uint16) & 0x0FFF
    data = dicom(as_stored, syntax="jpeg-ls", bits_stored=12, elements={"PixelRepresentation": 1})
    np.testing.assert_array_equal(opened(data).samples(0), frame)
    data = dicom(as_stored, bits_stored=12, elements={"PixelRepresentation": 1})
    np.testing.assert_array_equal(opened(data).samples(0), frame)


def test_planar_colour_and_native_ybr() -> None:
    rgb = np.zeros((4, 6, 3), np.uint8)
    rgb[...] = (200, 100, 50)
    rgb[:, 3:] = (10, 240, 120)
    planar = np.ascontiguousarray(rgb.transpose(2, 0, 1)).reshape(4, 6, 3)
    np.testing.assert_array_equal(opened(dicom(planar, elements={"PlanarConfiguration": 1})).samples(0), rgb)
    r, g, b = (rgb[..., i].astype(float) for i in range(3))
    luma = 0.299 * r + 0.587 * g + 0.114 * b
    ybr = np.stack((luma, 128 - 0.168736 * r - 0.331264 * g + 0.5 * b, 128 + 0.5 * r - 0.418688 * g - 0.081312 * b), 2)
    ybr = np.rint(ybr).astype(np.uint8)
    assert close(opened(dicom(ybr, photometric="YBR_FULL")).samples(0), rgb, 2)
    assert close(opened(dicom(ybr, syntax="rle", photometric="YBR_FULL")).samples(0), rgb, 2)


def test_native_422_doubles_the_chroma_of_each_pair() -> None:
    # Y1 Y2 Cb Cr: two greys, then two pixels of the same strong red chroma
    raw = bytes([50, 90, 128, 128, 120, 140, 90, 240])
    data = dicom(np.zeros((1, 4, 3), np.uint8), photometric="YBR_FULL_422")
    start = data.rindex(struct.pack("<HH", 0x7FE0, 0x0010))
    cut = data[: start + 8] + struct.pack("<I", 8) + raw
    samples = opened(cut).samples(0)
    assert samples is not None
    np.testing.assert_array_equal(samples[0, :2], [[50] * 3, [90] * 3])
    red = [round(y + 1.402 * 112) for y in (120, 140)]
    assert close(samples[0, 2:, 0], [min(255, v) for v in red])
    assert samples[0, 2, 0] > samples[0, 2, 1]


def test_one_bit_frames_follow_each_other_without_padding() -> None:
    rng = np.random.default_rng(5)
    frames = rng.integers(0, 2, (3, 5, 7), dtype=np.uint8)  # 35 bits a frame
    packed = np.packbits(frames.reshape(-1), bitorder="little").tobytes()
    data = dicom(np.zeros((1, len(packed)), np.uint8), elements={
        "BitsAllocated": 1, "BitsStored": 1, "HighBit": 0, "Rows": 5, "Columns": 7, "NumberOfFrames": 3})  # fmt: skip
    start = data.rindex(struct.pack("<HH", 0x7FE0, 0x0010))
    document = opened(data[: start + 8] + struct.pack("<I", len(packed)) + packed)
    for page in range(3):
        np.testing.assert_array_equal(document.samples(page), frames[page])
        np.testing.assert_array_equal(shown(document, page), frames[page] * 255)


def test_packed_twelve_bits() -> None:
    data = dicom(np.zeros((1, 6), np.uint8), elements={
        "BitsAllocated": 12, "BitsStored": 12, "HighBit": 11, "Columns": 4, "Rows": 1})  # fmt: skip
    start = data.rindex(struct.pack("<HH", 0x7FE0, 0x0010))
    raw = bytes([0x23, 0x61, 0x45, 0xFF, 0x0F, 0x80])  # 0x123, 0x456, 0xFFF, 0x800
    samples = opened(data[: start + 8] + struct.pack("<I", 6) + raw).samples(0)
    assert samples is not None
    assert samples[0].tolist() == [0x123, 0x456, 0xFFF, 0x800]


def test_eight_bit_values_in_big_endian_words() -> None:
    frames = ramp(3, 3, 5, np.uint8)  # 15 bytes a frame: every second one begins inside a word
    raw = frames.tobytes() + b"\0"
    swapped = np.frombuffer(raw, np.uint16).byteswap().tobytes()
    ds = pydicom.dcmread(io.BytesIO(dicom(frames, syntax="explicit")))
    ds.PixelData = swapped
    ds["PixelData"].VR = "OB"
    data = bytearray(dicoms.written(ds, syntax="big"))
    at = data.rindex(b"\x7f\xe0\x00\x10OB")
    data[at + 4 : at + 6] = b"OW"
    document = opened(bytes(data))
    for page in (1, 0, 2):
        np.testing.assert_array_equal(document.samples(page), frames[page])


@pytest.mark.parametrize("dtype", ["uint32", "int32", "float32", "float64"])
def test_wide_numbers_are_shown_by_arithmetic(dtype: str) -> None:
    frame = np.linspace(-3 if dtype[0] in "if" else 0, 4e6, 64).reshape(8, 8).astype(dtype)
    if dtype[0] == "f":
        frame[0, 0] = np.nan
    document = opened(dicom(frame, elements={"WindowCenter": 2e6, "WindowWidth": 4e6}))
    np.testing.assert_array_equal(document.samples(0), frame)
    pixels = shown(document)
    for (y, x), value in np.ndenumerate(frame):
        expected = 0 if math.isnan(value) else linear(float(value), 2e6, 4e6)
        assert abs(int(pixels[y, x]) - expected) <= 1
