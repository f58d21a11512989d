"""Index ranges back to back, as numpy wants them: the rows of many [start, stop) at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def spans(start: Ints, stop: Ints) -> tuple[Ints, Ints]:
    """All indices of the ranges [start, stop) one after the other, and which range each belongs to."""
    return rows_of(start, stop), np.repeat(np.arange(len(start)), stop - start)


def rows_of(start: Ints, stop: Ints) -> Ints:
    """All indices of the ranges [start, stop) one after the other."""
    counts = stop - start
    ends = np.cumsum(counts)
    rows = np.arange(int(ends[-1]) if len(ends) else 0)
    rows += np.repeat(start - (ends - counts), counts)
    return rows
