"""The chips above the asset list: what is filtered by, what can be with one click, and "+" for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.ui import icons, theme
from viewer.ui.assets import texts
from viewer.ui.assets.filters import Filter
from viewer.ui.assets.table import FACETS
from viewer.ui.widgets.buttons import FilterChip, FlatButton

HEIGHT = 32
GAP = 6
VALUE_WIDTH = 200
"""A longer value is cut in the middle."""
_CROSS = 18


class FacetChip(FilterChip):
    """What is chosen of one facet: a click opens its values, the cross (or Delete) takes it away."""

    removed = Signal()
    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setChecked(True)
        self.setMaximumWidth(VALUE_WIDTH)

    def show_values(self, facet: str, values: tuple[str, ...], *, on: bool) -> None:
        """Say what is chosen."""
        title = texts.facet_text(facet)
        words = ", ".join(texts.value_text(facet, value) for value in values)
        one = len(values) == 1
        self.setText(texts.value_text(facet, values[0]) if one else f"{title} {len(values):,}")
        self.setAccessibleName(self.tr("Filter {0}: {1}. Delete takes it away.").format(title, words)[:300])
        self.setToolTip("")
        self.setChecked(on)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint() + QSize(_CROSS, 0)
        return hint.boundedTo(QSize(VALUE_WIDTH, hint.height()))

    def nextCheckState(self) -> None:
        """Stays as the filter says."""

    def paint_content(self, painter: QPainter, ink: str) -> None:
        painter.setPen(ink)
        painter.setFont(self.font())
        box = self.rect().adjusted(10, 0, -10 - _CROSS, 0)
        text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, box.width() + 1)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        cross = icons.pixmap("x", 12, theme.current().text2, self.devicePixelRatioF())
        painter.drawPixmap(self.width() - 19, (self.height() - 12) // 2, cross)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.rect().contains(event.position().toPoint())
        if inside and event.button() == Qt.MouseButton.LeftButton:
            # the hit area of the cross is the whole height of the chip and 24 px wide
            (self.removed if event.position().x() >= self.width() - 24 else self.opened).emit()
        self.setDown(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        else:
            super().keyPressEvent(event)


class ChipBar(QWidget):
    """A row of chips of 24 px; it grows by a row where they don't fit."""

    flag_clicked = Signal(str, str)
    """(facet, value)"""
    facet_removed = Signal(str)
    builder_wanted = Signal(QWidget, str)
    """(where, facet or "")"""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flags: dict[tuple[str, str], FilterChip] = {}
        self._facets: dict[str, FacetChip] = {}
        self.more = FlatButton("", self, icon="plus", icon_size=14, look="framed", height=theme.CONTROL_SMALL)
        self.more.setToolTip(self.tr("Add a filter"))
        self.more.setAccessibleName(self.tr("Add a filter"))
        self.more.clicked.connect(lambda: self.builder_wanted.emit(self.more, ""))
        self._order: list[FlatButton] = [self.more]
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)

    def show_filter(self, record: Filter, counts: Mapping[str, Mapping[str, int]]) -> None:
        """Chips for a filter. `counts`: of the facets that are flags."""
        wanted: list[FlatButton] = []
        for facet in FACETS:
            if facet.flag:
                for value, count in counts.get(facet.key, {}).items():
                    wanted.append(self._flag(facet.key, value, count, record))
        for facet in FACETS:
            values = record.values(facet.key)
            if values and not facet.flag:
                wanted.append(self._facet(facet.key, values, on=record.on))
        wanted.append(self.more)
        for chip in (*self._flags.values(), *self._facets.values()):
            chip.setVisible(chip in wanted)
        # the order of the keyboard is that of the eye
        for before, after in pairwise(wanted):
            QWidget.setTabOrder(before, after)
        self._order = wanted
        self._flow()

    def _flag(self, facet: str, value: str, count: int, record: Filter) -> FilterChip:
        chip = self._flags.get((facet, value))
        if chip is None:
            chip = self._flags[facet, value] = FilterChip(texts.value_text(facet, value), self)
            chip.clicked.connect(lambda _on=False: self.flag_clicked.emit(facet, value))
        chip.set_count(count)
        chip.setAccessibleName(self.tr("Filter: {0}, {1}").format(texts.value_text(facet, value), f"{count:,}"))
        chip.setChecked(record.on and record.has(facet, value))
        return chip

    def _facet(self, facet: str, values: tuple[str, ...], *, on: bool) -> FacetChip:
        chip = self._facets.get(facet)
        if chip is None:
            chip = self._facets[facet] = FacetChip(self)
            chip.removed.connect(lambda: self.facet_removed.emit(facet))
            chip.opened.connect(lambda chip=chip: self.builder_wanted.emit(chip, facet))
        chip.show_values(facet, values, on=on)
        return chip

    def _flow(self) -> None:
        x, y = theme.SPACE_M, 0
        right = self.width() - theme.SPACE_M
        for chip in self._order:
            size = chip.sizeHint()
            width = min(size.width(), right - theme.SPACE_M)
            if x > theme.SPACE_M and x + width > right:
                x, y = theme.SPACE_M, y + theme.CONTROL_SMALL + GAP
            chip.setGeometry(x, y, width, size.height())
            x += width + GAP
        height = y + HEIGHT
        if self.height() != height:
            self.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._flow()

    def minimumSizeHint(self) -> QSize:
        return QSize(60, HEIGHT)
