"""The actions of the table as a menu and shortcuts, and those that begin with a dialog."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import shiboken6
from PySide6.QtCore import QObject, QPoint, Qt, QUrl, qVersion
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication, QImage, QKeySequence
from PySide6.QtWidgets import QMenu

from viewer import __version__, log, state
from viewer.errors import ViewerError, one_line
from viewer.ui import dialogs, key_maps
from viewer.ui.actions import ACTIONS, WHY, Action, Needs, tr
from viewer.ui.find.cheat_sheet import CHANGE, CheatSheet
from viewer.ui.find.match import Entry
from viewer.ui.inspector.json_text import laid_out
from viewer.ui.session import Session
from viewer.ui.still import Still, StillOptions, paint_still, save_png

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow

MENUS = ("File", "Go", "View", "Labels", "Compare", "Help")
MENU_TEXTS = {
    "File": "&File",
    "Go": "&Go",
    "View": "&View",
    "Labels": "&Labels",
    "Compare": "&Compare",
    "Help": "&Help",
}


class WindowActions(QObject):
    """Makes a QAction of each record. A method is the session's, else the window's, else of this object."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self.by_id: dict[str, QAction] = {}
        self._keys: dict[str, tuple[str, ...]] = {}
        self._side: dict[str, str] = {}
        self.menu = QMenu(window)
        menus = {name: QMenu(tr(MENU_TEXTS[name]), self.menu) for name in MENUS}
        for name, menu in menus.items():
            menu.setToolTipsVisible(True)
            self.menu.addMenu(menu)
            if window.uses_menu_bar:
                window.menuBar().addMenu(menu)
            menu.setObjectName(f"menu_{name}")
        for record in ACTIONS:
            action = self._made(record)
            if record.separator:
                self._menu_of(record, menus, new=False).addSeparator()
            self._menu_of(record, menus).addAction(action)
            self.by_id[record.id] = action
        self.use_keys()

    def _menu_of(self, record: Action, menus: Mapping[str, QMenu], *, new: bool = True) -> QMenu:
        """The menu of a record, or the one inside of it. `new` makes that one where there is none yet."""
        outer = menus[record.menu]
        name = f"menu_{record.menu}_{record.group}"
        inner = outer.findChild(QMenu, name)
        if inner is None and new and record.group:
            inner = outer.addMenu(tr(record.group))
            inner.setObjectName(name)
            inner.setToolTipsVisible(True)
        return inner or outer

    def _made(self, record: Action) -> QAction:
        action = QAction(tr(record.text), self._window)
        action.setObjectName(record.id)
        action.setCheckable(bool(record.checked))
        action.triggered.connect(partial(self._run, record))
        if record.scope == "window":
            self._window.addAction(action)
        elif record.scope == "canvas":
            # keys without a modifier belong to the canvas and its bars; in lists and fields letters are typed
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            for widget in self._window.key_widgets:
                widget.addAction(action)
        return action

    def method_of(self, record: Action) -> Any:
        """What an action calls."""
        for owner in self._owners():
            method = getattr(owner, record.call, None)
            if method is not None:
                return method
        raise AttributeError(f"no method is called {record.call}")

    def _owners(self) -> tuple[object, ...]:
        """Who has the methods of actions, in the order asked."""
        window = self._window
        return (self._session, window.comparing, window.change_steps, window.whole, window.missing, window, self)

    def _run(self, record: Action, _checked: bool = False) -> None:
        method = self.method_of(record)
        if record.argument is None:
            method()
        else:
            method(record.argument)

    def run(self, action: str) -> None:
        """Do an action by its id, if it can be done now."""
        self.by_id[action].trigger()

    def use_keys(self) -> None:
        """Give every action the keys of the map that is set, and the user's own."""
        settings = self._session.settings.settings
        defaults = {record.id: record.shortcuts for record in ACTIONS}
        own = {action: tuple(keys) for action, keys in settings.keys.items()}
        self._keys = key_maps.resolved(defaults, settings.key_map, own)
        self._side = {action: keys_text(its) for action, its in self._keys.items()}
        for record in ACTIONS:
            if record.scope != "hold":
                self.by_id[record.id].setShortcuts([QKeySequence(key) for key in self._keys[record.id]])
            self._tell(record)

    def _tell(self, record: Action) -> None:
        """The tooltip: what an action does, its key, and below that why it cannot be done now."""
        keys, why = self._side[record.id], self.why(record)
        tip = tr(record.tip or record.text.rstrip("…")) + (f" ({keys})" if keys else "")
        self.by_id[record.id].setToolTip(f"{tip}\n{why}" if why else tip)

    def key_of(self, action: str) -> str:
        """The first key of an action for people, "" when it has none."""
        keys = self.by_id[action].shortcuts()
        return keys[0].toString(QKeySequence.SequenceFormat.NativeText) if keys else ""

    # ---- enabled or not ------------------------------------------------------------------------------------

    def lacking(self, record: Action) -> Needs:
        """What an action wants that is not there; "" when it can be done."""
        return self._lacking(record, self._present())

    def _lacking(self, record: Action, present: Mapping[Needs, bool]) -> Needs:
        task = self._session.task
        if record.needs == "stage":
            there = task is not None and isinstance(record.argument, int) and record.argument < len(task.snapshots)
            return "" if there else "stage"
        return "" if present[record.needs] else record.needs

    def _present(self) -> dict[Needs, bool]:
        """What is there now, of all that an action may need."""
        s = self._session
        return {
            "": True,
            "export": s.export is not None,
            "asset": s.asset is not None,
            "pages": s.asset is not None and s.page_count > 1,
            "picture": self._window.canvas.content is not None,
            "selection": s.state.selection is not None,
            "failure": s.loader.has_failed or (s.state.place.asset is not None and s.asset is None),
            "dicom": s.loader.kind == "dicom" or self._window.canvas.kind == "dicom",
            "history": s.task is not None and len(s.task.snapshots) > 1,
            "tasks": hasattr(self._window, "asset_steps") and self._window.asset_steps.has_tasks,
            "compared": s.state.place.reference is not None and s.task is not None,
        }

    def why(self, record: Action) -> str:
        """Why an action cannot be done now, for people; "" when it can."""
        lacking = self.lacking(record)
        return tr(WHY[lacking]) if lacking else ""

    def refresh(self) -> None:
        """Enable what can be done now, and check what is on."""
        if not shiboken6.isValid(self._window):
            return
        present = self._present()
        for record in ACTIONS:
            action = self.by_id[record.id]
            can = not self._lacking(record, present)
            if can != action.isEnabled():
                action.setEnabled(can)
                self._tell(record)
            if record.checked:
                owner = next(owner for owner in self._owners() if hasattr(owner, record.checked))
                action.setChecked(bool(getattr(owner, record.checked)))

    def entries(self) -> list[Entry]:
        """All actions for the palette; disabled ones say why."""
        found, present = [], self._present()
        for record in ACTIONS:
            side = self._side[record.id] or tr(record.menu)
            lacking = self._lacking(record, present)
            why = tr(WHY[lacking]) if lacking else ""
            found.append(Entry("action", record.id, tr(record.text), side, enabled=not why, why=why))
        return found

    def show_canvas_menu(self, at: QPoint, object_ids: tuple[str, ...]) -> None:
        """What can be done at a place of the canvas."""
        menu = QMenu(self._window)
        if object_ids:
            self._session.select(object_ids[0])
            for name in ("zoom_to_selection", "hide_pointed", "copy_json"):
                menu.addAction(self.by_id[name])
            menu.addSeparator()
        for name in ("fit", "one_to_one", "toggle_labels", "cycle_tags", "copy_picture", "save_picture"):
            menu.addAction(self.by_id[name])
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    # ---- actions that begin with a dialog ------------------------------------------------------------------

    def choose_export(self) -> None:
        """Ask for an export and open it."""
        path = dialogs.ask_export(self._window)
        if path is not None:
            self._session.open_export(path)

    def choose_other_export(self) -> None:
        """Ask for an export to compare with."""
        path = dialogs.ask_export(self._window)
        if path is not None:
            self._window.comparing.beside.open(path)

    def compare_tasks(self) -> None:
        """Compare with the next task of the open asset."""
        self._window.asset_steps.compare_tasks()

    def leave_other_export(self) -> None:
        """No other export any more."""
        self._window.comparing.beside.leave()

    def choose_issues(self) -> None:
        """Ask for an issues export."""
        path = dialogs.ask_json(self._window, tr("Add an issues export"))
        if path is not None:
            self._session.load_issues(path)

    def choose_ontology(self) -> None:
        """Ask for an ontology."""
        path = dialogs.ask_json(self._window, tr("Add an ontology"))
        if path is not None:
            self._session.load_ontology(path)

    @property
    def has_hub_key(self) -> bool:
        """Whether a key of Ango Hub is at hand."""
        return self._window.fresh_links.has_key

    def get_fresh_links(self) -> None:
        """Ask Ango Hub for links that are valid again."""
        self._window.fresh_links.open()

    def ask_page(self) -> None:
        """Ask for a page number and go there."""
        page = dialogs.ask_page(self._window, self._session.state.place.page, self._session.page_count)
        if page is not None:
            self._session.go_to_page(page)
            self._window.canvas.setFocus()

    def ask_password(self) -> None:
        """Ask for a password and open the file with it."""
        password = dialogs.ask_password(self._window)
        if password is not None:
            self._session.reread(replace(self._session.loader.options, password=password))

    def other_engine(self) -> None:
        """Read the PDF with the second engine."""
        self._session.reread(replace(self._session.loader.options, engine="pdfium"))

    def edit_keys(self) -> None:
        """Change keys."""
        from viewer.ui.key_editor import KeyEditor

        if KeyEditor(self._session.settings, self._window).exec():
            self.use_keys()

    def edit_settings(self) -> None:
        """Change settings."""
        self._edit("general")

    def edit_cache(self) -> None:
        """Where the cache is, what it may hold, and how it is cleared."""
        self._edit("files")

    def _edit(self, page: Literal["general", "files"]) -> None:
        from viewer.ui.settings_dialog import SettingsDialog

        cache = self._window.asset_steps.cache
        dialog = SettingsDialog(self._session.settings, self._window, cache=cache, page=page)
        if dialog.exec():
            self._window.use_settings()
            cache.use_settings()
            self.use_keys()

    # ---- pictures and copies -------------------------------------------------------------------------------

    def _picture(self) -> QImage | None:
        """The page with its labels, one pixel per page pixel."""
        content, scene = self._window.canvas.content, self._session.scene
        if content is None or scene is None:
            return None
        options = StillOptions(labels=self._session.state.look.labels)
        return paint_still(Still(scene, content.raster, content.brush), options)

    def save_picture(self) -> None:
        """Save the page with its labels."""
        asset = self._session.asset
        if asset is None or self._window.canvas.content is None:
            return
        name = one_line(asset.name).replace("/", "_")
        suggested = f"{name}-{self._session.state.place.page + 1}.png"
        path = dialogs.ask_target(self._window, tr("Save the picture"), suggested)
        if path is None:
            return
        try:
            picture = self._picture()
            if picture is not None:
                save_png(picture, path)
        except ViewerError as error:
            self._window.tell(str(error))
        else:
            self._window.tell(tr("Saved as {0}.").format(path.name))

    def copy_picture(self) -> None:
        """The page with its labels to the clipboard."""
        try:
            picture = self._picture()
        except ViewerError as error:
            self._window.tell(str(error))
            return
        if picture is not None:
            QGuiApplication.clipboard().setImage(picture)
            self._window.tell(tr("The picture is copied."))

    def copy_link(self) -> None:
        """The command that opens this place."""
        session = self._session
        export, asset, task = session.export, session.asset, session.task
        if export is None or asset is None or task is None:
            return
        place = session.state.place
        ref = task.task_id if place.task and task.task_id else str(asset.index)
        words = ["ango-viewer", str(export.path), "--asset", ref, "--page", str(place.page)]
        if place.stage != state.CURRENT:
            words += ["--stage", str(place.stage)]
        if session.state.selection is not None:
            words += ["--object", session.state.selection]
        QGuiApplication.clipboard().setText(shlex.join(words))
        self._window.tell(tr("The command that opens this place is copied."))

    def copy_json(self) -> None:
        """JSON of the selected label, else of the asset; addresses without their query."""
        session = self._session
        raw = session.asset.raw if session.asset is not None else b""
        if session.scene is not None and session.state.selection is not None:
            found = [p.annotation for p in session.scene.placed if p.annotation.object_id == session.state.selection]
            raw = found[0].raw if found else raw
        QGuiApplication.clipboard().setText(laid_out(raw).text)
        self._window.tell(tr("The JSON is copied; links are copied without their signature."))

    # ---- help ----------------------------------------------------------------------------------------------

    def show_log(self) -> None:
        """Open the folder of the log."""
        folder = log.default_folder()
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            dialogs.tell(self._window, tr("Log"), str(folder))

    def show_keys(self) -> None:
        """All keys."""
        why = {record.id: self.why(record) for record in ACTIONS}
        if CheatSheet(self._window, keys=self._keys, why=why).exec() == CHANGE:
            self.edit_keys()

    def show_about(self) -> None:
        """Version, licence and where things are."""
        text = "\n".join(
            (
                f"ango-viewer {__version__}",
                "",
                tr("Free software under the GNU Affero General Public License 3 or later."),
                "",
                f"{tr('Log')}: {log.default_folder()}",
                f"Qt {qVersion()}",
            )
        )
        dialogs.tell(self._window, tr("About ango-viewer"), text)


def keys_text(keys: tuple[str, ...]) -> str:
    """The first key for people."""
    return QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
