"""Asks for the new links of many files: the first alone, then some at a time, for as long as it makes sense."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from viewer import limits
from viewer.errors import FetchError
from viewer.fetch import presign
from viewer.fetch.call import never
from viewer.fetch.hub import Hub, Kind, without_query

_OF_ONE_FILE = frozenset({"gone", "refused"})
"""Codes of refusals that say nothing about the next file."""
_GIVE_UP_AFTER = 8
"""Refusals of files without one link: the project or the host is the wrong one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A link that is to be renewed: the old one, what it is of, and the asset (by its index) that needs it."""

    url: str = field(repr=False)
    kind: Kind
    asset: int


@dataclass(slots=True)
class Renewal:
    """What came. The links are secrets, so they are in no ``repr``."""

    links: dict[str, str] = field(default_factory=dict, repr=False)
    """Old link without its query -> the new one."""
    refused: int = 0
    """Files that the server gave no link for."""
    failure: FetchError | None = None
    """The first refusal of a file, or what ended it all."""
    is_stopped: bool = False
    """Whether the rest was not asked for: by the user, or for it would have failed like the one before."""

    def ends(self, asked: Sequence[Asked]) -> dict[int, datetime | None]:
        """Until when the new links of each asset are valid: of its earliest; None where they do not say."""
        found: dict[int, datetime | None] = {}
        for one in asked:
            new = self.links.get(without_query(one.url))
            if new is None:
                continue
            expiry = presign.expiry(new)
            ends, before = (expiry.ends if expiry else None), found.get(one.asset)
            found[one.asset] = min(before, ends) if before and ends else before or ends
        return found


def renew(
    hub: Hub,
    asked: Sequence[Asked],
    *,
    project: str,
    alone: int = 1,
    on_alone: Callable[[Renewal], None] = lambda renewal: None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = never,
    jobs: int = limits.HUB_JOBS,
) -> Renewal:
    """Ask for a new link for each file, each once.

    The first `alone` come one after the other, before all others: whether the server takes the key is known then,
    and `on_alone` gets what came, for what somebody waits for. `on_progress(done, total)` runs in some thread.
    Raises FetchError when not one link came; else that error is the `failure` of what is returned.
    """
    unique = list({(without_query(one.url), one.kind): one for one in reversed(asked)}.values())[::-1]
    work = _Work(hub, unique, project, on_progress, cancelled)
    alone = max(1, min(alone, len(unique)))
    for one in unique[:alone]:
        work.ask(one)
    on_alone(work.renewal)
    if not work.is_over:
        with ThreadPoolExecutor(jobs, thread_name_prefix="links") as threads:
            list(threads.map(work.ask, unique[alone:]))
    renewal = work.renewal
    if not renewal.links and renewal.failure is not None:
        raise renewal.failure
    return renewal


class _Work:
    def __init__(
        self, hub: Hub, asked: Sequence[Asked], project: str, on_progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
    ) -> None:  # fmt: skip
        self.renewal = Renewal()
        self._hub, self._project, self._total = hub, project, len(asked)
        self._on_progress, self._cancelled = on_progress, cancelled
        self._done = 0
        self._lock = threading.Lock()

    @property
    def is_over(self) -> bool:
        """Whether nothing more is asked for."""
        return self.renewal.is_stopped or self._cancelled()

    def ask(self, one: Asked) -> None:
        """One question, unless it is over."""
        if self.is_over:
            self.renewal.is_stopped = True
            return
        try:
            url = self._hub.signed_url(one.url, project=self._project, kind=one.kind, cancelled=lambda: self.is_over)
        except FetchError as error:
            self._failed(error)
            return
        with self._lock:
            self.renewal.links[without_query(one.url)] = url
            self._done += 1
            done = self._done
        self._on_progress(done, self._total)

    def _failed(self, error: FetchError) -> None:
        renewal = self.renewal
        with self._lock:
            if error.code == "cancelled":
                renewal.is_stopped = True
                if renewal.failure is None and self._cancelled():
                    renewal.failure = error
                return
            if error.code in _OF_ONE_FILE:
                renewal.failure = renewal.failure or error
                renewal.refused += 1
                renewal.is_stopped |= not renewal.links and renewal.refused >= _GIVE_UP_AFTER
                self._done += 1
            elif not renewal.is_stopped:
                renewal.failure, renewal.is_stopped = error, True
            done = self._done
        self._on_progress(done, self._total)
