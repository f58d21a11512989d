"""The visible rows of the changes between two stages: a model over arrays, and its painter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from viewer.diff.comparison import PageRange
from viewer.ui import icons, theme
from viewer.ui.inspector.change_folds import Fold, FoldKey, pages_text
from viewer.ui.inspector.change_listing import ChangeGroup, ChangeListing, Grouping
from viewer.ui.inspector.change_words import kind_text
from viewer.ui.inspector.names import Names
from viewer.ui.widgets.marks import draw_avatar, draw_swatch
from viewer.ui.widgets.signs import draw_sign

AnyIndex = QModelIndex | QPersistentModelIndex
GROUP_HEIGHT, ROW_HEIGHT = 28, 26
OPEN_AT_ONCE = 60
"""So many changes are listed with all groups open; of more only the first group is."""
SIGN, AVATAR = 16, 18
FOLD, SPAN = -1_000_000_000, -2_000_000_000
"""Rows from these numbers down are tracks, and pages between their key frames."""
INDENT, CHEVRON = 14, 12
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
EMPTY = ChangeListing(None, Names(), Names())


class ChangeModel(QAbstractListModel):
    """Rows are numbers: a change of the listing, ``-1 - group``, or (of folds and what they hold) from `FOLD` down."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.listing = EMPTY
        self.grouping: Grouping = "kind"
        self.signs: frozenset[str] = frozenset()
        """Only changes with one of these are listed; none: all."""
        self.groups: tuple[ChangeGroup, ...] = ()
        self.rows: list[int] = []
        self.folds: list[Fold] = []
        """Changes of one track each, that stand in one row until they are unfolded."""
        self.spans: list[tuple[Fold, PageRange]] = []
        """Pages between key frames, listed where their fold is open."""
        self.colour_of: Callable[[str], str] = lambda schema_id: ""
        """#RRGGBB of a class; "" for none."""
        self.repeats: Callable[[str], bool] = lambda schema_id: False
        self._opened: dict[tuple[str, str], bool] = {}
        self._unfolded: set[FoldKey] = set()
        self._inner: set[int] = set()
        self._fold_of: dict[int, int] = {}
        """Change → the row's number of its fold."""
        self._places: dict[int, int] = {}

    # ---- Qt ----------------------------------------------------------------------------------------------

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.spoken(index.row())
        return None

    def spoken(self, row: int) -> str:
        """A row in words."""
        group, fold, span = self.group_at(row), self.fold_at(row), self.span_at(row)
        if fold is not None:
            name = f"{self.listing.title(fold.head)} {self.listing.number(fold.head)}".rstrip()
            return f"{name}, {fold.words()}, {self.tr('open') if self.is_unfolded(fold) else self.tr('closed')}"
        if span is not None:
            return self.tr("between keys {0} on {1}").format(kind_text(span[1].kind).lower(), pages_text(span[1]))
        if group is None:
            return self.listing.spoken(self.rows[row])
        count = len(group.members)
        changes = self.tr("1 change") if count == 1 else self.tr("{0} changes").format(f"{count:,}")
        return f"{group.title}, {changes}, {self.tr('open') if self.is_open(group) else self.tr('closed')}"

    # ---- rows --------------------------------------------------------------------------------------------

    def group_at(self, row: int) -> ChangeGroup | None:
        """The group whose heading a row is; None for a change."""
        at = self.rows[row] if 0 <= row < len(self.rows) else 0
        return self.groups[-1 - at] if FOLD < at < 0 else None

    def fold_at(self, row: int) -> Fold | None:
        """The track whose changes a row holds."""
        at = self.rows[row] if 0 <= row < len(self.rows) else 0
        return self.folds[FOLD - at] if SPAN < at <= FOLD else None

    def span_at(self, row: int) -> tuple[Fold, PageRange] | None:
        """The pages between key frames that a row tells of."""
        at = self.rows[row] if 0 <= row < len(self.rows) else 0
        return self.spans[SPAN - at] if at <= SPAN else None

    def is_in_fold(self, row: int) -> bool:
        """Whether a row stands under that of its track."""
        if self.span_at(row) is not None:
            return True
        at = self.change_at(row)
        return at is not None and at in self._inner

    def is_unfolded(self, fold: Fold) -> bool:
        """Whether the single changes of a track are listed."""
        return fold.key in self._unfolded

    def set_unfolded(self, fold: Fold, on: bool) -> None:
        """List the single changes of a track, or only the track."""
        if self.is_unfolded(fold) != on:
            self._unfolded ^= {fold.key}
            self.arrange()

    def change_at(self, row: int) -> int | None:
        """The change of a row; None for a heading."""
        return self.rows[row] if 0 <= row < len(self.rows) and self.rows[row] >= 0 else None

    def is_open(self, group: ChangeGroup) -> bool:
        """Whether its changes are listed."""
        few = sum(len(g.members) for g in self.groups) <= OPEN_AT_ONCE
        return self._opened.get((self.grouping, group.key), few or group is self.groups[0])

    def set_open(self, group: ChangeGroup, on: bool) -> None:
        """Open or close a group; remembered for the next comparison."""
        if self._opened.get((self.grouping, group.key)) != on:
            self._opened[self.grouping, group.key] = on
            self.arrange()

    def show_listing(self, listing: ChangeListing) -> None:
        """Other changes. The filter stays where it still leaves something."""
        self.listing = listing
        self.signs &= listing.counts.keys()
        self.arrange()

    def choose(self, grouping: Grouping, signs: frozenset[str]) -> None:
        """Group in another way, or list others."""
        if (grouping, signs) != (self.grouping, self.signs):
            self.grouping, self.signs = grouping, signs
            self.arrange()

    def arrange(self) -> None:
        """Make the rows anew."""
        self.beginResetModel()
        self.groups = self.listing.groups(self.grouping, self.signs)
        rows: list[int] = []
        self.folds, self.spans, self._inner, self._fold_of = [], [], set(), {}
        for number, group in enumerate(self.groups):
            rows.append(-1 - number)
            if self.is_open(group):
                rows += self._folded(group) if self.listing.tracks else group.members
        self.rows = rows
        self._places = {at: row for row, at in reversed(list(enumerate(rows)))}
        self.endResetModel()

    def _folded(self, group: ChangeGroup) -> list[int]:
        rows: list[int] = []
        for one in self.listing.tracks.folded(group.members, group.sign):
            if isinstance(one, int):
                rows.append(one)
                continue
            rows.append(FOLD - len(self.folds))
            self._fold_of.update(dict.fromkeys(one.members, rows[-1]))
            self.folds.append(one)
            if self.is_unfolded(one):
                rows += one.members
                self._inner.update(one.members)
                for span in one.between:
                    rows.append(SPAN - len(self.spans))
                    self.spans.append((one, span))
        return rows

    def row_of(self, at: int) -> int | None:
        """The row of a change; its group is opened for it. None when the filter leaves it out."""
        row = self.row_of_entry(at)
        if row is None:
            group = next((g for g in self.groups if at in g.members), None)
            if group is not None:
                self.set_open(group, True)
                row = self.row_of_entry(at)
        return row

    def row_of_entry(self, at: int) -> int | None:
        """The row of a change (that of its track while it is folded), or of a heading (``-1 - group``)."""
        for wanted in (at, self._fold_of.get(at)):
            if wanted is not None and wanted in self._places:
                return self._places[wanted]
        return None

    def row_of_group(self, key: str) -> int | None:
        """The row of a group's heading."""
        number = next((n for n, g in enumerate(self.groups) if g.key == key), None)
        return None if number is None else self.row_of_entry(-1 - number)

    def row_of_fold(self, key: FoldKey) -> int | None:
        """The row of a track."""
        number = next((n for n, fold in enumerate(self.folds) if fold.key == key), None)
        return None if number is None else self._places.get(FOLD - number)

    def group_row_above(self, row: int) -> int | None:
        """The row that a row stands under: that of its track, else the heading."""
        is_inner = self.is_in_fold(row)
        return next((r for r in range(row, -1, -1) if self.group_at(r) or (is_inner and self.fold_at(r))), None)


class ChangeDelegate(QStyledItemDelegate):
    """Group: chevron, sign, name, count. Change: swatch, signs, name, number; measure and person at the right."""

    def __init__(self, model: ChangeModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.ring = False
        self.marked: int | None = None
        """The change shown; the keyboard may stand elsewhere."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        row = index.row()
        if row >= len(self._model.rows):
            return
        t = theme.current()
        rect: QRect = option.rect
        state = option.state
        group, at, fold = self._model.group_at(row), self._model.change_at(row), self._model.fold_at(row)
        painter.save()
        if self._is_marked(row):
            painter.fillRect(rect, QColor(t.soft))
            painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), QColor(t.accent))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(t.hover))
        if group is not None:
            self._paint_group(painter, rect, group)
        elif at is not None:
            self._paint_change(painter, rect, at, is_inner=self._model.is_in_fold(row))
        elif fold is not None:
            self._paint_fold(painter, rect, fold)
        elif (span := self._model.span_at(row)) is not None:
            text = self._model.tr("between keys {0}").format(pages_text(span[1]))
            _draw_text(painter, rect, rect.left() + 38 + INDENT, rect.right() - 12, text, ink=t.text3)
        if self.ring and state & QStyle.StateFlag.State_HasFocus:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(t.accent), 2.0))
            painter.drawRoundedRect(QRectF(rect).adjusted(3, 1, -3, -1), theme.RADIUS_CHIP, theme.RADIUS_CHIP)
        painter.restore()

    def _is_marked(self, row: int) -> bool:
        """Whether a row is the change shown, or the folded track that it is in."""
        at, fold = self._model.change_at(row), self._model.fold_at(row)
        if fold is not None:
            return self.marked in fold.members and not self._model.is_unfolded(fold)
        return at is not None and at == self.marked

    def _paint_group(self, painter: QPainter, rect: QRect, group: ChangeGroup) -> None:
        t = theme.current()
        model = self._model
        middle = rect.top() + rect.height() // 2
        chevron = "chevron-down" if model.is_open(group) else "chevron-right"
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(rect.left() + 11, middle - 7, icons.pixmap(chevron, 14, t.text2, ratio))
        left = rect.left() + 33
        colour = model.colour_of(group.schema_id) if group.schema_id else ""
        if group.sign:
            draw_sign(painter, QRectF(left, middle - SIGN / 2, SIGN, SIGN), group.sign, paper=not t.dark)
            left += SIGN + 8
        elif colour:
            draw_swatch(painter, QRectF(left, middle - 6, 12, 12), colour, split=model.repeats(group.schema_id))
            left += 21
        elif group.person:
            draw_avatar(painter, QRectF(left, middle - AVATAR / 2, AVATAR, AVATAR), group.person)
            left += AVATAR + 7
        count = f"{len(group.members):,}"
        font = theme.font(theme.SECOND_PX)
        width = QFontMetrics(font).horizontalAdvance(count)
        right = rect.right() + 1 - 12
        painter.setFont(font)
        painter.setPen(QColor(t.text3))
        painter.drawText(QRect(right - width, rect.top(), width + 1, rect.height()), _LEFT, count)
        _draw_text(painter, rect, left, right - width - 8, group.title, weight=500, ink=t.text)

    def _paint_fold(self, painter: QPainter, rect: QRect, fold: Fold) -> None:
        """A track: what of it changed, and on which pages."""
        model, listing, at = self._model, self._model.listing, fold.head
        chevron = "chevron-down" if model.is_unfolded(fold) else "chevron-right"
        picture = icons.pixmap(chevron, CHEVRON, theme.current().text2, painter.device().devicePixelRatioF())
        painter.drawPixmap(rect.left() + 22, rect.top() + (rect.height() - CHEVRON) // 2, picture)
        signs = tuple(dict.fromkeys(sign for member in fold.members for sign in listing.signs(member)))
        own = fold.sign if fold.sign in signs else ""
        persons = {listing.person(member) for member in fold.members}
        self._paint_line(
            painter, rect, left=rect.left() + 38, title=listing.title(at), detail=listing.number(at),
            schema_id=listing.schema_id(at), signs=tuple(sign for sign in signs if sign != own), measure=fold.text(),
            person=persons.pop() if len(persons) == 1 else "",
            ink=theme.current().text if self.marked in fold.members else theme.current().text2,
        )  # fmt: skip

    def _paint_change(self, painter: QPainter, rect: QRect, at: int, *, is_inner: bool) -> None:
        """A change; under its track only where it was."""
        listing, t = self._model.listing, theme.current()
        page = listing.page(at)
        self._paint_line(
            painter, rect, left=rect.left() + 38 + (INDENT if is_inner else 0),
            title=self._model.tr("Page {0}").format(f"{(page or 0) + 1:,}") if is_inner else listing.title(at),
            detail="" if is_inner else listing.detail(at), schema_id="" if is_inner else listing.schema_id(at),
            signs=self._signs_beside(at), measure=listing.measure(at), person=listing.person(at),
            ink=t.text if at == self.marked else t.text2,
        )  # fmt: skip

    def _paint_line(
        self,
        painter: QPainter,
        rect: QRect,
        *,
        left: int,
        title: str,
        detail: str,
        schema_id: str,
        signs: tuple[str, ...],
        measure: str,
        person: str,
        ink: str,
    ) -> None:
        t = theme.current()
        middle = rect.top() + rect.height() // 2
        right = rect.right() + 1 - 11
        if person:
            draw_avatar(painter, QRectF(right - AVATAR, middle - AVATAR / 2, AVATAR, AVATAR), person)
            right -= AVATAR + 8
        colour = self._model.colour_of(schema_id) if schema_id else ""
        if colour:
            draw_swatch(painter, QRectF(left, middle - 5, 10, 10), colour)
            left += 18
        metrics = QFontMetrics(theme.font(theme.BODY_PX))
        room = right - left - len(signs) * (SIGN + 4)
        wanted = metrics.horizontalAdvance(title) + (metrics.horizontalAdvance(detail) + 5 if detail else 0)
        second = QFontMetrics(theme.font(theme.SECOND_PX))
        # the name comes first; a long measure (old → new) takes what is left, at least two fifths
        most = max(room - wanted - 10, room * 2 // 5)
        shown = second.elidedText(measure, Qt.TextElideMode.ElideRight, most) if measure else ""
        width = second.horizontalAdvance(shown)
        if shown:
            painter.setFont(theme.font(theme.SECOND_PX))
            painter.setPen(QColor(ink))
            painter.drawText(QRect(right - width, rect.top(), width + 2, rect.height()), _LEFT, shown)
            right -= width + 10
        for sign in reversed(signs):
            draw_sign(painter, QRectF(right - SIGN, middle - SIGN / 2, SIGN, SIGN), sign, paper=not t.dark)
            right -= SIGN + 4
        end = _draw_text(painter, rect, left, right - 2, title, ink=t.text)
        if detail and right - end > 20:
            _draw_text(painter, rect, end + 5, right, detail, ink=t.text3, elide=Qt.TextElideMode.ElideRight)

    def _signs_beside(self, at: int) -> tuple[str, ...]:
        """What its group does not say: all signs, or those beside the one of the group."""
        signs = self._model.listing.signs(at)
        if self._model.grouping != "kind" or self._model.listing.changes[at].subject != "label":
            return signs
        own = next((s for s in signs if s in self._model.signs), signs[0])
        return tuple(sign for sign in signs if sign != own)


def _draw_text(
    painter: QPainter,
    rect: QRect,
    left: int,
    right: int,
    text: str,
    *,
    ink: str,
    weight: int = 400,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
) -> int:
    """One line, cut where there is no room; where it ends."""
    font = theme.font(theme.BODY_PX, weight)
    shown = QFontMetrics(font).elidedText(text, elide, max(right - left, 0))
    width = QFontMetrics(font).horizontalAdvance(shown)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(QRect(left, rect.top(), width + 2, rect.height()), _LEFT, shown)
    return left + width
