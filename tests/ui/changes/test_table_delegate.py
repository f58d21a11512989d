"""How the cells of the table of changes look."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from tests.make.changes import found, items_of, places, step
from viewer.overlay import palette
from viewer.ui import theme
from viewer.ui.changes.columns import COLUMNS
from viewer.ui.changes.table import ChangeTable, Group
from viewer.ui.changes.table_delegate import ROW_HEIGHT, ChangeCells
from viewer.ui.changes.table_model import ChangeModel

KEYS = [column.key for column in COLUMNS]
CHANGES = (
    found(0, title="Car", iou=0.5),
    found(0, title="Van", kinds=("removed", "attributes"), iou=None),
    found(0, title="<b>Tree</b> & co", by="jana@example.com"),
)


@pytest.fixture
def cells(qtbot: QtBot, look_of_program: None) -> ChangeCells:
    model = ChangeModel()
    table = ChangeTable(places(1))
    table.add(items_of([step(0, 0, CHANGES)]))
    model.show_table(table)
    made = ChangeCells(model)
    model.setParent(made)
    made.colour_of = lambda schema_id: "#AEA6FE"
    return made


def painted(cells: ChangeCells, row: int, key: str, width: int = 200, *, selected: bool = False) -> QImage:
    image = QImage(width, ROW_HEIGHT, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.current().panel))
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, width, ROW_HEIGHT)  # type: ignore[misc]
    option.state = QStyle.StateFlag.State_Selected if selected else QStyle.StateFlag.State_None  # type: ignore[misc]
    painter = QPainter(image)
    cells.paint(painter, option, cells._model.index(row, KEYS.index(key)))
    painter.end()
    return image


def has(image: QImage, colour: str, box: QRect | None = None, slack: int = 12) -> bool:
    wanted, area = QColor(colour).getRgb()[:3], box or image.rect()
    return any(
        all(abs(a - b) <= slack for a, b in zip(QColor(image.pixel(x, y)).getRgb()[:3], wanted))
        for x in range(area.left(), area.right() + 1)
        for y in range(area.top(), area.bottom() + 1)
    )


@pytest.mark.parametrize("look", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
def test_the_sign_has_the_colour_of_its_kind(cells: ChangeCells, qapp: QApplication, look: theme.Tokens) -> None:
    theme.apply(qapp, look)
    for row, kind in ((0, "moved"), (1, "removed")):
        change = palette.CHANGES[kind]
        assert has(painted(cells, row, "sign", 44), change.glow if look.dark else change.ink)


def test_further_kinds_have_their_signs_beside_the_first(cells: ChangeCells) -> None:
    assert has(painted(cells, 1, "change"), palette.CHANGES["attributes"].glow)
    assert not has(painted(cells, 0, "change"), palette.CHANGES["attributes"].glow)


def test_a_class_has_its_swatch(cells: ChangeCells) -> None:
    assert has(painted(cells, 0, "label"), "#AEA6FE")
    cells.colour_of = lambda schema_id: ""
    assert not has(painted(cells, 0, "label"), "#AEA6FE")


def test_the_bar_is_as_long_as_the_overlap(cells: ChangeCells) -> None:
    image, t = painted(cells, 0, "iou", 96), theme.current()
    y = ROW_HEIGHT // 2
    bar = [x for x in range(theme.SPACE_M, theme.SPACE_M + 36) if QColor(image.pixel(x, y)) == QColor(t.text2)]
    assert 16 <= len(bar) <= 18
    assert not has(painted(cells, 1, "iou", 96), t.text2)


def test_seen_rows_step_back_unless_they_are_chosen(cells: ChangeCells) -> None:
    fresh = painted(cells, 0, "label")
    cells._model.is_seen = lambda item: True
    assert has(fresh, theme.current().text)
    assert not has(painted(cells, 0, "label"), theme.current().text)
    chosen = painted(cells, 0, "label", selected=True)
    assert has(chosen, theme.current().text)
    assert QColor(chosen.pixel(199, 2)) == QColor(theme.current().soft)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("width", [8, 44, 200])
def test_every_cell_stays_in_its_box(cells: ChangeCells, key: str, width: int) -> None:
    for row in range(3):
        image = painted(cells, row, key, width)
        edge = QRect(width - 1, 4, 1, ROW_HEIGHT - 8)
        assert width < 40 or not has(image, theme.current().text, edge)


@pytest.mark.parametrize("grouping", ["kind", "class", "person", "asset"])
def test_headings_say_what_their_rows_have_in_common(cells: ChangeCells, grouping: str) -> None:
    cells._model.grouping = grouping  # type: ignore[assignment]
    value = {"kind": "moved", "class": "Car", "person": "jana@example.com", "asset": "0"}[grouping]
    image = QImage(400, ROW_HEIGHT, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.current().panel))
    painter = QPainter(image)
    cells.paint_heading(painter, image.rect(), Group(value, 1234, 0), selected=True)
    painter.end()
    assert QColor(image.pixel(0, 10)) == QColor(theme.current().accent)
    assert has(image, theme.current().text, QRect(40, 0, 200, ROW_HEIGHT))
    assert has(image, palette.CHANGES["moved"].glow) == (grouping == "kind")
    assert has(image, "#AEA6FE") == (grouping == "class")
