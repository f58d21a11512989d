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
