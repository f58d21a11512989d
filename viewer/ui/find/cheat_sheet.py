"""The sheet of keys (F1, ?): all actions with their keys in columns, made from the table, searched as one types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QScrollArea, QWidget

from viewer.ui import theme
from viewer.ui.actions import ACTIONS, tr
from viewer.ui.widgets.buttons import FlatButton
from viewer.ui.widgets.dialog import Dialog
from viewer.ui.widgets.layout import Text, column, heading, row

COLUMNS = 3
CHANGE = 2
"""What `exec` returns when somebody wants to change keys."""


def keys_text(keys: Sequence[str]) -> str:
    """The keys of an action for people."""
    named = (key for key in keys if "Backtab" not in key)  # (Shift+Tab as Qt tells it)
    return "  ".join(dict.fromkeys(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in named))


class CheatSheet(Dialog):
    """Three columns, one block per menu."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        keys: Mapping[str, Sequence[str]] | None = None,
        why: Mapping[str, str] | None = None,
        extra: Sequence[tuple[str, str]] = (),
    ) -> None:
        """`keys`: those in use, by action id. `why`: why an action cannot be done now. `extra`: of the mouse."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self.resize(980, 640)
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.tr("Find a key or a command"))
        self.field.setAccessibleName(self.tr("Find a key or a command"))
        self.field.setClearButtonEnabled(True)
        self._area = QScrollArea(self)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setAccessibleName(self.tr("All keys"))
        self._extra = tuple(extra)
        self._keys = {record.id: record.shortcuts for record in ACTIONS} if keys is None else keys
        self._why = why or {}
        self.change = FlatButton(self.tr("Change keys…"), self, look="framed")
        self.change.clicked.connect(lambda: self.done(CHANGE))
        self.setLayout(
            column(
                row(self.field, self.change), self._area, spacing=theme.SPACE_M, margins=(theme.SPACE_L, theme.SPACE_L)
            )
        )
        self.field.textChanged.connect(self._fill)
        self._fill("")

    def _fill(self, typed: str) -> None:
        needle = typed.strip().casefold()
        blocks: dict[str, list[tuple[str, str, str]]] = {}
        for record in ACTIONS:
            keys = keys_text(self._keys[record.id])
            if keys:
                line = (tr(record.text).rstrip("…"), keys, self._why.get(record.id, ""))
                blocks.setdefault(tr(record.menu), []).append(line)
        if self._extra:
            blocks[self.tr("Mouse")] = [(*line, "") for line in self._extra]
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.SPACE_XL)
        lengths = [0] * COLUMNS
        holders = [column(spacing=theme.SPACE_XS) for _ in range(COLUMNS)]
        for title, lines in blocks.items():
            shown = [line for line in lines if needle in f"{line[0]} {line[1]}".casefold()]
            if not shown:
                continue
            at = lengths.index(min(lengths))
            lengths[at] += len(shown) + 2
            holders[at].addWidget(heading(title, body))
            for line in shown:
                holders[at].addWidget(_Line(*line, body))
            holders[at].addSpacing(theme.SPACE_M)
        for i, holder in enumerate(holders):
            holder.addStretch(1)
            grid.addLayout(holder, 0, i)
            grid.setColumnStretch(i, 1)
        self._area.setWidget(body)


class _Line(QWidget):
    """What, why not now, by which keys."""

    def __init__(self, text: str, keys: str, why: str, parent: QWidget) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        shown = f"{text} – {why}" if why else text
        what = Text(shown, self, tone="text3" if why else "text2", elide=Qt.TextElideMode.ElideRight)
        grid.addWidget(what, 0, 0)
        grid.addWidget(Text(keys, self, pixels=theme.SECOND_PX, weight=500), 0, 1)
        grid.setColumnStretch(0, 1)
        self.setAccessibleName(f"{shown}: {keys}")
