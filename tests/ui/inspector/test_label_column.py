"""The column that labels have in a wide window."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QStackedLayout, QWidget
from pytestqt.qtbot import QtBot

from viewer.ui.inspector.label_column import LabelColumn


def test_labels_go_there_and_back_and_the_other_pages_keep_their_places(qtbot: QtBot, look_of_program: None) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    pages = [QLabel(name, host) for name in ("labels", "changes", "details")]
    holder = QWidget(host)
    stack = QStackedLayout(holder)
    for page in pages:
        stack.addWidget(page)
    column = LabelColumn(pages[0], "Labels", host)
    host.show()
    for _ in range(2):
        column.take(stack)
        assert column.isVisible()
        assert pages[0].isVisible()
        assert column.isAncestorOf(pages[0])
        assert [stack.indexOf(page) for page in pages] == [-1, 1, 2]
        column.give_back(stack)
        assert not column.isVisible()
        assert [stack.indexOf(page) for page in pages] == [0, 1, 2]
        assert stack.count() == 3
    column.heading.set_count(0, 1234)
    assert column.heading.tabText(0) == "Labels 1,234"
