"""A dialog is told from a window of the same ground, and Enter gives its answer."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from viewer.ui import theme
from viewer.ui.widgets.answer_row import AnswerRow
from viewer.ui.widgets.buttons import FlatButton
from viewer.ui.widgets.dialog import Dialog
from viewer.ui.widgets.fields import TickField
from viewer.ui.widgets.layout import column


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT])
def test_a_line_is_around_it(qtbot: QtBot, qapp: QApplication, tokens: theme.Tokens) -> None:
    theme.apply(qapp, tokens)
    dialog = Dialog()
    qtbot.addWidget(dialog)
    dialog.resize(120, 80)
    picture = dialog.grab().toImage()
    edge = QColor(tokens.border)
    assert {picture.pixelColor(x, y).name() for x in range(120) for y in (0, 79)} == {edge.name()}
    assert {picture.pixelColor(x, y).name() for y in range(80) for x in (0, 119)} == {edge.name()}
    assert picture.pixelColor(60, 40).name() != edge.name()
    qapp.setStyleSheet("")


class Asked(Dialog):
    """A field, a tick, a button of its own and the answers."""

    def __init__(self) -> None:
        super().__init__()
        self.field, self.tick, self.other = QLineEdit(self), TickField("Tick", self), FlatButton("Other", self)
        self.answers = AnswerRow("Yes", "No", self)
        self.setLayout(column(self.field, self.tick, self.other, self.answers))
        self.told: list[str] = []
        self.answers.accepted.connect(lambda: self.told.append("yes"))
        self.answers.rejected.connect(lambda: self.told.append("no"))
        self.other.clicked.connect(lambda: self.told.append("other"))


@pytest.fixture
def asked(qtbot: QtBot) -> Asked:
    dialog = Asked()
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    return dialog


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
@pytest.mark.parametrize("focused", ["field", "tick"])
def test_enter_gives_the_answer(asked: Asked, focused: str, key: Qt.Key) -> None:
    widget = getattr(asked, focused)
    widget.setFocus()
    QTest.keyClick(widget, key)
    assert asked.told == ["yes"]
    assert not asked.tick.isChecked()


def test_enter_presses_the_button_that_has_the_keyboard(asked: Asked) -> None:
    for button in (asked.other, asked.answers.no, asked.answers.yes):
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Return)
    assert asked.told == ["other", "no", "yes"]


def test_enter_waits_for_an_answer_that_cannot_be_given_yet(asked: Asked) -> None:
    asked.answers.yes.setEnabled(False)
    asked.field.setFocus()
    QTest.keyClick(asked.field, Qt.Key.Key_Return)
    assert asked.told == []
    assert asked.isVisible()


def test_escape_closes(asked: Asked) -> None:
    QTest.keyClick(asked.field, Qt.Key.Key_Escape)
    assert not asked.isVisible()
