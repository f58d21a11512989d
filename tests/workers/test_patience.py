from __future__ import annotations

import pytest

from viewer.workers.patience import (
    DELAYS,
    KIND_SECONDS,
    OPENING,
    START_DEATHS,
    DocumentPatience,
    KindPatience,
    StartPatience,
    other_engine,
)


def test_two_deaths_poison_a_page_and_only_it() -> None:
    patience = DocumentPatience()
    assert not patience.died(3, "")
    assert patience.died(3, "")
    assert patience.is_poisoned(3, "")
    assert not patience.is_poisoned(3, "pdfium")
    assert not patience.is_poisoned(4, "")


def test_the_user_may_ask_again() -> None:
    patience = DocumentPatience()
    for page in (3, 4, OPENING):
        patience.died(page, "")
        patience.died(page, "")
    patience.forgive(3)
    assert not patience.is_poisoned(3, "")
    assert not patience.is_poisoned(OPENING, "")
    assert patience.is_poisoned(4, "")
    assert patience.delay() == 0


def test_the_delay_grows_and_ends_with_success() -> None:
    patience = DocumentPatience()
    seen = [patience.delay()]
    for page in range(6):
        patience.died(page, "")
        seen.append(patience.delay())
    assert seen == [0.0, *DELAYS, 4.0, 4.0]
    patience.worked()
    assert patience.delay() == 0
    patience.died(1, "")
    assert patience.delay() == DELAYS[0]


@pytest.mark.parametrize(("times", "stopped"), [(range(5), True), (range(4), False), (range(0, 75, 15), False)])
def test_five_deaths_in_a_minute_stop_a_kind(times: range, stopped: bool) -> None:
    kinds = KindPatience()
    for time in times:
        kinds.died("pdf", float(time))
    assert kinds.is_stopped("pdf") is stopped
    assert not kinds.is_stopped("image")
    kinds.forgive("pdf")
    assert not kinds.is_stopped("pdf")


def test_only_pdf_has_another_engine() -> None:
    assert other_engine("pdf", "") == "pdfium"
    assert other_engine("pdf", "mupdf") == "pdfium"
    assert other_engine("pdf", "pdfium") == "mupdf"
    assert other_engine("image", "") == ""


def test_starts_wait_longer_each_time_and_then_it_is_told() -> None:
    patience = StartPatience()
    for death in range(START_DEATHS - 1):
        patience.died(10.0)
        assert patience.not_before == 10.0 + DELAYS[death]
        assert not patience.is_over
    patience.died(20.0)
    assert patience.is_over
    assert patience.not_before == 20.0 + KIND_SECONDS
    patience.forgive()
    assert patience.not_before == 0.0
    assert patience.is_over, "nothing came to life yet"


def test_a_start_that_worked_begins_a_new_row() -> None:
    patience = StartPatience()
    for _ in range(START_DEATHS):
        patience.died(0.0)
    patience.worked()
    assert not patience.is_over
    patience.died(5.0)
    assert patience.not_before == 5.0 + DELAYS[0]
