"""A tree of names and values: every field of a label, an asset or a task, as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from viewer.errors import one_line
from viewer.limits import TEXT_SHOWN
from viewer.log import redact

_MOST = 500
"""Members of one list that get a row; the raw JSON shows all of them."""
_DEPTH = 12


class FieldTree(QTreeWidget):
    """Two columns; nested values open below their name. Ctrl+C copies the chosen value."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setColumnCount(2)
        self.setHeaderLabels([self.tr("Field"), self.tr("Value")])
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformRowHeights(True)
        self.setRootIsDecorated(True)
        self.setIndentation(14)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.header().setStretchLastSection(True)
        self.setColumnWidth(0, 120)

    def show_groups(self, groups: Iterable[tuple[str, Any]]) -> None:
        """Show (heading, value) pairs; mappings and lists get a row for each member."""
        self.clear()
        for name, value in groups:
            item = _item(name, value, 0)
            self.addTopLevelItem(item)
            if item.childCount() <= 40:
                item.setExpanded(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the value of the chosen row."""
        item = self.currentItem()
        if item is not None and event.matches(QKeySequence.StandardKey.Copy):
            QApplication.clipboard().setText(str(item.data(1, Qt.ItemDataRole.UserRole)))
            return
        super().keyPressEvent(event)


def _item(name: str, value: Any, depth: int) -> QTreeWidgetItem:
    text = text_of(value)
    item = QTreeWidgetItem([one_line(str(name))[:TEXT_SHOWN], text])
    item.setData(1, Qt.ItemDataRole.UserRole, value if isinstance(value, str) and "://" not in value else text)
    if depth >= _DEPTH:
        return item
    if isinstance(value, Mapping):
        members: list[tuple[str, Any]] = [(str(k), v) for k, v in value.items()]
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        members = [(str(i), v) for i, v in enumerate(value)]
    else:
        return item
    for key, member in members[:_MOST]:
        item.addChild(_item(key, member, depth + 1))
    if len(members) > _MOST:
        item.addChild(QTreeWidgetItem([f"… {len(members) - _MOST:,} more", ""]))
    return item


def text_of(value: Any) -> str:
    """A value in one line; members of lists and objects are counted, since they have rows of their own."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "" if value else "{}"
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        if value and all(isinstance(v, str | int | float | bool) for v in value) and len(value) <= 12:
            return one_line(", ".join(text_of(v) for v in value))[:TEXT_SHOWN]
        return f"{len(value):,}"
    if isinstance(value, float):
        return f"{value:.6g}" if abs(value) < 1e15 else repr(value)
    text = str(value)[: TEXT_SHOWN * 2]
    # a signed address is a secret wherever it stands, also as an answer or in metadata
    return one_line(redact(text) if "://" in text else text)[:TEXT_SHOWN]
