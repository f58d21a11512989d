"""Relations in the looks of their changes."""

from __future__ import annotations

import pytest

from tests.make.compared import arrow as relation
from tests.make.compared import box, labels
from tests.make.stages import AFTER, BEFORE, KINDS, store
from viewer.diff import compare
from viewer.model import Relation
from viewer.overlay import palette
from viewer.overlay.compared import ComparedPage, PageKinds, kinds_on_page
from viewer.overlay.compared_relations import of_both, of_stage, sign_of
from viewer.overlay.relations import Arrow, Hull, RelationStore, relations_on_page

KINDS_OF = {
    "came": ("added",), "went": ("removed",), "led": ("retargeted",), "turned": ("direction",),
    "led and turned": ("retargeted", "direction"),
}  # fmt: skip


def arrows(*names: str) -> RelationStore:
    return RelationStore(
        tuple(Arrow(name, name, "#FFBE0C", (0.0, 0.0), (9.0, 0.0), True, False, members=("a", "b")) for name in names)
    )


def look(store: RelationStore, name: str) -> Arrow:
    return next(a for a in store.arrows if a.object_id == name)


@pytest.mark.parametrize("paper", [False, True])
def test_b_is_solid_and_a_dashed_in_the_colour_of_the_change(paper: bool) -> None:
    both = arrows("led", "same", "turned")
    a, b = (of_stage(both, KINDS_OF, side, paper=paper) for side in ("before", "after"))  # type: ignore[arg-type]
    for side, dash in ((a, (6.0, 4.0)), (b, ())):
        moved = palette.CHANGES["moved"]
        led, same = look(side, "led"), look(side, "same")
        assert (led.colour, led.dash, led.width, led.opacity) == (moved.ink if paper else moved.glow, dash, 2.0, 1.0)
        assert led.signs == ("moved",)
        assert look(side, "turned").signs == ("retimed",)
        unchanged = palette.CHANGES["unchanged"]
        assert (same.colour, same.width, same.opacity) == (unchanged.ink if paper else unchanged.glow, 1.0, 0.55)
        assert same.signs == ()
        assert [one.object_id for one in side.changed.arrows] == ["led", "turned"]


def test_over_each_other_only_what_led_elsewhere_is_shown_twice() -> None:
    made = of_both(
        arrows("went", "led", "turned", "same"), arrows("came", "led", "turned", "same"), KINDS_OF,
        after_of={"a": "new a"}, paper=False, unchanged=0.15,
    )  # fmt: skip
    assert [a.object_id for a in made.arrows] == ["went", "led", "came", "led", "turned", "same"]
    assert [bool(a.dash) for a in made.arrows] == [True, True, False, False, False, False]
    assert [a.is_ghost for a in made.arrows] == [False, True, False, False, False, False]
    assert made.arrows[0].members == ("new a", "b")  # what it joined, by its id of today
    assert look(made, "same").opacity == 0.15


def test_signs_can_be_left_out() -> None:
    made = of_stage(arrows("led"), KINDS_OF, "after", paper=False)
    bare = made.without_signs()
    assert (bare.arrows[0].signs, bare.arrows[0].colour) == ((), made.arrows[0].colour)


def test_groups_keep_their_form() -> None:
    hull = Hull("led", "", "#FFBE0C", store(BEFORE).box[:2], 0, ("a",))
    made = of_stage(RelationStore((), (hull,)), KINDS_OF, "after", paper=False).hulls[0]
    assert made.ring is hull.ring
    assert (made.dash, made.signs) == ((), ("moved",))


def test_several_kinds_have_several_signs() -> None:
    made = of_stage(arrows("led and turned"), KINDS_OF, "after", paper=False)
    assert made.arrows[0].signs == ("moved", "retimed")
    assert [sign_of(kind) for kind in ("added", "retargeted", "direction", "changed")] == [
        "added", "moved", "retimed", "attributes",
    ]  # fmt: skip


def test_what_a_comparison_says_of_relations() -> None:
    ends = [box("a", 0, 0), box("b", 90, 0)]
    one = labels(*ends, relations=[relation("went", "a", "b"), relation("led", "a", "b"), relation("same", "a", "b")])
    two = labels(*ends, relations=[relation("came", "a", "b"), relation("led", "b", "a"), relation("same", "a", "b")])
    kinds = kinds_on_page(compare(one, two, tracked=False), 0)
    assert kinds.relations == {"came": ("added",), "went": ("removed",), "led": ("retargeted",)}


def test_each_form_of_a_page_has_its_relations() -> None:
    def on_page(shapes: object, *ends: tuple[str, str, str]) -> RelationStore:
        relations = [Relation(object_id=name, sources=(a,), targets=(b,)) for name, a, b in ends]
        return relations_on_page(relations, store(shapes), known_ids=(), colour_of=lambda _: "#FFBE0C")  # type: ignore[arg-type]

    kinds = PageKinds(KINDS.before, KINDS.after, KINDS.after_of, relations=KINDS_OF)
    page = ComparedPage(
        store(BEFORE), store(AFTER), kinds,
        relations=(on_page(BEFORE, ("went", "same", "old"), ("led", "same", "moved")),
                   on_page(AFTER, ("came", "added", "new"), ("led", "same", "class"))),
    )  # fmt: skip
    assert [a.object_id for a in page.before.relations.arrows] == ["went", "led"]
    assert [a.object_id for a in page.after.relations.arrows] == ["came", "led"]
    for both in (page.overlay, page.changes_only):
        assert [a.object_id for a in both.relations.arrows] == ["went", "led", "came", "led"]
        assert both.relations.touching(("new",)).arrows[0].object_id == "went"
