"""Fields of dialogs by mouse and keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from viewer.ui import theme
from viewer.ui.widgets.fields import ChoiceField, StepField, TickField

CHOICES = (("system", "As the system"), ("light", "Light"), ("dark", "Dark"))


def test_a_choice_is_made_by_menu_and_arrows(qtbot: QtBot) -> None:
    field = ChoiceField(CHOICES)
    qtbot.addWidget(field)
    told: list[str] = []
    field.changed.connect(told.append)
    field.choose("dark")
    field.choose("nothing of the kind")
    assert (field.choice, field.text(), told) == ("dark", "Dark", ["dark"])
    menu = field.menu()
    assert [action.isChecked() for action in menu.actions()] == [False, False, True]
    menu.actions()[1].trigger()
    assert field.choice == "light"
    for _ in range(3):
        qtbot.keyClick(field, Qt.Key.Key_Up)
    assert field.choice == "system"
    widths = []
    for key, _ in CHOICES:
        field.choose(key)
        widths.append(field.sizeHint().width())
    assert len(set(widths)) == 1, "its width does not depend on the choice"


@pytest.mark.parametrize(
    ("typed", "value"), [("12", 12), ("12.6", 13), ("0", 2), ("9999", 1000), ("no number", 10), ("", 10), ("1e99", 10)]
)
def test_a_number_is_held_within_its_limits(qtbot: QtBot, typed: str, value: int) -> None:
    field = StepField(10, 2, 1000)
    qtbot.addWidget(field)
    field.setText(typed)
    assert field.value == value
    field.editingFinished.emit()
    assert field.text() == str(value)


def test_a_number_has_decimals_and_steps(qtbot: QtBot) -> None:
    field = StepField(59.5, 0.5, 60.0, decimals=1)
    qtbot.addWidget(field)
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert (field.value, field.text()) == (60.0, "60.0")
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert field.value == 59.0
    field.setText("12,5")
    assert field.value == 12.5


@pytest.mark.parametrize("t", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
def test_a_tick_can_be_seen(qtbot: QtBot, qapp: QApplication, t: theme.Tokens) -> None:
    theme.apply(qapp, t)
    field = TickField("Glide and fade")
    qtbot.addWidget(field)
    field.resize(field.sizeHint())
    empty = field.grab().toImage()
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    assert field.isChecked()
    ticked = field.grab().toImage()
    assert empty.pixelColor(5, field.height() // 2) != ticked.pixelColor(5, field.height() // 2)
    qtbot.keyClick(field, Qt.Key.Key_Space)
    assert not field.isChecked()
