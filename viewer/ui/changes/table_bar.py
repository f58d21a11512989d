"""Above the rows of the table of changes: which changes, search, CSV and columns; below that the filters."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from viewer.ui import theme
from viewer.ui.assets import texts
from viewer.ui.assets.builder import FilterBuilder
from viewer.ui.assets.changed import CLASS, KIND, PERSON, STAGE, TOOL
from viewer.ui.assets.filters import Filter
from viewer.ui.changes.columns import COLUMNS, column_text
from viewer.ui.changes.table import GROUPINGS, Grouping
from viewer.ui.header import MenuButton
from viewer.ui.inspector.change_words import ORDER, sign_of
from viewer.ui.inspector.filter_row import FilterField
from viewer.ui.inspector.sign_chips import SignChips
from viewer.ui.widgets.buttons import FlatButton, IconButton, Segment
from viewer.ui.widgets.fields import ChoiceField
from viewer.ui.widgets.layout import Divider, Text, row

HEIGHT, CHIPS_HEIGHT = 40, 40
OFFERED = (CLASS, PERSON, STAGE, TOOL)
"""Facets with a button; kinds have chips."""


class FacetButton(MenuButton):
    """Opens the values of one facet; says how many are chosen."""

    def __init__(self, facet: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent, look="framed", height=theme.CONTROL_SMALL, pixels=theme.SECOND_PX)
        self.facet, self._name = facet, name
        self.setCheckable(True)

    def tell(self, values: tuple[str, ...]) -> None:
        """What is chosen."""
        text = self._name
        if len(values) == 1:
            text = texts.value_text(self.facet, values[0])[:40]
        elif values:
            text = f"{self._name} {len(values):,}"
        self.setText(text)
        self.setAccessibleName(self.tr("Filter: {0}").format(text))
        self.setChecked(bool(values))
        self.updateGeometry()

    def nextCheckState(self) -> None:
        """Stays as the filter says."""

    def grounds(self) -> tuple[str, str, str]:
        t = theme.current()
        return (t.soft, t.accent, t.text) if self.isChecked() else super().grounds()


class TableBar(QWidget):
    """Which changes are listed, and what can be done with the list."""

    source_chosen = Signal(str)
    """``asset`` or ``export``"""
    typed = Signal(str)
    csv_wanted = Signal()
    columns_chosen = Signal(object)
    """frozenset[str] of optional columns."""
    closed = Signal()
    down = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.source = Segment((("asset", self.tr("This asset"), ""), ("export", self.tr("Whole export"), "")), self)
        self.field = FilterField(self.tr("Class, person, asset…"), self, icon="search")
        self.field.setMaximumWidth(220)
        self.field.setMinimumWidth(110)
        self.said = Text("", self, pixels=theme.SECOND_PX, tone="text2", elide=Qt.TextElideMode.ElideRight)
        self.said.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.csv = FlatButton(self.tr("CSV"), self, icon="download", look="framed", pixels=theme.SECOND_PX)
        self.csv.setToolTip(self.tr("Save the changes that are listed as CSV"))
        self.columns = IconButton("columns-3", self.tr("Columns"), self)
        self.close_button = IconButton("x", self.tr("Back to the page (Esc)"), self)
        layout = row(
            self.source, self.field, self.said, self.csv, self.columns, self.close_button,
            margins=(theme.SPACE_M, 0, theme.SPACE_S, 0),
        )  # fmt: skip
        layout.setStretch(1, 1)
        layout.setStretch(2, 2)
        self.setLayout(layout)
        self._optional: frozenset[str] = frozenset()
        self._own = False
        self.source.chosen.connect(self.source_chosen)
        self.field.textChanged.connect(self.typed)
        self.field.down.connect(self.down)
        self.field.returnPressed.connect(self.down)
        self.csv.clicked.connect(self.csv_wanted)
        self.columns.clicked.connect(lambda: self._column_menu().popup(self._below(self.columns)))
        self.close_button.clicked.connect(self.closed)

    def tell_counts(self, asset: int | None, export: int | None) -> None:
        """How many changes there are; None while that is not known."""
        for key, name, count in (
            ("asset", self.tr("This asset"), asset), ("export", self.tr("Whole export"), export),
        ):  # fmt: skip
            self.source.set_text(key, name if count is None else f"{name}  {count:,}")

    def tell_columns(self, optional: frozenset[str], *, own: bool) -> None:
        """Which columns are shown, and whether those of stages compared here can be."""
        self._optional, self._own = optional, own

    def _below(self, button: QWidget) -> QPoint:
        return button.mapToGlobal(QPoint(0, button.height() + 4))

    def _column_menu(self) -> QMenu:
        menu = QMenu(self)
        for column in COLUMNS:
            if column.optional:
                action = menu.addAction(column_text(column.key))
                action.setCheckable(True)
                action.setChecked(column.key in self._optional)
                action.setEnabled(self._own or not column.own)
                key = frozenset((column.key,))
                action.triggered.connect(lambda _on=False, key=key: self.columns_chosen.emit(self._optional ^ key))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu


class FilterBar(QWidget):
    """Chips of kinds, a button for each other facet, and the grouping."""

    filter_chosen = Signal(object)
    """`Filter`"""
    grouping_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(CHIPS_HEIGHT)
        self._record: Callable[[], Filter] = Filter
        self._counts: Callable[[str], Mapping[str, int]] = lambda facet: {}
        self.signs = SignChips(self)
        names = {
            CLASS: self.tr("Class"), PERSON: self.tr("Person"), STAGE: self.tr("Stages"), TOOL: self.tr("Tool"),
        }  # fmt: skip
        self.facets = {facet: FacetButton(facet, names[facet], self) for facet in OFFERED}
        self.builder = FilterBuilder(self)
        self.clear_button = FlatButton(
            self.tr("Clear"), self, height=theme.CONTROL_SMALL, pixels=theme.SECOND_PX,
            tip=self.tr("Clear filters"),
        )  # fmt: skip
        ways = {
            "none": self.tr("Nothing"), "kind": self.tr("Kind"), "class": self.tr("Class"),
            "person": self.tr("Person"), "asset": self.tr("Asset"),
        }  # fmt: skip
        self.group_words = Text(self.tr("Group by"), self, pixels=theme.SECOND_PX, tone="text3")
        self.grouping = ChoiceField([(key, ways[key]) for key in GROUPINGS], self)
        self.grouping.setAccessibleName(self.tr("Group by"))
        self.line = Divider(self, vertical=True)
        self.signs.chosen.connect(self._signs_chosen)
        self.grouping.changed.connect(self.grouping_chosen)
        self.clear_button.clicked.connect(self._clear)
        self.builder.toggled.connect(self._toggle)
        self.builder.cleared.connect(self._clear)
        for facet, button in self.facets.items():
            button.clicked.connect(lambda _on=False, facet=facet: self._open(facet))

    def offer(self, record: Callable[[], Filter], counts: Callable[[str], Mapping[str, int]]) -> None:
        """Where the filter in force and the counts of a facet are asked for."""
        self._record, self._counts = record, counts

    def refresh(self) -> None:
        """Another filter, or other counts."""
        record = self._record()
        counts: dict[str, int] = {}
        for kind, count in self._counts(KIND).items():
            counts[sign_of(kind)] = counts.get(sign_of(kind), 0) + count
        chosen = frozenset(sign_of(kind) for kind in record.values(KIND))
        self.signs.show_counts({sign: counts[sign] for sign in ORDER if sign in counts}, chosen)
        for facet, button in self.facets.items():
            button.tell(record.values(facet))
        self.clear_button.setVisible(not record.is_neutral)
        self.builder.refresh()
        self._place()

    def _signs_chosen(self, signs: frozenset[str]) -> None:
        record = self._record()
        kinds = tuple((KIND, kind) for kind in self._counts(KIND) if sign_of(kind) in signs)
        rest = tuple(pair for pair in record.chosen if pair[0] != KIND)
        self.filter_chosen.emit(Filter(record.text, rest + kinds, record.order, record.descending))

    def _toggle(self, facet: str, value: str) -> None:
        record, pair = self._record(), (facet, value)
        chosen = tuple(p for p in record.chosen if p != pair) if pair in record.chosen else (*record.chosen, pair)
        self.filter_chosen.emit(Filter(record.text, chosen, record.order, record.descending))

    def _clear(self) -> None:
        record = self._record()
        self.filter_chosen.emit(Filter("", (), record.order, record.descending))

    def _open(self, facet: str) -> None:
        self.builder.open_below(self.facets[facet], lambda: {facet: self._counts(facet)}, self._record, facet=facet)

    def _place(self) -> None:
        """From left to right; the chips of kinds give way last."""
        right = self.width() - theme.SPACE_M
        for widget in (self.grouping, self.group_words):
            size = widget.sizeHint()
            right -= size.width()
            widget.setGeometry(right, (self.height() - size.height()) // 2, size.width(), size.height())
            right -= theme.SPACE_S
        buttons: list[FlatButton] = [*self.facets.values()]
        if not self.clear_button.isHidden():
            buttons.append(self.clear_button)
        wanted = sum(min(button.sizeHint().width(), 180) + 6 for button in buttons)
        chips = sum(chip.sizeHint().width() + 6 for chip in self.signs.chips.values())
        self.group_words.setVisible(theme.SPACE_M + chips + 17 + wanted < right)
        if self.group_words.isHidden():
            right += self.group_words.width() + theme.SPACE_S
        width = max(60, min(chips, right - theme.SPACE_M - 17 - wanted))
        y = (self.height() - theme.CONTROL_SMALL) // 2
        self.signs.setGeometry(theme.SPACE_M, y, width, theme.CONTROL_SMALL)
        x = theme.SPACE_M + width + 4
        self.line.setGeometry(x, y + 2, 1, theme.CONTROL_SMALL - 4)
        x += 10
        for button in buttons:
            w = min(button.sizeHint().width(), 180)
            button.setGeometry(x, y, w, theme.CONTROL_SMALL)
            x += w + 6

    def resizeEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        super().resizeEvent(event)
        self._place()

    def minimumSizeHint(self) -> QSize:
        return QSize(300, CHIPS_HEIGHT)

    @property
    def grouped_by(self) -> Grouping:
        """How rows are grouped."""
        return next(grouping for grouping in GROUPINGS if grouping == self.grouping.choice)
