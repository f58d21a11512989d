"""Comparing with what is no stage of the task: the same asset in another export, another annotator's task."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.e2e.conftest import Program

Start = Callable[..., Program]


def box(x: int, name: str = "o") -> dict[str, Any]:
    return {"bounding-box": {"x": x, "y": 10, "width": 20, "height": 20}, "objectId": name, "schemaId": "c",
            "title": "Car", "classifications": []}  # fmt: skip


def asset(name: str, *tools: Any, **more: Any) -> dict[str, Any]:
    task = {"taskId": f"t-{name}", "stage": "Complete", "tools": list(tools), "classifications": [], "relations": []}
    return {"asset": "page.png", "assetId": f"id-{name}", "externalId": name, "metadata": {"width": 96, "height": 64},
            "task": task, **more}  # fmt: skip


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    Image.new("RGB", (96, 64), (90, 90, 90)).save(tmp_path / "page.png")

    def make(file: str, *assets: Any) -> Path:
        path = tmp_path / file
        path.write_text(json.dumps(assets))
        return path

    return make


def compared(p: Program) -> Any:
    p.wait(lambda: p.window.compare.stages is not None and p.window.comparing.comparison is not None)
    return p.window.comparing.comparison


def test_another_export_is_compared_asset_by_asset(program: Start, write: Callable[..., Path]) -> None:
    one = write("one.json", asset("a", box(10)), asset("b", box(10)), asset("c", box(10)))
    two = write("two.json", asset("b", box(10)), asset("a", box(15), box(60, "new")))
    p = program(one)
    p.shown(0, 0)
    p.listed(3)
    p.window.comparing.beside.open(two)
    p.wait(lambda: any("2 of 3 assets are in two.json" in text for text in p.told))
    bar = p.window.view_bar
    p.wait(lambda: bar.beside == ("Complete · two.json",))
    bar.beside_chosen.emit(0)
    changes = compared(p).changes
    assert {(c.kinds, c.before is None, c.after is None) for c in changes} == {
        (("moved",), False, False), (("removed",), False, True),
    }  # fmt: skip
    assert bar.reference.text() == "Complete · two.json"
    stages = p.window.compare.stages
    assert stages is not None
    assert [words.name for words in stages.words] == ["Complete · two.json", "Complete"]
    assert [len(scene.store) for scene in stages.scenes] == [2, 1]
    p.run("next_asset")
    p.shown(1, 0)
    p.wait(lambda: p.session.state.place.reference == 1)
    assert compared(p).changes == ()
    p.run("next_asset")
    p.shown(2, 0)
    p.wait(lambda: bar.beside == ())
    assert p.session.state.look.mode == "single"
    p.run("leave_other_export")
    p.run("previous_asset")
    p.shown(1, 0)
    assert bar.beside == ()


def test_tasks_of_other_annotators(program: Start, write: Callable[..., Path]) -> None:
    tasks = [
        {"taskId": "anna", "updatedBy": "anna@example.com", "objects": [box(10)]},
        {"taskId": "ben", "updatedBy": "ben@example.com", "objects": [box(14)]},
    ]
    old = {"asset": "page.png", "externalId": "v2", "metadata": {"width": 96, "height": 64}, "tasks": tasks}
    p = program(write("v2.json", old))
    p.shown(0, 0)
    bar = p.window.view_bar
    p.wait(lambda: bar.beside == ("Task 2 · ben",))
    p.window.comparing.pick_beside(0)
    (change,) = compared(p).changes
    assert change.kinds == ("moved",)
    assert change.shift_px == pytest.approx(4)
    p.run("step_out")
    assert p.session.state.look.mode == "single"
    p.session.choose_task(1)
    p.wait(lambda: bar.beside == ("Task 1 · anna",))


def test_entries_of_one_asset(program: Start, write: Callable[..., Path]) -> None:
    first, second = asset("a", box(10)), asset("a", box(10), box(50, "more"))
    second["task"] |= {"taskId": "consensus", "updatedBy": "cleo@example.com"}
    p = program(write("entries.json", first, second))
    p.shown(0, 0)
    p.listed(2)
    p.wait(lambda: p.window.view_bar.beside == ("Task 2 of 2 · cleo",))
    p.window.comparing.pick_beside(0)
    (change,) = compared(p).changes
    assert change.kinds == ("removed",)


def test_what_is_no_export_is_said(program: Start, write: Callable[..., Path], tmp_path: Path) -> None:
    p = program(write("one.json", asset("a", box(10))))
    p.shown(0, 0)
    (tmp_path / "no.json").write_text("nothing")
    p.window.comparing.beside.open(tmp_path / "no.json")
    p.wait(lambda: bool(p.told))
    assert "no.json" in p.told[-1]
    assert p.window.comparing.beside.states == ()
