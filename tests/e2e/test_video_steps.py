"""Stepping through the demo video by key: every frame with its own labels, read off the window's pixels."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from tests.e2e.conftest import Program
from viewer.tools.bounding_box import BoundingBox
from viewer.ui.canvas import Canvas

Start = Callable[..., Program]
VIDEO, STEPS = 2, 100
CELLS, CELL, EDGE = 13, 8, 6
"""The strip at the bottom right of each frame: white, black, ten bits, parity; page pixels (packaging/make_demo)."""


def number_on(canvas: Canvas) -> int:
    """The burnt-in number, read off what the canvas shows."""
    picture = canvas.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    ratio = picture.devicePixelRatio()
    to_view = canvas.view.page_to_view(canvas.viewport())
    width, height = canvas.view.page_size
    bits = []
    for k in range(CELLS):
        x, y = to_view.map_point(width - EDGE - CELL * (CELLS - k) + CELL / 2, height - EDGE - CELL / 2)
        bits.append(int(picture.pixelColor(round(x * ratio), round(y * ratio)).red() > 128))
    assert bits[:2] == [1, 0], bits
    assert sum(bits[2:]) % 2 == 0, bits
    return int("".join(map(str, bits[2:12])), 2)


def tracks_of(demo: Path) -> dict[str, dict[int, dict[str, float]]]:
    """The key frames of boxes in the current state of the video, by object id, as the file has them."""
    (path,) = demo.glob("*.json")
    tracks: dict[str, dict[int, dict[str, float]]] = {}
    entries: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))[VIDEO]["task"]["tools"]
    for entry in entries:
        if "bounding-box" in entry:
            tracks.setdefault(entry["objectId"], {})[entry["page"]] = entry["bounding-box"]
    return tracks


def expected_x(keys: dict[int, dict[str, float]], page: int) -> float:
    """Left edge of a track on a page between its first and its last key frame."""
    pages = sorted(keys)
    return float(np.interp(page, pages, [keys[p]["x"] for p in pages]))


def furthest(tracks: dict[str, dict[int, dict[str, float]]]) -> str:
    """The track, there on all pages that are stepped through, that goes the furthest."""
    ways = {object_id: abs(expected_x(keys, 20) - expected_x(keys, 20 + STEPS)) for object_id, keys in tracks.items()
            if min(keys) <= 20 and max(keys) >= 20 + STEPS}  # fmt: skip
    return max(ways, key=lambda object_id: ways[object_id])


def rows_of(program: Program) -> dict[str, str]:
    """What the inspector's list says of each label, by object id."""
    model = program.window.inspector.labels.model
    found = {}
    for row in range(model.rowCount()):
        object_id = model.object_at(row)
        if object_id is not None:
            found[object_id] = str(model.index(row, 0).data())
    return found


def block_of(program: Program) -> dict[str, str]:
    """Name and value of each row about the selected label, with its heading."""
    block = program.window.inspector.labels.selected
    assert not block.is_empty
    texts = [str(block.facts.model_.index(row, 0).data()) for row in range(block.facts.model_.rowCount())]
    return {"": block.title.accessibleName()} | dict(text.split(": ", 1) for text in texts if ": " in text)


def labels_on(program: Program) -> dict[str, float]:
    """Left edges of the boxes that the canvas draws, in page pixels, by object id."""
    content = program.window.canvas.content
    assert content is not None
    assert program.session.scene is not None
    assert content.store is program.session.scene.store
    return {p.annotation.object_id: p.tool.x for p in program.session.scene.placed if isinstance(p.tool, BoundingBox)}


def test_every_frame_has_its_own_labels_in_both_directions(program: Start, demo: Path) -> None:
    """A key that is held: the number off the window's pixels, the labels off the canvas and off the inspector."""
    p = program(demo)
    p.listed(5)
    p.session.open_asset(VIDEO, page=20)
    p.shown(VIDEO, 20)
    tracks = tracks_of(demo)
    chosen = furthest(tracks)
    p.session.select(chosen)
    compared, moved, told = 0, set(), set()
    pages = [*range(21, 21 + STEPS), *range(19 + STEPS, 19, -1)]
    held: Qt.Key | None = None
    for before, page in zip([20, *pages], pages, strict=False):
        key = Qt.Key.Key_Right if page > before else Qt.Key.Key_Left
        if held not in (None, key):
            QTest.keyRelease(p.window.canvas, held)
        held = key
        QTest.keyPress(p.window.canvas, key)
        p.shown(VIDEO, page)
        assert number_on(p.window.canvas) == page
        rows, block = rows_of(p), block_of(p)
        for object_id, x in labels_on(p).items():
            keys = tracks.get(object_id, {})
            if len(keys) > 1 and min(keys) < page < max(keys):
                assert abs(x - expected_x(keys, page)) < 0.51, (object_id, page)
                assert ("between keys" in rows[object_id]) == (page not in keys), (rows[object_id], page)
                compared += 1
                if abs(expected_x(keys, page) - expected_x(keys, before)) > 0.6:
                    moved.add(page)
        assert abs(float(block["X"]) - expected_x(tracks[chosen], page)) < 0.51, page
        assert ("between keys" in block[""]) == (page not in tracks[chosen]), page
        assert block["Object id"] == chosen
        told.add(block["X"])
    QTest.keyRelease(p.window.canvas, held)
    assert compared > STEPS
    assert len(moved) > STEPS // 4  # the labels of the frame before would have been noticed
    assert len(told) > STEPS // 2


def test_a_held_key_shows_only_frames_with_their_own_labels(program: Start, demo: Path) -> None:
    """While the key repeats faster than frames are decoded, whatever page is shown carries its own number."""
    p = program(demo)
    p.listed(5)
    p.session.open_asset(VIDEO, page=20)
    p.shown(VIDEO, 20)
    keys = tracks_of(demo)[furthest(tracks_of(demo))]
    p.session.select(furthest(tracks_of(demo)))
    seen: list[tuple[int, int]] = []
    foreign: list[int] = []

    def check(scene: Any, _content: Any) -> None:
        seen.append((scene.page, number_on(p.window.canvas)))
        if abs(float(block_of(p)["X"]) - expected_x(keys, scene.page)) >= 0.51:
            foreign.append(scene.page)

    p.session.page_shown.connect(check)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left):
        for _ in range(STEPS):
            p.qtbot.keyClick(p.window.canvas, key)
        p.shown(VIDEO, 20 + STEPS if key == Qt.Key.Key_Right else 20)
    assert len(seen) >= 2
    assert all(page == number for page, number in seen), [pair for pair in seen if pair[0] != pair[1]][:5]
    assert foreign == []
