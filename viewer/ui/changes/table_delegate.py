"""The cells of the table of changes, painted by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from viewer.ui import icons, theme
from viewer.ui.assets.texts import shown_name, split_name
from viewer.ui.changes.columns import NOTHING
from viewer.ui.changes.queue import Item
from viewer.ui.changes.table import Group, title_of
from viewer.ui.changes.table_model import AnyIndex, ChangeModel
from viewer.ui.inspector.change_words import kind_text, sign_of
from viewer.ui.inspector.words import safe_line, tr
from viewer.ui.timeline.cards import person_name
from viewer.ui.widgets.marks import draw_avatar, draw_bar, draw_swatch
from viewer.ui.widgets.signs import draw_sign

ROW_HEIGHT = 34
PAD = theme.SPACE_M
SIGN, AVATAR, SWATCH = 16, 18, 10
BAR_WIDTH = 36
SEEN_OPACITY = 0.5
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@lru_cache(maxsize=8)
def _face(weight: int) -> tuple[QFont, QFontMetrics]:
    """The font of cells; kept, since a screen of rows asks for it hundreds of times."""
    font = theme.font(theme.BODY_PX, weight)
    return font, QFontMetrics(font)


class ChangeCells(QStyledItemDelegate):
    """One cell at a time; rows that were seen step back."""

    def __init__(self, model: ChangeModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.hovered = -1
        """The row under the pointer."""
        self.colour_of: Callable[[str], str] = lambda schema_id: ""
        """#RRGGBB of a class; "" for none."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(40, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        model, row = self._model, index.row()
        item = model.item_at(row)
        rect: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        t = theme.current()
        painter.save()
        if selected:
            painter.fillRect(rect, QColor(t.soft))
        elif row == self.hovered:
            painter.fillRect(rect, QColor(t.hover))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(t.divider))
        if item is not None:
            if not selected and model.is_seen(item):
                painter.setOpacity(SEEN_OPACITY)
            column = model.column(index.column())
            draw = getattr(self, f"_paint_{column.key}", None)
            if draw is not None:
                draw(painter, rect, item)
            else:
                text = column.text(model.table, item)
                quiet = text == NOTHING
                ink = t.text3 if quiet else t.text2
                self._text(painter, rect, text, ink=ink, right=column.right, elide=Qt.TextElideMode.ElideMiddle)
        painter.restore()

    def _text(
        self,
        painter: QPainter,
        rect: QRect,
        text: str,
        *,
        ink: str,
        left: int = PAD,
        right: bool = False,
        weight: int = 400,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> int:
        """One line in a cell; where it ends."""
        font, metrics = _face(weight)
        room = rect.width() - left - (PAD if right else 4)
        shown = metrics.elidedText(text, elide, max(room, 0))
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(
            QRect(rect.left() + left, rect.top(), room + 1, rect.height()), _RIGHT if right else _LEFT, shown
        )
        return left + metrics.horizontalAdvance(shown)

    # ---- columns that are more than a text -----------------------------------------------------------------

    def _paint_sign(self, painter: QPainter, rect: QRect, item: Item) -> None:
        box = QRectF(rect.left() + PAD, rect.top() + (ROW_HEIGHT - SIGN) // 2, SIGN, SIGN)
        draw_sign(painter, box, sign_of(item.found.kinds[0]), paper=not theme.current().dark)

    def _paint_change(self, painter: QPainter, rect: QRect, item: Item) -> None:
        end = self._text(painter, rect, kind_text(item.found.kinds[0]), ink=theme.current().text2)
        for kind in item.found.kinds[1:]:
            if end + 6 + 12 > rect.width():
                break
            box = QRectF(rect.left() + end + 6, rect.top() + (ROW_HEIGHT - 12) // 2, 12, 12)
            draw_sign(painter, box, sign_of(kind), paper=not theme.current().dark)
            end += 16

    def _paint_label(self, painter: QPainter, rect: QRect, item: Item) -> None:
        t, left = theme.current(), PAD
        colour = self.colour_of(item.found.schema_id) if item.found.schema_id else ""
        if colour:
            box = QRectF(rect.left() + left, rect.top() + (ROW_HEIGHT - SWATCH) // 2, SWATCH, SWATCH)
            draw_swatch(painter, box, colour)
            left += SWATCH + 8
        end = self._text(painter, rect, title_of(item) or tr("No title"), ink=t.text, left=left)
        detail = self._model.table.detail(item.number) if self._model.table.own else ""
        if detail and end + 5 < rect.width():
            self._text(painter, rect, detail, ink=t.text3, left=end + 5)

    def _paint_asset(self, painter: QPainter, rect: QRect, item: Item) -> None:
        t = theme.current()
        row = self._model.table.places.row(item.asset)
        folder, base = split_name("" if row is None else shown_name(row))
        font = _face(400)[1]
        room = rect.width() - PAD - 4 - font.horizontalAdvance(base)
        folder = font.elidedText(folder, Qt.TextElideMode.ElideMiddle, room) if room > 24 else ""
        end = self._text(painter, rect, folder, ink=t.text3) if folder else PAD
        self._text(painter, rect, base, ink=t.text, left=end, elide=Qt.TextElideMode.ElideMiddle)

    def _paint_by(self, painter: QPainter, rect: QRect, item: Item) -> None:
        person = item.found.by
        if not person:
            return
        draw_avatar(painter, QRectF(rect.left() + PAD, rect.top() + (ROW_HEIGHT - AVATAR) // 2, AVATAR, AVATAR), person)
        self._text(painter, rect, safe_line(person_name(person)), ink=theme.current().text2, left=PAD + AVATAR + 6)

    def _paint_iou(self, painter: QPainter, rect: QRect, item: Item) -> None:
        t, iou = theme.current(), item.found.iou
        if iou is None:
            self._text(painter, rect, NOTHING, ink=t.text3)
            return
        box = QRectF(rect.left() + PAD, rect.top() + ROW_HEIGHT // 2 - 2, BAR_WIDTH, 4)
        draw_bar(painter, box, [(max(0.0, min(iou, 1.0)), t.text2)], groove=t.pressed)
        text = self._model.column(7).text(self._model.table, item)
        self._text(painter, rect, text, ink=t.text, left=PAD + BAR_WIDTH + 6)

    # ---- headings ------------------------------------------------------------------------------------------

    def paint_heading(self, painter: QPainter, rect: QRect, group: Group, *, selected: bool) -> None:
        """The heading of a group, over the whole width."""
        t, model = theme.current(), self._model
        painter.save()
        ratio = painter.device().devicePixelRatioF()
        middle = rect.top() + ROW_HEIGHT // 2
        if selected:
            painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), QColor(t.accent))
        chevron = "chevron-down" if model.is_open(group) else "chevron-right"
        painter.drawPixmap(rect.left() + PAD, middle - 7, icons.pixmap(chevron, 14, t.text2, ratio))
        left = PAD + 14 + 8
        text = group.value
        if model.grouping == "kind":
            draw_sign(painter, QRectF(rect.left() + left, middle - SIGN / 2, SIGN, SIGN), text, paper=not t.dark)
            left, text = left + SIGN + 8, kind_text(text)
        elif model.grouping == "class":
            colour = self.colour_of(model.table.items[group.first].found.schema_id)
            if colour:
                draw_swatch(painter, QRectF(rect.left() + left, middle - SWATCH / 2, SWATCH, SWATCH), colour)
                left += SWATCH + 8
            text = safe_line(text)[:200] or tr("No title")
        elif model.grouping == "person":
            if text:
                draw_avatar(painter, QRectF(rect.left() + left, middle - AVATAR / 2, AVATAR, AVATAR), text)
                left += AVATAR + 6
            text = safe_line(person_name(text)) or tr("Nobody named")
        else:
            text = model.table.places.name(int(text))
        end = self._text(painter, rect, text, ink=t.text, left=left, weight=500)
        self._text(painter, rect, f"{group.total:,}", ink=t.text3, left=end + 8)
        painter.restore()
