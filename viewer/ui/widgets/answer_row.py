"""The last row of a dialog: Cancel, and at the right the answer that Enter gives."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from viewer.ui import theme
from viewer.ui.widgets.buttons import FlatButton
from viewer.ui.widgets.layout import row


class AnswerRow(QWidget):
    """Told by `accepted` or `rejected`. Esc is the dialog's own."""

    accepted = Signal()
    rejected = Signal()

    def __init__(self, answer: str, refusal: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.yes = _Answer(answer, self, look="primary", height=theme.CONTROL)
        self.no = _Answer(refusal, self, look="framed", height=theme.CONTROL)
        self.setLayout(row(None, self.no, self.yes))
        QWidget.setTabOrder(self.no, self.yes)
        self.yes.clicked.connect(self.accepted)
        self.no.clicked.connect(self.rejected)


class _Answer(FlatButton):
    """Enter presses it while it has the focus, as dialogs do."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter as well as Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)
