from __future__ import annotations

from concurrent.futures import Future
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from viewer.workers.waiting import ORDER, Request, RequestClass, Waiting


def request(rank: RequestClass, page: int = 0) -> Request:
    return Request((rank, page), "render", rank, page, futures=[Future()])


def test_every_class_has_a_place() -> None:
    assert set(ORDER) == set(get_args(RequestClass))


def test_the_newest_pushes_out_the_older_of_its_class() -> None:
    waiting = Waiting()
    first, second, other = request("visible", 1), request("visible", 2), request("neighbour", 3)
    assert waiting.put(first) is None
    assert waiting.put(other) is None
    assert waiting.put(second) is first
    assert waiting.take() is second
    assert waiting.take() is other
    assert waiting.take() is None


def test_small_questions_are_all_answered_in_order() -> None:
    waiting = Waiting()
    questions = [request("ask", page) for page in range(5)]
    assert [waiting.put(question) for question in questions] == [None] * 5
    assert [waiting.take() for _ in questions] == questions


def test_a_request_that_goes_back_is_first_unless_a_newer_one_waits() -> None:
    waiting = Waiting()
    old, new = request("neighbour", 1), request("neighbour", 2)
    assert waiting.put_back(old) is None
    assert waiting.take() is old
    waiting.put(new)
    assert waiting.put_back(old) is old
    assert list(waiting) == [new]
    first, second = request("ask", 1), request("ask", 2)
    waiting.put(second)
    assert waiting.put_back(first) is None
    assert waiting.take() is first


def test_more_urgent_wishes_lift_a_request() -> None:
    waiting = Waiting()
    visible, thumbnail = request("visible", 1), request("thumbnail", 2)
    waiting.put(visible)
    waiting.put(thumbnail)
    assert waiting.promote(visible, "thumbnail") is None
    assert waiting.promote(thumbnail, "visible") is visible
    assert thumbnail.rank == "visible"
    assert list(waiting) == [thumbnail]


@given(st.lists(st.tuples(st.sampled_from(ORDER), st.integers(0, 3))))
def test_at_most_one_waits_per_class_and_none_is_lost(wishes: list[tuple[RequestClass, int]]) -> None:
    waiting, pushed, put = Waiting(), [], []
    for rank, page in wishes:
        put.append(request(rank, page))
        out = waiting.put(put[-1])
        pushed += [out] if out else []
    for rank in ORDER:
        assert rank == "ask" or sum(r.rank == rank for r in waiting) <= 1
    taken = waiting.clear()
    assert not waiting
    assert {id(r) for r in put} == {id(r) for r in pushed + taken}
    assert [ORDER.index(r.rank) for r in taken] == sorted(ORDER.index(r.rank) for r in taken)
    for rank in set(ORDER) - {"ask"}:
        last = [r for r in put if r.rank == rank][-1:]
        assert [r for r in taken if r.rank == rank] == last
