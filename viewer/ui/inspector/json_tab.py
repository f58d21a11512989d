"""Raw JSON of the selected label or of the asset: search, path of a line, copy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFontDatabase,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPalette,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from viewer.ui import theme
from viewer.ui.inspector.filter_row import FilterField
from viewer.ui.inspector.json_text import JsonText, laid_out
from viewer.ui.widgets.buttons import IconButton, Segment
from viewer.ui.widgets.layout import Divider, Text, column, row

SMALL = 40_000
"""Bytes that are laid out at once; more of them in a thread."""
PIECE = 400
"""Lines put into the view in one turn of the event loop."""

Run = Callable[[Callable[[], Any], Callable[[Any], None]], Any]


class JsonTab(QWidget):
    """Shows text only while it is in front; what is not seen is not laid out."""

    copied = Signal(str)

    def __init__(self, run: Run | None = None, parent: QWidget | None = None) -> None:
        """`run` does work in a thread and brings the result back; without it everything is done at once."""
        super().__init__(parent)
        self._run = run
        self._asset: bytes = b""
        self._label: bytes | None = None
        self._label_root = "$"
        self._shown: bytes | None = None
        self._wanted: bytes | None = None
        self.json = JsonText()
        self._lines: list[str] = []
        self._put = 0
        self._hits: list[int] = []
        self._hit = -1
        self._due: str | int | None = None
        """The JSON path in the asset, then the line, to go to as soon as it is in the view."""
        self.choice = Segment((("label", self.tr("Label"), ""), ("asset", self.tr("Asset"), "")), self)
        self.copy_path = IconButton("list-tree", self.tr("Copy the JSON path of this line"), self)
        self.copy_all = IconButton("copy", self.tr("Copy all"), self)
        self.search = FilterField(self.tr("Search"), self, icon="search")
        self.count = Text("", self, pixels=theme.SECOND_PX, tone="text3")
        self.previous = IconButton("chevron-up", self.tr("Previous (Shift+Enter)"), self)
        self.next = IconButton("chevron-down", self.tr("Next (Enter)"), self)
        self.view = QPlainTextEdit(self)
        self.view.setReadOnly(True)
        self.view.setUndoRedoEnabled(False)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.view.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(theme.SECOND_PX)
        self.view.setFont(font)
        self.view.setTabChangesFocus(True)
        self.view.setViewportMargins(theme.SPACE_S, 0, 0, 0)
        self.view.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.view.setAccessibleName(self.tr("Raw JSON"))
        self.path = Text("$", self, pixels=theme.CAPTION_PX, tone="text3", elide=Qt.TextElideMode.ElideLeft, ids=True)
        self.note = Text("", self, pixels=theme.SECOND_PX, tone="warn", elide=Qt.TextElideMode.ElideRight)
        self.note.hide()
        note = QWidget(self)
        note.setLayout(row(self.note, margins=(theme.SPACE_M, 0)))
        self.setLayout(
            column(
                row(self.choice, None, self.copy_path, self.copy_all, spacing=2, margins=(theme.SPACE_M, 8, 8, 0)),
                row(self.search, self.count, self.previous, self.next, spacing=2, margins=(theme.SPACE_M, 8, 8, 8)),
                note,
                self.view,
                Divider(self),
                row(self.path, margins=(theme.SPACE_M, 5)),
            )
        )
        self._pieces = QTimer(self)
        self._pieces.setInterval(0)
        self._pieces.timeout.connect(self._put_piece)
        self.choice.chosen.connect(lambda _choice: self.fill())
        self.copy_path.clicked.connect(self._copy_path)
        self.copy_all.clicked.connect(self._copy_all)
        self.search.textChanged.connect(lambda _text: self._find())
        self.next.clicked.connect(lambda: self.step(1))
        self.previous.clicked.connect(lambda: self.step(-1))
        self.view.cursorPositionChanged.connect(self._tell_path)
        for widget in (self.view, self.search):
            widget.installEventFilter(self)
        self.choice.hide()
        self._find()

    # ---- what is shown -----------------------------------------------------------------------------------

    def set_run(self, run: Run | None) -> None:
        """Who does work in threads."""
        self._run = run

    def show_asset(self, raw: bytes) -> None:
        """The asset's JSON."""
        if raw is not self._asset:
            self._due = None
        self._asset = raw
        self.fill()

    def show_label(self, raw: bytes | None, root: str = "$") -> None:
        """The selected label's JSON and where it stands in its asset; None: nothing is selected."""
        if raw is self._label:
            return
        self._label, self._label_root = raw or None, root
        self.choice.setVisible(bool(raw))
        self.fill()

    @property
    def _is_label(self) -> bool:
        return bool(self._label) and self.choice.choice == "label"

    def choose(self, choice: str) -> None:
        """Label or asset."""
        self.choice.choose(choice)
        self.fill()

    def show_path(self, path: str) -> None:
        """Go to a place in the asset's JSON."""
        self._due = path
        self.choose("asset")
        self._reach()

    def _reach(self) -> None:
        if self._due is None or self._is_label or self._wanted is not self._asset or not self.json.keys:
            return
        if isinstance(self._due, str):
            self._due = self.json.line_of(self._due)
        if self._due >= self._put:
            return  # it comes with one of the next pieces
        cursor = QTextCursor(self.view.document().findBlockByNumber(self._due))
        self._due = None
        self.view.setTextCursor(cursor)
        self.view.centerCursor()
        mark = QTextEdit.ExtraSelection()
        look = QTextCharFormat()
        look.setBackground(QColor(theme.current().soft))
        look.setProperty(QTextFormat.Property.FullWidthSelection, True)
        mark.format = look
        mark.cursor = cursor
        self.view.setExtraSelections([mark])

    def fill(self) -> None:
        """Show what is wanted, if this can be seen."""
        raw = self._label if self._is_label and self._label is not None else self._asset
        if raw is self._wanted or not self.isVisible():
            return
        self._wanted = raw
        self._pieces.stop()
        if self._run is None or len(raw) <= SMALL:
            self._made(raw, laid_out(raw))
            return

        def made(json: JsonText) -> None:
            if raw is self._wanted:
                self._made(raw, json)

        self._show_text(JsonText())
        self._run(lambda: laid_out(raw), made)

    def _made(self, raw: bytes, json: JsonText) -> None:
        self._show_text(json)
        text = ""
        if json.left_out:
            text = self.tr("Cut after {0} of {1} MB").format(
                f"{(len(raw) - json.left_out) / 1e6:.1f}", f"{len(raw) / 1e6:.1f}"
            )
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def _show_text(self, json: JsonText) -> None:
        self.json = json
        self._lines = json.text.split("\n")
        self._put = min(len(self._lines), PIECE)
        self.view.setPlainText("\n".join(self._lines[: self._put]))
        if self._put < len(self._lines):
            self._pieces.start()
        self._find()
        self._tell_path()
        self._reach()

    def _put_piece(self) -> None:
        """The next lines; a turn of the event loop lies between two of them."""
        end = min(self._put + PIECE, len(self._lines))
        cursor = QTextCursor(self.view.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText("\n" + "\n".join(self._lines[self._put : end]))
        self._put = end
        if end >= len(self._lines):
            self._pieces.stop()
        self._reach()

    @property
    def is_whole(self) -> bool:
        """Whether all lines are in the view."""
        return self._put >= len(self._lines)

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self.fill()

    # ---- search ------------------------------------------------------------------------------------------

    def _find(self) -> None:
        needle = self.search.text()
        self._hits = self.json.find(needle) if len(needle) > 1 or needle.isdigit() else []
        self._hit = -1
        if self._hits:
            self.step(1, focus=False)
        else:
            self.count.setText(self.tr("none") if needle else "")
            self.view.setExtraSelections([])
        self.count.updateGeometry()
        for button in (self.next, self.previous):
            button.setEnabled(bool(self._hits))

    def step(self, by: int, *, focus: bool = True) -> None:
        """To the next place found, or the one before."""
        if not self._hits:
            return
        self._hit = (self._hit + by) % len(self._hits)
        more = "+" if len(self._hits) >= 10_000 else ""
        self.count.setText(self.tr("{0} of {1}").format(f"{self._hit + 1:,}", f"{len(self._hits):,}{more}"))
        self.count.updateGeometry()
        line = self.json.line_at(self._hits[self._hit])
        while self._put <= line and not self.is_whole:
            self._put_piece()
        text = self._lines[line]
        column_ = self._hits[self._hit] - self.json.starts[line]
        needle = self.search.text()

        def units(part: str) -> int:
            return len(part.encode("utf-16-le")) // 2

        block = self.view.document().findBlockByNumber(line)
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + units(text[:column_]))
        end = block.position() + units(text[: column_ + len(needle)])
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        mark = QTextEdit.ExtraSelection()
        look = QTextCharFormat()
        look.setBackground(QColor(theme.current().fill))
        look.setForeground(QColor(theme.current().on_fill))
        mark.format = look
        mark.cursor = cursor
        self.view.setExtraSelections([mark])
        place = QTextCursor(cursor)
        place.clearSelection()
        self.view.setTextCursor(place)
        self.view.ensureCursorVisible()

    # ---- paths and copies --------------------------------------------------------------------------------

    def path_here(self) -> str:
        """JSON path of the line under the cursor, from the asset."""
        root = self._label_root if self._is_label else "$"
        return self.json.path(self.view.textCursor().blockNumber(), root)

    def _tell_path(self) -> None:
        self.path.setText(self.path_here())

    def _copy_path(self) -> None:
        QGuiApplication.clipboard().setText(self.path_here())
        self.copied.emit(self.tr("The JSON path is copied."))

    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self.json.text)
        self.copied.emit(self.tr("The JSON is copied; links are copied without their signature."))

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        """Ctrl+F searches here while the keys are here; Esc in the search goes back to the text."""
        kind = event.type()
        if kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) and isinstance(event, QKeyEvent):
            find = event.matches(QKeySequence.StandardKey.Find)
            copy = event.matches(QKeySequence.StandardKey.Copy)
            if kind == QEvent.Type.ShortcutOverride:
                if find or copy:
                    event.accept()
                    return True
            elif find:
                self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
                self.search.selectAll()
                return True
            elif watched is self.search and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
                return True
        return bool(super().eventFilter(watched, event))
