"""Asks Ango Hub for what the dialog wants, off the GUI thread, and uses the links that come, one asset before all."""

from __future__ import annotations

import logging
import threading
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from viewer.errors import FetchError, ViewerError
from viewer.fetch import Sources
from viewer.fetch.body import size_in_words
from viewer.fetch.client import Patience, Wait
from viewer.fetch.hub import HOSTS, Hub, host_in_words
from viewer.fetch.hub_key import HubKeys, Kept, aside
from viewer.model import Asset
from viewer.ui.fresh_links.asking import Question, links_of, links_of_all, project_of
from viewer.ui.fresh_links.dialog import FreshLinksDialog
from viewer.ui.fresh_links.work import Came, Work, until

if TYPE_CHECKING:
    from viewer.ui.session import Session

COUNTED = 5_000
"""Assets whose links are counted before anything is asked; of more only the assets are."""
log = logging.getLogger(__name__)


class FreshLinks(QObject):
    """One dialog at a time, and one question at a time. What came is in memory alone, as the key may be."""

    def __init__(self, session: Session, over: QWidget, *, keys: HubKeys | None = None) -> None:
        super().__init__(over)
        self._session, self._over = session, over
        session.listing_ended.connect(self._count)
        session.asset_opened.connect(self._asset_opened)
        session.export_opened.connect(self._export_opened)
        self.keys = keys or HubKeys()
        self.patience: Patience | None = None
        """Other than the usual, for tests."""
        self.dialog: FreshLinksDialog | None = None
        self._projects: dict[str, str] = {}
        self._accepted: Question | None = None
        """The last one whose key was kept."""
        self._running: Question | None = None
        self._stop = threading.Event()
        self._count_stop = threading.Event()

    @property
    def host(self) -> str:
        """The server that was asked last, also by an earlier run."""
        return self._session.settings.settings.hub_host or HOSTS[0][0]

    @property
    def has_key(self) -> bool:
        """Whether a key for that server is at hand; asks no keyring."""
        return self.keys.known(self.host)

    def open(self) -> None:
        """Show the dialog. Nothing is asked before its button is pressed."""
        session = self._session
        export, asset = session.export, session.asset
        if export is None:
            return
        since = session.expiries.words
        dialog = self.dialog = FreshLinksDialog(self._over, since=since, name=asset.name if asset else "")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.asked.connect(self._ask)
        dialog.stopped.connect(lambda: self._stop.set())
        dialog.left.connect(self._left)
        dialog.use_host(self.host)
        dialog.host_chosen.connect(self._look_for_key)
        dialog.forget_wanted.connect(self._forget_key)
        dialog.finished.connect(self._closed)
        known = self._projects.get(str(export.path)) or (project_of(asset) if asset else "")
        dialog.project.setText(known)
        self._look_for_key(self.host)
        self._count()
        dialog.open()
        if self._running is not None:
            dialog.resume(self._running)
        else:
            dialog.begin()

    def _left(self) -> None:
        """What is under way goes on; how it ends is told by a notification."""
        self.dialog = None

    def _closed(self) -> None:
        self._count_stop.set()
        if self.dialog is not None:
            self._stop.set()
            self.dialog = None

    # ---- keys --------------------------------------------------------------------------------------------

    def _look_for_key(self, host: str) -> None:
        """A keyring may ask its owner first, for as long as that takes."""
        keys, dialog = self.keys, self.dialog

        def found(key: str | None) -> None:
            if dialog is self.dialog and dialog is not None:
                had = dialog.focusWidget() is dialog.key and not dialog.key.text()
                dialog.show_key(host, keys.kept(host), known=key is not None)
                if key is not None and had:
                    dialog.begin()

        self._session.tasks.watch(aside(lambda: keys.get(host)), found)

    def _forget_key(self, host: str) -> None:
        keys, session = self.keys, self._session

        def done(is_gone: bool) -> None:
            if is_gone:
                session.noticed.emit(self.tr("The key of {0} is forgotten.").format(host_in_words(host)))
            else:
                text = self.tr("The key of {0} is forgotten here, but the keyring may still hold it. Remove it there.")
                session.noticed.emit(text.format(host_in_words(host)))

        session.tasks.watch(aside(lambda: keys.forget(host)), done)

    def _keep_key(self, question: Question) -> None:
        """The server took it: it is a right one."""
        keys, before = self.keys, self.keys.kept(question.host)
        if not question.key or question is self._accepted:
            return
        self._accepted = question

        def done(kept: Kept) -> None:
            if kept not in ("keyring", before):
                text = self.tr("The keyring did not take the key: it is kept until the program ends.")
                self._session.noticed.emit(text)

        self._session.tasks.watch(aside(lambda: keys.put(question.host, question.key)), done)

    # ---- counting ----------------------------------------------------------------------------------------

    def _export_opened(self, _export: object) -> None:
        """The links of the one before are of no use any more."""
        self._stop.set()
        self._stop = threading.Event()
        self._running = None
        if self.dialog is not None:
            self.dialog.accept()

    def _asset_opened(self, asset: Asset) -> None:
        """The dialog may be quicker than the first asset."""
        if self.dialog is not None:
            if not self.dialog.project.text():
                self.dialog.project.setText(project_of(asset))
                self.dialog.begin()
            self._count()

    def _count(self) -> None:
        """Say how many questions it would be, as far as that is found out soon."""
        dialog, export, asset = self.dialog, self._session.export, self._session.asset
        if dialog is None or export is None:
            return
        self._count_stop.set()
        stop = self._count_stop = threading.Event()
        total = len(export.rows)
        if asset is not None:
            dialog.set_count("asset", self._links(len(links_of(asset))))
        listing = self.tr("The assets are still being listed.")
        dialog.set_count("all", listing if self._session.reading.is_listing else self._assets(total))
        dialog.set_count("export", self.tr("One question. Making an export can take minutes; only its links are used."))
        if total > COUNTED or self._session.reading.is_listing:
            return

        def count_all() -> int:
            return sum(len(links) for links in links_of_all(export, None, cancelled=stop.is_set))

        def counted(count: int) -> None:
            if dialog is self.dialog and not stop.is_set():
                text = self.tr("{0} of {1}, one question each.")
                dialog.set_count("all", text.format(self._links(count, stop=""), self._assets(total, stop="")))

        self._session.tasks.run(count_all, counted, lambda error: log.info("not counted: %s", type(error).__name__),
                                slow=True)  # fmt: skip

    def _links(self, count: int, *, stop: str = ".") -> str:
        return (self.tr("1 link") if count == 1 else self.tr("{0} links").format(f"{count:,}")) + stop

    def _assets(self, count: int, *, stop: str = ".") -> str:
        return (self.tr("1 asset") if count == 1 else self.tr("{0} assets").format(f"{count:,}")) + stop

    # ---- asking ------------------------------------------------------------------------------------------

    def _ask(self, question: Question) -> None:
        """Begin what was asked for."""
        session, dialog = self._session, self.dialog
        export, sources = session.export, session.loader.sources
        if dialog is None or export is None or sources is None:
            return
        if sources.offline:
            dialog.work_ended(self.tr("Nothing is asked offline. Start the program without it first."))
            return
        stop = self._stop = threading.Event()
        self._running = question
        self._projects[str(export.path)] = question.project
        relay = session.tasks.relay

        def is_over() -> bool:
            return stop.is_set() or session.tasks.is_closed

        def first(came: Came) -> None:
            relay.post(lambda: self._first_came(question, sources, came))

        def progressed(what: str, done: int, total: int) -> None:
            relay.post(lambda: self._progressed(what, done, total))

        index = session.asset.index if session.asset is not None else None
        work = Work(question, export, index, partial(self._hub, question), first, progressed, is_over)
        session.tasks.run(
            work.run, partial(self._came, question, sources, stop), partial(self._failed, stop), slow=True
        )

    def _hub(self, question: Question) -> Hub:
        """The server with the key that was typed, else with the one that is kept. In a thread: it may block."""
        key = question.key or self.keys.get(question.host)
        if key is None:
            raise FetchError("The key is not there any more. Write it once more.", code="key")
        return Hub(question.host, key, patience=self.patience, on_wait=self._waits)

    def _first_came(self, question: Question, sources: Sources, came: Came) -> None:
        """What the asset shown needs is here: its picture is shown while the rest comes."""
        if came.links:
            self._keep_key(question)
            self._use(sources, came)

    def _use(self, sources: Sources, came: Came) -> None:
        session = self._session
        if session.loader.sources is not sources:
            return  # another export is open by now
        sources.links.replace(came.links)
        session.expiries.renew(came.ends)
        session.thumbnails.forget_failures()
        if session.loader.has_failed:
            session.retry()
        elif session.snapshot is not None and session.loader.brush_failure(session.snapshot):
            session.reread(session.loader.options)

    def _progressed(self, what: str, done: int, total: int) -> None:
        dialog = self.dialog
        if dialog is None or not dialog.is_working or self._stop.is_set():
            return
        if what == "byte" and not done:
            text = self.tr("Ango Hub makes the export…")
        elif what == "byte":
            text = self.tr("Fetching the export, {0}").format(size_in_words(done))
        elif what == "asset":
            text = self.tr("{0} of {1} assets matched").format(f"{done:,}", f"{total:,}")
        else:
            text = self.tr("{0} of {1} links").format(f"{done:,}", f"{total:,}")
        dialog.show_progress(done / total if total else None, text)

    def _waits(self, wait: Wait) -> None:
        """The server wants to be left alone; called in the thread that asks it."""

        def tell() -> None:
            if self.dialog is not None and self.dialog.is_working:
                self.dialog.show_progress(self.dialog.line.share, str(wait.after))

        self._session.tasks.relay.post(tell)

    def _came(self, question: Question, sources: Sources, stop: threading.Event, came: Came) -> None:
        """It is over, and at least not all of it was in vain."""
        said = self._said(came)
        if came.ends:
            self._keep_key(question)
            self._use(sources, came)
            if question.host != self.host:
                self._remember_host(question.host)
        words = said if said and came.is_all else f"{said} {self._why_not_all(came)}".strip()
        self._end(stop, words, is_all=bool(said) and came.is_all)

    def _why_not_all(self, came: Came) -> str:
        if came.missing and not came.ends:
            return self.tr("No asset of this export is in the fresh one. Check the project's id.")
        if came.missing:
            assets = self._assets(came.missing, stop="")
            return self.tr("The fresh export has none for {0}, which may be in another stage.").format(assets)
        if came.refused:
            return self.tr("{0} did not come: {1}").format(self._links(came.refused, stop=""), came.failure)
        if came.is_stopped:
            is_wish = came.failure is None or getattr(came.failure, "code", "") == "cancelled"
            return self.tr("Stopped; the rest was not asked for.") if is_wish else str(came.failure)
        return self.tr("There is no link here that Ango Hub could sign.")

    def _said(self, came: Came) -> str:
        """What is there now, in one sentence; "" for nothing."""
        if not came.ends:
            return ""
        assets, end = self._assets(len(came.ends), stop=""), until(came)
        if not end:
            return self.tr("Fresh links for {0}.").format(assets)
        return self.tr("Fresh links for {0}; they are valid until {1}.").format(assets, end)

    def _failed(self, stop: threading.Event, error: BaseException) -> None:
        if isinstance(error, FetchError) and error.code == "cancelled":
            self._end(stop, "")
        elif isinstance(error, ViewerError):
            self._end(stop, str(error))
        else:
            log.error("unexpected while links were asked for", exc_info=error)
            text = self.tr("Something unexpected happened ({0}). The log says more.")
            self._end(stop, text.format(type(error).__name__))

    def _end(self, stop: threading.Event, words: str, *, is_all: bool = False) -> None:
        """Say how it ended: in the dialog what is still to be done there, else as a notification."""
        if stop is not self._stop:
            return  # another export was opened meanwhile
        self._running = None
        dialog = self.dialog
        if dialog is not None and not is_all:
            dialog.work_ended(words)
            return
        if words:
            self._session.noticed.emit(words)
        if dialog is not None:
            dialog.accept()

    def _remember_host(self, host: str) -> None:
        try:
            self._session.settings.change(hub_host="" if host == HOSTS[0][0] else host)
        except ViewerError as error:
            self._session.noticed.emit(str(error))
