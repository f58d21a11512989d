"""What becomes of a document whose worker crashes, hangs, eats memory or lies."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, wait
from pathlib import Path
from typing import Any

import pytest

from tests.workers.conftest import SOON, Bell, gone
from viewer import limits
from viewer.decoders.base import Hints
from viewer.errors import DecodeError, WorkerError
from viewer.workers import DocumentClient, Pool, protocol

Orders = Callable[..., Path]
MakePool = Callable[..., Pool]

LIES: dict[str, Any] = {
    "no message": b"\xff\xfe garbage",
    "pickle": b"\x80\x04\x95\x0c\x00\x00\x00\x00\x00\x00\x00\x8c\x08builtins\x94.",
    "empty": b"",
    "too long": b"\0" * (limits.MESSAGE_BYTES + 1),
    "of the window": protocol.encode(protocol.Cancel(1)),
    "to nothing": protocol.encode(protocol.Finished(1 << 50, False)),
    "ready twice": protocol.encode(protocol.Ready("x")),
    "closed": protocol.encode(protocol.Closed(1)),
}


def pixel(client: DocumentClient, page: int, **how: Any) -> int:
    """The number of the page as the stub draws it into its pixels."""
    answer = client.render(page, **how).result(SOON)
    assert answer.pixels.shape == (16, 32, 4)
    value = int(answer.pixels[0, 0, 0])
    assert (answer.pixels[..., :3] == value).all()
    return value


def sentence(future: Any) -> str:
    with pytest.raises(WorkerError) as caught:
        future.result(SOON)
    assert caught.value.code == "Internal"
    return str(caught.value)


MISDEEDS = {
    "segv": ("segv", "stopped (signal 11)"),
    "abort": ("abort", "stopped (signal 6)"),
    "exit 0": ("exit", "stopped (exit status 0)"),
    "hang": ("hang", "did not answer within 2 s"),
    "10 GB": ("eat", "needed more than 0.3 GB of memory"),
    **{name: (f"say {raw.hex()}", "gave an answer that makes no sense") for name, raw in LIES.items()},
    "half a message": ("write 00000100aa", "did not answer within 2 s"),
}
EVERYWHERE = [(name, place) for name in ("segv", "exit 0", "hang", "pickle") for place in ("open", "info 2")]


@pytest.mark.parametrize(("name", "place"), [*((name, "2") for name in MISDEEDS), *EVERYWHERE])
def test_the_page_says_it_and_the_next_try_shows_it(
    make_pool: MakePool, orders: Orders, tmp_path: Path, name: str, place: str
) -> None:
    misdeed, words = MISDEEDS[name]
    hangs = name in ("hang", "half a message")
    budgets = dict.fromkeys(("tile", "image", "open") if hangs else (), 2.0)
    pool = make_pool(memory=300 * limits.MB) if name == "10 GB" else make_pool(**budgets)
    flag = tmp_path / "flag"
    flag.touch()
    client = pool.open_paths([orders(pages=4, **{place.replace(" ", "_"): f"once {flag} {misdeed}"})])
    question = client.info(2) if place == "info 2" else client.render(2)
    what = "This file could not be opened: the " if place == "open" else "This page could not be shown: the image "
    assert sentence(question) == f"{what}{'file ' if place == 'open' else ''}reader {words}. Labels are kept."
    assert not flag.exists()
    assert pixel(client, 2) == 2
    assert client.opened.result(SOON).page_count == 4


def test_other_pages_are_shown_at_once(pool: Pool, orders: Orders) -> None:
    client = pool.open_paths([orders(pages=4, _2="segv")])
    assert pixel(client, 1) == 1
    assert "signal 11" in sentence(client.render(2))
    assert pixel(client, 3) == 3
    assert pixel(client, 1) == 1


@pytest.mark.parametrize("how", ["kill", "hang"])
@pytest.mark.parametrize("place", ["open", "2"])
def test_killed_or_hung_at_work(make_pool: MakePool, orders: Orders, bell: Bell, how: str, place: str) -> None:
    """`open` and a page, from outside and by the limit; the page named is the one that comes back."""
    pool = make_pool() if how == "kill" else make_pool(open=2.0, image=2.0)
    client = pool.open_paths([orders(pages=4, **{place: f"once {bell.path}.go hang {bell}"})])
    if place == "2":
        assert pixel(client, 1) == 1
    answer = client.render(2)
    bell.wait()
    pid = client.worker_pid
    assert pid in pool.pids()
    if how == "kill":
        os.kill(pid, signal.SIGKILL)
        assert "signal 9" in sentence(answer)
    else:
        assert "did not answer within 2 s" in sentence(answer)
    assert gone(pid)
    assert pixel(client, 2) == 2
    assert client.worker_pid != pid


def test_a_worker_that_keeps_the_interpreter_is_killed_too(make_pool: MakePool, orders: Orders, bell: Bell) -> None:
    pool = make_pool(image=2.0)
    client = pool.open_paths([orders(pages=4, _2=f"spin {bell}")])
    assert "did not answer" in sentence(client.render(2))
    assert pixel(client, 1) == 1


def test_killed_between_requests_is_told_and_not_felt(make_pool: MakePool, orders: Orders) -> None:
    told: queue.SimpleQueue[str] = queue.SimpleQueue()
    pool = make_pool(on_notice=told.put)
    client = pool.open_paths([orders(pages=4)])
    assert pixel(client, 2) == 2
    pid = client.worker_pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert told.get(timeout=SOON) == "The image reader stopped (signal 9) and is started again when it is needed."
    assert pixel(client, 2) == 2
    assert client.worker_pid not in (None, pid)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGSTOP")
def test_hung_between_requests_is_found_out_and_not_felt(make_pool: MakePool, orders: Orders) -> None:
    pool = make_pool(trust=0.0, answer=0.4)
    client = pool.open_paths([orders(pages=4)])
    for _ in range(3):
        assert pixel(client, 2) == 2
        pid = client.worker_pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        assert pixel(client, 3) == 3
        assert gone(pid)


def test_a_spare_that_died_unseen_costs_nobody_an_answer(make_pool: MakePool, orders: Orders) -> None:
    pool = make_pool(trust=0.0, answer=0.4)
    first = pool.open_paths([orders()])
    assert pixel(first, 0) == 0
    first.close()
    for pid in pool.pids():
        os.kill(pid, signal.SIGSTOP)
    client = pool.open_paths([orders(pages=4)])
    assert pixel(client, 2) == 2


def test_two_deaths_poison_the_page_until_the_user_asks(pool: Pool, orders: Orders) -> None:
    client = pool.open_paths([orders(pages=4, _2="segv")])
    for _ in range(2):
        assert "signal 11" in sentence(client.render(2))
    assert pixel(client, 1) == 1
    pids = pool.pids()
    for question in (client.render(2), client.info(2), client.render(2, scale=2.0)):
        assert "twice" in sentence(question)
    assert pool.pids() == pids, "a poisoned page must not cost a worker"
    assert pixel(client, 1) == 1
    assert "signal 11" in sentence(client.render(2, retry=True))


def test_a_poisoned_file_stays_closed_until_the_user_asks(pool: Pool, orders: Orders, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    client = pool.open_paths([orders(open=f"once {flag} segv")])
    for _ in range(2):
        flag.touch()
        assert "could not be opened" in sentence(client.render(0))
    assert "twice" in sentence(client.render(0))
    assert "could not be opened" in sentence(client.opened)
    assert client.reopen().result(SOON).page_count == 1
    assert pixel(client, 0) == 0


def test_a_pdf_is_given_to_the_other_engine(pool: Pool, orders: Orders) -> None:
    path = orders(kind="pdf", pages=4, _2={"": "segv"})
    client = pool.open_paths([path])
    assert client.engine == ""
    for _ in range(2):
        assert "PDF reader stopped (signal 11)" in sentence(client.render(2))
    assert pixel(client, 2) == 2
    assert client.engine == "pdfium"
    assert pixel(client, 1) == 1


def test_both_engines_may_die(make_pool: MakePool, orders: Orders) -> None:
    client = make_pool().open_paths([orders(kind="pdf", pages=4, _2="segv")], Hints(engine="pdfium"))
    for _ in range(4):
        assert "signal 11" in sentence(client.render(2))
    assert client.engine == "mupdf"
    assert "twice" in sentence(client.render(2))
    assert pixel(client, 1) == 1


def test_five_deaths_in_a_minute_stop_the_kind(pool: Pool, orders: Orders) -> None:
    client = pool.open_paths([orders(pages=9, **{f"_{page}": "segv" for page in range(5)})])
    for page in range(5):
        assert "signal 11" in sentence(client.render(page))
    assert "5 times within a minute" in sentence(client.render(7))
    another = pool.open_paths([orders(pages=2)])
    assert "5 times within a minute" in sentence(another.render(1))
    asked = pool.open_paths([orders(pages=2)])
    asked.reopen().result(SOON)  # the user asks for a file whose kind nobody knows yet
    assert pixel(asked, 1) == 1
    assert pixel(client, 8) == 8


def test_a_retry_starts_a_kind_again_that_was_stopped(pool: Pool, orders: Orders) -> None:
    client = pool.open_paths([orders(pages=9, **{f"_{page}": "segv" for page in range(5)})])
    for page in range(5):
        sentence(client.render(page))
    assert "5 times within a minute" in sentence(client.render(7))
    assert pixel(client, 7, retry=True) == 7
    assert pixel(client, 8) == 8


def test_what_a_decoder_refuses_costs_no_worker(pool: Pool, orders: Orders) -> None:
    path = orders(pages=4, _1="raise TooLarge It is too large.", _2="bug", samples_0="raise Corrupt No values.")
    client = pool.open_paths([path])
    client.opened.result(SOON)
    pids = pool.pids()
    for future, code, words in (
        (client.render(1), "TooLarge", "It is too large."),
        (client.samples(0), "Corrupt", "No values."),
        (client.info(4), "Corrupt", "There is no page 4 here: the last one is 3."),
    ):
        with pytest.raises(DecodeError) as caught:
            future.result(SOON)
        assert (caught.value.code, str(caught.value)) == (code, words)
        assert not isinstance(caught.value, WorkerError)
    with pytest.raises(DecodeError, match=r"image reader failed .*KeyError") as caught:
        client.render(2).result(SOON)
    assert caught.value.code == "Internal"
    assert pixel(client, 3) == 3
    assert set(pids) <= set(pool.pids())


def test_a_file_that_cannot_be_opened_says_so_for_every_page(pool: Pool, orders: Orders, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    flag.touch()
    client = pool.open_paths([orders(open=f"once {flag} raise Encrypted It has a password.")])
    first = client.render(0)
    for future in (client.opened, first, client.render(0), client.info(0)):
        with pytest.raises(DecodeError, match=r"It has a password\.") as caught:
            future.result(SOON)
        assert caught.value.code == "Encrypted"
    assert pixel(client, 0, retry=True) == 0
    assert client.opened.result(SOON).page_count == 1


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_DATA")
def test_memory_that_is_asked_for_at_once_is_refused(make_pool: MakePool, orders: Orders) -> None:
    pool = make_pool(memory=700 * limits.MB)
    client = pool.open_paths([orders(pages=4, _2=f"array {2 << 30}")])
    with pytest.raises(DecodeError, match=r"more memory than the 0\.7 GB") as caught:
        client.render(2).result(SOON)
    assert caught.value.code == "OutOfMemory"
    assert pixel(client, 1) == 1


def test_what_libraries_print_is_only_a_log_line(
    pool: Pool, orders: Orders, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "viewer.workers")
    client = pool.open_paths([orders(pages=4, _2="print MuPDF: cannot find object")])
    assert pixel(client, 2) == 2
    assert pixel(client, 3) == 3
    pool.close()
    assert capfd.readouterr() == ("", "")
    assert "cannot find object" in caplog.text


def test_a_worker_that_talks_without_end_is_ended(pool: Pool, orders: Orders) -> None:
    note = protocol.encode(protocol.Note("x")).hex()
    client = pool.open_paths([orders(pages=4, _2=f"flood {note}")])
    assert "no sense" in sentence(client.render(2))


def test_pixels_outlive_their_worker(pool: Pool, orders: Orders) -> None:
    client = pool.open_paths([orders(pages=4, _2="segv")])
    answers = [client.render(page, scale=scale).result(SOON) for page in (0, 1, 3) for scale in (1.0, 2.0)]
    sentence(client.render(2))
    assert pixel(client, 0) == 0
    client.close()
    pool.close()
    assert [int(answer.pixels[0, 0, 0]) for answer in answers] == [0, 0, 1, 1, 3, 3]


@pytest.mark.parametrize("then", ["close", "ask"])
def test_a_death_that_nobody_saw_yet(pool: Pool, orders: Orders, then: str) -> None:
    """What is sent to a process that is gone: no exception, and nobody gets the blame."""
    client = pool.open_paths([orders(pages=4)])
    assert pixel(client, 2) == 2
    pid = client.worker_pid
    assert pid is not None
    with pool.lock:  # the pool cannot look now
        os.kill(pid, signal.SIGKILL)
        assert gone(pid)
        if then == "close":
            client.close()
            assert client.worker_pid is None
        else:
            answer = client.render(3)
    if then == "ask":
        assert answer.result(SOON).pixels[0, 0, 0] == 3
    other = pool.open_paths([orders(pages=4)])
    assert pixel(other, 1) == 1


def test_closing_while_a_worker_dies(pool: Pool, orders: Orders, bell: Bell) -> None:
    client = pool.open_paths([orders(pages=4, _2=f"hang {bell}")])
    answer = client.render(2)
    bell.wait()
    pid = client.worker_pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    client.close()
    wait([answer], SOON)
    with contextlib.suppress(CancelledError, WorkerError):
        answer.result(0)
    assert gone(pid)
    assert threading.active_count() < 20
