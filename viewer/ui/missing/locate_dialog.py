"""The dialog "Locate file": where the file of the open asset is, and whether it is the one that was labelled."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from viewer.ui import dialogs, scene, theme
from viewer.ui.missing.path_field import PathField
from viewer.ui.missing.sizes import Size, Sizes, in_words, is_other
from viewer.ui.missing.wanted import Wanted, missing_of
from viewer.ui.widgets.answer_row import AnswerRow
from viewer.ui.widgets.dialog import Dialog
from viewer.ui.widgets.fields import TickField, dialog_title
from viewer.ui.widgets.layout import Text, column
from viewer.ui.widgets.words import Words

if TYPE_CHECKING:
    from viewer.ui.session import Session

WIDTH = 480
SIZED_KINDS = ("image", "multi-image", "unknown")
"""Kinds whose labels are drawn in the pixels of their file."""


class LocateFile(Dialog):
    """Accepted: the file, and its folder when that is wanted, are remembered for the export."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        asset, export = session.asset, session.export
        assert asset is not None and export is not None
        self._session, self._asset = session, asset
        self._cancelled = threading.Event()
        self._sizes = Sizes(session.tasks, session.pool)
        self._checked: tuple[Path, Size | None] | None = None
        self._is_wanted = self._is_warned = False
        page = session.state.place.page if asset.dataset else 0
        addresses = scene.addresses_of(asset)
        address = addresses[min(page, len(addresses) - 1)]
        self._expected = asset.size if asset.kind in SIZED_KINDS and not asset.dataset else None
        known = session.remembered.located(export.path, scene.asset_key(asset))
        folders = session.remembered.folders(export.path)
        last = known.parent if known is not None else folders[0] if folders else None
        self.setWindowTitle(self.tr("Locate file"))
        self.setFixedWidth(WIDTH)
        facts = QGridLayout()
        facts.setHorizontalSpacing(theme.SPACE_M)
        facts.setVerticalSpacing(theme.SPACE_XS)
        facts.setColumnStretch(1, 1)
        for name, value in (
            (self.tr("Name"), address.name),
            (self.tr("Size"), self._size_text()),
            (self.tr("Last folder"), str(last) if last is not None else "—"),
        ):
            at = facts.rowCount()
            facts.addWidget(Text(name, self, tone="text3"), at, 0)
            facts.addWidget(Text(value, self, elide=Qt.TextElideMode.ElideMiddle), at, 1)
        self.field = PathField(
            lambda: dialogs.ask_file(self, self.tr("Locate the file of this asset"), last), self.tr("File"), self
        )
        self.also = TickField("", self)
        self.also.setChecked(True)
        self.also.hide()
        self.told = Words("", self, tone="warn")
        self.told.hide()
        self.answers = AnswerRow(self.tr("Use this file"), self.tr("Cancel"), self)
        self.setLayout(
            column(
                dialog_title(self.tr("Locate file"), self),
                facts,
                column(self.field, self.also, spacing=theme.SPACE_S),
                self.told,
                self.answers,
                spacing=theme.SPACE_L,
                margins=(theme.SPACE_XL, theme.SPACE_XL),
            )
        )
        self.field.changed.connect(self._chosen)
        self.answers.accepted.connect(self._take)
        self.answers.rejected.connect(self.reject)
        self.finished.connect(self._end)
        self.answers.yes.setEnabled(False)
        self.field.choose.setFocus()
        self._count_others()

    def _size_text(self) -> str:
        return in_words(self._expected) if self._expected else "—"

    # ---- the others --------------------------------------------------------------------------------------

    def _count_others(self) -> None:
        """How many other files are missing, found out in a thread."""
        s, cancelled = self._session, self._cancelled
        export, sources = s.export, s.loader.sources
        assert export is not None and sources is not None

        def counted(wanted: list[Wanted] | None) -> None:
            if wanted is None or cancelled.is_set():
                return
            count = sum(one.index != self._asset.index for one in wanted)
            if count:
                self.also.setText(
                    self.tr("Also look there for the other file") if count == 1
                    else self.tr("Also look there for the other {0} files").format(f"{count:,}")
                )  # fmt: skip
                self.also.updateGeometry()
                self.also.show()
                self.adjustSize()

        s.tasks.run(lambda: missing_of(export, sources, cancelled=cancelled.is_set), counted, lambda _error: None,
                    slow=True)  # fmt: skip

    # ---- the file ----------------------------------------------------------------------------------------

    def _chosen(self, path: Path | None) -> None:
        self._checked, self._is_wanted, self._is_warned = None, False, False
        is_there = path is not None and (path.is_file() or (bool(self._asset.dataset) and path.is_dir()))
        self.answers.yes.setEnabled(is_there)
        self.answers.yes.setText(self.tr("Use this file"))
        self.answers.yes.updateGeometry()
        self._tell("" if is_there or path is None else self.tr("There is no such file."))
        if path is None or not is_there:
            return
        if self._expected is None or path.is_dir():
            self._checked = (path, None)
            return
        self._sizes.close()
        self._sizes.ask(path, partial(self._sized, path))

    def _sized(self, path: Path, size: Size | None) -> None:
        if path != self.field.path:
            return
        self._checked = (path, size)
        if size is None:
            self._warn(self.tr("This file is no picture that can be read. Use it anyway?"))
        elif self._expected is not None and is_other(size, self._expected):
            text = self.tr("This file is {0}, the labels expect {1}. Use it anyway?")
            self._warn(text.format(in_words(size), in_words(self._expected)))
        elif self._is_wanted:
            self._remember(path)

    def _warn(self, text: str) -> None:
        self._is_warned, self._is_wanted = True, False
        self._tell(text)
        self.answers.yes.setText(self.tr("Use it anyway"))
        self.answers.yes.setAccessibleName(f"{self.tr('Use it anyway')}: {text}")
        self.answers.yes.updateGeometry()

    def _tell(self, text: str) -> None:
        self.told.setText(text)
        self.told.setVisible(bool(text))
        self.adjustSize()

    def _take(self) -> None:
        path = self.field.path
        if path is None:
            return
        if self._checked is None or self._checked[0] != path:
            self._is_wanted = True  # as soon as its size is known
            return
        self._remember(path)

    def _remember(self, path: Path) -> None:
        self.accept()
        self._session.locate(path)
        if self.also.isChecked() and not self.also.isHidden():
            self._session.look_in(path if path.is_dir() else path.parent)

    def _end(self) -> None:
        self._cancelled.set()
        self._sizes.close()
