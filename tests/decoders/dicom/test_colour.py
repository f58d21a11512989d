"""Palettes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.decoders.dicom.reading import opened
from tests.make.dicoms import dicom
from viewer.errors import DecodeError


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
