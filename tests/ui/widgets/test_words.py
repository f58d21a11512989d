"""Sentences in dialogs: they break into lines, follow the theme, and let no secret through."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from viewer.ui import theme
from viewer.ui.widgets.words import FailureBox, Words

LONG = "The server did not accept this key. It is mistyped, was withdrawn, or may not read this project. " * 2


def test_a_long_sentence_takes_more_lines(qtbot: QtBot) -> None:
    words = Words(LONG)
    qtbot.addWidget(words)
    assert words.heightForWidth(200) > words.heightForWidth(400) > theme.line_of(theme.BODY_PX)


def test_links_lose_their_signature_and_lines_are_one(qtbot: QtBot) -> None:
    words = Words("https://bucket.example.com/a.png?X-Amz-Signature=canary5ecret\nand more")
    qtbot.addWidget(words)
    assert words.text() == "https://bucket.example.com/a.png… and more"


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT])
def test_what_went_wrong_stands_on_its_ground(qtbot: QtBot, qapp: QApplication, tokens: theme.Tokens) -> None:
    theme.apply(qapp, tokens)
    box = FailureBox()
    qtbot.addWidget(box)
    assert box.isHidden()
    assert box.text == ""
    box.tell(LONG)
    assert box.text == LONG
    assert box.accessibleName() == LONG
    box.resize(420, box.heightForWidth(420))
    picture: QImage = box.grab().toImage()
    assert picture.pixelColor(box.width() - 4, box.height() // 2) == QColor(tokens.error_ground)
    colours = {picture.pixelColor(x, y).name() for x in range(12, 28) for y in range(11, 27)}
    assert QColor(tokens.error).name() in colours
    box.tell("")
    assert box.isHidden()
    theme.apply(qapp, theme.DARK)
