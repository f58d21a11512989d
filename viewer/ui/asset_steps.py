"""The asset list's other half: what it says of files and links, its rows' menu, the tasks of one asset compared."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from viewer.ui.assets import texts
from viewer.ui.assets.table import LINK
from viewer.ui.cache_use import CacheUse
from viewer.ui.file_states import FileStates
from viewer.ui.link_chip import LinkChipSteps

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow

OFFERED = 16
"""Other tasks of an asset that a menu offers, at most; as many as `viewer.ui.beside` reads."""


class AssetSteps(QObject):
    """Made once by `viewer.ui.wiring`; holds what the list, the header's chip and the session tell each other."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        session, panel, comparing = window.session, window.assets, window.comparing
        self.files = FileStates(session, session.expiries, self)
        panel.model.set_links(session.expiries.ends)
        panel.set_state_of(self.files.state_of, self.files.words_of)
        panel.view.in_sight.connect(self.files.want)
        panel.view.menu_wanted.connect(lambda asset, at: self.menu_of(asset).popup(at))
        self.files.changed.connect(panel.refresh_asset)
        session.expiries.states_changed.connect(panel.model.links_changed)
        self.cache = CacheUse(session, self)
        self.chip = LinkChipSteps(window.header.links, session.expiries, window.actions_.by_id)
        self.chip.list_expired.triggered.connect(self.list_expired)
        self._wanted: tuple[int, int] | None = None
        comparing.beside.changed.connect(self._offered)
        session.state_changed.connect(lambda _before, after: self._moved(after.place.asset))

    def list_expired(self) -> None:
        """List the assets whose links have expired, and nothing else."""
        panel = self._window.assets
        if panel.form == "rail" or self._window.regions.form == "hidden":
            self._window.regions.set_form("list")
        panel.set_filter(replace(panel.filter, text="", chosen=((LINK, "expired"),), on=True))

    # ---- tasks of one asset ------------------------------------------------------------------------------

    @property
    def has_tasks(self) -> bool:
        """Whether the open asset has other tasks to compare with."""
        return bool(self._tasks())

    def _tasks(self) -> list[int]:
        """The states beside the open task that are other tasks of its asset, by their numbers."""
        return [n for n, found in enumerate(self._window.comparing.beside.states) if not found.is_elsewhere]

    def compare_tasks(self) -> None:
        """Compare with the next task of the open asset; after the last one comes the first."""
        tasks, session = self._tasks(), self._window.session
        if not tasks or session.task is None:
            return
        reference = session.state.place.reference
        now = -1 if reference is None else reference - len(session.task.snapshots)
        self._window.comparing.pick_beside(next((n for n in tasks if n > now), tasks[0]))

    def compare_with(self, asset: int, other: int) -> None:
        """Open an asset and compare it with another entry about the same one."""
        self._wanted = (asset, other)
        if self._window.session.state.place.asset != asset:
            self._window.session.open_asset(asset)
        self._offered()

    def _moved(self, asset: int | None) -> None:
        if self._wanted is not None and self._wanted[0] != asset:
            self._wanted = None  # one went elsewhere before it could be compared

    def _offered(self) -> None:
        """Other states are there: what was asked for is among them, or comes with the next ones."""
        self._window.actions_.refresh()
        session, wanted = self._window.session, self._wanted
        if wanted is None or session.asset is None or session.asset.index != wanted[0]:
            return
        states = self._window.comparing.beside.states
        number = next((n for n, found in enumerate(states) if found.entry == wanted[1]), None)
        if number is not None:
            self._wanted = None
            self._window.comparing.pick_beside(number)

    # ---- the menu of a row -------------------------------------------------------------------------------

    def menu_of(self, asset: int) -> QMenu:
        """What can be done with an asset of the list."""
        window = self._window
        table, menu = window.assets.model.table, QMenu(window.assets)
        menu.aboutToHide.connect(menu.deleteLater)
        row = table.rows[asset]
        menu.addAction(self.tr("Open"), partial(window.session.open_asset, asset))
        menu.addSeparator()
        entries = table.entries_of(row)
        others = [(n, other) for n, other in enumerate(entries, start=1) if other != asset]
        for number, other in others[:OFFERED]:
            stage = texts.value_text("stage", table.rows[other].stage or "")
            text = self.tr("Compare with task {0} of {1} · {2}").format(number, len(entries), stage)
            menu.addAction(text.replace("&", "&&"), partial(self.compare_with, asset, other))
        if not others:
            menu.addAction(self.tr("Compare with another task: this is the only one")).setEnabled(False)
        menu.addSeparator()
        name = texts.shown_name(row)
        menu.addAction(self.tr("Copy name"), lambda: QGuiApplication.clipboard().setText(name))
        if row.asset_id:
            asset_id = row.asset_id
            menu.addAction(self.tr("Copy asset id"), lambda: QGuiApplication.clipboard().setText(asset_id))
        return menu
