"""Signs that filter: alone with a click, added with Ctrl."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from viewer.ui.inspector.sign_chips import SignChips

COUNTS = {"added": 13, "removed": 3, "moved": 8, "reshaped": 1_500}
LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def chips(qtbot: QtBot, look_of_program: None) -> SignChips:
    made = SignChips()
    qtbot.addWidget(made)
    made.resize(280, 30)
    made.show()
    made.show_counts(COUNTS, frozenset())
    return made


@pytest.fixture
def told(chips: SignChips) -> list[set[str]]:
    found: list[set[str]] = []
    chips.chosen.connect(lambda signs: found.append(set(signs)))
    return found


def test_a_click_shows_one_alone_and_again_all(chips: SignChips, told: list[set[str]], qtbot: QtBot) -> None:
    for sign in ("moved", "added", "added"):
        qtbot.mouseClick(chips.chips[sign], LEFT)
    assert told == [{"moved"}, {"added"}, set()]
    assert not any(chip.isChecked() for chip in chips.chips.values())


def test_control_adds_and_takes_away(chips: SignChips, told: list[set[str]], qtbot: QtBot) -> None:
    qtbot.mouseClick(chips.chips["moved"], LEFT)
    qtbot.mouseClick(chips.chips["added"], LEFT, CONTROL)
    qtbot.mouseClick(chips.chips["moved"], LEFT, CONTROL)
    assert told == [{"moved"}, {"moved", "added"}, {"added"}]
    assert [sign for sign, chip in chips.chips.items() if chip.isChecked()] == ["added"]


def test_all_of_them_is_no_filter(chips: SignChips, told: list[set[str]], qtbot: QtBot) -> None:
    for sign in COUNTS:
        qtbot.mouseClick(chips.chips[sign], LEFT, CONTROL)
    assert told[-1] == set()


def test_keys(chips: SignChips, told: list[set[str]], qtbot: QtBot) -> None:
    qtbot.keyClick(chips.chips["removed"], Qt.Key.Key_Space)
    qtbot.keyClick(chips.chips["moved"], Qt.Key.Key_Return, CONTROL)
    assert told == [{"removed"}, {"removed", "moved"}]


def test_a_press_that_ends_elsewhere_is_none(chips: SignChips, told: list[set[str]], qtbot: QtBot) -> None:
    chip = chips.chips["moved"]
    qtbot.mousePress(chip, LEFT)
    qtbot.mouseRelease(chip, LEFT, pos=chip.rect().bottomRight() * 3)
    assert told == []


def test_they_are_spoken_and_have_room(chips: SignChips) -> None:
    assert chips.chips["reshaped"].accessibleName() == "Reshaped 1,500"
    chips.resize(120, 30)
    boxes = [chip.geometry() for chip in chips.chips.values()]
    assert all(box.left() >= 0 and box.right() <= chips.width() for box in boxes)
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[:i])
    assert chips.height() == boxes[-1].bottom() + 1


def test_other_counts_keep_the_chips(chips: SignChips) -> None:
    known = dict(chips.chips)
    chips.show_counts({**COUNTS, "moved": 9}, frozenset({"moved"}))
    assert chips.chips == known
    assert chips.chips["moved"].isChecked()
    assert not chips.grab().isNull()
