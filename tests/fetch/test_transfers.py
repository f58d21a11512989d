"""The queue: order, places, pausing, cancelling, failing. The fetch is a gate that each test opens as it likes."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.make.fault_server import reply, serving, status
from viewer.errors import FetchError
from viewer.fetch import Address, Sources
from viewer.fetch.body import Progress
from viewer.fetch.call import cancelled_error
from viewer.fetch.client import OnWait, Patience, Wait
from viewer.fetch.transfer import Priority, TransferReport
from viewer.fetch.transfers import Transfers


def a(name: str, host: str = "store.test") -> Address:
    return Address(url=f"https://{host}/{name}")


class Gate:
    """A fetch that waits until it is told how it ends."""

    def __init__(self) -> None:
        self.began: list[str] = []
        self._news = threading.Condition()
        self._ends: dict[str, Any] = {}
        self._running: dict[str, tuple[Progress, OnWait]] = {}

    def __call__(
        self, address: Address, on_progress: Progress, cancelled: Callable[[], bool], *, on_wait: OnWait
    ) -> Path:
        name = address.name
        with self._news:
            self.began.append(name)
            self._running[name] = (on_progress, on_wait)
            self._news.notify_all()
            while name not in self._ends and not cancelled():
                self._news.wait(0.01)
            del self._running[name]
            if name not in self._ends:
                raise cancelled_error()
            end = self._ends.pop(name)
        if isinstance(end, BaseException):
            raise end
        return Path(name)

    def end(self, name: str, how: Any = None) -> None:
        with self._news:
            self._ends[name] = how
            self._news.notify_all()

    def finish(self, name: str, how: Any = None) -> None:
        """End one, and go on when it has ended."""
        self.end(name, how)
        self.until(lambda: name not in self._ends)

    def wait_for(self, *names: str) -> None:
        """Until exactly these run."""
        self.until(lambda: set(self._running) == set(names))

    def until(self, condition: Callable[[], bool]) -> None:
        until = time.monotonic() + 20
        with self._news:
            while not condition():
                assert time.monotonic() < until, (self._running, self.began)
                self._news.wait(0.01)

    def progress(self, name: str, received: int, total: int) -> None:
        self._running[name][0](received, total)

    def wait(self, name: str, wait: Wait) -> None:
        self._running[name][1](wait)


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def queue(gate: Gate) -> Iterator[Callable[..., Transfers]]:
    made: list[Transfers] = []

    def make(**options: Any) -> Transfers:
        made.append(Transfers(gate, **{"jobs": 1, "reserved": 0, **options}))
        return made[-1]

    yield make
    for transfers in made:
        transfers.close()


def states(transfers: Transfers) -> dict[str, str]:
    return {report.name: report.state for report in transfers.report().transfers}


def only(transfers: Transfers) -> TransferReport:
    (report,) = transfers.report().transfers
    return report


def key(transfers: Transfers, name: str) -> str:
    return next(report.key for report in transfers.report().transfers if report.name == name)


def run_out(transfers: Transfers, gate: Gate) -> list[str]:
    """Let the rest end one by one; the order in which they began."""
    seen = len(gate.began)
    while transfers.report().unfinished:
        gate.until(lambda: bool(gate._running) or not transfers.report().unfinished)
        for name in list(gate._running):
            gate.finish(name)
    return gate.began[seen:]


def test_what_is_visible_comes_first(gate: Gate, queue: Callable[..., Transfers]) -> None:
    transfers = queue()
    transfers.want(a("first"))
    gate.wait_for("first")
    for name, priority in (
        ("rest", Priority.REST),
        ("compared", Priority.COMPARED),
        ("neighbour", Priority.NEIGHBOUR),
        ("visible", Priority.VISIBLE),
        ("rest 2", Priority.REST),
    ):
        transfers.want(a(name), priority)
    assert run_out(transfers, gate) == ["visible", "neighbour", "compared", "rest", "rest 2"]
    assert transfers.report().counts == {"done": 6}


def test_one_that_is_wanted_more_moves_up(gate: Gate, queue: Callable[..., Transfers]) -> None:
    transfers = queue()
    futures = [transfers.want(a(name)) for name in ("first", "second", "third")]
    gate.wait_for("first")
    assert transfers.want(a("third"), Priority.VISIBLE) is futures[2]
    transfers.want(a("third"), Priority.REST)
    assert run_out(transfers, gate) == ["third", "second"]
    assert [future.result(timeout=20) for future in futures] == [Path("first"), Path("second"), Path("third")]


def test_who_looks_elsewhere_changes_the_order(gate: Gate, queue: Callable[..., Transfers]) -> None:
    transfers = queue()
    transfers.want(a("first"))
    gate.wait_for("first")
    dropped = transfers.want(a("dropped"), Priority.NEIGHBOUR, asked=False)
    transfers.want(a("asked"), Priority.NEIGHBOUR)
    transfers.focus(visible=[a("seen")], neighbours=[a("next"), a("seen")], compared=[a("changed")])
    assert dropped.cancelled()
    assert run_out(transfers, gate) == ["seen", "next", "changed", "asked"]


def test_one_place_is_kept_for_what_is_visible(gate: Gate, queue: Callable[..., Transfers]) -> None:
    transfers = queue(jobs=3, reserved=1)
    for name in ("one", "two", "three"):
        transfers.want(a(name))
    gate.wait_for("one", "two")
    transfers.want(a("visible"), Priority.VISIBLE)
    gate.wait_for("one", "two", "visible")
    assert states(transfers)["three"] == "waiting"


def test_so_many_from_one_server(gate: Gate, queue: Callable[..., Transfers]) -> None:
    transfers = queue(jobs=4, per_host=2)
    for name in ("one", "two", "three"):
        transfers.want(a(name))
    transfers.want(a("other", "other.test"))
    gate.wait_for("one", "two", "other")
    gate.wait("one", Wait(0.0, FetchError("busy"), "store.test", is_busy=True))
    gate.end("one")
    gate.wait_for("two", "other")
    gate.end("two")
    gate.wait_for("three", "other")


def test_all_pause_and_resume(gate: Gate, queue: Callable[..., Transfers]) -> None:
    transfers = queue(jobs=2)
    future = transfers.want(a("one"))
    transfers.want(a("two"))
    gate.wait_for("one", "two")
    transfers.pause()
    gate.wait_for()
    gate.until(lambda: states(transfers) == {"one": "waiting", "two": "waiting"})
    assert transfers.report().is_paused
    transfers.want(a("visible"), Priority.VISIBLE)
    gate.wait_for("visible")
    transfers.resume()
    gate.end("visible")
    gate.wait_for("one", "two")
    gate.end("one")
    assert future.result(timeout=20) == Path("one"), "the same future before and after"


def test_one_pauses_and_resumes(gate: Gate, queue: Callable[..., Transfers]) -> None:
    transfers = queue()
    for name in ("one", "two"):
        transfers.want(a(name))
    gate.wait_for("one")
    transfers.pause(key(transfers, "one"))
    gate.wait_for("two")
    assert states(transfers) == {"one": "paused", "two": "running"}
    transfers.pause(key(transfers, "two"))
    gate.wait_for()
    transfers.resume(key(transfers, "two"))
    gate.wait_for("two")
    gate.end("two")
    gate.until(lambda: states(transfers)["two"] == "done")
    assert gate.began == ["one", "two", "two"]
    transfers.resume()
    gate.wait_for("one")


def test_cancelling_ends_what_waits_and_what_runs(gate: Gate, queue: Callable[..., Transfers]) -> None:
    transfers = queue()
    running, waiting = transfers.want(a("one")), transfers.want(a("two"))
    gate.wait_for("one")
    transfers.cancel(key(transfers, "two"))
    assert waiting.cancelled()
    transfers.cancel()
    gate.until(lambda: states(transfers) == {"one": "cancelled", "two": "cancelled"})
    gate.until(running.cancelled)
    transfers.retry(key(transfers, "one"))
    gate.wait_for("one")
    assert states(transfers)["two"] == "cancelled"
    transfers.forget_finished()
    assert states(transfers) == {"one": "running"}


def test_order_by_hand(gate: Gate, queue: Callable[..., Transfers]) -> None:
    transfers = queue()
    for name in ("first", "one", "two", "three"):
        transfers.want(a(name))
    gate.wait_for("first")
    transfers.move(key(transfers, "three"), before=key(transfers, "two"))
    transfers.move(key(transfers, "one"), before=None)
    transfers.move("none", before=None)
    assert [report.name for report in transfers.report().transfers] == ["first", "three", "two", "one"]
    assert run_out(transfers, gate) == ["three", "two", "one"]


def test_progress_and_what_it_waits_for(gate: Gate, queue: Callable[..., Transfers]) -> None:
    transfers = queue()
    transfers.want(a("one"))
    gate.wait_for("one")
    gate.progress("one", 4_100_000, 38_000_000)
    report = transfers.report()
    assert (report.received, only(transfers).received, only(transfers).total) == (4_100_000, 4_100_000, 38_000_000)
    gate.wait("one", Wait(1000.0, FetchError("store.test is too busy."), "store.test"))
    assert only(transfers).sentence == "store.test is too busy."
    assert 900 < (only(transfers).retry_in_s or 0) <= 1000
    gate.progress("one", 4_200_000, 38_000_000)
    assert (only(transfers).sentence, only(transfers).retry_in_s) == ("", None)


def test_a_refusal_fails_at_once_and_can_be_tried_again(gate: Gate, queue: Callable[..., Transfers]) -> None:
    transfers = queue()
    failed = transfers.want(a("one"))
    transfers.want(a("two"))
    gate.end("one", FetchError("The link expired.", code="expired"))
    with pytest.raises(FetchError, match="expired"):
        failed.result(timeout=20)
    gate.wait_for("two")
    report = transfers.report()
    assert [(r.name, r.state, r.code, r.sentence) for r in report.transfers] == [
        ("one", "failed", "expired", "The link expired."),
        ("two", "running", "", ""),
    ]
    again = transfers.want(Address(url="https://store.test/one?X-Amz-Signature=newer"))
    assert again is not failed
    gate.end("two")
    gate.wait_for("one")


def test_something_unexpected_is_a_failure_too(gate: Gate, queue: Callable[..., Transfers]) -> None:
    transfers = queue()
    gate.end("one", ValueError("secret"))
    with pytest.raises(FetchError, match=r"something unexpected happened \(ValueError\)"):
        transfers.want(a("one")).result(timeout=20)
    assert only(transfers).state == "failed"


OFF = FetchError("No connection to store.test.", code="offline")


def test_a_server_that_is_gone_rests_and_comes_back(gate: Gate, queue: Callable[..., Transfers]) -> None:
    transfers = queue(rest_s=1000.0)
    future = transfers.want(a("one"))
    gate.wait_for("one")
    gate.end("one", OFF)
    gate.until(lambda: states(transfers) == {"one": "waiting"})
    report = transfers.report()
    assert report.sentence == "No connection to store.test."
    assert report.transfers[0].retry_in_s is not None
    visible = transfers.want(a("seen"), Priority.VISIBLE)
    gate.wait_for("seen")
    gate.end("seen", OFF)
    with pytest.raises(FetchError, match="No connection"):
        visible.result(timeout=20)
    transfers.resume()
    gate.wait_for("one")
    gate.end("one")
    assert future.result(timeout=20) == Path("one")


def test_a_server_that_stays_away_fails_in_the_end(gate: Gate, queue: Callable[..., Transfers]) -> None:
    transfers = queue(rest_s=0.0)
    future = transfers.want(a("one"))
    for number in range(4):
        gate.wait_for("one")
        assert len(gate.began) == number + 1
        gate.finish("one", OFF)
    with pytest.raises(FetchError, match="No connection"):
        future.result(timeout=20)


def test_where_nothing_rests_all_fail_with_the_first(gate: Gate, queue: Callable[..., Transfers]) -> None:
    transfers = queue(rest_s=None, give_up_after=2)
    futures = [transfers.want(a(name)) for name in ("one", "two", "three", "four")]
    other = transfers.want(a("other", "other.test"))
    for name in ("one", "two"):
        gate.wait_for(name)
        gate.end(name, OFF)
    gate.wait_for("other")
    for future in futures:
        with pytest.raises(FetchError, match="No connection"):
            future.result(timeout=20)
    gate.end("other")
    assert other.result(timeout=20) == Path("other")
    assert gate.began == ["one", "two", "other"]


def test_changes_are_told(gate: Gate, queue: Callable[..., Transfers]) -> None:
    told = threading.Event()
    transfers = queue(on_change=told.set)
    transfers.want(a("one"))
    assert told.is_set()
    gate.wait_for("one")
    told.clear()
    gate.end("one")
    assert told.wait(20)


def test_the_real_thing(tmp_path: Path) -> None:
    with serving() as server:
        for number in range(30):
            server.answers(f"/{number}.png", reply(b"x" * number))
        server.answers("/7.png", status(404))
        sources = Sources(
            tmp_path / "export.json",
            cache_dir=tmp_path / "cache",
            allow_private_hosts=True,
            patience=Patience(wait_s=0.0, tries=2),
        )
        transfers = Transfers(sources.fetch)
        futures = [transfers.want(Address(url=server.url(f"/{number}.png"))) for number in range(30)]
        for number, future in enumerate(futures):
            if number == 7:
                assert isinstance(future.exception(timeout=20), FetchError)
            else:
                assert future.result(timeout=20).read_bytes() == b"x" * number
        transfers.close()
        sources.close()
