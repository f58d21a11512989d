from __future__ import annotations

from concurrent.futures import CancelledError, Future
from typing import Any

import pytest

from tests.workers.still_office import StillOffice
from viewer.errors import DecodeError
from viewer.workers import Opened
from viewer.workers.endings import Outcome, cancel_all, settle_all
from viewer.workers.waiting import Request

OPENED = Opened("image", 3)


@pytest.fixture
def office() -> Any:
    return StillOffice()


def test_everyone_gets_the_error_without_the_lock(office: Any) -> None:
    futures: list[Future[Any]] = [Future(), Future()]
    request = Request(("info", 1), "info", "ask", 1, futures=list(futures))
    settle_all(office, request, DecodeError("No.", code="Corrupt"))
    assert request.futures == []
    assert not any(future.done() for future in futures), "their callbacks are foreign code"
    office.run()
    assert [str(future.exception(0)) for future in futures] == ["No.", "No."]


def test_without_an_error_it_is_cancelled(office: Any) -> None:
    future: Future[Any] = Future()
    cancel_all(office, Request(("info", 1), "info", "ask", 1, futures=[future]))
    cancel_all(office, None)
    office.run()
    with pytest.raises(CancelledError):
        future.result(0)


def test_who_asks_before_and_after_gets_the_same(office: Any) -> None:
    outcome = Outcome(office)
    before, after = Future[Opened](), Future[Opened]()
    outcome.tell(before)
    outcome.opened(OPENED)
    office.run()
    outcome.tell(after)
    assert before.result(0) is after.result(0) is OPENED


def test_a_failure_is_told_until_another_attempt_begins(office: Any) -> None:
    outcome = Outcome(office)
    before, after, next_one = Future[Opened](), Future[Opened](), Future[Opened]()
    outcome.tell(before)
    outcome.failed(DecodeError("No.", code="Corrupt"))
    office.run()
    outcome.tell(after)
    assert [str(future.exception(0)) for future in (before, after)] == ["No.", "No."]
    assert before.exception(0) is not after.exception(0)
    outcome.forget_failure()
    outcome.tell(next_one)
    assert not next_one.done()
    outcome.opened(OPENED)
    office.run()
    assert next_one.result(0) is OPENED


def test_what_was_opened_once_stays_so(office: Any) -> None:
    outcome, future = Outcome(office), Future[Opened]()
    outcome.opened(OPENED)
    outcome.failed(DecodeError("No.", code="Corrupt"))
    outcome.forget_failure()
    outcome.tell(future)
    assert future.result(0) is OPENED


def test_nobody_waits_for_ever(office: Any) -> None:
    outcome, future = Outcome(office), Future[Opened]()
    outcome.tell(future)
    outcome.cancel()
    office.run()
    assert future.cancelled()
