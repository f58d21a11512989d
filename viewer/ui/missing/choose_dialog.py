"""The dialog that asks which of several files of one name is meant: path, size, date and pixels of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from viewer.errors import one_line
from viewer.fetch import Address
from viewer.fetch.body import size_in_words
from viewer.ui import icons, theme
from viewer.ui.missing.sizes import Size, Sizes, in_words, is_other
from viewer.ui.missing.wanted import Unsure
from viewer.ui.widgets.answer_row import AnswerRow
from viewer.ui.widgets.buttons import FlatButton
from viewer.ui.widgets.dialog import Dialog
from viewer.ui.widgets.fields import dialog_title
from viewer.ui.widgets.layout import Text, column, row
from viewer.ui.widgets.rows import paint_ground, set_up_rows

if TYPE_CHECKING:
    from viewer.ui.session import Session

WIDTH, ROW, ROWS = 480, 52, 5
_SIZE = Qt.ItemDataRole.UserRole
ANY_INDEX = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Picked:
    """The file that is meant for one address of an asset."""

    index: int
    address: Address = field(repr=False)
    path: Path


class Candidates(QAbstractListModel):
    """The files of one name. Their pixel sizes come later."""

    def __init__(self, paths: Sequence[Path], root: Path, expected: Size | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.paths, self.expected = tuple(paths), expected
        self._root = root
        self._states = [_state_of(path) for path in self.paths]
        self.sizes: list[Size | None] = [None] * len(self.paths)
        self.known = [False] * len(self.paths)

    def rowCount(self, parent: ANY_INDEX = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """As many as there are files."""
        return 0 if parent.isValid() else len(self.paths)

    def data(self, index: ANY_INDEX, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What is said of a file."""
        at = index.row()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.name(at)
        if role == _SIZE:
            return self.facts(at)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.name(at)}, {self.facts(at)}"
        return str(self.paths[at]) if role == Qt.ItemDataRole.ToolTipRole else None

    def name(self, at: int) -> str:
        """The path inside of the folder."""
        path = self.paths[at]
        return one_line(str(path.relative_to(self._root) if path.is_relative_to(self._root) else path))

    def facts(self, at: int) -> str:
        """Bytes, date and pixels in one line."""
        size = self.sizes[at]
        pixels = in_words(size) if size else "…" if not self.known[at] else self.tr("no picture")
        return " · ".join(part for part in (*self._states[at], pixels) if part)

    def fits(self, at: int) -> bool | None:
        """Whether it has the size that was labelled; None while that is not known."""
        size = self.sizes[at]
        if self.expected is None or not self.known[at]:
            return None
        return size is not None and not is_other(size, self.expected)

    def set_size(self, at: int, size: Size | None) -> None:
        """How large the picture is; None: it is none."""
        self.sizes[at], self.known[at] = size, True
        index = self.index(at)
        self.dataChanged.emit(index, index)


def _state_of(path: Path) -> tuple[str, str]:
    try:
        state = path.stat()
    except OSError:
        return "", ""
    when = datetime.fromtimestamp(state.st_mtime).astimezone()
    return size_in_words(state.st_size), f"{when.day} {when:%b %Y, %H:%M}"


class _Row(QStyledItemDelegate):
    """Path over facts, and a sign for the one that has the size that was labelled."""

    def sizeHint(self, option: QStyleOptionViewItem, index: ANY_INDEX) -> QSize:
        return QSize(200, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ANY_INDEX) -> None:
        t = theme.current()
        model = index.model()
        assert isinstance(model, Candidates)
        painter.save()
        paint_ground(painter, option.rect, option.state)
        box = QRectF(option.rect).adjusted(theme.SPACE_M, 0, -theme.SPACE_M, 0)
        fits = model.fits(index.row())
        right = box.right()
        if fits:
            picture = icons.pixmap("circle-check", 16, t.ok, painter.device().devicePixelRatioF())
            painter.drawPixmap(int(right) - 16, int(box.center().y()) - 8, picture)
            right -= 16 + theme.SPACE_S
        width = right - box.left()
        for text, top, height, face, tone, how in (
            (model.name(index.row()), 7, 20, theme.font(theme.BODY_PX, 500), t.text, Qt.TextElideMode.ElideMiddle),
            (model.facts(index.row()), 27, 18, theme.font(theme.SECOND_PX), t.warn if fits is False else t.text2,
             Qt.TextElideMode.ElideRight),
        ):  # fmt: skip
            _line(painter, QRectF(box.left(), box.top() + top, width, height), text, face, tone, how)
        painter.restore()


def _line(painter: QPainter, box: QRectF, text: str, face: QFont, tone: str, how: Qt.TextElideMode) -> None:
    painter.setFont(face)
    painter.setPen(QColor(tone))
    shown = QFontMetrics(face).elidedText(text, how, int(box.width()))
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class _Rows(QListView):
    """Enter is the dialog's."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)


class ChooseFiles(Dialog):
    """One ambiguous file after the other. Accepted: `picked` holds what was chosen; skipped ones are not in it."""

    def __init__(
        self,
        session: Session,
        unsure: Sequence[Unsure],
        expected: Mapping[int, Size | None],
        root: Path,
        parent: QWidget | None = None,
    ) -> None:
        """`expected`: asset → the pixel size that was labelled, where the export tells it."""
        super().__init__(parent)
        self.picked: list[Picked] = []
        self._unsure, self._expected, self._root, self._at = list(unsure), expected, root, -1
        self._sizes = Sizes(session.tasks, session.pool)
        self.setWindowTitle(self.tr("Choose among files of one name"))
        self.setFixedWidth(WIDTH)
        self.name = Text("", self, weight=600, elide=Qt.TextElideMode.ElideMiddle)
        self.number = Text("", self, tone="text3", pixels=theme.SECOND_PX)
        self.wish = Text("", self, tone="text2", elide=Qt.TextElideMode.ElideRight)
        self.list = _Rows(self)
        set_up_rows(self.list)
        self.list.setItemDelegate(_Row(self.list))
        self.list.setAccessibleName(self.tr("Files"))
        self.list.setFixedHeight(ROW * ROWS)
        self.model: Candidates | None = None
        self.skip = FlatButton(self.tr("Skip"), self)
        self.answers = AnswerRow(self.tr("Use this file"), self.tr("Cancel"), self)
        heading = row(self.name, self.number)
        heading.setStretch(0, 1)
        foot = row(self.skip, self.answers)
        foot.setStretch(1, 1)
        self.setLayout(
            column(
                dialog_title(self.windowTitle(), self),
                column(heading, self.wish, spacing=theme.SPACE_XS),
                self.list,
                foot,
                spacing=theme.SPACE_L,
                margins=(theme.SPACE_XL, theme.SPACE_XL),
            )
        )
        self.list.doubleClicked.connect(lambda _index: self._use())
        self.skip.clicked.connect(self._next)
        self.answers.accepted.connect(self._use)
        self.answers.rejected.connect(self.reject)
        self.finished.connect(lambda _result: self._sizes.close())
        self._next()
        self.list.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter uses the chosen file."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._use()
            return
        super().keyPressEvent(event)

    def _next(self) -> None:
        self._at += 1
        if self._at >= len(self._unsure):
            self.accept()
            return
        one = self._unsure[self._at]
        self._sizes.close()
        expected = self._expected.get(one.wanted.index)
        model = self.model = Candidates(one.candidates, self._root, expected, self)
        self.list.setModel(model)
        self.list.setFixedHeight(ROW * max(2, min(ROWS, len(one.candidates))))
        self.list.setCurrentIndex(model.index(0))
        name = one.wanted.name if one.address.parts == 1 else one.address.name
        self.name.setText(name)
        self.number.setText(self.tr("{0} of {1}").format(self._at + 1, len(self._unsure)))
        count = self.tr("{0} files have this name.").format(f"{len(one.candidates):,}")
        size = self.tr("The labels expect {0}.").format(in_words(expected)) if expected else ""
        self.wish.setText(f"{count} {size}".strip())
        for at, path in enumerate(one.candidates):
            self._sizes.ask(path, partial(self._sized, model, at))
        self.adjustSize()

    def _sized(self, model: Candidates, at: int, size: Size | None) -> None:
        if model is not self.model:
            return
        was_first = self.list.currentIndex().row() == 0
        model.set_size(at, size)
        fitting = [n for n in range(model.rowCount()) if model.fits(n)]
        if was_first and fitting == [at]:
            self.list.setCurrentIndex(model.index(at))

    def _use(self) -> None:
        index = self.list.currentIndex()
        if not index.isValid() or self._at >= len(self._unsure):
            return
        one = self._unsure[self._at]
        self.picked.append(Picked(one.wanted.index, one.address, one.candidates[index.row()]))
        self._next()
