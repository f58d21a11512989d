"""Numbered rows of a list, and which of them have which value of what they differ in. No Qt."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Numbers = NDArray[np.int32]

_NOTHING: Numbers = np.zeros(0, np.int32)


class Faceted:
    """Facet → value → the rows that have it. Rows are entered in the order of their numbers."""

    def __init__(self, facets: Iterable[str]) -> None:
        self.members: dict[str, dict[str, array[int]]] = {facet: {} for facet in facets}
        """The numbers ascend."""

    @property
    def digested(self) -> int:
        """So many rows can be filtered."""
        raise NotImplementedError

    def enter(self, number: int, facet: str, values: Iterable[str]) -> None:
        """A row has these values; one that is named twice counts once."""
        members = self.members[facet]
        for value in values:
            at = members.get(value)
            if at is None:
                members[value] = array("i", (number,))
            elif at[-1] != number:
                at.append(number)

    def with_value(self, facet: str, value: str, start: int = 0) -> Numbers:
        """The digested rows from `start` on that have a value."""
        at = self.members.get(facet, {}).get(value)
        if not at:
            return _NOTHING
        # a copy: an array cannot grow while something looks at its memory
        numbers = np.array(np.frombuffer(at, np.int32))
        return numbers if start == 0 else numbers[np.searchsorted(numbers, start) :]

    def mask_of(self, chosen: Iterable[tuple[str, str]], start: int = 0) -> Mask:
        """Which of the digested rows from `start` on have what is chosen: OR within a facet, AND between them."""
        result = np.ones(self.digested - start, bool)
        for facet, values in by_facet(chosen).items():
            one = np.zeros(len(result), bool)
            for value in values:
                one[self.with_value(facet, value, start) - start] = True
            result &= one
        return result

    def counts_in(self, facet: str, mask: Mask, chosen: Iterable[tuple[str, str]] = ()) -> dict[str, int]:
        """Value → how many of the rows in a mask have it, those that none has too. The mask has what is `chosen`."""
        members = tuple(self.members.get(facet, ()))
        return {value: int(np.count_nonzero(mask[self.with_value(facet, value)])) for value in members}


def by_facet(chosen: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """(facet, value) pairs as facet → its values."""
    found: dict[str, list[str]] = {}
    for facet, value in chosen:
        found.setdefault(facet, []).append(value)
    return found
