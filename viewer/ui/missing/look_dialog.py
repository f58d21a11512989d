"""The dialog "Look in a folder": which folder, how much of what is missing is there, which of several is meant."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from viewer.errors import ViewerError
from viewer.fetch.locate import Folder
from viewer.ui import dialogs, theme
from viewer.ui.missing.choose_dialog import ChooseFiles, Picked
from viewer.ui.missing.path_field import PathField
from viewer.ui.missing.wanted import Found, Wanted, look_through, missing_of
from viewer.ui.widgets.answer_row import AnswerRow
from viewer.ui.widgets.buttons import FlatButton, IconButton
from viewer.ui.widgets.dialog import Dialog
from viewer.ui.widgets.fields import TickField, dialog_title
from viewer.ui.widgets.layout import Text, column, row
from viewer.ui.widgets.progress_line import ProgressLine
from viewer.ui.widgets.words import Words

if TYPE_CHECKING:
    from viewer.ui.session import Session

WIDTH = 480
FOLDERS_SHOWN = 3


class LookInFolder(Dialog):
    """Accepted: the folder and what was picked among ambiguous files are remembered for the export.

    What is missing is found out, and the folder is read, in threads; both stop when the dialog closes.
    """

    def __init__(self, session: Session, parent: QWidget | None = None, *, folder: Path | None = None) -> None:
        super().__init__(parent)
        export, sources = session.export, session.loader.sources
        assert export is not None and sources is not None
        self._session, self._export, self._sources = session, export, sources
        self._cancelled = threading.Event()
        self._wanted: list[Wanted] | None = None
        self._folder: Folder | None = None
        self.found: Found | None = None
        """What the folder has, once it is read."""
        self._picked: list[Picked] = []
        self.setWindowTitle(self.tr("Look in a folder"))
        self.setFixedWidth(WIDTH)
        ask: Callable[[], Path | None] = lambda: dialogs.ask_folder(self, self.tr("Look in a folder"))  # noqa: E731
        self.field = PathField(ask, self.tr("Folder"), self)
        self.subfolders = TickField(self.tr("Include subfolders"), self)
        self.subfolders.setChecked(True)
        self.count = Text("", self, elide=Qt.TextElideMode.ElideRight)
        self.line = ProgressLine(self)
        self.line.hide()
        self.pick = FlatButton(self.tr("Choose among them…"), self, look="framed", height=theme.CONTROL_SMALL,
                               pixels=theme.SECOND_PX)  # fmt: skip
        self.pick.hide()
        self._known = QWidget(self)
        self._known_box = column()
        self._known.setLayout(self._known_box)
        self.answers = AnswerRow(self.tr("Use this folder"), self.tr("Cancel"), self)
        self.setLayout(
            column(
                dialog_title(self.tr("Look in a folder"), self),
                Words(self.tr("Files are found by the names that the export gives them."), self),
                column(self.field, self.subfolders, spacing=theme.SPACE_S),
                column(self.count, self.line, row(self.pick, None), spacing=theme.SPACE_S),
                self._known,
                self.answers,
                spacing=theme.SPACE_L,
                margins=(theme.SPACE_XL, theme.SPACE_XL),
            )
        )
        self._show_known()
        self.field.changed.connect(self._look)
        self.subfolders.toggled.connect(lambda _on: self._look(self.field.path))
        self.pick.clicked.connect(self._choose)
        self.answers.accepted.connect(self._take)
        self.answers.rejected.connect(self.reject)
        self.finished.connect(lambda _result: self._cancelled.set())
        self._tell(self.tr("Looking what is missing…"))
        self._enable()
        self._begin()
        known = session.remembered.folders(export.path)
        start = folder or (known[0] if known else None)
        if start is not None:
            self.subfolders.setChecked(not session.remembered.is_flat(export.path, start))
            self.field.set_path(start)

    # ---- what is missing ---------------------------------------------------------------------------------

    def _begin(self) -> None:
        export, sources, cancelled = self._export, self._sources, self._cancelled
        relay = self._session.tasks.relay

        def on_progress(done: int, total: int) -> None:
            relay.post(lambda: self._looking(done, total) if not cancelled.is_set() else None)

        def known(wanted: list[Wanted] | None) -> None:
            if wanted is not None and not cancelled.is_set():
                self._wanted = wanted
                self._look(self.field.path)

        self._session.tasks.run(
            lambda: missing_of(export, sources, on_progress, cancelled.is_set), known, self._failed, slow=True
        )

    def _looking(self, done: int, total: int) -> None:
        if self._wanted is None:
            text = self.tr("Looking what is missing, {0} of {1} assets")
            self._tell(text.format(f"{done:,}", f"{total:,}"), share=done / total if total else None, busy=True)

    # ---- what the folder has -----------------------------------------------------------------------------

    def _look(self, path: Path | None) -> None:
        """Read another folder, or the same in another way; the reading before is given up."""
        if self._wanted is not None:
            self._cancelled.set()
            self._cancelled = threading.Event()
        self.found, self._folder, self._picked = None, None, []
        self._enable()
        wanted = self._wanted
        if wanted is None:
            return
        if path is None:
            self._tell(self._missing_text(len(wanted)))
            return
        if not path.is_dir():
            self._tell(self.tr("There is no such folder."), tone="warn")
            return
        folder = Folder(path, subfolders=self.subfolders.isChecked())
        cancelled, relay = self._cancelled, self._session.tasks.relay

        def read(names: int) -> None:
            text = self.tr("Reading the folder, {0} names").format(f"{names:,}")
            relay.post(lambda: self._tell(text, busy=True) if not cancelled.is_set() else None)

        def looked(found: Found) -> None:
            relay.post(lambda: self._count(found, ended=False) if not cancelled.is_set() else None)

        def work() -> Found | None:
            return (
                look_through(folder, wanted, looked, cancelled.is_set) if folder.scan(read, cancelled.is_set) else None
            )

        def done(found: Found | None) -> None:
            if found is not None and not cancelled.is_set():
                self.found, self._folder = found, folder
                self._count(found, ended=True)
                self._enable()

        self._session.tasks.run(work, done, self._failed, slow=True)

    def _failed(self, error: BaseException) -> None:
        self._tell(str(error) if isinstance(error, ViewerError) else type(error).__name__, tone="warn")

    def _missing_text(self, count: int) -> str:
        if not count:
            return self.tr("Every file of this export is on this computer.")
        return self.tr("1 file is missing.") if count == 1 else self.tr("{0} files are missing.").format(f"{count:,}")

    def _count(self, found: Found, *, ended: bool) -> None:
        total = len(self._wanted or ())
        text = self.tr("{0} of {1} found").format(f"{found.found:,}", f"{total:,}")
        if unsure := found.unsure_assets - len({picked.index for picked in self._picked}):
            text += ", " + self.tr("{0} ambiguous").format(f"{unsure:,}")
        if picked := len({picked.index for picked in self._picked}):
            text += ", " + self.tr("{0} chosen").format(f"{picked:,}")
        nothing = ended and not found.found and not found.unsure
        if nothing and total:
            text = self.tr("None of the {0} missing files is in this folder.").format(f"{total:,}")
        elif not total:
            text = self._missing_text(0)
        share = found.looked_for / total if total else 1.0
        self._tell(text, share=share, busy=not ended, tone="warn" if nothing and total else "text")

    def _tell(self, text: str, *, share: float | None = None, busy: bool = False, tone: str = "text2") -> None:
        self.count.setText(text)
        self.count.set_tone(tone)
        self.line.setVisible(busy)
        self.line.set_share(share)

    def _enable(self) -> None:
        path = self.field.path
        self.answers.yes.setEnabled(path is not None and path.is_dir())
        self.pick.setVisible(self.found is not None and bool(self.found.unsure))
        self.adjustSize()

    # ---- which of several --------------------------------------------------------------------------------

    def _choose(self) -> None:
        if self.found is None or self._folder is None:
            return
        sizes = {}
        export = self._export
        for one in self.found.unsure:
            try:
                sizes[one.wanted.index] = export.asset(one.wanted.index).size
            except ViewerError:
                continue
        dialog = ChooseFiles(self._session, self.found.unsure, sizes, self._folder.root, self)
        if dialog.exec():
            self._picked = dialog.picked
            self._count(self.found, ended=True)

    # ---- remembered --------------------------------------------------------------------------------------

    def _show_known(self) -> None:
        """The folders that are looked in already, each with a way to leave it."""
        known = self._session.remembered.folders(self._export.path)[:FOLDERS_SHOWN]
        shown = QWidget(self._known)
        lines = []
        for folder in known:
            name = Text(str(folder), shown, pixels=theme.SECOND_PX, tone="text2", elide=Qt.TextElideMode.ElideMiddle)
            leave = IconButton("x", self.tr("Don't look in this folder any more"), shown, icon_size=14)
            leave.clicked.connect(lambda _on=False, folder=folder: self._leave(folder))
            line = row(name, leave)
            line.setStretch(0, 1)
            lines.append(line)
        heading = Text(self.tr("Looked in for this export"), shown, pixels=theme.CAPTION_PX, tone="text3")
        shown.setLayout(column(heading, *lines, spacing=2))
        while (before := self._known_box.takeAt(0)) is not None:
            if (widget := before.widget()) is not None:
                widget.deleteLater()
        self._known_box.addWidget(shown)
        self._known.setVisible(bool(known))
        self.adjustSize()

    def _leave(self, folder: Path) -> None:
        self._session.remembered.stop_looking_in(self._export.path, folder)
        self._show_known()
        self._wanted = None
        self._tell(self.tr("Looking what is missing…"))
        self._begin()

    def _take(self) -> None:
        path, asset_keys = self.field.path, self._picked
        if path is None or not path.is_dir():
            return
        remembered = self._session.remembered
        for picked in asset_keys:
            address = picked.address
            part = address.part if address.parts > 1 else None
            remembered.locate(self._export.path, address.asset_key, picked.path, part=part)
        if self._folder is not None:
            self._sources.chosen.use(self._folder)
        self.accept()
        self._session.look_in(path, subfolders=self.subfolders.isChecked())
