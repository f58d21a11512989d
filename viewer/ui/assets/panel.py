"""The asset list as a region: filter field, chips, rows, count and progress; or the narrow rail of thumbnails."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStackedLayout, QWidget

from viewer.export import Row
from viewer.ui import theme
from viewer.ui.assets import filters, texts
from viewer.ui.assets.builder import FilterBuilder
from viewer.ui.assets.chips import ChipBar
from viewer.ui.assets.delegate import Form
from viewer.ui.assets.field import FilterField, OrderButton
from viewer.ui.assets.filters import Filter
from viewer.ui.assets.footer import EmptyState, Footer
from viewer.ui.assets.model import AssetModel
from viewer.ui.assets.table import FACETS
from viewer.ui.assets.texts import FileState
from viewer.ui.assets.thumbnails import ThumbnailStore
from viewer.ui.assets.view import AssetView
from viewer.ui.widgets.buttons import IconButton
from viewer.ui.widgets.layout import Divider, Text, column, row

RAIL_WIDTH = 56
MIN_WIDTH = 220
WIDTH = 288
COUNTED_MS = 200
"""While rows arrive, counts are made again so often."""
_ANY_WIDTH = 16_777_215  # QWIDGETSIZE_MAX


class AssetPanel(QWidget):
    """All assets of an export. What is opened is told by `asset_chosen`; files and pictures are given from outside."""

    asset_chosen = Signal(int)
    """Index of the asset in the export."""
    object_id_pasted = Signal(str)
    """What was typed looks like the id of an object (hex, lower case): it may be in the open asset or any other."""
    cancel_listing = Signal()
    filter_changed = Signal()
    """`filter` is another record."""
    canvas_wanted = Signal()
    """Enter, Esc or a closed popup: the keyboard goes back to the picture."""
    list_wanted = Signal()
    """The rail was asked for what only the list has."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Assets"))
        self.model = AssetModel(self)
        self.thumbnails = ThumbnailStore()
        self.form: Form = "list"
        self._asset: int | None = None
        self._listing = False
        self._anchor: tuple[int, int] | None = None
        self._was_shown = False
        self._note = ""
        self.field = FilterField(self)
        self.sort_button = OrderButton(self)
        self.rail_button = IconButton("panel-left-open", self.tr("Show the asset list"), self, icon_size=18)
        self.note = Text("", self, pixels=theme.CAPTION_PX, tone="warn", elide=Qt.TextElideMode.ElideRight)
        self.chips = ChipBar(self)
        self.view = AssetView(self.model, self.thumbnails, self)
        self.view.setAccessibleName(self.tr("Assets"))
        self.model.spoken = self._spoken
        self.empty = EmptyState(self)
        self.footer = Footer(self)
        self.builder = FilterBuilder(self)
        self._lay_out()
        self._count = QTimer(self)
        self._count.setSingleShot(True)
        self._count.setInterval(COUNTED_MS)
        self._count.timeout.connect(self._show_counts)
        self._connect()
        self._show_all()

    def _lay_out(self) -> None:
        self._top = QWidget(self)
        self._top.setFixedHeight(48)
        self._top.setLayout(row(self.field, self.sort_button, self.rail_button, margins=(theme.SPACE_M, 0)))
        self._rows = QWidget(self)
        self._stack = QStackedLayout(self._rows)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.empty)
        self._note_row = QWidget(self)
        self._note_row.setLayout(row(self.note, margins=(theme.SPACE_M, 0, theme.SPACE_M, 6)))
        self._line = Divider(self)
        self.setLayout(column(self._top, self._note_row, self.chips, self._line, self._rows, self.footer))
        self._note_row.hide()
        self.rail_button.hide()
        self.setMinimumWidth(MIN_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        for before, after in zip((self.field, self.sort_button), (self.sort_button, self.chips.more)):
            QWidget.setTabOrder(before, after)

    def _connect(self) -> None:
        self.field.textChanged.connect(self._typed)
        self.field.entered.connect(self._entered)
        self.field.down.connect(self._into_list)
        self.field.left.connect(self.canvas_wanted)
        self.sort_button.order_chosen.connect(self._order)
        self.rail_button.clicked.connect(self.list_wanted)
        self.chips.flag_clicked.connect(self._toggle)
        self.chips.facet_removed.connect(lambda facet: self.set_filter(filters.without(self.filter, facet)))
        self.chips.builder_wanted.connect(self._open_builder)
        self.builder.toggled.connect(self._toggle)
        self.builder.cleared.connect(self.clear_filter)
        self.builder.closed.connect(self.canvas_wanted)
        self.empty.clear.clicked.connect(self.clear_filter)
        self.footer.cancel.clicked.connect(self.cancel_listing)
        self.footer.filter_off.clicked.connect(self.toggle_filter)
        self.view.chosen.connect(self._chosen)
        self.view.entered.connect(self._enter_pressed)
        self.view.typed.connect(self._search_letter)
        self.view.escaped.connect(self.canvas_wanted)
        self.model.modelAboutToBeReset.connect(self._keep_place)
        self.model.modelReset.connect(self._restore_place)
        self.model.rowsInserted.connect(lambda *_: self._rows_came())
        self.model.rearranged.connect(self._rearranged)
        self.model.busy_changed.connect(lambda _busy: self._rearranged())

    # ---- what is given from outside ----------------------------------------------------------------------

    def reset(self) -> None:
        """Another export: no rows, no filter, no thumbnails."""
        self._asset = None
        self._anchor = None
        self.thumbnails.clear()
        self.model.clear()
        self.field.setText("")
        self.set_note("")
        self.set_listing(True)
        self._show_all()

    def append(self, rows: Sequence[Row]) -> None:
        """Rows that have just been read."""
        self.model.append(rows)

    def set_listing(self, on: bool, done_bytes: int | None = None, total_bytes: int | None = None) -> None:
        """Whether more assets are coming, and how much of the file has been read."""
        self._listing = on
        self.footer.bar.set_share(done_bytes / total_bytes if on and done_bytes is not None and total_bytes else None)
        self._show_footer()
        self._show_empty()

    def show_asset(self, asset: int | None) -> None:
        """Mark the open asset without choosing it again; it scrolls into sight if it is not."""
        self._asset = asset
        self.view.set_current(None if asset is None else self.model.row_of_asset(asset), scroll=True)

    def set_state_of(self, state_of: Callable[[Row], FileState], words_of: Callable[[Row], str] = lambda _: "") -> None:
        """How the state of an asset's file is asked for, and a sentence about it; in every paint, so known at once."""
        self.view.delegate.state_of, self.view.delegate.words_of = state_of, words_of
        self.view.viewport().update()

    def refresh_asset(self, asset: int) -> None:
        """The state of an asset's file has changed."""
        self.view.repaint_asset(asset)

    def set_want_thumbnail(self, want: Callable[[int], None] | None) -> None:
        """How the thumbnail of an asset in sight is asked for; the newest wish matters most."""
        self.thumbnails.want = want
        self.view.look_soon()

    def set_thumbnail(self, asset: int, image: QImage) -> None:
        """A thumbnail was made."""
        self.thumbnails.put(asset, image)
        self.view.repaint_asset(asset)

    def set_open_issues(self, tasks: Collection[str]) -> None:
        """Ids of the tasks with an issue that is open, of an issues export."""
        self.model.set_open_issues(tasks)

    def set_object_hits(self, assets: Collection[int]) -> None:
        """Assets that hold the object whose id was pasted; they are shown beside what else matches."""
        self.model.set_object_hits(assets)

    def set_note(self, text: str) -> None:
        """A sentence below the field about what is searched; "" is none."""
        self._note = text
        self._show_note()

    def set_form(self, form: Form) -> None:
        """``list``, or ``rail``: 56 px of thumbnails."""
        if form == self.form:
            return
        self.form = self.view.delegate.form = form
        is_rail = form == "rail"
        for widget in (self.field, self.sort_button, self.chips, self.footer, self._line):
            widget.setVisible(not is_rail)
        self.rail_button.setVisible(is_rail)
        self._show_note()
        layout = self._top.layout()
        if layout is not None:
            margin = (RAIL_WIDTH - theme.CONTROL) // 2 if is_rail else theme.SPACE_M
            layout.setContentsMargins(margin, 0, margin, 0)
        bars = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if is_rail else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.view.setVerticalScrollBarPolicy(bars)
        self.setMinimumWidth(RAIL_WIDTH if is_rail else MIN_WIDTH)
        self.setMaximumWidth(RAIL_WIDTH if is_rail else _ANY_WIDTH)
        self._show_empty()

    # ---- the filter --------------------------------------------------------------------------------------

    @property
    def filter(self) -> Filter:
        """What is searched, chosen and sorted: a plain record to be kept with the export."""
        return self.model.filter

    def set_filter(self, record: Filter) -> None:
        """Take on a record, also one that was kept."""
        before = self.filter
        if record == before:
            return
        self.model.set_filter(record)
        if self.field.text() != record.text:
            self.field.setText(record.text)
        self._show_all()
        self.filter_changed.emit()
        found = self.model.query.object_id
        if found and record.text != before.text:
            self.object_id_pasted.emit(found)

    @property
    def filter_on(self) -> bool:
        """Whether the filter is in force."""
        return self.filter.on

    def toggle_filter(self) -> None:
        """Switch the filter off, or on again as it was."""
        if not self.filter.is_neutral:
            self.set_filter(replace(self.filter, on=not self.filter.on))

    def clear_filter(self) -> None:
        """Leave nothing out."""
        self.set_note("")
        self.set_filter(filters.cleared(self.filter))

    def _toggle(self, facet: str, value: str) -> None:
        self.set_filter(filters.toggled(self.filter, facet, value))

    def _typed(self, text: str) -> None:
        if text != self.filter.text:
            self._note = ""
            self.set_filter(replace(self.filter, text=text, on=True))

    def _open_builder(self, anchor: QWidget, facet: str) -> None:
        self.builder.open_below(
            anchor,
            lambda: {f.key: self.model.counts_of(f.key) for f in FACETS},
            lambda: self.filter,
            facet=facet,
        )

    def _order(self, key: str, descending: bool) -> None:
        self.set_filter(replace(self.filter, order=key, descending=descending))

    # ---- keyboard ----------------------------------------------------------------------------------------

    def focus_search(self) -> None:
        """Ctrl+F: the keyboard goes to the field."""
        if self.form == "rail":
            self.list_wanted.emit()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def focus_list(self) -> None:
        """F6: the keyboard goes to the rows."""
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _search_letter(self, text: str) -> None:
        if self.form == "rail":
            self.list_wanted.emit()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.setText(text)

    def _into_list(self) -> None:
        self.view.setFocus(Qt.FocusReason.TabFocusReason)
        if self.view.currentIndex().row() < 0 or not self.view.selectionModel().hasSelection():
            self.view.choose(0)

    def _entered(self) -> None:
        """Enter in the field: the first match is opened, unless the open asset is one."""
        if self.model.rowCount() and (self._asset is None or self.model.row_of_asset(self._asset) is None):
            self.view.choose(0)
        self.canvas_wanted.emit()

    def _enter_pressed(self) -> None:
        current = self.view.currentIndex()
        asset = self.model.asset_at(current.row()) if current.isValid() else None
        if asset is not None and asset != self._asset:
            self._chosen(asset)
        self.canvas_wanted.emit()

    def _chosen(self, asset: int) -> None:
        self._asset = asset
        self.asset_chosen.emit(asset)

    # ---- the place is kept while rows change -------------------------------------------------------------

    def _keep_place(self) -> None:
        """Remember an asset in sight (the open one, else the top one) and where it stands."""
        first, last = self.view.rows_in_sight()
        top = self.view.verticalScrollBar().value()
        at = None if self._asset is None else self.model.row_of_asset(self._asset)
        self._was_shown = at is not None
        if at is None or not first <= at < last:
            at = first
        asset = self.model.asset_at(at)
        if asset is not None:
            self._anchor = (asset, self.view.rowHeight(at) * at - top)

    def _restore_place(self) -> None:
        at = None if self._asset is None else self.model.row_of_asset(self._asset)
        self.view.set_current(at, scroll=False)
        self.view.executeDelayedItemsLayout()
        if at is not None and not self._was_shown:
            # it was filtered out and is back: that is where one was
            self.view.scrollTo(self.model.index(at, 0), AssetView.ScrollHint.PositionAtCenter)
            return
        if self._anchor is not None and self.model.rowCount():
            asset, offset = self._anchor
            at = self.model.row_of_asset(asset)
            if at is None:
                near = self.model.neighbour(asset, 1)
                at = self.model.rowCount() - 1 if near is None else self.model.row_of_asset(near)
            self.view.verticalScrollBar().setValue((at or 0) * self.view.rowHeight(0) - offset)

    def _rows_came(self) -> None:
        if self._asset is not None and not self.view.selectionModel().hasSelection():
            at = self.model.row_of_asset(self._asset)
            if at is not None:
                self.view.set_current(at, scroll=True)
        self._show_footer()
        self._show_empty()
        self._count_soon()

    # ---- what is said ------------------------------------------------------------------------------------

    def _rearranged(self) -> None:
        self._show_footer()
        self._show_empty()
        self._count_soon()
        self.view.viewport().update()

    def _count_soon(self) -> None:
        if not self._count.isActive():
            self._count.start(COUNTED_MS if self._listing else 0)

    def _show_all(self) -> None:
        self._show_note()
        self._show_footer()
        self._show_empty()
        self._show_counts()
        self.sort_button.set_order(self.filter.order, descending=self.filter.descending)
        self.field.set_faded(not self.filter.on)

    def _show_counts(self) -> None:
        self.chips.show_filter(self.filter, {f.key: self.model.counts_of(f.key) for f in FACETS if f.flag})
        self.builder.refresh()

    def _show_note(self) -> None:
        text = {
            "pattern": self.tr("This pattern is not complete."),
            "slow": self.tr("A repeated group with repeats inside is not searched: it could take hours."),
        }.get(self.model.query.problem, self._note)
        self.note.setText(text)
        self._note_row.setVisible(bool(text) and self.form == "list")

    def _show_footer(self) -> None:
        shown, total = self.model.counts()
        text = texts.count_text(shown, total, listing=self._listing, busy=self.model.busy)
        self.footer.show_text(text, listing=self._listing, is_off=not self.filter.on and not self.filter.is_neutral)

    def _show_empty(self) -> None:
        shown, total = self.model.counts()
        if shown or self.form == "rail" or self.model.busy:
            self._stack.setCurrentWidget(self.view)
            return
        if not total:
            self.empty.show_text("" if self._listing else self.tr("No assets"), can_clear=False)
        else:
            typed = self.filter.text if self.model.query else ""
            self.empty.show_text(texts.no_match_text(typed, len(self.filter.chosen)), can_clear=True)
        self._stack.setCurrentWidget(self.empty)

    def _spoken(self, row: Row) -> str:
        table = self.model.table
        return texts.spoken(row, self.view.delegate.state_of(row), table.entry_of(row), table.changes.totals(row))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.current().panel))
        painter.end()
