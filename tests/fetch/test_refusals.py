from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.fetch.presign import Expiry
from viewer.fetch.refusals import read_refusal, server_time

NOW = datetime(2024, 9, 2, 12, tzinfo=UTC)


@given(
    st.integers(100, 599),
    st.dictionaries(st.sampled_from(["date", "retry-after", "x-ms-error-code"]), st.text()),
    st.binary(),
)
def test_any_answer_has_a_sentence(status: int, headers: dict[str, str], body: bytes) -> None:
    refusal = read_refusal(status, headers, body, name="a.png", host="store.test", expiry=None, now=NOW)
    assert str(refusal.error)
    assert refusal.after_s is None or refusal.after_s >= 0


def test_nothing_but_code_and_dates_is_taken_from_the_body() -> None:
    body = b"<Code>CANARY%&amp;</Code><Message>CANARY</Message><StringToSign>CANARY</StringToSign>"
    refusal = read_refusal(403, {}, body, name="a.png", host="store.test", expiry=None, now=NOW)
    assert "CANARY" not in str(refusal.error)


def test_azures_not_valid_yet_is_no_expiry() -> None:
    early = Expiry(datetime(2030, 1, 1, tzinfo=UTC), starts=datetime(2029, 1, 1, tzinfo=UTC))
    body = b"<Code>AuthenticationFailed</Code>Signature not valid in the specified time frame"
    refusal = read_refusal(403, {}, body, name="a.png", host="store.test", expiry=early, now=NOW)
    assert refusal.error.code == "refused"


@pytest.mark.parametrize(
    ("wish", "seconds"),
    [("7", 7.0), ("Mon, 02 Sep 2024 12:00:30 GMT", 30.0), ("Mon, 02 Sep 2024 11:00:00 GMT", 0.0), ("soon", None)],
)
def test_retry_after(wish: str, seconds: float | None) -> None:
    headers = {"retry-after": wish, "date": "Mon, 02 Sep 2024 12:00:00 GMT"}
    refusal = read_refusal(503, headers, b"", name="a.png", host="store.test", expiry=None, now=NOW)
    assert (refusal.is_passing, refusal.after_s) == (True, seconds)


def test_the_servers_clock() -> None:
    assert server_time({"date": "Mon, 02 Sep 2024 12:00:00 GMT"}) == NOW
    assert server_time({"date": "yesterday"}) is None
    assert server_time({}) is None


@pytest.mark.parametrize(("date", "code"), [("Mon, 02 Sep 2024 12:00:00 GMT", "refused"), ("", "expired")])
def test_the_server_knows_better_whether_a_link_has_ended(date: str, code: str) -> None:
    ends = Expiry(datetime(2024, 9, 2, 18, tzinfo=UTC))
    wrong = datetime(2024, 9, 3, 12, tzinfo=UTC)  # this computer's clock is a day ahead
    body = b"<Code>AccessDenied</Code>"
    refusal = read_refusal(403, {"date": date}, body, name="a.png", host="store.test", expiry=ends, now=wrong)
    assert refusal.error.code == code


@pytest.mark.parametrize(("status", "is_busy"), [(429, True), (503, True), (500, False), (408, False)])
def test_busy_servers_are_told_apart(status: int, is_busy: bool) -> None:
    refusal = read_refusal(status, {}, b"", name="a.png", host="store.test", expiry=None, now=NOW)
    assert (refusal.is_passing, refusal.is_busy) == (True, is_busy)
