"""Scenes that are kept, and what is made ahead."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from tests.make.labels import placed_crowd
from tests.make.shapes import crowd
from viewer.decoders.base import PageInfo
from viewer.model import Asset, Labels, Snapshot, Task
from viewer.overlay.levels import Levels
from viewer.overlay.palette import Palette
from viewer.state import Look
from viewer.ui.ahead import FROM_LABELS, KEPT, Scenes, likely, prepare
from viewer.ui.canvas.arrays import has_sides
from viewer.ui.scene import Scene, build_scene

SIZE = (800.0, 600.0)
INFO = PageInfo(size=SIZE, native=(800, 600))
PLAIN = Look()


def labels(count: int, seed: int = 0) -> Labels:
    placed = placed_crowd(count, SIZE, most_points=30, seed=seed)
    return Labels(annotations=tuple(msgspec.structs.replace(p.annotation, page=0) for p in placed))


def asset_of(found: Labels) -> Asset:
    task = Task(task_id="t", snapshots=(Snapshot(index=0, is_current=True, parse=lambda: found),), fields={})
    return Asset(index=0, kind="image", url="x", metadata={"width": 800, "height": 600}, tasks=(task,), fields={})


@pytest.fixture(scope="module")
def large() -> Labels:
    return labels(FROM_LABELS + 10)


def ask(scenes: Scenes, found: Labels, palette: Palette, look: Look = PLAIN, info: PageInfo = INFO) -> Scene:
    return scenes.of(asset_of(found), found, 0, info, palette=palette, look=look, fill=0.1)


def test_a_large_page_is_made_once_and_is_what_it_would_be_anew(large: Labels) -> None:
    scenes, palette = Scenes(), Palette()
    first = ask(scenes, large, palette)
    again = ask(scenes, large, palette)
    assert again.store is first.store
    anew = build_scene(asset_of(large), large, 0, INFO, palette=palette, look=Look(), fill=0.1)
    assert np.array_equal(anew.store.box, again.store.box)
    assert anew.store.styles == again.store.styles
    other = replace(INFO, facts={"seconds": 1.0}) if hasattr(INFO, "__dataclass_fields__") else INFO
    assert ask(scenes, large, palette, info=other).info is other


def test_whatever_changes_the_picture_is_made_anew(large: Labels) -> None:
    scenes, palette = Scenes(), Palette()
    first = ask(scenes, large, palette)
    hidden = ask(scenes, large, palette, Look(hidden=frozenset({("class", "class-1")})))
    assert len(hidden.store) < len(first.store)
    assert ask(scenes, large, palette, Look(tags="none", mode="swipe")).store is first.store  # no matter of shapes
    palette.chosen["class-1"] = "#123456"
    assert ask(scenes, large, palette).store.styles != first.store.styles
    assert ask(scenes, labels(FROM_LABELS + 10, seed=1), palette).store is not first.store


def test_few_are_kept_small_ones_none_and_none_after_forgetting(large: Labels) -> None:
    scenes, palette = Scenes(), Palette()
    first = ask(scenes, large, palette)
    for number in range(KEPT):
        ask(scenes, large, palette, Look(hidden=frozenset({("object", f"o{number}")})))
    assert ask(scenes, large, palette).store is not first.store
    small = labels(20)
    assert ask(scenes, small, palette).store is not ask(scenes, small, palette).store
    kept = ask(scenes, large, palette)
    scenes.forget()
    assert ask(scenes, large, palette).store is not kept.store


def test_after_preparing_nothing_is_missing_to_draw() -> None:
    store = crowd(80, SIZE, most_points=800)
    assert Levels(store).missing(0.5) is not None
    prepare(store, 0.5)
    levels = Levels(store)
    assert levels.missing(0.5) is None
    assert has_sides(levels.rings(0.5))


def test_the_stage_compared_with_and_the_nearest_are_made_ahead() -> None:
    assert likely(3, None, 7) == [2, 4, 1, 5, 0][: KEPT - 1]
    assert likely(6, 0, 9)[:3] == [0, 5, 7]
    assert likely(0, None, 1) == []
    assert likely(0, 5, 2) == [1]  # another task has fewer stages
    assert len(likely(20, 3, 40)) == KEPT - 1
