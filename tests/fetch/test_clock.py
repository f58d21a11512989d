from datetime import UTC, datetime, timedelta

from viewer.fetch.clock import Clock

HERE = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_each_server_has_its_own_time() -> None:
    clock = Clock(lambda: HERE)
    assert clock.now("store.test") == HERE
    assert clock.skew("store.test") is None
    clock.learn("store.test", {"date": "Wed, 25 Nov 2026 12:00:00 GMT"})
    assert clock.skew("store.test") == timedelta(days=1)
    assert clock.now("store.test") == HERE + timedelta(days=1)
    assert clock.now("other.test") == HERE == clock.now()


def test_the_way_of_an_answer_is_no_skew() -> None:
    clock = Clock(lambda: HERE)
    clock.learn("store.test", {"date": "Tue, 24 Nov 2026 11:59:00 GMT"})
    assert clock.skew("store.test") == timedelta(0)
    assert clock.now("store.test") == HERE


def test_what_tells_no_time_changes_nothing() -> None:
    clock = Clock(lambda: HERE)
    for headers in ({}, {"date": "soon"}, {"date": "Wed, 25 Nov 2026 12:00:00 GMT", "age": "86400"}):
        clock.learn("store.test", headers)
    assert clock.skew("store.test") is None
