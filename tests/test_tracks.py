from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.make.assets import examples, labels, parsed, with_tools
from viewer import limits
from viewer.model import Annotation, Classification, Labels
from viewer.tools.bounding_box import BoundingBox
from viewer.tools.point import Point
from viewer.tools.polygon import Polygon
from viewer.tools.polyline import Polyline
from viewer.tools.unknown import Unknown
from viewer.tracks import PolicyEvidence, Timeline, labels_on_page, timeline


def entry(page, x=0.0, *, object_id="a", stopped=False, tool=None, **extra):
    drawn = Unknown() if stopped else Point(float(x), 0.0) if tool is None else tool
    return Annotation(
        object_id=object_id, schema_id="s", title="t", tool=drawn, page=page, stopped=stopped, extra=extra
    )


def seen(annotations, page, policy="auto"):
    placed = labels_on_page(Labels(annotations=tuple(annotations)), page, tracked=True, policy=policy)
    return [(p.annotation.object_id, p.tool.x, p.state) for p in placed]


# ---- against a reference that is as simple as the words of the format --------------------------------------

# one entry: (object, page, x, stopped)
ENTRIES = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 12), st.integers(-50, 50), st.booleans()), max_size=18
)


def naive(entries, page, *, is_full):
    """What is seen, by walking through everything for one page."""
    result = []
    for name in dict.fromkeys(e[0] for e in entries):
        latest = {}
        for e in entries:
            if e[0] == name:
                latest[e[1]] = e
        before = [latest[p] for p in sorted(latest) if p <= page]
        after = [latest[p] for p in sorted(latest) if p > page]
        if not before or before[-1][3]:
            continue
        _, at, x, _ = before[-1]
        if at == page:
            result.append((name, x, "key"))
        elif is_full:
            continue
        elif after and not after[0][3]:
            result.append((name, x + (after[0][2] - x) * (page - at) / (after[0][1] - at), "interpolated"))
        else:
            result.append((name, x, "held"))
    return result


def naive_is_full(entries):
    """No object with a hole between two pages, and two with three pages in a row, or one with ten."""
    rows = 0
    longest = 1
    for name in {e[0] for e in entries}:
        latest = {e[1]: e for e in entries if e[0] == name}
        for page, e in latest.items():
            later = [p for p in latest if p > page]
            if not e[3] and later and min(later) != page + 1:
                return False
        run = best = 1
        for page in range(14):
            follows = page in latest and page - 1 in latest and not latest[page][3] and not latest[page - 1][3]
            run = run + 1 if follows else 1
            best = max(best, run)
        rows += best >= 3
        longest = max(longest, best)
    return rows >= 2 or longest >= 10


@settings(max_examples=300)
@given(ENTRIES, st.integers(0, 14), st.sampled_from(["keys", "full", "auto"]))
def test_as_the_reference(entries, page, policy):
    annotations = [entry(p, x, object_id=name, stopped=stop) for name, p, x, stop in entries]
    is_full = naive_is_full(entries) if policy == "auto" else policy == "full"
    found = seen(annotations, page, policy)
    expected = naive(entries, page, is_full=is_full)
    assert [(n, s) for n, _, s in found] == [(n, s) for n, _, s in expected]
    assert [x for _, x, _ in found] == pytest.approx([x for _, x, _ in expected])


@given(ENTRIES)
def test_pages_with_labels(entries):
    annotations = tuple(entry(p, x, object_id=name, stopped=stop) for name, p, x, stop in entries)
    latest = {(name, p): stop for name, p, _, stop in entries}
    pages = sorted({p for (_, p), stop in latest.items() if not stop})
    assert list(Timeline(Labels(annotations=annotations), tracked=True).pages_with_labels()) == pages


@given(ENTRIES)
def test_spans_are_where_something_is_seen(entries):
    one = [entry(p, x, stopped=stop) for _, p, x, stop in entries]
    if not one:
        return
    (track,) = Timeline(Labels(annotations=tuple(one)), tracked=True).tracks
    visible = {page for page in range(20) if track.at(page) is not None}
    spanned = {page for first, end in track.spans for page in range(first, 20 if end is None else end)}
    assert visible == spanned


# ---- the words one by one -----------------------------------------------------------------------------------


def test_the_example_of_key_frames():
    asset = parsed(examples()[5])
    line = Timeline(asset.tasks[0].current.labels, tracked=True)
    assert line.policy == "keys"

    def at(page):
        return {p.annotation.title: (p.state, p.tool) for p in line.on_page(page)}

    assert at(25)["car"] == ("interpolated", BoundingBox(120, 80, 60, 40))
    assert at(50)["car"][0] == "key"
    assert at(65)["car"] == ("held", BoundingBox(220, 130, 60, 40))
    assert "car" not in at(80)
    assert "car" not in at(99)
    assert at(100)["car"] == ("key", BoundingBox(400, 60, 60, 40))
    assert at(119)["car"][0] == "held"
    assert "sign" not in at(9)
    assert at(25)["sign"][1].ring.tolist() == [[320, 190], [380, 190], [350, 250]]
    assert at(69)["sign"][0] == "held"
    assert "sign" not in at(70)
    assert at(30)["lane"][0] == "held"
    assert at(10)["water"][1].zones[0][0].tolist() == [[60, 245], [100, 245], [100, 285]]
    assert "boat" not in at(118)
    assert at(119)["boat"][0] == "key"


def test_the_example_of_every_frame():
    line = Timeline(parsed(examples()[6]).tasks[0].current.labels, tracked=True)
    assert line.policy == "full"
    assert [len(line.on_page(page)) for page in (19, 20, 24, 25, 100, 103, 104, 249)] == [0, 1, 1, 0, 1, 1, 0, 0]
    held = Timeline(line.labels, tracked=True, policy="keys")
    assert [p.state for p in held.on_page(249)] == ["held"]


def test_frames_inside_their_objects():
    line = Timeline(parsed(examples()[7]).tasks[0].current.labels, tracked=True)
    assert [p.tool.KEY for p in line.on_page(15)] == ["bounding-box", "bounding-box", "point"]
    assert [p.state for p in line.on_page(45)] == ["held", "held"]


def test_a_stop_with_geometry_is_never_drawn():
    stop = entry(5, 9, stopped=False)
    annotations = [entry(0), Annotation(object_id="a", schema_id="s", title="t", tool=stop.tool, page=5, stopped=True)]
    assert [seen(annotations, page) for page in (4, 5, 6)] == [[("a", 0, "held")], [], []]


def test_shapes_of_unequal_counts_and_other_tools_are_held():
    triangle, square = np.zeros((3, 2)), np.zeros((4, 2))
    for first, second in [
        (Polygon(triangle), Polygon(square)),
        (Polyline(triangle), Polyline(triangle)),
        (Point(0, 0), BoundingBox(0, 0, 1, 1)),
        (Unknown("future", 1), Unknown("future", 1)),
    ]:
        (placed,) = Timeline(Labels(annotations=(entry(0, tool=first), entry(9, tool=second))), tracked=True).on_page(4)
        assert (placed.state, placed.tool) == ("held", first)


def test_a_file_is_full_or_not():
    def policy(*runs):
        annotations = [entry(p, object_id=str(i)) for i, run in enumerate(runs) for p in run]
        return Timeline(Labels(annotations=tuple(annotations)), tracked=True).policy

    assert policy() == "keys"
    assert policy([5]) == "keys"
    assert policy([5, 6, 7]) == "keys"
    assert policy([5, 6, 7], [9, 10, 11]) == "full"
    assert policy([5, 6, 7], [9, 10, 11], [3]) == "full"
    assert policy([5, 6, 7], [9, 10, 11], [3, 5]) == "keys"
    assert policy(range(10)) == "full"


def test_the_file_decides_over_all_its_assets():
    evidence = [PolicyEvidence(runs=1, longest=4), PolicyEvidence(runs=1, longest=3)]
    assert (evidence[0].policy, (evidence[0] + evidence[1]).policy) == ("keys", "full")
    assert (evidence[0] + evidence[1] + PolicyEvidence(gaps=1)).policy == "keys"


def test_a_hidden_spell_in_a_full_file_is_no_gap():
    pages = [0, 1, 2, 3, 8, 9, 10]
    annotations = [entry(p, object_id=name, stopped=p == 3) for name in "ab" for p in pages]
    line = Timeline(Labels(annotations=tuple(annotations)), tracked=True)
    assert line.policy == "full"
    assert [len(line.on_page(page)) for page in (2, 3, 5, 8, 11)] == [2, 0, 0, 2, 0]


def test_a_frame_that_says_that_it_is_no_key_frame():
    assert seen([entry(3, isKeyFrame=False), entry(4, isKeyFrame=True)], 3) == [("a", 0, "interpolated")]
    assert seen([entry(3, isKeyFrame=False), entry(4, isKeyFrame=True)], 4) == [("a", 0, "key")]


@pytest.mark.parametrize("page", [-1, 10**9, limits.VIDEO_FRAMES + 1])
def test_impossible_pages_draw_nothing(page):
    assert seen([entry(page, 5)], 3) == []
    assert seen([entry(0, 5), entry(page, 99)], 3) == [("a", 5, "held")]


def test_an_entry_without_a_page_is_there_throughout():
    assert seen([entry(None, 5)], 0) == [("a", 5, "key")]
    assert seen([entry(None, 5)], 70, "full") == [("a", 5, "held")]
    assert seen([entry(None, 5), entry(10, 7)], 3) == []


def test_order_is_that_of_the_export():
    annotations = [entry(0, object_id="z"), entry(4, object_id="b"), entry(0, object_id="a"), entry(4, object_id="z")]
    assert [name for name, _, _ in seen(annotations, 4)] == ["z", "b", "a"]


# ---- what is not tracked --------------------------------------------------------------------------------------


def test_pages_of_other_assets_are_apart():
    found = labels({**with_tools(), "dataset": ["a.png"] * 3, "task": examples()[8]["task"]})
    line = Timeline(found, tracked=False)
    assert [[p.tool.KEY for p in line.on_page(page)] for page in range(3)] == [
        ["bounding-box", "point"],
        [],
        ["bounding-box"],
    ]
    assert line.pages_with_labels() == (0, 2)
    assert [c.title for c in line.answers_on_page(1)] == ["quality"]
    assert line.answers_on_page(0) == ()
    assert [c.title for c in line.answers_of_asset] == ["set question"]


def test_an_object_id_may_stand_twice_on_a_page():
    line = Timeline(
        Labels(annotations=(entry(0, 1), entry(0, 2), entry(None, 3), entry(0, 4, stopped=True))), tracked=False
    )
    assert [p.tool.x for p in line.on_page(0)] == [1, 2, 3]
    assert line.tracks == ()


# ---- answers ----------------------------------------------------------------------------------------------------


def test_answers_hold_until_changed_or_switched_off():
    line = Timeline(parsed(examples()[5]).tasks[0].current.labels, tracked=True)
    answers = [[c.answer for c in line.answers_on_page(page)] for page in (0, 9, 10, 19, 20, 48, 49, 59, 60, 119)]
    assert answers == [["First"], ["First"], ["Second"], ["Second"], [], [], ["Third"], ["Third"], [], []]
    assert [c.title for c in line.answers_of_asset] == ["time of day"]


def answer(object_id, schema_id, page, text):
    return Classification(object_id=object_id, schema_id=schema_id, page=page, answer=text, tool="radio")


def test_frames_with_ids_of_their_own_are_joined_by_the_question():
    entries = (answer("1", "q", 0, "a"), answer("2", "q", 5, "b"), answer("3", "other", 3, "c"))
    line = Timeline(Labels(classifications=entries), tracked=True)
    assert [c.answer for c in line.answers_on_page(7)] == ["b", "c"]


def test_a_question_asked_several_times_keeps_its_answers_apart():
    entries = (answer("1", "q", 0, "a"), answer("2", "q", 5, "b"), answer("1", "q", 9, "c"))
    line = Timeline(Labels(classifications=entries), tracked=True)
    assert [c.answer for c in line.answers_on_page(7)] == ["a", "b"]
    assert [c.answer for c in line.answers_on_page(9)] == ["c", "b"]


def test_the_grouping_is_kept():
    some = Labels(annotations=(entry(0),))
    assert timeline(some, tracked=True) is timeline(some, tracked=True)
    assert timeline(some, tracked=True) is not timeline(some, tracked=True, policy="full")
    assert timeline(Labels(annotations=(entry(0),)), tracked=True) is not timeline(some, tracked=True)
