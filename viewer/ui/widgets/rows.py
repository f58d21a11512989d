"""What all lists and tables of the window have in common: their look, the ground of a row, Ctrl+C."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPalette
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QStyle, QTableView

from viewer.ui import theme

if TYPE_CHECKING:
    _Base = QAbstractItemView
else:
    _Base = object


def set_up_rows(view: QAbstractItemView) -> None:
    """No frame, the ground of its panel, one selected row, even scrolling, rows that know the pointer."""
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.viewport().setBackgroundRole(QPalette.ColorRole.Window)
    view.setMouseTracking(True)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)


def set_up_table(view: QTableView, row_height: int) -> None:
    """`set_up_rows` for a table of one column that looks like a list; its rows cost nothing however many they are."""
    set_up_rows(view)
    view.setShowGrid(False)
    view.setCornerButtonEnabled(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setTabKeyNavigation(False)
    view.setAutoScroll(False)
    across, down = view.horizontalHeader(), view.verticalHeader()
    across.hide()
    across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    across.setMinimumSectionSize(1)
    down.hide()
    down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    down.setDefaultSectionSize(row_height)


def paint_ground(painter: QPainter, rect: QRect, state: QStyle.StateFlag, *, hovers: bool = True) -> None:
    """The ground of a row that is selected (with a bar at its left), or under the pointer where it `hovers`."""
    t = theme.current()
    if state & QStyle.StateFlag.State_Selected:
        painter.fillRect(rect, QColor(t.soft))
        painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), QColor(t.accent))
    elif hovers and state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(rect, QColor(t.hover))


class CopyingRows(_Base):
    """For item views, before the view among the bases: Ctrl+C is the list's while it has the keys."""

    def event(self, event: QEvent) -> bool:
        """Take the key before the window's own actions do."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Copy)
        ):
            event.accept()
            return True
        return super().event(event)
