"""The frame cache: never above its bytes, and what stays is what is nearest in the direction of travel."""

from __future__ import annotations

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from viewer.decoders.video.cache import FrameCache, default_budget
from viewer.limits import GB, MB


def frame(cost: int) -> SimpleNamespace:
    return SimpleNamespace(
        planes=[SimpleNamespace(buffer_size=cost - cost // 3), SimpleNamespace(buffer_size=cost // 3)]
    )


@given(
    st.integers(100, 2000),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 100), st.sampled_from([-1, 0, 1])), max_size=120),
)
def test_it_stays_within_its_bytes(budget: int, steps: list[tuple[int, int, int]]) -> None:
    cache = FrameCache(budget)
    kept: dict[int, SimpleNamespace] = {}
    for number, cost, direction in steps:
        cache.look(number, direction)
        picture = frame(cost)
        before = number in cache
        cache.put(number, picture)
        kept[number] = kept[number] if before else picture
        assert cache.get(number) is kept[number]
        assert cache.used <= budget
        assert cache.used == sum(sum(p.buffer_size for p in f.planes) for n, f in kept.items() if n in cache)
        assert len(cache) == sum(n in cache for n in kept)
    cache.clear()
    assert (cache.used, len(cache)) == (0, 0)


def test_what_lies_behind_goes_first() -> None:
    cache = FrameCache(100)
    cache.look(50, 1)
    for number in range(45, 55):
        cache.put(number, frame(10))
    cache.put(55, frame(10))
    assert [n for n in range(40, 60) if n in cache] == list(range(46, 56))
    cache.look(50, -1)
    cache.put(45, frame(10))
    assert 55 not in cache
    assert 45 in cache
    cache.put(90, frame(10))
    assert 90 not in cache
    assert cache.room() == 10


def test_the_budget_is_a_share_of_the_memory() -> None:
    assert 64 * MB <= default_budget() <= GB
