from __future__ import annotations

import hashlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.overlay import palette
from viewer.overlay.palette import GLOW, INK, Palette, assigned, class_index, contrast, text_on


def test_the_index_comes_from_sha1() -> None:
    digest = hashlib.sha1(b"b1c6805d054f0e44ae11500").hexdigest()
    assert class_index("b1c6805d054f0e44ae11500") == int(digest[:8], 16) % 12


def test_a_lone_surrogate_has_a_colour() -> None:
    assert 0 <= class_index("\ud800") < 12


@given(st.lists(st.text(max_size=6), unique=True, max_size=12))
def test_up_to_twelve_classes_differ(ids: list[str]) -> None:
    assert len(set(assigned(ids).values())) == len(ids)


@given(st.lists(st.text(max_size=6), unique=True, max_size=30), st.randoms())
def test_the_order_of_classes_does_not_matter(ids: list[str], random: object) -> None:
    shuffled = list(ids)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert assigned(ids) == assigned(shuffled)


@given(st.lists(st.text(max_size=6), unique=True, max_size=15), st.lists(st.text(max_size=6), unique=True, max_size=15))
def test_a_class_keeps_its_colour_when_others_come(first: list[str], more: list[str]) -> None:
    kept = assigned(first)
    later = assigned(more, kept)
    assert all(later[i] == kept[i] for i in first)
    assert set(later) == set(first) | set(more)


def test_a_taken_index_moves_on() -> None:
    same = [str(i) for i in range(400) if class_index(str(i)) == 11][:3]
    assert assigned(same) == dict(zip(sorted(same), (11, 0, 1)))


def test_the_thirteenth_class_repeats_and_says_so() -> None:
    colours = Palette()
    ids = [f"class {i:02}" for i in range(13)]
    colours.add(ids)
    assert sum(colours.repeats(i) for i in ids) == 1
    assert not colours.repeats(ids[0])


def test_ontology_wins_and_is_not_altered() -> None:
    colours = Palette(ontology={"a": "#000001"}, chosen={"b": "#ABCDEF"})
    assert colours.colour("a") == "#000001" == colours.colour("a", paper=True)
    assert colours.colour("b") == "#ABCDEF"
    colours.ontology["c"] = "red; background: url(x)"
    assert colours.colour("c") in GLOW


def test_both_sets_name_the_same_class() -> None:
    colours = Palette()
    assert GLOW.index(colours.colour("x")) == INK.index(colours.colour("x", paper=True))


@pytest.mark.parametrize("colour", GLOW)
def test_glow_stands_out_on_the_canvas(colour: str) -> None:
    assert contrast(colour, palette.CANVAS_DARK) >= 4.4
    assert contrast(palette.TAG_TEXT_ON_GLOW, colour) >= 4.5


@pytest.mark.parametrize("colour", INK)
def test_ink_stands_out_on_paper(colour: str) -> None:
    assert contrast(colour, palette.PAPER) >= 4.5
    assert text_on(colour) == palette.TAG_TEXT_ON_INK


def test_changes_differ_by_sign_and_colour() -> None:
    assert len({c.sign for c in palette.CHANGES.values()}) == len(palette.CHANGES)
    coloured = [c for name, c in palette.CHANGES.items() if name not in ("recreated", "retimed")]
    for a, b in itertools.combinations(coloured, 2):
        assert a.glow != b.glow and a.ink != b.ink


def test_no_colour_is_refused() -> None:
    with pytest.raises(ValueError, match="no #RRGGBB"):
        palette.rgb("red")
