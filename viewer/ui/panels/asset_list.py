"""The list of assets: a model that grows while the index is made, and fixed rows drawn by a delegate."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLabel,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from viewer.errors import one_line
from viewer.export import Row
from viewer.limits import TEXT_SHOWN
from viewer.ui import theme

ROW_HEIGHT = 52
_ANY_INDEX = QModelIndex | QPersistentModelIndex


def name_of(row: Row) -> str:
    """What to call an asset in lists: one line, cut to what a person reads."""
    return one_line(row.external_id or row.asset_id or row.task_id or f"asset {row.index}")[:TEXT_SHOWN]


class AssetModel(QAbstractTableModel):
    """Rows of the index, filtered by text. Holds row numbers, not widgets: 100,000 assets cost nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._shown: list[int] = []
        self._needle = ""

    def clear(self) -> None:
        """Forget all rows: another export is being opened."""
        self.beginResetModel()
        self._rows, self._shown = [], []
        self.endResetModel()

    def append(self, rows: list[Row]) -> None:
        """Add rows that have just been read."""
        first = len(self._rows)
        matching = [first + i for i, row in enumerate(rows) if self._matches(row)]
        if matching:
            at = len(self._shown)
            self.beginInsertRows(QModelIndex(), at, at + len(matching) - 1)
            self._rows.extend(rows)
            self._shown.extend(matching)
            self.endInsertRows()
        else:
            self._rows.extend(rows)

    def filter(self, text: str) -> None:
        """Show only assets whose name, id, stage, class or batch holds `text`."""
        self._needle = text.strip().casefold()
        self.beginResetModel()
        self._shown = [i for i, row in enumerate(self._rows) if self._matches(row)]
        self.endResetModel()

    def _matches(self, row: Row) -> bool:
        needle = self._needle
        if not needle:
            return True
        texts = (row.external_id, row.asset_id, row.task_id, row.stage, row.kind, *row.batches, *row.by_title)
        return any(needle in text.casefold() for text in texts if text)

    def row_of_asset(self, asset: int) -> int | None:
        """Where an asset stands in what is shown; None when it is filtered out."""
        at = bisect_left(self._shown, asset)  # shown rows are in the order of the export
        return at if at < len(self._shown) and self._shown[at] == asset else None

    def asset_at(self, row: int) -> int | None:
        """The asset's index in the export at a shown row."""
        return self._rows[self._shown[row]].index if 0 <= row < len(self._shown) else None

    def neighbour(self, asset: int | None, step: int) -> int | None:
        """The next (1) or previous (-1) shown asset; None at the end."""
        if not self._shown:
            return None
        at = None if asset is None else self.row_of_asset(asset)
        if at is None:
            return self.asset_at(0 if step > 0 else len(self._shown) - 1)
        return self.asset_at(at + step)

    def counts(self) -> tuple[int, int]:
        """(shown, all)."""
        return len(self._shown), len(self._rows)

    # Qt's model interface
    def rowCount(self, parent: _ANY_INDEX | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def columnCount(self, parent: _ANY_INDEX | None = None) -> int:
        return 1

    def data(self, index: _ANY_INDEX, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[self._shown[index.row()]]
        if role == Qt.ItemDataRole.DisplayRole:
            return name_of(row)
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role == Qt.ItemDataRole.ToolTipRole:
            return None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{name_of(row)}, {details_of(row)}"
        return None


def details_of(row: Row) -> str:
    """The second line of a row."""
    parts = [row.kind, row.stage or "", f"{row.labels:,} label{'' if row.labels == 1 else 's'}"]
    if row.tasks > 1:
        parts.append(f"{row.tasks} tasks")
    if row.problems:
        parts.append(f"{row.problems:,} problem{'' if row.problems == 1 else 's'}")
    return one_line(" · ".join(part for part in parts if part))


class AssetDelegate(QStyledItemDelegate):
    """Two lines: the name, and what is known of the asset."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _ANY_INDEX) -> None:
        """Draw one row."""
        row: Row = index.data(Qt.ItemDataRole.UserRole)
        palette = option.palette
        rect: QRect = option.rect
        state = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, palette.highlight())
            painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), palette.link())
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, palette.light())
        inner = rect.adjusted(theme.SPACE_M, 8, -theme.SPACE_M, -8)
        font = QFont(painter.font())
        font.setPixelSize(13)
        font.setWeight(QFont.Weight.Medium)
        painter.setFont(font)
        painter.setPen(palette.text().color())
        name = QFontMetrics(font).elidedText(name_of(row), Qt.TextElideMode.ElideMiddle, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, name)
        font.setPixelSize(11)
        font.setWeight(QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(QColor(palette.placeholderText().color()))
        second = QFontMetrics(font).elidedText(details_of(row), Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, second)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _ANY_INDEX) -> QSize:
        return QSize(200, ROW_HEIGHT)


class AssetList(QWidget):
    """Search field, rows, and the count below."""

    asset_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = AssetModel(self)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Find an asset"))
        self.search.setAccessibleName(self.tr("Find an asset"))
        self.search.setClearButtonEnabled(True)
        self.view = QTableView(self)
        self.view.setModel(self.model)
        self.view.setItemDelegate(AssetDelegate(self.view))
        self.view.setAccessibleName(self.tr("Assets"))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setShowGrid(False)
        self.view.horizontalHeader().hide()
        self.view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.view.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setMouseTracking(True)
        self.view.setTabKeyNavigation(False)
        self.count = QLabel(self)
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.count.setContentsMargins(theme.SPACE_M, theme.SPACE_S, theme.SPACE_M, theme.SPACE_S)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        top = QVBoxLayout()
        top.setContentsMargins(theme.SPACE_M, 10, theme.SPACE_M, 10)
        top.addWidget(self.search)
        layout.addLayout(top)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.count)
        self.search.textChanged.connect(self._filter)
        self.view.selectionModel().currentRowChanged.connect(self._row_changed)
        self._listing = False
        self._kept = ""

    def reset(self) -> None:
        """Another export."""
        self.search.clear()
        self.model.clear()
        self.tell_count(listing=True)

    def append(self, rows: list[Row]) -> None:
        """Rows that have just been read."""
        self.model.append(rows)
        self.tell_count(listing=self._listing)

    def tell_count(self, *, listing: bool) -> None:
        """How many assets are shown, and whether more are coming."""
        self._listing = listing
        shown, total = self.model.counts()
        text = self.tr("{1} assets") if shown == total else self.tr("{0} of {1} assets")
        text = self.tr("1 asset") if shown == total == 1 else text.format(f"{shown:,}", f"{total:,}")
        self.count.setText(text + (self.tr(" · reading…") if listing else ""))

    def show_asset(self, asset: int | None) -> None:
        """Mark the open asset without choosing it again."""
        row = None if asset is None else self.model.row_of_asset(asset)
        selection = self.view.selectionModel()
        blocked = selection.blockSignals(True)
        if row is None:
            self.view.clearSelection()
            self.view.setCurrentIndex(QModelIndex())
        elif self.view.currentIndex().row() != row:
            self.view.setCurrentIndex(self.model.index(row, 0))
            self.view.selectRow(row)
        selection.blockSignals(blocked)
        if row is not None:
            self.view.scrollTo(self.model.index(row, 0))
        self.view.viewport().update()

    def toggle_filter(self) -> None:
        """The filter off, and on again."""
        text = self.search.text()
        if text:
            self._kept = text
            self.search.clear()
        else:
            self.search.setText(self._kept)

    def _filter(self, text: str) -> None:
        self.model.filter(text)
        self.tell_count(listing=self._listing)

    def _row_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        asset = self.model.asset_at(current.row()) if current.isValid() else None
        if asset is not None:
            self.asset_chosen.emit(asset)
