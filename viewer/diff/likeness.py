"""How alike two entries are in place and shape: 1 for the same outline, 0 for what lies apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from viewer.diff.forms import Floats, Geometries
from viewer.diff.measures import box_areas, box_iou, ious, ratio
from viewer.model import Annotation
from viewer.tools.bounding_box import BoundingBox
from viewer.tools.ner import Ner

LIKE = 0.3
"""At least so alike are two entries that may be one thing; for a track the mean over the pages that both are on."""

REACH = 12.0
REACH_OF_SIZE = 0.2
"""Points, lines and thin shapes may be so many pixels apart, or this part of their size if that is more."""

THIN = 4.0
"""A surface that is nowhere wider (in pixels) hardly overlaps with itself when it is moved a little."""

MOST_PARTNERS = 64
"""So many entries are looked at as partners of one. More lie on one place only where nobody could tell them apart."""

CHUNK = 1_000
"""Entries asked for at once, so that crowds on one place do not fill the memory."""

Ints = NDArray[np.int64]


class Likeness:
    """Likeness between entries of two snapshots, by their positions."""

    def __init__(self, before: Sequence[Annotation], after: Sequence[Annotation], geometries: Geometries) -> None:
        self.before = before
        self.after = after
        self.geometries = geometries

    def of(self, pairs: Sequence[tuple[int, int]]) -> Floats:
        """Likeness of each pair of positions, shape (n,), whatever their pages; 0 between different tools."""
        if not pairs:
            return np.zeros(0)
        one, two, a, b = self._sides(pairs)
        same_tool = np.array([self.before[i].key == self.after[j].key for i, j in pairs])
        return np.where(same_tool, _likeness(one, two, a, b), 0.0)

    def _sides(self, pairs: Sequence[tuple[int, int]]) -> tuple[_Side, _Side, Ints, Ints]:
        """Both sides of some pairs, and where each pair is in them."""
        befores, afters = sorted({i for i, _ in pairs}), sorted({j for _, j in pairs})
        one = _Side([self.before[i] for i in befores], self.geometries)
        two = _Side([self.after[j] for j in afters], self.geometries)
        at_before, at_after = ({place: k for k, place in enumerate(places)} for places in (befores, afters))
        return one, two, np.array([at_before[i] for i, _ in pairs]), np.array([at_after[j] for _, j in pairs])

    def nearness(self, pairs: Sequence[tuple[int, int]]) -> Floats:
        """How near the middles of each pair are, shape (n,): 1 for the same place, 1/2 for a size apart, towards 0."""
        if not pairs:
            return np.zeros(0)
        one, two, a, b = self._sides(pairs)
        middles = [(side.bounds[:, :2] + side.bounds[:, 2:]) / 2.0 for side in (one, two)]
        apart = np.hypot(*(middles[0][a] - middles[1][b]).T)
        near: Floats = np.nan_to_num(1.0 / (1.0 + apart / np.maximum(one.size[a], REACH)))
        return near

    def identical(self, places: Sequence[int], others: Sequence[int]) -> list[tuple[int, int]]:
        """Entries of one class on one page with the very same outline: no other partner can be better for them."""
        twos: dict[Hashable, list[int]] = defaultdict(list)
        for j in reversed(others):
            twos[self._outline_key(self.after[j])].append(j)
        pairs: list[tuple[int, int]] = []
        for i in places:
            found = twos.get(self._outline_key(self.before[i]))
            if found:
                pairs.append((i, found.pop()))
        return pairs

    def _outline_key(self, entry: Annotation) -> Hashable:
        form = self.geometries.form(entry.tool)
        outline = np.round(form.points, 6).tobytes() if form.is_drawn else repr(form.value)
        return (entry.key, entry.schema_id or entry.title, entry.page or 0, entry.stopped, outline)

    def candidates(
        self, places: Sequence[int], others: Sequence[int], *, least: float
    ) -> Iterator[tuple[int, int, float]]:
        """(position before, position after, likeness) of entries of one tool on one page that are alike at all.

        From a likeness of `least` on; of each entry the `MOST_PARTNERS` most alike.
        """
        one = _Side([self.before[i] for i in places], self.geometries)
        two = _Side([self.after[j] for j in others], self.geometries)
        for a, b in _touching(one, two):
            values = _likeness(one, two, a, b)
            k = np.flatnonzero((values > 0) & (values >= least))
            if len(k) > MOST_PARTNERS:
                k = k[np.lexsort((-values[k], a[k]))]
                _, starts, counts = np.unique(a[k], return_index=True, return_counts=True)
                k = k[np.arange(len(k)) - np.repeat(starts, counts) < MOST_PARTNERS]
            for x, y, value in zip(a[k].tolist(), b[k].tolist(), values[k].tolist()):
                yield places[x], others[y], value
        yield from _of_same_value(one, two, places, others)


class _Side:
    """Arrays about some entries of one snapshot."""

    def __init__(self, entries: Sequence[Annotation], geometries: Geometries) -> None:
        self.entries = entries
        self.geometries = geometries
        self.tools = tools = [entry.tool for entry in entries]
        self.shapes = geometries.of(tools)
        self.bounds: Floats = shapely.bounds(self.shapes).reshape(len(tools), 4)
        self.areas: Floats = shapely.area(self.shapes)
        is_box = np.zeros(len(tools), dtype=bool)
        for k, tool in enumerate(tools):
            if type(tool) is Ner:
                # a range is a box of height 1 in a space of its own
                self.bounds[k] = (min(tool.start, tool.end), 0.0, max(tool.start, tool.end), 1.0)
                self.areas[k] = box_areas(self.bounds[k : k + 1])[0]
                is_box[k] = True
            elif type(tool) is BoundingBox and tool.voxels is None:
                is_box[k] = True
        self.is_box = is_box
        self.has_place: NDArray[np.bool_] = ~np.isnan(self.bounds).any(axis=1)
        size = self.bounds[:, 2:] - self.bounds[:, :2]
        self.size: Floats = np.nan_to_num(size.max(axis=1, initial=0.0))
        self.is_thin: NDArray[np.bool_] = self.has_place & (
            (self.areas <= 0) | (size.min(axis=1, initial=np.inf) < THIN)
        )
        self.is_thin &= ~np.array([type(tool) is Ner for tool in tools], dtype=bool)

    def reach(self) -> Floats:
        """How far each may be from its partner, at most, when it goes by distance."""
        return np.maximum(REACH, REACH_OF_SIZE * self.size)


def _touching(one: _Side, two: _Side) -> Iterator[tuple[Ints, Ints]]:
    """Positions in both sides whose boxes touch, entries of another page or tool left out, in chunks."""
    ones, twos = np.flatnonzero(one.has_place), np.flatnonzero(two.has_place)
    if not len(ones) or not len(twos):
        return
    sheets: dict[Hashable, int] = {}
    sheet_one, sheet_two = _sheets(one, ones, sheets), _sheets(two, twos, sheets)
    reach = np.where(one.is_thin, one.reach(), 0.0)[ones, None] * (-1.0, -1.0, 1.0, 1.0)
    boxes_one, boxes_two = one.bounds[ones] + reach, two.bounds[twos]
    if two.is_thin.any():
        boxes_two = boxes_two + np.where(two.is_thin, two.reach(), 0.0)[twos, None] * (-1.0, -1.0, 1.0, 1.0)
    # one tree for all pages and tools: each lies on a sheet of its own, side by side
    low = min(boxes_one[:, 0].min(), boxes_two[:, 0].min())
    stride = max(boxes_one[:, 2].max(), boxes_two[:, 2].max()) - low + 1.0
    for boxes, sheet in ((boxes_one, sheet_one), (boxes_two, sheet_two)):
        boxes[:, [0, 2]] += (sheet * stride - low)[:, None]
    tree = shapely.STRtree(shapely.box(*boxes_two.T))
    for start in range(0, len(ones), CHUNK):
        a, b = tree.query(shapely.box(*boxes_one[start : start + CHUNK].T))
        a = a + start
        same = sheet_one[a] == sheet_two[b]
        yield ones[a[same]], twos[b[same]]


def _sheets(side: _Side, places: Ints, sheets: dict[Hashable, int]) -> Floats:
    found = [sheets.setdefault((side.entries[k].page or 0, side.entries[k].key), len(sheets)) for k in places.tolist()]
    return np.array(found, dtype=np.float64)


def _likeness(one: _Side, two: _Side, a: Ints, b: Ints) -> Floats:
    """Of pairs of positions: the overlap of surfaces, else nearness."""
    result = np.zeros(len(a))
    boxes = one.is_box[a] & two.is_box[b]
    k = np.flatnonzero(boxes)
    result[k] = box_iou(one.bounds[a[k]], two.bounds[b[k]])
    # of other surfaces the boxes around them say how much they can overlap at most
    k = np.flatnonzero(~boxes & (one.areas[a] > 0) & (two.areas[b] > 0))
    if len(k):
        k = k[_most_overlap(one, two, a[k], b[k]) >= LIKE]
        result[k] = ious([one.tools[i] for i in a[k].tolist()], [two.tools[i] for i in b[k].tolist()], one.geometries)
    k = np.flatnonzero(one.is_thin[a] & two.is_thin[b])
    if len(k):
        reach = np.maximum(one.reach()[a[k]], two.reach()[b[k]])
        apart = shapely.hausdorff_distance(one.shapes[a[k]], two.shapes[b[k]])
        near = np.where(apart <= reach, 1.0 - (1.0 - LIKE) * apart / reach, 0.0)
        result[k] = np.maximum(result[k], np.nan_to_num(near))
    return result


def _most_overlap(one: _Side, two: _Side, a: Ints, b: Ints) -> Floats:
    ones, twos = one.bounds[a], two.bounds[b]
    sides = np.minimum(ones[:, 2:], twos[:, 2:]) - np.maximum(ones[:, :2], twos[:, :2])
    around = np.clip(sides, 0, None).prod(axis=1)
    shared = np.minimum(around, np.minimum(one.areas[a], two.areas[b]))
    union = one.areas[a] + two.areas[b] - shared
    return ratio(shared, union)


def _of_same_value(
    one: _Side, two: _Side, places: Sequence[int], others: Sequence[int]
) -> Iterator[tuple[int, int, float]]:
    """Entries without a place on a page: those with the same value, the k-th with the k-th."""
    twos: dict[Hashable, list[int]] = defaultdict(list)
    for k in np.flatnonzero(~two.has_place).tolist():
        twos[_value_key(two, k)].append(k)
    for k in np.flatnonzero(~one.has_place).tolist():
        found = twos.get(_value_key(one, k))
        if found:
            yield places[k], others[found.pop(0)], 1.0


def _value_key(side: _Side, k: int) -> Hashable:
    entry = side.entries[k]
    return (entry.key, entry.schema_id or entry.title, entry.page or 0, entry.stopped, repr(entry.tool))
