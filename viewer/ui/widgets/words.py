"""Plain text that breaks into lines, in a tone of the theme; and the same in a box, for what went wrong."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from viewer.errors import one_line
from viewer.limits import TEXT_SHOWN
from viewer.log import redact
from viewer.ui import icons, theme
from viewer.ui.widgets.layout import row


class Words(QLabel):
    """One or more lines. Secrets that libraries or servers may put into a sentence are cut out."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, pixels: int = theme.BODY_PX, tone: str = "text2"
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setFont(theme.font(pixels))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._tone = tone
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(one_line(redact(text))[:TEXT_SHOWN])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(QColor(getattr(theme.current(), self._tone)))
        if not self.isEnabled():
            painter.setOpacity(0.5)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect(), flags, self.text())
        painter.end()


class FailureBox(QWidget):
    """Why something did not work, inside of a dialog; hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = Words("", self, tone="text")
        self.setLayout(row(self.words, margins=(theme.SPACE_M + 16 + theme.SPACE_S, 10, theme.SPACE_M, 10)))
        self.hide()

    @property
    def text(self) -> str:
        """What it says; "" while it is hidden."""
        return "" if self.isHidden() else self.words.text()

    def tell(self, text: str) -> None:
        """Say it; "" hides the box."""
        self.words.setText(text)
        self.setAccessibleName(self.words.text())
        self.setVisible(bool(text))

    def minimumSizeHint(self) -> QSize:
        width = self.width() if self.width() > 200 else 400
        return QSize(200, self.heightForWidth(width) if self.hasHeightForWidth() else super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.error_ground))
        painter.drawRoundedRect(QRectF(self.rect()), theme.RADIUS_CONTROL, theme.RADIUS_CONTROL)
        picture = icons.pixmap("circle-alert", 16, t.error, self.devicePixelRatioF())
        painter.drawPixmap(theme.SPACE_M, 11, picture)
        painter.end()
