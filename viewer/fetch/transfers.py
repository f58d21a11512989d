"""The queue of downloads: so many at a time, what is looked at first, and each of them paused, resumed, cancelled.

Qt-free; its threads end with it. What a panel shows is asked for with `report`.
"""

from __future__ import annotations

import contextlib
import heapq
import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError, Future, InvalidStateError
from pathlib import Path
from typing import Protocol

from viewer import limits
from viewer.errors import FetchError
from viewer.fetch.body import Progress
from viewer.fetch.client import OnWait, Wait
from viewer.fetch.hosts import Hosts
from viewer.fetch.locate import Address
from viewer.fetch.transfer import Priority, QueueReport, State, Transfer, TransferReport, key_of

_NOT_ANSWERED = frozenset({"offline", "timeout", "server"})
_RETURNS = 3
ENDED: tuple[State, ...] = ("done", "failed", "cancelled")
_SHOWN_ORDER: dict[State, int] = {"failed": 0, "running": 1, "waiting": 2, "paused": 2, "done": 3, "cancelled": 4}


class Fetch(Protocol):
    """`Sources.fetch`, as far as it is needed here."""

    def __call__(
        self, address: Address, on_progress: Progress, cancelled: Callable[[], bool], *, on_wait: OnWait
    ) -> Path:
        """The file. Raises FetchError."""


class Transfers:
    """Fetches with `jobs` threads, at most `per_host` from one server; `reserved` of them for what is `VISIBLE`.

    `rest_s`: how long a server that does not answer is left alone before its files are tried again (those that are
    visible fail at once); None: they fail, and after `give_up_after` failures one after the other all others of that
    server fail with them. `on_change` is called in some thread whenever a transfer's state changes. Thread-safe.
    """

    def __init__(
        self,
        fetch: Fetch,
        *,
        jobs: int = limits.FETCH_JOBS,
        per_host: int = limits.FETCH_PER_HOST,
        reserved: int = 1,
        rest_s: float | None = 15.0,
        give_up_after: int = 8,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self._fetch = fetch
        self.jobs = max(1, jobs)
        self._reserved = reserved if self.jobs > 1 else 0
        self._rest_s = rest_s
        self._give_up_after = give_up_after
        self._on_change = on_change
        self._hosts = Hosts(per_host)
        self._changed = threading.Condition()
        self._transfers: dict[str, Transfer] = {}
        self._queues: dict[str, list[tuple[int, float, str]]] = {}
        """What waits, by host and place. An entry whose transfer waits elsewhere by now is passed over."""
        self._waiting = 0
        self._positions = itertools.count()
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._running = 0
        self._is_paused = False
        self._is_closed = False

    # ---- what is wanted ------------------------------------------------------------------------------------

    def want(self, address: Address, priority: Priority = Priority.REST, *, asked: bool = True) -> Future[Path]:
        """Fetch a file. One that is on its way already gets the higher priority; a failed one is tried again.

        `asked`: False for what is fetched only in case it is looked at next; `focus` may drop it again.
        """
        with self._changed:
            transfer = self._wanted(address, priority)
            transfer.is_asked |= asked
            self._start_threads()
            self._changed.notify_all()
            future = transfer.future
        self._on_change()
        return future

    def focus(
        self, *, visible: Iterable[Address], neighbours: Iterable[Address] = (), compared: Iterable[Address] = ()
    ) -> None:
        """Somebody looks elsewhere: fetch this first. What nobody asked for and is not near any more is dropped."""
        dropped = []
        with self._changed:
            near: dict[str, Priority] = {}
            groups = ((Priority.VISIBLE, visible), (Priority.NEIGHBOUR, neighbours), (Priority.COMPARED, compared))
            for priority, addresses in groups:
                for address in addresses:
                    transfer = self._wanted(address, priority, again=False)
                    near.setdefault(transfer.key, priority)
            for key, transfer in list(self._transfers.items()):
                self._place(transfer, near.get(key, Priority.REST), transfer.position)
                if key not in near and not transfer.is_asked and transfer.state == "waiting":
                    self._become(transfer, "cancelled")
                    del self._transfers[key]
                    dropped.append(transfer.future)
            self._start_threads()
            self._changed.notify_all()
        for future in dropped:
            future.cancel()
        self._on_change()

    def _wanted(self, address: Address, priority: Priority, *, again: bool = True) -> Transfer:
        key = key_of(address)
        transfer = self._transfers.get(key)
        if transfer is None:
            transfer = self._transfers[key] = Transfer(address, priority, next(self._positions))
            self._become(transfer, "waiting")
        elif transfer.state in ("done", "failed", "cancelled"):
            if again:
                transfer.address = address  # its link may be a newer one
                transfer.priority = priority
                self._renew(transfer)
        else:
            self._place(transfer, min(transfer.priority, priority), transfer.position)
            if transfer.state == "paused" and priority is Priority.VISIBLE:
                self._become(transfer, "waiting")
        return transfer

    def _renew(self, transfer: Transfer) -> None:
        transfer.future, transfer.error, transfer.returns, transfer.retry_at = Future(), None, 0, None
        transfer.position = next(self._positions)
        self._become(transfer, "waiting")

    def _become(self, transfer: Transfer, state: State) -> None:
        self._waiting += (state == "waiting") - transfer.is_counted
        transfer.state, transfer.is_counted = state, state == "waiting"
        if state == "waiting":
            heapq.heappush(self._queues.setdefault(transfer.host, []), (*transfer.place, transfer.key))

    def _place(self, transfer: Transfer, priority: Priority, position: float) -> None:
        if transfer.place != (priority, position):
            transfer.priority, transfer.position = priority, position
            if transfer.state == "waiting":
                self._become(transfer, "waiting")

    # ---- what the panel does -------------------------------------------------------------------------------

    def pause(self, key: str | None = None) -> None:
        """Stop one (None: all), keeping what came. A file that is `VISIBLE` goes on all the same when all pause."""
        with self._changed:
            if key is None:
                self._is_paused = True
            for transfer in self._chosen(key):
                if key is not None and transfer.state == "waiting":
                    self._become(transfer, "paused")
                elif transfer.state == "running" and (key is not None or transfer.priority != Priority.VISIBLE):
                    transfer.stop_as = "waiting" if key is None else "paused"
        self._on_change()

    def resume(self, key: str | None = None) -> None:
        """Go on with one (None: all, also those that were paused one by one). Servers that rested are asked again."""
        with self._changed:
            if key is None:
                self._is_paused = False
                self._hosts.wake()
            for transfer in self._chosen(key):
                if transfer.state == "paused":
                    self._become(transfer, "waiting")
                elif transfer.state == "running" and transfer.stop_as in ("paused", "waiting"):
                    transfer.stop_as = "waiting"  # its thread is just about to stop
            self._start_threads()
            self._changed.notify_all()
        self._on_change()

    def cancel(self, key: str | None = None) -> None:
        """Give up one (None: all) for good; what came is kept for another time."""
        cancelled = []
        with self._changed:
            for transfer in self._chosen(key):
                if transfer.state in ("waiting", "paused"):
                    self._become(transfer, "cancelled")
                    cancelled.append(transfer.future)
                elif transfer.state == "running":
                    transfer.stop_as = "cancelled"
            self._changed.notify_all()
        for future in cancelled:
            future.cancel()
        self._on_change()

    def drop(self, key: str) -> None:
        """Give up one that nobody asked for, and take it off the list; what came is kept for another time."""
        with self._changed:
            transfer = self._transfers.get(key)
            if transfer is None or transfer.is_asked:
                return
            del self._transfers[key]
            if transfer.state == "running":
                transfer.stop_as = "cancelled"
                return
            self._become(transfer, "cancelled")
        transfer.future.cancel()
        self._on_change()

    def retry(self, key: str | None = None) -> None:
        """Try one that failed (None: all of them) again."""
        with self._changed:
            for transfer in self._chosen(key):
                if transfer.state in ("failed", "cancelled") and (key is not None or transfer.state == "failed"):
                    self._renew(transfer)
            self._hosts.wake()
            self._start_threads()
            self._changed.notify_all()
        self._on_change()

    def move(self, key: str, *, before: str | None) -> None:
        """Fetch one before another (None: after all others)."""
        with self._changed:
            transfer, other = self._transfers.get(key), self._transfers.get(before or "")
            if transfer is not None and other is not None and other is not transfer:
                group = sorted(t.position for t in self._transfers.values() if t.position < other.position)
                position = (other.position + (group[-1] if group else other.position - 2)) / 2
                self._place(transfer, other.priority, position)
            elif transfer is not None and before is None:
                self._place(transfer, Priority.REST, next(self._positions))
            self._changed.notify_all()
        self._on_change()

    def forget(self, key: str) -> None:
        """Take one that is done, failed or cancelled off the list."""
        with self._changed:
            transfer = self._transfers.get(key)
            if transfer is not None and transfer.state in ENDED:
                del self._transfers[key]
        self._on_change()

    def forget_finished(self, *, but_done: int | None = None) -> None:
        """Take what is done, failed or cancelled off the list; with `but_done` only what is done, but for so many."""
        states = ENDED if but_done is None else ("done",)
        with self._changed:
            ended = [key for key, transfer in self._transfers.items() if transfer.state in states]
            for key in ended[: max(0, len(ended) - (but_done or 0))]:
                del self._transfers[key]
        self._on_change()

    def of(self, keys: Iterable[str]) -> tuple[TransferReport, ...]:
        """Those of these that are on the list, now."""
        now = time.monotonic()
        with self._changed:
            return tuple(self._transfers[key].report(now) for key in keys if key in self._transfers)

    def report(self, limit: int = 500) -> QueueReport:
        """All of them now, but only the first `limit` one by one."""
        now = time.monotonic()
        with self._changed:
            everything = self._transfers.values()
            shown = heapq.nsmallest(limit, everything, key=lambda t: (_SHOWN_ORDER[t.state], t.place))
            reports = tuple(transfer.report(now) for transfer in shown)
            counts: Counter[State] = Counter(transfer.state for transfer in everything)
            waiting = [first for host in self._queues if (first := self._first_of(host)) is not None]
            resting = [first for first in waiting if self._hosts.rests_until(first.host) > now]
            why = resting[0].error if waiting and len(resting) == len(waiting) and not self._running else None
            received = sum(transfer.received for transfer in everything)
            under_way = sum(t.received for t in everything if t.state in ("running", "waiting", "paused"))
            speed = sum(t.speed.bytes_per_s() for t in everything if t.state == "running")
            is_paused = self._is_paused
        return QueueReport(
            transfers=reports,
            counts=dict(counts),
            received=received,
            under_way=under_way,
            bytes_per_s=speed,
            is_paused=is_paused,
            sentence=str(why) if why is not None else "",
        )

    def close(self, *, wait_s: float | None = None) -> None:
        """Cancel all and wait until their threads have noticed, but no longer than `wait_s`: a system that looks up
        a name cannot be interrupted.
        """
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        self.cancel()
        until = None if wait_s is None else time.monotonic() + wait_s
        for thread in self._threads:
            thread.join(None if until is None else max(0.0, until - time.monotonic()))

    def _chosen(self, key: str | None) -> list[Transfer]:
        if key is None:
            return list(self._transfers.values())
        return [self._transfers[key]] if key in self._transfers else []

    # ---- the threads ---------------------------------------------------------------------------------------

    def _start_threads(self) -> None:
        while self._idle < self._waiting and len(self._threads) < self.jobs and not self._is_closed:
            thread = threading.Thread(target=self._work, name=f"transfer-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            self._idle += 1
            thread.start()

    def _next(self) -> Transfer | None:
        """What to fetch now. None when nothing may begin."""
        best: Transfer | None = None
        for host in self._queues:
            first = self._first_of(host)
            if first is None or (best is not None and first.place >= best.place):
                continue
            is_visible = first.priority is Priority.VISIBLE
            if not is_visible and (self._is_paused or self._running >= self.jobs - self._reserved):
                continue
            if self._hosts.may_start(host, is_visible=is_visible):
                best = first
        return best

    def _first_of(self, host: str) -> Transfer | None:
        queue = self._queues[host]
        while queue:
            *place, key = queue[0]
            transfer = self._transfers.get(key)
            if transfer is not None and transfer.state == "waiting" and transfer.place == tuple(place):
                return transfer
            heapq.heappop(queue)
        return None

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._is_closed and (transfer := self._next()) is None:
                    self._changed.wait(self._until_rested())
                if self._is_closed:
                    return
                assert transfer is not None
                self._become(transfer, "running")
                transfer.stop_as = transfer.retry_at = None
                self._idle -= 1
                self._running += 1
                self._hosts.starts(transfer.host)
            self._on_change()
            self._do(transfer)

    def _until_rested(self) -> float | None:
        """How long until a server that rests may be asked again. None: until something changes."""
        now = time.monotonic()
        rests = {self._hosts.rests_until(host) for host in self._queues if self._first_of(host) is not None}
        return min((until - now for until in rests if until > now), default=None)

    def _do(self, transfer: Transfer) -> None:
        def progressed(received: int, total: int | None) -> None:
            with self._changed:
                transfer.received, transfer.total, transfer.retry_at = received, total, None
                transfer.speed.reached(received)

        def waits(wait: Wait) -> None:
            with self._changed:
                transfer.error, transfer.retry_at = wait.after, time.monotonic() + wait.seconds
                transfer.is_busy = wait.is_busy
                if wait.is_busy:
                    self._hosts.is_busy(transfer.host)
            self._on_change()

        path: Path | None = None
        failure: BaseException | None = None
        try:
            path = self._fetch(transfer.address, progressed, lambda: transfer.stop_as is not None, on_wait=waits)
        except BaseException as error:  # whoever waits for the future has to know
            failure = error
        told: list[tuple[Future[Path], BaseException | None]] = []
        with self._changed:
            self._idle += 1
            self._running -= 1
            self._hosts.ends(transfer.host)
            self._settle(transfer, failure, told)
            self._changed.notify_all()
        with contextlib.suppress(InvalidStateError, CancelledError):
            if path is not None:
                transfer.future.set_result(path)
        for future, why in told:
            with contextlib.suppress(InvalidStateError):
                if why is None:
                    future.cancel()
                else:
                    future.set_exception(why)
        self._on_change()

    def _settle(
        self, transfer: Transfer, failure: BaseException | None, told: list[tuple[Future[Path], BaseException | None]]
    ) -> None:
        """What becomes of a transfer that ended; whom to tell is put into `told`."""
        stop_as, transfer.stop_as = transfer.stop_as, None
        transfer.retry_at = None
        if failure is None:
            self._become(transfer, "done")
            transfer.error = None
            self._hosts.answered(transfer.host)
            return
        code = failure.code if isinstance(failure, FetchError) else ""
        if code == "cancelled" and stop_as is not None:
            self._become(transfer, stop_as)
            if stop_as == "cancelled":
                told.append((transfer.future, None))
            return
        error = failure if isinstance(failure, FetchError) else FetchError(
            f"{transfer.address.name} could not be fetched: something unexpected happened ({type(failure).__name__})."
        )  # fmt: skip
        transfer.error = error
        if not transfer.host or code not in _NOT_ANSWERED:
            self._hosts.answered(transfer.host)
        else:
            failures = self._hosts.failed(transfer.host)
            if self._rest_s is not None and transfer.priority != Priority.VISIBLE and transfer.returns < _RETURNS:
                self._become(transfer, "waiting")
                transfer.retry_at = self._hosts.rest(transfer.host, self._rest_s * 2**transfer.returns)
                transfer.returns += 1
                return
            if self._rest_s is None and failures >= self._give_up_after:
                for other in self._transfers.values():
                    if other.host == transfer.host and other.state == "waiting":
                        self._become(other, "failed")
                        other.error = error
                        told.append((other.future, error))
        self._become(transfer, "failed")
        told.append((transfer.future, failure if isinstance(failure, FetchError) else error))
