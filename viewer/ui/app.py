"""Starting the window: the application object, the look, the garbage collector, and what to open first."""

from __future__ import annotations

import gc
import logging
import os
import sys

from viewer.errors import ViewerError
from viewer.ui.options import WindowOptions

NO_QT = (
    "Qt's system libraries are missing ({0}). On Debian or Ubuntu: "
    "sudo apt-get install qt6-qpa-plugins libxcb-cursor0 libgl1"
)
NO_DISPLAY = "There is no display here. `ango-viewer render` makes pictures without one."

_COLLECT_MS = 1_000


def has_display() -> bool:
    """Whether a window can be shown (on Linux: X11 or Wayland, or a platform chosen by the environment)."""
    if sys.platform != "linux":
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def run_window(options: WindowOptions) -> int:
    """Show the window until it is closed. Raises ViewerError when it cannot be shown."""
    if not has_display():
        raise ViewerError(NO_DISPLAY)
    try:
        from PySide6.QtCore import Qt
        from PySide6.QtWidgets import QApplication
    except ImportError as error:
        raise ViewerError(NO_QT.format(error.name or error)) from error

    from viewer import log
    from viewer.settings import SettingsFile
    from viewer.ui import theme, translation
    from viewer.ui.main_window import MainWindow
    from viewer.ui.session import Session

    log.setup()
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("ango-viewer")
    application.setApplicationDisplayName("ango-viewer")
    application.setDesktopFileName("ango-viewer")
    translation.load(application)
    theme.load_font()
    theme.apply(application, theme.tokens_of(SettingsFile().settings.theme))
    collector = pin_garbage_collector(application)
    session = Session(options, parent=application)
    window = MainWindow(session)
    hook = sys.excepthook
    sys.excepthook = lambda kind, error, trace: _unexpected(window, kind, error, trace)
    try:
        if options.smoke:
            session.settled.connect(application.quit, Qt.ConnectionType.QueuedConnection)
        window.show()
        session.open_first()
        return application.exec()
    finally:
        sys.excepthook = hook
        window.close()
        session.close()
        collector.stop()
        gc.enable()


def pin_garbage_collector(application: object) -> CollectorTimer:
    """Collect cycles on the GUI thread only.

    Python collects on whichever thread allocates; a QObject destroyed off its thread crashes or warns.
    """
    from PySide6.QtCore import QObject

    assert isinstance(application, QObject)
    return CollectorTimer(application)


class CollectorTimer:
    """Runs the youngest generation each second, older ones as their counts ask for it."""

    def __init__(self, parent: object) -> None:
        from PySide6.QtCore import QObject, QTimer

        gc.disable()
        self._timer = QTimer(parent if isinstance(parent, QObject) else None)
        self._timer.setInterval(_COLLECT_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """What the interpreter would do by itself, here."""
        counts, limits = gc.get_count(), gc.get_threshold()
        if counts[0] > limits[0] > 0:
            gc.collect(1 if counts[1] > limits[1] else 0)

    def stop(self) -> None:
        """No more collecting here."""
        self._timer.stop()


def _unexpected(window: object, kind: type[BaseException], error: BaseException, trace: object) -> None:
    """A defect of the program: written to the log, told to the user, and the program goes on."""
    logging.getLogger("viewer").error("unexpected", exc_info=error)
    tell = getattr(window, "tell_unexpected", None)
    if tell is not None and not issubclass(kind, KeyboardInterrupt):
        tell(error)
