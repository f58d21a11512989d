"""Words for sizes, speeds and waits."""

from __future__ import annotations

import pytest

from tests.ui.transfers.conftest import queue_of, transfer
from viewer.ui.transfers import texts


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 KB"), (262_144, "262 KB"), (4_100_000, "4.1 MB"), (38_000_000, "38 MB"), (9_960_000, "10 MB"),
     (2_300_000_000, "2.3 GB"), (21_474_836_480, "21 GB")],
)  # fmt: skip
def test_sizes(count: int, words: str) -> None:
    assert texts.size(count) == words.replace("10 MB", "10.0 MB")


def test_an_amount_names_its_unit_once() -> None:
    assert texts.amount(4_100_000, 38_000_000) == "4.1 of 38 MB"
    assert texts.amount(262_144, 3_700_000) == "262 KB of 3.7 MB"
    assert texts.amount(4_100_000, None) == "4.1 MB"


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (99, "99 s"), (100, "2 min"), (5_940, "99 min"), (7_500, "2 h 5 min")]
)
def test_durations(seconds: float, words: str) -> None:
    assert texts.duration(seconds) == words


def test_what_stands_on_the_canvas() -> None:
    assert texts.canvas_words(transfer()) == "Fetching lot_0231.jpg, 4.1 of 38 MB"
    assert texts.canvas_words(transfer(received=0)) == "Fetching lot_0231.jpg"
    assert texts.canvas_words(transfer(state="waiting")) == ""
    assert "paused" in texts.canvas_words(transfer(state="paused"))
    busy = texts.canvas_words(transfer(retry_in_s=12.2, is_busy=True, sentence="…"))
    assert busy.endswith("\nThe server asks to wait 12 s, then it is tried again.")
    assert texts.canvas_words(transfer(retry_in_s=3.0)).endswith("\nIt is tried again in 3 s.")


@pytest.mark.parametrize(
    ("state", "words"),
    [("running", "4.1 of 38 MB · 2.2 MB/s"), ("paused", "Paused · 4.1 of 38 MB"), ("waiting", "Waiting"),
     ("done", "38 MB"), ("cancelled", "Cancelled"), ("failed", "shop.test refused lot_0231.jpg (403).")],
)  # fmt: skip
def test_the_line_of_a_row(state: str, words: str) -> None:
    assert texts.row_words(transfer(state=state)) == words


def test_the_line_of_a_row_while_all_are_paused_or_nothing_came() -> None:
    assert texts.row_words(transfer(state="waiting"), is_paused=True) == "Paused"
    assert texts.row_words(transfer(received=0)) == "Asking the server…"
    assert texts.row_words(transfer(bytes_per_s=0.0)) == "4.1 of 38 MB"
    assert texts.row_words(transfer(retry_in_s=12, is_busy=True)).startswith("The server asks")


def test_what_is_left() -> None:
    assert texts.left_words(transfer()) == "15 s left"
    assert texts.left_words(transfer(total=None)) == ""
    assert texts.left_words(transfer(state="paused")) == ""
    assert texts.all_left_words(queue_of(transfer(), transfer("b"))) == "15 s left"
    assert texts.all_left_words(queue_of(transfer(), transfer("b", "waiting"))) == ""
    assert texts.all_left_words(queue_of(transfer()), further=3) == ""


def test_all_together() -> None:
    report = queue_of(transfer(), transfer("b", "waiting"), transfer("c", "done"))
    assert texts.total_words(report, 38) == "38 of 40 files · 2.2 MB/s"
    assert texts.total_words(report, 38, further=372) == "38 of 412 files · 2.2 MB/s"
    assert texts.total_words(queue_of(transfer("b", "waiting"), is_paused=True), 1) == "1 of 2 files · paused"
    assert texts.total_words(queue_of(transfer("c", "done")), 1) == ""
    assert texts.share(report, 38) == pytest.approx((38 + 4.1 / 38) / 40)
    assert texts.share(queue_of(), 0) == 1.0


@pytest.mark.parametrize(
    ("states", "words"),
    [((), ""), (("done",), ""), (("running",), "1 transfer"), (("running", "waiting", "failed"), "2 transfers"),
     (("failed",), "1 transfer failed"), (("failed", "failed"), "2 transfers failed")],
)  # fmt: skip
def test_counts(states: tuple[str, ...], words: str) -> None:
    assert texts.count_words(queue_of(*(transfer(str(n), state) for n, state in enumerate(states)))) == words


def test_counts_while_all_are_paused() -> None:
    words = {0: "Transfers are paused", 1: "1 transfer paused", 2: "2 transfers paused"}
    for count, said in words.items():
        waiting = (transfer(str(n), "waiting") for n in range(count))
        assert texts.count_words(queue_of(*waiting, is_paused=True)) == said


def test_no_query_is_shown() -> None:
    one = transfer("a.jpg", "failed", sentence="https://x.test/a.jpg?X-Amz-Signature=canary\nis gone")
    for words in (texts.row_words(one), texts.spoken(one)):
        assert "canary" not in words
        assert "\n" not in words
