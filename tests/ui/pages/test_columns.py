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
