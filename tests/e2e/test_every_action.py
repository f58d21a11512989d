"""Every action of the table in every state of the window, by its keys and by the palette: nothing breaks."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QDesktopServices, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.e2e.conftest import Program
from tests.make import every_kind
from viewer.ui.actions import ACTIONS, WHY, Action
from viewer.ui.widgets.buttons import FlatButton

Start = Callable[..., Program]
LAST = ("open_demo", "quit_program")
"""What leaves the state comes at the end."""
STATES = ("none", "refused", "empty", *every_kind.KINDS)
NOTHING = frozenset(WHY)
SHOWN = frozenset({"failure", "stage", "compared", "tasks"})
"""Not there while a page is shown; of nine stages there are four, and each asset has one task."""
LACKING: dict[str, frozenset[str]] = {
    "none": NOTHING,
    "refused": NOTHING,
    "empty": NOTHING - {"export"},
    "image": SHOWN | {"pages", "dicom"},
    "multi-image": SHOWN | {"dicom"},
    "video": SHOWN | {"dicom"},
    "pdf": SHOWN | {"dicom"},
    "dicom": SHOWN,
    "unknown": SHOWN - {"failure"} | {"pages", "picture", "dicom"},
    "failed": SHOWN - {"failure"} | {"pages", "picture", "dicom"},
}
"""What is not there: a walk over states that are all alike would prove little."""
HELD: dict[str, Callable[[Program], bool]] = {
    "play": lambda p: p.session.is_playing,
    "hide_pointed": lambda p: ("object", "object0") in p.session.state.look.hidden,
}
"""Keys that mean one thing while they are held and these when they are tapped: what the tap has done."""
TO_ROWS = ("Tab", "Shift+Tab", "Backtab")
"""Keys that lead into the page that says why there is no picture."""
PICTURES = ("image", "multi-image", "video", "pdf", "dicom")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return every_kind.write_files(tmp_path_factory.mktemp("files"))


class Closing(QObject):
    """Presses Esc in whatever opens and waits for an answer, and remembers what that was."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self._pressed: dict[QWidget, int] = {}
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(1)

    def _look(self) -> None:
        top = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if top is None:
            self._pressed.clear()
        if (
            top is None
            or not top.isVisible()
            or QApplication.focusWidget() not in (None, *top.findChildren(QWidget), top)
        ):
            return  # until the keys are its own
        count = self._pressed.get(top, 0)
        if not count:
            self.opened.append(top.windowTitle() or type(top).__name__)
        self._pressed[top] = count + 1
        if count < 3:
            QTest.keyClick(top.focusWidget() or top, Qt.Key.Key_Escape)
        else:  # it does not close by Esc: the test says so, and does not hang
            self.opened.append(f"{self.opened[-1]} stays")
            top.close()


class Walk:
    """One window in one state, and the way back to it."""

    def __init__(self, program: Program, asset: int | None, state: str) -> None:
        self.p, self.asset, self.state = program, asset, state
        self.path = program.session.export.path if program.session.export is not None else None
        program.window.resize(1024, 680)  # less to paint
        self.triggered: list[str] = []
        self.failures: list[BaseException] = []
        self.closing = Closing()
        program.session.tasks.on_failure(self.failures.append)
        for name, action in program.window.actions_.by_id.items():
            action.triggered.connect(lambda _on=False, name=name: self.triggered.append(name))
        self.back()

    def back(self) -> None:
        """To the asset, with a label selected and the keys on the canvas."""
        p, w = self.p, self.p.window
        assert not w.palette_.isVisible()
        if w.isFullScreen():
            w.full_screen()
        if w.change_table_shown:
            w.show_change_table()
        if p.session.is_playing:
            p.session.play()
        if self.asset is not None:
            place = p.session.state.place
            if place.asset != self.asset or place.stage >= 0 or place.reference is not None:
                p.session.open_asset(self.asset)
            if self.state in PICTURES:
                p.shown(self.asset)
            else:
                p.wait(lambda: p.session.asset is not None and p.session.asset.index == self.asset)
                p.wait(lambda: w.canvas.content is None and w.canvas.message is not None)
                p.wait(lambda: p.session.scene is not None)
            if p.session.state.look.hidden:
                p.session.show_everything()
            if p.session.state.selection is None:
                p.session.select("object0")
        if not w.isActiveWindow():  # nobody manages windows here: a dialog that is gone gives the keys to none
            with p.qtbot.waitActive(w):
                w.activateWindow()
        target = w.start if self.state == "none" else w.canvas
        p.wait(target.isVisible)  # compared stages have panes of their own, which go a moment later
        target.setFocus()
        QApplication.processEvents()
        p.wait(lambda: w.isAncestorOf(QApplication.focusWidget()) and w.actions_.by_id["step_out"].isEnabled())
        w.actions_.refresh()
        self.triggered.clear()
        self.closing.opened.clear()

    def press(self, keys: str) -> None:
        """Real key events, to whatever has the focus."""
        target = QApplication.focusWidget() or self.p.window
        QTest.keySequence(target, QKeySequence(keys))
        QApplication.processEvents()

    def by_key(self, record: Action) -> None:
        """Each of its keys triggers it alone, or nothing while it cannot be done."""
        if record.scope != "window" and not self.p.window.canvas.isVisible():
            return  # such a key is the canvas's own
        for keys in record.shortcuts:
            enabled = self.can(record)
            self.press(keys)
            if keys in TO_ROWS and self.p.window.canvas.findChildren(QWidget, "state_action_first"):
                # there is no label to go to: it leads to what can be done about the picture
                assert self.triggered == [], (self.state, keys)
                assert isinstance(QApplication.focusWidget(), FlatButton), (self.state, keys)
            elif enabled and record.id in HELD:
                assert self.triggered == [], (self.state, keys)
                assert HELD[record.id](self.p), (self.state, keys)
            else:
                assert self.triggered == ([record.id] if enabled else []), (
                    self.state,
                    record.id,
                    keys,
                    QApplication.focusWidget(),
                )
            self.after(record, ran=enabled)

    def by_palette(self, record: Action) -> None:
        """Its name leads to it, or to the sentence why not."""
        palette = self.p.window.palette_
        enabled = self.can(record)
        self.press("Ctrl+K")
        assert palette.isVisible()
        assert QApplication.focusWidget() is palette.field, (self.state, record.id)
        QTest.keyClicks(palette.field, ">" + record.text[:2])
        palette.field.insert(record.text[2:].rstrip("…"))  # at once: each letter searches
        assert not enabled or "\n" not in self.action(record).toolTip()
        keys = [entry.key for entry in palette.entries]
        assert record.id in keys, (self.state, record.text, keys)
        row = keys.index(record.id)
        entry = palette.entries[row]
        assert entry.enabled == enabled
        if not enabled:
            assert entry.why == WHY[record.needs]
            assert entry.why in self.action(record).toolTip(), record.id
            assert entry.why in palette.rows.item(row).data(Qt.ItemDataRole.AccessibleTextRole)
            QTest.keyClick(palette.field, Qt.Key.Key_Escape)
            assert not palette.isVisible()
            return
        while palette.rows.currentRow() != row:
            before = palette.rows.currentRow()
            QTest.keyClick(palette.field, Qt.Key.Key_Down)
            assert palette.rows.currentRow() != before
        self.triggered.clear()
        QTest.keyClick(palette.field, Qt.Key.Key_Return)
        QApplication.processEvents()
        assert self.triggered == [record.id], self.state
        self.after(record, ran=True)

    def after(self, record: Action, *, ran: bool) -> None:
        """What had to open opened and closed by Esc; then back to the state."""
        if ran and record.text.endswith("…") and record.id != "show_palette":
            # some block until they are answered, others are open beside the event loop that goes on
            self.p.wait(lambda: bool(self.closing.opened) and QApplication.activeModalWidget() is None)
        opened = list(self.closing.opened)
        assert not [title for title in opened if title.endswith("stays")], (record.id, opened)
        palette = self.p.window.palette_
        assert palette.isVisible() == (ran and record.id == "show_palette")
        if palette.isVisible():
            QTest.keyClick(palette.field, Qt.Key.Key_Escape)
        assert not self.failures
        assert not [text for text in self.p.told if "unexpected" in text]
        if record.id not in LAST:
            self.back()

    def can(self, record: Action) -> bool:
        """Whether it can be done now."""
        return self.action(record).isEnabled()

    def action(self, record: Action) -> object:
        return self.p.window.actions_.by_id[record.id]


@pytest.fixture
def walk(
    program: Start, files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Walk]]:
    """A window in one of the states. Nothing is opened outside of it."""
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: True)

    def make(state: str) -> Walk:
        asset = every_kind.KINDS.index(state) if state in every_kind.KINDS else None
        path = tmp_path / "export.json"
        if state == "none":
            return Walk(program(), None, state)
        if state == "refused":
            path.write_text("no export")
            made = program(path)
            made.words("")
            return Walk(made, None, state)
        if state == "empty":
            path.write_text("[]")
        else:
            every_kind.write_export(path)
        made = program(path, asset=None if asset is None else str(asset), assets_dir=files, offline=True)
        made.listed(0 if asset is None else len(every_kind.KINDS))
        return Walk(made, asset, state)

    yield make


def records() -> list[Action]:
    """All of the table, what leaves the state at the end."""
    return sorted(ACTIONS, key=lambda record: LAST.index(record.id) if record.id in LAST else -1)


@pytest.mark.parametrize("state", STATES)
def test_by_its_keys(walk: Callable[[str], Walk], state: str, caplog: pytest.LogCaptureFixture) -> None:
    w = walk(state)
    for record in records():
        w.by_key(record)
    assert not w.p.window.isVisible()
    assert not [r for r in caplog.records if r.levelno >= logging.ERROR]


@pytest.mark.parametrize("state", STATES)
def test_by_the_palette(walk: Callable[[str], Walk], state: str, caplog: pytest.LogCaptureFixture) -> None:
    w = walk(state)
    assert {record.needs for record in ACTIONS if not w.can(record)} == LACKING[state]
    for record in records():
        if record.id != "quit_program":
            w.by_palette(record)
    assert not [r for r in caplog.records if r.levelno >= logging.ERROR]
