"""Comparing two snapshots of one asset."""

from viewer.diff.comparison import Comparison, Counts, PageRange, TrackChange

__all__ = ["Comparison", "Counts", "PageRange", "TrackChange"]
