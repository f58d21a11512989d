"""Problems and issues as lists of cards: a mark, a sentence that wraps, and quieter lines below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
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
    QFontDatabase,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from viewer.errors import Problem
from viewer.export.issues import Issue
from viewer.ui import icons, theme
from viewer.ui.inspector.laid_text import LINE, lay_out
from viewer.ui.inspector.words import safe, safe_line, tr, when_text
from viewer.ui.widgets.focus import RingedRows
from viewer.ui.widgets.marks import chip_width, draw_avatar, draw_chip
from viewer.ui.widgets.rows import CopyingRows, paint_ground, set_up_rows

AnyIndex = QModelIndex | QPersistentModelIndex
SHOWN = 500
"""Cards; all of them can be copied."""
COMMENTS_SHOWN = 20
TOP = 9


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of a card."""

    text: str
    tone: Literal["text", "text2", "text3"] = "text2"
    fixed: bool = False
    """In the fixed font, as paths are."""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One problem or issue. `subject` is what is emitted when it is chosen; None: nothing is."""

    lines: tuple[Line, ...]
    icon: str = ""
    tone: Literal["warn", "error", "ok", "text3"] = "text3"
    chip: str = ""
    chip_look: Literal["warn", "error", "ok", "neutral"] = "neutral"
    subject: Any = None

    @property
    def spoken(self) -> str:
        """All of it in one line."""
        return ". ".join(part for part in (self.chip, *(line.text for line in self.lines)) if part)


def problem_card(problem: Problem) -> Card:
    """What is wrong, what was done instead, and where."""
    what, instead = (safe(text[:1].upper() + text[1:]) for text in (problem.what, problem.instead))
    lines = [Line(what, "text")]
    if instead:
        lines.append(Line(instead))
    place = problem.path if problem.path is not None else "" if problem.offset is None else f"byte {problem.offset:,}"
    if place:
        lines.append(Line(safe_line(place), "text3", fixed=True))
    is_error = problem.severity == "error"
    return Card(tuple(lines), "circle-alert" if is_error else "triangle-alert", "error" if is_error else "warn",
                subject=problem)  # fmt: skip


def issue_card(issue: Issue) -> Card:
    """What is to be settled, who says so, and what was said to it."""
    who = safe_line(issue.created_by or "").split("@", 1)[0]
    page = "" if issue.page is None else tr("page {0}").format(f"{issue.page + 1:,}")
    facts = " · ".join(part for part in (who, when_text(issue.created_at), page, safe_line(issue.stage or "")) if part)
    lines = [Line(safe(issue.content) or tr("No text"), "text")]
    if issue.codes:
        lines.append(Line(safe_line(", ".join(issue.codes))))
    if facts:
        lines.append(Line(facts, "text3", person=issue.created_by or ""))
    for comment in issue.comments[:COMMENTS_SHOWN]:
        by = " · ".join(p for p in (safe_line(comment.by or "").split("@", 1)[0], when_text(comment.at)) if p)
        text = safe(comment.text)
        lines.append(Line(f"{text}\n{by}" if by else text, "text2", person=comment.by or "?"))
    if len(issue.comments) > COMMENTS_SHOWN:
        lines.append(Line(tr("… {0} more").format(f"{len(issue.comments) - COMMENTS_SHOWN:,}"), "text3"))
    settled = issue.status.casefold() in ("resolved", "closed", "done")
    look: Literal["warn", "ok", "neutral"] = "warn" if issue.is_open else "ok" if settled else "neutral"
    return Card(tuple(lines), chip=safe_line(issue.status)[:30] or tr("No status"), chip_look=look, subject=issue)


class _CardModel(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.cards: list[Card] = []

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.cards)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.cards[index.row()].spoken
        return None

    def show_cards(self, cards: Sequence[Card]) -> None:
        self.beginResetModel()
        self.cards = list(cards)
        self.endResetModel()


class _CardDelegate(QStyledItemDelegate):
    def __init__(self, view: CardList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(100, self._view.height_of(index.row()))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        t = theme.current()
        view, card = self._view, self._view.model_.cards[index.row()]
        rect: QRect = option.rect
        state = option.state
        ratio = painter.device().devicePixelRatioF()
        painter.save()
        paint_ground(painter, rect, state, hovers=card.subject is not None)
        painter.fillRect(rect.left() + theme.SPACE_M, rect.bottom(), rect.width(), 1, QColor(t.divider))
        y = rect.top() + TOP
        if card.icon:
            picture = icons.pixmap(card.icon, 16, getattr(t, card.tone), ratio)
            painter.drawPixmap(rect.left() + theme.SPACE_M, y, picture)
        if card.chip:
            ground, ink = {
                "warn": (t.warn_ground, t.warn), "error": (t.error_ground, t.error), "ok": (t.ok_ground, t.ok),
                "neutral": (t.hover, t.text2),
            }[card.chip_look]  # fmt: skip
            box = QRectF(rect.left() + theme.SPACE_M, y, chip_width(card.chip), 20)
            draw_chip(painter, box, card.chip, ground=ground, ink=ink)
            y += 26
        for line in card.lines:
            left = rect.left() + view.left_of(card, line)
            if line.person:
                draw_avatar(painter, QRectF(left - 22, y, 16, 16), line.person)
            layout, height = lay_out(line.text, view.font_of(line), view.width_of(card, line))
            painter.setPen(QColor(getattr(t, line.tone)))
            layout.draw(painter, QPointF(left, y))
            y += height + 3
        if view.ring and state & QStyle.StateFlag.State_HasFocus:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(t.accent), 2.0))
            painter.drawRoundedRect(QRectF(rect).adjusted(4, 2, -4, -3), theme.RADIUS_CONTROL, theme.RADIUS_CONTROL)
        painter.restore()


class CardList(RingedRows, CopyingRows, QListView):
    """↑↓ move, Enter or a double click goes there, Ctrl+C copies the card."""

    chosen = Signal(object)
    copied = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model_ = _CardModel(self)
        self._heights: dict[int, int] = {}
        self.setModel(self.model_)
        self.setItemDelegate(_CardDelegate(self))
        self.setAccessibleName(name)
        set_up_rows(self)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.verticalScrollBar().setSingleStep(24)

    def show_cards(self, cards: Sequence[Card], total: int) -> None:
        """Other cards; `total` counts those that are not shown, too."""
        shown = list(cards)
        if total > len(shown):
            more = self.tr("… {0} more").format(f"{total - len(shown):,}")
            shown.append(Card((Line(more, "text3"),)))
        self._heights.clear()
        self.model_.show_cards(shown)

    def font_of(self, line: Line) -> QFont:
        """The font of a paragraph."""
        if line.fixed:
            font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
            font.setPixelSize(theme.CAPTION_PX)
            return font
        return theme.font(theme.BODY_PX if line.tone == "text" else theme.SECOND_PX)

    def left_of(self, card: Card, line: Line) -> int:
        """Where a paragraph begins."""
        return theme.SPACE_M + (22 if card.icon or line.person else 0)

    def width_of(self, card: Card, line: Line) -> int:
        """How wide it may be."""
        return max(self.viewport().width() - self.left_of(card, line) - theme.SPACE_M, 40)

    def height_of(self, row: int) -> int:
        """Of a card at the present width."""
        if row not in self._heights:
            card = self.model_.cards[row]
            lines = (lay_out(x.text, self.font_of(x), self.width_of(card, x))[1] + 3 for x in card.lines)
            self._heights[row] = max(sum(lines), LINE) + 2 * TOP - 3 + (26 if card.chip else 0)
        return self._heights[row]

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._heights.clear()
        super().resizeEvent(event)

    def _choose(self, index: QModelIndex) -> None:
        subject = self.model_.cards[index.row()].subject if index.isValid() else None
        if subject is not None:
            self.chosen.emit(subject)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._choose(self.indexAt(event.position().toPoint()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.currentIndex())
        elif event.matches(QKeySequence.StandardKey.Copy):
            if self.currentIndex().isValid():
                QGuiApplication.clipboard().setText(self.model_.cards[self.currentIndex().row()].spoken)
                self.copied.emit(self.tr("The text is copied."))
        else:
            super().keyPressEvent(event)
