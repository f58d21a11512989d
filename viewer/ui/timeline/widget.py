"""The stage timeline: cards with arrows between them, arcs of rework below; one is shown on the canvas."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from viewer.export import Visit
from viewer.model import Task
from viewer.ui import theme
from viewer.ui.timeline import cards as model
from viewer.ui.timeline.cards import Card
from viewer.ui.widgets import marks

HEIGHT, COMPACT = 136, 96
CARD_HEIGHT, CARD_COMPACT = 88, 58
TOP, TOP_COMPACT = 20, 12
DIP = 10


class StageTimeline(QWidget):
    """One card per snapshot of the task shown. ← → move the focus, Enter or Space shows that stage."""

    stage_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._cards: tuple[Card, ...] = ()
        self._reworks: tuple[model.Rework, ...] = ()
        self._work = ""
        self._shown = -1
        self._focused = 0
        self._hovered = -1
        self._ring = False
        self._offset = 0
        self._compact = False
        self._say()

    # ---- what is shown -----------------------------------------------------------------------------------

    def show_task(self, task: Task | None, visits: Sequence[Visit] = ()) -> None:
        """The history of a task; `visits` of the index spare parsing every snapshot for its count."""
        self._cards = () if task is None else model.cards_of(task, visits)
        self._reworks = () if task is None else model.reworks(task)
        self._work = "" if task is None else model.work_time(task)
        self._shown = len(self._cards) - 1
        self._focused = max(0, self._shown)
        self._hovered = -1
        self._offset = 0
        self._reveal(self._shown)
        self._say()
        self.update()

    def mark(self, index: int) -> None:
        """The stage on the canvas."""
        if index != self._shown:
            self._shown = self._focused = index
            self._reveal(index)
            self._say()
            self.update()

    def set_compact(self, on: bool) -> None:
        """The lower form, for small windows."""
        self._compact = on
        self.updateGeometry()
        self.update()

    @property
    def cards(self) -> tuple[Card, ...]:
        """What the cards say."""
        return self._cards

    def sizeHint(self) -> QSize:
        return QSize(600, COMPACT if self._compact else HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(model.TITLE_WIDTH + model.MIN_WIDTH + 2 * model.PAD, self.sizeHint().height())

    def card_rect(self, index: int) -> QRectF:
        """Where a card is, in the widget."""
        places = self._places()
        height = CARD_COMPACT if self._compact else CARD_HEIGHT
        top = TOP_COMPACT if self._compact else TOP
        left = model.TITLE_WIDTH + places.lefts[index] - self._offset
        return QRectF(left, top, places.width, height)

    def _places(self) -> model.Places:
        return model.places(len(self._cards), self.width() - model.TITLE_WIDTH - model.PAD)

    def _reveal(self, index: int) -> None:
        """Scroll so that a card is whole."""
        places = self._places()
        if not 0 <= index < len(self._cards):
            return
        room = self.width() - model.TITLE_WIDTH - model.PAD
        left, right = places.lefts[index], places.lefts[index] + places.width
        self._offset = max(min(self._offset, left), right - room)
        self._scroll(0)

    def _scroll(self, pixels: int) -> None:
        room = self.width() - model.TITLE_WIDTH - model.PAD
        self._offset = max(0, min(self._offset + pixels, self._places().total - room))
        self.update()

    def _say(self) -> None:
        """For those who hear the window."""
        if not self._cards:
            self.setAccessibleName(self.tr("Stage history, empty"))
            return
        card = self._cards[self._focused]
        parts = [card.stage, self.tr("{0} of {1}").format(card.index + 1, len(self._cards)), card.verdict_text]
        parts += [card.person, card.duration, self.tr("{0} labels").format(card.labels)]
        if card.index == self._shown:
            parts.append(self.tr("shown"))
        self.setAccessibleName(self.tr("Stage history"))
        self.setAccessibleDescription(", ".join(part for part in parts if part))

    # ---- painting ----------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            self._paint(painter)
        finally:
            painter.end()

    def _paint(self, painter: QPainter) -> None:
        t = theme.current()
        painter.fillRect(self.rect(), QColor(t.window))
        painter.fillRect(0, 0, self.width(), 1, QColor(t.divider))
        self._paint_title(painter)
        painter.setClipRect(model.TITLE_WIDTH - 4, 0, self.width() - model.TITLE_WIDTH + 4, self.height())
        most = max((card.labels for card in self._cards), default=0)
        for card in self._cards:
            box = self.card_rect(card.index)
            if box.right() < model.TITLE_WIDTH - 40 or box.left() > self.width() + 40:
                continue
            self._paint_card(painter, card, box, most)
            sent_back = any(r.start == card.index for r in self._reworks)
            if card.index + 1 < len(self._cards) and not (sent_back and not self._compact):
                at = QPointF(box.right() + (model.GAP - 14) / 2, box.center().y() - 7)
                marks.draw_icon(painter, "arrow-right", at, 14, t.strong, self.devicePixelRatioF())
        for loop in self._reworks:
            self._paint_rework(painter, loop)

    def _paint_title(self, painter: QPainter) -> None:
        t = theme.current()
        x, y = model.PAD - 4, 16 if not self._compact else 12
        painter.setPen(QColor(t.text))
        painter.setFont(theme.font(theme.BODY_PX, 600))
        painter.drawText(QRectF(x, y, 140, 18), Qt.AlignmentFlag.AlignVCenter, self.tr("Stage history"))
        painter.setPen(QColor(t.text3))
        painter.setFont(theme.font(theme.CAPTION_PX))
        lines = []
        if self._cards:
            count = len(self._cards)
            lines.append(self.tr("1 stage") if count == 1 else self.tr("{0} stages").format(count))
        if self._work:
            lines.append(self.tr("{0} of work").format(self._work))
        if len(self._cards) == 1:
            lines.append(self.tr("no history in this export"))
        for i, line in enumerate(lines):
            painter.drawText(QRectF(x, y + 24 + 15 * i, 144, 14), Qt.AlignmentFlag.AlignVCenter, line)

    def _paint_card(self, painter: QPainter, card: Card, box: QRectF, most: int) -> None:
        t = theme.current()
        shown = card.index == self._shown
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = box.adjusted(1, 1, -1, -1) if shown else box.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(t.accent if shown else t.border), 2.0 if shown else 1.0))
        painter.setBrush(QColor(t.hover if card.index == self._hovered and not shown else t.panel))
        painter.drawRoundedRect(edge, theme.RADIUS_CARD, theme.RADIUS_CARD)
        if self._ring and card.index == self._focused:
            painter.setPen(QPen(QColor(t.accent), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(-2, -2, 2, 2), theme.RADIUS_CARD + 2, theme.RADIUS_CARD + 2)
        inner = box.adjusted(12, 10 if not self._compact else 8, -12, -10)
        chip = self._paint_verdict(painter, card, inner)
        painter.setFont(theme.font(theme.BODY_PX, 600))
        painter.setPen(QColor(t.text))
        name = QRectF(inner.left(), inner.top(), inner.width() - chip - (6 if chip else 0), 18)
        _text(painter, name, card.stage)
        if self._compact:
            self._paint_counts(painter, card, QRectF(inner.left(), inner.top() + 20, inner.width(), 14))
        else:
            row = QRectF(inner.left(), inner.top() + 23, inner.width(), 16)
            painter.setPen(QColor(t.text2))
            painter.setFont(theme.font(theme.SECOND_PX))
            if card.person:
                marks.draw_avatar(painter, QRectF(row.left(), row.top(), 16, 16), card.person)
                _text(painter, row.adjusted(22, 0, 0, 0), model.person_name(card.person))
            else:
                _text(painter, row, card.when or self.tr("nobody named"))
            self._paint_counts(painter, card, QRectF(inner.left(), inner.top() + 43, inner.width(), 16))
        bar = QRectF(inner.left(), box.bottom() - 9, inner.width(), 4)
        share = card.labels / most if most else 0.0
        marks.draw_bar(painter, bar, ((share, t.strong),), groove=t.hover)

    def _paint_verdict(self, painter: QPainter, card: Card, inner: QRectF) -> float:
        """The chip at the right of the first row; returns its width."""
        t = theme.current()
        if card.is_current:
            text, ground, ink, icon = self.tr("Current"), t.soft, t.accent, ""
        elif card.verdict == "accepted":
            text, ground, ink, icon = card.verdict_text, t.ok_ground, t.ok, "check"
        elif card.verdict == "rejected":
            text, ground, ink, icon = card.verdict_text, t.error_ground, t.error, "x"
        elif card.verdict:
            text, ground, ink, icon = card.verdict_text, t.hover, t.text2, ""
        else:
            return 0.0
        name = QFontMetrics(theme.font(theme.BODY_PX, 600)).horizontalAdvance(card.stage)
        if icon and name + 6 + marks.chip_width(text, icon=True) > inner.width():
            text = ""
        width = float(marks.chip_width(text, icon=bool(icon))) if text else 24.0
        box = QRectF(inner.right() - width, inner.top() - 1, width, 20)
        marks.draw_chip(painter, box, text, ground=ground, ink=ink, icon=icon, ratio=self.devicePixelRatioF())
        return width

    def _paint_counts(self, painter: QPainter, card: Card, row: QRectF) -> None:
        t = theme.current()
        painter.setFont(theme.font(theme.CAPTION_PX))
        metrics = QFontMetrics(painter.font())
        right = card.duration or (card.when if card.person else "")
        width = metrics.horizontalAdvance(right)
        painter.setPen(QColor(t.text2))
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, right)
        left = self.tr("no labels") if not card.labels else self.tr("{0} labels").format(f"{card.labels:,}")
        if card.labels == 1:
            left = self.tr("1 label")
        if card.differs is False and card.labels:
            longer = left + " · " + self.tr("= no change")
            short = self.tr("= no change")
            left = next((w for w in (longer, short) if metrics.horizontalAdvance(w) <= row.width() - width - 8), "=")
        _text(painter, row.adjusted(0, 0, -width - 8, 0), left)

    def _paint_rework(self, painter: QPainter, loop: model.Rework) -> None:
        """An arc that leaves the rejected review's bottom and enters the next card from below."""
        t = theme.current()
        start, end = self.card_rect(loop.start), self.card_rect(loop.start + 1)
        y = start.bottom()
        x0, x1 = start.center().x(), end.center().x()
        path = QPainterPath(QPointF(x0, y + 1))
        path.lineTo(x0, y + DIP - 4)
        path.quadTo(x0, y + DIP, x0 + 4, y + DIP)
        path.lineTo(x1 - 4, y + DIP)
        path.quadTo(x1, y + DIP, x1, y + DIP - 4)
        path.lineTo(x1, y + 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(t.error), 1.5))
        painter.drawPath(path)
        painter.drawLine(QPointF(x1 - 3.5, y + 5.5), QPointF(x1, y + 2))
        painter.drawLine(QPointF(x1 + 3.5, y + 5.5), QPointF(x1, y + 2))
        text = self.tr("Rework {0}").format(loop.number)
        if loop.after:
            text += " · " + self.tr("after {0}").format(loop.after)
        painter.setFont(theme.font(theme.CAPTION_PX, 500))
        width = QFontMetrics(painter.font()).horizontalAdvance(text) + 18
        box = QRectF((x0 + x1) / 2 - width / 2 - 4, y + DIP - 7, width + 8, 14)
        painter.fillRect(box, QColor(t.window))
        marks.draw_icon(
            painter, "undo-2", QPointF(box.left() + 4, box.top() + 1), 12, t.error, self.devicePixelRatioF()
        )
        painter.setPen(QColor(t.error))
        painter.drawText(box.adjusted(20, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)

    # ---- events ------------------------------------------------------------------------------------------

    def _at(self, x: float, y: float) -> int:
        for card in self._cards:
            if x >= model.TITLE_WIDTH - 4 and self.card_rect(card.index).contains(x, y):
                return card.index
        return -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hovered = self._at(event.position().x(), event.position().y())
        if hovered != self._hovered:
            self._hovered = hovered
            self.setCursor(Qt.CursorShape.PointingHandCursor if hovered >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = -1
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position().x(), event.position().y())
        if index >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._focused = index
            self.stage_chosen.emit(index)

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta().x() or event.angleDelta().y()
        self._scroll(-delta // 2)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None and self._cards:
            self._focused = max(0, min(self._focused + step, len(self._cards) - 1))
            self._reveal(self._focused)
            self._say()
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._cards:
            self.stage_chosen.emit(self._focused)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = event.reason() in (
            Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason,
        )  # fmt: skip
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ring = False
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._reveal(self._shown)
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        """Arrow keys before shortcuts while the cards have the focus, and the card's own tooltip."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Space) and (
                event.modifiers() == Qt.KeyboardModifier.NoModifier
            ):
                event.accept()
                return True
        elif event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self._at(event.pos().x(), event.pos().y())
            if index >= 0:
                QToolTip.showText(event.globalPos(), _plain(self._cards[index].tip), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)


def _text(painter: QPainter, box: QRectF, text: str) -> None:
    shown = QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def _plain(text: str) -> str:
    """Text of a tooltip that Qt must not read as markup."""
    return "<p style='white-space:pre'>" + html.escape(text) + "</p>"
