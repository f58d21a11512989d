from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.workers.still_office import StillOffice
from viewer.errors import FetchError
from viewer.workers.providing import provide


def desk(brought: list[Any], answer: Callable[[], Future[Any]]) -> Any:
    parts = (SimpleNamespace(provide=answer),)
    return SimpleNamespace(
        parts=parts, is_closed=False, attempt=3, bringing={}, brought=lambda *what: brought.append(what)
    )


def test_the_file_comes_as_a_descriptor(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x")
    brought: list[Any] = []
    future: Future[Path] = Future()
    asking = desk(brought, lambda: future)
    provide(StillOffice(), asking, 0, 3)  # type: ignore[arg-type]
    assert asking.bringing == {0: future}
    assert brought == []
    future.set_result(path)
    [(part, attempt, descriptor, error, stream)] = brought
    assert (part, attempt, error, stream) == (0, 3, None, None)
    assert os.read(descriptor, 9) == b"x"
    os.close(descriptor)


@pytest.mark.parametrize("how", ["raised", "answered"])
def test_what_the_provider_raises_comes_unchanged(how: str) -> None:
    problem = FetchError("The server says no.", code="refused")

    def answer() -> Future[Path]:
        if how == "raised":
            raise problem
        future: Future[Path] = Future()
        future.set_exception(problem)
        return future

    brought: list[Any] = []
    provide(StillOffice(), desk(brought, answer), 0, 3)  # type: ignore[arg-type]
    assert brought == [(0, 3, -1, problem, None)]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    future: Future[Path] = Future()
    future.set_result(tmp_path / "a")
    brought: list[Any] = []
    provide(StillOffice(), desk(brought, lambda: future), 0, 3)  # type: ignore[arg-type]
    error = brought[0][3]
    assert isinstance(error, FetchError)
    assert error.code == "not-found"


def test_of_an_older_attempt_it_is_given_up() -> None:
    office, future, brought = StillOffice(), Future[Path](), []
    asking = desk(brought, lambda: future)
    provide(office, asking, 0, 2)  # type: ignore[arg-type]
    assert asking.bringing == {}
    [cancel] = office.effects
    cancel()
    assert future.cancelled()
    assert isinstance(brought[0][3], FetchError)


def test_a_closed_document_asks_for_nothing() -> None:
    asking = desk([], lambda: pytest.fail("asked"))
    asking.is_closed = True
    provide(StillOffice(), asking, 0, 3)  # type: ignore[arg-type]
