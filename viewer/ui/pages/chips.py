"""A few pages as chips with their numbers, pictures where there are some, and a bar of how many labels each has."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.ui import theme
from viewer.ui.widgets import marks
from viewer.ui.widgets.signs import sign_colour

WIDTH, PICTURE_WIDTH, GAP = 36, 52, 4


class PageChips(QWidget):
    """One chip per page; a click goes there."""

    page_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._count = 1
        self._page = 0
        self._labels: dict[int, int] = {}
        self._pictures: dict[int, QImage] = {}
        self._changes: dict[int, str] = {}
        self._hover = -1

    def sizeHint(self) -> QSize:
        return QSize(self._count * (WIDTH + GAP), 36)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 32)

    def set_pages(self, count: int) -> None:
        """How many pages there are; pictures of other ones are forgotten."""
        self._count = max(1, count)
        self._pictures.clear()
        self.update()

    def set_page(self, page: int) -> None:
        """Which one is shown."""
        self._page = page
        self.update()

    def set_marks(self, labels_by_page: dict[int, int]) -> None:
        """Labels of each page."""
        self._labels = labels_by_page
        self.update()

    def set_changes(self, kinds: Mapping[int, str]) -> None:
        """The sign of what changed most on each page, from A to B; empty while nothing is compared."""
        self._changes = dict(kinds)
        self.update()

    def set_picture(self, page: int, picture: QImage) -> None:
        """A small picture of a page."""
        self._pictures[page] = picture
        self.update()

    def chip_rect(self, page: int) -> QRectF:
        """Where a chip is."""
        width = float(PICTURE_WIDTH if self._pictures else WIDTH)
        width = min(width, (self.width() - GAP * (self._count - 1)) / self._count)
        return QRectF(page * (width + GAP), 4, width, self.height() - 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        most = max(self._labels.values(), default=0)
        for page in range(self._count):
            box = self.chip_rect(page)
            on = page == self._page
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.pressed if on else t.raised if page == self._hover else t.hover))
            painter.drawRoundedRect(box, theme.RADIUS_CHIP, theme.RADIUS_CHIP)
            picture = self._pictures.get(page)
            text = box.adjusted(0, 0, 0, -7)
            if picture is not None:
                size = picture.size().scaled(int(box.width()) - 4, int(box.height()) - 9, _KEEP)
                painter.drawImage(QRectF(box.left() + 2, box.top() + 2, size.width(), size.height()), picture)
                text = QRectF(
                    box.left() + size.width() + 2, box.top(), box.width() - size.width() - 4, box.height() - 7
                )
            painter.setPen(QColor(t.text if on else t.text2))
            painter.setFont(theme.font(theme.CAPTION_PX, 600 if on else 400))
            painter.drawText(text, Qt.AlignmentFlag.AlignCenter, f"{page + 1}")
            count = self._labels.get(page, 0)
            bar = QRectF(box.left() + 4, box.bottom() - 6, box.width() - 8, 3)
            marks.draw_bar(painter, bar, ((count / most if most else 0.0, t.text3),), groove=t.border)
            sign = self._changes.get(page)
            if sign is not None:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(sign_colour(sign, paper=not t.dark)))
                painter.drawRoundedRect(QRectF(box.right() - 9, box.top() + 3, 6, 5), 2, 2)
            if on:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(t.accent), 1.5))
                painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS_CHIP, theme.RADIUS_CHIP)
        painter.end()

    def _at(self, x: float, y: float) -> int:
        return next((page for page in range(self._count) if self.chip_rect(page).contains(x, y)), -1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        page = self._at(event.position().x(), event.position().y())
        if page >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.page_wanted.emit(page)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._at(event.position().x(), event.position().y())
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = -1
        self.update()


_KEEP = Qt.AspectRatioMode.KeepAspectRatio
