"""The inspector: labels of the page, the selected label, the asset and task, problems, raw JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFontDatabase, QIcon, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QPlainTextEdit,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from viewer.errors import Problem, one_line
from viewer.limits import TEXT_SHOWN
from viewer.model import Annotation, Relation
from viewer.tracks import Placed
from viewer.ui.panels import describe
from viewer.ui.panels.fields import FieldTree

_RAW_SHOWN = 2_000_000
"""Characters of raw JSON put into the text view; a text view lays out all of them."""

_OBJECT = Qt.ItemDataRole.UserRole


class Inspector(QTabWidget):
    """Five tabs. It only shows; what is selected is the session's."""

    object_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self.labels = QTreeWidget(self)
        self.labels.setFrameShape(QFrame.Shape.NoFrame)
        self.labels.setColumnCount(2)
        self.labels.setHeaderLabels([self.tr("Label"), self.tr("Shape")])
        self.labels.setUniformRowHeights(True)
        self.labels.setRootIsDecorated(False)
        self.labels.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.labels.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.labels.setAccessibleName(self.tr("Labels of this page"))
        self.label = FieldTree(self)
        self.label.setAccessibleName(self.tr("Selected label"))
        self.asset = FieldTree(self)
        self.asset.setAccessibleName(self.tr("Asset and task"))
        self.problems = QTreeWidget(self)
        self.problems.setFrameShape(QFrame.Shape.NoFrame)
        self.problems.setColumnCount(3)
        self.problems.setHeaderLabels([self.tr("Problem"), self.tr("Instead"), self.tr("Where")])
        self.problems.setUniformRowHeights(True)
        self.problems.setRootIsDecorated(False)
        self.problems.setAccessibleName(self.tr("Problems"))
        self.raw = QPlainTextEdit(self)
        self.raw.setReadOnly(True)
        self.raw.setFrameShape(QFrame.Shape.NoFrame)
        self.raw.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.raw.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.raw.setAccessibleName(self.tr("Raw JSON"))
        for widget, name in (
            (self.labels, self.tr("Labels")),
            (self.label, self.tr("Selected")),
            (self.asset, self.tr("Details")),
            (self.problems, self.tr("Problems")),
            (self.raw, self.tr("JSON")),
        ):
            self.addTab(widget, name)
        self.setTabVisible(3, False)
        self.labels.currentItemChanged.connect(self._chosen)
        self._items: dict[str, QTreeWidgetItem] = {}
        self._told = False
        self._later: dict[QWidget, Callable[[], None]] = {}
        self._groups: Sequence[describe.Group] | None = None
        self._raw: bytes | None = None
        self._problems: list[Problem] = []
        self.currentChanged.connect(self._fill)

    def _when_seen(self, tab: QWidget, fill: Callable[[], None]) -> None:
        """Fill a tab now if it is in front, else when it comes to the front: frames step 30 times a second."""
        if self.currentWidget() is tab:
            self._later.pop(tab, None)
            fill()
        else:
            self._later[tab] = fill

    def _fill(self, index: int) -> None:
        tab = self.widget(index)
        fill = self._later.pop(tab, None) if tab is not None else None
        if fill is not None:
            fill()

    def show_labels(
        self,
        placed: Sequence[Placed],
        relations: Sequence[Relation],
        colour_of: Callable[[Annotation], str],
        selection: str | None,
    ) -> None:
        """The labels of the page shown, in the order of the export, then its relations."""
        self._told = True
        self.labels.clear()
        self._items = {}
        items = []
        for p in placed:
            a = p.annotation
            item = QTreeWidgetItem([_title(a.title, a.object_id), a.key + _STATE_SIGNS[p.state]])
            item.setIcon(0, _swatch(colour_of(a)))
            item.setData(0, _OBJECT, a.object_id)
            self._items.setdefault(a.object_id, item)
            items.append(item)
        for r in relations:
            item = QTreeWidgetItem([_title(r.title, r.object_id), "group" if r.group is not None else "relation"])
            item.setData(0, _OBJECT, r.object_id)
            self._items.setdefault(r.object_id, item)
            items.append(item)
        self.labels.addTopLevelItems(items)
        self.setTabText(0, self.tr("Labels {0}").format(len(placed)))
        self._told = False
        self.mark(selection)

    def mark(self, object_id: str | None) -> None:
        """Mark the selected label and bring it into view, without choosing it again."""
        self._told = True
        item = self._items.get(object_id) if object_id is not None else None
        if item is None:
            self.labels.setCurrentIndex(QModelIndex())
            self.labels.clearSelection()
        else:
            self.labels.setCurrentItem(item)
            self.labels.scrollToItem(item)
        self._told = False

    def show_selected(self, groups: Sequence[describe.Group], raw: bytes | None) -> None:
        """The selected label or relation; nothing selected when `groups` is empty."""
        shown = groups or [(self.tr("No label selected"), self.tr("Click one to see it here"))]
        self._when_seen(self.label, lambda: self.label.show_groups(shown))
        if raw is not None:
            self.show_raw(raw)

    def show_asset(self, groups: Sequence[describe.Group]) -> None:
        """The asset, its task and its file."""
        if groups == self._groups:
            return
        self._groups = groups
        self._when_seen(self.asset, lambda: self.asset.show_groups(groups))

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """What could not be shown, or had to be guessed."""
        if list(problems) == self._problems:
            return
        self._problems = list(problems)
        self.problems.clear()
        self.problems.addTopLevelItems(
            [
                QTreeWidgetItem(
                    [one_line(p.what), one_line(p.instead), p.path or ("" if p.offset is None else f"byte {p.offset}")]
                )
                for p in problems
            ]
        )
        self.setTabVisible(3, bool(problems))
        self.setTabText(3, self.tr("Problems {0}").format(len(problems)))

    def show_raw(self, raw: bytes) -> None:
        """JSON as exported, indented, signatures of addresses taken out."""
        if raw is not self._raw:
            self._raw = raw
            self._when_seen(self.raw, lambda: self.raw.setPlainText(pretty(raw)))

    def _chosen(self, item: QTreeWidgetItem | None, before: QTreeWidgetItem | None) -> None:
        if item is not None and not self._told:
            self.object_chosen.emit(item.data(0, _OBJECT))


_STATE_SIGNS = {"key": "", "interpolated": " · between keys", "held": " · held"}


def _title(title: str, object_id: str) -> str:
    return one_line(f"{title or 'no title'}  {object_id[-6:]}")[:TEXT_SHOWN]


def _swatch(colour: str) -> QIcon:
    picture = QPixmap(12, 12)
    picture.fill(QColor(colour))
    return QIcon(picture)


def pretty(raw: bytes) -> str:
    """JSON text indented for reading; addresses lose their query, since it is a secret."""
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return raw[:_RAW_SHOWN].decode("utf-8", "replace")
    text = json.dumps(_masked(value), ensure_ascii=False, indent=1)
    if len(text) > _RAW_SHOWN:
        text = text[:_RAW_SHOWN] + f"\n… {len(text) - _RAW_SHOWN:,} characters more"
    return text


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        head, mark, _ = value.partition("?")
        return f"{head}?…" if mark and "://" in head and " " not in head else value
    if isinstance(value, dict):
        return {key: _masked(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_masked(member) for member in value]
    return value
