"""Rows without air, texts that shorten themselves."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from viewer.ui.widgets.layout import Divider, Text, column, heading, row


def test_layouts_have_no_margins_of_their_own(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    layout = row(Divider(), None, column(Text("a"), heading("b")), margins=(3, 4))
    host.setLayout(layout)
    margins = layout.contentsMargins()
    assert (margins.left(), margins.top(), margins.right(), margins.bottom()) == (3, 4, 3, 4)
    assert layout.count() == 3


def test_a_text_is_plain_one_line_and_its_whole_is_the_tooltip_only_when_cut(qtbot: QtBot) -> None:
    text = Text("<b>first</b>\nsecond", elide=Qt.TextElideMode.ElideMiddle)
    qtbot.addWidget(text)
    assert text.textFormat() == Qt.TextFormat.PlainText
    assert "\n" not in text.text()
    text.resize(400, 20)
    text.grab()
    assert text.toolTip() == ""
    text.resize(40, 20)
    text.grab()
    assert text.toolTip() == text.text()
