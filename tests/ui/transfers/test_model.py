"""Rows follow the reports: none is lost, and what is selected stays so when it moves."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from tests.ui.transfers.conftest import queue_of, transfer
from viewer.ui.transfers.model import TransferModel


@pytest.fixture
def model() -> TransferModel:
    made = TransferModel()
    made.tester = QAbstractItemModelTester(  # type: ignore[attr-defined]
        made, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    return made


def names(model: TransferModel) -> list[str | None]:
    return [one.name if (one := model.at(row)) is not None else None for row in range(model.rowCount())]


def test_rows_are_as_many_as_there_are(model: TransferModel) -> None:
    model.take(queue_of(transfer("a"), transfer("b", "waiting"), more=9_998))
    assert model.rowCount() == 10_000
    assert names(model)[:3] == ["a", "b", None]
    assert model.data(model.index(5_000, 0)) is None
    model.take(queue_of(transfer("b")))
    assert names(model) == ["b"]
    model.take(queue_of())
    assert model.rowCount() == 0


def test_what_is_selected_moves_with_its_row(model: TransferModel) -> None:
    model.take(queue_of(transfer("a"), transfer("b", "waiting"), transfer("c", "waiting")))
    kept = QPersistentModelIndex(model.index(2, 0))
    gone = QPersistentModelIndex(model.index(0, 0))
    model.take(queue_of(transfer("c"), transfer("b", "waiting"), transfer("d", "waiting")))
    assert kept.row() == 0
    assert not gone.isValid()
    model.take(queue_of(transfer("x"), transfer("c"), transfer("b", "waiting"), transfer("d", "waiting")))
    assert kept.row() == 1
    assert names(model) == ["x", "c", "b", "d"]


def test_only_rows_that_differ_are_told(model: TransferModel) -> None:
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    model.take(queue_of(transfer("a"), transfer("b"), transfer("c", "waiting")))
    told.clear()
    model.take(queue_of(transfer("a"), transfer("b", received=5_000_000), transfer("c", "waiting")))
    assert told == [(1, 1)]
    told.clear()
    model.take(queue_of(transfer("a"), transfer("b", received=5_000_000), transfer("c", "waiting")))
    assert told == []
    model.take(queue_of(transfer("a"), transfer("b"), transfer("c", "waiting"), is_paused=True))
    assert told == [(0, 2)]


def test_a_row_can_be_read_and_heard(model: TransferModel) -> None:
    model.take(queue_of(transfer("a.jpg", "failed"), transfer("b.jpg")))
    first, second = model.index(0, 0), model.index(1, 0)
    assert model.data(first) == "a.jpg"
    assert model.data(first, Qt.ItemDataRole.AccessibleTextRole) == "a.jpg, failed, shop.test refused a.jpg (403)."
    assert model.data(first, Qt.ItemDataRole.ToolTipRole) == "shop.test refused a.jpg (403)."
    spoken = "b.jpg, is fetched, 4.1 of 38 MB · 2.2 MB/s, 15 s left"
    assert model.data(second, Qt.ItemDataRole.AccessibleTextRole) == spoken
    assert model.row_of("b.jpg") == 1
    assert model.row_of("c.jpg") is None
