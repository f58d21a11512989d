"""The card beside a label under the pointer: what it is, in a few words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget

DELAY_MS = 350
OFFSET_PX = 14


class HoverCard(QLabel):
    """A small label over the canvas that takes no mouse events. `text_of` gives rich text for an object id."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas = parent
        self.setObjectName("hover_card")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setMargin(8)
        self.setAutoFillBackground(True)
        self.setMaximumWidth(360)
        self.setWordWrap(False)
        self.text_of: Callable[[str], str] | None = None
        self._object_id: str | None = None
        self._at = QPointF()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._show)
        self.hide()

    def start(self, object_id: str | None, at: QPointF) -> None:
        """Another label is under the pointer, or none."""
        self.hide_card()
        self._object_id, self._at = object_id, at
        if object_id is not None and self.text_of is not None:
            self._timer.start()

    def follow(self, at: QPointF) -> None:
        """The pointer moved on the same label: a card that waits appears where it rests."""
        self._at = at
        if self._timer.isActive():
            self._timer.start()

    def hide_card(self) -> None:
        """No card until another label is under the pointer."""
        self._timer.stop()
        self.hide()

    def _show(self) -> None:
        text = self.text_of(self._object_id) if self.text_of and self._object_id is not None else ""
        if not text:
            return
        self.setText(text)
        self.adjustSize()
        parent = self._canvas
        x, y = round(self._at.x()) + OFFSET_PX, round(self._at.y()) + OFFSET_PX
        if x + self.width() > parent.width():
            x = round(self._at.x()) - OFFSET_PX - self.width()
        if y + self.height() > parent.height():
            y = round(self._at.y()) - OFFSET_PX - self.height()
        self.move(max(x, 0), max(y, 0))
        self.show()
        self.raise_()
