"""Rows of changes: groups open and close, a filter leaves what it should, and each row can be painted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem

from tests.make.changed import changed_asset, listing_of, many_changed
from viewer.ui import theme
from viewer.ui.inspector.change_rows import OPEN_AT_ONCE, ChangeDelegate, ChangeModel


@pytest.fixture
def model(qapp: QApplication) -> ChangeModel:
    made = ChangeModel()
    made.show_listing(listing_of(changed_asset()))
    return made


def test_few_changes_are_listed_at_once(model: ChangeModel) -> None:
    assert model.rowCount() == len(model.groups) + 9
    assert sum(1 for row in range(model.rowCount()) if model.group_at(row) is not None) == len(model.groups)


def test_of_many_the_first_group_is_open(qapp: QApplication) -> None:
    model = ChangeModel()
    model.show_listing(listing_of(many_changed(OPEN_AT_ONCE + 30)))
    model.choose("class", frozenset())
    assert [model.is_open(g) for g in model.groups] == [True, False, False]


def test_closed_groups_stay_closed(model: ChangeModel) -> None:
    group = model.groups[0]
    model.set_open(group, False)
    assert not model.is_open(model.groups[0])
    model.show_listing(listing_of(changed_asset()))
    assert not model.is_open(next(g for g in model.groups if g.key == group.key))


def test_a_change_in_a_closed_group_opens_it(model: ChangeModel) -> None:
    for group in model.groups:
        model.set_open(group, False)
    assert model.rowCount() == len(model.groups)
    row = model.row_of(3)
    assert row is not None
    assert model.change_at(row) == 3


def test_a_filter_that_leaves_nothing_is_dropped(model: ChangeModel) -> None:
    model.choose("kind", frozenset({"reclassified"}))
    assert model.rowCount() == 2
    assert model.row_of(next(at for at in range(9) if "moved" in model.listing.signs(at))) is None
    model.show_listing(listing_of(many_changed(4)))
    assert model.signs == frozenset()
    assert model.rowCount() == 5


def test_rows_are_spoken(model: ChangeModel) -> None:
    spoken = [model.data(model.index(row)) for row in range(model.rowCount())]
    assert "Moved, 1 change, open" in spoken
    assert "Truck, class changed, Van → Truck, jana.krueger@example.com" in spoken


@pytest.mark.parametrize("look", [theme.DARK, theme.LIGHT])
@pytest.mark.parametrize("width", [180, 328])
@pytest.mark.parametrize("grouping", ["kind", "class", "person"])
def test_every_row_is_painted(
    model: ChangeModel, look: theme.Tokens, width: int, grouping: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theme, "_current", look)
    model.colour_of = lambda schema_id: "#44AA66"
    model.choose(grouping, frozenset())  # type: ignore[arg-type]
    delegate = ChangeDelegate(model)
    delegate.marked = 2
    for row in range(model.rowCount()):
        image = QImage(width, 28, QImage.Format.Format_RGB32)
        image.fill(0x123456)
        painter = QPainter(image)
        option = QStyleOptionViewItem()
        option.rect = QRect(0, 0, width, 28)  # type: ignore[assignment]
        delegate.paint(painter, option, model.index(row))
        painter.end()
        assert len({image.pixel(x, y) for x in range(0, width, 3) for y in range(0, 28, 3)}) > 2
