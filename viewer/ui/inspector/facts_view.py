"""Rows of names and values, painted: long values wrap, text can be selected and copied, links lead somewhere."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPen,
    QPixmap,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
)
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from viewer.ui import icons, theme
from viewer.ui.inspector import stage_rows
from viewer.ui.inspector.facts import Fact
from viewer.ui.inspector.laid_text import LINE, lay_out, one_line
from viewer.ui.widgets.focus import RingedRows
from viewer.ui.widgets.marks import draw_avatar
from viewer.ui.widgets.rows import CopyingRows, set_up_rows

AnyIndex = QModelIndex | QPersistentModelIndex
NAME_WIDTH = 92
VALUE_LEFT = theme.SPACE_M + NAME_WIDTH + theme.SPACE_S
INDENT = 10
PAD = 3
HEADING = 34
AVATAR = 16
COPY = 20
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class FactsModel(QAbstractListModel):
    """The rows."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.facts: list[Fact] = []

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.facts)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            fact = self.facts[index.row()]
            if fact.kind == "stage":
                return stage_rows.spoken(fact)
            return f"{fact.name}: {fact.text}" if fact.name and fact.text else fact.name or fact.text
        return None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if index.isValid() and self.facts[index.row()].kind == "heading":
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Other rows."""
        self.beginResetModel()
        self.facts = list(facts)
        self.endResetModel()


class _FactDelegate(QStyledItemDelegate):
    def __init__(self, view: FactsView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(NAME_WIDTH, self._view.height_of(index.row()))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        view = self._view
        fact = view.model_.facts[index.row()]
        rect: QRect = option.rect
        t = theme.current()
        painter.save()
        if fact.kind == "heading":
            painter.setFont(theme.font(theme.SECOND_PX, 600))
            painter.setPen(QColor(t.text2))
            box = rect.adjusted(theme.SPACE_M, HEADING - 28, -theme.SPACE_M, 0)
            painter.drawText(box, _LEFT, fact.name)
            painter.setFont(theme.font(theme.CAPTION_PX))
            painter.setPen(QColor(t.text3))
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, fact.end)
            painter.restore()
            return
        state = option.state
        if fact.kind == "stage":
            hot = bool(state & QStyle.StateFlag.State_MouseOver)
            stage_rows.paint_stage(painter, rect, fact, view.picture_of(fact), hovered=hot)
        if state & QStyle.StateFlag.State_HasFocus and view.ring:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(t.accent), 2.0))
            painter.drawRoundedRect(QRectF(rect).adjusted(5, 1, -5, -1), theme.RADIUS_CHIP, theme.RADIUS_CHIP)
        if fact.kind == "stage":
            painter.restore()
            return
        left = rect.left() + theme.SPACE_M + min(fact.indent, 5) * INDENT
        name = QRect(left, rect.top() + PAD, rect.left() + VALUE_LEFT - theme.SPACE_S - left, LINE)
        font = theme.font(theme.SECOND_PX)
        painter.setFont(font)
        painter.setPen(QColor(t.text3))
        painter.drawText(
            name, _LEFT, QFontMetrics(font).elidedText(fact.name, Qt.TextElideMode.ElideRight, name.width())
        )
        box = view.value_box(index.row(), rect)
        if fact.person:
            draw_avatar(painter, QRectF(rect.left() + VALUE_LEFT, rect.top() + PAD, AVATAR, AVATAR), fact.person)
        painter.setPen(QColor(t.accent if fact.jump is not None else t.text3 if fact.quiet else t.text))
        face = view.value_font(fact)
        text = fact.text if view.is_wrapped else one_line(fact.text, face, box.width())
        layout, _height = lay_out(text, face, box.width())
        layout.draw(painter, QPointF(box.topLeft()), view.selection_of(index.row()))
        hovered = bool(state & QStyle.StateFlag.State_MouseOver) or (view.ring and index == view.currentIndex())
        if hovered and fact.text:
            at = view.copy_box(rect)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(t.border), 1.0))
            painter.setBrush(QColor(t.raised))
            painter.drawRoundedRect(QRectF(at).adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS_CHIP, theme.RADIUS_CHIP)
            picture = icons.pixmap("copy", 14, t.text2, painter.device().devicePixelRatioF())
            painter.drawPixmap(at.left() + 3, at.top() + 3, picture)
        painter.restore()


class FactsView(RingedRows, CopyingRows, QListView):
    """↑↓ move, Ctrl+C copies the selected text or the row's value, Enter follows a link."""

    jump_wanted = Signal(object)
    """(kind, where): ``("object", id)``, ``("page", index)`` or ``("stage", (index, id))``."""
    copied = Signal(str)
    """A sentence about what is on the clipboard now."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model_ = FactsModel(self)
        self.is_wrapped = True
        """Whether long values take several lines; else each is cut, and its whole text is in the tooltip."""
        self._heights: dict[tuple[int, int], int] = {}
        self._marked: tuple[int, int, int] | None = None
        """(row, start, end) of the selected text."""
        self._pressed: tuple[int, int] | None = None
        self.pictures: Mapping[int, QPixmap] = {}
        """Of stages, by the `picture` of their rows."""
        self.setModel(self.model_)
        self.setItemDelegate(_FactDelegate(self))
        self.setAccessibleName(name)
        set_up_rows(self)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.verticalScrollBar().setSingleStep(22)
        self.setMinimumHeight(48)
        self.clicked.connect(self._follow_stage)

    def set_pictures(self, pictures: Mapping[int, QPixmap]) -> None:
        """Pictures of stages; a row without one is low."""
        same = pictures.keys() == self.pictures.keys()
        self.pictures = pictures
        self.viewport().update() if same else self.doItemsLayout()

    def picture_of(self, fact: Fact) -> QPixmap | None:
        """The picture of a stage; in the block of a low window there is no room for any."""
        return self.pictures.get(fact.picture) if fact.picture is not None and self.is_wrapped else None

    def _follow_stage(self, index: QModelIndex) -> None:
        fact = self.model_.facts[index.row()]
        if fact.kind == "stage" and fact.jump is not None:
            self.jump_wanted.emit(fact.jump)

    def set_wrapped(self, on: bool) -> None:
        """Several lines for a long value, or one for each."""
        if on != self.is_wrapped:
            self.is_wrapped = on
            self._heights.clear()
            policy = Qt.ScrollBarPolicy
            self.setVerticalScrollBarPolicy(policy.ScrollBarAsNeeded if on else policy.ScrollBarAlwaysOff)
            self.doItemsLayout()

    def show_facts(self, facts: Sequence[Fact], *, keep_place: bool = False) -> None:
        """Other rows. `keep_place`: they tell of the same thing, so the place in them stays."""
        if facts == self.model_.facts:
            return
        at, row = self.verticalScrollBar().value(), self.currentIndex().row()
        self._marked = self._pressed = None
        self._heights.clear()
        self.model_.show_facts(facts)
        if keep_place:
            if 0 <= row < len(facts):
                self.setCurrentIndex(self.model_.index(row))
            self.doItemsLayout()
            self.verticalScrollBar().setValue(at)
        else:
            self.scrollToTop()

    # ---- geometry ----------------------------------------------------------------------------------------

    def value_font(self, fact: Fact) -> QFont:
        """Ids have clear letters."""
        return theme.font(theme.SECOND_PX, ids=fact.is_id)

    def _value_width(self, fact: Fact) -> int:
        person = AVATAR + 6 if fact.person else 0
        return self.viewport().width() - VALUE_LEFT - person - theme.SPACE_M

    def height_of(self, row: int) -> int:
        """Of a row at the present width."""
        fact = self.model_.facts[row]
        if fact.kind == "heading":
            return HEADING
        if fact.kind == "stage":
            return stage_rows.height_of(self.picture_of(fact))
        width = self._value_width(fact)
        known = self._heights.get((row, width))
        if known is None:
            font = self.value_font(fact)
            is_short = "\n" not in fact.text and QFontMetrics(font).horizontalAdvance(fact.text) <= width
            if is_short or not self.is_wrapped:
                known = LINE + 2 * PAD
            else:
                known = lay_out(fact.text, font, width)[1] + 2 * PAD
            self._heights[row, width] = known
        return known

    def value_box(self, row: int, rect: QRect) -> QRect:
        """Where the value stands in its row."""
        fact = self.model_.facts[row]
        left = rect.left() + VALUE_LEFT + (AVATAR + 6 if fact.person else 0)
        return QRect(left, rect.top() + PAD, self._value_width(fact), rect.height() - 2 * PAD)

    def copy_box(self, rect: QRect) -> QRect:
        """Where the sign for copying stands in a row."""
        return QRect(rect.right() - COPY - theme.SPACE_XS + 1, rect.top() + 1, COPY, COPY)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._heights.clear()
        super().resizeEvent(event)

    # ---- selected text -----------------------------------------------------------------------------------

    def selection_of(self, row: int) -> list[QTextLayout.FormatRange]:
        """The selected part of a row as its layout draws it."""
        if self._marked is None or self._marked[0] != row or self._marked[1] == self._marked[2]:
            return []
        start, end = sorted(self._marked[1:])
        part = QTextLayout.FormatRange()
        part.start, part.length = start, end - start
        look = QTextCharFormat()
        look.setBackground(QColor(theme.current().fill))
        look.setForeground(QColor(theme.current().on_fill))
        part.format = look
        return [part]

    def selected_text(self) -> str:
        """What is selected within a value."""
        if self._marked is None:
            return ""
        row, *ends = self._marked
        start, end = sorted(ends)
        # places in a layout count UTF-16 units
        return self.model_.facts[row].text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le", "ignore")

    def _cursor_at(self, row: int, at: QPoint) -> int:
        fact = self.model_.facts[row]
        box = self.value_box(row, self.visualRect(self.model_.index(row)))
        layout, _height = lay_out(fact.text, self.value_font(fact), box.width())
        line = layout.lineAt(max(0, min((at.y() - box.top()) // LINE, layout.lineCount() - 1)))
        return int(line.xToCursor(float(at.x() - box.left())))

    def copy(self) -> None:
        """Copy the selected text, else the value of the current row."""
        text = self.selected_text()
        row = self.currentIndex().row()
        if not text and 0 <= row < len(self.model_.facts):
            text = self.model_.facts[row].text
        if text:
            QGuiApplication.clipboard().setText(text)
            self.copied.emit(self.tr("Copied: {0}").format(text.replace("\n", " ")[:80]))

    # ---- events ------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        index = self.indexAt(at)
        self._marked = self._pressed = None
        super().mousePressEvent(event)
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            fact = self.model_.facts[index.row()]
            if fact.kind == "row" and not self.copy_box(self.visualRect(index)).contains(at):
                if self.value_box(index.row(), self.visualRect(index)).contains(at):
                    self._pressed = (index.row(), self._cursor_at(index.row(), at))
            elif fact.kind == "row" and fact.text:
                self.copy()
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            row, start = self._pressed
            self._marked = (row, start, self._cursor_at(row, at))
            self.viewport().update()
            return
        index = self.indexAt(at)
        shape = Qt.CursorShape.ArrowCursor
        if index.isValid() and self.model_.facts[index.row()].kind == "row":
            fact, rect = self.model_.facts[index.row()], self.visualRect(index)
            if not self.copy_box(rect).contains(at) and self.value_box(index.row(), rect).contains(at):
                shape = Qt.CursorShape.PointingHandCursor if fact.jump is not None else Qt.CursorShape.IBeamCursor
        self.viewport().setCursor(shape)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        super().mouseReleaseEvent(event)
        if pressed is not None and not self.selected_text():
            jump = self.model_.facts[pressed[0]].jump
            if jump is not None:
                self.jump_wanted.emit(jump)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self.model_.facts[index.row()].kind == "row":
            length = len(self.model_.facts[index.row()].text.encode("utf-16-le")) // 2
            self._marked = (index.row(), 0, length)
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        row = self.currentIndex().row()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and 0 <= row < len(self.model_.facts):
            jump = self.model_.facts[row].jump
            if jump is not None:
                self.jump_wanted.emit(jump)
            return
        super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.indexAt(event.pos())
            if index.isValid():
                fact = self.model_.facts[index.row()]
                room = NAME_WIDTH - min(fact.indent, 5) * INDENT
                cut = QFontMetrics(theme.font(theme.SECOND_PX)).horizontalAdvance(fact.name) > room
                if fact.kind == "stage":
                    QToolTip.showText(event.globalPos(), f"<span>{html.escape(stage_rows.spoken(fact))}</span>", self)
                elif self.copy_box(self.visualRect(index)).contains(event.pos()) and fact.text:
                    QToolTip.showText(event.globalPos(), self.tr("Copy"), self)
                elif cut and fact.kind == "row" and event.pos().x() < VALUE_LEFT:
                    QToolTip.showText(event.globalPos(), f"<span>{html.escape(fact.name)}</span>", self)
            return True
        return super().viewportEvent(event)
