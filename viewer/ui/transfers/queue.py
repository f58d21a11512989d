"""The session's downloads: one queue for each export, asked for by whatever wants a file, told on the GUI thread."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError, Future, InvalidStateError
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal

from viewer.fetch import Address, Sources
from viewer.fetch.body import Progress
from viewer.fetch.call import cancelled_error
from viewer.fetch.client import OnWait
from viewer.fetch.transfer import Priority, QueueReport, State, TransferReport, key_of
from viewer.fetch.transfers import Fetch, Transfers
from viewer.ui.tasks import Tasks

TICK_MS = 200
"""How often what runs is looked at."""
ENDS_WITHIN_S = 2.0
"""So long the end of the program waits for threads that do not notice that they are to end."""
DONE_KEPT = 1_000
"""So many files that are here stay on the list."""
AHEAD_BYTES = 64_000_000
"""A larger file is not fetched before somebody looks at it."""
ASKED_ABOUT = "private-host"
"""A failure of what is looked at that is a question on its page; no transfer has failed."""
UNFINISHED: tuple[State, ...] = ("waiting", "running", "paused")

Told: TypeAlias = Callable[[TransferReport], None]
NOTHING = QueueReport(
    transfers=(), counts={}, received=0, under_way=0, bytes_per_s=0.0, is_paused=False, sentence=""
)  # fmt: skip


@dataclass(slots=True)
class Looking:
    """What somebody waits for while he looks at one asset."""

    waited: dict[str, tuple[Address, Told, Future[Path]]] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)
    """Another asset is looked at, or it was given up."""


class TransferQueue(QObject):
    """`fetch` for what is looked at, `fetch_ahead` for what may be next, `want` for what was asked for.

    A file that is on this computer is no transfer; nor is one that would be refused without asking its server.
    """

    reported = Signal(object)
    """`QueueReport`, with the first `rows` transfers one by one. While something runs, several times a second."""
    came = Signal(object)
    """`Address` of a file that is here now and was not before."""
    closed = Signal()

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self.sources: Sources | None = None
        self._transfers: Transfers | None = None
        self._looking = Looking()
        self._near: tuple[tuple[Address, ...], tuple[Address, ...]] = ((), ())
        self._ahead: set[str] = set()
        self._refused: set[str] = set()
        """Keys of what could not be fetched ahead: it is not tried again unless somebody looks at it."""
        self.rows = 0
        """How many transfers are reported one by one: those that a panel can show."""
        self.report = NOTHING
        self.finished = 0
        """How many ended since the queue was last at rest."""
        self._ended_before = self._total = self._ended = 0
        self._endings: list[threading.Thread] = []
        self._is_asking = False
        self._is_news = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._ask)

    # ---- exports -----------------------------------------------------------------------------------------

    def use(self, sources: Sources | None) -> None:
        """Another export: the transfers of the one before end, and so do its sources."""
        self._end(wait=False)
        self.sources = sources
        self._looking = Looking()
        self._near = ((), ())
        self._ahead, self._refused = set(), set()
        self.finished = self._ended_before = self._total = self._ended = 0
        if sources is not None:
            self._transfers = Transfers(self._fetching(sources), on_change=self.refresh)
        self._take(None, NOTHING, ())

    def _fetching(self, sources: Sources) -> Fetch:
        def fetch(address: Address, on_progress: Progress, cancelled: Callable[[], bool], *, on_wait: OnWait) -> Path:
            path = sources.fetch(address, on_progress, cancelled, on_wait=on_wait)
            self._tasks.relay.post(lambda: self.came.emit(address))
            return path

        return fetch

    def _end(self, *, wait: bool) -> None:
        transfers, sources = self._transfers, self.sources
        self._transfers = self.sources = None
        self._looking.over.set()

        def end() -> None:
            if transfers is not None:
                transfers.close(wait_s=ENDS_WITHIN_S)
            if sources is not None:
                sources.close()

        self._endings = [thread for thread in self._endings if thread.is_alive()]
        thread = threading.Thread(target=end, name="transfers-end", daemon=True)
        self._endings.append(thread)
        thread.start()
        if wait:
            for thread in self._endings:
                thread.join(ENDS_WITHIN_S + 1)

    def close(self) -> None:
        """The program ends: no thread is left at work, and the sources are closed."""
        self.closed.emit()
        self._timer.stop()
        self._end(wait=True)

    # ---- what is looked at -------------------------------------------------------------------------------

    def fetch(self, address: Address, told: Told) -> Future[Path]:
        """A file that somebody waits for, before all others. From any thread.

        `told` is called on the GUI thread while it is on its way. The future ends with FetchError, also (code
        ``cancelled``) when it was given up.
        """
        looking, sources, transfers = self._looking, self.sources, self._transfers
        out: Future[Path] = Future()
        if sources is None or transfers is None:
            out.set_exception(cancelled_error())
            return out

        def begin() -> None:
            try:
                found = None if looking.over.is_set() else sources.ready(address)
                if found is not None:
                    out.set_result(found)
                    return
                if looking.over.is_set():
                    raise cancelled_error()
                key = key_of(address)
                looking.waited[key] = (address, told, out)
                future = transfers.want(address, Priority.VISIBLE, asked=False)
            except BaseException as error:  # whoever waits for the future has to know
                out.set_exception(error)
                return
            future.add_done_callback(lambda ended: _pass_on(ended, out))
            if looking.over.is_set():
                self._tasks.relay.post(self._focus)

        self._tasks.submit_slow(begin)
        return out

    def look(self) -> None:
        """Another asset is looked at from now on: what only the one before wanted is no longer urgent."""
        self._looking.over.set()
        before, self._looking = self._looking, Looking()
        if before.waited:
            self._focus()

    def give_up(self) -> None:
        """Cancel what is waited for; what is asked for later is not concerned."""
        self._looking.over.set()
        before, self._looking = self._looking, Looking()
        for key, (_, _, future) in list(before.waited.items()):
            if self._transfers is not None and not future.done():
                self._transfers.cancel(key)

    def fetch_ahead(self, *, neighbours: Iterable[Address] = (), compared: Iterable[Address] = ()) -> None:
        """Files that may be looked at next, none of them on this computer. What is not named any more is dropped."""
        self._near = (self._wanted_ahead(neighbours), self._wanted_ahead(compared))
        self._ahead.update(key_of(address) for group in self._near for address in group)
        self._focus(new=True)

    def _wanted_ahead(self, addresses: Iterable[Address]) -> tuple[Address, ...]:
        return tuple(address for address in addresses if key_of(address) not in self._refused)

    def _focus(self, *, new: bool = False) -> None:
        transfers = self._transfers
        if transfers is None:
            return
        visible = [address for address, _, future in list(self._looking.waited.values()) if not future.done()]
        near = self._near
        if not new:
            known = {r.key for r in transfers.of(key_of(a) for group in near for a in group) if r.state in UNFINISHED}
            near = (
                tuple(address for address in near[0] if key_of(address) in known),
                tuple(address for address in near[1] if key_of(address) in known),
            )
        transfers.focus(visible=visible, neighbours=near[0], compared=near[1])

    # ---- what the panel does -----------------------------------------------------------------------------

    def want(self, address: Address) -> None:
        """Fetch a file that was asked for, after all that is near. From any thread."""
        if self._transfers is not None:
            self._transfers.want(address, Priority.REST)

    def pause(self, key: str | None = None) -> None:
        """Stop one, or all but what is looked at, keeping what came."""
        if self._transfers is not None:
            self._transfers.pause(key)

    def resume(self, key: str | None = None) -> None:
        """Go on with one, or all."""
        if self._transfers is not None:
            self._transfers.resume(key)

    def cancel(self, key: str | None = None) -> None:
        """Give up one, or all."""
        if self._transfers is not None:
            self._transfers.cancel(key)

    def retry(self, key: str | None = None) -> None:
        """Try one again, or all that failed."""
        self._refused.clear()
        if self._transfers is not None:
            self._transfers.retry(key)

    def move(self, key: str, *, before: str | None) -> None:
        """Fetch one before another (None: after all)."""
        if self._transfers is not None:
            self._transfers.move(key, before=before)

    def forget(self, key: str) -> None:
        """Take one that ended off the list."""
        if self._transfers is not None:
            self._transfers.forget(key)

    def forget_finished(self) -> None:
        """Take what ended off the list."""
        if self._transfers is not None:
            self._transfers.forget_finished()

    # ---- reports -----------------------------------------------------------------------------------------

    def set_rows(self, count: int) -> None:
        """So many transfers are wanted one by one from now on."""
        if count != self.rows:
            self.rows = count
            self._ask()

    def refresh(self) -> None:
        """Report once more, of a moment after this. From any thread."""
        if not self._is_news:
            self._is_news = True
            self._tasks.relay.post(self._ask)

    def _ask(self) -> None:
        """Look at the queue, in a thread: it may be long, and others may hold its lock."""
        transfers = self._transfers
        if transfers is None or self._is_asking or self._tasks.is_closed:
            return
        if self._timer.isActive() and self._is_news:
            return  # soon enough
        self._is_asking, self._is_news = True, False
        rows, keys = self.rows, (*self._looking.waited, *self._ahead)

        def look() -> tuple[QueueReport, tuple[TransferReport, ...]]:
            watched = transfers.of(keys)
            for one in watched:
                if one.state == "failed" and one.code == ASKED_ABOUT:
                    transfers.drop(one.key)
            report = transfers.report(rows)
            if report.counts.get("done", 0) > DONE_KEPT * 1.2:
                transfers.forget_finished(but_done=DONE_KEPT)
            return report, watched

        def looked(found: tuple[QueueReport, tuple[TransferReport, ...]]) -> None:
            self._is_asking = False
            if transfers is self._transfers:
                self._take(transfers, *found)
                counts, is_paused = found[0].counts, found[0].is_paused
                if self._is_news or counts.get("running") or (counts.get("waiting") and not is_paused):
                    self._timer.start()

        self._tasks.run(look, looked)

    def _take(self, transfers: Transfers | None, report: QueueReport, watched: Iterable[TransferReport]) -> None:
        ended = sum(report.counts.get(state, 0) for state in ("done", "failed", "cancelled"))
        total = sum(report.counts.values())
        self._ended_before -= max(0, min(self._total - total, self._ended - ended))  # some were taken off the list
        self._total, self._ended = total, ended
        # (what is tried again ended before and does so no more)
        self._ended_before = min(self._ended_before, ended) if report.unfinished else ended
        self.finished = ended - self._ended_before
        self.report = report
        for one in watched:
            waited = self._looking.waited.get(one.key)
            if waited is not None and not waited[2].done():
                waited[1](one)
            if one.key in self._ahead:
                self._judge(transfers, one)
        self.reported.emit(report)

    def _judge(self, transfers: Transfers | None, one: TransferReport) -> None:
        """What is fetched ahead and turns out to be large, or not to be had, is dropped: nobody asked for it."""
        if one.state == "done":
            self._ahead.discard(one.key)
        is_large = one.total is not None and one.total > AHEAD_BYTES and one.state in UNFINISHED
        if (is_large or one.state == "failed") and one.key not in self._looking.waited and transfers is not None:
            self._ahead.discard(one.key)
            self._refused.add(one.key)
            transfers.drop(one.key)


def _pass_on(ended: Future[Path], out: Future[Path]) -> None:
    """Give the outcome of a transfer to the one who waits for it."""
    try:
        error = ended.exception()
    except CancelledError:
        error = cancelled_error()
    with contextlib.suppress(InvalidStateError):
        if error is None:
            out.set_result(ended.result())
        else:
            out.set_exception(error)
