from __future__ import annotations

from concurrent.futures import CancelledError, Future, wait
from typing import Any

import pytest

from viewer.errors import DecodeError, FetchError, WorkerError
from viewer.workers.futures import as_error, cancel, clean, fresh, settle


def test_a_future_is_settled_once() -> None:
    future: Future[int] = Future()
    settle(future, 1)
    settle(future, 2)
    settle(future, None, ValueError())
    cancel(future)
    assert future.result(0) == 1


def test_an_error_is_raised() -> None:
    future: Future[int] = Future()
    settle(future, None, DecodeError("It is cut."))
    with pytest.raises(DecodeError, match="cut"):
        future.result(0)


def test_a_cancelled_future_stays_so_and_is_seen_by_waiters() -> None:
    future: Future[int] = Future()
    cancel(future)
    cancel(future)
    settle(future, 1)
    assert wait([future], 0).done == {future}
    mine: Future[int] = Future()
    mine.cancel()
    settle(mine, 1)
    assert mine.cancelled()


def test_a_worker_s_sentence_has_one_line() -> None:
    assert clean("a\nb\x1b[31m‮c") == "a b [31m c"
    assert clean("") == "This could not be read."


@pytest.mark.parametrize(
    "error", [FetchError("Gone.", code="gone"), DecodeError("Cut.", code="TooLarge"), WorkerError("It stopped.")]
)
def test_a_fresh_error_is_the_same_without_frames(error: Any) -> None:
    with pytest.raises(type(error)):
        raise error
    copy = fresh(error)
    assert (type(copy), str(copy), copy.code) == (type(error), str(error), error.code)  # type: ignore[attr-defined]
    assert copy.__traceback__ is None
    assert copy is not error


def test_an_error_that_cannot_be_copied() -> None:
    class OddError(Exception):
        def __init__(self, one: str, two: str) -> None:
            super().__init__(one)

    assert str(fresh(OddError("a", "b"))) == "a"


def test_what_providers_raise(caplog: pytest.LogCaptureFixture) -> None:
    own = FetchError("Gone.", code="gone")
    assert as_error(own) is own
    missing = as_error(FileNotFoundError(2, "No such file or directory", "/home/me/secret"))
    assert isinstance(missing, FetchError)
    assert (missing.code, str(missing)) == ("not-found", "The file cannot be read: No such file or directory.")
    cancelled = as_error(CancelledError())
    assert isinstance(cancelled, FetchError)
    assert cancelled.code == "cancelled"
    bug = as_error(KeyError("x"))
    assert isinstance(bug, FetchError)
    assert (bug.code, "KeyError" in str(bug)) == ("server", True)
    assert "KeyError" in caplog.text
