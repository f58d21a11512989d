"""What the panel, the header and the status row do with the session's transfers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from viewer.fetch import Address
from viewer.fetch.body import size_in_words
from viewer.fetch.transfer import QueueReport, key_of
from viewer.ui import scene
from viewer.ui.transfers import texts
from viewer.ui.transfers.button import TransferButton
from viewer.ui.transfers.everything import Everything
from viewer.ui.transfers.panel import TransferPanel
from viewer.ui.widgets.buttons import FlatButton

if TYPE_CHECKING:
    from viewer.ui.session import Session

CLOSED_ROWS = 40
"""So many transfers are known one by one for the sake of the header's bar."""

GATHERED_MS = 700
"""Files that come within this time are taken note of together."""


class TransferSteps(QObject):
    """Opens the panel, and does what is asked for in it."""

    def __init__(self, session: Session, panel: TransferPanel, button: TransferButton, status: FlatButton) -> None:
        super().__init__(session)
        self._session, self.panel, self._button, self._status = session, panel, button, status
        self.everything = Everything(session)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(GATHERED_MS)
        self._soon.timeout.connect(self._some_came)
        queue = session.transfers
        queue.set_rows(CLOSED_ROWS)
        queue.reported.connect(self._reported)
        queue.came.connect(self._came)
        queue.closed.connect(self.close)
        panel.asked.connect(self._asked)
        panel.view.wanted.connect(self._wanted)
        panel.view.moved.connect(lambda key, before: queue.move(key, before=before))
        panel.view.rows_wanted.connect(self._rows_wanted)
        panel.opened.connect(self._opened)
        panel.closed.connect(self._closed)
        self.everything.changed.connect(self._show_all)
        self._reported(queue.report)

    def toggle(self) -> None:
        """Open the panel, or close it."""
        if self.panel.isVisible():
            self.panel.dismiss()
        else:
            self.panel.open(self._button)

    def close(self) -> None:
        """The program ends."""
        self._soon.stop()
        self.everything.close()
        self.panel.dismiss()

    # ---- what is shown -----------------------------------------------------------------------------------

    def _opened(self) -> None:
        self._rows_wanted(CLOSED_ROWS)
        self._reported(self._session.transfers.report)
        self.everything.watch(True)
        self._show_all()
        self._show_room()

    def _closed(self) -> None:
        self.everything.watch(False)
        self._session.transfers.set_rows(CLOSED_ROWS)

    def _rows_wanted(self, count: int) -> None:
        if self.panel.isVisible():
            self._session.transfers.set_rows(max(count, CLOSED_ROWS))

    def _reported(self, report: QueueReport) -> None:
        finished, further = self._session.transfers.finished, self.everything.to_come
        self._button.show_report(report, finished, further)
        words = texts.count_words(report)
        if words != self._status.text():
            self._status.setText(words)
            self._status.setAccessibleName(words)
            self._status.setVisible(bool(words))
            self._status.updateGeometry()
        if self.panel.isVisible():
            self.panel.show_report(report, finished, further=further)

    def _show_all(self) -> None:
        everything, sources = self.everything, self._session.transfers.sources
        missing, tip = everything.missing, ""
        if sources is not None and sources.offline:
            text, tip = self.tr("Fetch all files"), self.tr("Nothing is fetched offline.")
        elif everything.is_under_way:
            text = self.tr("Fetching all files…")
        elif missing == 0 and everything.dead:
            text = self.tr("Fetch all files")
            tip = self.tr("The links of {0} files have expired.").format(f"{everything.dead:,}")
        elif missing == 0:
            text = self.tr("All files are here")
        elif missing is None:
            text = self.tr("Fetch all files")
        elif missing == 1:
            text = self.tr("Fetch the 1 missing file")
        else:
            text = self.tr("Fetch all {0} files").format(f"{missing:,}")
        self.panel.show_all(text, enabled=everything.can_begin, tip=tip)

    def _show_room(self) -> None:
        """How full the cache is, asked in a thread: it is a database."""
        sources = self._session.transfers.sources
        if sources is None:
            return

        def shown(size: tuple[int, int]) -> None:
            words = self.tr("Cache {0} of {1}")
            self.panel.show_room(words.format(size_in_words(size[1]), size_in_words(sources.cache.limit)))

        self._session.tasks.run(sources.cache.size, shown, lambda _error: None)

    # ---- what is done ------------------------------------------------------------------------------------

    def _asked(self, deed: str) -> None:
        queue = self._session.transfers
        if deed == "pause_all":
            queue.pause()
        elif deed == "resume_all":
            queue.resume()
        elif deed == "retry_all":
            queue.retry()
            self._retry_shown()
        elif deed == "cancel_all":
            self.everything.cancel()
        elif deed == "clear":
            queue.forget_finished()
        elif deed == "fetch_all":
            self.everything.begin()

    def _wanted(self, deed: str, key: str) -> None:
        queue = self._session.transfers
        if deed == "pause":
            queue.pause(key)
        elif deed == "resume":
            queue.resume(key)
        elif deed == "cancel":
            queue.cancel(key)
        elif deed == "remove":
            queue.forget(key)
        elif key in self._shown_keys() and self._session.loader.has_failed:
            self._retry_shown()
        else:
            queue.retry(key)

    def _shown_keys(self) -> set[str]:
        """Keys of the files of the asset on the canvas."""
        asset = self._session.asset
        return set() if asset is None else {key_of(address) for address in scene.addresses_of(asset)}

    def _retry_shown(self) -> None:
        if self._session.asset is not None and self._session.loader.has_failed:
            self._session.retry()

    def _came(self, address: Address) -> None:
        """A file is here: the page that missed it is shown."""
        if not self._soon.isActive():
            self._soon.start()
        if self._session.loader.has_failed and key_of(address) in self._shown_keys():
            self._session.retry()

    def _some_came(self) -> None:
        """Small pictures can be made that could not, and the cache is fuller."""
        self._session.thumbnails.forget_failures()
        if self.panel.isVisible():
            self._show_room()
