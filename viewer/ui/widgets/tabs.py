"""A row of tabs with counts, painted by tokens; keys and accessibility are those of QTabBar."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QTabBar, QWidget

from viewer.ui import icons, theme
from viewer.ui.widgets.focus import KEYBOARD

HEIGHT = 40
_GAP = 6
_LEAST = 44
"""Width of a tab from which its name is cut."""
_ICON = 16


class _Look(NamedTuple):
    """How tabs are set, the roomiest way first."""

    pad: int
    name_px: int
    count_px: int
    icons: bool = False
    """Tabs that are not in front show an icon in place of their name."""
    most: int = 10_000
    """Pixels of a name; longer ones are cut."""
    counts: bool = True


LOOKS = (
    _Look(8, theme.BODY_PX, theme.BODY_PX),
    _Look(6, theme.BODY_PX, theme.CAPTION_PX),
    _Look(5, theme.SECOND_PX, theme.CAPTION_PX),
    _Look(8, theme.BODY_PX, theme.CAPTION_PX, icons=True),
    _Look(5, theme.SECOND_PX, theme.CAPTION_PX, icons=True),
    _Look(4, theme.SECOND_PX, theme.CAPTION_PX, icons=True, most=56),
    _Look(4, theme.SECOND_PX, theme.CAPTION_PX, icons=True, counts=False),
)
"""Where the row is too narrow numbers get smaller, then names give way to icons, and the counts go last."""


class CountTabs(QTabBar):
    """Names and counts as far as there is room for them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ring = False
        self._names: list[str] = []
        self._icons: list[str] = []
        self._look = LOOKS[0]
        self.setFont(theme.font(theme.BODY_PX, 500))
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setMouseTracking(True)
        self.setFixedHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.currentChanged.connect(lambda _index: self._fit())

    def add(self, name: str, icon: str = "") -> int:
        """One more tab; its index. `icon` stands for it where there is little room; without one its name is cut."""
        self._names.append(name)
        self._icons.append(icon)
        index = self.addTab(name)
        self.setTabToolTip(index, name)
        return index

    def set_count(self, index: int, count: int | None) -> None:
        """The number behind a name."""
        text = self._names[index] if count is None else f"{self._names[index]} {count:,}"
        if self.tabText(index) != text:
            self.setTabText(index, text)
            self.setAccessibleTabName(index, text)
            self.setTabToolTip(index, text)
            self._fit()

    def setTabVisible(self, index: int, visible: bool) -> None:
        super().setTabVisible(index, visible)
        self._fit()

    # ---- room --------------------------------------------------------------------------------------------

    def _count(self, index: int) -> str:
        return self.tabText(index)[len(self._names[index]) :].strip()

    def _shows_icon(self, index: int, look: _Look) -> bool:
        return look.icons and index != self.currentIndex() and bool(self._icons[index])

    def _widths(self, index: int, look: _Look) -> tuple[int, int]:
        """Of what stands for the name, and of the number with its gap."""
        name = _metrics(look.name_px).horizontalAdvance(self._names[index])
        name = _ICON if self._shows_icon(index, look) else min(name, look.most)
        count = self._count(index) if look.counts else ""
        return name, _metrics(look.count_px).horizontalAdvance(count) + 4 if count else 0

    def _wanted(self, index: int, look: _Look) -> int:
        return sum(self._widths(index, look)) + 2 * look.pad

    def _total(self, look: _Look) -> int:
        return sum(self._wanted(index, look) for index in range(self.count()) if self.isTabVisible(index))

    def _fit(self) -> None:
        """The roomiest look that fits."""
        look = next((look for look in LOOKS if self._total(look) <= self.width()), LOOKS[-1])
        if look.icons or look is not self._look:
            self._look = look
            self.setElideMode(self.elideMode())  # the one way to have QTabBar ask for all sizes again
        self.updateGeometry()
        self.update()

    def tabSizeHint(self, index: int) -> QSize:
        return QSize(self._wanted(index, self._look), HEIGHT)

    def minimumTabSizeHint(self, index: int) -> QSize:
        if self._shows_icon(index, LOOKS[-1]):
            return QSize(self._wanted(index, LOOKS[-1]), HEIGHT)
        return QSize(min(_metrics(theme.SECOND_PX).horizontalAdvance(self._names[index]) + _GAP, _LEAST), HEIGHT)

    def sizeHint(self) -> QSize:
        return QSize(self._total(LOOKS[0]), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        width = sum(self.minimumTabSizeHint(i).width() for i in range(self.count()) if self.isTabVisible(i))
        return QSize(width, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    # ---- events ------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = event.reason() in KEYBOARD
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ring = False
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._ring = True
        super().keyPressEvent(event)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hot = self.tabAt(self.mapFromGlobal(self.cursor().pos())) if self.underMouse() else -1
        for index in range(self.count()):
            if self.isTabVisible(index):
                self._paint_tab(painter, index, hot=index == hot)
        painter.end()

    def _paint_tab(self, painter: QPainter, index: int, *, hot: bool) -> None:
        t, look, rect = theme.current(), self._look, self.tabRect(index)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        chosen = index == self.currentIndex()
        name, count = self._names[index], self._count(index) if look.counts else ""
        name_width, count_width = self._widths(index, look)
        if name_width + count_width + _GAP > rect.width() and not self._shows_icon(index, look):
            count, count_width = "", 0
            name_width = rect.width() - _GAP
        if _metrics(look.name_px).horizontalAdvance(name) > name_width:
            name = _metrics(look.name_px).elidedText(name, Qt.TextElideMode.ElideRight, name_width)
        whole = name_width + count_width
        x = rect.left() + min(look.pad, (rect.width() - whole) // 2)
        ink = t.text if chosen or hot else t.text2
        if self._shows_icon(index, look):
            picture = icons.pixmap(self._icons[index], _ICON, ink, self.devicePixelRatioF())
            painter.drawPixmap(x, (HEIGHT - _ICON) // 2, picture)
        else:
            painter.setFont(_font(look.name_px))
            painter.setPen(QColor(ink))
            painter.drawText(QRect(x, 0, name_width + 2, HEIGHT - 1), left, name)
        if count:
            painter.setFont(_font(look.count_px))
            painter.setPen(QColor(t.text3))
            painter.drawText(QRect(x + name_width + 4, 0, count_width, HEIGHT - 1), left, count)
        if chosen:
            painter.fillRect(x, HEIGHT - 2, whole, 2, QColor(t.accent))
            if self._ring:
                painter.setPen(QPen(QColor(t.accent), 2.0))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                box = QRectF(x - 5, 7, whole + 10, HEIGHT - 15)
                painter.drawRoundedRect(box, theme.RADIUS_CONTROL, theme.RADIUS_CONTROL)


def _font(pixels: int) -> QFont:
    return theme.font(pixels, 500)


def _metrics(pixels: int) -> QFontMetrics:
    return QFontMetrics(_font(pixels))
