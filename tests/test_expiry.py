import base64
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import DATA
from viewer.expiry import earliest_end, expiry, is_signed


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
    found = expiry(HOST + query)
    assert found is not None
    assert found.ends == ends
    assert not found.is_expired(ends - timedelta(seconds=1))
    assert found.is_expired(ends)


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
    assert expiry(HOST + query) is None


def test_start_and_temporary_key() -> None:
    found = expiry(HOST + "X-Amz-Date=20230825T070837Z&X-Amz-Expires=60&X-Amz-Security-Token=t")
    assert found is not None
    assert found.temporary_key
    assert found.is_early(at(2023, 8, 25, 7, 8, 36))
    assert not found.is_early(at(2023, 8, 25, 7, 8, 37))
    azure = expiry(HOST + "st=2024-01-01T00:00:00Z&se=2024-01-02&sig=x")
    assert azure is not None
    assert azure.starts == at(2024, 1, 1)


def test_the_seed_sample() -> None:
    (asset,) = msgspec.json.decode((DATA / "seed-sample.json").read_bytes())
    found = expiry(asset["asset"])
    assert found is not None
    assert found.ends == at(2023, 8, 26, 16, 28, 37)
    assert is_signed(asset["asset"])


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
    assert is_signed(HOST + query) is signed


@given(st.text())
def test_never_raises(text: str) -> None:
    expiry(text)
    expiry(HOST + text)
    is_signed(HOST + text)


USUAL = HOST + "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20230825T070837Z&X-Amz-Expires={}&X-Amz-Signature=0"


def test_the_first_end_of_several_links() -> None:
    assert earliest_end([]) is None
    assert earliest_end([None, 5, True, "lot.png", "https://a.example/b.png", HOST + "file=12"]) is None
    assert earliest_end([USUAL.format(120_000)]) == 1_693_067_317
    azure = HOST + "sv=1&se=2023-08-25T07:08:40Z&sig=x"
    assert earliest_end([USUAL.format(120_000), USUAL.format(60), "b.png"]) == 1_692_947_317 + 60
    assert earliest_end([USUAL.format(120_000), azure]) == 1_692_947_317 + 3


def test_a_text_that_names_a_link_is_no_link() -> None:
    assert earliest_end(["See " + USUAL.format(60)]) is None
    assert earliest_end(["ftp://a.example/b?X-Amz-Date=20230825T070837Z&X-Amz-Expires=60"]) is None


NAMES = st.sampled_from(
    [
        "X-Amz-Date",
        "x-amz-date",
        "X-Amz-Expires",
        "X-AMZ-EXPIRES",
        "X%2DAmz-Date",
        "X-Amz-Dates",
        "a",
        "",
        "X-Amz-Signature",
    ]
)
VALUES = st.sampled_from(
    ["=20230825T070837Z", "=60", "=120000", "=20231325T070837Z", "=999999999999", "", "=", "=a=b", "=%32", "=1#", "= 5"]
)


@given(st.lists(st.tuples(NAMES, VALUES), max_size=6), st.sampled_from(["https://s.example/a?", "http://s.example?a&"]))
def test_the_quick_way_says_what_the_thorough_one_says(members: list[tuple[str, str]], start: str) -> None:
    url = start + "&".join(name + value for name, value in members)
    found = expiry(url)
    assert earliest_end([url]) == (None if found is None else int(found.ends.timestamp()))


@given(st.text())
def test_the_end_of_anything_never_raises(text: str) -> None:
    earliest_end([text, HOST + text, "http" + text])
