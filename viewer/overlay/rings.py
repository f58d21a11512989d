"""Rings and lines as flat arrays, and those that are some of others, or two of them together, without copies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.geometry import Points
from viewer.overlay.ranges import rows_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Rings:
    """Rings and lines back to back: ring r is ``points[first[r]:first[r + 1]]``, rings not closed.

    `points` has shape (p, 2), page space, C-contiguous; `first` has one entry more than there are rings.
    `source`: the rings that these are some of, and their numbers there; simplified ones need not be made twice.
    `joined`: the two that these are one after the other.
    """

    points: Points
    first: Ints
    source: tuple[Rings, Ints] | None = None
    joined: tuple[Rings, Rings] | None = None

    @property
    def count(self) -> int:
        """Points of all rings together."""
        return int(self.first[-1])

    def some(self, numbers: Ints) -> Rings:
        """The rings with these numbers, one after the other."""
        return SomeRings(self, numbers)

    def origin(self, ring: int) -> tuple[Rings, int]:
        """The rings that hold the points of a ring themselves, and its number there."""
        if self.source is not None:
            return self.source[0].origin(int(self.source[1][ring]))
        if self.joined is not None:
            lower, upper = self.joined
            before = len(lower.first) - 1
            return lower.origin(ring) if ring < before else upper.origin(ring - before)
        return self, ring


class _Derived(Rings):
    """Of other rings. Points are copied together when they are first asked for: drawing seldom does."""

    __slots__ = ("_points",)
    _points: Points | None

    def _derive(
        self, first: Ints, source: tuple[Rings, Ints] | None = None, joined: tuple[Rings, Rings] | None = None
    ) -> None:
        for name, value in (("first", first), ("source", source), ("joined", joined), ("_points", None)):
            object.__setattr__(self, name, value)

    @property
    def points(self) -> Points:
        """As of `Rings`."""
        found = self._points
        if found is None:
            found = self._copied()
            object.__setattr__(self, "_points", found)
        return found

    def _copied(self) -> Points:
        raise NotImplementedError


class SomeRings(_Derived):
    """Some rings of others."""

    __slots__ = ()

    def __init__(self, source: Rings, numbers: Ints) -> None:
        self._derive(starts(source.first[numbers + 1] - source.first[numbers]), source=(source, numbers))

    def _copied(self) -> Points:
        assert self.source is not None
        source, numbers = self.source
        return source.points.take(rows_of(source.first[numbers], source.first[numbers + 1]), axis=0)


class JoinedRings(_Derived):
    """Two one after the other."""

    __slots__ = ()

    def __init__(self, lower: Rings, upper: Rings) -> None:
        self._derive(np.concatenate((lower.first[:-1], upper.first + lower.count)), joined=(lower, upper))

    def _copied(self) -> Points:
        assert self.joined is not None
        lower, upper = self.joined
        return np.concatenate((lower.points, upper.points))


def starts(counts: Ints) -> Ints:
    """Where each begins when so many stand one after the other; one entry more, the end."""
    first = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=first[1:])
    return first
