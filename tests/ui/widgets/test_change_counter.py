"""Which change of how many, in many words and in few."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from viewer.ui.widgets.change_counter import ChangeCounter


@pytest.fixture
def counter(qtbot: QtBot) -> ChangeCounter:
    made = ChangeCounter()
    qtbot.addWidget(made)
    made.show()
    return made


def words(counter: ChangeCounter, *, short: bool = False) -> str:
    return "".join(text for text, _ in counter.parts(short=short))


@pytest.mark.parametrize(
    ("index", "total", "long", "short"),
    [
        (6, 20, "change 7 of 20", "7 / 20"), (None, 20, "20 changes", "— / 20"), (None, 1, "1 change", "— / 1"),
        (None, 0, "nothing changed", "0"), (1233, 5000, "change 1,234 of 5,000", "1,234 / 5,000"),
    ],
)  # fmt: skip
def test_what_it_says(counter: ChangeCounter, index: int | None, total: int, long: str, short: str) -> None:
    counter.show_change(index, total)
    assert words(counter) == long
    assert words(counter, short=True) == short
    assert counter.accessibleName() == long
    assert counter.width_of(short=True) <= counter.width_of(short=False)


def test_its_buttons_step(counter: ChangeCounter, qtbot: QtBot) -> None:
    counter.show_change(6, 20)
    steps: list[int] = []
    counter.stepped.connect(steps.append)
    qtbot.mouseClick(counter.next, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(counter.previous, Qt.MouseButton.LeftButton)
    assert steps == [1, -1]


def test_without_changes_there_is_nowhere_to_go(counter: ChangeCounter) -> None:
    counter.show_change(None, 0)
    assert not counter.next.isEnabled()
    counter.show_change(None, 2)
    assert counter.next.isEnabled()


def test_it_is_as_wide_as_its_words(counter: ChangeCounter) -> None:
    counter.show_change(6, 20)
    wide = counter.sizeHint().width()
    counter.set_short(True)
    assert counter.sizeHint().width() < wide
    assert counter.next.geometry().right() == counter.sizeHint().width() - 1
    assert not counter.grab().isNull()
