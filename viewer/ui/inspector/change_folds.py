"""The changes of one track as one row: which of a listing belong together, and on which pages what happened. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from viewer.diff import Comparison
from viewer.diff.comparison import PageRange, TrackChange
from viewer.ui.inspector.change_words import kind_text, sign_of
from viewer.ui.inspector.words import tr

RANGES_SHOWN = 3

FoldKey: TypeAlias = tuple[str | None, str | None, str]
"""(object id before, object id after, sign of the group)"""


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """Changes of one object in one group of a list."""

    track: TrackChange
    members: tuple[int, ...]
    """Indices into the changes, by page."""
    sign: str = ""
    """The sign that its group stands for; "" where the group is of several."""

    @property
    def key(self) -> FoldKey:
        """What is remembered of it while other rows are shown."""
        return (self.track.before_id, self.track.after_id, self.sign)

    @property
    def head(self) -> int:
        """The change on its first page: what is shown when the row is chosen."""
        return self.members[0]

    @property
    def ranges(self) -> tuple[PageRange, ...]:
        """Pages on which what its group is about happened: entries that were edited, then what follows from them."""
        own = [r for r in self.track.ranges if not self.sign or sign_of(r.kind) == self.sign]
        return tuple(sorted(own or self.track.ranges, key=lambda r: not r.is_key_edit))

    @property
    def between(self) -> tuple[PageRange, ...]:
        """Pages without an entry of their own, where only what is interpolated differs."""
        pages = {change.entry.page or 0 for change in self.track.changes}
        return tuple(r for r in self.ranges if not r.is_key_edit and pages.isdisjoint(range(r.first, r.last + 1)))

    def text(self) -> str:
        """``201–216, 220 · between keys 217–219``; with the kinds where the group does not say them."""
        parts = []
        for is_key_edit in (True, False):
            found = [r for r in self.ranges if r.is_key_edit == is_key_edit]
            if found:
                words = self._listed(found)
                parts.append(words if is_key_edit else tr("between keys {0}").format(words))
        return " · ".join(parts)

    def _listed(self, ranges: Sequence[PageRange]) -> str:
        texts: list[str] = []
        kind = ""
        for r in ranges[:RANGES_SHOWN]:
            is_other = r.kind != kind
            kind = r.kind
            texts.append(f"{kind_text(kind).lower()} {pages_text(r)}" if is_other and not self.sign else pages_text(r))
        rest = len(ranges) - RANGES_SHOWN
        return ", ".join(texts) + (f" +{rest}" if rest > 0 else "")

    def words(self) -> str:
        """All of it in full words: ``moved on 201–216, between keys moved on 217–219``."""
        texts = [
            (tr("{0} on {1}") if r.is_key_edit else tr("between keys {0} on {1}")).format(
                kind_text(r.kind).lower(), pages_text(r)
            )
            for r in self.ranges
        ]
        return ", ".join(texts)


def pages_text(r: PageRange) -> str:
    """``201–216`` as people count."""
    return f"{r.first + 1:,}" if r.first == r.last else f"{r.first + 1:,}–{r.last + 1:,}"


class Tracks:
    """Which track each change of a comparison belongs to; none where an object is on one page only."""

    def __init__(self, comparison: Comparison | None) -> None:
        self._of: dict[int, TrackChange] = {}
        if comparison is None:
            return
        places = {change.key: at for at, change in enumerate(comparison.changes) if change.subject == "label"}
        for track in comparison.tracks:
            if len(track.changes) > 1 or any(not r.is_key_edit for r in track.ranges):
                self._of.update((places[c.key], track) for c in track.changes if c.key in places)

    def __bool__(self) -> bool:
        return bool(self._of)

    def folded(self, members: Iterable[int], sign: str) -> list[int | Fold]:
        """The members of a group with those of one track as one, where the first of them stood."""
        found: dict[int, list[int]] = {}
        order: list[int | TrackChange] = []
        for at in members:
            track = self._of.get(at)
            if track is None:
                order.append(at)
            elif id(track) in found:
                found[id(track)].append(at)
            else:
                found[id(track)] = [at]
                order.append(track)
        return [one if isinstance(one, int) else Fold(one, tuple(found[id(one)]), sign) for one in order]
