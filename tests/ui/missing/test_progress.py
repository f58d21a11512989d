from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from viewer.ui import theme
from viewer.ui.missing import progress
from viewer.ui.missing.progress import ProgressCard


@pytest.fixture
def over(qtbot: QtBot) -> QWidget:
    theme.load_font()
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(600, 400)
    widget.show()
    return widget


def test_what_is_done_at_once_is_not_shown(qtbot: QtBot, over: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    card = ProgressCard(over)
    card.begin("Reading new.json")
    card.end()
    assert not card.isVisible()
    monkeypatch.setattr(progress, "AFTER_MS", 1)
    card, later = ProgressCard(over), QTimer()
    later.setSingleShot(True)
    card.begin("Reading new.json")
    card.end()
    with qtbot.waitSignal(later.timeout):
        later.start(5)  # begun after the card's own, and longer: that one would have come before
    assert not card.isVisible()


def test_what_takes_long_is_shown_in_the_corner(qtbot: QtBot, over: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "AFTER_MS", 1)
    card = ProgressCard(over)
    card.begin("Reading new.json")
    qtbot.waitUntil(card.isVisible)
    card.tell(1200, 0)
    assert card.count.text() == "1,200 assets"
    card.begin("Matching the assets of new.json")
    card.tell(20, 400)
    assert (card.words.text(), card.count.text()) == ("Matching the assets of new.json", "20 of 400 assets")
    assert card.geometry().bottom() == 400 - 12 - 1
    over.resize(500, 300)
    qtbot.waitUntil(lambda: card.geometry().bottom() == 300 - 12 - 1)
    with qtbot.waitSignal(card.cancelled):
        card.stop.click()
    card.end()
    assert not card.isVisible()
