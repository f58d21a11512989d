"""The card beside a label under the pointer: what it is, in a few words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QWidget

DELAY_MS = 350
OFFSET_PX = 14
WRAP_FROM = 320


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
        self._plain = ""
        self._at = QPointF()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._show)
        self.hide()

    def start(self, object_id: str | None, at: QPointF, *, text: str = "") -> None:
        """Another label is under the pointer, or none. `text`: these words, plain ones, instead of its own."""
        self.hide_card()
        self._object_id, self._at, self._plain = object_id, at, text
        if text or (object_id is not None and self.text_of is not None):
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
        text = self._plain
        if not text and self.text_of and self._object_id is not None:
            text = self.text_of(self._object_id)
        if not text:
            return
        self.setTextFormat(Qt.TextFormat.PlainText if self._plain else Qt.TextFormat.RichText)
        self.setWordWrap(bool(self._plain) and QFontMetrics(self.font()).horizontalAdvance(text) > WRAP_FROM)
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
