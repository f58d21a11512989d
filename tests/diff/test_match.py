"""Partners: the same object first, then whole objects by their place, one class before others."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from tests.make.compared import Entry, box, entry, labels
from viewer.diff.forms import Geometries
from viewer.diff.match import Pairing, pair_up


def partners(before: list[Entry], after: list[Entry], *, tracked: bool = False) -> tuple[set[tuple[str, str]], Pairing]:
    one, two = labels(*before).annotations, labels(*after).annotations
    found = pair_up(one, two, tracked=tracked, geometries=Geometries())
    return {(one[i].object_id, two[j].object_id) for i, j in found.pairs}, found


def test_an_id_is_stronger_than_a_place() -> None:
    found, _ = partners([box("a", 0, 0), box("b", 300, 0)], [box("a", 300, 0), box("b", 0, 0)])
    assert found == {("a", "a"), ("b", "b")}


def test_one_class_before_others_even_when_farther() -> None:
    before = [box("a", 0, 0, schemaId="x"), box("b", 10, 0, schemaId="y")]
    after = [box("c", 10, 0, schemaId="x"), box("d", 0, 0, schemaId="y")]
    assert partners(before, after)[0] == {("a", "c"), ("b", "d")}
    assert partners(before[:1], after[1:])[0] == {("a", "d")}


def test_crowds_get_the_best_sum_and_not_the_best_pair_first() -> None:
    before, after = [box("a", 0, 0), box("b", 15, 0)], [box("c", 8, 0), box("d", 23, 0)]
    assert partners(before, after)[0] == {("a", "c"), ("b", "d")}
    dice = np.random.default_rng(2)
    xs, shifts = dice.uniform(0, 300, 60), dice.normal(0, 9, 60)
    found, pairing = partners(
        [box(f"a{n}", x, 0) for n, x in enumerate(xs)], [box(f"b{n}", x, 0) for n, x in enumerate(xs + shifts)]
    )
    apart = np.abs(xs[:, None] - (xs + shifts)[None])
    weights = np.where(apart < 40, (40 - apart) / (40 + apart), 0)
    weights[weights < 0.3] = 0
    rows, columns = linear_sum_assignment(weights, maximize=True)
    assert abs(sum(weights[i, j] for i, j in pairing.pairs) - weights[rows, columns].sum()) < 1e-9
    assert len(found) == len(pairing.pairs)


def track(name: str, pages: range, x: float, step: float = 1.0) -> list[Entry]:
    return [box(name, x + step * page, 0, page=page) for page in pages]


def test_tracks_find_partners_as_a_whole() -> None:
    before = track("a", range(10), 0) + track("b", range(10), 20)
    # on its first pages the new track lies nearer to the other one
    after = [box("n", 14 + page if page < 3 else 1 + page, 0, page=page) for page in range(10)]
    found, pairing = partners(before, after, tracked=True)
    assert found == {("a", "n")}
    assert len(pairing.removed) == 10


def test_a_track_may_be_cut_in_two() -> None:
    found, pairing = partners(
        track("a", range(10), 0), track("m", range(5), 1) + track("n", range(5, 10), 1), tracked=True
    )
    assert found == {("a", "m"), ("a", "n")}
    assert (pairing.removed, pairing.added) == ([], [])


def test_entries_of_one_id_on_one_page_go_by_likeness() -> None:
    _, pairing = partners([box("a", 0, 0), box("a", 300, 0)], [box("a", 303, 0), box("a", 3, 0), box("a", 600, 0)])
    assert sorted(pairing.pairs) == [(0, 1), (1, 0)]
    assert pairing.added == [2]


def test_entries_of_one_id_keep_their_tool_before_anything_else() -> None:
    line, far_line = [[0.0, 0.0], [30.0, 0.0]], [[400.0, 400.0], [430.0, 400.0]]
    before = [entry("a", "polyline", line), entry("a", "point", [300.0, 10.0])]
    after = [entry("a", "point", [15.0, 0.0]), entry("a", "polyline", far_line)]
    assert sorted(partners(before, after)[1].pairs) == [(0, 1), (1, 0)]
    _, pairing = partners(before, [after[0], entry("a", "point", [301.0, 10.0])])
    assert (1, 1) in pairing.pairs  # the nearer point; the line and the other point are left to each other


def test_entries_of_one_id_keep_their_place_then_their_class_and_then_go_to_the_nearest() -> None:
    before = [box("a", 0, 0, schemaId="x"), box("a", 300, 0, schemaId="y")]
    assert sorted(partners(before, [box("a", 250, 0, schemaId="x"), box("a", 50, 0, schemaId="y")])[1].pairs) == [
        (0, 0), (1, 1),
    ]  # fmt: skip
    # another class in the very same place is the same thing
    assert partners(before, [box("a", 300, 0, schemaId="x")])[1].pairs == [(1, 0)]
    # none overlaps with its old place, and all of them moved alike
    shifted = [box("a", x, 0) for x in (160, 460, 760)]
    before = [box("a", x, 0) for x in (700, 100, 400)]
    assert sorted(partners(before, shifted)[1].pairs) == [(0, 2), (1, 0), (2, 1)]


@given(st.permutations(range(6)), st.permutations(range(6)), st.integers(0, 3))
def test_entries_of_one_id_find_each_other_in_any_order(one: list[int], two: list[int], gone: int) -> None:
    def made(n: int, shift: float) -> Entry:
        tool, x = ("bounding-box", "point", "polyline")[n % 3], 90.0 * n + shift
        value = {"bounding-box": {"x": x, "y": 0, "width": 40, "height": 30}, "point": [x, 5.0],
                 "polyline": [[x, 0.0], [x + 30, 9.0]]}[tool]  # fmt: skip
        return entry("a", tool, value, schemaId=f"c{n % 2}")

    kept = two[: 6 - gone]
    _, pairing = partners([made(n, 0) for n in one], [made(n, 7) for n in kept])
    assert sorted(one[i] - kept[j] for i, j in pairing.pairs) == [0] * (6 - gone)
    assert len(pairing.removed) == gone
