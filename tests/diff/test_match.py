"""Partners: the same object first, then whole objects by their place, one class before others."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from tests.make.compared import Entry, box, labels
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
