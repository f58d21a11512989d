"""How alike two entries are, and which are looked at as partners."""

from __future__ import annotations

import pytest

from tests.make.compared import Entry, box, entry, labels, ring
from viewer.diff import likeness
from viewer.diff.forms import Geometries
from viewer.diff.likeness import LIKE, Likeness


def made(before: list[Entry], after: list[Entry]) -> Likeness:
    return Likeness(labels(*before).annotations, labels(*after).annotations, Geometries())


def alike(one: Entry, two: Entry) -> float:
    return float(made([one], [two]).of([(0, 0)])[0])


def test_surfaces_by_overlap() -> None:
    assert alike(box("a", 0, 0), box("b", 0, 0)) == 1
    assert alike(box("a", 0, 0), box("b", 20, 0)) == pytest.approx(1 / 3)
    square, moved = ring("a", (0, 0), (10, 0), (10, 10), (0, 10)), ring("b", (5, 0), (15, 0), (15, 10), (5, 10))
    assert alike(square, moved) == pytest.approx(1 / 3)
    assert alike(square, ring("b", (9, 0), (19, 0), (19, 10), (9, 10))) == 0


def test_points_lines_and_thin_things_by_distance() -> None:
    assert alike(entry("a", "point", [0, 0]), entry("b", "point", [0, 0])) == 1
    assert alike(entry("a", "point", [0, 0]), entry("b", "point", [12, 0])) == pytest.approx(LIKE)
    assert alike(entry("a", "point", [0, 0]), entry("b", "point", [12.1, 0])) == 0
    line, near = (entry("a", "polyline", [[0, y], [200, y]]) for y in (0, 39))
    assert LIKE < alike(line, near) < 0.4
    assert alike(box("a", 0, 0, 50, 2), box("b", 0, 4, 50, 2)) > LIKE


def test_ranges_of_text_by_overlap_and_other_tools_not_at_all() -> None:
    assert alike(
        entry("a", "ner", {"start": 0, "end": 10}), entry("b", "ner", {"start": 5, "end": 15})
    ) == pytest.approx(1 / 3)
    assert alike(box("a", 0, 0), ring("b", (0, 0), (40, 0), (40, 30), (0, 30))) == 0


def test_only_what_touches_on_one_page_is_a_candidate() -> None:
    before = [box("a", 0, 0, page=1), box("b", 500, 0, page=2), entry("m", "message", "x7")]
    after = [box("c", 2, 0, page=2), box("d", 4, 0, page=1), box("e", 502, 0, page=2), entry("n", "message", "x7")]
    found = {(i, j) for i, j, _ in made(before, after).candidates([0, 1, 2], [0, 1, 2, 3], least=LIKE)}
    assert found == {(0, 1), (1, 2), (2, 3)}


def test_a_heap_of_boxes_on_one_place_has_bounded_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likeness, "MOST_PARTNERS", 3)
    monkeypatch.setattr(likeness, "CHUNK", 7)
    before = [box(f"a{n}", 0.1 * n, 0) for n in range(20)]
    after = [box(f"b{n}", 0.1 * n + 0.01, 0) for n in range(20)]
    found = list(made(before, after).candidates(list(range(20)), list(range(20)), least=LIKE))
    assert len(found) == 60
    assert {(n, n) for n in range(20)} <= {(i, j) for i, j, _ in found}


def test_the_very_same_outline_is_found_without_looking() -> None:
    before = [box("a", 0, 0), box("b", 0, 0), box("c", 90, 0, schemaId="other")]
    after = [box("d", 0, 0), box("e", 90, 0)]
    assert made(before, after).identical([0, 1, 2], [0, 1]) == [(0, 0)]
