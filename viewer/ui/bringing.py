"""Brings the files of the asset that is looked at, whole or as they are needed, and says how far that is."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import ParamSpec

from PySide6.QtCore import QCoreApplication

from viewer.fetch import Address, Stream
from viewer.fetch.call import cancelled_error
from viewer.fetch.transfer import TransferReport
from viewer.ui.tasks import Tasks
from viewer.ui.transfers.queue import TransferQueue
from viewer.ui.transfers.texts import amount, canvas_words
from viewer.workers import Streamed

P = ParamSpec("P")
LOOK_S = 0.1
"""How soon a thread that waits for a file notices that nobody wants it any more."""


class Bringing:
    """Of one asset at a time. Its callbacks run on the GUI thread, and only for the asset of the last `begin`."""

    def __init__(
        self,
        tasks: Tasks,
        transfers: TransferQueue,
        *,
        progressed: Callable[[str], None],
        became_whole: Callable[[], None],
    ) -> None:
        """`progressed` gets words; `became_whole`: all of a video is here by now that was not when it was opened."""
        self._tasks = tasks
        self._transfers = transfers
        self._progressed = progressed
        self._became_whole = became_whole
        self._cancelled = threading.Event()
        self._stream: Stream | None = None
        self._round = 0
        self.notice = ""
        """What is to be told of how the file came, beside it."""
        self.is_whole = False
        """Whether a video that was begun in pieces is all here."""

    def begin(self) -> None:
        """Another file is wanted; that of the one before comes with less haste, or not at all."""
        self.end()
        self._cancelled = threading.Event()
        self._round += 1
        self.notice = ""
        self.is_whole = False

    def end(self) -> None:
        """Nothing is wanted any more."""
        self._cancelled.set()
        self._stream = None  # its document closes it
        self._transfers.look()

    def cancel(self) -> None:
        """Give up what is under way; what is asked for later is not concerned."""
        self._cancelled.set()
        self._cancelled = threading.Event()
        self._transfers.give_up()
        if self._stream is not None:
            self._stream.stop()

    def file(self, address: Address) -> Future[Path]:
        """A file as a whole. Raises FetchError through the future."""
        round_ = self._round

        def told(report: TransferReport) -> None:
            if round_ == self._round and (words := canvas_words(report)):
                self._progressed(words + self._why_whole())

        return self._transfers.fetch(address, told)

    def video(self, address: Address) -> Future[Path | Streamed]:
        """A video, which can be looked at before all of it is here."""
        sources, cancelled = self._transfers.sources, self._cancelled
        assert sources is not None
        told = self._told(address)
        whole, noticed = self._here(self._whole), self._here(self._notice)

        def fetch(address: Address) -> Path:
            future = None if cancelled.is_set() else self.file(address)
            while future is not None and not cancelled.is_set():
                with contextlib.suppress(TimeoutError):
                    return future.result(timeout=LOOK_S)
            raise cancelled_error()

        def begin() -> Path | Streamed:
            found = sources.stream(address, told, cancelled.is_set, on_whole=whole, on_notice=noticed, fetch=fetch)
            if isinstance(found, Stream) and not cancelled.is_set():
                self._stream = found
            return found

        return self._tasks.submit_slow(begin)

    def _told(self, address: Address) -> Callable[[int, int | None], None]:
        return self._here(partial(self._tell, address.name))

    def _tell(self, name: str, received: int, total: int | None) -> None:
        text = f"{name}, {amount(received, total)}"
        words = QCoreApplication.translate("Bringing", "Fetching {0}").format(text)
        self._progressed(words + self._why_whole())

    def _why_whole(self) -> str:
        if not self.notice:
            return ""
        return "\n" + QCoreApplication.translate("Bringing", "All of it is needed: its server sends no parts.")

    def _notice(self, text: str) -> None:
        self.notice = text

    def _whole(self) -> None:
        self.is_whole = True
        self._became_whole()

    def _here(self, function: Callable[P, None]) -> Callable[P, None]:
        """The same for any thread: on the GUI thread, unless another file is wanted by then."""
        round_ = self._round

        def run(*args: P.args, **kwargs: P.kwargs) -> None:
            if round_ == self._round:
                function(*args, **kwargs)

        def post(*args: P.args, **kwargs: P.kwargs) -> None:
            self._tasks.relay.post(lambda: run(*args, **kwargs))

        return post
