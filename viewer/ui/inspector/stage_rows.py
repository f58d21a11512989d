"""How a stage of the selected label is painted: small picture, name, sign, words, person, overlap."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPixmap

from viewer.ui import theme
from viewer.ui.inspector.facts import Fact
from viewer.ui.timeline.cards import person_name
from viewer.ui.widgets.marks import draw_avatar
from viewer.ui.widgets.signs import draw_sign

PICTURE = (64, 48)
"""Logical pixels of the picture of a stage."""
HEIGHT, LOW = 56, 24
"""Of a row with its picture, and without."""
SIGN, AVATAR = 16, 14
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_NAME = 92 + theme.SPACE_S


def height_of(picture: QPixmap | None) -> int:
    """Of a row."""
    return LOW if picture is None else HEIGHT


def spoken(fact: Fact) -> str:
    """A row in words."""
    who = person_name(fact.person)
    return ", ".join(part for part in (fact.name, fact.text, who, fact.note, fact.end and f"IoU {fact.end}") if part)


def paint_stage(painter: QPainter, rect: QRect, fact: Fact, picture: QPixmap | None, *, hovered: bool) -> None:
    """One row; the stage looked at has a bar at its left."""
    t = theme.current()
    if fact.is_current:
        painter.fillRect(rect, QColor(t.soft))
        painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), QColor(t.accent))
    elif hovered:
        painter.fillRect(rect, QColor(t.hover))
    if picture is None:
        _paint_low(painter, rect, fact)
    else:
        _paint_tall(painter, rect, fact, picture)


def _paint_low(painter: QPainter, rect: QRect, fact: Fact) -> None:
    left, middle = rect.left() + theme.SPACE_M, rect.center().y() + 1
    right = _paint_end(painter, rect, fact)
    if fact.person:
        right -= AVATAR + 2
        draw_avatar(painter, QRectF(right, middle - AVATAR / 2, AVATAR, AVATAR), fact.person)
        right -= theme.SPACE_S
    t = theme.current()
    _text(painter, QRect(left, rect.top(), _NAME - theme.SPACE_S, rect.height()), fact.name, t.text2)
    left += _NAME
    draw_sign(painter, QRectF(left, middle - SIGN / 2, SIGN, SIGN), fact.sign, paper=not t.dark)
    left += SIGN + 7
    _text(painter, QRect(left, rect.top(), right - left, rect.height()), fact.text, t.text3 if fact.quiet else t.text)


def _paint_tall(painter: QPainter, rect: QRect, fact: Fact, picture: QPixmap) -> None:
    t = theme.current()
    box = QRectF(rect.left() + theme.SPACE_M, rect.top() + (HEIGHT - PICTURE[1]) / 2, *PICTURE)
    rounded = QPainterPath()
    rounded.addRoundedRect(box, theme.RADIUS_CHIP, theme.RADIUS_CHIP)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(rounded)
    painter.drawPixmap(box.topLeft(), picture)
    painter.restore()
    left, top = int(box.right()) + 11, rect.top() + 4
    right = _paint_end(painter, QRect(rect.left(), top, rect.width(), 16), fact)
    _text(painter, QRect(left, top, right - left, 16), fact.name, t.text, weight=500)
    draw_sign(painter, QRectF(left, top + 16, SIGN, SIGN), fact.sign, paper=not t.dark)
    words = QRect(left + SIGN + 6, top + 16, rect.right() - left - SIGN - 6 - theme.SPACE_S, 16)
    _text(painter, words, fact.text, t.text3 if fact.quiet else t.text)
    top += 33
    if fact.person:
        draw_avatar(painter, QRectF(left + 1, top + 1, AVATAR, AVATAR), fact.person)
    note = QRect(left + SIGN + 6, top, words.width(), 16)
    _text(painter, note, fact.note or person_name(fact.person), t.text3, pixels=theme.CAPTION_PX)


def _paint_end(painter: QPainter, rect: QRect, fact: Fact) -> int:
    """The overlap at the right; where the room for other things ends."""
    t = theme.current()
    width = QFontMetrics(theme.font(theme.SECOND_PX)).horizontalAdvance("0.00")
    right = rect.right() + 1 - theme.SPACE_M
    _text(
        painter,
        QRect(right - width, rect.top(), width + 1, rect.height()),
        fact.end or "—",
        t.text2 if fact.end else t.text3,
    )
    return right - width - theme.SPACE_S


def _text(
    painter: QPainter, box: QRect, text: str, ink: str, *, weight: int = 400, pixels: int = theme.SECOND_PX
) -> None:
    font = theme.font(pixels, weight)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, max(box.width(), 0))
    painter.drawText(box.adjusted(0, 0, 2, 0), _LEFT, shown)
