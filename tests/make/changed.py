"""Two stages of one asset with a change of every kind, and their comparison, for tests of what lists changes."""

from __future__ import annotations

from typing import Any

from tests.make.assets import parsed
from tests.make.inspected import PERSONS, answer, box, image
from viewer.diff import Comparison, compare
from viewer.model import TRACKED_KINDS, Asset
from viewer.state import Look
from viewer.ui.inspector.change_block import Sides
from viewer.ui.inspector.change_listing import ChangeListing
from viewer.ui.inspector.names import Names
from viewer.ui.scene import timeline_of

SIDES = Sides("Label", "Review", (1000.0, 800.0))


def boxed(object_id: str, title: str, x: float, y: float = 100, w: float = 40, h: float = 30, **more: Any) -> Any:
    """A box at a place."""
    return {**box(object_id, title), "bounding-box": {"x": x, "y": y, "width": w, "height": h}, **more}


def before() -> list[Any]:
    """The labels of A."""
    return [
        boxed("same", "Car", 10),
        boxed("moved", "Car", 100),
        boxed("grown", "Car", 200),
        boxed("other", "Van", 300, classifications=[answer("State", "parked")]),
        boxed("asked", "Car", 400, classifications=[answer("State", "parked")]),
        boxed("gone", "Tree", 500),
        boxed("old", "Tree", 600),
    ]


def after() -> list[Any]:
    """The labels of B."""
    return [
        boxed("same", "Car", 10),
        boxed("moved", "Car", 112),
        boxed("grown", "Car", 200, w=60),
        boxed("other", "Truck", 300, classifications=[answer("State", "parked")]),
        boxed("asked", "Car", 400, classifications=[answer("State", "moving")]),
        boxed("new", "Tree", 600),
        boxed("come", "Tree", 800),
    ]


def relation(*ends: str, **more: Any) -> dict[str, Any]:
    """An arrow as exported."""
    return {"objectId": "rel", "schemaId": "r", "title": "follows", "from": ends[0], "to": ends[1], **more}


def stage(name: str, tools: Any, *, hour: int, person: int = 0, **more: Any) -> dict[str, Any]:
    """An entry of the history."""
    return {
        "stage": name,
        "stageId": name.lower(),
        "completedAt": f"2026-11-03T{hour:02d}:00:00Z",
        "completedBy": PERSONS[person],
        "tools": tools,
        **more,
    }


def changed_asset() -> Asset:
    """A history of Label and Review, and a current state that is as Review left it."""
    first = {"relations": [relation("same", "moved")], "classifications": [answer("Weather", "sunny")]}
    second = {"relations": [relation("same", "asked")], "classifications": [answer("Weather", "rain")]}
    return parsed(
        image(
            *after(),
            **second,
            stageHistory=[
                stage("Label", before(), hour=10, **first),
                stage("Review", after(), hour=12, person=1, **second),
            ],
        )
    )


def comparison_of(asset: Asset, a: int = 0, b: int = 1) -> Comparison:
    """The changes between two stages."""
    snapshots = asset.tasks[0].snapshots
    return compare(snapshots[a], snapshots[b], tracked=asset.kind in TRACKED_KINDS, size=asset.size)


def listing_of(asset: Asset, a: int = 0, b: int = 1, *, many_pages: bool = False) -> ChangeListing:
    """The same, named and ready to list."""
    names = []
    for snapshot in (asset.tasks[0].snapshots[a], asset.tasks[0].snapshots[b]):
        names.append(Names(timeline_of(asset, snapshot.labels, Look()), snapshot.labels.relations))
    return ChangeListing(comparison_of(asset, a, b), names[0], names[1], many_pages=many_pages)


def many_changed(count: int) -> Asset:
    """So many boxes, all of which moved."""
    one = [boxed(f"o{n:06d}", ("Car", "Van", "Tree")[n % 3], 10 * n, 20 * (n % 30)) for n in range(count)]
    two = [boxed(f"o{n:06d}", ("Car", "Van", "Tree")[n % 3], 10 * n + 2, 20 * (n % 30)) for n in range(count)]
    history = [stage("Label", one, hour=10), stage("Review", two, hour=12, person=1)]
    return parsed(image(*two, stageHistory=history))
