"""The tab of changes: signs that filter, the list between two stages, and the chosen change below."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPoint, QSettings, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QMenu, QStackedLayout, QVBoxLayout, QWidget

from viewer.ui import theme
from viewer.ui.inspector.change_block import LEAST, ChangeBlock, Sides
from viewer.ui.inspector.change_listing import GROUPINGS, ChangeListing, Grouping
from viewer.ui.inspector.change_rows import EMPTY, ChangeModel
from viewer.ui.inspector.change_view import ChangeView
from viewer.ui.inspector.sign_chips import SignChips
from viewer.ui.widgets.buttons import FlatButton, IconButton
from viewer.ui.widgets.layout import Text, column, row
from viewer.ui.widgets.splitter import LineSplitter

Why = Literal["", "none", "single", "no_history", "waiting", "equal"]
"""Why nothing is listed: no asset, no stages compared, only one stage there, being compared, nothing changed."""

BLOCK, TALLEST, SHARE = 250, 420, 0.36


class ChangesTab(QWidget):
    """It only shows; which change is shown on the page is `ChangeSteps`'."""

    change_chosen = Signal(object)
    """`Change`: show it."""
    entered = Signal(object)
    """The same, and the keys go to the picture."""
    page_chosen = Signal(object, int)
    """`Change` of a track, and another page of it: show the track there."""
    canvas_wanted = Signal()
    compare_wanted = Signal()
    """Begin to compare, with whatever stages suggest themselves."""
    stages_wanted = Signal()
    """Pick other stages."""
    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sides = Sides("", "")
        self.why: Why = "none"
        self._marked: int | None = None
        self._block_height = BLOCK
        self._is_dragged = self._is_compact = False
        self.chips = SignChips(self)
        self.grouping = IconButton("list-tree", self.tr("How changes are grouped"), self)
        self.model = ChangeModel(self)
        self.view = ChangeView(self.model, self)
        self.block = ChangeBlock(self)
        upper = QWidget(self)
        bar = row(self.chips, self.grouping, spacing=6, margins=(theme.SPACE_M, 8, 6, 6))
        bar.setAlignment(self.grouping, Qt.AlignmentFlag.AlignTop)
        upper.setLayout(column(bar, self.view))
        self.splitter = LineSplitter(Qt.Orientation.Vertical, self)
        self.splitter.addWidget(upper)
        self.splitter.addWidget(self.block)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.splitterMoved.connect(lambda _at, _handle: setattr(self, "_is_dragged", True))
        listed = QWidget(self)
        layout = QVBoxLayout(listed)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)
        self.heading = Text("", self, weight=600, elide=Qt.TextElideMode.ElideRight)
        self.text = QLabel("", self)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setFont(theme.font(theme.SECOND_PX))
        self.text.setWordWrap(True)
        self.button = FlatButton("", self, look="framed")
        empty = QWidget(self)
        empty.setLayout(
            column(
                self.heading, self.text, row(self.button, None, margins=(0, 6)), None,
                spacing=theme.SPACE_XS, margins=(theme.SPACE_M, theme.SPACE_M),
            )
        )  # fmt: skip
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty)
        self._stack.addWidget(listed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("Changes"))
        self.chips.chosen.connect(self._filter)
        self.grouping.clicked.connect(lambda: self.menu().popup(self.grouping.mapToGlobal(QPoint(0, 32))))
        self.button.clicked.connect(self._ask)
        self.view.change_chosen.connect(self._choose)
        self.view.entered.connect(lambda at: self.entered.emit(self.model.listing.changes[at]))
        self.view.page_chosen.connect(lambda at, page: self.page_chosen.emit(self.model.listing.changes[at], page))
        self.view.left.connect(self.canvas_wanted)
        self.block.zoom_wanted.connect(self._show_again)
        self.block.copied.connect(self.copied)
        self.show_nothing("none")

    # ---- what is shown -----------------------------------------------------------------------------------

    @property
    def is_listed(self) -> bool:
        """Whether there are changes to see."""
        return self._stack.currentIndex() == 1

    def show_changes(self, listing: ChangeListing, sides: Sides) -> None:
        """The changes from A to B."""
        self.sides = sides
        if not listing.changes:
            self.show_nothing("equal", sides)
            return
        self.why = ""
        self._marked = self.view.delegate.marked = None
        self.block.clear()
        self.model.show_listing(listing)
        self.view.scrollToTop()
        self.chips.show_counts(listing.counts, self.model.signs)
        self._stack.setCurrentIndex(1)
        self.setFocusProxy(self.view)

    def show_nothing(self, why: Why, sides: Sides | None = None) -> None:
        """No changes: the reason, and the next step."""
        self.why = why
        if sides is not None:
            self.sides = sides
        a, b = self.sides.before, self.sides.after
        heading, text, button = {
            "": ("", "", ""),
            "none": ("", "", ""),
            "single": (
                self.tr("No stages are compared"),
                self.tr(
                    "Click a card of the stage history to make it B, Shift+click another one to make it A; "
                    "or drag the pins."
                ),
                self.tr("Compare with the stage before"),
            ),
            "no_history": (
                self.tr("There is only one stage"),
                self.tr('This export holds no stage history. In Ango Hub, tick "History" when exporting.'),
                "",
            ),
            "waiting": ("", self.tr("Comparing {0} with {1}…").format(a, b), ""),
            "equal": (
                self.tr("No changes"),
                self.tr("Nothing changed between {0} and {1}.").format(a, b),
                self.tr("Pick other stages"),
            ),
        }[why]
        self.heading.setText(heading)
        self.heading.setVisible(bool(heading))
        self.text.setText(text)
        self.button.setText(button)
        self.button.setAccessibleName(button)
        self.button.updateGeometry()
        self.button.setVisible(bool(button))
        self._marked = self.view.delegate.marked = None
        if self.model.listing is not EMPTY:
            self.model.show_listing(EMPTY)
            self.block.clear()
        self._stack.setCurrentIndex(0)
        self.setFocusProxy(self.button if button else None)  # type: ignore[arg-type]

    def mark(self, at: int | None) -> None:
        """The change that is shown on the page, by its place in the comparison."""
        if not 0 <= (at if at is not None else -1) < len(self.model.listing.changes):
            at = None
        self._marked = at
        self.view.mark(at)
        if at is None:
            self.block.clear()
        else:
            self.block.tell(self.model.listing, at, self.sides)

    def mark_object(self, object_id: str | None, page: int) -> None:
        """Another object is selected: mark its change, where it has one."""
        if object_id is None or (self._marked is not None and self.model.listing.is_of(self._marked, object_id)):
            return
        at = self.model.listing.of_object(object_id, page)
        if at is not None:
            self.mark(at)

    def _filter(self, signs: frozenset[str]) -> None:
        self.model.choose(self.model.grouping, signs)
        self.view.scrollToTop()
        if self._marked is not None:
            self.view.mark(self._marked)

    def group_by(self, grouping: Grouping) -> None:
        """Group in another way."""
        self.model.choose(grouping, self.model.signs)
        if self._marked is not None:
            self.view.mark(self._marked)

    def menu(self) -> QMenu:
        """The ways to group."""
        texts: dict[Grouping, str] = {
            "kind": self.tr("By kind"), "class": self.tr("By class"), "person": self.tr("By person"),
            "page": self.tr("By page"),
        }  # fmt: skip
        menu = QMenu(self)
        for key in GROUPINGS:
            if key != "page" or self.model.listing.many_pages:
                action = menu.addAction(texts[key])
                action.setCheckable(True)
                action.setChecked(key == self.model.grouping)
                action.triggered.connect(lambda _on=False, key=key: self.group_by(key))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    # ---- what is asked for -------------------------------------------------------------------------------

    def _choose(self, at: int) -> None:
        self._marked = at
        self.block.tell(self.model.listing, at, self.sides)
        self.change_chosen.emit(self.model.listing.changes[at])

    def _show_again(self) -> None:
        if self._marked is not None:
            self.change_chosen.emit(self.model.listing.changes[self._marked])

    def _ask(self) -> None:
        (self.stages_wanted if self.why == "equal" else self.compare_wanted).emit()

    # ---- heights -----------------------------------------------------------------------------------------

    def set_compact(self, on: bool) -> None:
        """Whether the window is low."""
        if on != self._is_compact:
            self._is_compact = on
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._is_dragged:
            self._block_height = max(BLOCK, min(round(self.height() * SHARE), TALLEST))
            self._fit()

    def _fit(self) -> None:
        whole = max(sum(self.splitter.sizes()), 2 * BLOCK)
        wanted = LEAST if self._is_compact and not self._is_dragged else self._block_height
        height = max(LEAST, min(wanted, whole - 150))
        self.splitter.setSizes([whole - height, height])

    # ---- remembered --------------------------------------------------------------------------------------

    def save(self, settings: QSettings) -> None:
        """Grouping and height of the block."""
        settings.setValue("inspector/change_grouping", self.model.grouping)
        settings.setValue("inspector/change_block", self.splitter.sizes()[1] if self._is_dragged else 0)

    def restore(self, settings: QSettings) -> None:
        """As they were."""
        grouping = settings.value("inspector/change_grouping", "kind")
        for known in GROUPINGS:
            if known == grouping:
                self.group_by(known)
        try:
            height = int(str(settings.value("inspector/change_block", 0)))
        except ValueError:
            height = 0
        self._is_dragged = height > 0
        if self._is_dragged:
            self._block_height = height
            self._fit()
