"""What the window does about files that are not here: asks where they are, and shows how far that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from viewer.ui import dialogs
from viewer.ui.failures import Failure, private_host
from viewer.ui.missing.counting import MissingCounts
from viewer.ui.missing.locate_dialog import LocateFile
from viewer.ui.missing.look_dialog import LookInFolder
from viewer.ui.missing.newer import NewerLinks
from viewer.ui.missing.progress import ProgressCard

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow


class MissingSteps(QObject):
    """The methods of the actions that are about missing files."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        s = self._session = window.session
        self._failure: Failure | None = None
        self.counts = MissingCounts(s)
        self.newer = NewerLinks(s)
        self.progress = ProgressCard(window.canvas)
        self.newer.began.connect(self.progress.begin)
        self.newer.progressed.connect(self.progress.tell)
        self.newer.ended.connect(self.progress.end)
        self.newer.told.connect(window.notifications.tell)
        self.progress.cancelled.connect(self.newer.cancel)
        window.ways_out.others, window.ways_out.say = self.counts.others, self.say
        self.counts.counted.connect(self._show_counts)
        s.listing_ended.connect(self._show_counts)
        s.page_shown.connect(self._shown)

    # ---- actions -----------------------------------------------------------------------------------------

    def open_newer_export(self) -> None:
        """Ask for a newer export and use its links."""
        path = dialogs.ask_export(self._window)
        if path is not None:
            self.newer.open(path)

    def leave_newer_export(self) -> None:
        """Use the links of the open export again."""
        self.newer.leave()

    def look_in_folder(self) -> None:
        """Ask for a folder with the export's files."""
        if self._session.loader.sources is not None and LookInFolder(self._session, self._window).exec():
            self.counts.forget()

    def locate_file(self) -> None:
        """Ask where the open asset's file is."""
        s = self._session
        if s.asset is not None and s.loader.sources is not None and LocateFile(s, self._window).exec():
            self.counts.forget()

    def ask_hosts_again(self) -> None:
        """Forget what was said about private servers for this export."""
        s = self._session
        if s.export is None or s.loader.sources is None:
            return
        said = s.remembered.hosts(s.export.path)
        for host in said:
            s.remembered.allow(s.export.path, host, None)
            s.loader.sources.disallow_host(host)
        self._window.tell(
            self.tr("What was said about private servers is forgotten.")
            if said
            else self.tr("Nothing was said about private servers for this export.")
        )
        if said and s.loader.has_failed:
            s.retry()

    # ---- the page that says why there is no picture ------------------------------------------------------

    def failed(self, failure: Failure) -> None:
        """Show why there is no picture, and what can be done."""
        self._failure = failure
        self._window.failed(self._worded(failure))

    def _worded(self, failure: Failure) -> Failure:
        """A failure with what is known of the export: how many assets are concerned, what was said about a server."""
        s = self._session
        if failure.code != "private-host" or not failure.host or s.export is None:
            return failure
        return private_host(
            failure.host,
            failure.address,
            assets=self.counts.at_host(failure.host),
            is_refused=s.remembered.allowed(s.export.path, failure.host) is False,
            technical=failure.technical,
        )

    def say(self, host: str, is_allowed: bool) -> None:
        """Whether files of this export may come from a private server."""
        s = self._session
        if s.export is None or s.loader.sources is None:
            return
        s.remembered.allow(s.export.path, host, is_allowed)
        if is_allowed:
            s.loader.sources.allow_host(host)
            s.thumbnails.forget_failures()
            s.retry()
        elif self._failure is not None:
            self.failed(self._failure)

    def _show_counts(self) -> None:
        """The same page with the numbers that were not known when it was shown."""
        s, failure = self._session, self._failure
        if failure is not None and s.loader.has_failed and self._window.canvas.message is not None:
            self.failed(failure)

    def _shown(self) -> None:
        self._failure = None

    def close(self) -> None:
        """No process is left."""
        self.counts.close()
        self.newer.close()
