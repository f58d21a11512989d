"""Stages of the selected label: rows with and without a picture, and the way to a stage."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from viewer.ui import theme
from viewer.ui.inspector.facts import Fact, heading
from viewer.ui.inspector.facts_view import FactsView
from viewer.ui.inspector.stage_rows import HEIGHT, LOW, height_of, paint_stage, spoken

STAGE = Fact(
    "Review 2", "moved 6.2 px", "stage", person="jana.krueger@example.com", jump=("stage", (3, "o")), sign="moved",
    end="1.00", note="20 Nov 09:11", picture=3, is_current=True,
)  # fmt: skip
FACTS = [Fact("Shape", "Box"), heading("Through the stages", "IoU to current"), STAGE]


@pytest.fixture
def view(qtbot: QtBot, look_of_program: None) -> FactsView:
    made = FactsView("Selected label")
    qtbot.addWidget(made)
    made.resize(328, 300)
    made.show()
    made.show_facts(FACTS)
    return made


def picture() -> QPixmap:
    made = QPixmap(64, 48)
    made.fill(Qt.GlobalColor.red)
    return made


def test_a_stage_is_spoken(view: FactsView) -> None:
    assert spoken(STAGE) == "Review 2, moved 6.2 px, jana.krueger, 20 Nov 09:11, IoU 1.00"
    assert view.model_.data(view.model_.index(2)) == spoken(STAGE)


def test_rows_grow_with_their_pictures(view: FactsView) -> None:
    assert view.height_of(2) == LOW == height_of(None)
    view.set_pictures({3: picture()})
    assert view.height_of(2) == HEIGHT
    assert view.visualRect(view.model_.index(2)).height() == HEIGHT
    view.set_wrapped(False)  # a low window
    assert view.height_of(2) == LOW


def test_a_click_leads_to_the_stage(view: FactsView, qtbot: QtBot) -> None:
    view.set_pictures({3: picture()})
    at = view.visualRect(view.model_.index(2)).center()
    with qtbot.waitSignal(view.jump_wanted) as told:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert told.args == [("stage", (3, "o"))]


def test_enter_leads_there_too(view: FactsView, qtbot: QtBot) -> None:
    view.setCurrentIndex(view.model_.index(2))
    with qtbot.waitSignal(view.jump_wanted) as told:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert told.args == [("stage", (3, "o"))]


@pytest.mark.parametrize("look", [theme.DARK, theme.LIGHT])
@pytest.mark.parametrize("tall", [True, False])
def test_every_part_is_painted(
    qapp: QApplication, look: theme.Tokens, tall: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theme, "_current", look)
    image = QImage(300, 60, QImage.Format.Format_RGB32)
    image.fill(0x808080)
    painter = QPainter(image)
    height = HEIGHT if tall else LOW
    paint_stage(painter, QRect(0, 0, 300, height), STAGE, picture() if tall else None, hovered=False)
    painter.end()
    assert {image.pixel(x, height + 2) for x in range(300)} == {image.pixel(0, 59)}  # nothing beyond the row
    colours = {image.pixel(x, y) for x in range(300) for y in range(height)}
    assert len(colours) > 20
    assert (0xFFFF0000 in colours) == tall
