"""The block of the selected label: its name, what can be done with it, and every field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QStackedLayout, QWidget

from viewer.ui import theme
from viewer.ui.inspector.facts import Fact
from viewer.ui.inspector.facts_view import PAD, FactsView
from viewer.ui.inspector.laid_text import LINE
from viewer.ui.widgets.buttons import FlatButton, IconButton
from viewer.ui.widgets.layout import Text, column, row
from viewer.ui.widgets.marks import chip_width, draw_chip, draw_swatch

ROW, ROWS_SHOWN = LINE + 2 * PAD, 2
"""In a low window so many rows are seen before "More" is asked for."""
ANY_HEIGHT = 16_777_215
"""Qt's own largest height of a widget: no limit."""


class Title(QWidget):
    """Swatch, name, number, and a chip with the state."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colour, self.name, self.number, self.chip = "", "", "", ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(60)

    def sizeHint(self) -> QSize:
        return QSize(120, theme.CONTROL)

    def tell(self, colour: str, name: str, number: str, chip: str) -> None:
        """Another label."""
        self.colour, self.name, self.number, self.chip = colour, name, number, chip
        self.setAccessibleName(" ".join(part for part in (name, number, chip) if part))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        left, middle = 0, self.height() // 2
        if self.colour:
            draw_swatch(painter, QRectF(0, middle - 6, 12, 12), self.colour)
            left = 20
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        chip = chip_width(self.chip) if self.chip else 0
        quiet = theme.font(theme.NAME_PX)
        number = QFontMetrics(quiet).horizontalAdvance(self.number)
        font = theme.font(theme.NAME_PX, 600)
        metrics = QFontMetrics(font)
        room = self.width() - left - (number + 5 if number else 0)
        if metrics.horizontalAdvance(self.name) > room - chip - 8:
            chip = 0  # the name comes first
        room -= chip + 8 if chip else 0
        name = metrics.elidedText(self.name, Qt.TextElideMode.ElideMiddle, max(room, 20))
        painter.setFont(font)
        painter.setPen(QColor(t.text))
        painter.drawText(left, 0, self.width(), self.height(), align, name)
        left += metrics.horizontalAdvance(name) + 5
        painter.setFont(quiet)
        painter.setPen(QColor(t.text3))
        if self.number:
            painter.drawText(left, 0, number + 2, self.height(), align, self.number)
            left += number + 8
        if chip:
            draw_chip(painter, QRectF(left, middle - 10, chip, 20), self.chip, ground=t.hover, ink=t.text2)
        painter.end()


class SelectedBlock(QWidget):
    """Heading with buttons over the rows; what to do while nothing is selected."""

    zoom_wanted = Signal()
    json_wanted = Signal()
    jump_wanted = Signal(object)
    copied = Signal(str)
    asked = Signal(str)
    """Id of an action of the window."""
    more_wanted = Signal(bool)
    """More room, or the few rows again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._copies: Sequence[tuple[str, Callable[[], str], str]] = ()
        self.title = Title(self)
        self.zoom = IconButton("scan-search", self.tr("Zoom to this label"), self)
        self.json = IconButton("braces", self.tr("Raw JSON"), self)
        self.copy = IconButton("copy", self.tr("Copy…"), self)
        self.facts = FactsView(self.tr("Selected label"), self)
        self.more = FlatButton(self.tr("More"), self, height=theme.CONTROL_SMALL, pixels=theme.SECOND_PX)
        self.more.hide()
        self.is_compact = False
        self._is_more = False
        shown = QWidget(self)
        shown.setLayout(
            column(
                row(self.title, self.zoom, self.json, self.copy, spacing=2, margins=(theme.SPACE_M, 7, 6, 3)),
                self.facts,
                row(self.more, None, margins=(2, 0)),
            )
        )
        shown.layout().setStretch(1, 1)  # type: ignore[union-attr, unused-ignore]
        empty = QWidget(self)
        empty.setLayout(
            column(
                Text(self.tr("No label selected"), empty, weight=600),
                Text(
                    self.tr("Click one to see its answers, author and history."),
                    empty,
                    pixels=theme.SECOND_PX,
                    tone="text2",
                    elide=Qt.TextElideMode.ElideRight,
                ),
                None,
                spacing=theme.SPACE_XS,
                margins=(theme.SPACE_M, 10),
            )
        )
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty)
        self._stack.addWidget(shown)
        self.setMinimumHeight(84)
        self.zoom.clicked.connect(self.zoom_wanted)
        self.json.clicked.connect(self.json_wanted)
        self.copy.clicked.connect(self._open_copies)
        self.more.clicked.connect(self._toggle_more)
        self.facts.jump_wanted.connect(self.jump_wanted)
        self.facts.copied.connect(self.copied)

    def set_compact(self, on: bool) -> None:
        """Two rows and "More", or as many rows as there is room for."""
        self.is_compact, self._is_more = on, False
        self.more.setText(self.tr("More"))
        self.more.setVisible(on)
        self._fit_facts(few=on)

    def _fit_facts(self, *, few: bool) -> None:
        """Two whole rows, or all the room there is."""
        self.facts.set_wrapped(not few)
        self.facts.setMinimumHeight(ROWS_SHOWN * ROW if few else 0)
        self.facts.setMaximumHeight(ROWS_SHOWN * ROW if few else ANY_HEIGHT)

    def _toggle_more(self) -> None:
        self._is_more = not self._is_more
        self.more.setText(self.tr("Less") if self._is_more else self.tr("More"))
        self.more.updateGeometry()
        self._fit_facts(few=not self._is_more)
        self.more_wanted.emit(self._is_more)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is selected."""
        return self._stack.currentIndex() == 0

    def clear(self) -> None:
        """Nothing is selected."""
        self._stack.setCurrentIndex(0)
        self.facts.show_facts(())

    def tell(
        self,
        *,
        colour: str,
        name: str,
        number: str,
        chip: str,
        facts: Sequence[Fact],
        copies: Sequence[tuple[str, Callable[[], str], str]],
        same: bool,
    ) -> None:
        """A label or relation. `copies`: (text of the menu, what is copied, what is said then). `same`: the same
        object as before, on another page.
        """
        self._copies = copies
        self.title.tell(colour, name, number, chip)
        self.facts.show_facts(facts, keep_place=same)
        self._stack.setCurrentIndex(1)

    def copy_menu(self) -> QMenu:
        """What of it can be copied."""
        menu = QMenu(self)
        for text, value, said in self._copies:
            menu.addAction(text, partial(self._copy_made, value, said))
        menu.addAction(self.tr("Link"), lambda: self.asked.emit("copy_link"))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _open_copies(self) -> None:
        self.copy_menu().popup(self.copy.mapToGlobal(QPoint(0, self.copy.height() + 4)))

    def _copy_made(self, make: Callable[[], str], said: str) -> None:
        text = make()
        if text:
            QGuiApplication.clipboard().setText(text)
            self.copied.emit(said)
