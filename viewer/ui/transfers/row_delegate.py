"""One transfer, painted by hand: name, bar, how much and how fast; or why it failed; and what can be done with it."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, TypeAlias

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from viewer.fetch.transfer import TransferReport
from viewer.ui import icons, theme
from viewer.ui.transfers import texts
from viewer.ui.transfers.model import AnyIndex, TransferModel
from viewer.ui.widgets.marks import draw_bar
from viewer.ui.widgets.rows import paint_ground

Deed: TypeAlias = Literal["pause", "resume", "cancel", "retry", "remove"]
"""What a button of a row does."""

ROW_HEIGHT = 62
PAD, BUTTON = theme.SPACE_M, theme.CONTROL_SMALL
LEFT = PAD + 16 + 10
"""Where texts begin: behind the icon."""
_ICONS: dict[Deed, str] = {"pause": "pause", "resume": "play", "cancel": "x", "retry": "refresh-cw", "remove": "x"}


def deeds_of(one: TransferReport, *, is_paused: bool = False) -> tuple[Deed, ...]:
    """What can be done with a transfer, as its buttons stand from left to right. `is_paused`: all of them are."""
    if one.state in ("failed", "cancelled"):
        return ("retry", "remove")
    if one.state == "done":
        return ()
    if one.state == "waiting" and is_paused:
        return ("cancel",)  # it goes on with all others
    return ("resume", "cancel") if one.state == "paused" else ("pause", "cancel")


def button_boxes(rect: QRect, one: TransferReport, *, is_paused: bool = False) -> dict[Deed, QRect]:
    """Where the buttons of a row are."""
    deeds = deeds_of(one, is_paused=is_paused)
    left = rect.right() + 1 - PAD + 4 - len(deeds) * BUTTON
    return {deed: QRect(left + n * BUTTON, rect.top() + 5, BUTTON, BUTTON) for n, deed in enumerate(deeds)}


class TransferRows(QStyledItemDelegate):
    """Rows of one height; a sentence has two lines, and the whole of it is the tooltip."""

    def __init__(self, model: TransferModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.hovered: tuple[int, Deed | None] = (-1, None)
        """(row, button) under the pointer."""
        self.ring = False
        """Whether the current row shows a focus ring."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(100, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        rect: QRect = option.rect
        t = theme.current()
        painter.save()
        paint_ground(painter, rect, option.state)
        painter.fillRect(QRect(LEFT, rect.bottom(), rect.width() - LEFT, 1), QColor(t.divider))
        one = self._model.at(index.row())
        if one is not None:
            ratio = option.widget.devicePixelRatioF() if option.widget is not None else 1.0
            self._paint_row(painter, rect, one, index.row(), ratio)
        if self.ring and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(t.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(rect).adjusted(2, 2, -2, -2), theme.RADIUS_CHIP, theme.RADIUS_CHIP)
        painter.restore()

    def _paint_row(self, painter: QPainter, rect: QRect, one: TransferReport, row: int, ratio: float) -> None:
        t = theme.current()
        icon, ink = _mark_of(one)
        painter.drawPixmap(rect.left() + PAD, rect.top() + 9, icons.pixmap(icon, 16, ink, ratio))
        boxes = button_boxes(rect, one, is_paused=self._model.is_paused)
        right = min((box.left() for box in boxes.values()), default=rect.right() - PAD + 1) - theme.SPACE_S
        name = QRect(rect.left() + LEFT, rect.top() + 8, right - rect.left() - LEFT, theme.line_of(theme.BODY_PX))
        quiet = one.state in ("done", "cancelled")
        painter.setFont(theme.font(theme.BODY_PX, 500))
        painter.setPen(QColor(t.text2 if quiet else t.text))
        text = painter.fontMetrics().elidedText(texts.shown(one.name), Qt.TextElideMode.ElideMiddle, name.width())
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        for deed, box in boxes.items():
            self._paint_button(painter, box, deed, hot=self.hovered == (row, deed), ratio=ratio)
        below = QRect(name.left(), name.bottom() + 1, rect.right() - PAD + 1 - name.left(), 0)
        if one.state == "failed":
            _paint_sentence(painter, below.adjusted(0, 2, 0, 32), texts.row_words(one))
            return
        has_bar = one.state == "running" or (one.state in ("waiting", "paused") and one.received > 0)
        if has_bar:
            share = one.received / one.total if one.total else 0.0
            bar = QRectF(below.left(), below.top() + 6, below.width(), 4)
            colour = t.accent if one.state == "running" and one.retry_in_s is None else t.strong
            draw_bar(painter, bar, ((min(1.0, share), colour),), groove=t.pressed)
        height = theme.line_of(theme.CAPTION_PX)
        line = QRect(below.left(), below.top() + (14 if has_bar else 3), below.width(), height)
        left = texts.left_words(one)
        painter.setFont(theme.font(theme.CAPTION_PX))
        width = painter.fontMetrics().horizontalAdvance(left) if left else 0
        painter.setPen(QColor(t.text3))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, left)
        painter.setPen(QColor(t.warn if one.retry_in_s is not None else t.text2 if one.state == "running" else t.text3))
        words = painter.fontMetrics().elidedText(
            texts.row_words(one, is_paused=self._model.is_paused),
            Qt.TextElideMode.ElideRight,
            line.width() - width - (8 if width else 0),
        )
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)

    def _paint_button(self, painter: QPainter, box: QRect, deed: Deed, *, hot: bool, ratio: float) -> None:
        t = theme.current()
        if hot:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.pressed))
            painter.drawRoundedRect(QRectF(box), theme.RADIUS_CHIP, theme.RADIUS_CHIP)
        picture = icons.pixmap(_ICONS[deed], 14, t.text if hot else t.text2, ratio)
        painter.drawPixmap(box.left() + (box.width() - 14) // 2, box.top() + (box.height() - 14) // 2, picture)


def _mark_of(one: TransferReport) -> tuple[str, str]:
    """The icon of a state, and its colour."""
    t = theme.current()
    if one.retry_in_s is not None:
        return "clock", t.warn
    return {
        "failed": ("circle-alert", t.error),
        "running": ("download", t.accent),
        "waiting": ("clock", t.text3),
        "paused": ("pause", t.text3),
        "done": ("circle-check", t.ok),
        "cancelled": ("x", t.text3),
    }[one.state]


def _paint_sentence(painter: QPainter, box: QRect, text: str) -> None:
    """Two lines; what does not fit is cut at the end of the second."""
    font = theme.font(theme.CAPTION_PX)
    painter.setPen(QColor(theme.current().text2))
    painter.setFont(font)
    height = theme.line_of(theme.CAPTION_PX)
    for number, line in enumerate(two_lines(text, box.width())):
        place = QRect(box.left(), box.top() + number * height, box.width(), height)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, line)


@lru_cache(maxsize=256)
def two_lines(text: str, width: int) -> tuple[str, ...]:
    """A sentence in at most two lines of captions `width` pixels wide."""
    font = theme.font(theme.CAPTION_PX)
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    starts: list[int] = []
    while len(starts) < 2 and (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, 0))
        starts.append(line.textStart())
    layout.endLayout()
    if len(starts) < 2:
        return (text,)
    rest = QFontMetrics(font).elidedText(text[starts[1] :], Qt.TextElideMode.ElideRight, width)
    return text[: starts[1]].rstrip(), rest
