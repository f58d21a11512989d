"""Rows and columns without Qt's own margins, dividers, headings and texts that shorten themselves."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QSizePolicy, QVBoxLayout, QWidget

from viewer.errors import one_line
from viewer.ui import theme


def row(*items: QWidget | QLayout | None, spacing: int = theme.SPACE_S, margins: tuple[int, ...] = ()) -> QHBoxLayout:
    """Items side by side; None is a gap that takes what is left. `margins`: (x, y) or (l, t, r, b)."""
    layout = QHBoxLayout()
    _fill(layout, items, spacing, margins)
    return layout


def column(*items: QWidget | QLayout | None, spacing: int = 0, margins: tuple[int, ...] = ()) -> QVBoxLayout:
    """Items below each other; None is a gap that takes what is left."""
    layout = QVBoxLayout()
    _fill(layout, items, spacing, margins)
    return layout


def _fill(
    layout: QHBoxLayout | QVBoxLayout,
    items: tuple[QWidget | QLayout | None, ...],
    spacing: int,
    margins: tuple[int, ...],
) -> None:
    if len(margins) == 2:
        margins = (margins[0], margins[1], margins[0], margins[1])
    left, top, right, bottom = margins or (0, 0, 0, 0)
    layout.setContentsMargins(left, top, right, bottom)
    layout.setSpacing(spacing)
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, QLayout):
            layout.addLayout(item)
        else:
            layout.addWidget(item)


class Divider(QWidget):
    """A line of one pixel between regions."""

    def __init__(self, parent: QWidget | None = None, *, vertical: bool = False) -> None:
        super().__init__(parent)
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)
        self.setSizePolicy(
            QSizePolicy.Policy.Fixed if vertical else QSizePolicy.Policy.Expanding,
            QSizePolicy.Policy.Expanding if vertical else QSizePolicy.Policy.Fixed,
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().divider)
        painter.end()


class Text(QLabel):
    """Plain text of one line in a role of the type scale; cut in the middle or at the end where it is too long.

    `tone` names the token of its colour (``text``, ``text2``, ``text3``, ``warn``…). The whole text is the
    tooltip only while it is cut.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        pixels: int = theme.BODY_PX,
        weight: int = 400,
        tone: str = "text",
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideNone,
        ids: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(pixels, weight, ids=ids))
        self._tone = tone
        self._elide = elide
        self._pixels = pixels
        if elide != Qt.TextElideMode.ElideNone:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            self.setMinimumWidth(24)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(one_line(text))

    def set_tone(self, tone: str) -> None:
        """Another colour."""
        self._tone = tone
        self.update()

    def sizeHint(self) -> QSize:
        width = QFontMetrics(self.font()).horizontalAdvance(self.text())
        return QSize(width + 1, max(theme.line_of(self._pixels), super().sizeHint().height()))

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return hint if self._elide == Qt.TextElideMode.ElideNone else QSize(24, hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        metrics = QFontMetrics(self.font())
        shown = self.text()
        if self._elide != Qt.TextElideMode.ElideNone:
            shown = metrics.elidedText(shown, self._elide, self.width())
            tip = self.text() if shown != self.text() else ""
            if self.toolTip() != tip:
                self.setToolTip(tip)
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(getattr(theme.current(), self._tone))
        if not self.isEnabled():
            painter.setOpacity(0.5)
        painter.drawText(self.rect(), self.alignment() | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()


def heading(text: str, parent: QWidget | None = None) -> Text:
    """The name of a block."""
    return Text(text, parent, weight=600)
