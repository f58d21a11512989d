from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QRect, QStringListModel, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QTableView
from pytestqt.qtbot import QtBot

from viewer.ui import theme
from viewer.ui.widgets.rows import CopyingRows, paint_ground, set_up_table

NONE, SELECTED, OVER = QStyle.StateFlag.State_None, QStyle.StateFlag.State_Selected, QStyle.StateFlag.State_MouseOver


class Rows(CopyingRows, QListView):
    pass


def pressed(view: QListView, key: Qt.Key) -> bool:
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.ControlModifier)
    event.ignore()
    view.event(event)
    return event.isAccepted()


def test_ctrl_c_is_the_lists(qtbot: QtBot) -> None:
    rows = Rows()
    qtbot.addWidget(rows)
    assert pressed(rows, Qt.Key.Key_C)
    assert not pressed(rows, Qt.Key.Key_K)


def test_a_table_looks_like_a_list(qtbot: QtBot) -> None:
    table = QTableView()
    qtbot.addWidget(table)
    set_up_table(table, 44)
    table.setModel(QStringListModel(["a", "b"], table))
    table.resize(200, 120)
    table.show()
    assert [table.rowHeight(row) for row in (0, 1)] == [44, 44]
    assert table.columnWidth(0) == table.viewport().width() == 200
    assert table.viewport().height() == 120


@pytest.mark.parametrize(
    ("state", "hovers", "bar", "ground"),
    [
        (NONE, True, None, None),
        (SELECTED, True, "accent", "soft"),
        (SELECTED | OVER, True, "accent", "soft"),
        (OVER, True, "hover", "hover"),
        (OVER, False, None, None),
    ],
)
def test_the_ground_of_a_row(
    qapp: object, state: QStyle.StateFlag, hovers: bool, bar: str | None, ground: str | None
) -> None:
    image = QImage(40, 20, QImage.Format.Format_RGB32)
    image.fill(QColor("#010203"))
    painter = QPainter(image)
    paint_ground(painter, QRect(0, 0, 40, 20), state, hovers=hovers)
    painter.end()
    t = theme.current()
    for x, token in ((0, bar), (1, bar), (2, ground), (39, ground)):
        assert image.pixelColor(x, 10) == QColor("#010203" if token is None else getattr(t, token))
