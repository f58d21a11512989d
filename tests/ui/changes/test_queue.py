"""The way through the changes of an export."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from viewer.export.differences import Found, Step
from viewer.ui.changes.queue import ORDERS, ChangeQueue, Item, continuing


def found(name: str, *kinds: str, **more: object) -> Found:
    return Found(subject="label", kinds=kinds or ("moved",), before_id=name, after_id=name, **more)  # type: ignore[arg-type]


STEPS = [
    Step(asset=4, a=1, b=2, changes=(found("e", title="Car", by="zoe", shift_px=9.0, iou=0.5),)),
    Step(asset=0, a=1, b=2, changes=(found("a", title="Van", by="anna", iou=0.9), found("b", "removed", title="Car"))),
    Step(asset=0, a=2, b=3, changes=(found("c", title="Bus", by="anna", shift_px=3.0),)),
    Step(asset=2, a=1, b=2),
]


def queue(*steps: Step) -> ChangeQueue:
    made = ChangeQueue()
    made.add(steps or STEPS)
    return made


def walk(made: ChangeQueue, direction: int = 1, limit: int = 100) -> list[str | None]:
    names: list[str | None] = []
    item = made.after(None, direction)
    while item is not None and len(names) < limit:
        names.append(item.found.after_id)
        item = made.after(item, direction)
    return names


def test_each_order() -> None:
    made = queue()
    assert walk(made) == ["a", "b", "c", "e"]
    made.set_order("size")
    assert walk(made) == ["b", "e", "a", "c"]
    made.set_order("class")
    assert walk(made) == ["c", "b", "e", "a"]
    made.set_order("person")
    assert walk(made) == ["a", "c", "e", "b"]
    made.set_order("asset")
    assert walk(made, -1) == ["e", "c", "b", "a"]


def test_it_begins_where_one_is() -> None:
    made = queue()
    assert [made.from_place(0, a, 1).found.after_id for a in (None, 1, 2)] == ["a", "a", "c"]  # type: ignore[union-attr]
    assert made.from_place(3, None, 1).found.after_id == "e"  # type: ignore[union-attr]
    assert made.from_place(4, None, -1).found.after_id == "c"  # type: ignore[union-attr]
    assert made.from_place(9, None, 1) is None


def test_seen_ones_are_skipped_when_that_is_asked_for() -> None:
    made = queue()
    first = made.after(None, 1)
    assert first is not None
    assert made.see(first)
    assert not made.see(first)
    assert walk(made) == ["a", "b", "c", "e"]
    made.skips_seen = True
    assert walk(made) == ["b", "c", "e"]
    again = queue()
    again.seen, again.skips_seen = set(made.seen), True
    assert walk(again) == ["b", "c", "e"]


def test_a_filter_leaves_out() -> None:
    made = queue()
    made.set_filter(lambda item: item.found.title == "Car")
    assert walk(made) == ["b", "e"]
    made.set_filter(None)
    assert len(walk(made)) == 4


def test_one_that_is_gone_still_has_a_next_one() -> None:
    item = queue().items[1]
    other = queue(*[step for step in STEPS if (step.asset, step.a) != (0, 1)])
    assert other.after(item, 1).found.after_id == "c"  # type: ignore[union-attr]
    assert other.after(item, -1) is None


changes = st.builds(
    found,
    st.text("abcdef", min_size=1, max_size=2),
    st.sampled_from(["moved", "added", "removed", "reshaped"]),
    title=st.sampled_from(["Car", "van", ""]),
    by=st.sampled_from([None, "x", "Y"]),
    iou=st.one_of(st.none(), st.floats(0, 1)),
)


@given(st.lists(st.lists(changes, max_size=5), max_size=30), st.sampled_from(ORDERS), st.integers(1, 7))
def test_results_may_come_in_any_pieces(of_assets: list[list[Found]], order: str, piece: int) -> None:
    steps = [Step(asset=i, a=0, b=1, changes=tuple(c)) for i, c in enumerate(of_assets)]
    whole, grown = queue(*steps), ChangeQueue()
    whole.set_order(order)  # type: ignore[arg-type]
    grown.set_order(order)  # type: ignore[arg-type]
    backwards = steps[::-1]
    for at in range(0, len(backwards), piece):
        grown.add(backwards[at : at + piece])
    if steps:
        assert [i.at for i in grown.items] == [i.at for i in whole.items]
    assert [grown.number_of(item) for item in grown.items] == list(range(len(grown)))
    forward, back = walk(grown, 1, 500), walk(grown, -1, 500)
    assert forward == back[::-1]
    assert len(forward) == len(grown)


def test_the_digest_tells_changes_apart() -> None:
    items = [Item(1, 1, 2, 0, found("a")), Item(1, 2, 3, 0, found("a")), Item(2, 1, 2, 0, found("a")),
             Item(1, 1, 2, 0, found("b")), Item(1, 1, 2, 0, found("a", "removed"))]  # fmt: skip
    assert len({item.digest for item in items}) == len(items)
    assert items[0].digest == Item(1, 1, 2, 7, found("a")).digest


def test_of_a_track_only_the_first_page_of_what_happened_is_stopped_at() -> None:
    def on(page: int, *kinds: str) -> Found:
        return found("t", *kinds, page_before=page, page_after=page)

    changes = (on(3), on(4), on(4, "removed"), on(5, "moved", "attributes"), on(6), on(9))
    assert continuing(changes) == {1, 4}
    made = ChangeQueue()
    made.is_tracked = lambda asset: asset == 1
    made.add([Step(asset=n, a=0, b=1, changes=changes) for n in (0, 1)])
    stops = [item.number for item in made.items if item.asset == 1 and not item.continues]
    assert stops == [0, 2, 3, 5]
    assert len(walk(made)) == 6 + 4
    assert walk(made, -1) == walk(made)[::-1]
    made.set_order("size")
    assert len(walk(made)) == 12
