"""The status row: where the pointer is and what lies there, facts of the file, what is missing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from viewer import __version__
from viewer.ui import theme
from viewer.ui.widgets.buttons import FlatButton
from viewer.ui.widgets.layout import Text, row

HEIGHT = 24


class _ReadOut(Text):
    """A value in a place of fixed width; a dash where there is none."""

    def __init__(self, dash: str, width: int, parent: QWidget) -> None:
        super().__init__("", parent, pixels=theme.CAPTION_PX, tone="text2")
        self._dash = dash
        self.setFixedWidth(width)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.text():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(QColor(theme.current().text3))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self._dash)
        painter.end()


class StatusItem(FlatButton):
    """A fact that leads somewhere."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("", parent, height=20)
        self.setFont(theme.font(theme.CAPTION_PX))
        self.hide()

    def grounds(self) -> tuple[str, str, str]:
        t = theme.current()
        hot = self.underMouse() or self.isDown()
        return t.hover if hot else "", "", t.text if hot else t.text2


class StatusRow(QWidget):
    """24 px. Texts only; each is replaced as a whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.pointer = _ReadOut("x —   y —", 120, self)
        self.pixel = _ReadOut("—", 110, self)
        self.media = Text("", self, pixels=theme.CAPTION_PX, tone="text3", elide=Qt.TextElideMode.ElideRight)
        self.facts = Text("", self, pixels=theme.CAPTION_PX, tone="text3")
        self.missing = StatusItem(self)
        self.transfers = StatusItem(self)
        self.cache = StatusItem(self)
        parts = (self.pointer, self.pixel, self.media, self.facts, self.missing, self.transfers, self.cache)
        layout = row(*parts, spacing=theme.SPACE_L, margins=(12, 0))
        layout.setStretch(2, 1)
        self.setLayout(layout)

    def set_open(self, on: bool) -> None:
        """Whether an export is open; else there is nothing to point at, and the version stands here."""
        self.pointer.setVisible(on)
        self.pixel.setVisible(on)
        self.media.setText("" if on else self.tr("Version {0}").format(__version__))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.current().panel))
        painter.fillRect(0, 0, self.width(), 1, QColor(theme.current().divider))
        painter.end()
