"""A file of a server whose pieces are fetched as somebody wants them: the newest wish first, retried, kept on disk."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass
from pathlib import Path

from viewer import limits
from viewer.errors import FetchError
from viewer.fetch.block_store import BLOCK, Blocks
from viewer.fetch.body import Progress
from viewer.fetch.call import cancelled_error
from viewer.fetch.client import Client
from viewer.fetch.failures import Passing, not_written

MOST = 16 * limits.MB
"""Of one request; a wish that is longer takes several."""
REST = 4 * limits.MB
"""Of one request for what nobody waits for."""
NEARLY = 2 * BLOCK
"""So little of an answer is taken to its end, for that costs less than a new connection."""
_TOLD_S = 0.1


class _Enough(Exception):  # noqa: N818 - not an error: something else is wanted now
    pass


@dataclass(eq=False, slots=True)
class _Wish:
    stream: Stream
    offset: int
    length: int
    future: Future[int]


class Stream:
    """One user's hold on a `BlockFile`. Thread-safe; `close` it."""

    def __init__(
        self,
        file: BlockFile,
        *,
        on_progress: Progress | None = None,
        on_whole: Callable[[], None] = lambda: None,
    ) -> None:
        """`on_progress(received, total)` and `on_whole` (all of it is in the cache) run in a thread of the file."""
        self._file = file
        self.on_progress = on_progress
        self.on_whole = on_whole
        self.wants_rest = False

    @property
    def path(self) -> Path:
        """The file with holes; what `need` answered may be read from it."""
        return self._file.blocks.path

    @property
    def length(self) -> int:
        """Of the whole file, in bytes."""
        return self._file.blocks.length

    def need(self, offset: int, length: int) -> Future[int]:
        """Bring `length` bytes from `offset` on, before anything that was wanted earlier.

        The future has, as soon as the first of them are there, up to where they are there: ask again for the rest.
        Raises FetchError through it. Cancelling it gives up the wish.
        """
        return self._file.need(self, offset, length)

    def fetch_rest(self) -> None:
        """Also bring all that nobody asks for, whenever nothing else is wanted."""
        self._file.fetch_rest(self)

    def stop(self) -> None:
        """Give up what is wanted now; those who wait get a FetchError (``cancelled``). The next `need` goes on."""
        self._file.stop(self)

    def close(self) -> None:
        """Nothing more is wanted by this user. May be called twice."""
        self._file.leave(self)


class BlockFile:
    """The blocks of one file and the thread that fetches them, while somebody has a `Stream` of it."""

    def __init__(
        self,
        client: Client,
        url: str,
        blocks: Blocks,
        *,
        name: str,
        finish: Callable[[Blocks], None],
        ended: Callable[[BlockFile], None],
    ) -> None:
        """`finish` makes the whole file one of the cache; `ended`: the last user is gone, or the file is another."""
        self._client = client
        self.url = url
        self.blocks = blocks
        self._name = name
        self._finish = finish
        self._ended = ended
        self._changed = threading.Condition()
        self._streams: list[Stream] = []
        self._wishes: list[_Wish] = []
        self._thread: threading.Thread | None = None
        self._tries = 0
        self._is_closed = False
        self._is_other = False
        self._is_finished = False
        self._is_stopped = False
        """Whether somebody asked to stop, until somebody waits for something again."""
        self._rest_waits = False
        """Whether the rest is left after a failure, until somebody waits for something again."""
        self._now = (0, 0)
        """What is being received: from where it has not come yet, and up to where."""
        self._told = 0.0

    # ---- for its users (any thread) ------------------------------------------------------------------------

    def join(self, stream: Stream) -> bool:
        """One more user. False: it has ended, begin another one."""
        with self._changed:
            if self._is_closed or self._is_other or self._is_finished:
                return False
            self._streams.append(stream)
        return True

    def leave(self, stream: Stream) -> None:
        """See `Stream.close`."""
        with self._changed:
            if stream not in self._streams:
                return
            self._streams.remove(stream)
            gone = [wish for wish in self._wishes if wish.stream is stream]
            self._wishes = [wish for wish in self._wishes if wish.stream is not stream]
            is_last = not self._streams
            if is_last:
                self._is_closed = True
            self._changed.notify_all()
            thread = self._thread
        for wish in gone:
            wish.future.cancel()
        if is_last:
            self._ended(self)
            if thread is None:
                self._put_away()

    def close(self, wait_s: float) -> None:
        """Part from all users, and wait until what is there is on the disk."""
        with self._changed:
            streams = list(self._streams)
        for stream in streams:
            stream.close()
        if (thread := self._thread) is not None:
            thread.join(wait_s)

    def need(self, stream: Stream, offset: int, length: int) -> Future[int]:
        """See `Stream.need`."""
        future: Future[int] = Future()
        offset = max(0, min(offset, self.blocks.length - 1))
        with self._changed:
            ready = self.blocks.ready(offset)
            if ready <= offset and not (self._is_closed or self._is_other or self._is_finished):
                self._wishes.append(_Wish(stream, offset, max(1, length), future))
                self._rest_waits = self._is_stopped = False
                self._run()
                return future
        if ready > offset:
            future.set_result(ready)
        else:
            future.set_exception(self._other() if self._is_other else cancelled_error())
        return future

    def stop(self, stream: Stream) -> None:
        """See `Stream.stop`."""
        with self._changed:
            given_up = [wish for wish in self._wishes if wish.stream is stream]
            self._wishes = [wish for wish in self._wishes if wish.stream is not stream]
            self._is_stopped = self._rest_waits = True
            self._changed.notify_all()
        for wish in given_up:
            with contextlib.suppress(InvalidStateError):
                wish.future.set_exception(cancelled_error())

    def fetch_rest(self, stream: Stream) -> None:
        """See `Stream.fetch_rest`."""
        with self._changed:
            stream.wants_rest = True
            self._run()

    def _other(self) -> FetchError:
        return FetchError(
            f"{self._name} is another file on its server by now; what was here of the old one was dropped. "
            "Try again to open the new one.",
            code="changed",
        )

    # ---- the thread ----------------------------------------------------------------------------------------

    def _run(self) -> None:
        if self._thread is None and not self._is_closed:
            self._thread = threading.Thread(target=self._work, name="blocks", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def _work(self) -> None:
        while True:
            self._settle()
            with self._changed:
                wanted = self._next()
                if wanted is None and not self._is_closed and not self.blocks.is_whole:
                    self._changed.wait()
                    continue
                if self._is_closed or wanted is None:
                    break
            self._fetch(*wanted)
        if self.blocks.is_whole and not self._is_other:
            self._make_whole()
        with self._changed:
            self._thread = None
            is_closed = self._is_closed
        if is_closed:
            self._put_away()

    def _next(self) -> tuple[int, int] | None:
        """What to ask for now; None: nothing is wanted."""
        if self._is_other:
            return None
        for wish in reversed(self._wishes):
            found = self.blocks.missing(wish.offset, wish.offset + wish.length)
            if found is not None:
                return found[0], min(found[1], found[0] + MOST)
        if not self._rest_waits and any(stream.wants_rest for stream in self._streams):
            found = self.blocks.missing(0, self.blocks.length)
            if found is not None:
                return found[0], min(found[1], found[0] + REST)
        return None

    def _fetch(self, start: int, end: int) -> None:
        """One request; what becomes of it is told to those who wait."""
        try:
            self._receive(start, end)
        except _Enough:
            pass
        except Passing as passing:
            self._tries += 1
            wait = self._client.wait_s(self._tries - 1, passing.after_s)
            if self._tries >= self._client.patience.tries or wait > self._client.patience.wait_max_s:
                tried = f" Tried {self._tries} times." if self._tries > 1 else ""
                self._fail(passing.error.with_more(tried))
            else:
                self._pause(wait)
        except FetchError as error:
            if error.code != "cancelled":
                self._fail(error)
        except OSError as error:
            self._fail(not_written(self._name, error))

    def _receive(self, start: int, end: int) -> None:
        version = self.blocks.version
        self._now = start, end
        with self._client.piece(
            self.url, name=self._name, start=start, end=end, etag=version.etag, cancelled=lambda: not self._is_worth()
        ) as piece:
            is_same = piece.status == 206 and piece.start == start and piece.total in (None, self.blocks.length)
            if not is_same or piece.version.etag not in ("", version.etag) or piece.version.encoding:
                with self._changed:
                    self._is_other = True
                self._fail(self._other())
                self._ended(self)
                return
            at = start
            for got in piece.bytes:
                got = got[: end - at]
                self.blocks.write(at, got)
                before, at = at, at + len(got)
                self._now = at, end
                self._came(before, at)
                if at >= end:
                    return
                if not self._is_worth():
                    raise _Enough
            if at - start < BLOCK:
                raise Passing(FetchError(f"{piece.host} broke off while sending {self._name}. Try again."))

    def _came(self, start: int, end: int) -> None:
        """Bytes were written: whole blocks among them are there from now on."""
        last = self.blocks.count if end == self.blocks.length else end // BLOCK
        with self._changed:
            for block in range(start // BLOCK, last):
                self.blocks.add(block)
                self._tries = 0
            streams = list(self._streams)
        self._settle()
        now = time.monotonic()
        if now - self._told >= _TOLD_S:
            self._told = now
            for stream in streams:
                if stream.on_progress is not None:
                    stream.on_progress(self.blocks.bytes_held, self.blocks.length)

    def _is_worth(self) -> bool:
        """Whether to take the rest of an answer: the newest wish lies in it, or nobody wishes for anything else."""
        at, end = self._now
        with self._changed:
            if self._is_closed:
                return False
            if self._is_stopped and not self._wishes:
                return False
            wanted = self._next() if self._wishes else None
        return wanted is None or end - at <= NEARLY or at // BLOCK * BLOCK <= wanted[0] < end

    def _settle(self) -> None:
        """Tell those who wait for what is there by now, and those who gave up."""
        told: list[tuple[_Wish, int]] = []
        with self._changed:
            waiting = []
            for wish in self._wishes:
                ready = self.blocks.ready(wish.offset)
                if ready > wish.offset or wish.future.cancelled():
                    told.append((wish, ready))
                else:
                    waiting.append(wish)
            self._wishes = waiting
        for wish, ready in told:
            with contextlib.suppress(InvalidStateError):
                wish.future.set_result(ready)

    def _fail(self, error: FetchError) -> None:
        """Those who wait now get the reason; the next wish tries again. What nobody waits for is left."""
        with self._changed:
            wishes, self._wishes = self._wishes, []
            self._tries = 0
            self._rest_waits = True
        for wish in wishes:
            with contextlib.suppress(InvalidStateError):
                wish.future.set_exception(error)

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and self._is_worth():
            with self._changed:
                if not self._is_closed:
                    self._changed.wait(min(0.1, left))

    def _make_whole(self) -> None:
        """All of it is here: it becomes a file of the cache."""
        with self._changed:
            if self._is_finished:
                return
            self._is_finished = True
            streams = list(self._streams)
        with contextlib.suppress(OSError, FetchError):
            self._finish(self.blocks)
            for stream in streams:
                stream.on_whole()

    def _put_away(self) -> None:
        self.blocks.close(forget=self._is_other)
