import base64
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.fetch import presign


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


HOST = "https://store.example/a.png?"
POLICY = base64.b64encode(b'{"Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":1693067317}}}]}').decode()


@pytest.mark.parametrize(
    ("query", "ends"),
    [
        ("X-Amz-Date=20230825T070837Z&X-Amz-Expires=120000&X-Amz-Signature=0", at(2023, 8, 26, 16, 28, 37)),
        ("x-amz-date=20230825T070837Z&x-amz-expires=120000", at(2023, 8, 26, 16, 28, 37)),
        ("X-Goog-Date=20240101T000000Z&X-Goog-Expires=3600&X-Goog-Signature=0", at(2024, 1, 1, 1)),
        ("AWSAccessKeyId=A&Expires=1693067317&Signature=x%3D", at(2023, 8, 26, 16, 28, 37)),
        ("GoogleAccessId=a%40b&Expires=1693067317&Signature=x", at(2023, 8, 26, 16, 28, 37)),
        (
            "Policy=" + POLICY.translate(str.maketrans("+=/", "-_~")) + "&Signature=x&Key-Pair-Id=K",
            at(2023, 8, 26, 16, 28, 37),
        ),
        ("sv=2022-11-02&se=2024-09-02T10%3A15%3A00Z&sr=b&sig=x", at(2024, 9, 2, 10, 15)),
        ("se=2024-09-02T10:15Z&sig=x", at(2024, 9, 2, 10, 15)),
        ("se=2024-09-02&sig=x", at(2024, 9, 2)),
        ("se=2024-09-02T12:15:00%2B02:00&sig=x", at(2024, 9, 2, 10, 15)),
    ],
)
def test_the_end_of_each_stores_links(query: str, ends: datetime) -> None:
    expiry = presign.expiry(HOST + query)
    assert expiry is not None
    assert expiry.ends == ends
    assert not expiry.is_expired(ends - timedelta(seconds=1))
    assert expiry.is_expired(ends)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "X-Amz-Date=20230825T070837Z",
        "X-Amz-Date=20231325T070837Z&X-Amz-Expires=1",
        "X-Amz-Date=now&X-Amz-Expires=1",
        "X-Amz-Date=20230825T070837Z&X-Amz-Expires=-5",
        "X-Amz-Date=20230825T070837Z&X-Amz-Expires=999999999999",
        "X-Amz-Date=20230825T070837Z&X-Amz-Expires=١٢",
        "Expires=1693067317",
        "Expires=soon&Signature=x",
        "se=never&sig=x",
        "se=2024-09-02",
        "Policy=%%%&Signature=x",
        "Policy=e30_&Signature=x",
        "id=5",
    ],
)
def test_no_end_where_the_link_does_not_say(query: str) -> None:
    assert presign.expiry(HOST + query) is None


def test_start_and_temporary_key() -> None:
    expiry = presign.expiry(HOST + "X-Amz-Date=20230825T070837Z&X-Amz-Expires=60&X-Amz-Security-Token=t")
    assert expiry is not None
    assert expiry.temporary_key
    assert expiry.is_early(at(2023, 8, 25, 7, 8, 36))
    assert not expiry.is_early(at(2023, 8, 25, 7, 8, 37))
    azure = presign.expiry(HOST + "st=2024-01-01T00:00:00Z&se=2024-01-02&sig=x")
    assert azure is not None
    assert azure.starts == at(2024, 1, 1)


def test_the_seed_sample(data: object) -> None:
    from tests.conftest import DATA

    (asset,) = msgspec.json.decode((DATA / "seed-sample.json").read_bytes())
    expiry = presign.expiry(asset["asset"])
    assert expiry is not None
    assert presign.in_words(expiry.ends) == "26 Aug 2023, 16:28 UTC"
    assert presign.is_signed(asset["asset"])


@pytest.mark.parametrize(
    ("query", "signed"),
    [
        ("X-Amz-Signature=0", True),
        ("X-Goog-Signature=0", True),
        ("AWSAccessKeyId=A&Expires=1&Signature=x", True),
        ("Key-Pair-Id=A&Signature=x", True),
        ("sv=1&sig=x", True),
        ("signature=of-the-artist", False),
        ("sig=5", False),
        ("file=12", False),
        ("", False),
    ],
)
def test_signed(query: str, signed: bool) -> None:
    assert presign.is_signed(HOST + query) is signed


def test_words_are_utc_whatever_the_zone() -> None:
    assert presign.in_words(datetime(2024, 5, 1, 1, 5, tzinfo=timezone(timedelta(hours=2)))) == "30 Apr 2024, 23:05 UTC"


@given(st.text())
def test_never_raises(text: str) -> None:
    presign.expiry(text)
    presign.expiry(HOST + text)
    presign.is_signed(HOST + text)


ENDS = at(2026, 11, 24, 12)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(hours=33, minutes=20), "valid 33 h"),
        (timedelta(hours=21, minutes=59), "valid 21 h"),
        (timedelta(hours=48), "valid 2 days"),
        (timedelta(days=400), "valid 13 months"),
        (timedelta(hours=6), "expires in 6 h"),
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
