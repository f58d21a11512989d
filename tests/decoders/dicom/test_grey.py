"""Grey levels against the formulas of PS3.3."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pydicom.dataset import Dataset

from tests.decoders.dicom.reading import close, linear, opened, shown
from tests.make.dicoms import dicom, macro, merged, ramp
from viewer.decoders.base import View, VoiWindow


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
