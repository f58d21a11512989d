"""Where pins, issues and problems lead, in the real window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from tests.e2e.conftest import DEMO, Program
from viewer.errors import Problem


def test_a_pin_leads_to_its_issue_and_its_label(program: Callable[..., Program]) -> None:
    p = program(DEMO / "demo-project_2026-11-20.json")
    p.shown(0, 0)
    p.session.load_issues(DEMO / "project" / "issues.json")
    p.wait(lambda: bool(p.session.issues))
    canvas = p.window.canvas
    x, y = canvas.view.page_to_view(canvas.viewport()).map_point(428.0, 842.0)
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPointF(x + 8, y - 8).toPoint())
    assert p.window.inspector.tab == "issues"
    assert p.session.state.selection == "6af323424e400013eaa9b8e"


def test_an_issue_of_another_page_leads_there(program: Callable[..., Program]) -> None:
    p = program(DEMO / "demo-project_2026-11-20.json")
    p.shown(0, 0)
    p.session.load_issues(DEMO / "project" / "issues.json")
    p.wait(lambda: bool(p.session.issues))
    p.listed(5)
    p.session.open_asset(4)
    p.shown(4)
    assert p.session.task is not None
    issue = next(i for i in p.session.issues[p.session.task.task_id or ""] if i.is_open)
    p.window.inspector.issue_chosen.emit(issue)
    p.shown(4, issue.page)
    assert p.session.state.selection == issue.object_id


def test_a_problem_leads_to_its_label_or_to_the_json(program: Callable[..., Program]) -> None:
    p = program(DEMO / "demo-project_2026-11-20.json")
    p.shown(0, 0)
    assert p.session.labels is not None
    label = p.session.labels.annotations[3]
    p.window.inspector.problem_chosen.emit(Problem(severity="warning", what="x", path=f"{label.path}.title"))
    assert p.session.state.selection == label.object_id
    p.window.inspector.problem_chosen.emit(Problem(severity="warning", what="x", path="$.metadata"))
    assert p.window.inspector.tab == "json"


def test_the_value_under_the_pointer_is_in_the_unit_of_the_modality(program: Callable[..., Program]) -> None:
    p = program(DEMO / "demo-project_2026-11-20.json")
    p.listed(5)
    p.session.open_asset(4)
    p.shown(4)
    canvas = p.window.canvas
    assert canvas.content is not None
    width, height = canvas.content.page_size
    x, y = canvas.view.page_to_view(canvas.viewport()).map_point(width / 2, height / 2)
    canvas.hover_at(QPointF(x, y))
    assert p.window.status.pixel.text().startswith("grey")
    p.wait(lambda: p.window.status.pixel.text().endswith("HU"))
    canvas.end_hover()
    assert p.window.status.pixel.text() == ""


def test_the_window_of_a_slice_is_told_in_its_corner(program: Callable[..., Program]) -> None:
    p = program(DEMO / "demo-project_2026-11-20.json")
    p.listed(5)
    p.session.open_asset(4)
    p.shown(4)
    p.wait(lambda: any("W 1200" in line for line in p.window.canvas._corners.corners.bottom_left))
