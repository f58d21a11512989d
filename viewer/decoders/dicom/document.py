"""An open DICOM file: frames as pages, stored values kept for the last pages, windows as tables."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer import limits
from viewer.decoders.base import Cancelled, PageInfo, PixelFormat, Raster, Region, View, VoiWindow, check_page
from viewer.decoders.dicom import grey
from viewer.decoders.dicom.colour import Rgb, read_palette, rgb_from
from viewer.decoders.dicom.facts import file_facts, frame_facts, spacing_of
from viewer.decoders.dicom.frames import Frames
from viewer.decoders.dicom.header import Header
from viewer.decoders.dicom.layout import Layout, Stored
from viewer.decoders.dicom.overlays import Mask, overlay_mask, read_overlays
from viewer.decoders.dicom.values import Groups

_KEPT_BYTES = 96 << 20
_KEPT_TABLES = 16


class Page:
    """One decoded frame with halved copies of it, made when they are first asked for."""

    def __init__(self, values: Stored, mask: Mask | None, flags: tuple[str, ...]) -> None:
        self.levels: list[Stored] = [values]
        """Stored values (grey) or RGB, each half the size of the one before."""
        self.masks: list[Mask | None] = [mask]
        self.flags = flags

    @property
    def nbytes(self) -> int:
        """What it holds."""
        return sum(level.nbytes for level in self.levels) + sum(m.nbytes for m in self.masks if m is not None)

    def level(self, depth: int) -> tuple[Stored, Mask | None]:
        """The copy reduced `depth` times by exact halves (odd edges are kept by repeating them)."""
        while len(self.levels) <= depth:
            self.levels.append(_halved(self.levels[-1]))
            mask = self.masks[-1]
            self.masks.append(None if mask is None else _any_of_four(mask))
        return self.levels[depth], self.masks[depth]


class DicomDocument:
    """A DICOM file with pixels. Page space is the pixel index space of the frame, whatever its spacing."""

    kind = "dicom"

    def __init__(self, header: Header, layout: Layout, frames: Frames) -> None:
        self._dataset = header.dataset
        self._layout = layout
        self._frames = frames
        self._groups = Groups(header.dataset)
        self._overlays = read_overlays(header.dataset, layout)
        self._padding = grey.read_padding(header.dataset)
        self._palette: Rgb | None = None
        self._pages: OrderedDict[int, Page] = OrderedDict()
        self._tables: OrderedDict[Any, grey.Levels] = OrderedDict()
        self._automatic: VoiWindow | None = None
        self.page_count = frames.count
        facts = file_facts(header, layout, codec=frames.codec)
        warnings = []
        if frames.count != layout.declared_frames:
            facts["declared_frames"] = layout.declared_frames
            warnings.append(f"The header says {layout.declared_frames:,} frames; the file holds {frames.count:,}.")
        elif frames.truncated:
            warnings.append("The file ends early: what is missing is shown black.")
        if layout.photometric == "PALETTE COLOR":
            self._palette = read_palette(header.dataset, bits=layout.allocated)
        if self._overlays:
            facts["overlays"] = len(self._overlays)
        facts["warnings"] = tuple(warnings)
        self.facts: Mapping[str, Any] = facts

    # ---- what a page is ----

    @property
    def _is_grey(self) -> bool:
        return not self._layout.colour and self._palette is None

    def info(self, page: int) -> PageInfo:
        """Geometry of a frame. `facts` has ``slope``, ``intercept`` and ``unit``, which turn what `samples`
        gives into values of the modality (HU), unless ``modality_table`` says that a table does.
        """
        check_page(page, self.page_count)
        layout = self._layout
        facts = frame_facts(self._groups, self._dataset, layout, page)
        spacing, _ = spacing_of(self._groups, self._dataset, page)
        if self._is_grey:
            modality = grey.read_modality(self._groups, page)
            if modality.table is None:
                facts["slope"], facts["intercept"] = modality.slope, modality.intercept
            else:
                facts["modality_table"] = True
            facts["unit"] = modality.unit or self._usual_unit()
        cut = self._frames.truncated and page == self.page_count - 1
        return PageInfo(
            size=(float(layout.columns), float(layout.rows)),
            native=(layout.columns, layout.rows),
            kind="rgb" if not self._is_grey else "gray8" if layout.allocated <= 8 else "gray16",
            frame=page,
            spacing_mm=spacing,
            flags=("truncated",) if cut else (),
            facts=facts,
        )

    def _usual_unit(self) -> str:
        return "HU" if self.facts.get("modality") == "CT" else ""

    def samples(self, page: int) -> NDArray[Any] | None:
        """Stored values (not yet of the modality) as (rows, columns); RGB as (rows, columns, 3)."""
        check_page(page, self.page_count)
        return self._page(page).levels[0]

    def windows(self, page: int) -> tuple[VoiWindow, ...]:
        """The file's windows for a frame; without any, the automatic one that is in use, named "Auto"."""
        check_page(page, self.page_count)
        if not self._is_grey:
            return ()
        return grey.read_windows(self._groups, page) or (self._automatic_window(),)

    def close(self) -> None:
        """Forget all pixels."""
        self._pages.clear()
        self._tables.clear()

    # ---- pixels ----

    def render(self, page: int, region: Region | None, scale: float, *, view: View, cancelled: Cancelled) -> Raster:
        """Pixels of a region, reduced by exact halves to just above `scale`; the region snaps outwards."""
        check_page(page, self.page_count)
        decoded = self._page(page)
        rows, columns = self._layout.rows, self._layout.columns
        x0, y0, x1, y1 = region or (0.0, 0.0, float(columns), float(rows))
        depth = _depth(scale, rows, columns, area=max(0.0, x1 - x0) * max(0.0, y1 - y0))
        values, mask = decoded.level(depth)
        step = 1 << depth
        left = min(max(0, math.floor(x0 / step)), values.shape[1] - 1)
        top = min(max(0, math.floor(y0 / step)), values.shape[0] - 1)
        right = min(max(left + 1, math.ceil(x1 / step)), values.shape[1])
        bottom = min(max(top + 1, math.ceil(y1 / step)), values.shape[0])
        part = values[top:bottom, left:right]
        pixels, pixel_format = self._shown(page, part, view)
        if mask is not None:
            pixels[mask[top:bottom, left:right]] = 255
        covered = (float(left * step), float(top * step), float(right * step), float(bottom * step))
        return Raster(pixels, pixel_format, covered, decoded.flags)

    def _shown(self, page: int, part: Stored, view: View) -> tuple[NDArray[np.uint8], PixelFormat]:
        if self._is_grey:
            part = np.ascontiguousarray(part)
            way = self._grey(page, view)
            return grey.apply(part, way, self._table(way, part.dtype)), "gray8"
        import cv2

        pixels: NDArray[np.uint8] = cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_RGB2BGRA)
        if view.inverted:
            pixels[..., :3] = 255 - pixels[..., :3]
        return pixels, "bgrx"

    def _page(self, page: int) -> Page:
        known = self._pages.get(page)
        if known is not None:
            self._pages.move_to_end(page)
            return known
        frame = self._frames.frame(page)
        if self._palette is not None and frame.values.ndim == 2:
            index = frame.values.view(f"u{frame.values.dtype.itemsize}")
            shown: Stored = self._palette[np.minimum(index, len(self._palette) - 1)]
        elif frame.values.ndim == 3:
            shown = rgb_from(frame.values, self._layout, is_rgb=frame.is_rgb)
        else:
            shown = np.ascontiguousarray(frame.values)
        mask = overlay_mask(self._dataset, self._overlays, self._layout, frame, page)
        made = self._pages[page] = Page(shown, mask, frame.flags)
        while len(self._pages) > 1 and sum(p.nbytes for p in self._pages.values()) > _KEPT_BYTES:
            self._pages.popitem(last=False)
        return made

    # ---- grey levels ----

    def _grey(self, page: int, view: View) -> grey.Grey:
        chosen = view.window
        voi: VoiWindow | grey.Table | None = chosen
        if chosen is None or not (math.isfinite(chosen.center) and 0 < chosen.width < math.inf):
            voi = grey.read_voi_table(self._groups, page)
        if voi is None:
            windows = grey.read_windows(self._groups, page)
            voi = windows[0] if windows else self._automatic_window()
        inverse = grey.is_inverse(self._dataset, self._layout)
        return grey.Grey(
            grey.read_modality(self._groups, page),
            voi,
            grey.read_presentation(self._dataset),
            inverse != view.inverted,
            self._padding,
        )

    def _table(self, way: grey.Grey, dtype: np.dtype[Any]) -> grey.Levels | None:
        if dtype.kind not in "iu" or dtype.itemsize > 2:
            return None
        key = (way, dtype)
        table = self._tables.get(key)
        if table is None:
            table = self._tables[key] = way.table(dtype)
            while len(self._tables) > _KEPT_TABLES:
                self._tables.popitem(last=False)
        return table

    def _automatic_window(self) -> VoiWindow:
        """One window for the whole file, from its middle frame, so that scrolling does not flicker."""
        if self._automatic is None:
            middle = self.page_count // 2
            modality = grey.read_modality(self._groups, middle)
            self._automatic = grey.automatic_window(self._page(middle).levels[0], modality, self._padding)
        return self._automatic


def _depth(scale: float, rows: int, columns: int, *, area: float) -> int:
    """How often to halve: still at least `scale`, within the pixels of one request, at least one pixel left."""
    depth = 0
    while ((0 < scale <= 0.5 ** (depth + 1)) or area / 4**depth > limits.RASTER_PIXELS) and min(rows, columns) >> (
        depth + 1
    ):
        depth += 1
    return depth


def _halved(values: Stored) -> Stored:
    """Means of 2 × 2 pixels in the same type; an odd last row or column is repeated first."""
    rows, columns = values.shape[:2]
    if rows % 2 or columns % 2:
        pad = [(0, rows % 2), (0, columns % 2), (0, 0)][: values.ndim]
        values = np.pad(values, pad, mode="edge")
    if values.dtype in (np.uint8, np.uint16, np.int16, np.float32, np.float64):
        import cv2

        result: Stored = cv2.resize(values, (values.shape[1] // 2, values.shape[0] // 2), interpolation=cv2.INTER_AREA)
        return result
    blocks = values.reshape(values.shape[0] // 2, 2, values.shape[1] // 2, 2)
    means: Stored = blocks.mean(axis=(1, 3)).astype(values.dtype)
    return means


def _any_of_four(mask: Mask) -> Mask:
    rows, columns = mask.shape
    padded = np.pad(mask, ((0, rows % 2), (0, columns % 2)))
    blocks = padded.reshape(padded.shape[0] // 2, 2, padded.shape[1] // 2, 2)
    found: Mask = np.logical_or.reduce(blocks, axis=(1, 3))
    return found
