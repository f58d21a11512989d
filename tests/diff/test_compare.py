"""Two snapshots in, their changes out: what the comparison of any two must keep, and what single edits give."""

from __future__ import annotations

import math
import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make.compared import Entry, answer, arrow, box, entry, labels, ring
from viewer.diff import Comparison, Counts, compare
from viewer.model import Annotation, Labels, Snapshot

SEEDS = st.integers(0, 2**32 - 1)


def outline(dice: random.Random, x: float, y: float, n: int) -> list[list[float]]:
    radii = [dice.uniform(20, 60) for _ in range(n)]
    return [[x + r * math.cos(6.28 * k / n), y + r * math.sin(6.28 * k / n)] for k, r in enumerate(radii)]


def value_of(dice: random.Random, tool: str) -> Any:
    x, y = dice.uniform(0, 900), dice.uniform(0, 700)
    if tool == "bounding-box":
        return {"x": x, "y": y, "width": dice.uniform(5, 90), "height": dice.uniform(5, 90)}
    if tool == "segmentation":
        return {"zones": [{"region": outline(dice, x, y, 9), "holes": []}, {"region": outline(dice, x + 99, y, 5)}]}
    if tool == "point":
        return [x, y]
    if tool == "ner":
        return {"start": x, "end": x + dice.uniform(1, 30)}
    return outline(dice, x, y, dice.randint(3, 12))


def scene(dice: random.Random, *, tracked: bool) -> list[Entry]:
    made: list[Entry] = []
    for n in range(dice.randint(0, 8)):
        tool = dice.choice(("bounding-box", "polygon", "polyline", "point", "segmentation", "ner"))
        first = dice.randint(0, 3)
        for page in range(first, first + dice.randint(1, 5)) if tracked else [first]:
            made.append(entry(f"o{n}", tool, value_of(dice, tool), page=page, schemaId=dice.choice("xy")))
            if dice.random() < 0.3:
                made[-1]["classifications"] = [answer("colour", dice.choice(("red", "blue")), answer("dirty", "yes"))]
        if tracked and dice.random() < 0.4:
            made.append({**made[-1], "page": made[-1]["page"] + 1, "interpolationStopped": True})
    return made


def edited(dice: random.Random, entries: list[Entry]) -> list[Entry]:
    """The entries with all sorts of edits, in another order."""
    names: dict[str, str] = {}
    found = []
    for one in entries:
        made = dict(one)
        what = dice.random()
        tool = next(
            key for key in made if key in ("bounding-box", "polygon", "polyline", "point", "segmentation", "ner")
        )
        if what < 0.12:
            continue
        if what < 0.3:
            made[tool] = value_of(dice, tool)
        elif what < 0.4:
            made["schemaId"] = "z"
        elif what < 0.5:
            made["classifications"] = [answer("colour", "green")]
        elif what < 0.7:
            made["objectId"] = names.setdefault(one["objectId"], f"new-{one['objectId']}")
        elif what < 0.75:
            made["interpolationStopped"] = not made.get("interpolationStopped", False)
        found.append(made)
    found += [{**new, "objectId": "more-" + new["objectId"]} for new in scene(dice, tracked=False)[:2]]
    dice.shuffle(found)
    return found


def some(seed: int, *, tracked: bool) -> tuple[Labels, Labels]:
    dice = random.Random(seed)
    before = scene(dice, tracked=tracked)
    after = edited(dice, before)
    ids = sorted({e["objectId"] for e in before} & {e["objectId"] for e in after}) or ["a", "b"]
    arrows = [arrow(f"r{k}", dice.choice(ids), dice.choice(ids)) for k in range(2)]
    questions = [answer("weather", dice.choice(("sun", "rain"))), answer("seen", ["a"], tool="checkbox")]
    return (
        labels(*before, relations=arrows, answers=questions),
        labels(*after, relations=arrows[dice.randint(0, 1) :], answers=questions[dice.randint(0, 1) :]),
    )


def applied(found: Comparison, before: Labels) -> Labels:
    """`before` with each change made: its earlier side taken out, its later side put in."""
    sides: dict[str, list[Any]] = {
        "label": list(before.annotations),
        "relation": list(before.relations),
        "classification": list(before.classifications),
    }
    for change in found.changes:
        held = sides[change.subject]
        if change.before is not None:
            held[:] = [item for item in held if item is not change.before]
        if change.after is not None:
            held.append(change.after)
    return Labels(
        annotations=tuple(sides["label"]),
        relations=tuple(sides["relation"]),
        classifications=tuple(sides["classification"]),
    )


def spelled(held: Labels) -> Counter[Any]:
    """All that counts: where an object ends nothing is drawn, whatever stands there."""
    return Counter(
        [(a.object_id, a.page, a.schema_id, a.stopped, a.stopped or a.raw) for a in held.annotations]
        + [(r.object_id, r.sources, r.targets) for r in held.relations]
        + [(c.schema_id, c.answer) if not isinstance(c.answer, list) else (c.schema_id,) for c in held.classifications]
    )


MIRRORED = {"added": "removed", "removed": "added"}


@given(SEEDS, st.booleans())
def test_a_snapshot_does_not_differ_from_itself(seed: int, tracked: bool) -> None:
    dice = random.Random(seed)
    entries = scene(dice, tracked=tracked)
    before = labels(*entries)
    dice.shuffle(entries)
    assert compare(before, before, tracked=tracked).changes == ()
    shuffled = compare(before, labels(*entries, indent=2), tracked=tracked)
    assert shuffled.changes == ()
    assert shuffled.after_of == {a.object_id: a.object_id for a in before.annotations}


@given(SEEDS, st.booleans())
def test_the_changes_applied_to_a_give_b(seed: int, tracked: bool) -> None:
    before, after = some(seed, tracked=tracked)
    found = compare(before, after, tracked=tracked)
    assert spelled(applied(found, before)) == spelled(after)


@given(SEEDS, st.booleans())
def test_backwards_the_changes_are_mirrored(seed: int, tracked: bool) -> None:
    before, after = some(seed, tracked=tracked)
    there, back = compare(before, after, tracked=tracked), compare(after, before, tracked=tracked)

    def sides(found: Comparison, *, swapped: bool) -> Counter[Any]:
        rows: Counter[Any] = Counter()
        for c in found.changes:
            kinds = {MIRRORED.get(k, k) if swapped else k for k in c.kinds}
            pair = (c.after, c.before) if swapped else (c.before, c.after)
            rows[
                c.subject, frozenset(kinds), *(None if e is None else (e.object_id, e.page, e.path) for e in pair)
            ] += 1
        return rows

    assert sides(there, swapped=False) == sides(back, swapped=True)
    moved = {c.key: (c.iou, c.shift_px, c.hausdorff_px) for c in there.labels if c.before and c.after}
    for c in back.labels:
        if c.before and c.after:
            key = (c.subject, c.key[2], c.key[1], c.before.page)
            assert (c.iou, c.shift_px, c.hausdorff_px) == pytest.approx(moved[key], abs=1e-6)


CORNER = {"x": 50, "y": 45, "width": -40, "height": -30}

COSMETIC = {
    "the order of keys": (box("a", 10, 15), dict(reversed(box("a", 10, 15).items()))),
    "the last digits": (box("a", 10.3, 15.7), box("a", 10.3 + 2e-13, 15.7 - 2e-13)),
    "the other corner": (box("a", 10, 15), entry("a", "bounding-box", CORNER)),
    "another start": (ring("a", (0, 0), (9, 1), (8, 8), (1, 5)), ring("a", (8, 8), (1, 5), (0, 0), (9, 1))),
    "the other way round": (ring("a", (0, 0), (9, 1), (8, 8), (1, 5)), ring("a", (1, 5), (8, 8), (9, 1), (0, 0))),
    "a closing point": (ring("a", (0, 0), (9, 1), (8, 8)), ring("a", (0, 0), (9, 1), (8, 8), (0, 0))),
    "metadata": (box("a", 10, 15), box("a", 10, 15, metadata={"createdBy": "a@b.c"})),
    "a renamed class": (box("a", 10, 15), box("a", 10, 15, title="Lorry")),
    "no page for the first": (box("a", 10, 15), box("a", 10, 15, page=0)),
    "ids of answers": (
        box("a", 1, 2, classifications=[answer("q", "1", objectId="x")]),
        box("a", 1, 2, classifications=[answer("q", "1", objectId="y")]),
    ),
    "the order of ticks": (
        box("a", 1, 2, classifications=[answer("q", ["1", "2"], tool="checkbox")]),
        box("a", 1, 2, classifications=[answer("q", ["2", "1"], tool="checkbox")]),
    ),
    "nothing answered": (box("a", 1, 2), box("a", 1, 2, classifications=[answer("q", "")])),
}


@pytest.mark.parametrize("what", COSMETIC)
def test_another_spelling_is_no_change(what: str) -> None:
    one, two = COSMETIC[what]
    assert compare(labels(one), labels(two), tracked=False).changes == ()
    assert compare(labels(two), labels(one), tracked=False).changes == ()


def only(before: Labels, after: Labels, *, tracked: bool = False) -> Any:
    (change,) = compare(before, after, tracked=tracked).changes
    return change


def test_several_things_at_once_are_all_said() -> None:
    old = box("a", 10, 10, classifications=[answer("colour", "red")])
    new = box("b", 12, 10, schemaId="c2", classifications=[answer("colour", "blue")])
    change = only(labels(old), labels(new))
    assert change.kinds == ("reclassified", "moved", "attributes", "recreated")
    assert [(a.path, a.old, a.new) for a in change.answers] == [("colour", "red", "blue")]
    assert (change.shift_px, change.hausdorff_px) == (2.0, 2.0)


def test_below_the_tolerance_nothing_moved() -> None:
    one, two = labels(box("a", 10, 10)), labels(box("a", 10.4, 10))
    assert compare(one, two, tracked=False, tolerance=0.5).changes == ()
    assert only(one, two).kinds == ("moved",)


def test_a_label_that_went_to_another_page_keeps_its_id() -> None:
    change = only(labels(box("a", 10, 10, page=1)), labels(box("a", 10, 10, page=4)))
    assert (change.kinds, change.page_before, change.page_after) == (("moved",), 1, 4)


def test_entries_without_ids_are_found_by_their_place() -> None:
    nameless = [{k: v for k, v in box("", 100.0 * n, 5).items() if k != "objectId"} for n in range(4)]
    change = only(labels(*nameless), labels(*nameless[1:]))
    assert change.kinds == ("removed",)
    assert change.before.tool.x == 0


def test_ids_that_several_labels_share_do_not_mix_them() -> None:
    before = labels(box("a", 0, 0), box("a", 300, 0), box("a", 600, 0))
    after = labels(box("a", 601, 0), box("a", 0, 0), box("a", 302, 0))
    found = compare(before, after, tracked=False)
    assert sorted(c.shift_px for c in found.changes if c.shift_px) == [1.0, 2.0]
    assert found.counts == Counts(added=0, changed=2, removed=0)


def test_where_an_object_ends_is_a_change_that_is_not_counted() -> None:
    keys = [box("a", 10, 10, page=page) for page in (0, 20)]
    before = labels(*keys, box("a", 10, 10, page=50, interpolationStopped=True))
    after = labels(*keys, box("a", 10, 10, page=40, interpolationStopped=True))
    found = compare(before, after, tracked=True)
    assert [(c.kinds, c.entry.page) for c in found.changes] == [(("added",), 40), (("removed",), 50)]
    assert found.counts.total == 0
    flipped = compare(
        labels(box("a", 1, 1, page=3)), labels(box("a", 1, 1, page=3, interpolationStopped=True)), tracked=True
    )
    assert flipped.counts == Counts(removed=1)


def test_who_and_when_come_from_the_snapshot_or_from_newer_metadata() -> None:
    def snapshot(index: int, when: str, who: str, held: Labels) -> Snapshot:
        return Snapshot(index=index, completed_at=when, completed_by=who, parse=lambda: held)

    said = {"createdAt": "2023-01-01T10:00:00.000Z", "createdBy": "z@x.y", "updatedAt": "2023-01-02T11:00:00.000Z",
            "updatedBy": "own@x.y"}  # fmt: skip
    before = snapshot(0, "2023-01-02T10:00:00.000Z", "first@x.y", labels(box("a", 0, 0), box("b", 90, 0)))
    after = snapshot(1, "2023-01-02T12:00:00.000Z", "last@x.y", labels(box("a", 5, 0, metadata=said), box("b", 95, 0)))
    found = compare(before, after, tracked=False)
    assert [(c.by, c.at) for c in found.changes] == [
        ("own@x.y", "2023-01-02T11:00:00.000Z"),
        ("last@x.y", "2023-01-02T12:00:00.000Z"),
    ]


BROKEN = {
    "a bow tie": [[0, 0], [100, 100], [100, 0], [0, 100]],
    "a spike": [[0, 0], [100, 0], [100, 100], [150, 100], [100, 100], [0, 100]],
    "a line": [[0, 0], [50, 50], [100, 100]],
    "one place": [[5, 5], [5, 5], [5, 5]],
    "two points": [[0, 0], [10, 10]],
    "one point": [[3, 3]],
    "nothing": [],
}


@pytest.mark.parametrize("what", BROKEN)
@pytest.mark.parametrize("name", ["a", "b"])
def test_broken_outlines_never_raise(what: str, name: str) -> None:
    old, new = entry("a", "polygon", BROKEN[what]), entry(name, "polygon", [[x + 2, y] for x, y in BROKEN[what]])
    sound = ring("s", (0, 0), (90, 0), (90, 90))
    found = compare(labels(old, sound), labels(new, {**sound, "objectId": "t"}), tracked=False)
    if BROKEN[what]:
        (change,) = [c for c in found.changes if c.before and c.before.object_id == "a" and c.after]
        assert "moved" in change.kinds
        assert change.shift_px == pytest.approx(2.0)
    if what == "a bow tie":
        assert change.note
        assert change.iou is not None and 0 < change.iou < 1
    for entry_changed in found.labels:
        assert isinstance(entry_changed.entry, Annotation)
