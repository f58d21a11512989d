"""Other looks at a page: sharper, brighter, by other rules of tracks and frames, with fewer labels; and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.e2e.conftest import WAIT_MS, Program
from viewer.ui.document_options import DocumentOptions

Start = Callable[..., Program]
VIDEO, FULL_VIDEO, PDF, DICOM = 5, 6, 9, 15


@pytest.fixture
def start(program: Start, data: Path, standins: Path) -> Callable[..., Program]:
    """Opens the examples, which have all their files, at an asset and page."""

    def at(asset: int, page: int = 0) -> Program:
        p = program(data / "ango-examples.json", assets_dir=standins, asset=str(asset), page=page)
        p.shown(asset, page)
        return p

    return at


def pixels(p: Program) -> np.ndarray[Any, Any]:
    content = p.window.canvas.content
    assert content is not None
    return np.array(content.raster.pixels[..., :3])


def states(p: Program) -> list[str]:
    """How the labels drawn came to be on this page."""
    assert p.session.scene is not None
    return sorted({placed.state for placed in p.session.scene.placed})


def changed(p: Program, action: Callable[[], object]) -> None:
    """Do it and wait for the page to be shown anew."""
    with p.qtbot.waitSignal(p.session.page_shown, timeout=WAIT_MS):
        action()


def test_a_pdf_becomes_sharper_where_one_looks_closer(start: Any) -> None:
    p = start(PDF)
    with p.qtbot.waitSignal(p.session.detail_made, timeout=WAIT_MS) as made:
        for _ in range(14):
            p.run("zoom_in")
    raster, key = made.args
    assert key == p.session.loader.key
    x0, y0, x1, y1 = raster.region
    assert raster.pixels.shape[1] / (x1 - x0) > 4, "pixels per point"
    assert x1 - x0 < 600
    assert y1 - y0 < 800
    p.run("next_page")
    p.shown(PDF, 1)


def test_brightness_of_a_slice(start: Any) -> None:
    p = start(DICOM, 11)
    usual = pixels(p)
    changed(p, lambda: p.run("invert"))
    assert p.session.is_inverted
    assert abs(int(pixels(p).mean()) + int(usual.mean()) - 255) <= 2
    changed(p, lambda: p.run("invert"))
    assert (pixels(p) == usual).all()
    changed(p, lambda: p.run("window_1"))
    assert p.session.state.look.window == (40.0, 400.0)
    assert (pixels(p) != usual).any()
    changed(p, lambda: p.run("reset_window"))
    assert (pixels(p) == usual).all()
    p.wait(lambda: p.session.loader.window is not None)
    changed(p, lambda: p.session.drag_window(200.0, -100.0))
    center, width = p.session.state.look.window
    own = p.session.loader.window
    assert width > own[1]
    assert center < own[0]
    p.run("next_page")
    p.shown(DICOM, 12)
    assert p.session.state.look.window == (center, width), "the window stays from slice to slice"


def test_the_user_decides_what_lies_between_two_entries_of_a_track(start: Any) -> None:
    p = start(VIDEO, 7)
    assert "interpolated" in states(p)
    assert p.session.tracks_are_automatic
    changed(p, lambda: p.run("tracks_in_full"))
    assert states(p) in ([], ["key"])
    changed(p, lambda: p.run("tracks_by_keys"))
    assert "interpolated" in states(p)
    p.session.open_asset(FULL_VIDEO, page=60)
    p.shown(FULL_VIDEO, 60)


def test_frames_are_counted_in_another_way(start: Any) -> None:
    p = start(VIDEO, 30)
    for mapping in ("time", "index", ""):
        p.window.page_bar.mapping_chosen.emit(DocumentOptions(mapping=mapping))
        p.shown(VIDEO, 30)
        assert p.session.loader.options.mapping == mapping
        info = p.session.loader.info_of(30)
        assert info is not None
        assert info.frame == 30  # of a file with even times and its own rate all rules agree
    p.session.open_asset(PDF, page=0)
    p.shown(PDF, 0)
    assert p.session.loader.options == DocumentOptions(), "a choice is for one file"


def test_playing_ends_at_the_last_page_or_begins_again(start: Any) -> None:
    p = start(PDF)
    p.session.choose_speed(4.0)
    p.run("play")
    assert p.session.is_playing
    p.wait(lambda: not p.session.is_playing)
    p.shown(PDF, 1)
    p.run("toggle_loop")
    seen: list[int] = []
    p.session.page_shown.connect(lambda scene, _content: seen.append(scene.page))
    p.run("play")  # from the last page it begins anew
    p.wait(lambda: seen.count(1) >= 2 and seen.count(0) >= 2)
    p.run("play")
    assert not p.session.is_playing


def test_playing_stops_with_the_asset(start: Any) -> None:
    p = start(VIDEO)
    p.run("play")
    p.wait(lambda: p.session.state.place.page > 2)
    p.run("next_asset")
    assert not p.session.is_playing
    p.shown(FULL_VIDEO)


def test_back_and_forward_lead_to_the_same_pages(start: Any) -> None:
    p = start(PDF)
    p.session.open_asset(DICOM, page=40)
    p.shown(DICOM, 40)
    p.session.open_asset(0)
    p.shown(0, 0)
    p.run("go_back")
    p.shown(DICOM, 40)
    p.run("go_back")
    p.shown(PDF, 0)
    p.run("go_back")  # there is nothing before
    p.shown(PDF, 0)
    p.run("go_forward")
    p.shown(DICOM, 40)


def test_labels_are_hidden_shown_alone_and_coloured(start: Any) -> None:
    p = start(0)

    def drawn() -> int:
        content = p.window.canvas.content
        assert content is not None
        return len(content.store)

    everything = drawn()
    assert p.session.scene is not None
    car = next(q.annotation for q in p.session.scene.placed if q.annotation.title == "car")
    changed(p, lambda: p.session.toggle_hidden("class", car.schema_id))
    assert drawn() == everything - 2
    assert "2 hidden" in p.window.view_bar.count.text()
    changed(p, lambda: p.run("show_everything"))
    assert drawn() == everything
    changed(p, lambda: p.session.toggle_solo("class", car.schema_id))
    assert drawn() == 2
    p.run("step_out")
    p.wait(lambda: drawn() == everything)
    colours = set(p.session.scene.colours.values())
    changed(p, lambda: p.run("colour_instance"))
    assert set(p.session.scene.colours.values()) != colours
    changed(p, lambda: p.session.choose_fill(0.4))
    assert p.session.settings.settings.fill_opacity == 0.4


def test_steps_go_to_pages_with_labels_and_to_key_frames(start: Any) -> None:
    p = start(FULL_VIDEO, 0)
    labels = p.session.labels
    assert labels is not None
    pages = sorted({a.page for a in labels.annotations if a.page is not None and not a.stopped})
    p.run("next_labelled_page")
    first = pages[0] if pages[0] else pages[1]
    p.shown(FULL_VIDEO, first)
    p.run("next_object")
    keys = p.session.key_frames()
    assert first in keys
    p.run("next_key_frame")
    p.shown(FULL_VIDEO, next(key for key in keys if key > first))
    p.run("previous_key_frame")
    p.shown(FULL_VIDEO, first)
    p.run("last_page")
    p.shown(FULL_VIDEO, 249)
    p.run("hop_back")
    p.shown(FULL_VIDEO, 239)
    p.run("first_page")
    p.shown(FULL_VIDEO, 0)
