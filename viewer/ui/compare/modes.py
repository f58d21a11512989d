"""The ways to look at stages, in the order of the control that chooses them. A new one is one line here."""

from __future__ import annotations

from viewer.ui.compare.blink import BlinkMode
from viewer.ui.compare.changes import ChangesMode
from viewer.ui.compare.mode import CompareMode
from viewer.ui.compare.overlay import OverlayMode
from viewer.ui.compare.side import SideMode
from viewer.ui.compare.single import SingleMode
from viewer.ui.compare.swipe import SwipeMode

MODES: tuple[type[CompareMode], ...] = (
    SingleMode,
    SideMode,
    OverlayMode,
    SwipeMode,
    BlinkMode,
    ChangesMode,
)


def mode_of(key: str) -> type[CompareMode]:
    """The mode with a key; an unknown one (of an older settings file) is single."""
    return next((mode for mode in MODES if key == mode.KEY), SingleMode)
