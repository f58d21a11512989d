"""What an export looked like comes back with it: zoom and place, search, filters, order, task."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.conftest import Program
from viewer.ui.assets.filters import Filter

Start = Callable[..., Program]


def test_zoom_place_and_filter_come_back_with_the_export(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    p.listed(5)
    p.session.open_asset(3, page=2)
    p.shown(3, 2)
    p.window.canvas.zoom_by(3.0)
    p.window.canvas.view.pan(40.0, 25.0)
    place = p.window.canvas.place
    record = Filter(text="a", chosen=(("kind", "pdf"), ("kind", "image")), order="name", descending=True)
    p.window.assets.set_filter(record)
    p.close()
    again = program(demo)
    again.shown(3, 2)
    assert again.window.assets.filter == record
    assert again.window.assets.field.text() == "a"
    assert again.window.canvas.place.scale == pytest.approx(place.scale)
    assert again.window.canvas.place.centre == pytest.approx(place.centre)


def test_another_export_begins_without_the_filter_of_the_one_before(program: Start, demo: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text('[{"asset": "x.png", "externalId": "x.png", "task": {"taskId": "t", "tools": []}}]')
    p = program(demo)
    p.shown(0, 0)
    p.window.assets.set_filter(Filter(text="lot", order="name"))
    p.session.open_export(other)
    p.wait(lambda: p.session.export is not None and p.session.export.path == other)
    assert p.window.assets.filter == Filter()
    p.session.open_demo()
    p.shown(0, 0)
    assert p.window.assets.filter == Filter(text="lot", order="name")


def test_an_order_or_facet_that_is_not_known_is_left_out(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    assert p.session.export is not None
    path = p.session.export.path
    p.close()
    memory = p.session.remembered
    place = memory.place(path)
    assert place is not None
    assert place.filter is not None
    kept = type(place.filter)(chosen=(("weather", "rain"), ("kind", "pdf")), order="height")
    memory.leave(path, type(place)(asset=0, filter=kept, view=(-3.0, 1.0, 2.0, "sideways")))
    again = program(demo)
    again.shown(0, 0)
    assert again.window.assets.filter == replace(Filter(), chosen=(("kind", "pdf"),))
    assert again.window.canvas.view.fitting == "page"
