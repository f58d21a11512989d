"""Outlines, or the halo under them, stand out on every ground that they can lie on (WCAG: 3:1 for marks)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.overlay import palette
from viewer.overlay.palette import CHANGES, GLOW, INK, contrast, over
from viewer.overlay.style import Style, halo_of, label_style

CANVASES = (palette.CANVAS_DARK, "#D2D3D5", "#000000", "#131313")
"""Dark theme, light theme, letterbox, the empty page of an asset without its picture."""
COLOURS = st.from_regex(r"\A#[0-9A-F]{6}\Z")


def best(style: Style, ground: str) -> float:
    """The contrast of the line with the ground, or of its halo."""
    found = contrast(over(style.colour, style.opacity, ground), ground)
    if style.halo != "none":
        found = max(found, contrast(over(*halo_of(style), ground), ground))
    return found


@pytest.mark.parametrize("ground", CANVASES)
@pytest.mark.parametrize("state", ["key", "interpolated", "held"])
@pytest.mark.parametrize("colour", [*GLOW, *(c.glow for c in CHANGES.values())])
def test_glow_on_both_canvases(colour: str, state: str, ground: str) -> None:
    assert best(label_style(colour, state=state), ground) >= 3.0


@pytest.mark.parametrize("colour", [*INK, *(c.ink for c in CHANGES.values())])
def test_ink_on_paper(colour: str) -> None:
    style = label_style(colour, paper=True)
    assert best(style, palette.PAPER) >= 3.0
    assert style.halo == "none"


@given(COLOURS, st.sampled_from(CANVASES))
def test_whatever_an_ontology_says(colour: str, ground: str) -> None:
    assert best(label_style(colour), ground) >= 3.0


@given(COLOURS)
def test_whatever_an_ontology_says_on_paper(colour: str) -> None:
    assert best(label_style(colour, paper=True), palette.PAPER) >= 3.0


def test_light_canvas_is_carried_by_the_halo() -> None:
    """Glow alone has 1.1 to 2.8:1 there, the figure that the halo rule exists for."""
    light = CANVASES[1]
    assert max(contrast(colour, light) for colour in GLOW) < 3.0
    assert contrast(over(palette.HALO, palette.HALO_ALPHA / 255.0, light), light) == pytest.approx(5.5, abs=0.2)


def test_mixing() -> None:
    assert over("#FFFFFF", 0.5, "#000000") == "#808080"
    assert over("#102030", 1.0, "#FFFFFF") == "#102030"
    assert over("#102030", 0.0, "#FFFFFF") == "#FFFFFF"
