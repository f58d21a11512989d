"""How often to try again: pages that kill their reader, documents, kinds of file, starts. Plain numbers in and out."""

from __future__ import annotations

from collections import Counter, defaultdict, deque

DELAYS = (0.0, 0.25, 1.0, 4.0)  # seconds before the next start, by deaths in a row
POISON = 2  # deaths on one page
KIND_DEATHS, KIND_SECONDS = 5, 60.0
START_DEATHS = 3  # of workers that never were ready; then the pages say it
OTHER_ENGINE: dict[str, tuple[str, str]] = {"pdf": ("mupdf", "pdfium")}
"""Kinds that two libraries can read: the usual one and the other."""
OPENING = -1
"""The "page" of a death while opening."""


def other_engine(kind: str, engine: str) -> str:
    """The engine to try when `engine` ("" = the usual one) died of a file; "" when there is none."""
    pair = OTHER_ENGINE.get(kind)
    if pair is None:
        return ""
    return pair[0] if engine == pair[1] else pair[1]


class DocumentPatience:
    """What one document did to its workers."""

    def __init__(self) -> None:
        self._deaths: Counter[tuple[str, int]] = Counter()
        self._in_a_row = 0

    def died(self, page: int, engine: str) -> bool:
        """Note a death on a page; True when the page is poisoned by now."""
        self._in_a_row += 1
        self._deaths[engine, page] += 1
        return self.is_poisoned(page, engine)

    def worked(self) -> None:
        """An answer came: the next death begins a new row."""
        self._in_a_row = 0

    def is_poisoned(self, page: int, engine: str) -> bool:
        """Whether a page may not be asked for again until the user does."""
        return self._deaths[engine, page] >= POISON

    def forgive(self, page: int) -> None:
        """The user asks for it."""
        for key in [key for key in self._deaths if key[1] in (page, OPENING)]:
            del self._deaths[key]
        self._in_a_row = 0

    def delay(self) -> float:
        """Seconds to wait before the next start."""
        return DELAYS[min(max(self._in_a_row - 1, 0), len(DELAYS) - 1)]


class KindPatience:
    """What all documents of one kind did to their workers lately."""

    def __init__(self) -> None:
        self._deaths: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=KIND_DEATHS))
        self._stopped: set[str] = set()

    def died(self, kind: str, now: float) -> None:
        """Note a death at `now` (seconds of any steady clock)."""
        deaths = self._deaths[kind]
        deaths.append(now)
        if len(deaths) == KIND_DEATHS and now - deaths[0] < KIND_SECONDS:
            self._stopped.add(kind)

    def is_stopped(self, kind: str) -> bool:
        """Whether this kind died too often within a minute to be started again by itself."""
        return kind in self._stopped

    def forgive(self, kind: str) -> None:
        """The user asks for it."""
        self._deaths.pop(kind, None)
        self._stopped.discard(kind)


class StartPatience:
    """What became of the workers that were started lately."""

    def __init__(self) -> None:
        self._in_a_row = 0
        self.not_before = 0.0
        """When the next may be started (seconds of the clock that `died` was told of)."""

    def died(self, now: float) -> None:
        """One did not come to life: wait longer each time."""
        self._in_a_row += 1
        wait = KIND_SECONDS if self.is_over else DELAYS[min(self._in_a_row - 1, len(DELAYS) - 1)]
        self.not_before = now + wait

    @property
    def is_over(self) -> bool:
        """Whether so many died that whoever waits is to be told."""
        return self._in_a_row >= START_DEATHS

    def worked(self) -> None:
        """One is ready."""
        self._in_a_row = 0

    def forgive(self) -> None:
        """The user asks for it: start the next at once."""
        self.not_before = 0.0
