"""Graphics over the picture, in planes of their own or in unused bits."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pydicom

from tests.decoders.dicom.reading import opened, shown
from tests.make import dicoms
from tests.make.dicoms import dicom
from viewer.decoders.base import View


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
