from __future__ import annotations

import threading

from viewer.workers.effects import Effects


def test_they_run_in_their_order_and_once() -> None:
    effects, done = Effects(), []
    for number in range(3):
        effects.add(lambda number=number: done.append(number))  # type: ignore[misc]
    assert effects
    effects.run()
    effects.run()
    assert done == [0, 1, 2]
    assert not effects


def test_what_an_effect_adds_is_run_too() -> None:
    effects, done = Effects(), []
    effects.add(lambda: effects.add(lambda: done.append("later")))
    effects.run()
    assert done == ["later"]


def test_two_threads_share_them() -> None:
    effects, done = Effects(), []
    for number in range(2000):
        effects.add(lambda number=number: done.append(number))  # type: ignore[misc]
    threads = [threading.Thread(target=effects.run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == list(range(2000))


def test_only_the_thread_that_sees_to_them_needs_no_waking() -> None:
    effects, seen = Effects(), []

    def work() -> None:
        effects.see_to_them()
        seen.append(effects.are_seen_to)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [True]
    assert not effects.are_seen_to
