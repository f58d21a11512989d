"""What is known of the changes between the stages of each asset: for its bar, for filters and for orders. No Qt."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from viewer.export import Row
from viewer.export.differences import Step
from viewer.export.neighbours import wanted_steps
from viewer.ui.assets.faceted import Mask, Numbers, by_facet

CHANGED = "changed"
"""The facet of assets of which anything changed."""
KIND, STAGE, TOOL, CLASS, PERSON = "change", "change_stage", "change_tool", "change_class", "change_person"
OF_ONE = (KIND, STAGE, TOOL, CLASS, PERSON)
"""Facets of one change: what is chosen of several of them must be true of the same change."""
FACETS = (CHANGED, *OF_ONE)


class Totals(NamedTuple):
    """How many changes there are between all neighbouring stages of an asset, and how large the largest is."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    largest: float = 0.0

    @property
    def total(self) -> int:
        """All of them."""
        return self.added + self.changed + self.removed


NONE = Totals()


class ChangedAssets:
    """Grows as steps are compared. What several changes of a step have in common is kept once."""

    def __init__(self) -> None:
        self.is_complete = False
        """Whether all was compared that can be."""
        self._totals: dict[int, Totals] = {}
        self._known: dict[int, int] = {}
        self._codes: dict[str, dict[str, int]] = {facet: {} for facet in OF_ONE}
        self._columns = {facet: array("i") for facet in OF_ONE}
        self._assets = array("i")

    def add(self, step: Step, row: Row) -> None:
        """Take the changes of one step of an asset, whose row is `row`."""
        old = self._totals.get(step.asset, NONE)
        changed = max(0, len(step.changes) - step.added - step.removed)
        largest = max((found.size for found in step.changes), default=0.0)
        self._totals[step.asset] = Totals(
            old.added + step.added, old.changed + changed, old.removed + step.removed, max(old.largest, largest)
        )
        self._known[step.asset] = self._known.get(step.asset, 0) + 1
        stage = (row.visits[step.b].stage or "") if step.b < len(row.visits) else ""
        told: set[tuple[str, ...]] = set()
        for found in step.changes:
            for kind in found.kinds:
                values = (kind, stage, found.tool or "", found.title, found.by or "")
                if values not in told:
                    told.add(values)
                    for facet, value in zip(OF_ONE, values):
                        codes = self._codes[facet]
                        self._columns[facet].append(codes.setdefault(value, len(codes)))
                    self._assets.append(step.asset)

    def totals(self, row: Row) -> Totals | None:
        """The changes of an asset as far as they are known; None while nothing is, or where nothing can be compared."""
        found = self._totals.get(row.index)
        if found is not None and found.total:
            return found
        if not any(visit.labels or visit.masks for visit in row.visits[:-1]):
            return None
        is_known = self.is_complete or self._known.get(row.index, 0) >= len(wanted_steps(row))
        return NONE if is_known else None

    def order_key(self, asset: int, key: str) -> float:
        """What an asset is sorted by: ``changes`` (how many) or ``largest``."""
        found = self._totals.get(asset, NONE)
        return found.largest if key == "largest" else found.total

    # ---- filters -----------------------------------------------------------------------------------------

    def mask_of(self, chosen: Iterable[tuple[str, str]], count: int) -> Mask:
        """Which of the assets 0 to `count` have one change of which all that is chosen is true."""
        result = np.zeros(count, bool)
        result[self._of(self._hits(chosen), count)] = True
        return result

    def counts_in(self, facet: str, mask: Mask, chosen: Iterable[tuple[str, str]]) -> dict[str, int]:
        """Value → how many assets of `mask` have a change with it; `chosen` of the other facets is true of it, too."""
        count = len(mask)
        if facet == CHANGED:
            found = int(np.count_nonzero(mask[self._of(self._hits(()), count, unique=True)]))
            return {"some": found} if self._assets else {}
        codes = self._codes[facet]
        if not codes:
            return {}
        hits = self._hits(pair for pair in chosen if pair[0] != facet)
        assets = np.frombuffer(self._assets, np.int32)[hits]
        values = np.frombuffer(self._columns[facet], np.int32)[hits]
        there = assets < count
        assets, values = assets[there], values[there]
        kept = mask[assets]
        pairs = np.unique(values[kept].astype(np.int64) * count + assets[kept])
        sums = np.bincount(pairs // count, minlength=len(codes)) if count else np.zeros(len(codes), np.int64)
        return {value: int(sums[code]) for value, code in codes.items()}

    def _hits(self, chosen: Iterable[tuple[str, str]]) -> Mask:
        """Which of what is kept has all that is chosen: OR within a facet, AND between them."""
        hits = np.ones(len(self._assets), bool)
        for facet, values in by_facet(chosen).items():
            if facet != CHANGED:
                codes = self._codes[facet]
                wanted = np.zeros(len(codes) + 1, bool)
                wanted[[codes.get(value, len(codes)) for value in values]] = True
                wanted[-1] = False
                hits &= wanted[np.frombuffer(self._columns[facet], np.int32)]
        return hits

    def _of(self, hits: Mask, count: int, *, unique: bool = False) -> Numbers:
        found = np.frombuffer(self._assets, np.int32)[hits]
        found = found[found < count]
        return np.unique(found) if unique else found
