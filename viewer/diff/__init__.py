"""Comparing two snapshots of one asset."""

from viewer.diff.compare import Depth, compare
from viewer.diff.comparison import Comparison, Counts, PageRange, TrackChange

__all__ = ["Comparison", "Counts", "Depth", "PageRange", "TrackChange", "compare"]
