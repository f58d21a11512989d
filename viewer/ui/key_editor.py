"""The editor of keys: a ready map, own keys per action, and conflicts told as they arise."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QKeySequenceEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
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
from viewer.ui.widgets.dialog import Dialog
from viewer.ui.widgets.fields import ChoiceField, dialog_title
from viewer.ui.widgets.layout import Text, column, row
from viewer.ui.widgets.marks import draw_keys, keys_width

ROW, PAD = 34, 12


class _KeyRow(QStyledItemDelegate):
    """Padded cells, the ground of a list's rows, keys as caps."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        t = theme.current()
        box, state = option.rect, option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(t.soft))
            if index.column() == 0:
                painter.fillRect(QRect(box.left(), box.top(), 2, box.height()), QColor(t.accent))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        text = str(index.data() or "")
        if index.column() == 0:
            painter.setFont(theme.font())
            painter.setPen(QColor(t.text))
            inner = box.adjusted(PAD, 0, -PAD, 0)
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        else:
            x = box.left() + PAD
            for keys in text.split(SEPARATOR) if text else []:
                width = keys_width(keys)
                if x + width > box.right():
                    break
                draw_keys(painter, x + width, box.center().y(), keys, ink=QColor(t.text2))
                x += width + theme.SPACE_XS
        painter.restore()


SEPARATOR = "   "
"""Between two keys of a command, as no key has it in its name."""


class KeyEditor(Dialog):
    """Accepted: the settings hold the map and the own keys."""

    def __init__(self, settings: SettingsFile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Change keys"))
        self.resize(620, 560)
        self._settings = settings
        self._own = {action: tuple(keys) for action, keys in settings.settings.keys.items()}
        self.map = ChoiceField([(name, self.tr(title)) for name, title in key_maps.TITLES.items()], self)
        self.map.choose(settings.settings.key_map)
        self.map.setAccessibleName(self.tr("Key map"))
        self.table = QTableWidget(len(ACTIONS), 2, self)
        self.table.setHorizontalHeaderLabels([self.tr("Command"), self.tr("Keys")])
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.setShowGrid(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setMouseTracking(True)
        self.table.setItemDelegate(_KeyRow(self.table))
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(ROW)
        header = self.table.horizontalHeader()
        header.setFixedHeight(30)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(1, 200)
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
                dialog_title(self.tr("Change keys"), self),
                row(Text(self.tr("Key map"), self), self.map, None),
                self.table,
                row(self.edit, self.put, self.clear, self.reset, None),
                self.told,
                buttons,
                spacing=theme.SPACE_M,
                margins=(theme.SPACE_XL, theme.SPACE_XL),
            )
        )
        self.map.changed.connect(lambda _map: self._fill())
        self.put.clicked.connect(self._put)
        self.clear.clicked.connect(lambda: self._change(()))
        self.reset.clicked.connect(lambda: self._change(None))
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)
        self._fill()
        self.table.selectRow(0)

    def _map(self) -> key_maps.Map:
        return next(name for name in key_maps.TITLES if name == self.map.choice)

    def keys(self) -> dict[str, tuple[str, ...]]:
        """The keys as they would be."""
        defaults = {record.id: record.shortcuts for record in ACTIONS}
        return key_maps.resolved(defaults, self._map(), self._own)

    def _fill(self) -> None:
        keys = self.keys()
        for i, record in enumerate(ACTIONS):
            item = self.table.item(i, 1)
            if item is not None:
                item.setText(
                    SEPARATOR.join(
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
            self._settings.change(key_map=self._map(), keys={action: list(keys) for action, keys in self._own.items()})
        except ViewerError as error:
            self.told.setText(str(error))
            return
        self.accept()
