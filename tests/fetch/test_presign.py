from datetime import UTC, datetime, timedelta, timezone

import pytest

from viewer.fetch import presign


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_words_are_utc_whatever_the_zone() -> None:
    assert presign.in_words(datetime(2024, 5, 1, 1, 5, tzinfo=timezone(timedelta(hours=2)))) == "30 Apr 2024, 23:05 UTC"


ENDS = at(2026, 11, 24, 12)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(hours=33, minutes=20), "valid 33 h"),
        (timedelta(hours=21, minutes=59), "valid 21 h"),
        (timedelta(hours=48), "valid 2 days"),
        (timedelta(days=400), "valid 13 months"),
        (timedelta(hours=6), "valid 6 h"),
        (timedelta(hours=4), "expires in 4 h"),
        (timedelta(hours=2, minutes=40, seconds=59), "expires in 2 h 40 min"),
        (timedelta(minutes=5), "expires in 5 min"),
        (timedelta(seconds=59), "expires in less than a minute"),
        (timedelta(0), "expired just now"),
        (timedelta(seconds=-59), "expired just now"),
        (timedelta(minutes=-12), "expired 12 min ago"),
        (timedelta(hours=-5), "expired 5 h ago"),
        (timedelta(days=-3), "expired 3 days ago"),
        (timedelta(days=-90), "expired 3 months ago"),
        (timedelta(days=-1200), "expired 3 years ago"),
    ],
)
def test_validity_in_words(left: timedelta, words: str) -> None:
    expiry = presign.Expiry(ENDS, ENDS - timedelta(seconds=120_000))
    now = ENDS - left
    if expiry.is_early(now):
        expiry = presign.Expiry(ENDS)
    assert presign.validity_in_words(expiry, now) == words
    assert presign.is_soon(expiry, now) is words.startswith("expires in")


def test_validity_where_nothing_is_sure() -> None:
    expiry = presign.Expiry(ENDS, ENDS - timedelta(hours=3))
    assert presign.validity_in_words(None, ENDS) == ""
    assert not presign.is_soon(None, ENDS)
    assert "if this computer's clock is right" in presign.validity_in_words(expiry, at(1970, 1, 1))
    assert "if this computer's clock is right" in presign.validity_in_words(expiry, at(2099, 1, 1))
    early = "not valid yet, from 24 Nov 2026, 09:00 UTC"
    assert presign.validity_in_words(expiry, ENDS - timedelta(hours=4)) == early
    assert presign.validity_in_words(expiry, ENDS - timedelta(hours=3, minutes=4)) == "expires in 3 h 4 min"
