"""A document as the rest of the program asks for it: futures of page geometry, pixels, values."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from numpy.typing import NDArray

from viewer.decoders.base import PageInfo, Region, View, VoiWindow
from viewer.workers.pixels import Opened, PagePixels
from viewer.workers.waiting import Key, Priority, Request, RequestClass

if TYPE_CHECKING:
    from viewer.workers.desk import Desk
    from viewer.workers.pool import Pool

T = TypeVar("T")
VIEW = View()


class DocumentClient:
    """One open document. Every method returns at once and may be called on any thread.

    It is closed by `close`, or when neither this object nor a future of it is left.

    Futures are settled on threads of the pool; do little in their callbacks. A future is cancelled when
    something newer took its place or the document was closed; cancelling one yourself stops its work.
    Exceptions: DecodeError (the file), WorkerError (its reader died or hung), and whatever a part's provider
    raised (FetchError). After a WorkerError the next request starts a new reader by itself; a page that
    ended two readers is only tried again with ``retry=True``, which is what a "Try again" button passes.
    """

    def __init__(self, pool: Pool, desk: Desk) -> None:
        self._pool = pool
        self._desk = desk

    @property
    def opened(self) -> Future[Opened]:
        """What was opened, by the latest attempt. A new future at each look."""
        return self._opened(retry=False)

    @property
    def worker_pid(self) -> int | None:
        """The process that has it open now, for diagnostics and tests."""
        with self._pool.lock:
            worker = self._desk.bench.worker
            return worker.pid if worker is not None else None

    @property
    def engine(self) -> str:
        """The engine in use ("" = the usual one): another than asked for after that one died twice."""
        with self._pool.lock:
            return self._desk.reputation.engine

    def info(self, page: int, *, retry: bool = False) -> Future[PageInfo]:
        """Geometry of a page (0-based)."""
        return self._ask("info", "ask", page, ("info", page), retry)

    def windows(self, page: int, *, retry: bool = False) -> Future[tuple[VoiWindow, ...]]:
        """The VOI windows that the file offers for a page."""
        return self._ask("windows", "ask", page, ("windows", page), retry)

    def render(
        self,
        page: int,
        region: Region | None = None,
        scale: float = 1.0,
        *,
        view: View = VIEW,
        priority: Priority = "visible",
        retry: bool = False,
    ) -> Future[PagePixels]:
        """Pixels of `region` (page space, edges; None: the whole page), about `scale` per page pixel.

        Of each priority one request waits, the newest; visible ones interrupt the others.
        """
        key = ("render", page, region, scale, view)
        return self._ask("render", priority, page, key, retry, region=region, scale=scale, view=view)

    def samples(self, page: int, region: Region | None = None, *, retry: bool = False) -> Future[NDArray[Any] | None]:
        """Stored values of a region (page space), an array of its own of shape (rows, columns[, 3]).

        None when the page has no others than its pixels. Of several requests the newest wins.
        """
        return self._ask("samples", "samples", page, ("samples", page, region), retry, region=region)

    def prefetch(self, page: int, direction: int) -> None:
        """While nothing else is wanted, make ready what comes after `page` (direction 1) or before it (-1)."""
        request = Request(("prefetch", page, direction), "prefetch", "prefetch", page, direction=direction)
        self._pool.ask(self._desk, request, None, retry=False)

    def reopen(self) -> Future[Opened]:
        """Try again to open it after a failure (the user asks)."""
        return self._opened(retry=True)

    def close(self) -> None:
        """Cancel what waits and give the reader back. May be called twice."""
        self._pool.close_desk(self._desk)

    def _opened(self, *, retry: bool) -> Future[Opened]:
        future: Future[Opened] = Future()
        future.add_done_callback(self._keep)
        self._pool.ask_opened(self._desk, future, retry=retry)
        return future

    def _keep(self, _future: Future[Any]) -> None:
        """Nothing: a future that has this callback keeps the document open."""

    def _ask(self, kind: Any, rank: RequestClass, page: int, key: Key, retry: bool, **details: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.add_done_callback(self._keep)
        self._pool.ask(self._desk, Request(key, kind, rank, page, **details), future, retry=retry)
        return future
