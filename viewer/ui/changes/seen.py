"""Which changes of an export were looked at, kept beside what the program remembers; one short line for each."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path

import platformdirs

from viewer.export import Export
from viewer.ui.session import Session

log = logging.getLogger(__name__)

LINES_KEPT = 200_000
"""Longer files are not read to their end: nobody looked at more."""
LINE = 18 + 1
"""A digest (`viewer.ui.changes.queue.Item.digest`) and its line end."""


def default_folder() -> Path:
    """In the platform's data folder."""
    return platformdirs.user_data_path("ango-viewer", appauthor=False) / "seen"


class Seen:
    """Reads and appends in threads. What cannot be kept holds until the program ends."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._file: Path | None = None

    def load(self, export: Export, took: Callable[[set[str]], None]) -> None:
        """Give the digests of an export that were kept, and keep further ones there from now on."""
        name = hashlib.sha256(str(export.path.absolute()).encode("utf-8", "surrogatepass")).hexdigest()[:24]
        file = self._file = default_folder() / f"{name}.txt"

        def read() -> set[str]:
            try:
                with file.open("rb") as source:
                    lines = source.read(LINES_KEPT * LINE).split(b"\n")
            except OSError:
                return set()
            return {line.decode("ascii") for line in lines if len(line) == LINE - 1 and line.isascii()}

        def loaded(digests: set[str]) -> None:
            if file == self._file:
                took(digests)

        self._session.tasks.run(read, loaded)

    def keep(self, digest: str) -> None:
        """Remember one more."""
        file = self._file
        if file is None:
            return

        def append() -> None:
            try:
                file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with file.open("ab") as target:  # (a line of this length is written in one piece)
                    target.write(f"{digest}\n".encode("ascii"))
            except OSError as error:
                log.warning("a change that was seen could not be remembered: %s", error.strerror)

        self._session.tasks.run(append, lambda _done: None)
