"""Signs, arrows and stronger sides beside the outlines of changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from tests.make import stages
from viewer.geometry import Affine
from viewer.overlay import palette
from viewer.overlay.compared import ChangeMarks
from viewer.ui.canvas.marks import CLEAR_PX, paint_marks

SCALE = 3.0
BLUE = np.array(palette.rgb(palette.CHANGES["moved"].glow)[::-1])


def painted(
    marks: ChangeMarks, *, dpr: float = 1.0, scale: float = SCALE, clip: tuple[float, ...] | None = None
) -> np.ndarray:
    """BGR of a grey picture with the marks on it."""
    width, height = round(stages.SIZE[0] * scale), round(stages.SIZE[1] * scale)
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(0xFF808080)
    painter = QPainter(image)
    box = (0.0, 0.0, float(width), float(height)) if clip is None else clip
    paint_marks(painter, marks, Affine.scaling(scale, scale), box, paper=False, dpr=dpr)  # type: ignore[arg-type]
    painter.end()
    view = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine() // 4, 4)
    return view[:, :width, :3].astype(int)


def near(picture: np.ndarray, x: float, y: float, colour: np.ndarray, reach: int = 1) -> bool:
    """Whether the colour is there, in page coordinates."""
    column, row = round(x * SCALE), round(y * SCALE)
    part = picture[row - reach : row + reach + 1, column - reach : column + reach + 1]
    return bool((np.abs(part - colour).max(axis=2) < 40).any())


def test_an_arrow_leads_from_the_old_centre_to_the_new_one() -> None:
    picture = painted(stages.pair().overlay.marks)
    for x in np.linspace(51.0, 79.0, 20):
        assert near(picture, x, 60.0, BLUE)
    assert not near(picture, 47.0, 60.0, BLUE)
    assert not near(picture, 83.0, 60.0, BLUE)
    # the head is at the new end: wide there, and a thin line at the old one
    wide = [(np.abs(picture[:, round(x * SCALE)] - BLUE).max(axis=1) < 40).sum() for x in (55.0, 78.0)]
    assert wide[0] <= 3 < wide[1]


def test_signs_stand_right_of_the_top_right_corner_several_beside_each_other() -> None:
    marks = stages.pair().after.marks
    picture = painted(marks)
    by_name = dict(zip([stages.pair().after.store.object_ids[row] for row in marks.rows], marks.kinds))
    assert by_name["class"] == ("reclassified", "attributes")
    column, row = round(180 * SCALE) + 8 + CLEAR_PX, round(50 * SCALE)
    for number, kind in enumerate(("reclassified", "attributes")):
        ground = np.array(palette.rgb(palette.CHANGES[kind].glow)[::-1])
        part = picture[row - 8 : row + 8, column - 8 + 17 * number : column + 8 + 17 * number]
        assert (np.abs(part - ground).max(axis=2) < 10).mean() > 0.4
    assert (picture[row - 12, column - 30 : column + 60] == 128).all()
    assert (picture[row - 6, column - 8 - CLEAR_PX + 1 : column - 10] == 128).all(), "the outline is clear of them"


def test_only_what_lies_in_the_painted_part_is_drawn() -> None:
    marks = stages.pair().overlay.marks
    marks = replace(marks, strong=marks.strong[:0])
    assert (painted(marks, clip=(0.0, 0.0, 1.0, 1.0))[60:] == 128).all()
    whole = painted(marks)
    assert (whole != 128).any()


def test_of_very_many_only_the_larger_ones_carry_signs() -> None:
    marks = stages.pair().after.marks
    times = 100
    many = replace(
        marks,
        rows=np.tile(marks.rows, times), kinds=marks.kinds * times, corners=np.tile(marks.corners, (times, 1)),
        extent=np.tile(marks.extent, times), strong=marks.strong[:0],
    )  # fmt: skip
    few = replace(marks, strong=marks.strong[:0])
    assert (painted(few, scale=0.25) != 128).any()
    assert (painted(many, scale=0.25) == 128).all()
    assert (painted(many, scale=2.0) != 128).any()


@pytest.mark.parametrize(("dpr", "wide"), [(1.0, 3), (2.0, 6)])
def test_new_sides_of_an_outline_are_three_pixels_wide(dpr: float, wide: int) -> None:
    marks = stages.pair().after.marks
    nothing = replace(
        marks, rows=marks.rows[:0], kinds=(), strong=np.array(((20.0, 20.5, 80.0, 20.5),)), arrows=marks.arrows[:0]
    )
    picture = painted(nothing, dpr=dpr)
    colour = np.array(palette.rgb(palette.CHANGES["reshaped"].glow)[::-1])
    column = np.abs(picture[:, round(50 * SCALE)] - colour).max(axis=1) < 70
    assert abs(int(column.sum()) - wide) <= 1
