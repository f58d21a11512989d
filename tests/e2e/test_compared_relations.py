"""Relations that came, went, lead elsewhere or turned round: seen in every compare mode, and gone to from the list.

Where ink must be is computed here from the exported boxes; colours and dashes are those of the design (ui.md §4).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtGui import QImage

from tests.e2e.conftest import Program
from viewer.model import Change, Relation
from viewer.ui.canvas import Canvas
from viewer.ui.canvas.view import Place
from viewer.ui.changes import seen

Start = Callable[..., Program]
SIZE = (400, 300)
BOXES = {
    "a": (20, 20),
    "b": (200, 20),
    "c": (20, 120),
    "d": (200, 120),
    "e": (20, 220),
    "f": (200, 220),
    "g": (320, 120),
}
SIDE = 40
ADDED, REMOVED, MOVED, GREY = (0x44, 0xF4, 0xC8), (0xFB, 0x4D, 0x17), (0x21, 0x86, 0xF6), (0x83, 0x85, 0x88)
ZOOM = 1.5


def arrow(name: str, start: str, end: str, **more: Any) -> dict[str, Any]:
    return {"objectId": name, "schemaId": "r", "title": "follows", "from": start, "to": end, **more}


def tools() -> list[dict[str, Any]]:
    return [
        {"objectId": name, "schemaId": "car", "title": "Car", "classifications": [],
         "bounding-box": {"x": x, "y": y, "width": SIDE, "height": SIDE}}
        for name, (x, y) in BOXES.items()
    ]  # fmt: skip


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("joined")
    Image.new("RGB", SIZE, (60, 60, 60)).save(folder / "image.png")
    old = [arrow("went", "a", "b"), arrow("led", "c", "d"), arrow("turned", "e", "f")]
    new = [arrow("came", "b", "g"), arrow("led", "c", "g"), arrow("turned", "e", "f", direction="reverse")]
    history = {
        "stage": "Label", "stageId": "l", "completedAt": "2026-11-03T09:48:00.000Z", "completedBy": "ma@example.com",
        "classifications": [], "relations": old, "tools": tools(),
    }  # fmt: skip
    task = {"taskId": "t", "stage": "Complete", "stageId": "Complete", "stageHistory": [history], "tools": tools(),
            "classifications": [], "relations": new}  # fmt: skip
    asset = {"asset": "image.png", "externalId": "image.png", "metadata": {"width": SIZE[0], "height": SIZE[1]}}
    path = folder / "export.json"
    path.write_text(json.dumps([{**asset, "task": task}]))
    return path


@pytest.fixture(autouse=True)
def own_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "default_folder", lambda: tmp_path / "seen")


def opened(program: Start, export: Path) -> Program:
    p = program(export)
    p.shown(0, 0)
    p.window.canvas.set_motion(False)
    return p


def look(p: Program, mode: str) -> None:
    p.window.comparing.choose_mode(mode)
    compare = p.window.compare
    p.wait(lambda: compare.stages is not None and mode == compare.mode.KEY and compare.stages.is_final)
    p.window.canvas.set_place(Place(ZOOM, (200.0, 150.0)))
    p.window.page_bar.setFocus()


def drawn(p: Program, pane: Canvas, start: str, end: str, colour: tuple[int, int, int]) -> float:
    """Share of the line between two boxes that has a colour, without what the sign in its middle hides."""
    p.wait(lambda: pane.is_complete)
    image: QImage = p.window.compare.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    view = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    pixels: NDArray[np.int16] = view[:, : image.width(), 2::-1].astype(np.int16)
    one, two = (np.array(BOXES[name]) + SIDE / 2 for name in (start, end))
    along = two - one
    edge = SIDE / 2 / np.abs(along).max()  # from edge to edge
    frame, centre = pane.geometry(), pane.view.centre
    corner = [math.floor(size / 2 - c * ZOOM + 0.5) for size, c in zip((frame.width(), frame.height()), centre)]
    share = np.linspace(edge + 0.02, 1 - edge - 0.02, 400)
    # heads (9 px) at both ends, the sign (16 px) in the middle
    length = float(np.hypot(*along)) * ZOOM
    head, sign = 14 / length, 14 / length
    share = share[(share > edge + head) & (share < 1 - edge - head) & (np.abs(share - 0.5) > sign)]
    points = (one + share[:, None] * along) * ZOOM + corner + (frame.x(), frame.y())
    columns, rows = np.floor(points).astype(int).T
    inside = (columns >= frame.x()) & (columns < frame.right()) & (rows < frame.bottom())
    assert inside.mean() > 0.8
    hit = (np.abs(pixels - np.array(colour)) <= 40).all(axis=2)
    found = np.zeros(len(points), bool)
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            found |= hit[np.clip(rows + dy, 0, hit.shape[0] - 1), np.clip(columns + dx, 0, hit.shape[1] - 1)]
    return float(found[inside].mean())


def is_solid(share: float) -> bool:
    return share > 0.95


def is_dashed(share: float) -> bool:
    """Six pixels of line, four of nothing; seen within a pixel eight and two."""
    return 0.55 < share < 0.95


def check_a(p: Program, pane: Canvas) -> None:
    assert is_dashed(drawn(p, pane, "a", "b", REMOVED))
    assert is_dashed(drawn(p, pane, "c", "d", MOVED))
    assert is_dashed(drawn(p, pane, "e", "f", GREY))
    assert drawn(p, pane, "b", "g", ADDED) == 0.0


def check_b(p: Program, pane: Canvas) -> None:
    assert is_solid(drawn(p, pane, "b", "g", ADDED))
    assert is_solid(drawn(p, pane, "d", "g", MOVED))  # from c through d on to g
    assert is_solid(drawn(p, pane, "e", "f", GREY))
    assert drawn(p, pane, "a", "b", REMOVED) == 0.0


def test_every_mode_shows_what_became_of_relations(program: Start, export: Path) -> None:
    p = opened(program, export)
    compare, canvas = p.window.compare, p.window.canvas
    look(p, "side")
    check_a(p, compare.panes[0])
    check_b(p, canvas)
    for mode in ("overlay", "changes"):
        look(p, mode)
        assert is_dashed(drawn(p, canvas, "a", "b", REMOVED))
        assert is_solid(drawn(p, canvas, "b", "g", ADDED))
        assert is_solid(drawn(p, canvas, "d", "g", MOVED))
        assert is_solid(drawn(p, canvas, "e", "f", GREY))
    look(p, "blink")
    compare.mode._timer.stop()  # type: ignore[attr-defined]
    compare.over.hide()
    check_b(p, canvas)
    compare.mode.turn()  # type: ignore[attr-defined]
    check_a(p, compare.over)
    look(p, "swipe")
    handle = compare.mode.handle  # type: ignore[attr-defined]
    handle.set_share(0.0)
    check_b(p, canvas)
    handle.set_share(1.0)
    check_a(p, canvas)
    handle.set_share(0.5)
    look(p, "overlay")
    p.window.comparing.choose_mode("single")
    p.wait(lambda: compare.mode.KEY == "single")
    assert drawn(p, canvas, "b", "g", ADDED) == 0.0


def relation_change(p: Program, name: str) -> Change:
    comparison = p.window.comparing.comparison
    assert comparison is not None
    return next(c for c in comparison.relations if c.entry.object_id == name)


@pytest.mark.parametrize(("name", "ends"), [("came", "bg"), ("went", "ab"), ("led", "cg"), ("turned", "ef")])
def test_a_relation_that_is_chosen_is_shown_with_both_ends_and_flashes(
    program: Start, export: Path, name: str, ends: str
) -> None:
    p = opened(program, export)
    look(p, "overlay")
    canvas = p.window.canvas
    canvas.set_place(Place(12.0, (390.0, 290.0)))  # far from all of them
    flashed: list[tuple[str, ...]] = []
    p.window.compare.flash, shown = lambda ids: flashed.append(tuple(ids)), p.window.compare.flash  # type: ignore[method-assign]
    change = relation_change(p, name)
    assert isinstance(change.entry, Relation)
    p.window.inspector.changes.change_chosen.emit(change)
    p.wait(lambda: bool(flashed))
    assert p.session.state.selection == name
    view, viewport = canvas.view, canvas.viewport()
    for end in ends:
        x, y = BOXES[end]
        for corner in ((x, y), (x + SIDE, y + SIDE)):
            at = [
                size / 2 + (c - middle) * view.scale
                for size, c, middle in zip((viewport.width, viewport.height), corner, view.centre)
            ]
            assert 0 <= at[0] <= viewport.width
            assert 0 <= at[1] <= viewport.height
    lit: list[tuple[str, ...]] = []
    canvas.flash = lambda ids: lit.append(tuple(ids))  # type: ignore[method-assign]
    shown(flashed[0])
    assert set(lit[0]) >= {name, *ends}


def test_the_table_leads_to_a_relation_as_well(program: Start, export: Path) -> None:
    p = opened(program, export)
    p.window.whole.compare_all()
    p.wait(lambda: p.window.whole.is_complete)
    item = next(i for i in p.window.change_steps.queue.items if i.found.before_id == "went")
    p.window.change_steps.show_item(item)
    p.wait(lambda: not p.window.change_steps.is_under_way)
    assert p.session.state.selection == "went"
    view = p.window.canvas.view
    assert view.centre == pytest.approx((130.0, 40.0), abs=25.0)
