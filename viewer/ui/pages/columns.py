"""Which page lies at which pixel of the track, and how many labels lie there. No Qt."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

CHIPS_UP_TO = 12
"""So few pages are chips with their numbers; more are a track."""


def x_of_page(page: float, page_count: int, width: float) -> float:
    """The middle of a page in a track of `width` pixels."""
    return (page + 0.5) * width / max(page_count, 1)


def page_at(x: float, page_count: int, width: float) -> int:
    """The page at a pixel, held within the pages."""
    if width <= 0 or page_count <= 0:
        return 0
    return max(0, min(int(x * page_count / width), page_count - 1))


def density(pages: NDArray[np.int64], weights: NDArray[np.float64], page_count: int, width: int) -> NDArray[np.float64]:
    """Labels per pixel column as shares of the fullest one, shape (width,), 0 to 1.

    A page wider than a pixel fills all its columns. `pages` outside of the track are left out.
    """
    if width <= 0 or page_count <= 0 or not len(pages):
        return np.zeros(max(width, 0))
    inside = (pages >= 0) & (pages < page_count)
    counts = np.bincount(pages[inside], weights=weights[inside], minlength=page_count).astype(np.float64)
    if page_count <= width:
        columns = counts[(np.arange(width) * page_count) // width]
    else:
        # the fullest page of each column: a single labelled page must not drown among empty ones
        starts = (np.arange(width) * page_count) // width
        columns = np.maximum.reduceat(counts, starts)
    most = columns.max()
    return np.asarray(columns / most if most > 0 else columns)


def spans(pages: Mapping[int, str], page_count: int, width: int, *, least: int = 3) -> list[tuple[int, int, str]]:
    """Pixel spans (left, right, what) of pages that are marked with something, in order, not overlapping.

    Each is as wide as its page but at least `least` pixels, and stays within the track. Of pages that share
    pixels the first one in `pages` wins; neighbours that are marked alike are one span.
    """
    if width <= 0 or page_count <= 0:
        return []
    columns: list[str] = [""] * width
    for page, what in pages.items():
        if 0 <= page < page_count:
            left, right = page * width // page_count, (page + 1) * width // page_count
            if right - left < least:
                left = max(0, min(int(x_of_page(page, page_count, width)) - least // 2, width - least))
                right = min(left + least, width)
            columns[left:right] = [known or what for known in columns[left:right]]
    found: list[tuple[int, int, str]] = []
    for x, what in enumerate(columns):
        if what and found and found[-1][1] == x and found[-1][2] == what:
            found[-1] = (found[-1][0], x + 1, what)
        elif what:
            found.append((x, x + 1, what))
    return found


def ticks(page_count: int, width: int, *, apart: int = 90) -> list[int]:
    """Pages (0-based) to write numbers at: round numbers for people, at least `apart` pixels from each other."""
    if page_count <= 1 or width <= 0:
        return []
    step = 1
    for candidate in (s * 10**k for k in range(8) for s in (1, 2, 5)):
        step = candidate
        if candidate * width / page_count >= apart:
            break
    return [number - 1 for number in range(step, page_count + 1, step)]
