"""The panel: what it shows of a report, and what its buttons ask for."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.transfers.conftest import queue_of, transfer
from viewer.ui import theme
from viewer.ui.transfers.panel import HEIGHT, WIDTH, TransferPanel


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1024, 680)
    anchor = QPushButton("a", made)
    anchor.setObjectName("anchor")
    anchor.setGeometry(900, 8, 28, 28)
    made.show()
    return made


@pytest.fixture
def panel(window: QWidget) -> TransferPanel:
    made = TransferPanel(window)
    anchor = window.findChild(QPushButton, "anchor")
    made.open(anchor)
    return made


BUSY = queue_of(transfer("f", "failed"), transfer("r"), transfer("w", "waiting"), transfer("d", "done"))


def test_it_lies_below_its_button_within_the_window(window: QWidget, panel: TransferPanel) -> None:
    assert (panel.width(), panel.height()) == (WIDTH, HEIGHT)
    assert window.rect().contains(panel.geometry())
    assert panel.y() > 36
    window.resize(360, 300)
    assert window.rect().contains(panel.geometry())


def test_what_is_offered_follows_what_is_there(panel: TransferPanel) -> None:
    panel.show_report(queue_of(), 0)
    offered = (panel.retry_all, panel.pause_all, panel.cancel_all, panel.clear)
    assert [button.isVisible() for button in offered] == [False, False, False, False]
    panel.show_report(BUSY, 2)
    assert [button.isVisible() for button in offered] == [True, True, True, True]
    assert panel.failed.text() == "· 1 failed"
    assert panel.total.text() == "2 of 4 files · 2.2 MB/s"
    panel.show_report(queue_of(transfer("d", "done")), 0)
    assert [button.isVisible() for button in offered] == [False, False, False, True]
    assert panel.failed.text() == ""


def test_why_nothing_goes_on_is_told(panel: TransferPanel) -> None:
    panel.show_report(queue_of(transfer("w", "waiting"), sentence="No connection to shop.test."), 0)
    assert panel.why.isVisible()
    assert panel.why.text() == "No connection to shop.test."
    panel.show_report(BUSY, 0)
    assert not panel.why.isVisible()


def test_pause_becomes_go_on(qtbot: QtBot, panel: TransferPanel) -> None:
    asked: list[str] = []
    panel.asked.connect(asked.append)
    panel.show_report(BUSY, 0)
    panel.pause_all.click()
    panel.show_report(queue_of(transfer("w", "waiting"), is_paused=True), 0)
    assert panel.pause_all.accessibleName() == "Go on with all"
    panel.pause_all.click()
    panel.show_report(queue_of(transfer("p", "paused")), 0)
    panel.pause_all.click()
    assert asked == ["pause_all", "resume_all", "resume_all"]
    before = panel.grab().toImage()
    panel.show_report(queue_of(is_paused=True), 0)  # nothing is there, and nothing would come
    assert panel.pause_all.isVisible()
    assert panel.pause_all.accessibleName() == "Go on with all"
    paused = panel.grab().toImage()
    panel.show_report(queue_of(), 0)
    assert not panel.pause_all.isVisible()
    assert paused not in (before, panel.grab().toImage())


def test_every_button_asks_for_its_own(panel: TransferPanel) -> None:
    asked: list[str] = []
    panel.asked.connect(asked.append)
    panel.show_report(BUSY, 0)
    panel.show_all("Fetch all 412 files", enabled=True, tip="")
    for button in (panel.retry_all, panel.cancel_all, panel.clear, panel.fetch_all):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == ["retry_all", "cancel_all", "clear", "fetch_all"]
    panel.show_all("All files are here", enabled=False, tip="")
    panel.fetch_all.click()
    assert len(asked) == 4


def test_everything_in_it_has_a_name_and_is_reached_by_tab(panel: TransferPanel) -> None:
    panel.show_report(BUSY, 0)
    wanted = [button for button in panel.findChildren(QAbstractButton) if button.isVisible() and button.isEnabled()]
    reached = []
    for _ in range(12):
        QTest.keyClick(QApplication.focusWidget() or panel, Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
    assert all(button.accessibleName() for button in wanted)
    assert panel.isVisible() or set(wanted) <= set(reached)
    assert panel.view.accessibleName()


def test_it_closes_by_esc_and_when_the_keys_go_elsewhere(qtbot: QtBot, window: QWidget, panel: TransferPanel) -> None:
    with qtbot.waitSignal(panel.closed):
        QTest.keyClick(panel.fetch_all, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    anchor = window.findChild(QPushButton, "anchor")
    panel.open(anchor)
    qtbot.waitUntil(panel.view.hasFocus)
    with qtbot.waitSignal(panel.closed):
        anchor.setFocus()
    panel.open(anchor)
    with qtbot.waitSignal(panel.closed):
        QTest.mouseClick(window, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("report", [queue_of(), BUSY], ids=["empty", "busy"])
def test_it_is_painted_in_both_themes(
    qapp: QApplication, panel: TransferPanel, tokens: theme.Tokens, report: object
) -> None:
    theme.apply(qapp, tokens)
    panel.show_report(report, 0)  # type: ignore[arg-type]
    image = panel.grab().toImage()
    assert image.pixelColor(WIDTH // 2, 4).name().upper() == tokens.panel
    assert len({image.pixel(x, y) for x in range(0, WIDTH, 3) for y in range(0, HEIGHT, 3)}) > 10


def test_longer_texts_are_not_cut(panel: TransferPanel) -> None:
    """As long as German ones may be."""
    panel.show_report(queue_of(*(transfer(str(n), "failed") for n in range(9)), transfer("r")), 1_204, further=98_000)
    panel.show_all("Alle 98.000 fehlenden Dateien holen", enabled=True, tip="")
    panel.show_room("Zwischenspeicher 18,2 GB von 20 GB")
    QApplication.processEvents()
    for part in (panel.title, panel.failed, panel.total, panel.fetch_all):
        assert part.width() >= part.sizeHint().width(), part
        assert panel.rect().contains(
            part.geometry().translated(part.parentWidget().mapTo(panel, part.pos()) - part.pos())
        )
