"""The page bar: controls at the left, track or chips in the middle, numbers and the mapping badge at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from viewer.ui import theme
from viewer.ui.document_options import DocumentOptions
from viewer.ui.pages.chips import PageChips
from viewer.ui.pages.columns import CHIPS_UP_TO
from viewer.ui.pages.track import PageTrack
from viewer.ui.widgets.buttons import FlatButton, IconButton
from viewer.ui.widgets.layout import Text, column, row
from viewer.ui.widgets.number import NumberField

HEIGHT, LEFT, RIGHT = 44, 196, 232
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0)


class PageBar(QWidget):
    """Shown when an asset has more than one page. Numbers for people start at 1, as in Ango Hub."""

    page_wanted = Signal(int)
    asked = Signal(str)
    """The id of an action whose button was pressed."""
    speed_chosen = Signal(float)
    loop_chosen = Signal(bool)
    mapping_chosen = Signal(object)
    """`DocumentOptions`: how pages of a video are to be found in the file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._speed, self._loop = 1.0, False
        self._badge_tip = ""
        self._choices: tuple[tuple[str, DocumentOptions], ...] = ()
        self._options = DocumentOptions()
        left = QWidget(self)
        left.setFixedWidth(LEFT)
        self._buttons: dict[str, IconButton] = {}
        for action, icon, tip in (
            ("first_page", "chevron-first", self.tr("First page (Home)")),
            ("previous_page", "step-back", self.tr("Previous page (←)")),
            ("play", "play", self.tr("Play (Space)")),
            ("next_page", "step-forward", self.tr("Next page (→)")),
            ("last_page", "chevron-last", self.tr("Last page (End)")),
        ):
            button = self._buttons[action] = IconButton(icon, tip, left)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(partial(self.asked.emit, action))
        self.speed = FlatButton("1×", left, height=theme.CONTROL_SMALL, pixels=theme.SECOND_PX, tip=self.tr("Speed"))
        self.speed.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.speed.clicked.connect(self._open_speed)
        left.setLayout(row(*self._buttons.values(), self.speed, None, spacing=1, margins=(theme.SPACE_XS, 0)))
        self.track = PageTrack(self)
        self.chips = PageChips(self)
        self._middle = QStackedWidget(self)
        self._middle.addWidget(self.track)
        self._middle.addWidget(self.chips)
        right = QWidget(self)
        right.setFixedWidth(RIGHT)
        self.number = NumberField(right)
        self.number.setAccessibleName(self.tr("Page number"))
        self.number.setFixedWidth(64)
        self.total = Text("", right, tone="text2")
        self.readout = Text("", right, pixels=theme.CAPTION_PX, tone="text3", elide=Qt.TextElideMode.ElideRight)
        self.readout.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.badge = FlatButton("", right, height=20, pixels=theme.CAPTION_PX, look="framed")
        self.badge.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.badge.clicked.connect(self._open_mapping)
        self.badge.hide()
        numbers = row(None, self.number, self.total, self.badge, spacing=theme.SPACE_XS)
        right.setLayout(column(None, numbers, self.readout, None, margins=(theme.SPACE_XS, 0, theme.SPACE_M, 0)))
        layout = row(left, self._middle, right, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        for source in (self.track.page_wanted, self.chips.page_wanted):
            source.connect(self._wanted)
        self.track.stepped.connect(lambda step: self.asked.emit("next_page" if step > 0 else "previous_page"))
        self.number.valueChanged.connect(lambda value: self._wanted(value - 1))
        self._told = False
        self._page, self._count = 0, 1
        self._playing = False

    # ---- what is shown -----------------------------------------------------------------------------------

    def set_pages(self, count: int) -> None:
        """How many pages there are."""
        self._told = True
        self._count = max(1, count)
        self.track.set_pages(count)
        self.chips.set_pages(count)
        self._middle.setCurrentWidget(self.chips if count <= CHIPS_UP_TO else self.track)
        self.number.setRange(1, self._count)
        self.total.setText(f"/ {self._count:,}")
        self.total.updateGeometry()
        self._told = False
        self.setVisible(count > 1)

    def set_page(self, page: int, text: str, *, playing: bool) -> None:
        """Where one is, with what stands below the number (frame, time)."""
        self._told = True
        self._page = page
        self.track.set_page(page)
        self.chips.set_page(page)
        self.number.setValue(page + 1)
        self._told = False
        self.readout.setText(text)
        self.readout.setVisible(bool(text))  # without it the number stands in the middle
        if playing != self._playing:
            self._playing = playing
            self._buttons["play"].set_icon("pause" if playing else "play")
        self.setAccessibleName(self.tr("Pages"))
        self.setAccessibleDescription(self.tr("Page {0} of {1}, {2}").format(page + 1, self._count, text))

    def set_marks(self, labels_by_page: dict[int, int]) -> None:
        """How many labels were exported on each page."""
        self.track.set_marks(labels_by_page)
        self.chips.set_marks(labels_by_page)

    def set_changes(self, kinds: Mapping[int, str]) -> None:
        """The sign of what changed most on each page, from A to B; empty while nothing is compared."""
        self.track.set_changes(kinds)
        self.chips.set_changes(kinds)

    def set_keys(self, pages: Sequence[int]) -> None:
        """Key frames of the selected object."""
        self.track.set_keys(pages)

    def set_picture(self, page: int, picture: QImage) -> None:
        """A small picture of a page."""
        self.chips.set_picture(page, picture)

    def set_speed(self, speed: float, *, loop: bool) -> None:
        """How fast it plays, and whether it begins again at the end."""
        self._speed, self._loop = speed, loop
        self.speed.setText(f"{speed:g}×" + (" ↻" if loop else ""))
        self.speed.updateGeometry()

    def set_mapping(self, facts: Mapping[str, Any], options: DocumentOptions) -> None:
        """The mapping in force, as a badge with the choices behind it; only videos have one."""
        badge = facts.get("badge")
        self.badge.setVisible(isinstance(badge, str))
        self._options = options
        if isinstance(badge, str):
            self.badge.setText(badge)
            self.badge.updateGeometry()
            warnings = facts.get("warnings")
            tip = [str(w) for w in warnings] if isinstance(warnings, list | tuple) else []
            self.badge.setToolTip("\n".join(tip or [self.tr("How pages of the export are found in the file")]))

    # ---- menus -------------------------------------------------------------------------------------------

    def _open_speed(self) -> None:
        menu = QMenu(self)
        for speed in SPEEDS:
            action = menu.addAction(f"{speed:g}×")
            action.setCheckable(True)
            action.setChecked(speed == self._speed)
            action.triggered.connect(partial(self._emit_speed, speed))
        menu.addSeparator()
        loop = menu.addAction(self.tr("Loop"))
        loop.setCheckable(True)
        loop.setChecked(self._loop)
        loop.toggled.connect(self.loop_chosen)
        self._pop(menu, self.speed)

    def _emit_speed(self, speed: float, _checked: bool = False) -> None:
        self.speed_chosen.emit(speed)

    def _open_mapping(self) -> None:
        menu = QMenu(self)
        options = self._options
        for text, choice in (
            (self.tr("Automatic"), replace(options, mapping="")),
            (self.tr("By picture number"), replace(options, mapping="index")),
            (self.tr("By time"), replace(options, mapping="time")),
            (self.tr("As Chrome seeks"), replace(options, mapping="chrome")),
        ):
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(choice == options)
            action.triggered.connect(partial(self._emit_mapping, choice))
        menu.addSeparator()
        for step in (-1, 1):
            moved = replace(options, page_offset=options.page_offset + step)
            text = self.tr("Offset {0} (now {1})").format(f"{step:+d}", f"{options.page_offset:+d}")
            action = menu.addAction(text)
            action.setEnabled(abs(moved.page_offset) <= 5)
            action.triggered.connect(partial(self._emit_mapping, moved))
        self._pop(menu, self.badge)

    def _emit_mapping(self, options: DocumentOptions, _checked: bool = False) -> None:
        self.mapping_chosen.emit(options)

    def _pop(self, menu: QMenu, button: QWidget) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(button.mapToGlobal(QPoint(0, -menu.sizeHint().height() - 4)))

    def _wanted(self, page: int) -> None:
        if not self._told and page != self._page:
            self.page_wanted.emit(page)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.current().panel))
        painter.fillRect(0, 0, self.width(), 1, QColor(theme.current().divider))
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.current().accent), 2.0))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()
