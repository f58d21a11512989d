"""A number that is typed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from viewer.ui.widgets.number import NumberField


def test_only_a_number_in_range_is_taken(qtbot: QtBot) -> None:
    field = NumberField()
    qtbot.addWidget(field)
    field.setRange(1, 1842)
    told: list[int] = []
    field.valueChanged.connect(told.append)
    field.setText("1,200")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.value() == 1200
    field.setText("99999")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.value() == 1842
    for wrong in ("", "abc", "-3", "1.5", "9" * 30):
        field.setText(wrong)
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert field.text() == "1,842"
    field.setText("7")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "1,842"
    assert told == [1200, 1842]
