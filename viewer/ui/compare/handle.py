"""The line between the two sides of a swipe, with a round handle to drag it or to move it by keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from viewer.ui import theme

ROUND = 28
LINE = 2
GRIP = 9
"""Logical pixels around the line that take the pointer."""
STEP, LARGE_STEP = 0.01, 0.1
_KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)


class SwipeHandle(QWidget):
    """`share` of the width lies at its left, 0 to 1."""

    moved = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.share = 0.5
        self._grabbed: float | None = None
        self._ring = False
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Swipe line"))
        self.setAccessibleDescription(self.tr("Left and right arrow keys move it"))

    def place(self, frame: QRect) -> None:
        """Stand at the share of a frame, over its whole height."""
        middle = frame.left() + round(self.share * frame.width())
        self.setGeometry(middle - ROUND // 2 - 2, frame.top(), ROUND + 4, frame.height())
        circle = self._circle().toAlignedRect().adjusted(-3, -3, 3, 3)
        line = QRect((self.width() - GRIP) // 2, 0, GRIP, self.height())
        self.setMask(QRegion(line).united(QRegion(circle, QRegion.RegionType.Ellipse)))

    def set_share(self, share: float) -> None:
        """Move the line."""
        share = min(max(share, 0.0), 1.0)
        if share != self.share:
            self.share = share
            self.moved.emit()

    def _circle(self) -> QRectF:
        return QRectF((self.width() - ROUND) / 2, (self.height() - ROUND) / 2, ROUND, ROUND)

    def paintEvent(self, event: QPaintEvent) -> None:
        """White between black edges: it stands out from any picture."""
        painter = QPainter(self)
        middle = self.width() // 2
        painter.fillRect(middle - LINE // 2 - 1, 0, LINE + 2, self.height(), QColor("black"))
        painter.fillRect(middle - LINE // 2, 0, LINE, self.height(), QColor("white"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        circle = self._circle()
        painter.setPen(QPen(QColor(theme.current().accent) if self._ring else QColor("black"), 2 if self._ring else 1))
        painter.setBrush(QColor("white"))
        painter.drawEllipse(circle.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setPen(QPen(QColor("black"), 1.6))
        centre = circle.center()
        for sign in (-1, 1):
            tip, back = centre.x() + sign * 7.5, centre.x() + sign * 4.0
            painter.drawPolyline(
                [QPointF(back, centre.y() - 3.5), QPointF(tip, centre.y()), QPointF(back, centre.y() + 3.5)]
            )
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grabbed = event.position().x() - self.width() / 2

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        parent = self.parentWidget()
        if self._grabbed is not None and parent is not None and parent.width() > 0:
            x = self.mapToParent(event.position()).x() - self._grabbed
            self.set_share(x / parent.width())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Back to the middle."""
        self.set_share(0.5)

    def event(self, event: QEvent) -> bool:
        """The arrow keys are the line's while it has the focus, not the window's."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = LARGE_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.set_share(self.share + (step if event.key() == Qt.Key.Key_Right else -step))
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.set_share(0.0 if event.key() == Qt.Key.Key_Home else 1.0)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = event.reason() != Qt.FocusReason.MouseFocusReason
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ring = False
        self.update()
