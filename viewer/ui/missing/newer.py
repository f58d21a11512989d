"""Takes over the links of a newer export of the same project: read beside the open one, matched, and let go of."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from viewer.errors import ExportError, ViewerError, one_line
from viewer.export import Export, Row
from viewer.fetch import presign
from viewer.ui.missing.taken_over import TakenOver, take_over
from viewer.ui.notify import Answer
from viewer.ui.reading import Reading
from viewer.ui.session import Session

_STEP = 20
"""So many assets are matched between two words of how far it is."""


class NewerLinks(QObject):
    """One newer export at a time. Its path is remembered for the open export, its links are in memory alone."""

    began = Signal(str)
    """Words for what is under way; `progressed` and `ended` follow."""
    progressed = Signal(int, int)
    """Assets, of how many (0: not known yet)"""
    ended = Signal()
    told = Signal(str, object)
    """(a sentence, None or its `Answer`)"""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent or session)
        self._session = session
        self._reading = Reading(session.tasks, session.options.cache_dir, self, stays=False)
        self._reading.opened.connect(self._opened)
        self._reading.rows_read.connect(self._rows_read)
        self._reading.ended.connect(self._read)
        self._reading.refused.connect(self._refused)
        self._cancelled = threading.Event()
        self._is_quiet = False
        self._is_matching = False
        self._path: Path | None = None
        """What is under way."""
        self._used: Path | None = None
        self._taken: TakenOver | None = None
        """What is in use, and of which export."""
        self._saving = threading.Lock()
        session.export_opened.connect(self._export_opened)
        session.listing_ended.connect(self._match)

    def __repr__(self) -> str:
        return f"<links of {self.name or 'no other export'}>"

    @property
    def name(self) -> str:
        """Of the export whose links are in use; "" when they are the open export's own."""
        return "" if self._used is None else one_line(self._used.name)

    @property
    def is_under_way(self) -> bool:
        """Whether an export is read or matched."""
        return self._path is not None

    def open(self, path: Path, *, quiet: bool = False) -> None:
        """Take over the links of this export. `quiet`: as the time before, so that only what came is told."""
        own = self._session.export
        if own is None:
            return
        if path.absolute() == own.path.absolute():
            self._tell(self.tr("{0} is the export that is open. Choose a newer one.").format(one_line(path.name)))
            return
        self._give_up()
        self._is_quiet = quiet
        self._path = path
        if not quiet:
            self.began.emit(self.tr("Reading {0}").format(one_line(path.name)))
        self._reading.open(path)

    def cancel(self) -> None:
        """Stop reading or matching; the links in use stay."""
        if self.is_under_way:
            self._give_up()

    def leave(self) -> None:
        """Use the links of the open export again."""
        s = self._session
        if self._taken is None or s.export is None:
            self._tell(self.tr("No links of another export are in use."))
            return
        name, taken, export, sources = self.name, self._taken, s.export, s.loader.sources
        self._taken = self._used = None
        self._remember(export)
        s.expiries.renew({index: export.rows[index].ends for index in taken.ends})

        def forgotten(_none: None) -> None:
            if export is s.export:
                self._retry()
                self._tell(self.tr("The links of {0} are not used any more.").format(name))

        if sources is not None:
            s.tasks.run(lambda: sources.links.forget(taken.links), forgotten)

    # ---- reading -----------------------------------------------------------------------------------------

    def _export_opened(self, export: Export) -> None:
        self._give_up()
        self._taken = self._used = None  # its sources, which held the links, are closed
        known = self._session.remembered.newer(export.path)
        if known is not None and known.is_file():
            self.open(known, quiet=True)

    def _give_up(self) -> None:
        self._cancelled.set()
        self._cancelled = threading.Event()
        self._is_matching = False
        self._reading.close()
        if self._path is not None:
            self._path = None
            self.ended.emit()

    def _opened(self, export: Export) -> None:
        if not self._is_quiet:
            self.began.emit(self.tr("Reading {0}").format(one_line(export.path.name)))

    def _rows_read(self, _rows: list[Row]) -> None:
        export = self._reading.export
        if export is not None:
            self.progressed.emit(len(export.rows), 0)

    def _refused(self, error: ViewerError) -> None:
        self._end(str(error))

    def _read(self, error: ExportError | None) -> None:
        # what was read before the damage can still be matched
        if error is not None and self._reading.export is not None and not self._reading.export.rows:
            self._end(str(error))
        else:
            self._match()

    # ---- matching ----------------------------------------------------------------------------------------

    def _match(self) -> None:
        s, other = self._session, self._reading.export
        own, sources = s.export, s.loader.sources
        if own is None or other is None or sources is None or self._is_matching:
            return
        if s.reading.is_listing or self._reading.is_listing:
            return  # comes again when the rest is listed
        self._is_matching = True
        cancelled, relay = self._cancelled, s.tasks.relay
        now = datetime.fromtimestamp(s.expiries.now(), UTC)
        if not self._is_quiet:
            self.began.emit(self.tr("Matching the assets of {0}").format(one_line(other.path.name)))

        def on_progress(done: int, total: int) -> None:
            if done % _STEP == 0:
                relay.post(lambda: None if cancelled.is_set() else self.progressed.emit(done, total))

        before = self._taken

        def work() -> TakenOver | None:
            found = take_over(own, other, now=now, on_progress=on_progress, cancelled=cancelled.is_set)
            if found is not None and found.links and not cancelled.is_set():
                # here, since it takes a while for very many
                if before is not None:
                    sources.links.forget(before.links)
                sources.links.replace(found.links)
            return found

        def matched(found: TakenOver | None) -> None:
            if found is not None and not cancelled.is_set() and own is s.export:
                self._matched(found)

        def failed(error: BaseException) -> None:
            if not cancelled.is_set():
                self._end(str(error) if isinstance(error, ViewerError) else self.tr("That export cannot be read."))

        s.tasks.run(work, matched, failed, slow=True)

    def _matched(self, found: TakenOver) -> None:
        s, path = self._session, self._path
        assert s.export is not None and path is not None
        if not found.links:
            self._end("" if self._is_quiet else self._why_nothing(found, one_line(path.name)))
            return
        quiet = self._is_quiet
        if self._taken is not None:
            s.expiries.renew({index: s.export.rows[index].ends for index in self._taken.ends})
        self._taken, self._used = found, path
        self._give_up()
        s.expiries.renew(found.ends)
        self._retry()
        if quiet:
            self._tell(self.tr("The links of {0} are used.").format(self.name), self._undo)
        else:
            self._remember(s.export)
            self._tell(self._what_came(found), self._undo)

    def _end(self, why: str) -> None:
        """Nothing came of it."""
        quiet = self._is_quiet
        self._give_up()
        if why and not quiet:
            self._tell(why)

    def _retry(self) -> None:
        """Ask again for what could not be had by the links before."""
        s = self._session
        s.thumbnails.forget_failures()
        if s.loader.has_failed:
            s.retry()
        elif s.snapshot is not None and s.loader.brush_failure(s.snapshot):
            s.reread(s.loader.options)

    def _remember(self, export: Export) -> None:
        """Which export's links are in use, for the next time: in a thread, since a disk may take its time."""
        remembered, saving = self._session.remembered, self._saving

        def save() -> None:
            with saving:  # what is so when it is written counts: several may be under way
                if export is self._session.export:
                    remembered.use_newer(export.path, self._used)

        self._session.tasks.run(save, lambda _none: None)

    # ---- words -------------------------------------------------------------------------------------------

    def _what_came(self, found: TakenOver) -> str:
        words = [
            self.tr("Links of {0} of {1} assets were taken over").format(f"{len(found.ends):,}", f"{found.assets:,}")
        ]
        if missing := found.assets - found.matched:
            words.append(
                self.tr("1 asset is not in it") if missing == 1 else
                self.tr("{0} assets are not in it").format(f"{missing:,}")
            )  # fmt: skip
        if found.expired:
            words.append(
                self.tr("the links of 1 asset expired there, too") if found.expired == 1 else
                self.tr("the links of {0} assets expired there, too").format(f"{found.expired:,}")
            )  # fmt: skip
        if found.files:
            words.append(self.tr("{0} have no link there").format(f"{found.files:,}"))
        return "; ".join(words) + "."

    def _why_nothing(self, found: TakenOver, name: str) -> str:
        if not found.matched:
            return self.tr(
                "No asset of this export is in {0}: asset ids, task ids and names are all others. "
                "Choose an export of the same project."
            ).format(name)
        if found.ended is not None:
            text = self.tr("The links of that export expired, too, on {0}. Choose a newer one, or look in a folder.")
            return text.format(presign.in_words(found.ended))
        return self.tr(
            "{0} names files of its own folder instead of links. Look in that folder instead."
        ).format(name)  # fmt: skip

    @property
    def _undo(self) -> Answer:
        return self.tr("Undo"), self.leave

    def _tell(self, text: str, answer: Answer | None = None) -> None:
        self.told.emit(text, answer)

    def close(self) -> None:
        """No process is left."""
        self._cancelled.set()
        self._reading.close()
