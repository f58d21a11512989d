"""A splitter whose handle is a line of one pixel in a wider zone to grab."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSplitter, QSplitterHandle, QWidget

from viewer.ui import theme

GRAB = 7


class _Line(QSplitterHandle):
    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(t.panel))
        middle = GRAB // 2
        if self.orientation() == Qt.Orientation.Vertical:
            painter.fillRect(0, middle, self.width(), 1, QColor(t.divider))
        else:
            painter.fillRect(middle, 0, 1, self.height(), QColor(t.divider))
        painter.end()


class LineSplitter(QSplitter):
    """Panes do not collapse."""

    def __init__(self, orientation: Qt.Orientation, parent: QWidget | None = None) -> None:
        super().__init__(orientation, parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(GRAB)

    def createHandle(self) -> QSplitterHandle:
        return _Line(self.orientation(), self)
