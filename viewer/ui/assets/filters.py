"""What the list of assets is filtered by: one frozen record, and how many assets each value lets through. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace

from viewer.ui.assets.faceted import Faceted, Mask
from viewer.ui.assets.table import FACETS


@dataclass(frozen=True, slots=True)
class Filter:
    """What is searched, chosen and sorted. Plain values: it is saved as it is and comes back with its export."""

    text: str = ""
    """As typed."""
    chosen: tuple[tuple[str, str], ...] = ()
    """(facet, value): one of the values of each facet that has any chosen must be there."""
    order: str = "export"
    descending: bool = False
    on: bool = True
    """False: all assets are shown, and the rest of the record is kept for later."""

    @property
    def is_neutral(self) -> bool:
        """Whether nothing is left out, on or off."""
        return not self.text.strip() and not self.chosen

    def has(self, facet: str, value: str) -> bool:
        """Whether a value is chosen."""
        return (facet, value) in self.chosen

    def values(self, facet: str) -> tuple[str, ...]:
        """What is chosen of a facet."""
        return tuple(value for key, value in self.chosen if key == facet)

    @property
    def facets(self) -> tuple[str, ...]:
        """The facets of which anything is chosen, in the order of the menu."""
        there = {key for key, _ in self.chosen}
        return tuple(facet.key for facet in FACETS if facet.key in there)


def toggled(record: Filter, facet: str, value: str) -> Filter:
    """A value chosen, or no longer; what one changes is in force."""
    pair = (facet, value)
    chosen = tuple(p for p in record.chosen if p != pair) if pair in record.chosen else (*record.chosen, pair)
    return replace(record, chosen=chosen, on=True)


def without(record: Filter, facet: str) -> Filter:
    """Nothing of a facet chosen."""
    return replace(record, chosen=tuple(p for p in record.chosen if p[0] != facet), on=True)


def cleared(record: Filter) -> Filter:
    """Nothing left out; the order stays."""
    return replace(record, text="", chosen=(), on=True)


def facet_mask(table: Faceted, record: Filter, start: int = 0, *, but: str = "") -> Mask:
    """Which of the digested rows from `start` on have what is chosen: OR within a facet, AND between them.

    `but`: this facet is not asked.
    """
    return table.mask_of([pair for pair in record.chosen if pair[0] != but], start)


def counts(table: Faceted, record: Filter, facet: str, text_mask: Mask | None = None) -> dict[str, int]:
    """How many assets each value of a facet lets through, with what else is chosen and typed as it is.

    All values that there are stay listed, also those that would find nothing, and chosen ones that no asset has.
    """
    mask = facet_mask(table, record, but=facet)
    if text_mask is not None:
        mask[: len(text_mask)] &= text_mask
    result = table.counts_in(facet, mask, record.chosen)
    for value in record.values(facet):
        result.setdefault(value, 0)
    return result
