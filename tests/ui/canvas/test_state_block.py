"""Words in the place of a picture: rows and links by mouse and keys, at every size of the canvas, in both themes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from viewer.ui import theme
from viewer.ui.canvas.state_block import ROW, WIDTH, StateBlock, Way, Words


@pytest.fixture
def canvas(qtbot: QtBot) -> QWidget:
    theme.load_font()
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(980, 700)
    widget.show()
    return widget


def ways(told: list[str]) -> list[Way]:
    def tells(name: str) -> object:
        return lambda: told.append(name)

    return [
        Way("Look in a folder…", tells("folder"), "folder-search", "Finds the missing files by name.", "Ctrl+L"),  # type: ignore[arg-type]
        Way("Locate file…", tells("locate"), "hard-drive", "Tells where this file is."),  # type: ignore[arg-type]
        Way("Try again", tells("again"), "rotate-cw"),  # type: ignore[arg-type]
    ]


def test_rows_stand_above_links_and_each_does_its_own(canvas: QWidget, qtbot: QtBot) -> None:
    told: list[str] = []
    block = StateBlock(canvas)
    block.show_words(
        "The link expired", "Only the picture is missing.", ways(told), Words("clock-alert", "error", "403")
    )
    folder, locate, _again = block._buttons
    assert (folder.height(), locate.height()) == (ROW, ROW)
    assert folder.width() == WIDTH - 2
    tops = [b.mapTo(canvas, b.rect().topLeft()).y() for b in block._buttons]
    assert tops == sorted(tops)
    assert len(set(tops)) == 3
    for button in block._buttons:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told == ["folder", "locate", "again"]
    assert not block._technical.isHidden()


def test_the_keyboard_goes_through_them_in_order(canvas: QWidget, qtbot: QtBot) -> None:
    told: list[str] = []
    block = StateBlock(canvas)
    block.show_words("The link expired", "", ways(told))
    canvas.activateWindow()
    block._buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        focus = QApplication.focusWidget()
        assert focus is not None
        qtbot.keyClick(focus, key)
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    assert told == ["folder", "locate"]
    assert QApplication.focusWidget() is block._buttons[2]
    block.show_words("Another", "", ways(told)[2:])
    assert QApplication.focusWidget() is block._buttons[0], "whoever had the keys keeps them"


@pytest.mark.parametrize("size", [(980, 700), (420, 260), (300, 120), (1800, 1100)])
def test_nothing_is_cut_at_any_size(canvas: QWidget, size: tuple[int, int]) -> None:
    canvas.resize(*size)
    block = StateBlock(canvas)
    block.show_words("A title that is rather long for a canvas so small", "And a text. " * 12, ways([]))
    assert block.size() == canvas.size()
    assert block._ground.height() >= canvas.height()
    assert block._block.geometry().bottom() < block._ground.height()
    for child in block._block.findChildren(QWidget):
        if not child.isHidden():
            assert child.width() >= child.minimumSizeHint().width(), type(child).__name__
            assert child.height() >= child.minimumSizeHint().height(), type(child).__name__
    last = block._buttons[-1]
    assert block._ground.rect().contains(last.mapTo(block._ground, last.rect().bottomLeft()))


@pytest.mark.parametrize(("t", "ground"), [(theme.DARK, theme.DARK.canvas), (theme.LIGHT, theme.LIGHT.window)])
def test_its_ground_is_one_that_texts_can_be_read_on(
    canvas: QWidget, qapp: QApplication, t: theme.Tokens, ground: str
) -> None:
    theme.apply(qapp, t)
    block = StateBlock(canvas)
    block.show_words("A title", "", ways([]))
    assert block.grab().toImage().pixelColor(4, 4) == QColor(ground)


def test_words_of_an_export_stay_words(canvas: QWidget) -> None:
    block = StateBlock(canvas)
    block.show_words("<img src='file:///etc/passwd'>", "<b>bold</b>", [Way("a", list, "x", "line\nwith\nbreaks")])
    assert block.words == ("<img src='file:///etc/passwd'>", "<b>bold</b>")
    assert "\n" not in block._buttons[0].accessibleDescription()
