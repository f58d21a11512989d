"""Pages and pixels of the track."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from viewer.ui.pages import columns


@given(st.integers(1, 5000), st.integers(1, 3000), st.data())
def test_a_click_on_the_middle_of_a_page_means_that_page(count: int, width: int, data: st.DataObject) -> None:
    page = data.draw(st.integers(0, count - 1))
    assert columns.page_at(columns.x_of_page(page, count, width), count, width) == page


@given(st.integers(1, 400), st.integers(1, 900), st.dictionaries(st.integers(-3, 410), st.integers(1, 50), max_size=20))
def test_every_labelled_page_is_seen(count: int, width: int, labels: dict[int, int]) -> None:
    pages = np.fromiter(labels, np.int64, len(labels))
    weights = np.fromiter(labels.values(), np.float64, len(labels))
    shares = columns.density(pages, weights, count, width)
    assert shares.shape == (width,)
    assert (shares >= 0).all()
    assert (shares <= 1).all()
    inside = [page for page in labels if 0 <= page < count]
    assert (shares > 0).any() == bool(inside)
    for page in inside:
        first, last = page * width // count, max((page + 1) * width // count, page * width // count + 1)
        assert shares[max(0, first - 1) : min(width, last + 1)].any()


@given(st.integers(1, 200_000), st.integers(1, 2500))
def test_ticks_are_apart_and_inside(count: int, width: int) -> None:
    found = columns.ticks(count, width)
    assert all(0 <= page < count for page in found)
    apart = [
        columns.x_of_page(b, count, width) - columns.x_of_page(a, count, width) for a, b in itertools.pairwise(found)
    ]
    assert all(gap >= 89.9 for gap in apart)


@given(
    st.integers(1, 400),
    st.integers(1, 900),
    st.dictionaries(st.integers(-3, 410), st.sampled_from(("a", "b", "c")), max_size=30),
)
def test_every_marked_page_is_seen_and_none_beside(count: int, width: int, marked: dict[int, str]) -> None:
    spans = columns.spans(marked, count, width)
    assert all(0 <= left < right <= width for left, right, _ in spans)
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(spans))
    columns_of = {x: what for left, right, what in spans for x in range(left, right)}
    inside = {page: what for page, what in marked.items() if 0 <= page < count}
    assert bool(spans) == bool(inside)
    for page in inside:
        x = min(int(columns.x_of_page(page, count, width)), width - 1)
        assert any(near in columns_of for near in (x - 1, x, x + 1))
    far = max(width / count, 3.0)
    for x in columns_of:
        assert any(abs(columns.x_of_page(page, count, width) - x) <= far for page in inside)


def test_a_single_page_is_three_pixels_wide_and_the_first_one_wins() -> None:
    assert columns.spans({500: "a"}, 1000, 300) == [(149, 152, "a")]
    assert columns.spans({0: "a", 999: "b"}, 1000, 300) == [(0, 3, "a"), (297, 300, "b")]
    assert columns.spans({1: "b", 0: "a"}, 1000, 300) == [(0, 3, "b")]
    assert columns.spans({1: "b", 2: "b"}, 4, 100) == [(25, 75, "b")]
