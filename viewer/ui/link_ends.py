"""When the links of an export's assets end: for its header, for rows and filters of the asset list. No Qt, no URL."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from viewer.export import Row
from viewer.fetch import presign

State = Literal["", "valid", "soon", "expired"]
"""Of a link; "" says nothing: not signed, or this computer's clock cannot be right."""

STATES: tuple[State, ...] = ("expired", "soon", "valid")
_NEVER = 1 << 62

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class LinkTotals:
    """Of all assets of an export. `ends` is the earliest end in seconds since 1970, None when no link is signed."""

    ends: int | None = None
    signed: int = 0
    expired: int = 0
    soon: int = 0


class LinkEnds:
    """The end of the links of each asset, by its index. Grows as rows are read.

    `now` gives the seconds since 1970 by which links are judged; it is asked whenever something is.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self.now = now
        self._ends = array("q")

    def __len__(self) -> int:
        return len(self._ends)

    def clear(self) -> None:
        """Another export."""
        self._ends = array("q")

    def add(self, rows: Iterable[Row]) -> None:
        """The next rows of the export."""
        self._ends.extend(_NEVER if row.ends is None else row.ends for row in rows)

    def renew(self, ends: Mapping[int, int | None]) -> None:
        """Other links of these assets are in use. An index that is not listed is passed over."""
        for index, end in ends.items():
            if 0 <= index < len(self._ends):
                self._ends[index] = _NEVER if end is None else end

    def end_of(self, index: int) -> int | None:
        """When the first link of an asset ends; None when none says."""
        end = self._ends[index] if 0 <= index < len(self._ends) else _NEVER
        return None if end == _NEVER else end

    def order_key(self, index: int) -> int:
        """What an asset is sorted by: the end of its links; those without one come last."""
        return self._ends[index] if 0 <= index < len(self._ends) else _NEVER

    def state_of(self, index: int) -> State:
        """What is to be said of the links of an asset."""
        end = self.end_of(index)
        return "" if end is None else state_at(end, self.now())

    def totals(self) -> LinkTotals:
        """Of all assets that are listed."""
        ends = np.array(np.frombuffer(self._ends, np.int64)) if self._ends else np.zeros(0, np.int64)
        ends = ends[ends != _NEVER]
        if not len(ends):
            return LinkTotals()
        now = self.now()
        expired, soon = (int(np.count_nonzero(ends <= now + more)) for more in (0, presign.SOON.total_seconds()))
        return LinkTotals(int(ends.min()), len(ends), expired, soon - expired)

    # ---- filters -----------------------------------------------------------------------------------------

    def mask_of(self, states: Iterable[str], count: int) -> Mask:
        """Which of the assets 0 to `count` have links in one of these states."""
        codes = self._codes(count)
        wanted = [STATES.index(state) for state in STATES if state in set(states)]
        return np.isin(codes, np.array(wanted, np.int32))

    def counts_in(self, mask: Mask) -> dict[str, int]:
        """State → how many assets of a mask have it; nothing where no link is signed."""
        codes = self._codes(len(mask))
        if not np.any(codes >= 0):
            return {}
        found = np.bincount(codes[mask & (codes >= 0)], minlength=len(STATES))
        return {state: int(found[code]) for code, state in enumerate(STATES)}

    def _codes(self, count: int) -> NDArray[np.int32]:
        """The place in `STATES` of the first `count` assets, -1 where nothing is said."""
        codes = np.full(count, -1, np.int32)
        known = min(count, len(self._ends))
        now = self.now()
        if known and _is_right(now):
            ends = np.array(np.frombuffer(self._ends, np.int64))[:known]
            bounds = np.array([now, now + presign.SOON.total_seconds(), _NEVER - 1], np.float64)
            codes[:known] = np.searchsorted(bounds, ends.astype(np.float64), side="left")
            codes[:known][ends == _NEVER] = -1
        return codes


def state_at(ends: int | None, now: float) -> State:
    """The state of a link that ends at `ends` (None: not signed), by a clock that shows `now`; seconds since 1970."""
    if ends is None or not _is_right(now):
        return ""
    if ends <= now:
        return "expired"
    return "soon" if ends - now <= presign.SOON.total_seconds() else "valid"


def words_at(ends: int | None, now: float) -> str:
    """``valid 21 h``, ``expires in 2 h 40 min``, ``expired 3 days ago``; "" for a link that does not say."""
    if ends is None:
        return ""
    try:
        moments = (datetime.fromtimestamp(ends, UTC), datetime.fromtimestamp(now, UTC))
    except (ValueError, OverflowError, OSError):
        return ""  # somebody wrote nonsense into a file
    return presign.validity_in_words(presign.Expiry(moments[0]), moments[1])


def _is_right(now: float) -> bool:
    try:
        return presign.is_right_clock(datetime.fromtimestamp(now, UTC))
    except (ValueError, OverflowError, OSError):
        return False
