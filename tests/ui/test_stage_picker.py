"""A stage named on a button, with its pin."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from viewer.ui import theme
from viewer.ui.stage_picker import NARROWEST, WIDEST, StagePicker


@pytest.fixture
def picker(qtbot: QtBot) -> StagePicker:
    made = StagePicker("Stage")
    qtbot.addWidget(made)
    made.show_stage("Label 1 · Accepted", short="Label 1")
    return made


def test_it_names_its_stage_for_those_who_hear(picker: StagePicker) -> None:
    assert picker.accessibleName() == "Stage: Label 1 · Accepted"
    picker.show_stage("Review 2", "B")
    assert picker.accessibleName() == "Stage B: Review 2"


def test_no_name_makes_it_wider_than_a_bar_can_bear(picker: StagePicker) -> None:
    picker.show_stage("A stage with a name that nobody would give to a stage, were it not for a test", "A")
    assert picker.sizeHint().width() == WIDEST
    assert picker.minimumSizeHint().width() == NARROWEST
    picker.resize(NARROWEST, picker.sizeHint().height())
    assert not picker.grab().isNull()


def test_b_is_filled_and_a_is_not(picker: StagePicker) -> None:
    picker.show_stage("Label 1", "B")
    picker.resize(picker.sizeHint())
    text = QColor(theme.current().text)
    inside = (11, round(picker.height() / 2))
    assert picker.grab().toImage().pixelColor(*inside) == text
    picker.show_stage("Label 1", "A")
    assert picker.grab().toImage().pixelColor(*inside) != text


def test_where_it_is_narrow_the_short_name_stands(picker: StagePicker) -> None:
    picker.resize(NARROWEST + 28, picker.sizeHint().height())
    narrow = picker.grab().toImage()
    picker.show_stage("Label 1")
    assert picker.grab().toImage() == narrow
