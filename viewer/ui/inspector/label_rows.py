"""The visible rows of a listing: groups and, below open ones, their labels. A model over arrays, and its painter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from viewer.model import Annotation
from viewer.state import Look
from viewer.tracks import Placed
from viewer.ui import icons, theme
from viewer.ui.inspector.listing import RELATIONS, LabelGroup, Listing, searched
from viewer.ui.inspector.names import Names
from viewer.ui.scene import Scene, is_shown
from viewer.ui.widgets.marks import SHAPE_ICONS, draw_avatar, draw_swatch

AnyIndex = QModelIndex | QPersistentModelIndex
GROUP_HEIGHT, LABEL_HEIGHT = 28, 26
OPEN_AT_ONCE = 60
"""A list of so many labels starts with its groups open."""
EYE, AVATAR = 16, 18
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_LOOKED_AT = 64
EMPTY = Listing("class", (), (), Names(), tracked=False)


class LabelModel(QAbstractListModel):
    """Rows are numbers: an entry of the listing, or ``-1 - group``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.listing = EMPTY
        self.rows: list[int] = []
        self.scene: Scene | None = None
        self.look = Look()
        self.needle = ""
        self.matches = 0
        """Entries that the filter lets through."""
        self.repeats: Callable[[str], bool] = lambda schema_id: False
        self._opened: dict[tuple[str, str], bool] = {}
        self._counts: list[int] = []
        self._searched: dict[Any, str] = {}

    # ---- Qt ----------------------------------------------------------------------------------------------

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.spoken(index.row())
        return None

    def spoken(self, row: int) -> str:
        """A row in words."""
        group = self.group_at(row)
        if group is not None:
            count = self.count_of(row)
            parts = [group.title, self.tr("1 label") if count == 1 else self.tr("{0} labels").format(f"{count:,}")]
            parts.append(self.tr("open") if self.is_open(group) else self.tr("closed"))
            if self.is_dimmed(row):
                parts.append(self.tr("hidden"))
            return ", ".join(parts)
        at = self.rows[row]
        detail = self.listing.detail(at)
        parts = [f"{self.listing.title(at)} {detail}".rstrip()]
        if self.is_dimmed(row):
            parts.append(self.tr("hidden"))
        return ", ".join(parts)

    # ---- rows --------------------------------------------------------------------------------------------

    def group_at(self, row: int) -> LabelGroup | None:
        """The group whose heading a row is; None for a label."""
        at = self.rows[row] if 0 <= row < len(self.rows) else 0
        return self.listing.groups[-1 - at] if at < 0 else None

    def object_at(self, row: int) -> str | None:
        """The object of a row; None for a group."""
        return self.listing.object_id(self.rows[row]) if 0 <= row < len(self.rows) and self.rows[row] >= 0 else None

    def count_of(self, row: int) -> int:
        """How many of a group's labels the filter lets through."""
        return self._counts[-1 - self.rows[row]]

    def is_open(self, group: LabelGroup) -> bool:
        """Whether its labels are listed."""
        if self.needle:
            return True
        default = self.listing.count <= OPEN_AT_ONCE and self.listing.grouping != "track" and group.key != RELATIONS
        return self._opened.get((self.listing.grouping, group.key), default)

    def set_open(self, group: LabelGroup, on: bool) -> None:
        """Open or close a group; remembered for the next pages and assets."""
        if self._opened.get((self.listing.grouping, group.key)) != on:
            self._opened[self.listing.grouping, group.key] = on
            self.arrange()

    def show_listing(self, listing: Listing) -> None:
        """Other labels."""
        self.listing = listing
        if len(self._searched) > 50_000:
            self._searched.clear()
        self.arrange()

    def arrange(self) -> None:
        """Make the rows anew."""
        self.beginResetModel()
        rows: list[int] = []
        self._counts = []
        self.matches = 0
        groups = self.listing.groups
        for number, group in enumerate(groups):
            members = self._matching(group.members) if self.needle else group.members
            self._counts.append(len(members))
            self.matches += len(members)
            if members or not self.needle:
                rows.append(-1 - number)
                if self.is_open(group):
                    rows += members
        self.rows = rows
        self.endResetModel()

    def _matching(self, members: Sequence[int]) -> list[int]:
        words = self.needle.split()
        entries, names, known = self.listing.entries, self.listing.names, self._searched
        found = []
        for at in members:
            entry = entries[at]
            key = entry.annotation if isinstance(entry, Placed) else entry
            text = known.get(id(key))
            if text is None:
                text = known[id(key)] = searched(entry, names)
            if all(word in text for word in words):
                found.append(at)
        return found

    def set_needle(self, text: str) -> None:
        """Filter by words."""
        needle = text.strip().casefold()
        if needle != self.needle:
            self.needle = needle
            self.arrange()

    def forget_searched(self) -> None:
        """The labels that texts were kept of are gone."""
        self._searched.clear()

    def row_of(self, object_id: str) -> int | None:
        """The row of an object; its group is opened for it. None when it is not listed."""
        at = self.listing.find(object_id)
        if at is None:
            return None
        row = self.row_of_entry(at)
        if row is None and not self.needle:
            group = next((g for g in self.listing.groups if at in g.members), None)
            if group is not None and not self.is_open(group):
                self.set_open(group, True)
                row = self.row_of_entry(at)
        return row

    def row_of_entry(self, at: int) -> int | None:
        """The row of an entry of the listing, or of a heading (``-1 - group``)."""
        try:
            return self.rows.index(at)
        except ValueError:
            return None

    def row_of_group(self, key: str) -> int | None:
        """The row of a group's heading."""
        number = next((n for n, g in enumerate(self.listing.groups) if g.key == key), None)
        return None if number is None else self.row_of_entry(-1 - number)

    def group_row_above(self, row: int) -> int | None:
        """The heading above a row."""
        return next((r for r in range(row, -1, -1) if self.rows[r] < 0), None)

    # ---- what is drawn -----------------------------------------------------------------------------------

    def annotation_at(self, row: int) -> Annotation | None:
        """The annotation of a row."""
        return self.listing.annotation(self.rows[row]) if self.rows[row] >= 0 else None

    def is_dimmed(self, row: int) -> bool:
        """Whether it is hidden on the canvas, or lies on another page."""
        group = self.group_at(row)
        look = self.look
        if group is None:
            annotation = self.annotation_at(row)
            return annotation is not None and not is_shown(annotation, look)
        if look.solo is None and not look.hidden:
            return False
        if group.hide_by is not None and look.solo is None and group.hide_by in look.hidden:
            return True
        for at in group.members[:_LOOKED_AT]:
            annotation = self.listing.annotation(at)
            if annotation is None or is_shown(annotation, look):
                return False
        return True

    def is_hidden(self, row: int) -> bool:
        """Whether its own eye is shut."""
        group = self.group_at(row)
        hide_by = group.hide_by if group is not None else ("object", self.object_at(row))
        return hide_by in self.look.hidden

    def is_alone(self, row: int) -> bool:
        """Whether only this is shown."""
        group = self.group_at(row)
        own = group.hide_by if group is not None else ("object", self.object_at(row))
        return own is not None and self.look.solo == own

    def colour_at(self, row: int) -> str:
        """The colour of a label as drawn, or of a group whose members share one; "" for none."""
        scene, group = self.scene, self.group_at(row)
        if scene is None:
            return ""
        if group is None:
            entry = self.listing.entries[self.rows[row]]
            if isinstance(entry, Placed):
                return scene.colour_of(entry.annotation) if self._own_colours else ""
            return ""
        if not group.members or group.key == RELATIONS or self._own_colours:
            return ""
        annotation = self.listing.annotation(group.members[0])
        return "" if annotation is None else colour_in(scene, annotation)

    @property
    def _own_colours(self) -> bool:
        """Whether the labels of a group differ in colour."""
        by = "class" if self.scene is None else self.scene.colour_by
        same = {"class": ("class",), "person": ("person",), "track": ("class", "instance")}
        return by not in same.get(self.listing.grouping, ())


def colour_in(scene: Scene, annotation: Annotation) -> str:
    """The colour of a label that may lie on another page than the scene's; "" when that is not known."""
    try:
        return scene.colour_of(annotation)
    except KeyError:
        return ""


class LabelDelegate(QStyledItemDelegate):
    """Group: chevron, swatch, name, shape, count, eye. Label: name, number and one fact; state and person."""

    def __init__(self, model: LabelModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.ring = False
        self.hot_eye = -1
        """Row whose eye the pointer is on."""
        self.marked: str | None = None
        """The selected object; the keyboard may stand elsewhere."""

    def _is_marked(self, row: int) -> bool:
        if self._model.object_at(row) != self.marked or self.marked is None:
            return False
        listing, at = self._model.listing, self._model.rows[row]
        return listing.page(at) is None or listing.find(self.marked) == at

    def eye_box(self, rect: QRect) -> QRect:
        """Where the eye of a row is, with room to hit it."""
        return QRect(rect.right() - 30, rect.top(), 28, rect.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        row = index.row()
        if row >= len(self._model.rows):
            return
        t = theme.current()
        rect: QRect = option.rect
        state = option.state
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        selected = self.marked is not None and self._is_marked(row)
        group = self._model.group_at(row)
        painter.save()
        if selected and group is None:
            painter.fillRect(rect, QColor(t.soft))
            painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), QColor(t.accent))
        elif hovered:
            painter.fillRect(rect, QColor(t.hover))
        if group is not None:
            self._paint_group(painter, rect, row, group, hovered=hovered)
        else:
            self._paint_label(painter, rect, row, hovered=hovered)
        if self.ring and state & QStyle.StateFlag.State_HasFocus:
            painter.setOpacity(1.0)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(t.accent), 2.0))
            painter.drawRoundedRect(QRectF(rect).adjusted(3, 1, -3, -1), theme.RADIUS_CHIP, theme.RADIUS_CHIP)
        painter.restore()

    def _paint_group(self, painter: QPainter, rect: QRect, row: int, group: LabelGroup, *, hovered: bool) -> None:
        t = theme.current()
        model = self._model
        ratio = painter.device().devicePixelRatioF()
        middle = rect.top() + rect.height() // 2
        dimmed = model.is_dimmed(row)
        chevron = "chevron-down" if model.is_open(group) else "chevron-right"
        painter.drawPixmap(rect.left() + 11, middle - 7, icons.pixmap(chevron, 14, t.text2, ratio))
        if dimmed:
            painter.setOpacity(0.5)
        left = rect.left() + 33
        colour = model.colour_at(row)
        if colour:
            split = model.listing.grouping == "class" and model.repeats(group.key)
            draw_swatch(painter, QRectF(left, middle - 6, 12, 12), colour, split=split)
            left += 21
        right = rect.right() + 1 - 35
        count = f"{model.count_of(row):,}"
        font = theme.font(theme.SECOND_PX)
        width = QFontMetrics(font).horizontalAdvance(count)
        painter.setFont(font)
        painter.setPen(QColor(t.text3))
        painter.drawText(QRect(right - width, rect.top(), width + 1, rect.height()), _LEFT, count)
        right = min(right - width, rect.right() - 58) - 10
        if group.tool:
            icon = SHAPE_ICONS.get(group.tool, "shapes")
            painter.drawPixmap(right - 16, middle - 8, icons.pixmap(icon, 16, t.text3, ratio))
            right -= 24
        font = theme.font(theme.BODY_PX, 500)
        painter.setFont(font)
        painter.setPen(QColor(t.text))
        text = QFontMetrics(font).elidedText(group.title, Qt.TextElideMode.ElideMiddle, right - left)
        painter.drawText(QRect(left, rect.top(), right - left + 1, rect.height()), _LEFT, text)
        painter.setOpacity(1.0)
        if group.hide_by is not None:
            self._paint_eye(painter, rect, row, ratio)

    def _paint_eye(self, painter: QPainter, rect: QRect, row: int, ratio: float) -> None:
        t = theme.current()
        shut = self._model.is_hidden(row) if self._model.look.solo is None else self._model.is_dimmed(row)
        ink = t.accent if self._model.is_alone(row) else t.text if self.hot_eye == row else t.text3
        icon = icons.pixmap("eye-off" if shut else "eye", EYE, ink, ratio)
        painter.drawPixmap(rect.right() + 1 - 11 - EYE, rect.top() + (rect.height() - EYE) // 2, icon)

    def _paint_label(self, painter: QPainter, rect: QRect, row: int, *, hovered: bool) -> None:
        t = theme.current()
        model, at = self._model, self._model.rows[row]
        ratio = painter.device().devicePixelRatioF()
        middle = rect.top() + rect.height() // 2
        dimmed = model.is_dimmed(row)
        listing = model.listing
        right = rect.right() + 1 - 11
        is_annotation = listing.annotation(at) is not None
        if is_annotation and (model.is_hidden(row) or (hovered and listing.page(at) is None)):
            self._paint_eye(painter, rect, row, ratio)
            right -= EYE + 4
        if dimmed:
            painter.setOpacity(0.5)
        person = listing.person(at)
        if person:
            if not hovered:
                draw_avatar(painter, QRectF(right - AVATAR, middle - AVATAR / 2, AVATAR, AVATAR), person)
                right -= AVATAR + 6
            elif model.is_hidden(row):
                right -= 2
        state = listing.state(at)
        if state:
            paint_state(painter, QRectF(right - 14, middle - 6, 12, 12), state)
            right -= 18
        left = rect.left() + 38
        colour = model.colour_at(row)
        if colour:
            draw_swatch(painter, QRectF(left, middle - 5, 10, 10), colour)
            left += 16
        title, detail = listing.title(at), listing.detail(at)
        font = theme.font(theme.BODY_PX)
        metrics = QFontMetrics(font)
        painter.setFont(font)
        painter.setPen(QColor(t.text))
        width = metrics.horizontalAdvance(title)
        room = right - left - 4
        if width > room:
            title = metrics.elidedText(title, Qt.TextElideMode.ElideMiddle, room)
            width = room
        painter.drawText(QRect(left, rect.top(), width + 2, rect.height()), _LEFT, title)
        rest = room - width - 5
        if detail and rest > 20:
            painter.setPen(QColor(t.text3))
            detail = metrics.elidedText(detail, Qt.TextElideMode.ElideRight, rest)
            painter.drawText(QRect(left + width + 5, rect.top(), rest + 2, rect.height()), _LEFT, detail)


def paint_state(painter: QPainter, box: QRectF, state: str) -> None:
    """A full diamond for a key frame, a hollow one between keys, a hollow one on a line for a held label."""
    t = theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    centre = box.center()
    half = 4.0
    diamond = QPolygonF([
        centre - QPointF(0, half), centre + QPointF(half, 0), centre + QPointF(0, half), centre - QPointF(half, 0),
    ])  # fmt: skip
    painter.setPen(QPen(QColor(t.text2 if state == "key" else t.text3), 1.2))
    if state == "held":
        painter.drawLine(centre - QPointF(6, 0), centre - QPointF(half, 0))
        painter.drawLine(centre + QPointF(half, 0), centre + QPointF(6, 0))
    painter.setBrush(QColor(t.text2) if state == "key" else Qt.BrushStyle.NoBrush)
    painter.drawPolygon(diamond)
    painter.restore()
