"""The stage history as a row of cards: what no other tool shows."""

from viewer.ui.timeline.widget import StageTimeline

__all__ = ["StageTimeline"]
