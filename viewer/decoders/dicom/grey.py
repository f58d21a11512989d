"""Stored values → grey levels: modality, VOI and presentation as one table, so that a window step is one look-up.

A table of 65,536 entries with `cv2.LUT` is 92 times as fast as pydicom's helpers on a mammogram and differs
from its float arithmetic by at most one level. It is indexed by the 16-bit pattern, so signed and unsigned
values share it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from viewer.decoders.base import VoiWindow
from viewer.decoders.dicom.layout import Layout, Stored
from viewer.decoders.dicom.values import Groups, first_item, items, number, numbers, text, value

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

Levels = NDArray[np.uint8]
Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A look-up table of the file: input values from `first` on; outside the nearest end holds."""

    first: float
    entries: Reals
    top: float
    """The greatest value that an entry may have."""
    name: str = ""

    def __call__(self, values: Reals) -> Reals:
        """Look up; values are rounded to the nearest entry."""
        index = np.clip(np.rint(values - self.first), 0, len(self.entries) - 1)
        return self.entries[index.astype(np.intp)]


@dataclass(frozen=True, slots=True)
class Modality:
    """Stored values → values of the modality (HU…): PS3.3 C.11.1."""

    slope: float = 1.0
    intercept: float = 0.0
    table: Table | None = None
    unit: str = ""

    def __call__(self, values: Reals) -> Reals:
        """Values of the modality."""
        return self.table(values) if self.table is not None else values * self.slope + self.intercept


def read_modality(groups: Groups, frame: int) -> Modality:
    """The modality transformation of a frame; a slope of 0 or none, or an empty table, count as absent."""
    for place in groups.places(frame, "PixelValueTransformationSequence"):
        table = _read_table(first_item(place, "ModalityLUTSequence"), signed_input=True)
        if table is not None:
            return Modality(table=table, unit=table.name)
        slope, intercept = number(place, "RescaleSlope"), number(place, "RescaleIntercept")
        if slope is not None or intercept is not None:
            unit = text(place, "RescaleType")
            return Modality(slope or 1.0, intercept or 0.0, None, "" if unit in ("US", "UNSPECIFIED") else unit)
    return Modality()


def read_windows(groups: Groups, frame: int) -> tuple[VoiWindow, ...]:
    """The VOI windows of a frame in the file's order; those of no width are left out."""
    for place in groups.places(frame, "FrameVOILUTSequence"):
        centers, widths = numbers(place, "WindowCenter"), numbers(place, "WindowWidth")
        names = value(place, "WindowCenterWidthExplanation")
        names = [names] if isinstance(names, str) else list(names or ())
        kind = text(place, "VOILUTFunction").upper()
        found = tuple(
            VoiWindow(
                center,
                width,
                str(names[i]).strip() if i < len(names) else "",
                "SIGMOID" if kind == "SIGMOID" else "LINEAR_EXACT" if kind == "LINEAR_EXACT" else "LINEAR",
            )
            for i, (center, width) in enumerate(zip(centers, widths, strict=False))
            if width > 0
        )
        if found:
            return found
    return ()


def read_voi_table(groups: Groups, frame: int) -> Table | None:
    """The first VOI LUT of a frame; used where the user has chosen no window."""
    for place in groups.places(frame, "FrameVOILUTSequence"):
        for item in items(place, "VOILUTSequence"):
            table = _read_table(item, signed_input=True)
            if table is not None:
                return table
    return None


def read_presentation(dataset: Dataset) -> Table | None:
    """The Presentation LUT of an image (retired there); None for the usual identity."""
    return _read_table(first_item(dataset, "PresentationLUTSequence"), signed_input=False)


def is_inverse(dataset: Dataset, layout: Layout) -> bool:
    """Whether small values are bright. MONOCHROME1 and the shape INVERSE say the same thing, not its double."""
    return layout.photometric == "MONOCHROME1" or text(dataset, "PresentationLUTShape").upper() == "INVERSE"


def read_padding(dataset: Dataset) -> tuple[float, float] | None:
    """(least, greatest) stored value that means "no measurement"; None when there is none."""
    one = number(dataset, "PixelPaddingValue")
    if one is None:
        return None
    other = number(dataset, "PixelPaddingRangeLimit")
    return (one, one) if other is None else (min(one, other), max(one, other))


def _read_table(item: Dataset | None, *, signed_input: bool) -> Table | None:
    """A LUT item: (entries, first input, bits) and data; None when empty or contradictory."""
    descriptor = numbers(item, "LUTDescriptor")
    data = value(item, "LUTData")
    if len(descriptor) != 3 or data is None:
        return None
    count = int(descriptor[0]) or 65_536
    if isinstance(data, bytes):
        data = np.frombuffer(data, "<u2", len(data) // 2)
    entries = np.asarray(data, dtype=np.float64).reshape(-1)
    bits = int(descriptor[2])
    if bits <= 8 and len(entries) * 2 == count:  # two 8-bit entries to the word
        words = entries.astype(np.uint16)
        entries = np.stack((words & 0xFF, words >> 8), axis=1).reshape(-1).astype(np.float64)
    entries = entries[:count]
    if not len(entries):
        return None
    first = descriptor[1]
    if signed_input and first > 32_767 and first > count:  # a negative first value read as unsigned
        first -= 65_536
    top = float(2**bits - 1) if 1 <= bits <= 16 else float(entries.max())
    if entries.max() > top:  # a table that says 8 bits and uses 16
        top = float(2 ** int(entries.max()).bit_length() - 1)
    return Table(first, entries, top or 1.0, text(item, "LUTExplanation") or text(item, "ModalityLUTType"))


@dataclass(frozen=True, slots=True)
class Grey:
    """The whole way from stored values to levels 0-255 of one frame under one view."""

    modality: Modality
    voi: VoiWindow | Table
    presentation: Table | None = None
    inverted: bool = False
    padding: tuple[float, float] | None = None

    def levels(self, stored: Reals) -> Levels:
        """Levels of stored values by float arithmetic: what every table entry is made with."""
        values = self.modality(stored)
        if isinstance(self.voi, VoiWindow):
            shares = window_shares(values, self.voi)
        else:
            shares = self.voi(values) / self.voi.top
        if self.presentation is not None:
            steps = len(self.presentation.entries) - 1
            shares = self.presentation(np.rint(shares * steps) + self.presentation.first) / self.presentation.top
        shares = np.clip(np.nan_to_num(shares, nan=0.0, posinf=1.0, neginf=0.0), 0.0, 1.0)
        if self.inverted:
            shares = 1.0 - shares
        levels = np.rint(shares * 255.0).astype(np.uint8)
        if self.padding is not None:
            levels[(stored >= self.padding[0]) & (stored <= self.padding[1])] = 0
        return np.where(np.isnan(stored), np.uint8(0), levels) if np.isnan(stored).any() else levels

    def table(self, dtype: np.dtype[Any]) -> Levels:
        """The table for an integer type of one or two bytes, indexed by bit pattern."""
        patterns = np.arange(1 << (8 * dtype.itemsize), dtype=f"u{dtype.itemsize}")
        stored = patterns.view(dtype)
        line = self._line()
        if line is None:
            return self.levels(stored.astype(np.float64))
        # the same as `levels` in three passes: what makes a window step of a small picture quick
        values = stored * np.float64(line[0])
        values += line[1] + 0.5
        levels = np.clip(values, 0.0, 255.0, out=values).astype(np.uint8)
        if self.padding is not None:
            levels[(stored >= self.padding[0]) & (stored <= self.padding[1])] = 0
        return levels

    def _line(self) -> tuple[float, float] | None:
        """(a, b) when levels are ``a * stored + b``, clipped: a window that is a ramp, and no tables."""
        voi = self.voi
        if self.presentation is not None or self.modality.table is not None or not isinstance(voi, VoiWindow):
            return None
        if voi.function == "SIGMOID" or (voi.function == "LINEAR" and voi.width == 1.0):
            return None
        linear = voi.function == "LINEAR" and voi.width > 1.0
        width, center = (voi.width - 1.0, voi.center - 0.5) if linear else (voi.width, voi.center)
        a = 255.0 * self.modality.slope / width
        b = 255.0 * ((self.modality.intercept - center) / width + 0.5)
        return (-a, 255.0 - b) if self.inverted else (a, b)


def window_shares(values: Reals, window: VoiWindow) -> Reals:
    """VOI window → 0…1, clipped by the caller; PS3.3 C.11.2.1.2 and C.11.2.1.3."""
    center, width = window.center, window.width
    if window.function == "SIGMOID":
        return 1.0 / (1.0 + np.exp(np.clip(-4.0 * (values - center) / width, -700.0, 700.0)))
    if window.function == "LINEAR" and width >= 1.0:
        # the standard's LINEAR is meant for integers: half a step off, one step narrower
        if width == 1.0:
            return np.where(values > center - 0.5, 1.0, 0.0)
        return (values - (center - 0.5)) / (width - 1.0) + 0.5
    return (values - center) / width + 0.5


def apply(stored: Stored, grey: Grey, table: Levels | None) -> Levels:
    """Levels of an array: by `table` for 8- and 16-bit integers, else by arithmetic in strips."""
    if table is not None and stored.dtype.kind in "iu" and stored.dtype.itemsize <= 2:
        import cv2

        result: Levels = cv2.LUT(stored.view(f"u{stored.dtype.itemsize}"), table)
        return result
    levels = np.empty(stored.shape, np.uint8)
    for top in range(0, stored.shape[0], 256):
        levels[top : top + 256] = grey.levels(stored[top : top + 256].astype(np.float64))
    return levels


def automatic_window(stored: Stored, modality: Modality, padding: tuple[float, float] | None) -> VoiWindow:
    """The window from the 0.5th to the 99.5th percentile of a frame, padding left out."""
    step = max(1, int(np.sqrt(stored.size / 262_144)))
    sample = stored[::step, ::step].astype(np.float64).reshape(-1)
    sample = sample[np.isfinite(sample)]
    if padding is not None:
        inside = sample[(sample < padding[0]) | (sample > padding[1])]
        sample = inside if len(inside) else sample
    if not len(sample):
        return VoiWindow(0.5, 1.0, "Auto", "LINEAR_EXACT")
    values = modality(sample)
    low, high = (float(v) for v in np.percentile(values, (0.5, 99.5)))
    if high <= low:  # a mask: nearly all of it one value
        low, high = float(values.min()), float(values.max())
    if high <= low:
        low, high = low - 0.5, low + 0.5
    return VoiWindow((low + high) / 2.0, high - low, "Auto", "LINEAR_EXACT")
