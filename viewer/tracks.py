"""One object over the pages of a video: what is visible on a page, and how sure that is (format §7.2)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from typing import Literal, TypeAlias

import msgspec
import numpy as np

from viewer import limits
from viewer.model import Annotation, Classification, Labels
from viewer.tools.base import Tool

Policy: TypeAlias = Literal["auto", "full", "keys"]
State: TypeAlias = Literal["key", "interpolated", "held"]

SEVERAL_OBJECTS, RUN = 2, 3
"""So many objects with so many pages in a row, and no gap anywhere, make a file full (format §7.2)."""

LONG_RUN = 10
"""One object is enough when it has this many pages in a row: nobody sets key frames like that."""


class Placed(msgspec.Struct, frozen=True, eq=False):
    """One annotation as it lies on one page. `tool` may be interpolated; `annotation` is as exported."""

    annotation: Annotation
    tool: Tool
    state: State
    """``key``: exported on this page; ``interpolated``: between two; ``held``: the last one goes on."""


class PolicyEvidence(msgspec.Struct, frozen=True):
    """What tells full exports from key frames, of one snapshot or summed over many with ``+``."""

    gaps: int = 0
    """Objects with a page missing between two entries."""
    runs: int = 0
    """Objects without a gap, with at least `RUN` pages in a row."""
    longest: int = 0
    """The longest run of an object."""

    def __add__(self, other: PolicyEvidence) -> PolicyEvidence:
        return PolicyEvidence(self.gaps + other.gaps, self.runs + other.runs, max(self.longest, other.longest))

    @property
    def policy(self) -> Literal["full", "keys"]:
        """Full when nothing has gaps and enough has runs; key frames when in doubt."""
        is_full = not self.gaps and (self.runs >= SEVERAL_OBJECTS or self.longest >= LONG_RUN)
        return "full" if is_full else "keys"


class Track:
    """The entries of one object, by page; of two on one page the last in the file counts.

    Entries on pages that no video has are left out: holding up to them would draw what nobody drew.
    """

    def __init__(self, entries: Iterable[Annotation]) -> None:
        by_page: dict[int, Annotation] = {}
        self.without_page: Annotation | None = None
        for entry in entries:
            if entry.page is None:
                self.without_page = entry
            elif 0 <= entry.page <= limits.VIDEO_FRAMES:
                by_page[entry.page] = entry
        if self.without_page is not None and not by_page:
            by_page[0] = self.without_page
        self.pages: tuple[int, ...] = tuple(sorted(by_page))
        self.entries: tuple[Annotation, ...] = tuple(by_page[page] for page in self.pages)

    @property
    def is_frameless(self) -> bool:
        """Whether no entry says a page: then the object is there throughout."""
        return self.without_page is not None and self.entries == (self.without_page,)

    def at(self, page: int) -> Placed | None:
        """Key frames: the entry of the page, else between its neighbours, else the last one held."""
        i = bisect_right(self.pages, page) - 1
        if i < 0 or self.entries[i].stopped:
            return None
        entry, at = self.entries[i], self.pages[i]
        if at == page:
            return Placed(entry, entry.tool, _state(entry))
        if i + 1 < len(self.pages) and not (after := self.entries[i + 1]).stopped:
            tool = entry.tool.interpolated(after.tool, (page - at) / (self.pages[i + 1] - at))
            if tool is not None:
                return Placed(entry, tool, "interpolated")
        return Placed(entry, entry.tool, "held")

    def exactly_at(self, page: int) -> Placed | None:
        """Full export: the entry of the page and nothing else."""
        if self.is_frameless:
            return self.at(page)
        i = bisect_right(self.pages, page) - 1
        if i < 0 or self.pages[i] != page or self.entries[i].stopped:
            return None
        return Placed(self.entries[i], self.entries[i].tool, _state(self.entries[i]))

    @cached_property
    def last_page(self) -> int | None:
        """The first page on which it is gone for good; None when it is held to the end of the video."""
        return self.pages[-1] if self.pages and self.entries[-1].stopped else None

    @cached_property
    def spans(self) -> tuple[tuple[int, int | None], ...]:
        """(first page, first page after) of each stretch in which it is visible; None: to the end."""
        found: list[tuple[int, int | None]] = []
        start: int | None = None
        for page, entry in zip(self.pages, self.entries):
            if entry.stopped and start is not None:
                found.append((start, page))
                start = None
            elif not entry.stopped and start is None:
                start = page
        return tuple(found) if start is None else (*found, (start, None))

    @cached_property
    def evidence(self) -> PolicyEvidence:
        """Whether it has gaps, or runs of pages."""
        longest = run = 1
        for i in range(len(self.pages) - 1):
            if self.entries[i].stopped:
                run = 1
                continue
            if self.pages[i + 1] != self.pages[i] + 1:
                return PolicyEvidence(gaps=1)
            run += not self.entries[i + 1].stopped
            longest = max(longest, run)
        return PolicyEvidence(runs=int(longest >= RUN), longest=longest)


def _state(entry: Annotation) -> State:
    """A frame that says that it is no key frame was interpolated by Ango Hub itself."""
    return "interpolated" if entry.extra.get("isKeyFrame") is False else "key"


class Timeline:
    """The labels of one snapshot, grouped once, so that a page costs little.

    `tracked` is for videos: one object id over several pages is one object. Elsewhere each entry is a label
    of its own page, and one without a page belongs to page 0 (format §8). `policy` overrides the guess.
    """

    def __init__(self, labels: Labels, *, tracked: bool, policy: Policy = "auto") -> None:
        self.labels = labels
        self.tracked = tracked
        self._policy = policy

    @property
    def policy(self) -> Literal["full", "keys"]:
        """Whether every frame was exported or only key frames: as asked for, else decided by the labels."""
        return self.evidence.policy if self._policy == "auto" else self._policy

    @cached_property
    def tracks(self) -> tuple[Track, ...]:
        """The objects in the order of their first entry; empty where nothing is tracked."""
        if not self.tracked:
            return ()
        grouped: dict[str, list[Annotation]] = {}
        for annotation in self.labels.annotations:
            grouped.setdefault(annotation.object_id, []).append(annotation)
        return tuple(track for entries in grouped.values() if (track := Track(entries)).pages)

    @cached_property
    def evidence(self) -> PolicyEvidence:
        """What these labels say about the file; sum it over assets to decide for all of them."""
        total = PolicyEvidence()
        for track in self.tracks:
            total += track.evidence
        return total

    def on_page(self, page: int) -> tuple[Placed, ...]:
        """What is visible on a page, in the order of the export (which is the order to draw in)."""
        if not self.tracked:
            return self._by_page.get(page, ())
        tracks = self.tracks
        first, end = self._ends
        alive = np.flatnonzero((first <= page) & (page < end)).tolist()
        if self.policy == "keys":
            placed = (tracks[i].at(page) for i in alive)
        else:
            placed = (tracks[i].exactly_at(page) for i in alive)
        return tuple(p for p in placed if p is not None)

    def pages_with_labels(self) -> tuple[int, ...]:
        """Pages on which an entry was exported that is no stop, ascending."""
        return self._pages

    def answers_on_page(self, page: int) -> tuple[Classification, ...]:
        """Answers that are given for single pages and hold on this one.

        In a video an answer holds until the next entry of its question; a stop ends it (format §6).
        """
        if not self.tracked:
            return tuple(c for c in self.labels.classifications if c.page == page and not c.stopped)
        found: list[Classification] = []
        for pages, entries in self._questions:
            i = bisect_right(pages, page) - 1
            if i >= 0 and not entries[i].stopped:
                found.append(entries[i])
        return tuple(found)

    @cached_property
    def answers_of_asset(self) -> tuple[Classification, ...]:
        """Answers without a page: they hold for the whole asset."""
        return tuple(c for c in self.labels.classifications if c.page is None)

    @cached_property
    def _by_page(self) -> dict[int, tuple[Placed, ...]]:
        grouped: dict[int, list[Placed]] = {}
        for a in self.labels.annotations:
            if not a.stopped:
                grouped.setdefault(0 if a.page is None else a.page, []).append(Placed(a, a.tool, "key"))
        return {page: tuple(placed) for page, placed in grouped.items()}

    @cached_property
    def _ends(self) -> tuple[np.ndarray, np.ndarray]:
        """First page of each track and the first one after it, so that a page asks few of many tracks."""
        is_full = self.policy == "full"
        first = np.array([track.pages[0] for track in self.tracks], dtype=np.int64)
        end = np.full(len(self.tracks), np.iinfo(np.int64).max)
        for i, track in enumerate(self.tracks):
            if track.last_page is not None:
                end[i] = track.last_page
            elif is_full and not track.is_frameless:
                end[i] = track.pages[-1] + 1
        return first, end

    @cached_property
    def _pages(self) -> tuple[int, ...]:
        if not self.tracked:
            return tuple(sorted(page for page in self._by_page if page >= 0))
        return tuple(
            sorted(
                {page for track in self.tracks for page, entry in zip(track.pages, track.entries) if not entry.stopped}
            )
        )

    @cached_property
    def _questions(self) -> tuple[tuple[Sequence[int], Sequence[Classification]], ...]:
        """Per frame-specific question its pages, ascending, and the entry of each."""
        entries = [c for c in self.labels.classifications if c.page is not None and c.page >= 0]
        grouped = _grouped(entries, "object_id")
        if all(len(group) == 1 for group in grouped):
            # frames of one answer then seem to have ids of their own; the question joins them (format §6)
            grouped = _grouped(entries, "schema_id")
        found = []
        for group in grouped:
            by_page = {c.page: c for c in group if c.page is not None}
            pages = sorted(by_page)
            found.append((pages, [by_page[page] for page in pages]))
        return tuple(found)


def _grouped(entries: Iterable[Classification], name: Literal["object_id", "schema_id"]) -> list[list[Classification]]:
    """Entries with equal ids together, in order of appearance; those without one by their title."""
    grouped: dict[tuple[str, str], list[Classification]] = {}
    for c in entries:
        own = c.object_id if name == "object_id" else c.schema_id
        key = (name, own) if own else ("schema_id", c.schema_id) if c.schema_id else ("title", c.title)
        grouped.setdefault(key, []).append(c)
    return list(grouped.values())


@lru_cache(maxsize=16)
def timeline(labels: Labels, *, tracked: bool, policy: Policy = "auto") -> Timeline:
    """The grouping of a snapshot, kept for the last few asked for."""
    return Timeline(labels, tracked=tracked, policy=policy)


def labels_on_page(labels: Labels, page: int, *, tracked: bool, policy: Policy = "auto") -> tuple[Placed, ...]:
    """What is visible on a page; see `Timeline`, whose grouping is kept between calls."""
    return timeline(labels, tracked=tracked, policy=policy).on_page(page)
