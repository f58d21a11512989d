"""Compared stages as one picture."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage

from tests.make.stages import stages
from viewer import limits
from viewer.errors import ViewerError
from viewer.ui.compare.picture import paint_stages, pane_size

pytestmark = pytest.mark.usefixtures("qapp")


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    view = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return view[:, : image.width(), :3].copy()


def test_side_by_side_are_the_two_stages_with_a_line_between() -> None:
    picture = pixels(paint_stages(stages("side"), 2.0))
    assert picture.shape == (300, 801, 3)
    assert not picture[:, 400].any()
    swipe = pixels(paint_stages(stages("swipe"), 2.0))
    assert swipe.shape == (300, 400, 3)
    below = slice(60, None)  # above are the plates
    assert np.array_equal(swipe[below, :197], picture[below, :197])
    assert np.array_equal(swipe[below, 203:], picture[below, 604:])
    assert (swipe[below, 199:201] == 255).all()


def test_overlay_and_changes_differ_in_what_did_not_change() -> None:
    overlay, changes = (pixels(paint_stages(stages(mode), 2.0)) for mode in ("overlay", "changes"))
    assert overlay.shape == changes.shape == (300, 400, 3)
    different = (overlay != changes).any(axis=2)
    assert different[2 * 48 : 2 * 72, 2 * 3 : 2 * 27].any()  # "same"
    assert not different[2 * 40 : 2 * 75, 2 * 35 : 2 * 110].any()  # "moved", its arrow and its sign


def test_the_size_is_that_of_the_whole_picture() -> None:
    assert pane_size("side", 2, (1281, 960)) == (640, 960)
    assert pane_size("overlay", 2, (1280, 960)) == (1280, 960)
    assert pane_size("side", 2, None) is None


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RASTER_PIXELS", 10_000)
    with pytest.raises(ViewerError, match="too large"):
        paint_stages(stages("side"), 2.0)


def test_small_pictures_leave_the_plates_out() -> None:
    picture = pixels(paint_stages(stages("overlay"), 0.5))
    assert picture.shape == (75, 100, 3)
    assert (picture[40, 45] == 90).all()
