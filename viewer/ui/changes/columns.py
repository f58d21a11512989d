"""The columns of the table of changes: what each says, how wide it is, what it is sorted by. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from viewer.ui.assets.order import natural
from viewer.ui.changes.queue import Item
from viewer.ui.changes.table import ChangeTable, title_of
from viewer.ui.inspector.change_words import ORDER, kind_text, percent, pixels, share, sign_of
from viewer.ui.inspector.words import safe_line, tool_text, tr, when_text
from viewer.ui.timeline.cards import person_name

SMALLEST = 0.05
"""Pixels: smaller distances would be 0.0."""
NOTHING = "–"
"""A measure that there is none of."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `by` gives what a row is compared by; equal ones stay in the order of the export."""

    key: str
    width: int
    text: Callable[[ChangeTable, Item], str]
    by: Callable[[ChangeTable, Item], Any]
    right: bool = False
    """Numbers, ranged right."""
    descending: bool = False
    """Which way it begins when its heading is clicked."""
    stretch: int = 0
    """Its share of the room that is left."""
    optional: bool = False
    """Shown only when it is asked for."""
    own: bool = False
    """Told only of stages that are compared here."""


def _rank(item: Item) -> int:
    sign = sign_of(item.found.kinds[0])
    return ORDER.index(sign) if sign in ORDER else len(ORDER)


def kinds_text(item: Item) -> str:
    """All that happened."""
    first, *others = (kind_text(kind) for kind in item.found.kinds)
    return ", ".join((first, *(text.lower() for text in others)))


def page_text(table: ChangeTable, item: Item) -> str:
    """The page as people count, where there are several."""
    page = item.found.page
    return f"{page + 1:,}" if page is not None and table.places.has_pages(item) else ""


def _label(table: ChangeTable, item: Item) -> str:
    name = title_of(item) or tr("No title")
    return f"{name} {table.detail(item.number) if table.own else ''}".rstrip()


def _own(table: ChangeTable, item: Item, name: str) -> float | None:
    change = table.change(item)
    value = None if change is None else getattr(change, name)
    return value if isinstance(value, float) else None


def _ids(item: Item) -> str:
    ids = dict.fromkeys(safe_line(name)[:80] for name in (item.found.before_id, item.found.after_id) if name)
    return " → ".join(ids)


def _measure(value: float | None, text: Callable[[float], str]) -> str:
    return NOTHING if value is None else text(value)


def _short(value: float) -> str:
    """A distance in a narrow column."""
    return "< 0.1 px" if 0 < value < SMALLEST else pixels(value)


def _least(value: float | None) -> float:
    return -1.0 if value is None else value


COLUMNS: tuple[Column, ...] = (
    Column("sign", 44, lambda _, item: kinds_text(item), lambda _, item: _rank(item)),
    Column("change", 116, lambda _, item: kinds_text(item), lambda _, item: _rank(item)),
    Column("label", 112, _label, lambda _, item: item.found.title.casefold(), stretch=2),
    Column("asset", 104, lambda table, item: table.places.name(item.asset),
           lambda table, item: natural(table.places.name(item.asset)), stretch=4),
    Column("page", 60, page_text, lambda _, item: -1 if item.found.page is None else item.found.page, right=True),
    Column("stages", 152, lambda table, item: table.places.step(item), lambda table, item: table.places.step(item),
           stretch=1),
    Column("by", 108, lambda _, item: safe_line(person_name(item.found.by or "")),
           lambda _, item: (item.found.by or "\U0010ffff").casefold(), stretch=1),
    Column("iou", 96, lambda _, item: _measure(item.found.iou, share), lambda _, item: _least(item.found.iou)),
    Column("shift", 84, lambda _, item: _measure(item.found.shift_px, _short),
           lambda _, item: _least(item.found.shift_px), right=True, descending=True),
    Column("hausdorff", 96, lambda table, item: _measure(_own(table, item, "hausdorff_px"), pixels),
           lambda table, item: _least(_own(table, item, "hausdorff_px")), right=True, descending=True, optional=True,
           own=True),
    Column("area", 84, lambda table, item: _measure(_own(table, item, "area_ratio"), percent),
           lambda table, item: _least(_own(table, item, "area_ratio")), right=True, optional=True, own=True),
    Column("tool", 112, lambda _, item: tool_text(item.found.tool or ""),
           lambda _, item: item.found.tool or "", optional=True),
    Column("when", 112, lambda _, item: when_text(item.found.at), lambda _, item: item.found.at or "",
           descending=True, optional=True),
    Column("ids", 200, lambda _, item: _ids(item), lambda _, item: item.found.after_id or item.found.before_id or "",
           optional=True),
)  # fmt: skip
"""All columns, as they stand from left to right."""

EXPORT = Column("export", 0, lambda _, item: "", lambda _, item: item.asset)
"""What the table is sorted by before a heading is clicked: the order of the export."""


def column_text(key: str) -> str:
    """The heading of a column."""
    return {
        "sign": "", "change": tr("Change"), "label": tr("Label"), "asset": tr("Asset"), "page": tr("Page"),
        "stages": tr("Stages"), "by": tr("By"), "iou": tr("IoU"), "shift": tr("Shift"), "hausdorff": tr("Hausdorff"),
        "area": tr("Area"), "tool": tr("Tool"), "when": tr("When"), "ids": tr("Ids"),
    }.get(key, key)  # fmt: skip


def column_of(key: str) -> Column:
    """A column by its key; an unknown one is the order of the export."""
    return next((column for column in COLUMNS if column.key == key), EXPORT)


def spoken(table: ChangeTable, item: Item, *, seen: bool) -> str:
    """A row in words."""
    texts = [column.text(table, item) for column in COLUMNS[1:9]]
    texts[3] = tr("page {0}").format(texts[3]) if texts[3] else ""
    texts[6] = tr("IoU {0}").format(texts[6]) if texts[6] != NOTHING else ""
    texts[7] = tr("moved {0}").format(texts[7]) if texts[7] != NOTHING else ""
    return ", ".join(text for text in (*texts, tr("seen") if seen else "") if text)
