"""What opens below "+": all values that assets can be filtered by, with counts, found by typing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QHideEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from viewer.ui import icons, theme
from viewer.ui.assets import texts
from viewer.ui.assets.filters import Filter
from viewer.ui.assets.model import ANY_INDEX
from viewer.ui.assets.order import natural
from viewer.ui.assets.table import FACETS
from viewer.ui.widgets.buttons import FlatButton
from viewer.ui.widgets.layout import column, row

ROW_HEIGHT = 28
SIZE = QSize(280, 400)
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Choice:
    """One line: a value, or the heading of a facet (`value` None)."""

    facet: str
    text: str
    value: str | None = None
    count: int = 0
    chosen: bool = False


def choices_of(counts: Mapping[str, Mapping[str, int]], record: Filter, typed: str = "") -> list[Choice]:
    """The lines for facet → value → count: those that hold what was typed in the value or the facet's name."""
    word = typed.strip().casefold()
    result: list[Choice] = []
    for facet in FACETS:
        title = texts.facet_text(facet.key)
        whole = word in title.casefold()
        told = (
            (value, count, texts.value_text(facet.key, value)) for value, count in counts.get(facet.key, {}).items()
        )
        found = [
            Choice(facet.key, text, value, count, record.has(facet.key, value))
            for value, count, text in told
            if whole or word in text.casefold()
        ]
        if found:
            found.sort(key=lambda choice: natural(choice.text))
            result += [Choice(facet.key, title), *found]
    return result


class ChoiceModel(QAbstractListModel):
    """The lines as rows; headings cannot be chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.choices: list[Choice] = []

    def show(self, choices: list[Choice]) -> None:
        """Other lines."""
        self.beginResetModel()
        self.choices = choices
        self.endResetModel()

    def update(self, choices: list[Choice]) -> None:
        """The same lines with other counts and marks."""
        self.choices = choices
        self.dataChanged.emit(self.index(0), self.index(len(choices) - 1))

    def rowCount(self, parent: ANY_INDEX | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.choices)

    def flags(self, index: ANY_INDEX) -> Qt.ItemFlag:
        is_heading = index.isValid() and self.choices[index.row()].value is None
        return Qt.ItemFlag.NoItemFlags if is_heading else Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: ANY_INDEX, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        choice = self.choices[index.row()]
        if role == Qt.ItemDataRole.AccessibleTextRole and choice.value is not None:
            state = texts.tr("chosen") if choice.chosen else texts.tr("not chosen")
            return f"{choice.text}, {texts.facet_text(choice.facet)}, {choice.count:,}, {state}"
        return choice.text if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) else None


class ChoiceDelegate(QStyledItemDelegate):
    """A tick, the value, its count."""

    def sizeHint(self, option: QStyleOptionViewItem, index: ANY_INDEX) -> QSize:
        return QSize(160, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ANY_INDEX) -> None:
        model = index.model()
        if not isinstance(model, ChoiceModel):
            return
        choice = model.choices[index.row()]
        t = theme.current()
        box = QRectF(option.rect)
        state = option.state
        painter.save()
        if choice.value is None:
            painter.setFont(theme.font(theme.CAPTION_PX, 500))
            painter.setPen(QColor(t.text3))
            painter.drawText(box.adjusted(theme.SPACE_S, 4, -theme.SPACE_S, 0), _LEFT, choice.text)
            painter.restore()
            return
        current = state & QStyle.StateFlag.State_Selected
        if current or state & QStyle.StateFlag.State_MouseOver:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.soft if current else t.hover))
            painter.drawRoundedRect(box, theme.RADIUS_CHIP, theme.RADIUS_CHIP)
        if choice.chosen:
            tick = icons.pixmap("check", 14, t.accent, painter.device().devicePixelRatioF())
            painter.drawPixmap(round(box.left()) + 8, round(box.top()) + (ROW_HEIGHT - 14) // 2, tick)
        font = theme.font(theme.SECOND_PX)
        painter.setFont(font)
        count = f"{choice.count:,}"
        width = QFontMetrics(font).horizontalAdvance(count)
        painter.setPen(QColor(t.text3))
        painter.drawText(box.adjusted(0, 0, -theme.SPACE_S, 0), _RIGHT, count)
        inner = box.adjusted(30, 0, -theme.SPACE_S - width - 8, 0)
        painter.setPen(QColor(t.text if choice.count or choice.chosen else t.text3))
        text = QFontMetrics(font).elidedText(choice.text, Qt.TextElideMode.ElideMiddle, int(inner.width()))
        painter.drawText(inner, _LEFT, text)
        painter.restore()


class FilterBuilder(QFrame):
    """A popup that stays open while values are chosen. Typing narrows, Enter chooses, Esc closes."""

    toggled = Signal(str, str)
    """(facet, value)"""
    cleared = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAccessibleName(self.tr("Filters"))
        self._counts: Callable[[], Mapping[str, Mapping[str, int]]] = dict
        self._record: Callable[[], Filter] = Filter
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.tr("Find a value"))
        self.field.setAccessibleName(self.tr("Find a value"))
        self.field.installEventFilter(self)
        self.model = ChoiceModel(self)
        self.list = QListView(self)
        self.list.setAccessibleName(self.tr("Values"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(ChoiceDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.viewport().setAutoFillBackground(False)
        self.clear_button = FlatButton(self.tr("Clear filters"), self, height=theme.CONTROL_SMALL)
        self.setLayout(
            column(self.field, self.list, row(None, self.clear_button), spacing=theme.SPACE_S, margins=(8, 8))
        )
        self.field.textChanged.connect(lambda _text: self._show())
        self.list.clicked.connect(lambda index: self._toggle(index.row()))
        self.clear_button.clicked.connect(self.cleared)
        self.resize(SIZE)

    def open_below(
        self,
        anchor: QWidget,
        counts: Callable[[], Mapping[str, Mapping[str, int]]],
        record: Callable[[], Filter],
        *,
        facet: str = "",
    ) -> None:
        """Show what there is to choose; `facet`: begin with this one."""
        self._counts, self._record = counts, record
        self.field.setText("")
        self._show()
        at = anchor.mapToGlobal(QPoint(0, anchor.height() + 4))
        screen = QGuiApplication.screenAt(at) or QGuiApplication.primaryScreen()
        space = screen.availableGeometry()
        self.move(
            min(at.x(), space.right() - self.width()), max(space.top(), min(at.y(), space.bottom() - self.height()))
        )
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        for number, choice in enumerate(self.model.choices):
            if choice.facet == facet:
                self.list.scrollTo(self.model.index(number), QListView.ScrollHint.PositionAtTop)
                self._make_current(number + 1)
                break

    def refresh(self) -> None:
        """Counts have changed."""
        if not self.isVisible():
            return
        choices = choices_of(self._counts(), self._record(), self.field.text())
        same = [(c.facet, c.value) for c in choices] == [(c.facet, c.value) for c in self.model.choices]
        if same and choices:
            self.model.update(choices)
        elif not same:
            at = self.list.verticalScrollBar().value()
            self.model.show(choices)
            self.list.verticalScrollBar().setValue(at)
        self.clear_button.setEnabled(not self._record().is_neutral)

    def _show(self) -> None:
        self.model.show(choices_of(self._counts(), self._record(), self.field.text()))
        self.clear_button.setEnabled(not self._record().is_neutral)
        self._make_current(1)

    def _make_current(self, row: int) -> None:
        if 0 <= row < len(self.model.choices):
            self.list.setCurrentIndex(self.model.index(row))

    def _toggle(self, row: int) -> None:
        if 0 <= row < len(self.model.choices):
            choice = self.model.choices[row]
            if choice.value is not None:
                self.toggled.emit(choice.facet, choice.value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the field that are meant for the list."""
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {
                Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 10, Qt.Key.Key_PageUp: -10,
            }.get(Qt.Key(event.key()))  # fmt: skip
            if step is not None:
                self._move(step)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._toggle(self.list.currentIndex().row())
                return True
        return super().eventFilter(watched, event)

    def _move(self, step: int) -> None:
        values = [n for n, choice in enumerate(self.model.choices) if choice.value is not None]
        if not values:
            return
        here = self.list.currentIndex().row()
        at = values.index(here) + step if here in values else 0
        self._make_current(values[max(0, min(at, len(values) - 1))])

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(t.border))
        painter.fillRect(self.rect().adjusted(1, 1, -1, -1), QColor(t.raised))
        painter.end()
