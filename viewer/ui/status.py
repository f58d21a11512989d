"""The status row: where the pointer is and what lies there, facts of the file, what is missing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from viewer.ui import theme
from viewer.ui.widgets.layout import Text, row

HEIGHT = 24


class StatusRow(QWidget):
    """24 px. Texts only; each is replaced as a whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.pointer = Text("", self, pixels=theme.CAPTION_PX, tone="text2")
        self.pointer.setFixedWidth(150)
        self.pixel = Text("", self, pixels=theme.CAPTION_PX, tone="text2")
        self.pixel.setFixedWidth(130)
        self.media = Text("", self, pixels=theme.CAPTION_PX, tone="text3", elide=Qt.TextElideMode.ElideRight)
        self.facts = Text("", self, pixels=theme.CAPTION_PX, tone="text3")
        layout = row(self.pointer, self.pixel, self.media, self.facts, spacing=theme.SPACE_L, margins=(12, 0))
        layout.setStretch(2, 1)
        self.setLayout(layout)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.current().panel))
        painter.fillRect(0, 0, self.width(), 1, QColor(theme.current().divider))
        painter.end()
