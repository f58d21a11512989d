"""What is told beside the work: a bar for lasting facts, a card for what just happened. Neither takes the focus."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from viewer.errors import one_line
from viewer.limits import TEXT_SHOWN
from viewer.log import redact
from viewer.ui import icons, theme
from viewer.ui.widgets.buttons import FlatButton, IconButton
from viewer.ui.widgets.layout import row
from viewer.ui.widgets.marks import draw_card

SHOWN_MS = 6_000
WIDTH = 320
MARGIN = 12

Answer = tuple[str, Callable[[], object]]
"""(text of the button, what it does)"""


class _Words(QLabel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setFont(theme.font(theme.SECOND_PX))


class NoticeBar(QWidget):
    """36 px above the canvas: a fact about the asset or the export, with what can be done; it can be dismissed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = _Words(self)
        self._button = FlatButton("", self, look="framed", height=theme.CONTROL_SMALL, pixels=theme.SECOND_PX)
        self._close = IconButton("x", self.tr("Dismiss"), self)
        self._act: Callable[[], object] | None = None
        self._dismissed: set[str] = set()
        layout = row(self._words, self._button, self._close, margins=(theme.SPACE_M + 24, 4, theme.SPACE_S, 4))
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self.setMinimumHeight(36)
        self._button.clicked.connect(self._do)
        self._close.clicked.connect(self.dismiss)
        self.hide()

    def tell(self, text: str, answer: Answer | None = None) -> None:
        """Show a fact, unless it was dismissed before; "" takes the bar away."""
        if not text or text in self._dismissed:
            self.hide()
            return
        self._words.setText(one_line(redact(text))[:TEXT_SHOWN])
        self._act = None if answer is None else answer[1]
        self._button.setVisible(answer is not None)
        if answer is not None:
            self._button.setText(answer[0])
            self._button.updateGeometry()
        self.setAccessibleName(text)
        self.show()

    @property
    def text(self) -> str:
        """What it says; "" when it is away."""
        return "" if self.isHidden() else self._words.text()

    def dismiss(self) -> None:
        """Away with it, for as long as the program runs."""
        self._dismissed.add(self._words.text())
        self.hide()

    def _do(self) -> None:
        self.hide()
        if self._act is not None:
            self._act()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(t.warn_ground))
        picture = icons.pixmap("triangle-alert", 16, t.warn, self.devicePixelRatioF())
        painter.drawPixmap(theme.SPACE_M, (self.height() - 16) // 2, picture)
        painter.end()


class Notifications(QObject):
    """Cards at the bottom left of a widget, one at a time, six seconds each; failures stay until dismissed."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._queue: deque[tuple[str, Answer | None, bool]] = deque(maxlen=20)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._next)
        self.card = _Card(over)
        self.card.dismissed.clicked.connect(self._next)
        self.card.hide()
        over.installEventFilter(self)

    def tell(self, text: str, answer: Answer | None = None, *, stays: bool = False) -> None:
        """Say something that just happened. `stays`: until it is dismissed."""
        if self.card.isVisible() and self.card.text == one_line(text):
            return
        self._queue.append((text, answer, stays))
        if not self.card.isVisible() or self._timer.isActive():
            self._next()

    def _next(self) -> None:
        self._timer.stop()
        if not self._queue:
            self.card.hide()
            return
        text, answer, stays = self._queue.popleft()
        self.card.show_words(text, answer, self._next)
        self._place()
        if not stays:
            self._timer.start(SHOWN_MS)

    def _place(self) -> None:
        size = self.card.sizeHint()
        height = max(40, self.card.heightForWidth(WIDTH) if self.card.hasHeightForWidth() else size.height())
        width = min(WIDTH, self._over.width() - 2 * MARGIN)
        self.card.setGeometry(MARGIN, self._over.height() - height - MARGIN, width, height)
        self.card.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner."""
        if watched is self._over and event.type() == QEvent.Type.Resize and self.card.isVisible():
            self._place()
        return super().eventFilter(watched, event)


class _Card(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = _Words(self)
        self._button = FlatButton("", self, height=theme.CONTROL_SMALL, pixels=theme.SECOND_PX)
        self.dismissed = IconButton("x", self.tr("Dismiss"), self, icon_size=14)
        for button in (self._button, self.dismissed):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = row(self._words, self._button, self.dismissed, margins=(theme.SPACE_M, 6, 6, 6))
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self._act: Callable[[], object] | None = None
        self._done: Callable[[], object] | None = None
        self._button.clicked.connect(self._do)

    @property
    def text(self) -> str:
        return self._words.text()

    def show_words(self, text: str, answer: Answer | None, done: Callable[[], object]) -> None:
        self._words.setText(one_line(redact(text))[:TEXT_SHOWN])
        self._button.setVisible(answer is not None)
        self._act, self._done = (None if answer is None else answer[1]), done
        if answer is not None:
            self._button.setText(answer[0])
            self._button.updateGeometry()
        self.setAccessibleName(text)
        self.show()

    def _do(self) -> None:
        if self._done is not None:
            self._done()
        if self._act is not None:
            self._act()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_card(painter, QRectF(self.rect()), theme.current().raised)
        painter.end()
