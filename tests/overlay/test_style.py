from __future__ import annotations

import pytest

from viewer.overlay import palette
from viewer.overlay.style import FILL, SAME_LOOK, change_style, label_style


def test_key_frames_interpolated_and_occluded_labels_are_told_apart() -> None:
    key = label_style("#FFBE0C")
    between = label_style("#FFBE0C", state="interpolated")
    assert key.fill == FILL and key.opacity == 1.0 and not key.dash
    assert between.fill == 0.0 and between.opacity == 0.7
    assert label_style("#FFBE0C", occluded=True).dash == (3.0, 2.5)
    assert len({key, between, label_style("#FFBE0C", occluded=True)}) == 3


def test_halo_follows_the_ground() -> None:
    assert label_style("#FFBE0C").halo == "shadow"
    assert label_style("#99253B", paper=True).halo == "none"
    # an ontology's colour that nobody would see
    assert label_style("#050505").halo == "ring"
    assert label_style("#FFFFF0", paper=True).halo == "ring"


@pytest.mark.parametrize("kind", [k for k in palette.CHANGES if k not in SAME_LOOK])
@pytest.mark.parametrize("paper", [False, True])
def test_a_change_is_dashed_before_and_solid_after(kind: str, paper: bool) -> None:
    before, after = (change_style(kind, side, paper=paper) for side in ("before", "after"))
    look = palette.CHANGES[kind]
    assert before.colour == after.colour == (look.ink if paper else look.glow)
    assert before.dash == (6.0, 4.0)
    assert after.dash == ((2.0, 3.0) if kind == "attributes" else ())
    assert (before.fill, before.hatch) == ((0.13, True) if kind == "removed" else (0.0, False))
    assert (after.fill, after.hatch) == (0.13 if kind == "added" else 0.0, False)
    assert before.width == after.width == 2.0
    assert before.halo == ("none" if paper else "shadow")


@pytest.mark.parametrize("kind", [*sorted(SAME_LOOK), "direction", ""])
def test_what_looks_the_same_is_a_faint_hair_line_in_both(kind: str) -> None:
    before, after = (change_style(kind, side, unchanged=0.4) for side in ("before", "after"))
    assert before == after
    assert (after.opacity, after.width, after.fill, after.dash) == (0.4, 1.0, 0.0, ())


def test_between_key_frames_a_change_is_fainter() -> None:
    style = change_style("moved", "before", between=True)
    assert (style.opacity, style.width, style.dash) == (0.7, 1.0, (6.0, 4.0))
