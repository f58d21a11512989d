"""Two stages as shapes that say what changed."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.make import stages as made
from tests.make.shapes import crowd, one_of_each
from viewer.model import Annotation, Change, ChangeKind
from viewer.overlay import palette
from viewer.overlay.compared import ComparedPage, Marked, PageKinds, joined, kinds_on_page
from viewer.overlay.levels import Levels
from viewer.overlay.shapes import ShapeStore
from viewer.overlay.style import Style
from viewer.tools.bounding_box import BoundingBox


def style_of(marked: Marked, name: str) -> Style:
    """Of the label that lies above, when there are two of a name."""
    store = marked.store
    return store.styles[int(store.style[store.index[name]])]


def signs(marked: Marked) -> dict[str, tuple[str, ...]]:
    marks = marked.marks
    return {marked.store.object_ids[row]: kinds for row, kinds in zip(marks.rows.tolist(), marks.kinds)}


def test_a_alone_is_dashed_and_hollow() -> None:
    marked = made.pair().before
    assert marked.store.object_ids == tuple(made.BEFORE)
    moved, gone, same = (style_of(marked, name) for name in ("moved", "gone", "same"))
    assert (moved.dash, moved.fill, moved.colour) == ((6.0, 4.0), 0.0, palette.CHANGES["moved"].glow)
    assert (gone.dash, gone.fill, gone.hatch) == ((6.0, 4.0), 0.13, True)
    assert (same.opacity, same.width, same.fill, same.dash) == (0.55, 1.0, 0.0, ())
    assert signs(marked) == dict(made.KINDS.before)
    assert not marked.marks.ghosts.any()
    assert not len(marked.marks.arrows)


def test_b_alone_is_solid() -> None:
    marked = made.pair().after
    moved, added, answer, recreated = (style_of(marked, name) for name in ("moved", "added", "answer", "new"))
    assert (moved.dash, moved.fill, moved.width) == ((), 0.0, 2.0)
    assert (added.fill, added.colour) == (0.13, palette.CHANGES["added"].glow)
    assert answer.dash == (2.0, 3.0)
    assert (recreated.width, recreated.opacity) == (1.0, 0.55)  # the same thing: only its sign tells
    assert signs(marked) == dict(made.KINDS.after)
    tags = dict(zip(marked.store.object_ids, marked.store.tags))
    assert (tags["class"].title, tags["moved"].title) == ("Van → Truck", "Moved")
    assert [marked.store.object_ids[row] for row in marked.marks.tagged] == ["class"]
    # the corner of the reshaped ring that went out, not the sides that stayed
    assert 50.0 < np.hypot(*(marked.marks.strong[:, 2:] - marked.marks.strong[:, :2]).T).sum() < 90.0


def test_over_each_other_only_what_left_its_place_is_shown_twice() -> None:
    marked = made.pair().overlay
    names = marked.store.object_ids
    assert names == ("moved", "gone", "shape", *made.AFTER)
    assert marked.marks.ghosts.tolist() == [True, False, True] + [False] * len(made.AFTER)
    assert style_of(marked, "moved").dash == ()  # B lies above
    assert np.allclose(marked.marks.arrows, [[50.0, 60.0, 80.0, 60.0]])
    assert signs(marked)["gone"] == ("removed",)
    assert [names[row] for row in marked.marks.rows].count("moved") == 1
    quiet = made.pair().changes_only
    assert style_of(quiet, "same").opacity == 0.15
    assert style_of(quiet, "moved") == style_of(marked, "moved")
    assert not len(quiet.marks.tagged)


def test_what_did_not_change_steps_back_while_something_is_selected() -> None:
    marked = made.pair().after
    row = marked.store.style[marked.store.index["same"]]
    assert marked.marks.aside[row].opacity == 0.40
    others = [i for i, style in enumerate(marked.store.styles) if style.width > 1.0]
    assert all(marked.marks.aside[i] is marked.store.styles[i] for i in others)


def test_paper_has_its_own_colours_and_no_halo() -> None:
    style = style_of(made.pair(paper=True).after, "added")
    assert (style.colour, style.halo) == (palette.CHANGES["added"].ink, "none")


def test_an_interpolated_label_stays_faint() -> None:
    store = made.store({"moved": made.BEFORE["moved"]})
    faint = ShapeStore.of_primitives(
        [("moved", (made.BEFORE["moved"],), Style("#FFFFFF", opacity=0.7), store.tags[0])], made.SIZE
    )
    page = ComparedPage(faint, faint, PageKinds({"moved": ("moved",)}, {"moved": ("moved",)}, {"moved": "moved"}))
    style = style_of(page.after, "moved")
    assert (style.opacity, style.width, style.colour) == (0.7, 1.0, palette.CHANGES["moved"].glow)


@given(st.integers(0, 60), st.integers(0, 60))
def test_joined_stores_are_both_stores(low: int, high: int) -> None:
    lower, upper = crowd(low, (400.0, 300.0), most_points=40), crowd(high, (400.0, 300.0), seed=1, most_points=40)
    both = joined(lower, upper)
    assert both.object_ids == lower.object_ids + upper.object_ids
    assert np.array_equal(both.rings.points, np.concatenate((lower.rings.points, upper.rings.points)))
    assert both.rings.count == len(both.rings.points)
    for number, store, shift in ((i, s, d) for s, d in ((lower, 0), (upper, low)) for i in range(len(s))):
        row = number + shift
        assert np.array_equal(both.box[row], store.box[number])
        assert both.styles[both.style[row]] == store.styles[store.style[number]]
        parts = range(int(both.first_part[row]), int(both.first_part[row + 1]))
        theirs = range(int(store.first_part[number]), int(store.first_part[number + 1]))
        for part, other in zip(parts, theirs, strict=True):
            assert both.label[part] == row
            mine = both.rings.points[
                both.rings.first[both.first_ring[part]] : both.rings.first[both.first_ring[part + 1]]
            ]
            assert np.array_equal(
                mine,
                store.rings.points[
                    store.rings.first[store.first_ring[other]] : store.rings.first[store.first_ring[other + 1]]
                ],
            )


def test_simplified_outlines_of_joined_stores_are_those_of_the_two() -> None:
    lower, upper = one_of_each((400.0, 300.0)), crowd(60, (400.0, 300.0), most_points=900)
    both = Levels(joined(lower, upper))
    assert both.missing(0.5) is not None
    Levels(upper).build(-1)
    assert both.missing(0.5) is None
    rings = both.rings(0.5)
    assert np.array_equal(rings.points[: lower.rings.count], lower.rings.points)
    assert rings.count - lower.rings.count == Levels(upper).rings(0.5).count < upper.rings.count


# ---- what a comparison says of a page ------------------------------------------------------------------------


@dataclass
class Range:
    kind: str
    first: int
    last: int


@dataclass
class Track:
    before_id: str | None
    after_id: str | None
    ranges: tuple[Range, ...]


@dataclass
class Known:
    by_page: dict[int | None, tuple[Change, ...]] = field(default_factory=dict)
    after_of: dict[str, str] = field(default_factory=dict)
    tracks: tuple[Track, ...] = ()
    relations: tuple[Change, ...] = ()


def annotation(name: str, page: int | None, title: str = "Van") -> Annotation:
    return Annotation(object_id=name, schema_id=title, title=title, tool=BoundingBox(0, 0, 1, 1), page=page)


def change(kinds: tuple[ChangeKind, ...], before: Annotation | None, after: Annotation | None) -> Change:
    return Change(kinds=kinds, before=before, after=after)


def test_entries_of_a_page_and_of_no_page_are_found() -> None:
    known = Known(
        by_page={
            None: (change(("reclassified",), annotation("a", None), annotation("b", None, "Truck")),),
            0: (change(("added",), None, annotation("c", 0)),),
            3: (change(("moved",), annotation("d", 3), annotation("d", 5)),),
        },
        after_of={"a": "b", "d": "d"},
    )
    first = kinds_on_page(known, 0)
    assert (first.before, first.after) == ({"a": ("reclassified",)}, {"b": ("reclassified",), "c": ("added",)})
    assert first.titles == {"b": "Van → Truck"}
    assert first.changed == 2
    third = kinds_on_page(known, 3)
    assert (third.before, third.after) == ({"d": ("moved",)}, {})
    assert kinds_on_page(None, 0).changed == 0


def test_between_entries_the_ranges_of_a_track_say_what_happened() -> None:
    known = Known(
        by_page={10: (change(("reshaped",), annotation("a", 10), annotation("a", 10)),)},
        after_of={"a": "a"},
        tracks=(
            Track("a", "a", (Range("moved", 5, 20), Range("added", 21, 30), Range("removed", 31, 40))),
            Track(None, "n", (Range("added", 0, 12),)),
        ),
    )
    at = {page: kinds_on_page(known, page) for page in (7, 10, 25, 35, 50)}
    assert (at[7].before, at[7].after) == ({"a": ("moved",)}, {"a": ("moved",), "n": ("added",)})
    assert at[10].after["a"] == ("reshaped",)  # what is said of the entry itself wins
    assert (at[25].before, at[25].after) == ({}, {"a": ("added",)})
    assert (at[35].before, at[35].after) == ({"a": ("removed",)}, {})
    assert not at[50].changed
