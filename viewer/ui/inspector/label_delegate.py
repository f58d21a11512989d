"""How the rows of the list of labels are painted: by hand, as the inspector draws everything."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from viewer.ui import icons, theme
from viewer.ui.inspector.label_rows import AnyIndex, LabelModel
from viewer.ui.inspector.listing import LabelGroup
from viewer.ui.widgets.marks import SHAPE_ICONS, draw_avatar, draw_swatch

EYE, AVATAR = 16, 18
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class LabelDelegate(QStyledItemDelegate):
    """Group: chevron, swatch, name, shape, count, eye. Label: name, number and one fact; state and person."""

    def __init__(self, model: LabelModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.ring = False
        self.hot_eye = -1
        """Row whose eye the pointer is on."""
        self.marked: str | None = None
        """The selected object; the keyboard may stand elsewhere."""

    def _is_marked(self, row: int) -> bool:
        if self._model.object_at(row) != self.marked or self.marked is None:
            return False
        listing, at = self._model.listing, self._model.rows[row]
        return listing.page(at) is None or listing.find(self.marked) == at

    def eye_box(self, rect: QRect) -> QRect:
        """Where the eye of a row is, with room to hit it."""
        return QRect(rect.right() - 30, rect.top(), 28, rect.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        row = index.row()
        if row >= len(self._model.rows):
            return
        t = theme.current()
        rect: QRect = option.rect
        state = option.state
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        selected = self.marked is not None and self._is_marked(row)
        group = self._model.group_at(row)
        painter.save()
        if selected and group is None:
            painter.fillRect(rect, QColor(t.soft))
            painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), QColor(t.accent))
        elif hovered:
            painter.fillRect(rect, QColor(t.hover))
        if group is not None:
            self._paint_group(painter, rect, row, group, hovered=hovered)
        else:
            self._paint_label(painter, rect, row, hovered=hovered)
        if self.ring and state & QStyle.StateFlag.State_HasFocus:
            painter.setOpacity(1.0)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(t.accent), 2.0))
            painter.drawRoundedRect(QRectF(rect).adjusted(3, 1, -3, -1), theme.RADIUS_CHIP, theme.RADIUS_CHIP)
        painter.restore()

    def _paint_group(self, painter: QPainter, rect: QRect, row: int, group: LabelGroup, *, hovered: bool) -> None:
        t = theme.current()
        model = self._model
        ratio = painter.device().devicePixelRatioF()
        middle = rect.top() + rect.height() // 2
        dimmed = model.is_dimmed(row)
        chevron = "chevron-down" if model.is_open(group) else "chevron-right"
        painter.drawPixmap(rect.left() + 11, middle - 7, icons.pixmap(chevron, 14, t.text2, ratio))
        if dimmed:
            painter.setOpacity(0.5)
        left = rect.left() + 33
        colour = model.colour_at(row)
        if colour:
            split = model.listing.grouping == "class" and model.repeats(group.key)
            draw_swatch(painter, QRectF(left, middle - 6, 12, 12), colour, split=split)
            left += 21
        right = rect.right() + 1 - 35
        count = f"{model.count_of(row):,}"
        font = theme.font(theme.SECOND_PX)
        width = QFontMetrics(font).horizontalAdvance(count)
        painter.setFont(font)
        painter.setPen(QColor(t.text3))
        painter.drawText(QRect(right - width, rect.top(), width + 1, rect.height()), _LEFT, count)
        right = min(right - width, rect.right() - 58) - 10
        if group.tool:
            icon = SHAPE_ICONS.get(group.tool, "shapes")
            painter.drawPixmap(right - 16, middle - 8, icons.pixmap(icon, 16, t.text3, ratio))
            right -= 24
        font = theme.font(theme.BODY_PX, 500)
        painter.setFont(font)
        painter.setPen(QColor(t.text))
        text = QFontMetrics(font).elidedText(group.title, Qt.TextElideMode.ElideMiddle, right - left)
        painter.drawText(QRect(left, rect.top(), right - left + 1, rect.height()), _LEFT, text)
        painter.setOpacity(1.0)
        if group.hide_by is not None:
            self._paint_eye(painter, rect, row, ratio)

    def _paint_eye(self, painter: QPainter, rect: QRect, row: int, ratio: float) -> None:
        t = theme.current()
        shut = self._model.is_hidden(row) if self._model.look.solo is None else self._model.is_dimmed(row)
        ink = t.accent if self._model.is_alone(row) else t.text if self.hot_eye == row else t.text3
        icon = icons.pixmap("eye-off" if shut else "eye", EYE, ink, ratio)
        painter.drawPixmap(rect.right() + 1 - 11 - EYE, rect.top() + (rect.height() - EYE) // 2, icon)

    def _paint_label(self, painter: QPainter, rect: QRect, row: int, *, hovered: bool) -> None:
        t = theme.current()
        model, at = self._model, self._model.rows[row]
        ratio = painter.device().devicePixelRatioF()
        middle = rect.top() + rect.height() // 2
        dimmed = model.is_dimmed(row)
        listing = model.listing
        right = rect.right() + 1 - 11
        is_annotation = listing.annotation(at) is not None
        if is_annotation and (model.is_hidden(row) or (hovered and listing.page(at) is None)):
            self._paint_eye(painter, rect, row, ratio)
            right -= EYE + 4
        if dimmed:
            painter.setOpacity(0.5)
        person = listing.person(at)
        if person:
            if not hovered:
                draw_avatar(painter, QRectF(right - AVATAR, middle - AVATAR / 2, AVATAR, AVATAR), person)
                right -= AVATAR + 6
            elif model.is_hidden(row):
                right -= 2
        state = listing.state(at)
        if state:
            paint_state(painter, QRectF(right - 14, middle - 6, 12, 12), state)
            right -= 18
        left = rect.left() + 38
        colour = model.colour_at(row)
        if colour:
            draw_swatch(painter, QRectF(left, middle - 5, 10, 10), colour)
            left += 16
        title, detail = listing.title(at), listing.detail(at)
        font = theme.font(theme.BODY_PX)
        metrics = QFontMetrics(font)
        painter.setFont(font)
        painter.setPen(QColor(t.text))
        width = metrics.horizontalAdvance(title)
        room = right - left - 4
        if width > room:
            title = metrics.elidedText(title, Qt.TextElideMode.ElideMiddle, room)
            width = room
        painter.drawText(QRect(left, rect.top(), width + 2, rect.height()), _LEFT, title)
        rest = room - width - 5
        if detail and rest > 20:
            painter.setPen(QColor(t.text3))
            detail = metrics.elidedText(detail, Qt.TextElideMode.ElideRight, rest)
            painter.drawText(QRect(left + width + 5, rect.top(), rest + 2, rect.height()), _LEFT, detail)


def paint_state(painter: QPainter, box: QRectF, state: str) -> None:
    """A full diamond for a key frame, a hollow one between keys, a hollow one on a line for a held label."""
    t = theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    centre = box.center()
    half = 4.0
    diamond = QPolygonF([
        centre - QPointF(0, half), centre + QPointF(half, 0), centre + QPointF(0, half), centre - QPointF(half, 0),
    ])  # fmt: skip
    painter.setPen(QPen(QColor(t.text2 if state == "key" else t.text3), 1.2))
    if state == "held":
        painter.drawLine(centre - QPointF(6, 0), centre - QPointF(half, 0))
        painter.drawLine(centre + QPointF(half, 0), centre + QPointF(6, 0))
    painter.setBrush(QColor(t.text2) if state == "key" else Qt.BrushStyle.NoBrush)
    painter.drawPolygon(diamond)
    painter.restore()
