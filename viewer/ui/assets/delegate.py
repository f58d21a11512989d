"""Rows of the asset list, painted by hand: two lines with a thumbnail, or the thumbnail alone on the rail."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from viewer.export import Row
from viewer.ui import icons, theme
from viewer.ui.assets import texts
from viewer.ui.assets.model import ANY_INDEX, AssetModel
from viewer.ui.assets.texts import STATE_ICONS, FileState
from viewer.ui.assets.thumbnails import SIDE, ThumbnailStore
from viewer.ui.widgets.marks import KIND_ICONS, draw_bar
from viewer.ui.widgets.rows import paint_ground
from viewer.ui.widgets.signs import sign_colour

Form = Literal["list", "rail"]

ROW_HEIGHT = 52
TEXT_LEFT = theme.SPACE_M + SIDE + 10
TIE, TIE_BEND = 12, 4
"""Of what hangs below another entry of the same asset: how far its picture is inset, and how round the line bends."""
BAR_WIDTH, COUNT_WIDTH = 34, 18
"""Of the changes of an asset; larger numbers take more."""
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def elided_name(folder: str, base: str, width: int, quiet: QFontMetrics, strong: QFontMetrics) -> tuple[str, str]:
    """Folder and base name that fit into `width` pixels: the folder gives way first, each loses its middle."""
    whole = strong.horizontalAdvance(base)
    room = width - whole
    if not folder or quiet.horizontalAdvance(folder) <= room:
        return folder, base if room >= 0 else strong.elidedText(base, Qt.TextElideMode.ElideMiddle, width)
    if room >= quiet.horizontalAdvance("…/") + 12:
        return quiet.elidedText(folder, Qt.TextElideMode.ElideMiddle, room), base
    return "", base if room >= 0 else strong.elidedText(base, Qt.TextElideMode.ElideMiddle, width)


@lru_cache(maxsize=2048)
def _fitted(name: str, width: int) -> tuple[str, str, int]:
    """`elided_name` of a name and the width of its folder; kept, since the same rows are painted again and again."""
    quiet, strong = QFontMetrics(theme.font(theme.BODY_PX)), QFontMetrics(theme.font(theme.BODY_PX, 500))
    folder, base = elided_name(*texts.split_name(name), width, quiet, strong)
    return folder, base, quiet.horizontalAdvance(folder)


def _name_width(width: int, state: FileState, entry: str) -> int:
    """What of a row of `width` pixels is left for the name, beside its sign and which task of how many it is."""
    room = width - TEXT_LEFT - theme.SPACE_M - (24 if state in STATE_ICONS else 0)
    if entry:
        room -= QFontMetrics(theme.font(theme.CAPTION_PX)).horizontalAdvance(entry) + theme.SPACE_S
    return max(0, room)


class AssetDelegate(QStyledItemDelegate):
    """Two lines: the name; kind, stage and counts. Asks `state_of` for what is to be said of the file."""

    def __init__(self, model: AssetModel, thumbnails: ThumbnailStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._thumbnails = thumbnails
        self.form: Form = "list"
        self.focus_ring = False
        """Whether the current row shows that the keyboard is here."""
        self.state_of: Callable[[Row], FileState] = lambda row: ""
        self.words_of: Callable[[Row], str] = lambda row: ""
        """What a tooltip says of the links of an asset."""

    def name_is_cut(self, row: Row, width: int) -> bool:
        """Whether a row of `width` pixels shows less than the whole name."""
        if self.form == "rail":
            return True
        entry = texts.entry_text(self._model.table.entry_of(row))
        folder, base, _ = _fitted(texts.shown_name(row), _name_width(width, self.state_of(row), entry))
        return folder + base != texts.shown_name(row)

    def tip_of(self, row: Row, width: int, right: int) -> str:
        """What is to be said `right` pixels from the right edge of a row: of its file, or its whole name if cut."""
        if self.form == "list" and right < theme.SPACE_M + 24 and self.state_of(row) in STATE_ICONS:
            words = self.words_of(row) if self.state_of(row) in ("dead", "soon") else ""
            return words or texts.sentence(texts.state_text(self.state_of(row)))
        return texts.shown_name(row) if self.name_is_cut(row, width) else ""

    def sizeHint(self, option: QStyleOptionViewItem, index: ANY_INDEX) -> QSize:
        return QSize(200, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ANY_INDEX) -> None:
        row = self._model.row_at(index.row())
        if row is None:
            return
        t = theme.current()
        rect: QRect = option.rect
        state = option.state
        ratio = painter.device().devicePixelRatioF()
        painter.save()
        paint_ground(painter, rect, state)
        left = rect.left() + (theme.SPACE_M if self.form == "list" else (rect.width() - SIDE) // 2)
        above, below = self._model.ties(index.row())
        if above or below:
            self._paint_tie(painter, rect, left, above=above, below=below)
        inset = TIE if above else 0
        self._paint_picture(painter, row, left + inset, rect.top() + (rect.height() - SIDE + inset) // 2, ratio, inset)
        if self.form == "list":
            self._paint_lines(painter, row, rect, ratio, is_tied=above)
        if self.focus_ring and state & QStyle.StateFlag.State_HasFocus:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(t.accent), 2.0))
            painter.drawRoundedRect(QRectF(rect).adjusted(3, 2, -3, -2), theme.RADIUS_CONTROL, theme.RADIUS_CONTROL)
        painter.restore()

    def _paint_tie(self, painter: QPainter, rect: QRect, left: int, *, above: bool, below: bool) -> None:
        """The line that leads from the first entry of an asset to the others below it."""
        x, middle = left + TIE // 2 - 0.5, rect.top() + rect.height() / 2 + 0.5
        path = QPainterPath()
        if above:
            path.moveTo(x, rect.top())
            path.lineTo(x, middle - TIE_BEND)
            path.quadTo(x, middle, x + TIE_BEND, middle)
        if below:
            path.moveTo(x, rect.top() if above else rect.top() + (rect.height() + SIDE) / 2)
            path.lineTo(x, rect.bottom() + 1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.current().strong), 1.0))
        painter.drawPath(path)
        painter.restore()

    def _paint_picture(self, painter: QPainter, row: Row, left: int, top: int, ratio: float, inset: int) -> None:
        """The thumbnail, else the icon of the kind; `inset` smaller where it hangs below that of the same asset."""
        picture = self._thumbnails.pixmap(row.index, ratio)
        side = SIDE - inset
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if picture is not None:
            if inset:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawPixmap(QRect(left, top, side, side), picture)
            else:
                painter.drawPixmap(left, top, picture)
            return
        t = theme.current()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.hover))
        painter.drawRoundedRect(QRectF(left, top, side, side), theme.RADIUS_CHIP, theme.RADIUS_CHIP)
        name = KIND_ICONS.get(row.kind, "file-question-mark")
        size = 14 if inset else 18
        at = (side - size) // 2
        painter.drawPixmap(left + at, top + at, icons.pixmap(name, size, t.text3, ratio))

    def _paint_lines(self, painter: QPainter, row: Row, rect: QRect, ratio: float, *, is_tied: bool) -> None:
        """`is_tied`: the row hangs below another one of the same asset, whose name is its own, too."""
        t = theme.current()
        left = rect.left() + TEXT_LEFT
        right = rect.right() + 1 - theme.SPACE_M
        state, entry = self.state_of(row), texts.entry_text(self._model.table.entry_of(row))
        folder, base, folder_width = _fitted(texts.shown_name(row), _name_width(rect.width(), state, entry))
        line = QRectF(left, rect.top() + 8, right - left, 18)
        if folder:
            painter.setFont(theme.font(theme.BODY_PX))
            painter.setPen(QColor(t.text3))
            painter.drawText(line, _LEFT, folder)
        painter.setFont(theme.font(theme.BODY_PX, 500))
        painter.setPen(QColor(t.text2 if is_tied else t.text))
        painter.drawText(line.adjusted(folder_width, 0, 0, 0), _LEFT, base)
        if state in STATE_ICONS:
            painter.drawPixmap(right - 16, rect.top() + 9, icons.pixmap(STATE_ICONS[state], 16, t.text3, ratio))
        if entry:
            painter.setFont(theme.font(theme.CAPTION_PX))
            painter.setPen(QColor(t.text3))
            painter.drawText(line.adjusted(0, 0, -24 if state in STATE_ICONS else 0, 0), _RIGHT, entry)
        icon = KIND_ICONS.get(row.kind, "file-question-mark")
        painter.drawPixmap(
            QPointF(left, rect.top() + 30),
            icons.pixmap(icon if row.readable else "triangle-alert", 12, t.text3, ratio),
        )
        font = theme.font(theme.CAPTION_PX)
        painter.setFont(font)
        painter.setPen(QColor(t.text3))
        right -= self._paint_changes(painter, row, right, rect.top() + 29)
        second = QRectF(left + 18, rect.top() + 29, right - left - 18, 14)
        details = texts.details_of(row)
        shown = QFontMetrics(font).elidedText(details, Qt.TextElideMode.ElideRight, int(second.width()))
        painter.drawText(second, _LEFT, shown)

    def _paint_changes(self, painter: QPainter, row: Row, right: int, top: int) -> int:
        """The bar of changes and how many there are, up to `right`; the width that takes."""
        changes = self._model.table.changes.totals(row)
        if changes is None:
            return 0
        t = theme.current()
        text = f"{changes.total:,}" if changes.total else "="
        width = max(COUNT_WIDTH, QFontMetrics(painter.font()).horizontalAdvance(text))
        painter.setPen(QColor(t.text2 if changes.total else t.text3))
        painter.drawText(QRectF(right - width, top, width, 14), _RIGHT, text)
        if not changes.total:
            return width + theme.SPACE_S
        counts = (("added", changes.added), ("moved", changes.changed), ("removed", changes.removed))
        shown = [(count, sign_colour(kind, paper=not t.dark)) for kind, count in counts if count]
        box = QRectF(right - width - theme.SPACE_S - BAR_WIDTH, top + 5, BAR_WIDTH, 4)
        least = [max(count / changes.total, 2.0 / BAR_WIDTH) for count, _ in shown]
        scale = (1.0 - (len(shown) - 1) / BAR_WIDTH) / sum(least)
        draw_bar(painter, box, [(part * scale, colour) for part, (_, colour) in zip(least, shown)])
        return width + 2 * theme.SPACE_S + BAR_WIDTH
