"""What stands over the panes: the plate that says which stage this is, and the pointer of the other panes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from viewer.errors import one_line
from viewer.overlay import palette
from viewer.ui import theme
from viewer.ui.canvas.ornament import Frame, Ornament
from viewer.ui.compare.pages import StageWords
from viewer.ui.widgets.marks import draw_avatar
from viewer.ui.widgets.pins import draw_pin

HEIGHT = 28.0
INSET = 12.0
GAP = 6.0
PIN, AVATAR = 16.0, 18.0
CROSS_PX = 7.0
NAME_MOST = 180.0


def facts_of(words: StageWords) -> str:
    """The small facts of a plate in one line."""
    return " · ".join(part for part in (words.when, words.count) if part)


def plate_width(words: StageWords) -> float:
    """Logical pixels."""
    name = min(QFontMetricsF(theme.font(theme.BODY_PX, 600)).horizontalAdvance(one_line(words.name)), NAME_MOST)
    width = GAP + PIN + GAP + name + GAP
    if words.person:
        width += AVATAR + GAP
    facts = facts_of(words)
    if facts:
        width += QFontMetricsF(theme.font(theme.SECOND_PX)).horizontalAdvance(facts) + GAP
    return float(round(width + GAP))


def draw_plate(painter: QPainter, at: QPointF, words: StageWords) -> QRectF:
    """Draw a plate with its top left corner at a place, in logical pixels; where it is."""
    t = theme.current()
    box = QRectF(at.x(), at.y(), plate_width(words), HEIGHT)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(QColor(t.border), 1.0))
    painter.setBrush(QColor(t.panel))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS_CONTROL, theme.RADIUS_CONTROL)
    x, middle = box.left() + GAP + 1.0, box.center().y()
    draw_pin(painter, QRectF(x, middle - PIN / 2, PIN, PIN), words.letter, hollow=words.is_hollow)
    x += PIN + GAP
    font = theme.font(theme.BODY_PX, 600)
    name = QFontMetricsF(font).elidedText(one_line(words.name), Qt.TextElideMode.ElideMiddle, NAME_MOST)
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.setFont(font)
    painter.setPen(QColor(t.text))
    painter.drawText(QRectF(x, box.top(), NAME_MOST + 2, HEIGHT), flags, name)
    x += QFontMetricsF(font).horizontalAdvance(name) + GAP
    if words.person:
        draw_avatar(painter, QRectF(x, middle - AVATAR / 2, AVATAR, AVATAR), words.person)
        x += AVATAR + GAP
    painter.setFont(theme.font(theme.SECOND_PX))
    painter.setPen(QColor(t.text2))
    painter.drawText(QRectF(x, box.top(), box.right() - x, HEIGHT), flags, facts_of(words))
    painter.restore()
    return box


class Plates(Ornament):
    """The plates of one pane, below each other in its top left corner; `right`: in the top right one."""

    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self) -> None:
        self.words: Sequence[StageWords] = ()
        self.right = False

    def _boxes(self, frame: Frame) -> list[QRectF]:
        boxes = []
        for number, words in enumerate(self.words):
            width = plate_width(words)
            x = frame.view.right() - INSET - width if self.right else frame.view.left() + INSET
            boxes.append(QRectF(round(x), frame.view.top() + INSET + number * (HEIGHT + GAP), width, HEIGHT))
        return boxes

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """All of them."""
        for words, box in zip(self.words, self._boxes(frame)):
            draw_plate(painter, box.topLeft(), words)

    def is_at(self, at: QPointF, frame: Frame) -> bool:
        """On one of them."""
        return any(box.contains(at) for box in self._boxes(frame))

    def tip(self, at: QPointF, frame: Frame) -> str:
        """The person in full."""
        for words, box in zip(self.words, self._boxes(frame)):
            if box.contains(at):
                return " · ".join(part for part in (one_line(words.name), one_line(words.person)) if part)
        return ""


class Cross(Ornament):
    """Where the pointer is in another pane."""

    def __init__(self) -> None:
        self.point: tuple[float, float] | None = None

    def box(self, frame: Frame) -> QRectF:
        """What it covers, in logical pixels; empty when there is none."""
        if self.point is None:
            return QRectF()
        x, y = frame.page_to_view.map_point(*self.point)
        reach = CROSS_PX + 3.0
        return QRectF(x - reach, y - reach, 2 * reach, 2 * reach)

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Four short lines that leave the place itself free."""
        if self.point is None:
            return
        x, y = (round(v) + 0.5 for v in frame.page_to_view.map_point(*self.point))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for colour, width in ((palette.HALO, 3.0), (palette.HALO_LIGHT, 1.0)):
            painter.setPen(QPen(QColor(colour), width))
            for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                painter.drawLine(QPointF(x + 2 * dx, y + 2 * dy), QPointF(x + CROSS_PX * dx, y + CROSS_PX * dy))
