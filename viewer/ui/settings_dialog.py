"""The settings: one row each, made from a list; written when they are accepted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QSpinBox,
    QWidget,
)

from viewer.errors import ViewerError
from viewer.settings import SettingsFile
from viewer.ui import theme
from viewer.ui.widgets.answer_row import AnswerRow
from viewer.ui.widgets.layout import Text, column


class SettingsDialog(QDialog):
    """Accepted: the settings are changed and saved."""

    def __init__(self, settings: SettingsFile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self.setMinimumWidth(480)
        self._settings = settings
        self._values: dict[str, Callable[[], Any]] = {}
        form = QFormLayout()
        form.setHorizontalSpacing(theme.SPACE_L)
        form.setVerticalSpacing(theme.SPACE_S)
        self._form = form
        self._choice("theme", self.tr("Look"), (("system", self.tr("As the system")), ("light", self.tr("Light")),
                                                ("dark", self.tr("Dark"))))  # fmt: skip
        self._choice("zoom", self.tr("Zoom when the asset or page changes"),
                     (("keep", self.tr("Keep it")), ("fit", self.tr("Fit each page"))))  # fmt: skip
        self._choice("frame_policy", self.tr("Tracks of a video"),
                     (("auto", self.tr("Decide by the file")), ("keys", self.tr("Key frames, hold between")),
                      ("full", self.tr("Only exported frames"))))  # fmt: skip
        self._whole("hop", self.tr("Pages of a hop"), 2, 1000)
        self._decimal("frames_per_second", self.tr("Pages per second when playing slices"), 0.5, 60.0)
        self._check("motion", self.tr("Glide and fade"))
        self._check("hold_to_peek", self.tr("A held H hides the labels for a look"))
        self._check("smooth", self.tr("Smooth pixels up to twice their size"))
        self._check("restore", self.tr("Open at the start what was open at the end"))
        self._check("offline", self.tr("Fetch nothing from the network"))
        self.told = Text("", self, tone="error")
        buttons = AnswerRow(self.tr("Save"), self.tr("Cancel"), self)
        self.setLayout(column(form, self.told, buttons, spacing=theme.SPACE_M, margins=(theme.SPACE_L, theme.SPACE_L)))
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)

    def _choice(self, name: str, text: str, choices: tuple[tuple[str, str], ...]) -> None:
        box = QComboBox(self)
        for key, title in choices:
            box.addItem(title, key)
        box.setCurrentIndex(max(0, box.findData(getattr(self._settings.settings, name))))
        self._add(name, text, box, box.currentData)

    def _whole(self, name: str, text: str, low: int, high: int) -> None:
        box = QSpinBox(self)
        box.setRange(low, high)
        box.setValue(getattr(self._settings.settings, name))
        self._add(name, text, box, box.value)

    def _decimal(self, name: str, text: str, low: float, high: float) -> None:
        box = QDoubleSpinBox(self)
        box.setRange(low, high)
        box.setDecimals(1)
        box.setValue(getattr(self._settings.settings, name))
        self._add(name, text, box, box.value)

    def _check(self, name: str, text: str) -> None:
        box = QCheckBox(text, self)
        box.setChecked(getattr(self._settings.settings, name))
        self._add(name, "", box, box.isChecked)

    def _add(self, name: str, text: str, widget: QWidget, value: Callable[[], Any]) -> None:
        widget.setAccessibleName(text or getattr(widget, "text", lambda: name)())
        widget.setObjectName(name)
        if text:
            self._form.addRow(text, widget)
        else:
            self._form.addRow(widget)  # a long text gets both columns
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
            return
        self.accept()
