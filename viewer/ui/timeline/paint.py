"""How the cards of the stage history are painted, and the arcs of rework between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPen, QPixmap

from viewer.diff import Counts
from viewer.overlay.palette import CHANGES
from viewer.ui import theme
from viewer.ui.timeline.cards import Card, person_name
from viewer.ui.timeline.places import GAP, PICTURE, PICTURE_ROOM, bar_parts
from viewer.ui.timeline.texts import NONE_BESIDE, Beside, step_parts, tr
from viewer.ui.widgets import marks

DIP = 10
"""How far an arc goes below the cards."""
LOOP_END = 14
"""Of an arc, at each end: so much of it stays beside its words."""
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


@dataclass(frozen=True, slots=True)
class Face:
    """A card and all that decides how it looks."""

    card: Card
    counts: Counts | None = None
    beside: Beside = NONE_BESIDE
    biggest: int = 0
    """Changes of the asset's biggest step, which fills its bar."""
    picked: bool = False
    """Shown, or one end of the comparison."""
    hovered: bool = False
    ring: bool = False
    compact: bool = False
    picture: QPixmap | None = None


def change_colour(kind: str) -> str:
    """The colour of a kind of change in panels: it follows the theme, whatever the canvas shows."""
    look = CHANGES[kind]
    return look.glow if theme.current().dark else look.ink


def paint_card(painter: QPainter, box: QRectF, face: Face) -> None:
    """One card; `box` in pixels of the widget."""
    t = theme.current()
    card = face.card
    ratio = painter.device().devicePixelRatioF()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    edge = box.adjusted(1, 1, -1, -1) if face.picked else box.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setPen(QPen(QColor(t.accent if face.picked else t.border), 2.0 if face.picked else 1.0))
    painter.setBrush(QColor(t.raised if face.hovered and not face.picked else t.panel))
    painter.drawRoundedRect(edge, theme.RADIUS_CARD, theme.RADIUS_CARD)
    if face.ring:
        painter.setPen(QPen(QColor(t.accent), 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(-3, -3, 3, 3), theme.RADIUS_CARD + 3, theme.RADIUS_CARD + 3)
    inner = box.adjusted(12, 8 if face.compact else 10, -12, -10)
    if face.picture is not None:
        _paint_picture(painter, QRectF(box.left() + 11, box.top() + 12, *PICTURE), face.picture)
        inner.setLeft(inner.left() + PICTURE_ROOM)
    chip = _paint_verdict(painter, face, inner, ratio)
    name = QRectF(inner.left(), inner.top(), inner.width() - chip - (6 if chip else 0), 18)
    if face.compact:
        wanted = QFontMetrics(theme.font(theme.BODY_PX, 600)).horizontalAdvance(card.stage)
        if card.person and wanted + 22 <= name.width():  # the tooltip names the person too
            marks.draw_avatar(painter, QRectF(name.left(), name.top() + 1, 16, 16), card.person)
            name.setLeft(name.left() + 22)
    else:
        _paint_person(painter, card, QRectF(inner.left(), inner.top() + 23, inner.width(), 16))
    painter.setFont(theme.font(theme.BODY_PX, 600))
    painter.setPen(QColor(t.text))
    draw_cut(painter, name, card.stage, elide=Qt.TextElideMode.ElideMiddle)  # its number stands at the end
    below = inner.top() + (20 if face.compact else 43)
    _paint_step(painter, face, QRectF(inner.left(), below, inner.width(), 14 if face.compact else 16))
    _paint_bar(painter, face, QRectF(inner.left(), box.bottom() - 9, inner.width(), 4))


def _paint_picture(painter: QPainter, box: QRectF, picture: QPixmap) -> None:
    painter.save()
    path = QPainterPath()
    path.addRoundedRect(box, theme.RADIUS_CHIP, theme.RADIUS_CHIP)
    painter.fillPath(path, QColor(theme.current().hover))
    painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
    size = picture.deviceIndependentSize()
    at = QPointF(box.center().x() - size.width() / 2, box.center().y() - size.height() / 2)
    painter.drawPixmap(at, picture)
    painter.restore()


def _paint_person(painter: QPainter, card: Card, row: QRectF) -> None:
    painter.setPen(QColor(theme.current().text2))
    painter.setFont(theme.font(theme.SECOND_PX))
    if card.person:
        marks.draw_avatar(painter, QRectF(row.left(), row.top(), 16, 16), card.person)
        draw_cut(painter, row.adjusted(22, 0, 0, 0), person_name(card.person))
    else:
        draw_cut(painter, row, card.when or tr("nobody named"))


def _paint_verdict(painter: QPainter, face: Face, inner: QRectF, ratio: float) -> float:
    """The chip at the right of the first row; returns its width."""
    t = theme.current()
    card = face.card
    if card.is_current:
        text, ground, ink, icon = tr("Current"), t.soft, t.accent, ""
    elif card.verdict == "accepted":
        text, ground, ink, icon = card.verdict_text, t.ok_ground, t.ok, "check"
    elif card.verdict == "rejected":
        text, ground, ink, icon = card.verdict_text, t.error_ground, t.error, "x"
    elif card.verdict:
        text, ground, ink, icon = card.verdict_text, t.hover, t.text2, ""
    else:
        return 0.0
    name = QFontMetrics(theme.font(theme.BODY_PX, 600)).horizontalAdvance(card.stage)
    if card.is_current and name + 8 + marks.chip_width(text) > inner.width():
        return 0.0  # the last card is the current state; which stage that is stands nowhere else
    if icon and (face.compact or name + 8 + marks.chip_width(text, icon=True) > inner.width()):
        text = ""
    width = float(marks.chip_width(text, icon=bool(icon))) if text else 24.0
    box = QRectF(inner.right() - width, inner.top() - 1, width, 20)
    marks.draw_chip(painter, box, text, ground=ground, ink=ink, icon=icon, ratio=ratio)
    return width


def _paint_step(painter: QPainter, face: Face, row: QRectF) -> None:
    """What changed, and at the right how long it took; the time gives way where both have no room."""
    t = theme.current()
    card = face.card
    painter.setFont(theme.font(theme.SECOND_PX if not face.compact else theme.CAPTION_PX))
    metrics = QFontMetrics(painter.font())
    parts = step_parts(card, face.counts, face.beside)
    if sum(metrics.horizontalAdvance(text) + 8 for _, text in parts) - 8 > row.width():
        parts = step_parts(card, face.counts, face.beside, short=True)
    right = card.duration or (card.when if card.person or face.compact else "")
    width = metrics.horizontalAdvance(right)
    needed = sum(metrics.horizontalAdvance(text) + 8 for _, text in parts)
    if needed + width <= row.width():
        painter.setPen(QColor(t.text2))
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, right)
    x = row.left()
    for kind, text in parts:
        painter.setPen(QColor(change_colour(kind) if kind else t.text2))
        draw_cut(painter, QRectF(x, row.top(), row.right() - x, row.height()), text)
        x += metrics.horizontalAdvance(text) + 8


def _paint_bar(painter: QPainter, face: Face, box: QRectF) -> None:
    """Added, changed, removed, in a groove with round ends."""
    painter.save()
    groove = QPainterPath()
    groove.addRoundedRect(box, box.height() / 2, box.height() / 2)
    painter.fillPath(groove, QColor(theme.current().hover))
    if face.counts is not None:
        painter.setClipPath(groove, Qt.ClipOperation.IntersectClip)
        parts = bar_parts(face.counts, face.biggest, box.width())
        for kind, (left, width) in zip(("added", "moved", "removed"), parts, strict=True):
            painter.fillRect(QRectF(box.left() + left, box.top(), width, box.height()), QColor(change_colour(kind)))
    painter.restore()


def paint_arrow(painter: QPainter, box: QRectF) -> None:
    """From a card (its `box`) to the next one."""
    at = QPointF(box.right() + (GAP - 14) / 2, box.center().y() - 7)
    marks.draw_icon(painter, "arrow-right", at, 14, theme.current().strong, painter.device().devicePixelRatioF())


def paint_loop(painter: QPainter, start: QRectF, end: QRectF, texts: Sequence[str]) -> None:
    """An arc that leaves the rejected review's bottom and enters the next card from below.

    Of `texts`, the longest first, it carries the first one that has room.
    """
    t = theme.current()
    y = start.bottom()
    x0, x1 = start.center().x(), end.center().x()
    path = QPainterPath(QPointF(x0, y + 1))
    path.lineTo(x0, y + DIP - 4)
    path.quadTo(x0, y + DIP, x0 + 4, y + DIP)
    path.lineTo(x1 - 4, y + DIP)
    path.quadTo(x1, y + DIP, x1, y + DIP - 4)
    path.lineTo(x1, y + 3)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(t.error), 1.5))
    painter.drawPath(path)
    painter.drawLine(QPointF(x1 - 3.5, y + 5.5), QPointF(x1, y + 2))
    painter.drawLine(QPointF(x1 + 3.5, y + 5.5), QPointF(x1, y + 2))
    text, width = _fit_loop_text(texts, x1 - x0 - 2 * LOOP_END)
    _paint_loop_text(painter, QRectF(round((x0 + x1 - width) / 2), y + DIP - 7, width, 14), text)


def paint_loop_chip(painter: QPainter, left: float, y: float, texts: Sequence[str], *, room: float) -> None:
    """The same beside a leader, which stays visible."""
    text, width = _fit_loop_text(texts, room)
    _paint_loop_text(painter, QRectF(round(left), y - 7, width, 14), text)


def _fit_loop_text(texts: Sequence[str], room: float) -> tuple[str, float]:
    metrics = QFontMetrics(theme.font(theme.CAPTION_PX, 500))
    text = next((one for one in texts if metrics.horizontalAdvance(one) <= int(room) - 26), texts[-1])
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(room) - 26)
    return text, metrics.horizontalAdvance(text) + 26.0


def _paint_loop_text(painter: QPainter, box: QRectF, text: str) -> None:
    t = theme.current()
    painter.setFont(theme.font(theme.CAPTION_PX, 500))
    painter.fillRect(box, QColor(t.window))
    at = QPointF(box.left() + 4, box.top() + 1)
    marks.draw_icon(painter, "undo-2", at, 12, t.error, painter.device().devicePixelRatioF())
    painter.setPen(QColor(t.error))
    painter.drawText(box.adjusted(20, 0, 0, 0), _LEFT, text)


def draw_cut(
    painter: QPainter, box: QRectF, text: str, *, elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight
) -> None:
    """Text in one line, shortened where the box is too narrow."""
    shown = QFontMetrics(painter.font()).elidedText(text, elide, max(0, math.ceil(box.width())))
    painter.drawText(box, _LEFT, shown)
