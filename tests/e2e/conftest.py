"""The real window: opened by what the command line would say, and gone without a trace afterwards."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from viewer.ui import theme
from viewer.ui.main_window import MainWindow
from viewer.ui.options import WindowOptions
from viewer.ui.session import Session
from viewer.workers import Pool

WAIT_MS = 60_000
DEMO = Path(__file__).parents[2] / "resources" / "demo"


@dataclass
class Program:
    """One window with its session, and what the user was told."""

    window: MainWindow
    session: Session
    qtbot: QtBot
    told: list[str] = field(default_factory=list)

    def shown(self, asset: int, page: int | None = None) -> None:
        """Wait until a page of an asset is on the canvas (any page when None)."""

        def there() -> bool:
            s, content = self.session, self.window.canvas.content
            return (
                s.state.place.asset == asset
                and content is not None
                and s.scene is not None
                and s.asset is not None
                and s.asset.index == asset
                and content.key == s.loader.key
                and (page is None or s.scene.page == page == s.state.place.page)
            )

        self.qtbot.waitUntil(there, timeout=WAIT_MS)

    def words(self, part: str) -> None:
        """Wait until a sentence stands on the canvas."""

        def there() -> bool:
            message = self.window.canvas.message
            return message is not None and part in " ".join(message)

        self.qtbot.waitUntil(there, timeout=WAIT_MS)

    def listed(self, count: int) -> None:
        """Wait until all assets of the export are listed."""
        self.wait(lambda: self.session.export is not None and self.session.export.complete)
        assert self.session.export is not None
        assert len(self.session.export.rows) == count

    def wait(self, condition: Callable[[], bool]) -> None:
        """Wait until something is so."""
        self.qtbot.waitUntil(condition, timeout=WAIT_MS)

    def run(self, action: str) -> None:
        """Do an action by its id, which must be possible."""
        assert self.window.actions_.by_id[action].isEnabled(), action
        self.window.actions_.run(action)

    def close(self) -> None:
        """As a user closes it."""
        self.window.close()


def children() -> set[int]:
    """Processes that this one started and that live."""
    found = set()
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # a thread that has just ended
            found |= {int(pid) for pid in (task / "children").read_text().split()}
    return found


def own_children() -> set[int]:
    """The same without multiprocessing's resource tracker, which stays for the life of the process."""
    return {
        pid for pid in children() if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    } if Path("/proc/self").exists() else set()  # fmt: skip


def shared_maps() -> int:
    """Pieces of memory that were shared with readers and are still mapped."""
    maps = Path("/proc/self/maps")
    return maps.read_text().count("memfd:ango-viewer") if maps.exists() else 0


@pytest.fixture
def program(qtbot: QtBot, isolated_home: Path) -> Iterator[Callable[..., Program]]:
    """Opens windows; afterwards no window, process or shared memory is left."""
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(isolated_home / "qt"))
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.load_font()
    theme.apply(application, theme.DARK)
    memory = set(Path("/dev/shm").iterdir()) if Path("/dev/shm").exists() else set()
    before, maps = own_children(), shared_maps()
    opened: list[Program] = []

    def start(export: Path | None = None, *, pool: Pool | None = None, **options: object) -> Program:
        session = Session(WindowOptions(export=export, **options), pool=pool)  # type: ignore[arg-type]
        window = MainWindow(session)
        made = Program(window, session, qtbot)
        session.noticed.connect(made.told.append)
        opened.append(made)
        window.resize(1400, 900)
        with qtbot.waitActive(window, timeout=WAIT_MS):
            window.show()
            window.activateWindow()
        session.open_first()
        return made

    yield start
    while opened:
        made = opened.pop()
        made.close()
        made.window.deleteLater()
        made.session.deleteLater()
        del made
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # type: ignore[call-overload]
    application.processEvents()
    gc.collect()
    qtbot.waitUntil(lambda: own_children() <= before, timeout=WAIT_MS)
    left = set(Path("/dev/shm").iterdir()) - memory if Path("/dev/shm").exists() else set()
    assert not left
    qtbot.waitUntil(lambda: gc.collect() >= 0 and shared_maps() <= maps, timeout=WAIT_MS)


@pytest.fixture
def demo() -> Path:
    """The export that comes with the program."""
    return DEMO
