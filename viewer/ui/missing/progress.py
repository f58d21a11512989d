"""What is under way in the background, at the bottom left of the canvas: words, a bar, and Cancel."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from viewer.ui import theme
from viewer.ui.notify import MARGIN, WIDTH
from viewer.ui.widgets.buttons import FlatButton
from viewer.ui.widgets.layout import Text, column, row
from viewer.ui.widgets.marks import draw_card
from viewer.ui.widgets.progress_line import ProgressLine

AFTER_MS = 500
"""What is done sooner is not worth a word."""


class ProgressCard(QWidget):
    """Shown only when something takes longer than half a second."""

    cancelled = Signal()

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.words = Text("", self, pixels=theme.SECOND_PX, elide=Qt.TextElideMode.ElideMiddle)
        self.count = Text("", self, pixels=theme.CAPTION_PX, tone="text3")
        self._bar = ProgressLine(self)
        self.stop = FlatButton(self.tr("Cancel"), self, height=theme.CONTROL_SMALL, pixels=theme.SECOND_PX)
        first = row(self.words, self.stop, spacing=theme.SPACE_S)
        first.setStretch(0, 1)
        self.setLayout(
            column(first, self.count, self._bar, spacing=theme.SPACE_XS,
                   margins=(theme.SPACE_M, theme.SPACE_S, theme.SPACE_S, theme.SPACE_M))
        )  # fmt: skip
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(AFTER_MS)
        self._wait.timeout.connect(self._appear)
        self.stop.clicked.connect(self.cancelled)
        over.installEventFilter(self)
        self.hide()

    def begin(self, words: str) -> None:
        """Something begins, or goes on with something else."""
        self.words.setText(words)
        self.setAccessibleName(words)
        self.tell(0, 0)
        if not self.isVisible() and not self._wait.isActive():
            self._wait.start()

    def tell(self, done: int, total: int) -> None:
        """How far it is; `total` 0: nobody knows of how much."""
        self._bar.set_share(done / total if total else None)
        if total:
            self.count.setText(self.tr("{0} of {1} assets").format(f"{done:,}", f"{total:,}"))
        else:
            self.count.setText(self.tr("{0} assets").format(f"{done:,}"))

    def end(self) -> None:
        """It is over."""
        self._wait.stop()
        self.hide()

    def _appear(self) -> None:
        self._place()
        self.show()
        self.raise_()

    def _place(self) -> None:
        height = self.sizeHint().height()
        width = min(WIDTH, self._over.width() - 2 * MARGIN)
        self.setGeometry(MARGIN, self._over.height() - height - MARGIN, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner."""
        if watched is self._over and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_card(painter, QRectF(self.rect()), theme.current().raised)
        painter.end()
