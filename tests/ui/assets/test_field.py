"""Keys of the field, its cross, and the button for the order."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from viewer.ui.assets.field import FilterField, OrderButton


@pytest.fixture
def field(qtbot: QtBot) -> FilterField:
    widget = FilterField()
    qtbot.addWidget(widget)
    widget.resize(200, 28)
    widget.show()
    return widget


def test_keys_that_leave_the_field(field: FilterField, qtbot: QtBot) -> None:
    for key, signal in (
        (Qt.Key.Key_Return, field.entered),
        (Qt.Key.Key_Down, field.down),
        (Qt.Key.Key_Escape, field.left),
    ):
        with qtbot.waitSignal(signal):
            qtbot.keyClick(field, key)


def test_escape_clears_first(field: FilterField, qtbot: QtBot) -> None:
    left: list[bool] = []
    field.left.connect(lambda: left.append(True))
    qtbot.keyClicks(field, "lot")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), left) == ("", [])
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert left == [True]


def test_the_cross_is_there_while_there_is_text(field: FilterField, qtbot: QtBot) -> None:
    assert not field.clear_button.isVisible()
    qtbot.keyClicks(field, "lot")
    assert field.clear_button.isVisible()
    assert field.rect().contains(field.clear_button.geometry())
    qtbot.mouseClick(field.clear_button, Qt.MouseButton.LeftButton)
    assert field.text() == ""


def test_a_text_that_is_not_in_force_is_struck_out(field: FilterField, qtbot: QtBot) -> None:
    field.setText("lot_99")
    field.clearFocus()
    before = field.grab().toImage()
    field.set_faded(True)
    assert field.grab().toImage() != before


def test_a_dot_says_that_the_order_is_another(qtbot: QtBot) -> None:
    button = OrderButton()
    qtbot.addWidget(button)
    button.set_order("export", descending=False)
    before = button.grab().toImage()
    button.set_order("labels", descending=True)
    assert button.accessibleName() == "Order: Labels"
    assert button.grab().toImage() != before
