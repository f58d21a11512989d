"""What all dialogs of the window have in common: what Enter does, and a line for desktops that draw no frame."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QDialog

from viewer.ui import theme
from viewer.ui.widgets.answer_row import AnswerRow


class Dialog(QDialog):
    """A dialog with an edge: the window behind has the same ground, and so has a dialog above another one.

    Enter presses the button that has the keyboard, and gives the answer from everywhere else.
    """

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, where nothing inside took it: Qt knows a default only among its own push buttons."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        focused = self.focusWidget()
        if isinstance(focused, QAbstractButton) and not focused.isCheckable():
            focused.click()
            return
        row = self.findChild(AnswerRow, options=Qt.FindChildOption.FindDirectChildrenOnly)
        if row is not None:
            row.yes.click()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground, and one pixel around it."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(QColor(theme.current().border))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
