"""The table of changes as a region: bar, filters, rows or why there are none, progress, and the chosen change."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStackedLayout, QWidget

from viewer.ui import theme
from viewer.ui.assets import filters
from viewer.ui.assets.filters import Filter
from viewer.ui.assets.footer import EmptyState, ProgressBar
from viewer.ui.changes.columns import COLUMNS
from viewer.ui.changes.pair_crop import Crop
from viewer.ui.changes.pair_view import Peek
from viewer.ui.changes.queue import Item
from viewer.ui.changes.table import GROUPINGS, ChangeTable
from viewer.ui.changes.table_bar import FilterBar, TableBar
from viewer.ui.changes.table_detail import SLIM_WIDTH, WIDTH, ChangeDetail, plates_of
from viewer.ui.changes.table_model import ChangeModel
from viewer.ui.changes.table_view import ChangeTableView
from viewer.ui.widgets.buttons import FlatButton
from viewer.ui.widgets.layout import Divider, Text, column, row

SLIM_BELOW = 1200
"""Pixels of width from which the chosen change has all the room it wants."""


class ChangeTablePanel(QWidget):
    """What is listed and drawn is given from outside; what is wanted is told."""

    source_chosen = Signal(str)
    """``asset`` or ``export``"""
    chosen = Signal(object)
    """`Item` that is looked at; None for nothing."""
    show_wanted = Signal(object)
    """`Item` that is to be shown in its asset."""
    csv_wanted = Signal()
    compare_wanted = Signal()
    stop_wanted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Table of changes"))
        self.model = ChangeModel(self)
        self.bar = TableBar(self)
        self.filters = FilterBar(self)
        self.view = ChangeTableView(self.model, self)
        self.empty = EmptyState(self)
        self.compare_button = FlatButton(self.tr("Compare now"), self, look="primary")
        self.detail = ChangeDetail(self)
        self.progress = ProgressBar(self)
        self.running = Text("", self, pixels=theme.CAPTION_PX, tone="text3")
        self.stop = FlatButton(
            self.tr("Cancel"), self, height=theme.CONTROL_SMALL, pixels=theme.CAPTION_PX,
            tip=self.tr("Stop comparing stages; what was found stays"),
        )  # fmt: skip
        self.peek = Peek(self)
        self._source = "export"
        self._why = ""
        self._can_compare = False
        self._number: int | None = None
        self._crop: Crop | None = None
        self._waiting = False
        self._lay_out()
        self._connect()
        self.set_running(None)
        self._show_all()

    def _lay_out(self) -> None:
        self._nothing = QWidget(self)
        self._nothing.setLayout(
            column(self.empty, row(self.compare_button, None, margins=(theme.SPACE_M, 0)), None, None)
        )
        self.empty.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        rows = QWidget(self)
        self._stack = QStackedLayout(rows)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._nothing)
        self._foot = QWidget(self)
        self._foot.setFixedHeight(28)
        foot = row(self.running, self.progress, self.stop, margins=(theme.SPACE_M, 0, theme.SPACE_XS, 0))
        foot.setStretch(1, 1)
        self._foot.setLayout(foot)
        left = column(self.bar, Divider(self), self.filters, rows, self._foot)
        left.setStretch(3, 1)
        layout = row(left, Divider(self, vertical=True), self.detail, spacing=0)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self.setMinimumSize(420, 260)

    def _connect(self) -> None:
        bar, view = self.bar, self.view
        bar.source_chosen.connect(self.source_chosen)
        bar.typed.connect(lambda text: self.set_filter(replace(self.model.filter, text=text)))
        bar.csv_wanted.connect(self.csv_wanted)
        bar.columns_chosen.connect(self.show_columns)
        bar.closed.connect(self.closed)
        bar.down.connect(self._into_rows)
        self.filters.offer(lambda: self.model.filter, self.model.counts_of)
        self.filters.filter_chosen.connect(self.set_filter)
        self.filters.grouping_chosen.connect(lambda _key: self.model.set_grouping(self.filters.grouped_by))
        view.chosen.connect(self._row_chosen)
        view.entered.connect(self._entered)
        view.peeked.connect(self._peek)
        view.escaped.connect(self.closed)
        view.stepped.connect(self.step_unseen)
        view.typed.connect(self._search_letter)
        view.order_chosen.connect(
            lambda key, down: self.set_filter(replace(self.model.filter, order=key, descending=down))
        )
        self.model.rearranged.connect(self._rearranged)
        self.model.busy_changed.connect(lambda _busy: self._show_words())
        self.empty.clear.clicked.connect(lambda: self.set_filter(filters.cleared(self.model.filter)))
        self.compare_button.clicked.connect(self.compare_wanted)
        self.stop.clicked.connect(self.stop_wanted)
        self.detail.show_wanted.connect(self._entered)
        self.peek.closed.connect(lambda: view.setFocus(Qt.FocusReason.OtherFocusReason))
        self.peek.stepped.connect(self._step)

    # ---- what is given from outside ----------------------------------------------------------------------

    @property
    def source(self) -> str:
        """Which changes are listed: ``asset`` or ``export``."""
        return self._source

    def show_table(self, source: str, table: ChangeTable) -> None:
        """Other changes. What was chosen is chosen no more."""
        self._source = source
        self.bar.source.choose(source)
        self._number = self._crop = None
        self.detail.clear()
        self.show_columns(self.view.optional, table=table)
        self.model.show_table(table)

    def set_reason(self, text: str, *, can_compare: bool = False) -> None:
        """Why there may be no changes."""
        self._why, self._can_compare = text, can_compare
        self._show_words()

    def set_running(self, share: float | None) -> None:
        """How much of the export is compared; None: nothing is being compared."""
        self._foot.setVisible(share is not None)
        self.progress.set_share(share)
        self.running.setText("" if share is None else self.tr("Comparing stages, {0}").format(f"{share:.0%}"))
        self.running.updateGeometry()

    def show_crop(self, item: Item, crop: Crop | None, *, waiting: bool) -> None:
        """The pictures of a change; they are shown when it is the chosen one."""
        if self.item is None or self.item.digest != item.digest:
            return
        self._crop, self._waiting = crop, waiting
        self.detail.tell(self.model.table, self.item, crop, waiting=waiting)
        self._tell_peek()

    def set_filter(self, record: Filter) -> None:
        """Filter and sort by a record."""
        if self.bar.field.text() != record.text:
            self.bar.field.setText(record.text)
        self.model.set_filter(record)
        self._show_all()
        self.view.horizontalHeader().viewport().update()

    def show_columns(self, optional: frozenset[str], *, table: ChangeTable | None = None) -> None:
        """Which columns are shown beside the usual ones."""
        own = bool((table or self.model.table).own)
        self.view.show_columns(optional, own=own)
        self.bar.tell_columns(optional, own=own)

    def seen_changed(self) -> None:
        """Others were looked at."""
        self.view.viewport().update()
        self._show_words()

    # ---- the chosen row ----------------------------------------------------------------------------------

    @property
    def item(self) -> Item | None:
        """The change that is looked at."""
        items = self.model.table.items
        return items[self._number] if self._number is not None and self._number < len(items) else None

    def _row_chosen(self, number: int | None) -> None:
        if number == self._number and number is not None:
            return
        if number is None:
            return  # a heading, or rows are made anew: what is looked at stays
        self._number, self._crop, self._waiting = number, None, True
        item = self.item
        assert item is not None
        self.detail.tell(self.model.table, item, None, waiting=True)
        self.chosen.emit(item)
        self._tell_peek()

    def _entered(self) -> None:
        if self.item is not None:
            self.show_wanted.emit(self.item)

    def _step(self, step: int) -> None:
        row_ = self.model.next_row(self.view.row, step)
        if row_ is not None:
            self.view.choose(row_)

    def step_unseen(self, step: int) -> None:
        """To the next change (1) or the one before (-1) that was not looked at."""
        start = self.view.row if self.view.row >= 0 else (-1 if step > 0 else self.model.rowCount())
        row_ = self.model.next_row(start, step, unseen=True)
        if row_ is not None:
            self.view.choose(row_)

    def _into_rows(self) -> None:
        self.view.setFocus(Qt.FocusReason.TabFocusReason)
        if self.view.row < 0:
            self._step(1)

    def _search_letter(self, text: str) -> None:
        self.bar.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.field.setText(text)

    def _peek(self) -> None:
        if self.item is not None:
            self._tell_peek(opening=True)
            self.peek.open()

    def _tell_peek(self, *, opening: bool = False) -> None:
        item = self.item
        if item is not None and (opening or self.peek.isVisible()):
            text = "" if self._waiting else self.tr("This change cannot be drawn.")
            self.peek.pictures.tell(self._crop, plates_of(self.model.table, item), text)

    # ---- what is said ------------------------------------------------------------------------------------

    def _rearranged(self) -> None:
        at = self.model.row_of(self._number)
        if at is not None:
            self.view.choose(at)
        self._show_all()

    def _show_all(self) -> None:
        self.filters.refresh()
        self._show_words()

    def _show_words(self) -> None:
        shown, total = self.model.counts()
        if shown == total:
            text = self.tr("1 change") if total == 1 else self.tr("{0} changes").format(f"{total:,}")
        else:
            text = self.tr("{0} of {1} changes").format(f"{shown:,}", f"{total:,}")
        self.bar.said.setText(text if total else "")
        self.bar.csv.setEnabled(bool(shown))
        if shown or self.model.busy:
            self._stack.setCurrentWidget(self.view)
            return
        is_filtered = bool(total)
        self.empty.show_text(
            self.tr("No change matches the filter.") if is_filtered else self._why, can_clear=is_filtered
        )
        self.compare_button.setVisible(self._can_compare and not is_filtered)
        self._stack.setCurrentWidget(self._nothing)

    # ---- events ------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leads back, wherever the keys are."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.detail.setFixedWidth(SLIM_WIDTH if self.width() < SLIM_BELOW else WIDTH)
        self.peek.fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.current().panel))
        painter.end()

    # ---- remembered --------------------------------------------------------------------------------------

    def save(self, settings: QSettings) -> None:
        """Columns and grouping."""
        settings.setValue("changes/columns", ",".join(sorted(self.view.optional)))
        settings.setValue("changes/grouping", self.model.grouping)

    def restore(self, settings: QSettings) -> None:
        """As they were."""
        known = {column_.key for column_ in COLUMNS if column_.optional}
        kept = frozenset(str(settings.value("changes/columns", "")).split(",")) & known
        self.show_columns(kept)
        grouping = str(settings.value("changes/grouping", "none"))
        if grouping in GROUPINGS:
            self.filters.grouping.choose(grouping)
