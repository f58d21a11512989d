"""How a label is drawn: colour, passes, dash, fill and halo, chosen from what is true about it."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Literal

from viewer.overlay import palette

FILL = 0.10
HOVER_FILL = 0.24
FAINT = 0.7
LINE_PX = 1.6
"""Width of an outline as it looks, in logical pixels."""
CHANGED_PX = 2.0
CHANGE_FILL = 0.13
UNCHANGED, UNCHANGED_ASIDE, UNCHANGED_QUIET = 0.55, 0.40, 0.15
"""Opacity of what did not change: usually, while something is selected, and where only changes are shown."""
"""Opacity of labels between key frames."""

Halo = Literal["none", "shadow", "ring"]


@dataclass(frozen=True, slots=True)
class Style:
    """The look of an outline at any zoom; widths are in screen pixels.

    `halo`: ``shadow`` is one dark line shifted by (+1, +1), ``ring`` surrounds the whole line. `dash` is a
    pattern of screen pixels (on, off…), empty for a solid line. `fill` and `opacity` are shares of 0-1. `width`:
    1 is a hair line. `hatch`: diagonal lines inside of what is large enough on screen.
    """

    colour: str
    opacity: float = 1.0
    fill: float = FILL
    dash: tuple[float, ...] = ()
    halo: Halo = "shadow"
    width: float = LINE_PX
    hatch: bool = False


def halo_of(style: Style) -> tuple[str, float]:
    """(``#RRGGBB``, opacity 0-1) of the line under an outline.

    Dark under what is seen on dark ground, light under what is not, so that either the outline or its halo
    stands out whatever lies behind.
    """
    dark = style.halo == "shadow" or palette.contrast(style.colour, palette.CANVAS_DARK) >= 3.0
    return (palette.HALO if dark else palette.HALO_LIGHT), palette.HALO_ALPHA / 255.0 * style.opacity


def _faint(colour: str, halo: Halo, ground: str) -> float:
    """70 %, or as much more as a colour needs to stay at 3:1 on its ground."""
    if halo == "ring":
        return FAINT  # the ring is what is seen
    steps = (FAINT + step / 100.0 for step in range(round((1.0 - FAINT) * 100.0)))
    return next((a for a in steps if palette.contrast(palette.over(colour, a, ground), ground) >= 3.1), 1.0)


@functools.lru_cache(maxsize=4096)
def label_style(
    colour: str,
    *,
    state: str = "key",
    occluded: bool = False,
    paper: bool = False,
    fill: float = FILL,
    ground: str = palette.CANVAS_DARK,
) -> Style:
    """The look of a label. `state` is that of `viewer.tracks`: ``key``, ``interpolated`` or ``held``.

    Interpolated labels are faint and never filled; occluded ones are dashed; held ones look like the key
    frame that holds and are told apart in their tag. A colour under 3:1 on its ground gets a ring.
    """
    if paper:
        ground = palette.PAPER
        halo: Halo = "none" if palette.contrast(colour, palette.PAPER) >= 3.0 else "ring"
    else:
        halo = "shadow" if palette.contrast(colour, ground) >= 3.0 else "ring"
    between = state == "interpolated"
    return Style(
        colour=colour,
        opacity=_faint(colour, halo, ground) if between else 1.0,
        fill=0.0 if between else fill,
        dash=(3.0, 2.5) if occluded else (),
        halo=halo,
    )


Side = Literal["before", "after"]
SAME_LOOK = frozenset({"unchanged", "recreated", "retimed"})
"""Kinds whose outline looks as if nothing had changed; a sign tells the difference."""


@functools.lru_cache(maxsize=1024)
def change_style(
    kind: str,
    side: Side,
    *,
    paper: bool = False,
    between: bool = False,
    unchanged: float = UNCHANGED,
) -> Style:
    """The look of a label by what happened to it (ui.md §4): A is dashed and hollow, B is solid.

    `between`: the label is interpolated, and faint. `unchanged`: opacity of what did not change.
    """
    look = palette.CHANGES.get(kind, palette.CHANGES["unchanged"])
    colour = look.ink if paper else look.glow
    halo: Halo = "none" if paper else "shadow"
    if kind in SAME_LOOK or kind not in palette.CHANGES:
        return Style(colour, opacity=unchanged, fill=0.0, halo=halo, width=1.0)
    if side == "before":
        removed = kind == "removed"
        dash: tuple[float, ...] = (6.0, 4.0)
        fill = CHANGE_FILL if removed else 0.0
    else:
        removed = False
        dash = (2.0, 3.0) if kind == "attributes" else ()
        fill = CHANGE_FILL if kind == "added" else 0.0
    if between:
        return Style(colour, opacity=FAINT, fill=0.0, dash=dash, halo=halo, width=1.0)
    return Style(colour, fill=fill, dash=dash, halo=halo, width=CHANGED_PX, hatch=removed)


STATE_WORDS = {"interpolated": "between keys", "held": "held"}
"""What the tag and the list say of a label that is not exactly where it was exported."""
