"""Nothing is squeezed at any size of the window that is photographed, and every control can be told by its name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication, QHeaderView, QWidget
from pytestqt.qtbot import QtBot

from viewer import resources
from viewer.ui import theme
from viewer.ui.find.cheat_sheet import CheatSheet
from viewer.ui.key_editor import KeyEditor
from viewer.ui.main_window import MainWindow
from viewer.ui.options import WindowOptions
from viewer.ui.session import Session
from viewer.ui.settings_dialog import SettingsDialog

SIZES = ((1600, 1000), (1366, 768), (1024, 680), (2560, 1440))
WAIT_MS = 30_000
ASSETS = (0, 1, 2, 3, 4)

Open = Callable[[Path | None], MainWindow]


@pytest.fixture
def window(qtbot: QtBot, isolated_home: Path) -> Iterator[Open]:
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(isolated_home / "qt"))
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.load_font()
    theme.apply(application, theme.LIGHT)
    made: list[MainWindow] = []

    def start(export: Path | None) -> MainWindow:
        session = Session(WindowOptions(export=export))
        for name in ("a/first.json", "b/" + "long-name-" * 12 + ".zip"):
            session.remembered.opened(isolated_home / name, at=datetime(2026, 11, 20, tzinfo=UTC))
        result = MainWindow(session)
        made.append(result)
        result.show()
        session.open_first()
        return result

    yield start
    for each in made:
        each.close()
        each.deleteLater()
        each.session.deleteLater()


def squeezed(root: QWidget) -> list[str]:
    """Visible widgets that have less room than they say they need."""
    found = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or widget.objectName().startswith("qt_") or widget.isWindow():
            continue
        if isinstance(widget, QHeaderView):
            continue  # its hint is that of any scroll area
        hint = widget.minimumSizeHint()
        if widget.width() < hint.width() or widget.height() < hint.height():
            found.append(f"{_name(widget)}: {widget.width()}x{widget.height()} of {hint.width()}x{hint.height()}")
    return found


def nameless(root: QWidget) -> list[str]:
    """Widgets that the keyboard reaches and that have no accessible name."""
    return [
        _name(widget)
        for widget in root.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.accessibleName()
        and not getattr(widget, "text", lambda: "")()
        and not widget.objectName().startswith("qt_")
        and widget.focusProxy() is None
    ]


def _name(widget: QWidget) -> str:
    parents = []
    at: QWidget | None = widget
    while at is not None and len(parents) < 4:
        parents.append(type(at).__name__)
        at = at.parentWidget()
    return " < ".join(parents)


def shown(qtbot: QtBot, window: MainWindow, asset: int) -> None:
    s, canvas = window.session, window.canvas
    qtbot.waitUntil(lambda: s.export is not None and len(s.export.rows) > asset, timeout=WAIT_MS)
    s.open_asset(asset)

    def there() -> bool:
        content = canvas.content
        return s.asset is not None and s.asset.index == asset and content is not None and content.key == s.loader.key

    qtbot.waitUntil(there, timeout=WAIT_MS)


@pytest.mark.parametrize("asset", ASSETS)
def test_nothing_is_squeezed(qtbot: QtBot, window: Open, asset: int) -> None:
    opened = window(resources.path("demo"))
    shown(qtbot, opened, asset)
    assert at_all_sizes(qtbot, opened) == {}
    assert nameless(opened) == []


def test_the_rail_gives_its_place_to_the_page(qtbot: QtBot, window: Open) -> None:
    opened = window(resources.path("demo"))
    shown(qtbot, opened, 0)
    opened.resize(1366, 768)
    qtbot.waitUntil(lambda: opened.assets.form == "rail" and opened.assets.width() < 60)
    left = opened.canvas.mapTo(opened, opened.canvas.rect().topLeft()).x()
    assert left < 80
    opened.resize(1600, 1000)
    qtbot.waitUntil(lambda: opened.assets.form == "list" and opened.assets.width() >= 220)


def test_the_start_page(qtbot: QtBot, window: Open) -> None:
    opened = window(None)
    assert opened.start.isVisible()
    for size in SIZES:
        opened.resize(*size)
        QApplication.processEvents()
        assert squeezed(opened) == [], size
        inside = opened.start.rect()
        for child in opened.start.findChildren(QWidget):
            if child.isVisible():
                assert inside.contains(child.mapTo(opened.start, child.rect().center())), (size, _name(child))
    assert nameless(opened) == []


@pytest.mark.parametrize("make", [CheatSheet, SettingsDialog, KeyEditor])
def test_dialogs(qtbot: QtBot, window: Open, make: type[QWidget]) -> None:
    opened = window(None)
    settings = opened.session.settings
    dialog = make(opened) if make is CheatSheet else make(settings, opened)  # type: ignore[call-arg, arg-type]
    dialog.show()
    QApplication.processEvents()
    assert squeezed(dialog) == []
    assert nameless(dialog) == []
    dialog.close()


def at_all_sizes(qtbot: QtBot, window: MainWindow) -> dict[str, list[str]]:
    """What is squeezed at which size, once all layouts have had their turn."""
    found: dict[str, list[str]] = {}
    for size in SIZES:
        window.resize(*size)
        try:
            qtbot.waitUntil(lambda: not squeezed(window), timeout=3_000)
        except qtbot.TimeoutError:
            found[f"{size[0]}x{size[1]}"] = squeezed(window)
    return found


def test_an_asset_without_its_file(qtbot: QtBot, window: Open, tmp_path: Path) -> None:
    (source,) = resources.path("demo").glob("*.json")
    assets = json.loads(source.read_text(encoding="utf-8"))[:1]
    (tmp_path / "export.json").write_text(json.dumps(assets), encoding="utf-8")
    opened = window(tmp_path / "export.json")
    qtbot.waitUntil(lambda: opened.canvas.message is not None and opened.session.loader.has_failed, timeout=WAIT_MS)
    assert at_all_sizes(qtbot, opened) == {}
    assert nameless(opened) == []
    opened.session.show_blind()
    qtbot.waitUntil(lambda: opened.canvas.content is not None, timeout=WAIT_MS)
    assert at_all_sizes(qtbot, opened) == {}
    opened.session.show_stage(0)
    qtbot.waitUntil(lambda: opened.inspector.labels.stage_button.isVisible(), timeout=WAIT_MS)
    assert at_all_sizes(qtbot, opened) == {}


def test_the_palette(qtbot: QtBot, window: Open) -> None:
    opened = window(resources.path("demo"))
    shown(qtbot, opened, 0)
    opened.show_palette()
    assert at_all_sizes(qtbot, opened) == {}
    assert nameless(opened) == []


@pytest.mark.parametrize("tab", ["details", "problems", "json"])
def test_the_tabs_of_the_inspector(qtbot: QtBot, window: Open, tab: Any) -> None:
    opened = window(resources.path("demo"))
    shown(qtbot, opened, 0)
    opened.inspector.show_tab(tab)
    assert at_all_sizes(qtbot, opened) == {}
    assert nameless(opened) == []


@pytest.mark.parametrize(("size", "width"), [((1366, 768), 300), ((1600, 1000), 328), ((2560, 1440), 641)])
def test_the_inspector_has_the_width_that_suits_the_window(
    window: Open, qtbot: QtBot, size: tuple[int, int], width: int
) -> None:
    made = window(None)
    made.resize(*size)
    QApplication.processEvents()
    made.regions.show_start(False)
    qtbot.waitUntil(lambda: made.inspector.width() == width, timeout=WAIT_MS)
    assert made.inspector.is_wide == (width > 600)
