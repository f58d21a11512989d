"""A field for a folder or file: typed, dropped or chosen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from viewer.ui import theme
from viewer.ui.widgets.buttons import FlatButton
from viewer.ui.widgets.layout import row

TYPED_MS = 300
"""After the last key what was typed is taken."""


class PathField(QWidget):
    """`changed` tells a path once it is meant: chosen, dropped, or typed to its end."""

    changed = Signal(object)
    """`Path`, or None while there is none."""

    def __init__(self, ask: Callable[[], Path | None], name: str, parent: QWidget) -> None:
        """`ask` opens the system's dialog; `name` is what the field is for, for those who do not see it."""
        super().__init__(parent)
        self._ask = ask
        self._told: Path | None = None
        self.edit = QLineEdit(self)
        self.edit.setFont(theme.font())
        self.edit.setAccessibleName(name)
        self.edit.setAcceptDrops(False)
        self.choose = FlatButton(self.tr("Choose…"), self, look="framed")
        self.choose.setAccessibleDescription(name)
        layout = row(self.edit, self.choose)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self.setAcceptDrops(True)
        self.setFocusProxy(self.edit)
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(TYPED_MS)
        self._typed.timeout.connect(self._tell)
        self.edit.textEdited.connect(lambda _text: self._typed.start())
        self.edit.editingFinished.connect(self._tell)
        self.choose.clicked.connect(self._choose)

    @property
    def path(self) -> Path | None:
        """What stands there; None when nothing does."""
        text = self.edit.text().strip()
        return Path(text).expanduser() if text else None

    def set_path(self, path: Path | None) -> None:
        """Another path."""
        self.edit.setText("" if path is None else str(path))
        self._tell()

    def _choose(self) -> None:
        path = self._ask()
        if path is not None:
            self.set_path(path)

    def _tell(self) -> None:
        self._typed.stop()
        if self.path != self._told:
            self._told = self.path
            self.changed.emit(self._told)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """The first of what is dropped."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.set_path(Path(paths[0]))
