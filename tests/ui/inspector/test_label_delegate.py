from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from viewer.model import Asset
from viewer.ui import theme
from viewer.ui.inspector import InspectorPanel
from viewer.ui.inspector.label_delegate import paint_state


def test_the_selected_row_is_painted_so(panel: InspectorPanel, show: Callable[..., None], asset: Asset) -> None:
    show(asset, selection="car2")
    view = panel.labels.view
    picture = view.viewport().grab().toImage()
    rect = view.visualRect(panel.labels.model.index(2, 0))
    ratio = picture.devicePixelRatio()
    at = (int((rect.left() + 20) * ratio), int((rect.top() + 3) * ratio))
    assert picture.pixelColor(*at) == QColor(theme.current().soft)
    assert picture.pixelColor(at[0], int((rect.top() - 10) * ratio)) != QColor(theme.current().soft)


@pytest.mark.parametrize(
    ("state", "centre", "side"), [("key", True, False), ("interpolated", False, False), ("held", False, True)]
)
def test_diamonds_tell_keys_from_what_lies_between(qapp: object, state: str, centre: bool, side: bool) -> None:
    """Full for a key, hollow between, on a line when held."""
    image = QImage(24, 24, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    paint_state(painter, QRectF(6.0, 6.0, 12.0, 12.0), state)
    painter.end()
    assert image.pixelColor(12, 8).alpha() > 0, "the diamond's tip"
    assert (image.pixelColor(12, 12).alpha() > 0) is centre
    assert (image.pixelColor(6, 12).alpha() > 0) is side
