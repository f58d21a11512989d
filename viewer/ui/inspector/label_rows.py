"""The visible rows of a listing: groups and, below open ones, their labels. A model over arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from viewer.model import Annotation
from viewer.state import Look
from viewer.tracks import Placed
from viewer.ui.inspector.listing import RELATIONS, LabelGroup, Listing, searched
from viewer.ui.inspector.names import Names
from viewer.ui.scene import Scene, is_shown

AnyIndex = QModelIndex | QPersistentModelIndex
GROUP_HEIGHT, LABEL_HEIGHT = 28, 26
OPEN_AT_ONCE = 60
"""A list of so many labels starts with its groups open."""
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
