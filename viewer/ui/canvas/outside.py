"""Chips at the edges of the view that tell of labels which lie wholly outside of the page, and lead there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from viewer.geometry import Affine
from viewer.overlay.shapes import ShapeStore
from viewer.ui import theme
from viewer.ui.canvas.ornament import Frame, Ornament

if TYPE_CHECKING:
    from viewer.ui.canvas.label_layer import LabelLayer

HEIGHT = 24.0
MARGIN = 8.0
SIDE_SHARE = 0.22
Box = tuple[float, float, float, float]


class Chip(NamedTuple):
    """One chip: where it stands in the view, its words, and the box in page space around the labels it means."""

    box: QRectF
    words: str
    labels: Box


class Outside:
    """The chips for one store."""

    def __init__(self, store: ShapeStore) -> None:
        self._boxes = store.box[store.fully_outside()]

    def chips(self, page_to_view: Affine, view: QRectF) -> list[Chip]:
        """The chips for what cannot be seen now; each label counts for one edge."""
        if not len(self._boxes):
            return []
        box, m = self._boxes, page_to_view
        right = box[:, 0] * m.a + m.e > view.right()
        left = box[:, 2] * m.a + m.e < view.left()
        below = box[:, 1] * m.d + m.f > view.bottom()
        above = box[:, 3] * m.d + m.f < view.top()
        found = []
        for hidden, sign, edge in (
            (left, "←", "left"),
            (right & ~left, "→", "right"),
            (above & ~left & ~right, "↑", "top"),
            (below & ~left & ~right & ~above, "↓", "bottom"),
        ):
            count = int(np.count_nonzero(hidden))
            if count:
                words = _words(count, sign)
                low, high = box[hidden, :2].min(axis=0), box[hidden, 2:].max(axis=0)
                around = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
                found.append(Chip(_place(words, edge, view), words, around))
        return found

    def chip_at(self, at: QPointF, page_to_view: Affine, view: QRectF) -> Chip | None:
        """The chip under the pointer."""
        return next((chip for chip in self.chips(page_to_view, view) if chip.box.contains(at)), None)

    def paint(self, painter: QPainter, page_to_view: Affine, view: QRectF) -> None:
        """Draw them, painter in logical pixels."""
        for chip in self.chips(page_to_view, view):
            paint_chip(painter, chip.box, chip.words)


def _words(count: int, sign: str) -> str:
    translate = QCoreApplication.translate
    if count == 1:
        text = translate("Outside", "1 label outside")
    else:
        text = translate("Outside", "{0} labels outside").format(f"{count:,}")
    return f"{text} {sign}" if sign == "→" else f"{sign} {text}"


def _place(words: str, edge: str, view: QRectF) -> QRectF:
    width = chip_width(words)
    middle = view.center()
    x = {"left": view.left() + MARGIN, "right": view.right() - MARGIN - width}.get(edge, middle.x() - width / 2)
    # at the sides above the middle, where letters and the ruler of a slice stand
    side = view.top() + view.height() * SIDE_SHARE - HEIGHT / 2
    y = {"top": view.top() + MARGIN, "bottom": view.bottom() - MARGIN - HEIGHT}.get(edge, side)
    return QRectF(round(x), round(y), width, HEIGHT)


def chip_width(words: str) -> float:
    """Width of `paint_chip`."""
    return float(np.ceil(QFontMetricsF(theme.font(theme.SECOND_PX, 500)).horizontalAdvance(words))) + 20.0


def paint_chip(painter: QPainter, box: QRectF, words: str) -> None:
    """Words on a raised ground over the picture."""
    t = theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(QColor(t.border), 1.0))
    painter.setBrush(QColor(t.raised))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS_CONTROL, theme.RADIUS_CONTROL)
    painter.setPen(QColor(t.text))
    painter.setFont(theme.font(theme.SECOND_PX, 500))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
    painter.restore()


class OutsideChips(Ornament):
    """The chips as something to click: it leads to the labels that they tell of."""

    def __init__(self, labels: LabelLayer, go: Callable[[Box], object]) -> None:
        self._labels = labels
        self._go = go

    def is_at(self, at: QPointF, frame: Frame) -> bool:
        """On one of them."""
        return self._labels.chip_at(at, frame.page_to_view, frame.view) is not None

    def click(self, at: QPointF, frame: Frame) -> None:
        """Go there."""
        chip = self._labels.chip_at(at, frame.page_to_view, frame.view)
        if chip is not None:
            self._go(chip.labels)
