"""The editor of keys: a ready map, own keys per action, and conflicts told as they arise."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QHeaderView,
    QKeySequenceEdit,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from viewer.errors import ViewerError
from viewer.settings import SettingsFile
from viewer.ui import key_maps, theme
from viewer.ui.actions import ACTIONS, tr
from viewer.ui.widgets.answer_row import AnswerRow
from viewer.ui.widgets.buttons import FlatButton
from viewer.ui.widgets.layout import Text, column, row


class KeyEditor(QDialog):
    """Accepted: the settings hold the map and the own keys."""

    def __init__(self, settings: SettingsFile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Change keys"))
        self.resize(620, 560)
        self._settings = settings
        self._own = {action: tuple(keys) for action, keys in settings.settings.keys.items()}
        self.map = QComboBox(self)
        for name, title in key_maps.TITLES.items():
            self.map.addItem(self.tr(title), name)
        self.map.setCurrentIndex(self.map.findData(settings.settings.key_map))
        self.map.setAccessibleName(self.tr("Key map"))
        self.table = QTableWidget(len(ACTIONS), 2, self)
        self.table.setHorizontalHeaderLabels([self.tr("Command"), self.tr("Keys")])
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.setAccessibleName(self.tr("Commands and their keys"))
        for i, record in enumerate(ACTIONS):
            self.table.setItem(i, 0, QTableWidgetItem(tr(record.text).rstrip("…")))
            self.table.setItem(i, 1, QTableWidgetItem())
        self.edit = QKeySequenceEdit(self)
        self.edit.setMaximumSequenceLength(1)
        self.edit.setAccessibleName(self.tr("New key"))
        self.put = FlatButton(self.tr("Use this key"), self, look="framed")
        self.clear = FlatButton(self.tr("No key"), self, look="framed")
        self.reset = FlatButton(self.tr("As in the map"), self, look="framed")
        self.told = Text("", self, tone="warn", pixels=theme.SECOND_PX, elide=Qt.TextElideMode.ElideRight)
        buttons = AnswerRow(self.tr("Save"), self.tr("Cancel"), self)
        self.setLayout(
            column(
                row(Text(self.tr("Key map"), self), self.map, None),
                self.table,
                row(self.edit, self.put, self.clear, self.reset, None),
                self.told,
                buttons,
                spacing=theme.SPACE_S,
                margins=(theme.SPACE_L, theme.SPACE_L),
            )
        )
        self.map.currentIndexChanged.connect(self._fill)
        self.put.clicked.connect(self._put)
        self.clear.clicked.connect(lambda: self._change(()))
        self.reset.clicked.connect(lambda: self._change(None))
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)
        self._fill()
        self.table.selectRow(0)

    def keys(self) -> dict[str, tuple[str, ...]]:
        """The keys as they would be."""
        defaults = {record.id: record.shortcuts for record in ACTIONS}
        return key_maps.resolved(defaults, self.map.currentData(), self._own)

    def _fill(self) -> None:
        keys = self.keys()
        for i, record in enumerate(ACTIONS):
            item = self.table.item(i, 1)
            if item is not None:
                item.setText(
                    ", ".join(
                        QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys[record.id]
                    )
                )

    def _put(self) -> None:
        key = self.edit.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        if key:
            self._change((key,))
            self.edit.clear()

    def _change(self, keys: tuple[str, ...] | None) -> None:
        at = self.table.currentRow()
        if at < 0:
            return
        action = ACTIONS[at].id
        before = self.keys()
        if keys is None:
            self._own.pop(action, None)
        else:
            self._own[action] = keys
        lost = [
            tr(record.text).rstrip("…")
            for record in ACTIONS
            if record.id != action and keys and set(before[record.id]) & set(keys)
        ]
        self.told.setText(self.tr("This key was taken from: {0}").format(", ".join(lost)) if lost else "")
        self._fill()

    def _save(self) -> None:
        try:
            self._settings.change(
                key_map=self.map.currentData(), keys={action: list(keys) for action, keys in self._own.items()}
            )
        except ViewerError as error:
            self.told.setText(str(error))
            return
        self.accept()
