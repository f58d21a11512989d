from __future__ import annotations

from viewer.overlay.style import FILL, label_style


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
