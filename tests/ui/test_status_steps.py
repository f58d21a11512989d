"""What is said of the cache and of missing files, and where a click on it leads."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from viewer.limits import GB, MB
from viewer.ui import status_steps, theme
from viewer.ui.assets.footer import Footer
from viewer.ui.status import StatusRow
from viewer.ui.status_steps import StatusSteps, used_in_words


class Session(QObject):
    export_opened = Signal(object)
    listing_ended = Signal()
    asked_again = Signal()
    states_changed = Signal()
    came = Signal(object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.export: object = SimpleNamespace(complete=False)
        self.thumbnails = self.transfers = self.expiries = self
        self.loader = SimpleNamespace(sources=None)


class Cache(QObject):
    measured = Signal(int, object)
    limit = 10 * GB

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def measure(self) -> None:
        self.asked += 1
        self.measured.emit(3 * self.asked, int(1.2 * GB) * self.asked)


@pytest.mark.parametrize(
    ("length", "words"), [(int(1.2 * GB), "1.2 of 10 GB"), (38 * MB, "38 MB of 10 GB"), (0, "0 bytes of 10 GB")]
)
def test_used(length: int, words: str) -> None:
    assert used_in_words(length, 10 * GB) == words


def test_what_is_said_and_where_it_leads(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status_steps, "GATHERED_MS", 0)
    theme.load_font()
    session, status, footer, cache, ran = Session(), StatusRow(), Footer(), Cache(), []
    for widget in (status, footer):
        qtbot.addWidget(widget)
        widget.show()
    steps = StatusSteps(session, status, footer, cache, ran.append)  # type: ignore[arg-type]
    assert status.cache.isHidden() and status.missing.isHidden() and footer.missing.isHidden()
    session.export_opened.emit(session.export)
    qtbot.waitUntil(lambda: status.cache.text() == "Cache 1.2 of 10 GB")
    assert status.cache.isVisible()
    assert status.cache.accessibleName() == status.cache.text()
    session.came.emit(None)
    qtbot.waitUntil(lambda: status.cache.text() == "Cache 2.4 of 10 GB")
    steps.lost._take(frozenset(range(412)))
    footer.show_text("480 assets", listing=False, is_off=False)
    assert (status.missing.text(), footer.missing.text()) == ("412 files missing", "412 missing")
    for item in (status.cache, status.missing, footer.missing):
        item.click()
    assert ran == ["edit_cache", "look_in_folder", "look_in_folder"]
    steps.lost._take(frozenset((7,)))
    assert status.missing.text() == "1 file missing"
    steps.lost._take(frozenset())
    assert status.missing.isHidden() and footer.missing.isHidden()
