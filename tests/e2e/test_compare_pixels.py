"""What each compare mode shows of a box that was moved, on an image, a turned PDF, a video and a DICOM slice.

Where ink must be and where none may be is computed here, from the exported numbers and the place that the view is
at; colours, dashes and widths are those of the design (ui.md §4). Nothing of the program takes part in that.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from tests.e2e.conftest import Program
from tests.make import dicoms, pdfs, videos
from viewer.ui.canvas import Canvas
from viewer.ui.canvas.view import Place

Start = Callable[..., Program]
Pixels = NDArray[np.int16]

PAGE = (300.0, 220.0)
OLD, NEW, SAME = (60.0, 90.0, 105.0, 125.0), (150.0, 80.0, 195.0, 115.0), (80.0, 150.0, 120.0, 175.0)
"""x0, y0, x1, y1 in displayed pixels (points) of the page: the box before and after, and one that stayed."""
GLOW, INK = (0x21, 0x86, 0xF6), (0x30, 0x6C, 0xDD)
SIGN_PX = 16.0
ZOOMS = (1.0, 2.0)
"""Screen pixels per page pixel."""
KINDS = ("image", "pdf", "video", "dicom")
PAGE_OF = {"video": 3, "dicom": 1}


def entry(kind: str, name: str, box: tuple[float, float, float, float]) -> dict[str, Any]:
    """A label as exported."""
    x0, y0, x1, y1 = box
    found: dict[str, Any] = {"objectId": name, "schemaId": "car", "title": "Car", "classifications": []}
    if kind == "pdf":
        # a highlight brings the size of the page that it was drawn on: here one and a half times the points
        rect = {"x1": x0 * 1.5, "y1": y0 * 1.5, "x2": x1 * 1.5, "y2": y1 * 1.5}
        rect |= {"width": PAGE[0] * 1.5, "height": PAGE[1] * 1.5}
        found["pdf"] = {"position": {"boundingRect": rect, "rects": [rect], "pageNumber": 1}, "content": {"text": ""}}
    else:
        found["bounding-box"] = {"x": x0, "y": y0, "width": x1 - x0, "height": y1 - y0}
        if kind in PAGE_OF:
            found["page"] = PAGE_OF[kind]
    return found


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One asset of each kind, with a history of one stage before the current one."""
    folder = tmp_path_factory.mktemp("moved")
    width, height = int(PAGE[0]), int(PAGE[1])
    Image.new("RGB", (width, height), (120, 110, 100)).save(folder / "image.png")
    turned = pdfs.Sheet(media=(0, 0, height, width), rotate=90)
    assert turned.size == PAGE
    (folder / "pdf.pdf").write_bytes(pdfs.pdf(turned))
    videos.encode(folder / "video.mp4", frames=8, size=(width, height))
    slices = np.full((3, height, width), 90, np.uint8)
    (folder / "dicom.dcm").write_bytes(dicoms.dicom(slices, photometric="MONOCHROME2"))
    assets = []
    for kind, name in (("image", "image.png"), ("pdf", "pdf.pdf"), ("video", "video.mp4"), ("dicom", "dicom.dcm")):
        metadata: dict[str, Any] = {} if kind == "pdf" else {"width": width, "height": height}
        if kind == "video":
            metadata |= {"frameTotal": 8, "frameRate": 30}
        history = {
            "stage": "Label", "stageId": "l", "duration": 1000, "completedAt": "2026-11-03T09:48:00.000Z",
            "completedBy": "ma@example.com", "classifications": [], "relations": [],
            "tools": [entry(kind, "moved", OLD), entry(kind, "same", SAME)],
        }  # fmt: skip
        task = {
            "taskId": f"t-{kind}", "stage": "Complete", "stageId": "Complete", "stageHistory": [history],
            "tools": [entry(kind, "moved", NEW), entry(kind, "same", SAME)], "classifications": [], "relations": [],
        }  # fmt: skip
        assets.append({"asset": name, "externalId": name, "metadata": metadata, "task": task})
    path = folder / "export.json"
    path.write_text(json.dumps(assets))
    return path


# ---- where things are on the screen -------------------------------------------------------------------------


@dataclass
class Shot:
    """A picture of the compare view, and the frames in it through which the page is seen."""

    pixels: Pixels
    bare: Pixels
    """The same without labels."""
    colour: tuple[int, int, int]
    frame: QRect
    scale: float
    centre: tuple[float, float]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Page to picture, by the rule that the middle of a frame shows `centre`, on whole pixels."""
        left = math.floor(self.frame.width() / 2 - self.centre[0] * self.scale + 0.5)
        top = math.floor(self.frame.height() / 2 - self.centre[1] * self.scale + 0.5)
        return self.frame.x() + left + x * self.scale, self.frame.y() + top + y * self.scale

    def outline(self, box: tuple[float, float, float, float]) -> NDArray[np.float64]:
        """Points half a pixel apart along a box, without what its sign may hide."""
        (x0, y0), (x1, y1) = self.at(*box[:2]), self.at(*box[2:])
        across, down = np.arange(x0, x1, 0.5), np.arange(y0, y1, 0.5)
        sides = [
            np.stack((across, np.full_like(across, y0)), 1), np.stack((np.full_like(down, x1), down), 1),
            np.stack((across[::-1], np.full_like(across, y1)), 1), np.stack((np.full_like(down, x0), down[::-1]), 1),
        ]  # fmt: skip
        points = np.concatenate(sides)
        return points[np.hypot(points[:, 0] - x1, points[:, 1] - y0) > SIGN_PX]

    def is_coloured(self, points: NDArray[np.float64], reach: int = 1) -> NDArray[np.bool_]:
        """(n,) Whether there is a pixel of the colour of moved labels within `reach` pixels."""
        hit = (np.abs(self.pixels - np.array(self.colour)) <= 48).all(axis=2) & (
            np.abs(self.pixels - self.bare) > 8
        ).any(axis=2)
        found = np.zeros(len(points), dtype=bool)
        columns, rows = np.floor(points).astype(int).T
        for dy in range(-reach, reach + 1):
            for dx in range(-reach, reach + 1):
                found |= hit[rows + dy, columns + dx]
        return found

    def covered(self, box: tuple[float, float, float, float]) -> float:
        """Share of an outline that is drawn in the colour."""
        return float(self.is_coloured(self.outline(box)).mean())

    def gaps(self, box: tuple[float, float, float, float]) -> int:
        """How often a line breaks off."""
        drawn = self.is_coloured(self.outline(box), reach=1)
        return int(np.count_nonzero(drawn[:-1] & ~drawn[1:]))

    def ink(self, box: tuple[float, float, float, float]) -> float:
        """How far the darkest or brightest pixels of an outline are from the bare picture, on the average."""
        columns, rows = np.floor(self.outline(box)).astype(int).T
        away = np.abs(self.pixels - self.bare).max(axis=2)
        return float(
            np.mean([max(away[y + d, x + e] for d in (-1, 0, 1) for e in (-1, 0, 1)) for x, y in zip(columns, rows)])
        )

    def is_solid(self, box: tuple[float, float, float, float]) -> None:
        """The outline is there, without gaps, and two pixels wide."""
        assert self.covered(box) > 0.97
        x0, y0 = self.at(box[0], (box[1] + box[3]) / 2)
        row = self.pixels[int(y0), int(x0) - 6 : int(x0) + 7]
        wide = np.count_nonzero((np.abs(row - np.array(self.colour)) <= 48).all(axis=1))
        assert wide in (2, 3), wide

    def is_dashed(self, box: tuple[float, float, float, float]) -> None:
        """Six pixels of line, four of nothing (seen within a pixel: eight and two), all around."""
        length = len(self.outline(box)) / 2
        assert 0.55 < self.covered(box) < 0.95
        assert 0.6 < self.gaps(box) / (length / 10) < 1.3

    def is_empty(self, box: tuple[float, float, float, float]) -> None:
        """Nothing of the box is there."""
        assert self.covered(box) < 0.03


def grabbed(p: Program) -> Pixels:
    image: QImage = p.window.compare.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    view = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return view[:, : image.width(), 2::-1].astype(np.int16)


def shot(p: Program, kind: str, pane: Canvas) -> Shot:
    """Grab the view with its labels and without. `pane`: whose frame the page is seen through."""
    p.wait(lambda: pane.is_complete)
    pixels = grabbed(p)
    for canvas in p.window.compare.findChildren(Canvas):
        canvas.set_labels_visible(False)
    bare = grabbed(p)
    for canvas in p.window.compare.findChildren(Canvas):
        canvas.set_labels_visible(True)
    view = pane.view
    frame = pane.geometry() if pane.parent() is p.window.compare else QRect()
    return Shot(pixels, bare, INK if kind == "pdf" else GLOW, frame, view.scale, view.centre)


def opened(program: Start, export: Path, kind: str) -> Program:
    """The window at the page with the moved box."""
    page = PAGE_OF.get(kind, 0)
    p = program(export, asset=str(KINDS.index(kind)), page=page)
    p.shown(KINDS.index(kind), page)
    p.window.canvas.set_motion(False)
    assert p.session.scene is not None
    assert p.session.scene.info.size == PAGE
    return p


def look(p: Program, mode: str, zoom: float) -> None:
    """Choose a mode, wait until the page is there in it, and bring the boxes to the middle."""
    p.window.comparing.choose_mode(mode)
    compare = p.window.compare
    p.wait(lambda: compare.stages is not None and mode == compare.mode.KEY and compare.stages.is_final)
    p.window.canvas.set_place(Place(zoom, (120.0, 115.0)))
    p.window.page_bar.setFocus()


@pytest.mark.parametrize("kind", KINDS)
def test_each_mode_shows_where_a_box_was_and_where_it_is(program: Start, export: Path, kind: str) -> None:
    p = opened(program, export, kind)
    compare, canvas = p.window.compare, p.window.canvas
    for zoom in ZOOMS:
        look(p, "side", zoom)
        a, b = shot(p, kind, compare.panes[0]), shot(p, kind, canvas)
        a.is_dashed(OLD)
        a.is_empty(NEW)
        b.is_solid(NEW)
        b.is_empty(OLD)
        assert a.frame.right() < b.frame.left()

        look(p, "overlay", zoom)
        both = shot(p, kind, canvas)
        both.is_dashed(OLD)
        both.is_solid(NEW)
        middle = [((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for box in (OLD, NEW)]
        (x0, y0), (x1, y1) = both.at(*middle[0]), both.at(*middle[1])
        along = np.linspace((x0, y0), (x1, y1), 200)
        assert both.is_coloured(along).mean() > 0.97
        assert not both.is_coloured(along + np.array((0.0, 12.0)))[60:140].any()
        unchanged = both.ink(SAME)

        look(p, "changes", zoom)
        only = shot(p, kind, canvas)
        only.is_dashed(OLD)
        only.is_solid(NEW)
        # 15 % of the ink instead of 55 %: there, and a quarter of it
        assert 0 < only.ink(SAME) < 0.5 * unchanged

        look(p, "blink", zoom)
        compare.mode._timer.stop()  # type: ignore[attr-defined]
        compare.over.hide()
        shown = shot(p, kind, canvas)
        shown.is_solid(NEW)
        shown.is_empty(OLD)
        compare.mode.turn()  # type: ignore[attr-defined]
        shown = shot(p, kind, compare.over)
        shown.is_dashed(OLD)
        shown.is_empty(NEW)

        look(p, "swipe", zoom)
        handle = compare.mode.handle  # type: ignore[attr-defined]
        line, _ = shot(p, kind, canvas).at((OLD[2] + NEW[0]) / 2, 0.0)
        for share, old, new in ((line / compare.width(), True, True), (0.0, False, True), (1.0, True, False)):
            handle.set_share(share)
            split = shot(p, kind, canvas)
            split.is_dashed(OLD) if old else split.is_empty(OLD)
            split.is_solid(NEW) if new else split.is_empty(NEW)
        handle.set_share(0.5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_stage_that_is_left_leaves_no_label_behind(program: Start, export: Path, kind: str) -> None:
    """A and B change places: what was dashed is solid, and the other way round."""
    p = opened(program, export, kind)
    look(p, "overlay", 2.0)
    before = p.window.compare.stages
    p.window.comparing.swap()
    p.wait(lambda: p.window.compare.stages is not before and p.window.compare.stages is not None)
    picture = shot(p, kind, p.window.canvas)
    picture.is_solid(OLD)
    picture.is_dashed(NEW)
    p.window.comparing.choose_mode("single")
    p.wait(lambda: p.window.compare.mode.KEY == "single")
    single = shot(p, kind, p.window.canvas)
    assert single.covered(OLD) < 0.03
    assert single.covered(NEW) < 0.03  # a class colour again
