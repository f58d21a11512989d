"""The chosen change in full."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.make.changed import SIDES, changed_asset, listing_of
from viewer.ui.inspector.change_block import LEAST, LOW, ChangeBlock
from viewer.ui.inspector.change_listing import ChangeListing


@pytest.fixture
def block(qtbot: QtBot, look_of_program: None) -> ChangeBlock:
    made = ChangeBlock()
    qtbot.addWidget(made)
    made.resize(328, 300)
    made.show()
    return made


def moved(listing: ChangeListing) -> int:
    return next(at for at, c in enumerate(listing.changes) if c.kind == "moved")


def test_what_who_and_when(block: ChangeBlock) -> None:
    assert block.is_empty
    listing = listing_of(changed_asset())
    block.tell(listing, moved(listing), SIDES)
    assert not block.is_empty
    assert block.title.accessibleName() == "Car #2 moved 12.0 px"
    assert block.heads.accessibleName() == "A Label, B Review"
    assert block.measures.accessibleName() == "IoU 0.54, shift 12.0 px, area ±0 %, Hausdorff 12.0 px"
    assert block.author.text.startswith("jana.krueger · 3 Nov")
    assert block.note.text() == ""
    assert not block.grab().isNull()


def test_chips_stay_within_the_block(block: ChangeBlock) -> None:
    block.measures.tell(["IoU 0.54", "shift 12.0 px", "area ±0 %", "Hausdorff 1,234 px"])
    assert all(box.left() > 0 and box.right() <= block.width() for box in block.measures.boxes())
    assert block.measures.boxes()[-1].bottom() <= block.measures.height()
    block.measures.tell(())
    assert block.measures.height() == 0


def test_copying(block: ChangeBlock, qtbot: QtBot) -> None:
    listing = listing_of(changed_asset())
    block.tell(listing, moved(listing), SIDES)
    with qtbot.waitSignal(block.copied):
        qtbot.mouseClick(block.copy, Qt.MouseButton.LeftButton)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "Car #2: moved 12.0 px"
    assert lines[1] == "Centre: 120.0, 115.0 → 132.0, 115.0"
    assert len(lines) == 3


def test_every_change_and_none(block: ChangeBlock) -> None:
    listing = listing_of(changed_asset())
    for at in range(len(listing.changes)):
        block.tell(listing, at, SIDES)
        assert block.pairs.model_.rowCount() > 0
        assert not block.grab().isNull()
    block.clear()
    assert block.is_empty


@pytest.mark.parametrize("height", [LEAST, 170, 220, 400])
def test_nothing_lies_over_anything_in_a_low_block(block: ChangeBlock, height: int, qtbot: QtBot) -> None:
    listing = listing_of(changed_asset())
    block.tell(listing, moved(listing), SIDES)
    block.resize(300, height)

    def apart() -> bool:
        parts = [w for w in (block.title, block.heads, block.pairs, block.measures, block.author) if w.isVisible()]
        boxes = [part.geometry() for part in parts if part.height()]
        return boxes[-1].bottom() < height and all(a.bottom() < b.top() for a, b in itertools.pairwise(boxes))

    qtbot.waitUntil(apart)  # Qt lays out a moment later
    assert block.author.isVisible() == (height >= LOW)
