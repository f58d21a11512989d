"""Words around a slice and a ruler of a round length."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from tests.ui.canvas.conftest import Content, pixels_of
from viewer.geometry import IDENTITY, Affine
from viewer.ui.canvas import Canvas, tags
from viewer.ui.canvas.corners import RULER_SHARE, Corners, CornerTexts, length_text, ruler_mm
from viewer.ui.canvas.ornament import Frame

WIDTH, HEIGHT = 400, 300


def painted(corners: Corners, to_view: Affine = IDENTITY, dpr: float = 1.0) -> NDArray[np.uint8]:
    texts = CornerTexts()
    texts.corners, texts.is_on = corners, True
    image = QImage(round(WIDTH * dpr), round(HEIGHT * dpr), QImage.Format.Format_RGB32)
    image.fill(QColor("#606060"))
    painter = QPainter(image)
    painter.scale(dpr, dpr)
    texts.paint(painter, Frame(to_view, QRectF(0, 0, WIDTH, HEIGHT), (100.0, 100.0), dpr))
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[:, :, 0].copy()


@given(st.floats(0.01, 500.0), st.floats(260.0, 3000.0))
def test_a_ruler_has_a_round_length_that_can_be_read(pixels_per_mm: float, height: float) -> None:
    length = ruler_mm(pixels_per_mm, height)
    assert length is not None
    assert RULER_SHARE[0] * height <= length * pixels_per_mm <= RULER_SHARE[1] * height
    assert f"{length:e}"[0] in "125"


@pytest.mark.parametrize(
    ("mm", "text"), [(2000.0, "2 m"), (100.0, "10 cm"), (5.0, "5 mm"), (0.2, "200 µm"), (0.0005, "0.5 µm")]
)
def test_lengths_are_told_in_their_unit(mm: float, text: str) -> None:
    assert length_text(mm) == text


@pytest.mark.parametrize("dpr", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("corner", ["top_left", "top_right", "bottom_left", "bottom_right"])
def test_lines_stand_in_their_corner_with_a_dark_outline(qapp: object, corner: str, dpr: float) -> None:
    shown = painted(Corners(**{corner: ("CT", "slice 1 / 24")}), dpr=dpr)  # type: ignore[arg-type]
    ys, xs = np.nonzero(shown != 0x60)
    assert len(xs) and (shown[ys, xs] > 0xB0).any() and (shown[ys, xs] < 0x20).any()
    assert ((xs < WIDTH * dpr / 2) == ("left" in corner)).all()
    assert ((ys < HEIGHT * dpr / 2) == ("top" in corner)).all()


def test_long_lines_do_not_meet(qapp: object) -> None:
    shown = painted(Corners(top_left=("Long " * 80,), top_right=("Words " * 80,)))
    assert (shown[:40, WIDTH // 2 - 6 : WIDTH // 2 + 6] == 0x60).all()


@pytest.mark.parametrize(("letter", "x", "y"), [("left", 0, 1), ("right", 2, 1), ("top", 1, 0), ("bottom", 1, 2)])
def test_letters_stand_at_the_middle_of_the_edges(qapp: object, letter: str, x: int, y: int) -> None:
    ys, xs = np.nonzero(painted(Corners(**{letter: "A"})) != 0x60)  # type: ignore[arg-type]
    assert ({0: 0, 1: WIDTH / 2, 2: WIDTH}[x] - xs.mean()) == pytest.approx({0: -16, 1: 0, 2: 16}[x], abs=6)
    assert ({0: 0, 1: HEIGHT / 2, 2: HEIGHT}[y] - ys.mean()) == pytest.approx({0: -20, 1: 0, 2: 20}[y], abs=6)


def test_the_ruler_is_as_long_as_it_says(qapp: object) -> None:
    shown = painted(Corners(mm_per_pixel=0.5), Affine.scaling(2.0, 2.0))
    length = ruler_mm(2.0 / 0.5, HEIGHT)
    assert length is not None
    column = np.nonzero(shown[:, WIDTH - 28] == 0xD2)[0]
    assert column.max() - column.min() == pytest.approx(length * 4.0, abs=1.0)


def test_only_slices_have_them(canvas: Canvas, content: Content) -> None:
    canvas.show_page(content(kind="dicom"))
    plain = pixels_of(canvas)
    canvas.set_corners(Corners(top_left=("Anonymous 0042",)))
    assert (pixels_of(canvas)[10:30, 10:100] != plain[10:30, 10:100]).any()
    canvas.show_page(content("other"))
    shown = pixels_of(canvas)
    canvas.set_corners(Corners())
    assert (pixels_of(canvas) == shown).all()


def test_tags_leave_the_words_free(canvas: Canvas, content: Content) -> None:
    canvas.set_corners(Corners(top_left=("CT", "thorax, axial 1.25 mm"), bottom_right=("slice 1 / 3",)))
    canvas.show_page(content(kind="dicom"))
    canvas.view.scale = 4.0
    canvas.grab()
    frame = canvas.frame()
    words = canvas._corners.boxes(frame)
    assert len(words) == 2
    store = canvas.content.store if canvas.content is not None else None
    assert store is not None
    labels = np.arange(len(store))
    widths = np.full(len(store), 60.0)
    area = (0.0, 0.0, frame.view.width(), frame.view.height())
    beside = tags.places(store, labels, widths, Affine.scaling(0.0, 0.0), area, keep_out=words)
    _, _, x1, y1 = words[0]
    assert ((beside[:, 1] >= y1) | (beside[:, 0] >= x1)).all(), "below the words that stand in the same corner"
    low = Affine(0.0, 0.0, 0.0, 0.0, area[2] - 40.0, area[3] - 4.0)
    above = tags.places(store, labels, widths, low, area, keep_out=words)
    assert (above[:, 1] + tags.HEIGHT <= words[1][1]).all()
    canvas.show_page(content("another", kind="image"))
    canvas.grab()
    assert canvas._corners.boxes(canvas.frame()) == ()
