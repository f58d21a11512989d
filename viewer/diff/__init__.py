"""Comparing two snapshots of one asset."""

from viewer.diff.blame import Blame, blame
from viewer.diff.compare import Depth, compare
from viewer.diff.comparison import Comparison, Counts, PageRange, TrackChange

__all__ = ["Blame", "Comparison", "Counts", "Depth", "PageRange", "TrackChange", "blame", "compare"]
