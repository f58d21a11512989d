"""The list of modes, and what each of them shows."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

import viewer.ui.compare
from tests.make.stages import stages
from viewer import resources
from viewer.commands import render
from viewer.ui.compare import MODES, CompareView
from viewer.ui.compare.mode import CompareMode
from viewer.ui.compare.modes import mode_of
from viewer.ui.compare.single import SingleMode


def test_every_mode_of_the_folder_is_in_the_list() -> None:
    found = set()
    for file in Path(viewer.ui.compare.__file__).parent.glob("[a-z]*.py"):
        module = importlib.import_module(f"viewer.ui.compare.{file.stem}")
        found |= {
            value
            for value in vars(module).values()
            if isinstance(value, type) and issubclass(value, CompareMode) and hasattr(value, "KEY")
        }
    assert found == set(MODES)
    assert len({mode.KEY for mode in MODES}) == len({mode.TEXT for mode in MODES}) == len(MODES)
    assert MODES[0] is SingleMode
    assert all(resources.path(f"icons/{mode.ICON}.svg").exists() for mode in MODES)


def test_an_unknown_mode_is_single_and_the_command_offers_those_that_stand_still() -> None:
    assert mode_of("morph") is SingleMode
    assert {mode.KEY for mode in MODES} - set(render.MODES) == {"single", "blink"}


def test_single_is_the_canvas_alone_without_marks_or_plates(view: CompareView) -> None:
    view.show_stages(stages("side"))
    view.show_page(stages("single").content)
    assert view.mode.KEY == "single"
    assert view.panes == []
    assert view.canvas.geometry() == view.rect()
    assert view.canvas.content is not None
    assert view.canvas.content.marks is None
    assert view.canvas.labels.marks is None
    assert SingleMode.panes_of(stages("single")) == ()


@pytest.mark.parametrize("mode", [m.KEY for m in MODES if m is not SingleMode])
def test_all_panes_share_the_view_and_the_decoded_picture(view: CompareView, mode: str) -> None:
    shown = stages(mode, others=2)
    view.show_stages(shown)
    panes = [view.canvas, *view.panes, *([view.over] if mode in ("swipe", "blink") else [])]
    assert len(panes) == {"side": 4, "overlay": 1, "changes": 1}.get(mode, 2)
    assert all(pane.view is view.canvas.view for pane in panes)
    assert len({id(pane.page_layer.base) for pane in panes}) == 1
    assert all(pane.content is not None and pane.content.raster is shown.content.raster for pane in panes)
    assert [pane.content.marks is not None for pane in panes if pane.content is not None] == [True] * len(panes)


@pytest.mark.parametrize("mode", [m.KEY for m in MODES if m is not SingleMode])
def test_going_from_any_mode_to_single_leaves_nothing_behind(view: CompareView, mode: str) -> None:
    view.show_stages(stages(mode))
    view.show_page(stages("single").content)
    assert view.panes == []
    assert view.over.isHidden()
    assert view.canvas.geometry() == view.rect()
    assert not [child for child in view.children() if getattr(child, "isVisible", bool)() and child is not view.canvas]
