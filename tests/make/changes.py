"""Steps between stages as the pass over an export finds them, made without comparing anything."""

from __future__ import annotations

from collections.abc import Sequence

from tests.make.rows import CLASSES, PERSONS, row
from viewer.export import Row, Visit
from viewer.export.differences import Found, Step
from viewer.ui.changes.queue import Item
from viewer.ui.changes.table import ChangeTable, Places

KINDS = ("moved", "reshaped", "added", "attributes", "removed", "reclassified")
TOOLS = ("bounding-box", "polygon", "point")
VISITS = (
    Visit(stage="Label", completed_by=PERSONS[0], labels=8),
    Visit(stage="Review", completed_by=PERSONS[1], labels=8, differs=True),
    Visit(stage="Label", completed_by=PERSONS[0], labels=8, differs=True),
    Visit(stage="Complete", labels=8),
)


def found(number: int, **changes: object) -> Found:
    """A change that differs from its neighbours in kind, class, tool, person and size."""
    kind = KINDS[number % len(KINDS)]
    name = f"object {number}"
    measured = kind in ("moved", "reshaped")
    values: dict[str, object] = {
        "subject": "label",
        "kinds": (kind,),
        "tool": TOOLS[number % 3],
        "title": CLASSES[number % len(CLASSES)],
        "schema_id": f"schema {number % len(CLASSES)}",
        "before_id": None if kind == "added" else name,
        "after_id": None if kind == "removed" else name,
        "page_before": None if kind == "added" else number % 9,
        "page_after": None if kind == "removed" else number % 9,
        "shift_px": (number * 37 % 1000) / 10 if measured else None,
        "iou": (number * 61 % 100) / 100 if measured else None,
        "by": PERSONS[number % 3],
        "at": "2026-11-20T09:11:00.000Z",
    }
    return Found(**(values | changes))  # type: ignore[arg-type]


def step(asset: int, a: int, changes: Sequence[Found]) -> Step:
    """The changes from stage `a` of an asset to the next one."""
    kinds = [set(change.kinds) for change in changes]
    added, removed = (sum(kind in each for each in kinds) for kind in ("added", "removed"))
    rest = len(changes) - added - removed
    return Step(asset=asset, a=a, b=a + 1, added=added, changed=rest, removed=removed, changes=tuple(changes))


def steps(assets: int, each: int) -> list[Step]:
    """`each` changes from Label to Review of every asset."""
    return [step(asset, 0, [found(asset * each + n) for n in range(each)]) for asset in range(assets)]


def row_of(row: Row) -> Row:
    """The same asset with four stages, of which the second and third differ from the one before."""
    return Row(**({name: getattr(row, name) for name in row.__struct_fields__} | {"visits": VISITS}))


def places(assets: int) -> Places:
    """Where changes are: assets as `tests.make.rows` has them, with four stages each."""
    listed = [row_of(row(index)) for index in range(assets)]
    return Places(lambda: listed)


def items_of(steps: Sequence[Step]) -> list[Item]:
    """The changes of steps one by one."""
    return [Item(s.asset, s.a, s.b, number, change) for s in steps for number, change in enumerate(s.changes)]


def table(assets: int, each: int) -> ChangeTable:
    """A table of `each` changes of every asset; nothing of it is searchable yet."""
    made = ChangeTable(places(assets))
    made.add(items_of(steps(assets, each)))
    return made
