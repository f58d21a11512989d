"""A row of tabs with counts, painted by tokens; keys and accessibility are those of QTabBar."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QTabBar, QWidget

from viewer.ui import theme
from viewer.ui.widgets.focus import KEYBOARD

HEIGHT = 40
_PAD = 8
_GAP = 6
_LEAST = 44
"""Width of a tab from which its name is cut."""


class CountTabs(QTabBar):
    """Where the row is too narrow counts give way, then the ends of names."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ring = False
        self._names: list[str] = []
        self.setFont(theme.font(theme.BODY_PX, 500))
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setMouseTracking(True)
        self.setFixedHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def add(self, name: str) -> int:
        """One more tab; its index."""
        self._names.append(name)
        index = self.addTab(name)
        self.setTabToolTip(index, name)
        return index

    def set_count(self, index: int, count: int | None) -> None:
        """The number behind a name."""
        text = self._names[index] if count is None else f"{self._names[index]} {count:,}"
        if self.tabText(index) != text:
            self.setTabText(index, text)
            self.setAccessibleTabName(index, text)

    def _count(self, index: int) -> str:
        return self.tabText(index)[len(self._names[index]) :]

    def tabSizeHint(self, index: int) -> QSize:
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self.tabText(index)) + 2 * _PAD, HEIGHT)

    def minimumTabSizeHint(self, index: int) -> QSize:
        return QSize(min(QFontMetrics(self.font()).horizontalAdvance(self._names[index]) + _GAP, _LEAST), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        width = sum(self.minimumTabSizeHint(i).width() for i in range(self.count()) if self.isTabVisible(i))
        return QSize(width, HEIGHT)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = event.reason() in KEYBOARD
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ring = False
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._ring = True
        super().keyPressEvent(event)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        metrics = QFontMetrics(self.font())
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        hot = self.tabAt(self.mapFromGlobal(self.cursor().pos())) if self.underMouse() else -1
        for index in range(self.count()):
            if not self.isTabVisible(index):
                continue
            rect: QRect = self.tabRect(index)
            name, count = self._names[index], self._count(index)
            whole = metrics.horizontalAdvance(name + count)
            if whole + _GAP > rect.width():
                name, count = metrics.elidedText(name, Qt.TextElideMode.ElideRight, rect.width() - _GAP), ""
                whole = metrics.horizontalAdvance(name)
            x = rect.left() + min(_PAD, (rect.width() - whole) // 2)
            chosen = index == self.currentIndex()
            painter.setPen(QColor(t.text if chosen or index == hot else t.text2))
            painter.drawText(QRect(x, 0, whole + 2, HEIGHT - 1), left, name)
            if count:
                painter.setPen(QColor(t.text3))
                painter.drawText(QRect(x + metrics.horizontalAdvance(name), 0, whole, HEIGHT - 1), left, count)
            if chosen:
                painter.fillRect(x, HEIGHT - 2, whole, 2, QColor(t.accent))
                if self._ring:
                    painter.setPen(QPen(QColor(t.accent), 2.0))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    box = QRectF(x - 5, 7, whole + 10, HEIGHT - 15)
                    painter.drawRoundedRect(box, theme.RADIUS_CONTROL, theme.RADIUS_CONTROL)
        painter.end()
