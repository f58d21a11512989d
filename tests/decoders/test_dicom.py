"""DICOM: stored values against what was written, grey levels against the formulas of PS3.3, damage against words."""

from __future__ import annotations

import io
import math
import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from tests.make import dicoms
from tests.make.dicoms import dicom, envelope, macro, merged, ramp
from viewer import limits
from viewer.decoders.base import Document, Hints, View, VoiWindow
from viewer.decoders.dicom import DicomDecoder, inner_file
from viewer.errors import DecodeError


def opened(data: bytes) -> Document:
    return DicomDecoder.open(io.BytesIO(data), Hints())


def shown(document: Document, page: int = 0, **kwargs: Any) -> np.ndarray[Any, Any]:
    view = kwargs.pop("view", View())
    return document.render(page, None, 1.0, view=view, cancelled=lambda: False).pixels


def linear(value: float, center: float, width: float) -> int:
    """PS3.3 C.11.2.1.2.1, written out."""
    if value <= center - 0.5 - (width - 1) / 2:
        return 0
    if value > center - 0.5 + (width - 1) / 2:
        return 255
    return round(((value - (center - 0.5)) / (width - 1) + 0.5) * 255)


def close(actual: Any, expected: Any, within: int = 1) -> bool:
    return bool(np.abs(np.asarray(actual, int) - np.asarray(expected, int)).max() <= within)


# ---- stored values ---------------------------------------------------------------------------------------

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


# ---- where frames are ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("table", "fragments"), [(True, 1), (True, 3), (False, 1), (False, 3), ("extended", 1)])
def test_frames_are_found_with_and_without_an_offset_table(table: bool | str, fragments: int) -> None:
    frames = ramp(5, 16, 16, np.uint16)
    document = opened(dicom(frames, syntax="jpeg2000", offset_table=table, fragments=fragments))
    assert document.page_count == 5
    for page in (4, 1, 3):
        np.testing.assert_array_equal(document.samples(page), frames[page])


def test_a_lying_offset_table_is_overruled_by_the_fragments() -> None:
    frames = ramp(4, 8, 8, np.uint16)
    data = bytearray(dicom(frames, syntax="jpeg-ls"))
    table = data.index(b"\xfe\xff\x00\xe0\x10\x00\x00\x00") + 8
    data[table : table + 16] = struct.pack("<4I", 0, 11, 23, 37)
    document = opened(bytes(data))
    for page in range(4):
        np.testing.assert_array_equal(document.samples(page), frames[page])


@pytest.mark.parametrize("syntax", ["explicit", "jpeg-ls", "rle"])
def test_a_frame_count_that_is_too_high_is_corrected_and_told(syntax: str) -> None:
    document = opened(dicom(ramp(3, 8, 8, np.uint16), syntax=syntax, declared_frames=1_000_000))
    assert document.page_count == 3
    assert document.facts["declared_frames"] == 1_000_000
    assert "1,000,000 frames; the file holds 3" in document.facts["warnings"][0]
    with pytest.raises(DecodeError, match="no page 3"):
        document.info(3)


def test_cut_native_pixels_are_filled_with_zeros_and_flagged() -> None:
    frames = ramp(2, 10, 10, np.uint16, first=1)
    data = dicom(frames)
    document = opened(data[:-60])
    assert document.page_count == 2
    assert document.info(1).flags == ("truncated",)
    assert document.info(0).flags == ()
    samples = document.samples(1)
    assert samples is not None
    flat = samples.reshape(-1)
    np.testing.assert_array_equal(flat[:70], frames[1].reshape(-1)[:70])
    assert not flat[70:].any()
    assert document.render(1, None, 1.0, view=View(), cancelled=lambda: False).flags == ("truncated",)


def test_a_missing_last_fragment_leaves_the_frames_before_it() -> None:
    frames = ramp(3, 16, 16, np.uint16)
    data = dicom(frames, syntax="jpeg-lossless", offset_table=False)
    document = opened(data[: data.rindex(b"\xfe\xff\x00\xe0")])
    assert document.page_count == 2
    np.testing.assert_array_equal(document.samples(1), frames[1])


@pytest.mark.parametrize(
    ("elements", "words"),
    [
        ({"Rows": 65535, "Columns": 65535, "NumberOfFrames": 1000}, "pixels"),
        ({"Rows": 0}, "8 × 0"),
        ({"BitsAllocated": 65}, "65 bits"),
        ({"BitsAllocated": 0}, "0 bits"),
        ({"Rows": 400, "Columns": 4000}, "128 bytes"),
        ({"SamplesPerPixel": 2}, "2 values"),
    ],
)
def test_numbers_that_cannot_be_true_are_told(elements: dict[str, Any], words: str) -> None:
    with pytest.raises(DecodeError, match=words):
        opened(dicom(ramp(1, 8, 8, np.uint16), elements=elements))


def test_a_stream_of_another_size_is_refused_before_it_is_decoded() -> None:
    for syntax in ("jpeg2000", "jpeg-ls", "jpeg-lossless"):
        stream = dicoms.ENCODE[syntax](ramp(1, 9, 9, np.uint16)[0])
        document = opened(dicom([stream], syntax=syntax, rows=8, columns=8))
        with pytest.raises(DecodeError, match=r"9 × 9 pixels, the header says 8 × 8"):
            document.samples(0)


# ---- grey levels -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("inverted", [False, True])
def test_window_modality_and_inversion(photometric: str, inverted: bool) -> None:
    frame = ramp(1, 20, 20, np.int16, first=-40)[0]
    document = opened(
        dicom(
            frame,
            photometric=photometric,
            elements={"RescaleSlope": 2, "RescaleIntercept": -30, "WindowCenter": 60, "WindowWidth": 150},
        )
    )
    pixels = shown(document, view=View(inverted=inverted))
    flip = (photometric == "MONOCHROME1") != inverted
    for y, x in ((0, 0), (4, 5), (6, 3), (9, 9), (19, 19)):
        level = linear(2 * int(frame[y, x]) - 30, 60, 150)
        assert abs(int(pixels[y, x]) - (255 - level if flip else level)) <= 1
    facts = document.info(0).facts
    assert (facts["slope"], facts["intercept"]) == (2.0, -30.0)


@pytest.mark.parametrize("shape", ["INVERSE", "IDENTITY"])
@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_presentation_lut_shape_and_monochrome1_do_not_cancel(shape: str, photometric: str) -> None:
    frame = np.array([[0, 255]], np.uint8)
    document = opened(dicom(frame, photometric=photometric, elements={
        "PresentationLUTShape": shape, "WindowCenter": 128, "WindowWidth": 256}))  # fmt: skip
    bright_first = shape == "INVERSE" or photometric == "MONOCHROME1"
    assert shown(document).tolist() == [[255, 0] if bright_first else [0, 255]]


def test_per_frame_groups_beat_shared_ones_and_the_top_level() -> None:
    frames = np.stack([np.full((4, 4), 100, np.uint16)] * 3)
    shared = merged(
        macro("PixelValueTransformationSequence", RescaleSlope=1, RescaleIntercept=0, RescaleType="HU"),
        macro("PixelMeasuresSequence", PixelSpacing=[0.5, 0.25], SliceThickness=3),
        macro("PlaneOrientationSequence", ImageOrientationPatient=[1, 0, 0, 0, 1, 0]),
    )
    per_frame = [
        merged(
            macro("FrameVOILUTSequence", WindowCenter=[100, 40], WindowWidth=[50, 10],
                  WindowCenterWidthExplanation=["WIDE", "NARROW"]),
            macro("PlanePositionSequence", ImagePositionPatient=[0, 0, 5.0 * k]),
        )
        for k in range(2)
    ]  # fmt: skip
    per_frame[1] = merged(
        per_frame[1],
        macro("FrameVOILUTSequence", WindowCenter=1100, WindowWidth=200),
        macro("PixelValueTransformationSequence", RescaleSlope=10, RescaleIntercept=60, RescaleType="HU"),
    )
    document = opened(dicom(frames, elements={
        "SharedFunctionalGroupsSequence": [shared], "PerFrameFunctionalGroupsSequence": per_frame,
        "WindowCenter": 0, "WindowWidth": 50}))  # fmt: skip
    assert abs(int(shown(document, 0)[0, 0]) - linear(100, 100, 50)) <= 1
    assert abs(int(shown(document, 1)[0, 0]) - linear(1060, 1100, 200)) <= 1
    assert int(shown(document, 2)[0, 0]) == 255  # no group of its own: the top level
    assert [w.name for w in document.windows(0)] == ["WIDE", "NARROW"]
    info = document.info(1)
    assert info.spacing_mm == (0.5, 0.25)
    assert info.facts["pixel_aspect"] == 2.0
    assert info.size == (4.0, 4.0)
    assert info.facts["position_along_normal_mm"] == 5.0
    assert info.facts["orientation_letters"] == ("L", "P")
    assert (info.facts["slope"], info.facts["intercept"], info.facts["unit"]) == (10.0, 60.0, "HU")


def test_a_chosen_window_beats_the_file() -> None:
    frame = ramp(1, 10, 10, np.uint16)[0]
    document = opened(dicom(frame, elements={"WindowCenter": 5000, "WindowWidth": 100}))
    pixels = shown(document, view=View(window=VoiWindow(50, 60)))
    assert abs(int(pixels[4, 5]) - linear(45, 50, 60)) <= 1
    assert not shown(document).any()


@pytest.mark.parametrize("function", ["LINEAR_EXACT", "SIGMOID"])
def test_voi_functions(function: str) -> None:
    frame = np.arange(100, dtype=np.uint16).reshape(10, 10)
    pixels = shown(opened(dicom(frame, elements={
        "WindowCenter": 50, "WindowWidth": 40, "VOILUTFunction": function})))  # fmt: skip
    for value in (10, 31, 50, 61, 90):
        if function == "SIGMOID":
            expected = 255 / (1 + math.exp(-4 * (value - 50) / 40))
        else:
            expected = 255 * min(1, max(0, (value - 50) / 40 + 0.5))
        assert abs(int(pixels[value // 10, value % 10]) - expected) <= 1


def _lut(keyword: str, descriptor: list[int], entries: list[int]) -> Dataset:
    item = Dataset()
    item.add_new("LUTDescriptor", "US", descriptor)
    item.add_new("LUTData", "US" if entries else "OW", entries or b"")
    outer = Dataset()
    setattr(outer, keyword, [item])
    return outer


def test_modality_and_voi_tables() -> None:
    frame = np.array([[0, 10, 11, 12, 13, 200]], np.uint16)
    modality = _lut("ModalityLUTSequence", [4, 10, 16], [1000, 2000, 3000, 4000])
    voi = _lut("VOILUTSequence", [4001, 0, 8], [min(255, v // 16) for v in range(4001)])
    document = opened(dicom(frame, elements={
        "ModalityLUTSequence": modality.ModalityLUTSequence, "VOILUTSequence": voi.VOILUTSequence}))  # fmt: skip
    expected = [v // 16 for v in (1000, 1000, 2000, 3000, 4000, 4000)]
    assert close(shown(document)[0], expected)
    assert document.info(0).facts["modality_table"] is True


def test_what_is_no_window_slope_or_table_counts_as_absent() -> None:
    frame = ramp(1, 10, 10, np.uint16)[0]
    elements = {
        "WindowCenter": 5,
        "WindowWidth": 0,
        "RescaleSlope": 0,
        "RescaleIntercept": 0,
        "ModalityLUTSequence": _lut("ModalityLUTSequence", [4, 0, 16], []).ModalityLUTSequence,
        "VOILUTSequence": _lut("VOILUTSequence", [0, 0, 16], []).VOILUTSequence,
    }
    document = opened(dicom(frame, elements=elements))
    (window,) = document.windows(0)
    assert window.name == "Auto"
    assert document.info(0).facts["slope"] == 1.0
    assert shown(document)[0, 0] == 0
    assert shown(document)[9, 9] == 255


def test_a_slope_that_is_not_a_number_counts_as_absent() -> None:
    data = dicom(ramp(1, 10, 10, np.uint16), elements={"RescaleSlope": "1.5", "RescaleIntercept": "0"})
    document = opened(data.replace(b"1.5 ", b"nan "))
    assert document.info(0).facts["slope"] == 1.0


def test_the_automatic_window_leaves_out_padding_and_is_one_for_the_file() -> None:
    frames = np.stack([np.arange(1000, 2000).reshape(25, 40) + 300 * k for k in range(3)]).astype(np.int16)
    frames[:, :3] = -2000
    document = opened(dicom(frames, elements={"PixelPaddingValue": -2000}))
    windows = {document.windows(page)[0] for page in range(3)}
    assert len(windows) == 1
    inside = frames[1, 3:].astype(float)
    low, high = np.percentile(inside, [0.5, 99.5])
    (window,) = windows
    assert window.center == pytest.approx((low + high) / 2, abs=2)
    assert window.width == pytest.approx(high - low, abs=4)
    inverted = shown(document, view=View(inverted=True))
    assert not inverted[:3].any()  # padding stays black


def test_a_table_and_float_arithmetic_agree_everywhere() -> None:
    values = np.arange(-32768, 32768, dtype=np.int16).reshape(256, 256)
    elements = {"RescaleSlope": "0.7", "RescaleIntercept": "-12.5", "WindowCenter": "40", "WindowWidth": "4001"}
    pixels = shown(opened(dicom(values, elements=elements))).astype(float)
    modality = values.astype(float) * 0.7 - 12.5
    expected = np.clip(((modality - 39.5) / 4000 + 0.5) * 255, 0, 255)
    assert np.abs(pixels - expected).max() <= 0.5001


# ---- palettes, overlays, regions -------------------------------------------------------------------------


def _palette(entries: int, first: int, bits: int, data: list[bytes], *, segmented: bool = False) -> dict[str, Any]:
    elements: dict[str, Any] = {}
    for name, table in zip(("Red", "Green", "Blue"), data, strict=True):
        elements[f"{name}PaletteColorLookupTableDescriptor"] = [entries, first, bits]
        key = f"{name}PaletteColorLookupTableData"
        elements[f"Segmented{key}" if segmented else key] = table
    return elements


def test_palettes_of_sixteen_and_eight_bits_and_a_first_value() -> None:
    frame = np.array([[0, 5, 6, 7, 8, 200]], np.uint8)
    red, green, blue = [10, 20, 30], [40, 50, 60], [70, 80, 90]
    expected = [(10, 40, 70)] * 2 + [(20, 50, 80), (30, 60, 90), (30, 60, 90), (30, 60, 90)]
    wide = [np.array([v * 256 + 7 for v in c], "<u2").tobytes() for c in (red, green, blue)]
    document = opened(dicom(frame, photometric="PALETTE COLOR", elements=_palette(3, 5, 16, wide)))
    assert document.samples(0)[0].tolist() == [list(c) for c in expected]  # type: ignore[index]
    narrow = [bytes([*c, 0]) for c in (red, green, blue)]
    document = opened(dicom(frame, photometric="PALETTE COLOR", elements=_palette(3, 5, 8, narrow)))
    assert document.samples(0)[0].tolist() == [list(c) for c in expected]  # type: ignore[index]
    assert document.windows(0) == ()


def test_segmented_palettes() -> None:
    frame = np.arange(6, dtype=np.uint8)[None]
    # discrete 0, linear to 5 * 256 over 5 entries
    table = np.array([0, 1, 0, 1, 5, 5 * 256], "<u2").tobytes()
    document = opened(
        dicom(frame, photometric="PALETTE COLOR", elements=_palette(6, 0, 16, [table] * 3, segmented=True))
    )
    assert document.samples(0)[0, :, 0].tolist() == [0, 1, 2, 3, 4, 5]  # type: ignore[index]


def test_a_missing_palette_is_told() -> None:
    with pytest.raises(DecodeError, match="palette"):
        opened(dicom(np.zeros((2, 2), np.uint8), photometric="PALETTE COLOR"))


def _with_overlay(frame: np.ndarray[Any, Any], mask: np.ndarray[Any, Any], origin: tuple[int, int]) -> bytes:
    ds = pydicom.dcmread(io.BytesIO(dicom(frame, elements={"WindowCenter": 50, "WindowWidth": 1000})))
    ds.add_new(0x60000010, "US", mask.shape[0])
    ds.add_new(0x60000011, "US", mask.shape[1])
    ds.add_new(0x60000040, "CS", "G")
    ds.add_new(0x60000050, "SS", list(origin))
    ds.add_new(0x60000100, "US", 1)
    ds.add_new(0x60000102, "US", 0)
    packed = np.packbits(mask.reshape(-1), bitorder="little").tobytes()
    ds.add_new(0x60003000, "OW", packed + b"\0" * (len(packed) % 2))
    return dicoms.written(ds)


def test_overlays_lie_on_top_where_their_origin_says() -> None:
    mask = np.zeros((5, 7), np.uint8)
    mask[1, 2] = mask[4, 6] = 1
    document = opened(_with_overlay(np.zeros((9, 9), np.uint16), mask, (3, 2)))
    pixels = shown(document)
    ys, xs = np.nonzero(pixels == 255)
    assert sorted(zip(ys.tolist(), xs.tolist(), strict=True)) == [(3, 3), (6, 7)]
    half = document.render(0, None, 0.5, view=View(), cancelled=lambda: False).pixels
    assert (half == 255).sum() == 2  # thin graphics survive reduction


def test_an_overlay_in_unused_bits_is_drawn_and_taken_out_of_the_values() -> None:
    values = np.full((4, 4), 700, np.uint16)
    marked = values.copy()
    marked[2, 1] |= 1 << 14
    ds = pydicom.dcmread(io.BytesIO(dicom(marked, bits_stored=12, elements={"WindowCenter": 5000, "WindowWidth": 100})))
    ds.add_new(0x60000010, "US", 4)
    ds.add_new(0x60000011, "US", 4)
    ds.add_new(0x60000050, "SS", [1, 1])
    ds.add_new(0x60000102, "US", 14)
    document = opened(dicoms.written(ds))
    np.testing.assert_array_equal(document.samples(0), values)
    assert np.argwhere(shown(document)).tolist() == [[2, 1]]


def test_regions_and_scale() -> None:
    frame = ramp(1, 50, 70, np.uint16)[0]
    document = opened(dicom(frame, elements={"WindowCenter": 300, "WindowWidth": 600}))
    raster = document.render(0, (10.2, 5.0, 21.0, 16.9), 1.0, view=View(), cancelled=lambda: False)
    assert raster.region == (10.0, 5.0, 21.0, 17.0)
    np.testing.assert_array_equal(raster.pixels, shown(document)[5:17, 10:21])
    half = document.render(0, (3.0, 3.0, 69.0, 49.0), 0.4, view=View(), cancelled=lambda: False)
    assert half.region == (2.0, 2.0, 70.0, 50.0)
    assert half.size == (34, 24)
    full = shown(document)[2:50, 2:70].astype(float).reshape(24, 2, 34, 2).mean(axis=(1, 3))
    assert np.abs(half.pixels - full).max() <= 1.5
    assert document.render(0, None, 0.25, view=View(), cancelled=lambda: False).size == (18, 13)


def test_a_huge_request_is_reduced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RASTER_PIXELS", 1000)
    raster = opened(dicom(ramp(1, 64, 64, np.uint16))).render(0, None, 1.0, view=View(), cancelled=lambda: False)
    assert raster.size == (16, 16)
    assert raster.region == (0.0, 0.0, 64.0, 64.0)


# ---- what kind of file it is -----------------------------------------------------------------------------


@pytest.mark.parametrize("syntax", ["implicit", "explicit", "big"])
def test_files_without_preamble_are_recognised_and_read(syntax: str) -> None:
    frame = ramp(1, 8, 8, np.uint16)
    data = dicom(frame, syntax=syntax, preamble=False)
    assert DicomDecoder.accepts(data[:4096], "7a3f")
    np.testing.assert_array_equal(opened(data).samples(0), frame[0])


def test_other_files_are_not_mine() -> None:
    for head in (b"\xff\xd8\xff\xe0" + bytes(200), b"\x89PNG\r\n\x1a\n" + bytes(200), b"%PDF-1.7\n" + b"x" * 200,
                 b"\x1aE\xdf\xa3" + bytes(200), b"[{}]" + b" " * 200, bytes(4096), b"", b"\x08\x00"):  # fmt: skip
        assert not DicomDecoder.accepts(head, "asset.bin")
    assert DicomDecoder.accepts(b"", "slice.dcm")


@pytest.mark.parametrize("data", [b"", b"DICM", b"hello world" * 100, bytes(1000)])
def test_what_is_no_dicom_is_told(data: bytes) -> None:
    with pytest.raises(DecodeError, match=r"no DICOM|cannot be read|no picture"):
        opened(data)


def test_a_file_without_pixels_names_its_kind() -> None:
    ds = pydicom.dcmread(io.BytesIO(dicom(np.zeros((2, 2), np.uint8), sop_class="1.2.840.10008.5.1.4.1.1.88.33")))
    del ds.PixelData
    with pytest.raises(DecodeError, match=r"no picture \(Comprehensive SR Storage\)") as caught:
        opened(dicoms.written(ds))
    assert caught.value.code == "Unsupported"


def test_a_pdf_inside_is_handed_out() -> None:
    content = b"%PDF-1.4\n%%EOF\n"
    document = opened(envelope(content))
    assert document.facts["embedded"] == "pdf"
    inner = inner_file(document)
    assert inner is not None
    assert inner.read() == content
    with pytest.raises(DecodeError, match="PDF document"):
        document.info(0)
    document.close()
    document.close()
    with pytest.raises(DecodeError, match="no PDF"):
        opened(envelope(b"<xml/>", mime="text/XML"))


@pytest.mark.parametrize("fragments", [1, 4])
def test_a_video_inside_is_one_seekable_file(fragments: int) -> None:
    stream = bytes(range(256)) * 400
    data = dicom([stream], syntax="mpeg4", rows=8, columns=8, declared_frames=30, fragments=fragments)
    document = opened(data)
    assert document.facts["embedded"] == "video"
    assert document.page_count == 30
    inner = inner_file(document)
    assert inner is not None
    assert inner.seek(0, io.SEEK_END) == len(stream)
    for at in (99_000, 0, 51_199, 25_599):
        inner.seek(at)
        assert inner.read(3000) == stream[at : at + 3000]
    assert inner_file(opened(dicom(np.zeros((2, 2), np.uint8)))) is None


def test_deep_sequences_are_refused() -> None:
    item = struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)
    sequence = struct.pack("<HH2sHI", 0x0008, 0x1140, b"SQ", 0, 0xFFFFFFFF)
    data = dicom(np.zeros((2, 2), np.uint8))
    with pytest.raises(DecodeError, match="too deeply") as caught:
        opened(data[: data.index(b"\x08\x00\x16\x00UI")] + (sequence + item) * 10_000)
    assert caught.value.code == "TooLarge"


def test_an_element_that_claims_four_gigabytes_costs_nothing() -> None:
    claim = struct.pack("<HH2sHI", 0x0009, 0x1001, b"OB", 0, 0xFFFFFFF0)
    data = dicom(np.zeros((2, 2), np.uint8))
    with pytest.raises(DecodeError):
        opened(data[: data.index(b"\x08\x00\x60\x00CS")] + claim)


def test_a_deflated_bomb_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "DICOM_INFLATED_BYTES", 1 << 20)
    with pytest.raises(DecodeError, match="unpacks to more"):
        opened(dicom(np.zeros((3000, 1000), np.uint8), syntax="deflated"))


def test_nothing_of_the_patient_leaves_the_file(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    data = dicom(ramp(2, 8, 8, np.uint16), elements={"RescaleSlope": "1"}).replace(b"ISO_IR 6", b"SECRET-X")
    document = opened(data)
    shown(document)
    texts = [str(document.facts), str(document.info(0))]
    for cut in range(200, len(data), 37):
        try:
            shown(opened(data[:cut]))
        except DecodeError as error:
            texts.append(str(error))
    out, err = capfd.readouterr()
    for text in (*texts, out, err, caplog.text):
        assert "SECRET" not in text
        assert "Doe" not in text


def test_importing_the_decoder_imports_no_codec() -> None:
    code = (
        "import sys, viewer.decoders.dicom; "
        "print([m for m in ('pydicom', 'imagecodecs', 'cv2', 'PIL') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


# ---- damage ----------------------------------------------------------------------------------------------

_VICTIMS = [
    dicom(ramp(3, 8, 8, np.uint16), syntax=syntax, elements={"WindowCenter": 5, "WindowWidth": 9})
    for syntax in ("explicit", "implicit", "big", "deflated", "jpeg-ls", "jpeg2000", "rle", "jpeg-lossless")
]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(0, len(_VICTIMS) - 1),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=12),
    st.floats(0, 1),
)
def test_damage_ends_in_pixels_or_a_decode_error(victim: int, hits: list[tuple[float, int]], kept: float) -> None:
    data = bytearray(_VICTIMS[victim])
    for place, value in hits:
        data[int(place * (len(data) - 1))] = value
    if kept < 0.9:
        del data[int(kept * len(data)) :]
    try:
        document = opened(bytes(data))
        if "embedded" in document.facts:
            return
        for page in {0, document.page_count - 1}:
            info = document.info(page)
            raster = document.render(page, None, 0.5, view=View(), cancelled=lambda: False)
            assert raster.pixels.dtype == np.uint8
            assert info.size[0] > 0
            document.windows(page)
    except DecodeError as error:
        assert str(error)


# ---- real files ------------------------------------------------------------------------------------------

_OPEN_ALL = """
import pathlib, resource, sys
from viewer.decoders.base import Hints, View
from viewer.decoders.dicom import DicomDecoder
from viewer.errors import DecodeError
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
for line in sys.stdin:
    path = pathlib.Path(line.rstrip("\\n"))
    with path.open("rb") as file:
        try:
            document = DicomDecoder.open(file, Hints(name=path.name))
            if "embedded" not in document.facts:
                document.render(0, None, 1.0, view=View(), cancelled=lambda: False)
            print("shown", document.facts["codec"] != "uncompressed", flush=True)
        except DecodeError as error:
            print(error.code, str(error), flush=True)
"""


@pytest.mark.corpus
def test_real_files_end_in_pixels_or_words(capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path(os.environ["ANGO_VIEWER_CORPORA"]) / "dicom"
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    run = subprocess.run(
        [sys.executable, "-c", _OPEN_ALL],
        input="\n".join(map(str, files)) + "\n",
        capture_output=True,
        text=True,
        timeout=600,
    )
    answers = run.stdout.splitlines()
    assert run.returncode == 0, f"died at {files[len(answers)].name}: {run.stderr[-2000:]}"
    assert len(answers) == len(files)
    without_picture = sum("holds no picture" in answer for answer in answers)
    shown_count = sum(answer.startswith("shown") for answer in answers)
    compressed = answers.count("shown True")
    with capsys.disabled():
        print(f"\nDICOM: {shown_count} of {len(files) - without_picture} files with a picture, {compressed} compressed")
    assert shown_count >= 0.96 * (len(files) - without_picture)
