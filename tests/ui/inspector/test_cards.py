from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from viewer.errors import Problem
from viewer.export.issues import Comment, Issue
from viewer.ui.inspector import InspectorPanel
from viewer.ui.inspector.cards import SHOWN, issue_card, problem_card

BAD = Problem(
    severity="error", what="the box is text", instead="it was left out", path="$.task.tools[3]", asset_index=7
)
ODD = Problem(severity="warning", what="see https://e.com/a?sig=secret0", offset=1234)
OPEN = Issue(
    issue_id="1",
    task_id="t",
    status="Open",
    content="Too wide",
    created_by="jana.k@example.com",
    created_at="2019-11-20T09:00:00Z",
    page=2,
    object_id="car1",
    comments=(Comment(text="ok\nnow", by="m@e.com"),),
)
DONE = Issue(issue_id="2", task_id="t", status="Resolved", content="Wrong class")


def test_a_problem() -> None:
    card = problem_card(BAD)
    assert [(line.text, line.fixed) for line in card.lines] == [
        ("The box is text", False), ("It was left out", False), ("$.task.tools[3]", True),
    ]  # fmt: skip
    assert (card.icon, card.tone) == ("circle-alert", "error")
    assert problem_card(ODD).icon == "triangle-alert"
    assert "byte 1,234" in problem_card(ODD).spoken
    assert "secret0" not in problem_card(ODD).spoken


def test_an_issue() -> None:
    card = issue_card(OPEN)
    assert (card.chip, card.chip_look) == ("Open", "warn")
    assert "Too wide" in card.spoken
    assert "page 3" in card.spoken
    assert card.lines[-1].text == "ok\nnow\nm"
    assert issue_card(DONE).chip_look == "ok"
    many = Issue(issue_id="3", task_id="t", comments=tuple(Comment(text=str(n)) for n in range(50)))
    assert issue_card(many).lines[-1].text == "… 30 more"


def test_tabs_come_and_go(panel: InspectorPanel) -> None:
    assert [panel.tabs.isTabVisible(i) for i in range(6)] == [True, True, True, False, False, True]
    panel.show_problems([BAD, ODD])
    panel.show_issues([DONE, OPEN])
    assert panel.tabs.tabText(3) == "Problems 2"
    panel.show_tab("issues")
    assert [card.chip for card in panel.issues.model_.cards] == ["Open", "Resolved"]
    panel.show_issues([])
    assert panel.tab == "labels"


@pytest.mark.parametrize("way", ["enter", "double click"])
def test_choosing_one_goes_there(panel: InspectorPanel, qtbot: QtBot, way: str) -> None:
    panel.show_problems([ODD, BAD])
    panel.show_tab("problems")
    view = panel.problems
    with qtbot.waitSignal(panel.problem_chosen) as told:
        if way == "enter":
            view.setCurrentIndex(view.model_.index(1))
            qtbot.keyClick(view, Qt.Key.Key_Return)
        else:
            at = view.visualRect(view.model_.index(1)).center()
            qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert told.args == [BAD]


def test_all_of_them_are_copied_without_secrets(panel: InspectorPanel) -> None:
    panel.show_problems([BAD, ODD])
    panel.show_tab("problems")
    panel.copy_problems.click()
    text = QGuiApplication.clipboard().text()
    assert text.count("\n") == 1
    assert "$.task.tools[3]" in text
    assert "secret0" not in text


def test_thousands_are_cut_and_counted(panel: InspectorPanel) -> None:
    panel.show_problems([Problem(severity="warning", what=f"p {n}") for n in range(SHOWN + 100)])
    panel.show_tab("problems")
    assert panel.tabs.tabText(3) == f"Problems {SHOWN + 100}"
    assert panel.problems.model_.cards[-1].spoken == "… 100 more"


def test_cards_are_as_high_as_their_texts(panel: InspectorPanel) -> None:
    panel.show_problems([Problem(severity="warning", what="long words " * 40), BAD])
    panel.show_tab("problems")
    view = panel.problems
    assert view.height_of(0) > 5 * 16
    before = view.height_of(0)
    panel.resize(700, 800)
    assert view.height_of(0) < before
