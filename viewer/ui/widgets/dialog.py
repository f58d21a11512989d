"""What all dialogs of the window have in common: a line around them, for desktops that draw no frame."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog

from viewer.ui import theme


class Dialog(QDialog):
    """A dialog with an edge: the window behind has the same ground, and so has a dialog above another one."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground, and one pixel around it."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(QColor(theme.current().border))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
