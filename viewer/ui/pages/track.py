"""The track of the page bar: density of labels, key frames of the selected object, and the playhead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from viewer.ui import theme
from viewer.ui.pages import columns
from viewer.ui.widgets.signs import sign_colour

PAD = 8
CHANGES = 5
"""Height of the band that shows where A and B differ."""


class PageTrack(QWidget):
    """A time line of pages. Live while dragging; the wheel steps one page."""

    page_wanted = Signal(int)
    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._count = 1
        self._page = 0
        self._pages = np.zeros(0, np.int64)
        self._weights = np.zeros(0)
        self._keys: tuple[int, ...] = ()
        self._changes: dict[int, str] = {}
        self._spans: list[tuple[int, int, str]] | None = None
        self._picture: QImage | None = None
        self._picture_for: tuple[int, str] = (0, "")
        self._hover: float | None = None

    def sizeHint(self) -> QSize:
        return QSize(400, 36)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 32)

    def set_pages(self, count: int) -> None:
        """How many pages there are."""
        self._count = max(1, count)
        self._picture = self._spans = None
        self.update()

    def set_page(self, page: int) -> None:
        """Where the playhead stands."""
        if page != self._page:
            self._page = page
            self.update()

    def set_marks(self, labels_by_page: dict[int, int]) -> None:
        """How many labels were exported on each page."""
        self._pages = np.fromiter(labels_by_page.keys(), np.int64, len(labels_by_page))
        self._weights = np.fromiter(labels_by_page.values(), np.float64, len(labels_by_page))
        self._picture = None
        self.update()

    def set_keys(self, pages: Sequence[int]) -> None:
        """Key frames of the selected object."""
        self._keys = tuple(pages)
        self.update()

    def set_changes(self, kinds: Mapping[int, str]) -> None:
        """The sign of what changed most on each page, from A to B; empty while nothing is compared."""
        self._changes = dict(kinds)
        self._spans = None
        self.update()

    def changed_spans(self) -> list[tuple[int, int, str]]:
        """Where the band of changes is marked: (left, right, sign) in pixels of this widget."""
        if self._spans is None:
            found = columns.spans(self._changes, self._count, self.width() - 2 * PAD)
            self._spans = [(PAD + left, PAD + right, sign) for left, right, sign in found]
        return self._spans

    def _x(self, page: float) -> float:
        return PAD + columns.x_of_page(page, self._count, self.width() - 2 * PAD)

    def _page_at(self, x: float) -> int:
        return columns.page_at(x - PAD, self._count, self.width() - 2 * PAD)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        width, middle = self.width() - 2 * PAD, self.height() // 2
        painter.drawImage(PAD, 4, self._density(width, middle - 4, t.text3))
        painter.fillRect(PAD, middle, width, 1, QColor(t.border))
        below = middle + 1
        if self._changes:
            for left, right, sign in self.changed_spans():
                painter.fillRect(left, below, right - left, CHANGES, QColor(sign_colour(sign, paper=not t.dark)))
            below += CHANGES
        painter.setFont(theme.font(theme.CAPTION_PX))
        painter.setPen(QColor(t.text3))
        for page in columns.ticks(self._count, width):
            x = self._x(page)
            if x > self.width() - 24:
                continue  # its number would lie over what stands at the right
            painter.fillRect(QRectF(x, below, 1, 3), QColor(t.strong))
            painter.drawText(
                QRectF(x - 40, below + 2, 80, self.height() - below - 2),
                Qt.AlignmentFlag.AlignCenter,
                f"{page + 1:,}",
            )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for page in self._keys:
            x = self._x(page)
            size = 5.0 if page == self._page else 3.5
            painter.setPen(QPen(QColor(t.panel), 1.0))
            painter.setBrush(QColor(t.text))
            painter.drawPolygon(
                QPolygonF(
                    [
                        QPointF(x, middle - size),
                        QPointF(x + size, middle),
                        QPointF(x, middle + size),
                        QPointF(x - size, middle),
                    ]
                )
            )
        if self._hover is not None:
            painter.fillRect(
                QRectF(self._x(self._page_at(self._hover)) - 0.5, 2, 1, self.height() - 4), QColor(t.strong)
            )
        x = self._x(self._page)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.accent))
        painter.drawRect(QRectF(x - 0.75, 2, 1.5, self.height() - 4))
        painter.drawPolygon(QPolygonF([QPointF(x - 6, 0), QPointF(x + 6, 0), QPointF(x, 8)]))
        painter.end()

    def _density(self, width: int, height: int, colour: str) -> QImage:
        """Bars of label density, painted once for a width and a theme."""
        if self._picture is not None and self._picture_for == (width, colour):
            return self._picture
        shares = columns.density(self._pages, self._weights, self._count, width)
        pixels = np.zeros((max(height, 1), max(width, 1)), np.uint8)
        # also a page with one label among pages of hundreds has to be seen: half of the height is for being there
        tall = np.where(shares > 0, np.ceil(height * (0.35 + 0.65 * shares)), 0).astype(int)
        for row in range(height):
            pixels[row, : len(tall)] = np.where(tall >= height - row, 97, 0)
        ground = QColor(colour)
        buffer = np.empty((max(height, 1), max(width, 1), 4), np.uint8)
        buffer[..., 0], buffer[..., 1], buffer[..., 2] = ground.blue(), ground.green(), ground.red()
        buffer[..., 3] = pixels
        image = QImage(buffer.data, buffer.shape[1], buffer.shape[0], QImage.Format.Format_ARGB32).copy()
        self._picture, self._picture_for = image, (width, colour)
        return image

    # ---- events ------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.page_wanted.emit(self._page_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = event.position().x()
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.page_wanted.emit(self._page_at(self._hover))
        page = self._page_at(self._hover)
        text = self.tr("Page {0}").format(f"{page + 1:,}")
        if page in self._changes:
            text += self.tr(", changed")
        QToolTip.showText(event.globalPosition().toPoint(), text, self)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta().y() or event.angleDelta().x()
        if delta:
            self.stepped.emit(-1 if delta > 0 else 1)
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._picture = self._spans = None
