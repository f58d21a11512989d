"""The settings: one row each, made from a list, on two pages; written when they are accepted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLayout, QStackedLayout, QWidget

from viewer.errors import ViewerError
from viewer.settings import SettingsFile
from viewer.ui import theme
from viewer.ui.cache_page import CachePage
from viewer.ui.cache_use import CacheUse
from viewer.ui.widgets.answer_row import AnswerRow
from viewer.ui.widgets.buttons import Segment
from viewer.ui.widgets.dialog import Dialog
from viewer.ui.widgets.fields import ChoiceField, StepField, TickField, dialog_title
from viewer.ui.widgets.layout import Divider, Text, column, row

CHOICE_WIDTH = 220
"""Choices stand below each other and are as wide as each other."""


Page = Literal["general", "files"]
PAGES: tuple[Page, ...] = ("general", "files")


def _form() -> QGridLayout:
    form = QGridLayout()
    form.setHorizontalSpacing(theme.SPACE_XL)
    form.setVerticalSpacing(theme.SPACE_S)
    form.setColumnStretch(0, 1)
    return form


class SettingsDialog(Dialog):
    """Accepted: the settings are changed and saved."""

    def __init__(
        self,
        settings: SettingsFile,
        parent: QWidget | None = None,
        *,
        cache: CacheUse | None = None,
        page: Page = "general",
    ) -> None:
        """`cache` None: nothing is said of what it holds. `page`: the one in front."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self.setMinimumWidth(480)
        self._settings = settings
        self._values: dict[str, Callable[[], Any]] = {}
        general = self._form = _form()
        self._choice("theme", self.tr("Look"), (("system", self.tr("As the system")), ("light", self.tr("Light")),
                                                ("dark", self.tr("Dark"))))  # fmt: skip
        self._choice("zoom", self.tr("Zoom when the asset or page changes"),
                     (("keep", self.tr("Keep it")), ("fit", self.tr("Fit each page"))))  # fmt: skip
        self._choice("frame_policy", self.tr("Tracks of a video"),
                     (("auto", self.tr("Decide by the file")), ("keys", self.tr("Key frames, hold between")),
                      ("full", self.tr("Only exported frames"))))  # fmt: skip
        self._number("hop", self.tr("Pages of a hop"), 2, 1000)
        self._number("frames_per_second", self.tr("Pages per second when playing slices"), 0.5, 60.0, decimals=1)
        self._number("blink_hz", self.tr("Blinks of A and B per second"), 0.5, 4.0, decimals=1)
        self._check("compare_stages", self.tr("Compare the stages of all assets in the background"))
        self._check("motion", self.tr("Glide and fade"))
        self._check("hold_to_peek", self.tr("A held H hides the labels for a look"))
        self._check("smooth", self.tr("Smooth pixels up to twice their size"))
        self._check("restore", self.tr("Open at the start what was open at the end"))
        files = self._form = _form()
        self._number("cache_gb", self.tr("The cache holds at most, in GB"), 0.1, 10_000.0, decimals=1)
        self._number("asset_gb", self.tr("One file has at most, in GB"), 0.1, 10_000.0, decimals=1)
        self._number("asset_hours", self.tr("One file takes at most, in hours"), 0.1, 240.0, decimals=1)
        self._check("offline", self.tr("Fetch nothing from the network"))
        self.cache = CachePage(cache, self) if cache is not None else None
        self.pages = Segment((("general", self.tr("General"), ""), ("files", self.tr("Files and cache"), "")), self)
        self._stack = QStackedLayout()
        for content in (column(general, None), column(*self._files(files), None, spacing=theme.SPACE_L)):
            sheet = QWidget(self)
            sheet.setLayout(content)
            self._stack.addWidget(sheet)
        self.pages.chosen.connect(self.show_page)
        self.show_page(page)
        self.told = Text("", self, tone="error")
        self.told.hide()
        buttons = AnswerRow(self.tr("Save"), self.tr("Cancel"), self)
        title = dialog_title(self.tr("Settings"), self)
        self.setLayout(
            column(title, row(self.pages, None), self._stack, self.told, buttons, spacing=theme.SPACE_L,
                   margins=(theme.SPACE_XL, theme.SPACE_XL))
        )  # fmt: skip
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)

    def show_page(self, page: str) -> None:
        """Bring a page to the front."""
        self.pages.choose(page)
        self._stack.setCurrentIndex(PAGES.index(page))

    def _files(self, form: QGridLayout) -> list[QWidget | QLayout]:
        return [form] if self.cache is None else [self.cache, Divider(self), form]

    def _choice(self, name: str, text: str, choices: tuple[tuple[str, str], ...]) -> None:
        field = ChoiceField(choices, self)
        field.setMinimumWidth(CHOICE_WIDTH)
        field.choose(getattr(self._settings.settings, name))
        self._add(name, text, field, lambda: field.choice)

    def _number(self, name: str, text: str, low: float, high: float, *, decimals: int = 0) -> None:
        field = StepField(getattr(self._settings.settings, name), low, high, self, decimals=decimals)
        self._add(name, text, field, lambda: field.value if decimals else int(field.value))

    def _check(self, name: str, text: str) -> None:
        field = TickField(text, self)
        field.setChecked(getattr(self._settings.settings, name))
        self._add(name, "", field, field.isChecked)

    def _add(self, name: str, text: str, widget: QWidget, value: Callable[[], Any]) -> None:
        at = self._form.rowCount()
        widget.setObjectName(name)
        if text:
            widget.setAccessibleName(text)
            self._form.addWidget(Text(text, self), at, 0)
            self._form.addWidget(widget, at, 1, Qt.AlignmentFlag.AlignRight)
        else:
            self._form.addWidget(widget, at, 0, 1, 2)  # a long text gets both columns
        self._values[name] = value

    def _save(self) -> None:
        changes = {
            name: value() for name, value in self._values.items() if value() != getattr(self._settings.settings, name)
        }
        try:
            if changes:
                self._settings.change(**changes)
        except ViewerError as error:
            self.told.setText(str(error))
            self.told.show()
            return
        self.accept()
