"""The bar below the canvas: pages, frames or slices; step, play, go to, and how pages map to frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSlider, QSpinBox, QToolButton, QWidget

from viewer.ui import theme
from viewer.ui.document_options import DocumentOptions
from viewer.ui.icons import icon


class PageBar(QWidget):
    """Shown when an asset has more than one page. Numbers for people start at 1, as in Ango Hub."""

    page_wanted = Signal(int)
    asked = Signal(str)
    """The id of an action whose button was pressed."""
    mapping_chosen = Signal(object)
    """`DocumentOptions`: how pages of a video are to be found in the file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(44)
        self._buttons: dict[str, QToolButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.SPACE_M, 0, theme.SPACE_M, 0)
        layout.setSpacing(theme.SPACE_XS)
        for action, sign, tip in (
            ("first_page", "chevron-first", self.tr("First page")),
            ("previous_page", "step-back", self.tr("Previous page")),
            ("play", "play", self.tr("Play")),
            ("next_page", "step-forward", self.tr("Next page")),
            ("last_page", "chevron-last", self.tr("Last page")),
        ):
            button = QToolButton(self)
            button.setIcon(icon(sign))
            button.setIconSize(QSize(16, 16))
            button.setToolTip(tip)
            button.setAccessibleName(tip)
            button.setAutoRaise(True)
            button.setFixedSize(28, 28)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _=False, name=action: self.asked.emit(name))
            layout.addWidget(button)
            self._buttons[action] = button
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setAccessibleName(self.tr("Page"))
        self.slider.setSingleStep(1)
        layout.addWidget(self.slider, 1)
        self.number = QSpinBox(self)
        self.number.setAccessibleName(self.tr("Page number"))
        self.number.setKeyboardTracking(False)
        self.number.setMinimumWidth(76)
        layout.addWidget(self.number)
        self.total = QLabel(self)
        layout.addWidget(self.total)
        self.readout = QLabel(self)
        self.readout.setTextFormat(Qt.TextFormat.PlainText)
        self.readout.setMinimumWidth(170)
        layout.addWidget(self.readout)
        self.mapping = QToolButton(self)
        self.mapping.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.mapping.setAutoRaise(True)
        self.mapping.setToolTip(self.tr("How pages of the export are found in the file"))
        self.mapping.setAccessibleName(self.tr("Mapping of pages to frames"))
        self.mapping.setMenu(QMenu(self.mapping))
        self.mapping.hide()
        layout.addWidget(self.mapping)
        self.slider.valueChanged.connect(self._moved)
        self.number.valueChanged.connect(lambda value: self._moved(value - 1))
        self._told = False
        self._playing = False

    def set_pages(self, count: int) -> None:
        """How many pages there are."""
        self._told = True
        self.slider.setRange(0, max(0, count - 1))
        self.slider.setPageStep(max(1, count // 10))
        self.number.setRange(1, max(1, count))
        self.total.setText(f"/ {count:,}")
        self._told = False
        self.setVisible(count > 1)

    def set_page(self, page: int, text: str, *, playing: bool) -> None:
        """Where one is, with what stands beside the number (frame, time, mapping)."""
        self._told = True
        self.slider.setValue(page)
        self.number.setValue(page + 1)
        self._told = False
        self.readout.setText(text)
        if playing != self._playing:
            self._playing = playing
            self._buttons["play"].setIcon(icon("pause" if playing else "play"))

    def set_mapping(self, facts: Mapping[str, Any], options: DocumentOptions) -> None:
        """The mapping in force, as a badge with the choices behind it; only videos have one."""
        badge = facts.get("badge")
        self.mapping.setVisible(isinstance(badge, str))
        if not isinstance(badge, str):
            return
        self.mapping.setText(badge)
        menu = self.mapping.menu()
        menu.clear()
        choices = (
            (self.tr("Automatic"), replace(options, mapping="")),
            (self.tr("By picture number"), replace(options, mapping="index")),
            (self.tr("By time"), replace(options, mapping="time")),
            (self.tr("As Chrome seeks"), replace(options, mapping="chrome")),
        )
        for text, choice in choices:
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(choice == options)
            action.triggered.connect(lambda _on=False, choice=choice: self.mapping_chosen.emit(choice))
        menu.addSeparator()
        for step in (-1, 1):
            moved = replace(options, page_offset=options.page_offset + step)
            text = self.tr("Offset {0} (now {1})").format(f"{step:+d}", f"{options.page_offset:+d}")
            action = menu.addAction(text)
            action.setEnabled(abs(moved.page_offset) <= 5)
            action.triggered.connect(lambda _on=False, choice=moved: self.mapping_chosen.emit(choice))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys belong to the actions, not to the slider's own steps."""
        event.ignore()

    def _moved(self, page: int) -> None:
        if not self._told:
            self.page_wanted.emit(page)
