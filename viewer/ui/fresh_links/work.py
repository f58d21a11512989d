"""One question's work, from the key to the last link, in a thread: no Qt. What it has to say goes to callbacks."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

from viewer.export import Export
from viewer.export.in_memory import MemoryExport
from viewer.fetch import presign
from viewer.fetch.hub import Hub
from viewer.fetch.renewing import Asked, Renewal, renew
from viewer.ui.fresh_links.asking import Question, links_of_all
from viewer.ui.missing.taken_over import take_over

_TOLD_S = 0.05
"""Words of how far it is come no oftener."""


@dataclass(frozen=True, slots=True)
class Came:
    """New links, and why others did not come. The links are secrets, so they are in no ``repr``."""

    links: dict[str, str] = field(repr=False)
    """Link of the open export → the one to use instead."""
    ends: dict[int, int | None]
    """Asset → seconds since 1970 at which the first of its new links ends; None when none says."""
    refused: int = 0
    """Links that the server did not give."""
    missing: int = 0
    """Assets that are not in the fresh export."""
    is_stopped: bool = False
    failure: Exception | None = None
    """Why some did not come."""

    @property
    def is_all(self) -> bool:
        """Whether nothing is left to be told but success."""
        return not (self.refused or self.missing or self.is_stopped or self.failure)


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done. `on_progress(what, done, total)`: "link", "byte" or "asset"; total 0 is not known."""

    question: Question
    export: Export
    index: int | None
    """Of the asset shown, which is helped first."""
    hub: Callable[[], Hub]
    """The server with the right key; may block and raise FetchError."""
    on_first: Callable[[Came], None]
    """What came for the asset shown, before all others."""
    on_progress: Callable[[str, int, int], None]
    cancelled: Callable[[], bool]

    def run(self) -> Came:
        """Do it. Raises FetchError or ExportError when nothing came of it."""
        hub = self.hub()
        try:
            return self._by_export(hub) if self.question.scope == "export" else self._by_links(hub)
        finally:
            hub.close()

    def _by_links(self, hub: Hub) -> Came:
        asked: list[Asked] = []
        for links in links_of_all(self.export, self.index, cancelled=self.cancelled):
            asked += links
            if self.question.scope == "asset":
                break
        told = [0.0]

        def progressed(done: int, total: int) -> None:
            now = time.monotonic()
            if now - told[0] >= _TOLD_S or done == total:
                told[0] = now
                self.on_progress("link", done, total)

        found = renew(
            hub, asked, project=self.question.project, alone=sum(one.asset == self.index for one in asked),
            on_alone=lambda first: self.on_first(_came(first, asked)), on_progress=progressed,
            cancelled=self.cancelled,
        )  # fmt: skip
        return _came(found, asked)

    def _by_export(self, hub: Hub) -> Came:
        self.on_progress("byte", 0, 0)
        content = hub.export(
            self.question.project, on_progress=lambda received, total: self.on_progress("byte", received, total or 0),
            cancelled=self.cancelled,
        )  # fmt: skip
        fresh = MemoryExport.read(content, name="The fresh export", cancelled=self.cancelled)
        found = take_over(
            self.export,
            cast(Export, fresh),  # of which only rows and the JSON of single assets are asked for
            now=datetime.now(UTC),
            on_progress=lambda done, total: self.on_progress("asset", done, total),
            cancelled=self.cancelled,
        )
        if found is None:
            return Came({}, {}, is_stopped=True)
        return Came(found.links, found.ends, missing=found.assets - found.matched)


def _came(found: Renewal, asked: list[Asked]) -> Came:
    ends = {index: None if end is None else int(end.timestamp()) for index, end in found.ends(asked).items()}
    return Came(dict(found.links), ends, found.refused, 0, found.is_stopped, found.failure)


def until(came: Came) -> str:
    """Until when all of them are valid, in words; "" where they do not say."""
    known = [end for end in came.ends.values() if end is not None]
    return presign.in_words(datetime.fromtimestamp(min(known), UTC)) if known else ""
