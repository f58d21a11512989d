"""Which pictures of changes are made, in which order, what is kept. With real files: e2e/test_table_of_changes.py."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from tests.make.changed import changed_asset, comparison_of
from viewer.export.differences import found_of
from viewer.overlay.palette import Palette
from viewer.ui.changes import pair_crops
from viewer.ui.changes.pair_crop import Crop, Wish
from viewer.ui.changes.pair_crops import Crops
from viewer.ui.changes.queue import Item

ASSET = changed_asset()
WISHES = [Wish(Item(0, 0, 1, n, found_of(change))) for n, change in enumerate(comparison_of(ASSET).changes)]


class Later:
    """Threads whose work is done when the test says so."""

    is_closed = False

    def __init__(self) -> None:
        self.waiting: list[tuple[Callable[[], Any], Callable[[Any], None], Callable[[BaseException], None] | None]] = []

    def run(self, work: Any, done: Any, failed: Any = None, **_more: Any) -> None:
        self.waiting.append((work, done, failed))

    def work(self) -> None:
        while self.waiting:
            work, done, failed = self.waiting.pop(0)
            try:
                result = work()
            except ValueError as error:
                assert failed is not None
                failed(error)
            else:
                done(result)


class Stand(QObject):
    """A session without files."""

    export_opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.tasks = Later()
        self.palette = Palette()
        self.asset = None
        self.loader = SimpleNamespace(sources=None)
        self.read: list[int] = []
        self.export = SimpleNamespace(asset=self._asset)

    def _asset(self, index: int) -> Any:
        self.read.append(index)
        if index:
            raise ValueError("not readable")
        return ASSET


@pytest.fixture
def stand(qtbot: QtBot) -> Stand:
    return Stand()


@pytest.fixture
def crops(stand: Stand) -> Crops:
    return Crops(stand)  # type: ignore[arg-type]


def made_of(crops: Crops) -> list[tuple[Wish, Crop | None]]:
    told: list[tuple[Wish, Crop | None]] = []
    crops.made.connect(lambda wish, crop: told.append((wish, crop)))
    return told


def test_rows_that_are_passed_by_have_none_made(crops: Crops, stand: Stand, qtbot: QtBot) -> None:
    told = made_of(crops)
    for wish in WISHES[:5]:
        assert crops.want(wish) is None
    qtbot.waitUntil(lambda: bool(stand.tasks.waiting))
    stand.tasks.work()
    assert [wish for wish, _ in told] == [WISHES[4]]
    assert isinstance(told[0][1], Crop)
    assert told[0][1].picture is None  # its file is not on this computer


def test_while_one_is_made_only_the_newest_waits(crops: Crops, stand: Stand, qtbot: QtBot) -> None:
    told = made_of(crops)
    crops.want(WISHES[0])
    qtbot.waitUntil(lambda: bool(stand.tasks.waiting))
    for wish in WISHES[1:4]:
        crops.want(wish)
    stand.tasks.work()
    assert [wish for wish, _ in told] == [WISHES[0], WISHES[3]]


def test_what_is_made_is_kept_for_a_while(
    crops: Crops, stand: Stand, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pair_crops, "KEPT", 2)
    for wish in WISHES[:3]:
        crops.want(wish)
        qtbot.waitUntil(lambda: bool(stand.tasks.waiting))
        stand.tasks.work()
    assert crops.want(WISHES[2]) is not None
    assert crops.want(WISHES[1]) is not None
    assert crops.want(WISHES[0]) is None
    stand.export_opened.emit(None)
    assert crops.want(WISHES[2]) is None


def test_what_is_no_longer_looked_at_is_given_up(crops: Crops, stand: Stand, qtbot: QtBot) -> None:
    told = made_of(crops)
    crops.want(WISHES[0])
    qtbot.waitUntil(lambda: bool(stand.tasks.waiting))
    crops.rest()
    stand.tasks.work()
    assert told == []


def test_an_asset_that_cannot_be_read_has_none(crops: Crops, stand: Stand, qtbot: QtBot) -> None:
    told = made_of(crops)
    wish = Wish(Item(7, 0, 1, 0, WISHES[0].item.found))
    crops.want(wish)
    qtbot.waitUntil(lambda: bool(stand.tasks.waiting))
    stand.tasks.work()
    assert told == [(wish, None)]
    assert crops.want(None) is None
