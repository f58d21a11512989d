"""How large the picture in a file is, found out where files are read: in the processes of the decoders."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeAlias

from viewer.decoders.base import Hints, PageInfo
from viewer.ui.tasks import Tasks
from viewer.workers import DocumentClient, Part, Pool

Size: TypeAlias = tuple[float, float]


class Sizes:
    """One file after the other. Callbacks run on the GUI thread; none comes after `close`."""

    def __init__(self, tasks: Tasks, pool: Pool) -> None:
        self._tasks, self._pool = tasks, pool
        self._waiting: list[tuple[Path, Callable[[Size | None], None]]] = []
        self._client: DocumentClient | None = None

    def ask(self, path: Path, done: Callable[[Size | None], None]) -> None:
        """Tell `done` the size of the first page, None for what is no picture."""
        self._waiting.append((path, done))
        if self._client is None:
            self._next()

    def _next(self) -> None:
        if not self._waiting:
            return
        path, done = self._waiting.pop(0)
        whole: Future[Path] = Future()
        whole.set_result(path)
        client = self._client = self._pool.open((Part(name=path.name, provide=lambda: whole),), Hints(name=path.name))

        def told(size: Size | None) -> None:
            if client is not self._client:
                return
            client.close()
            self._client = None
            done(size)
            if self._client is None:
                self._next()

        def came(info: PageInfo) -> None:
            told(info.size)

        self._tasks.watch(client.info(0), came, lambda _error: told(None))

    def close(self) -> None:
        """Nothing is wanted any more."""
        self._waiting.clear()
        client, self._client = self._client, None
        if client is not None:
            client.close()


def in_words(size: Size) -> str:
    """A size as people write it: ``2000 × 1400``."""
    return f"{size[0]:.0f} × {size[1]:.0f}"


def is_other(size: Size, expected: Size) -> bool:
    """Whether a picture is of another size than the one that was labelled, by more than rounding."""
    return any(abs(one - two) >= 1.0 for one, two in zip(size, expected, strict=True))
