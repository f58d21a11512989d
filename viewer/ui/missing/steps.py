"""What the window does about files that are not here: asks where they are, and shows how far that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from viewer.ui import dialogs
from viewer.ui.missing.newer import NewerLinks
from viewer.ui.missing.progress import ProgressCard

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow


class MissingSteps(QObject):
    """The methods of the actions that are about missing files."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session
        self.newer = NewerLinks(window.session)
        self.progress = ProgressCard(window.canvas)
        self.newer.began.connect(self.progress.begin)
        self.newer.progressed.connect(self.progress.tell)
        self.newer.ended.connect(self.progress.end)
        self.newer.told.connect(window.notifications.tell)
        self.progress.cancelled.connect(self.newer.cancel)

    def choose_newer_export(self) -> None:
        """Ask for a newer export and use its links."""
        path = dialogs.ask_export(self._window)
        if path is not None:
            self.newer.open(path)

    def leave_newer_export(self) -> None:
        """Use the links of the open export again."""
        self.newer.leave()

    def close(self) -> None:
        """No process is left."""
        self.newer.close()
