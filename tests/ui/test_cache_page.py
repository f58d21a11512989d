from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from viewer.settings import SettingsFile
from viewer.ui import cache_page, theme
from viewer.ui.cache_page import CachePage, path_in_words
from viewer.ui.settings_dialog import SettingsDialog
from viewer.ui.widgets.fields import StepField

GB = 1 << 30


class Cache(QObject):
    measured = Signal(int, object)
    cleared = Signal(object)
    folder, limit = Path("/somewhere/cache"), 20 * GB

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def measure(self) -> None:
        self.asked.append("measure")

    def clear(self) -> None:
        self.asked.append("clear")


@pytest.fixture
def cache(qtbot: QtBot) -> Cache:
    theme.load_font()
    return Cache()


@pytest.fixture
def page(cache: Cache, qtbot: QtBot) -> CachePage:
    made = CachePage(cache)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    return made


def test_it_says_where_it_is_and_how_full(page: CachePage, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache.asked == ["measure"]
    assert page.path.text() == "/somewhere/cache"
    cache.measured.emit(1412, 5 * GB)
    assert page.used.text() == "5 GB of 20 GB · 1,412 files"
    assert page.bar.share == 0.25
    page.copy.click()
    assert QGuiApplication.clipboard().text() == "/somewhere/cache"
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url) or len(opened) > 1)
    page.open.click()
    assert page.told.text() == "Nothing here opens folders. Copy the path instead."
    page.open.click()
    assert [url.toLocalFile() for url in opened] == ["/somewhere/cache"] * 2


def test_clearing_is_confirmed_in_place(page: CachePage, cache: Cache) -> None:
    cache.measured.emit(0, 0)
    assert not page.clear.isEnabled()
    cache.measured.emit(1412, 5 * GB)
    page.clear.click()
    assert page.is_asking
    assert page.question.text() == "1,412 files go, 5 GB. Open ones stay."
    page.cancel.click()
    assert not page.is_asking
    assert "clear" not in cache.asked
    page.clear.click()
    page.confirm.click()
    assert cache.asked.count("clear") == 1
    assert not page.is_asking
    assert not page.clear.isEnabled()
    assert page.told.text() == "Clearing the cache"
    cache.cleared.emit(4 * GB)
    cache.measured.emit(3, GB)
    assert page.told.text() == "4 GB are free again."
    assert page.clear.isEnabled()


def test_it_fits_a_small_screen_and_its_limits_are_saved(cache: Cache, qtbot: QtBot, tmp_path: Path) -> None:
    settings = SettingsFile(tmp_path / "settings.json")
    cache.folder = Path("/a/very/long/path" * 20)
    dialog = SettingsDialog(settings, cache=cache, page="files")  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    cache.measured.emit(123_456, 999 * GB)
    dialog.show()
    hint = dialog.minimumSizeHint()
    assert hint.width() <= 600
    assert hint.height() <= 640
    assert dialog.pages.choice == "files"
    limit = dialog.findChild(StepField, "cache_gb")
    assert limit is not None
    assert limit.isVisible()
    dialog.show_page("general")
    assert not limit.isVisible()
    limit.setText("2.5")
    dialog._save()
    assert SettingsFile(tmp_path / "settings.json").settings.cache_gb == 2.5
    assert dialog.findChild(QWidget, "asset_hours") is not None


def test_a_folder_in_the_users_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_page.Path, "home", lambda: Path("/home/somebody"))
    assert path_in_words(Path("/home/somebody/.cache/x")) == str(Path("~/.cache/x"))
    assert path_in_words(Path("/elsewhere")) == "/elsewhere"
