import numpy as np
import pytest

from viewer.export import Row
from viewer.ui.link_ends import LinkEnds, LinkTotals, state_at, words_at

NOW = 1_795_000_000.0
HOUR = 3600


def rows(*ends: int | None) -> list[Row]:
    return [Row(index=i, start=0, end=1, ends=end) for i, end in enumerate(ends)]


@pytest.fixture
def ends() -> LinkEnds:
    made = LinkEnds(lambda: NOW)
    made.add(rows(int(NOW) + 21 * HOUR, None, int(NOW) - 3 * 86_400, int(NOW) + 2 * HOUR, int(NOW)))
    return made


def test_the_state_of_each(ends: LinkEnds) -> None:
    assert [ends.state_of(i) for i in range(6)] == ["valid", "", "expired", "soon", "expired", ""]
    assert ends.end_of(1) is None
    assert ends.end_of(99) is None
    assert ends.end_of(-1) is None


def test_totals(ends: LinkEnds) -> None:
    assert ends.totals() == LinkTotals(int(NOW) - 3 * 86_400, signed=4, expired=2, soon=1)
    assert LinkEnds().totals() == LinkTotals()
    ends.clear()
    ends.add(rows(None, None))
    assert ends.totals() == LinkTotals()


def test_renewed_links_count_from_now_on(ends: LinkEnds) -> None:
    ends.renew({2: int(NOW) + 30 * HOUR, 4: None, 77: 5, -1: 5})
    assert [ends.state_of(i) for i in range(5)] == ["valid", "", "valid", "soon", ""]
    assert ends.totals() == LinkTotals(int(NOW) + 2 * HOUR, signed=3, expired=0, soon=1)


def test_masks_and_counts(ends: LinkEnds) -> None:
    assert ends.mask_of(["expired"], 5).tolist() == [False, False, True, False, True]
    assert ends.mask_of(["valid", "soon"], 4).tolist() == [True, False, False, True]
    assert ends.mask_of(["nonsense"], 5).tolist() == [False] * 5
    assert ends.mask_of(["expired"], 7).tolist() == [False, False, True, False, True, False, False]
    assert ends.counts_in(np.array([True, True, True, False, False])) == {"expired": 1, "soon": 0, "valid": 1}
    unsigned = LinkEnds(lambda: NOW)
    unsigned.add(rows(None, None))
    assert unsigned.counts_in(np.ones(2, bool)) == {}


def test_a_clock_that_cannot_be_right_says_nothing() -> None:
    stopped = LinkEnds(lambda: 0.0)
    stopped.add(rows(int(NOW)))
    assert stopped.state_of(0) == ""
    assert not stopped.mask_of(["expired", "soon", "valid"], 1).any()
    assert "if this computer's clock is right" in words_at(int(NOW), 0.0)


def test_words() -> None:
    assert words_at(None, NOW) == ""
    assert words_at(int(NOW) + 21 * HOUR, NOW) == "valid 21 h"
    assert words_at(int(NOW) + 2 * HOUR + 40 * 60, NOW) == "expires in 2 h 40 min"
    assert words_at(int(NOW) - 3 * 86_400, NOW) == "expired 3 days ago"
    assert words_at(10**30, NOW) == ""
    assert state_at(int(NOW) + 4 * HOUR, NOW) == "soon"
    assert state_at(int(NOW) + 4 * HOUR + 1, NOW) == "valid"
