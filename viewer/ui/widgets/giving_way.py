"""What gives way, and in which order, where a bar is too narrow for all of its controls. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Way:
    """One thing that can be done for room."""

    key: str
    saves: int
    """Pixels."""
    to_menu: bool = False
    """The control goes into the menu of what has no room, which needs a button of its own."""


def give_way(needed: int, room: int, ways: Sequence[Way], menu_width: int) -> frozenset[str]:
    """The keys of those `ways`, in their order, that have to be gone until `needed` pixels fit into `room`.

    A way that saves nothing is left out. All of them when not even that is enough. Where the last one gave more
    than was missing, what had to go shortly before it comes back.
    """
    gone: list[Way] = []
    has_menu = False
    for way in ways:
        if needed <= room:
            break
        if way.saves <= 0:
            continue
        gone.append(way)
        needed -= way.saves
        if way.to_menu and not has_menu:
            has_menu = True
            needed += menu_width
    for way in reversed(gone[:-1]):
        if needed + way.saves <= room:
            gone.remove(way)
            needed += way.saves
    return frozenset(way.key for way in gone)
