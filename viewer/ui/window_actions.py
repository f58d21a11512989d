"""The actions of the table as menus and shortcuts, and those that begin with a dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, QPoint, Qt, QUrl, qVersion
from PySide6.QtGui import QAction, QDesktopServices, QKeySequence
from PySide6.QtWidgets import QMenu

from viewer import __version__, log
from viewer.errors import ViewerError, one_line
from viewer.ui import dialogs
from viewer.ui.actions import ACTIONS, Action, tr
from viewer.ui.document_options import DocumentOptions
from viewer.ui.session import Session
from viewer.ui.still import Still, StillOptions, paint_still, save_png

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow

MENUS = ("File", "Go", "View", "Labels", "Help")
MENU_TEXTS = {"File": "&File", "Go": "&Go", "View": "&View", "Labels": "&Labels", "Help": "&Help"}


class WindowActions(QObject):
    """Makes a QAction of each record. An id is a method of the session, else of this object."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self.by_id: dict[str, QAction] = {}
        menus = {name: window.menuBar().addMenu(tr(MENU_TEXTS[name])) for name in MENUS}
        for record in ACTIONS:
            action = self._made(record)
            if record.separator:
                menus[record.menu].addSeparator()
            menus[record.menu].addAction(action)
            self.by_id[record.id] = action
        self.refresh()

    def _made(self, record: Action) -> QAction:
        action = QAction(tr(record.text), self._window)
        action.setToolTip(tr(record.tip or record.text.rstrip("…")))
        action.setShortcuts([QKeySequence(key) for key in record.shortcuts])
        action.setCheckable(bool(record.checked))
        target = self._session if hasattr(self._session, record.id) else self
        method = getattr(target, record.id)
        action.triggered.connect(lambda _checked=False: method())
        if record.scope == "canvas":
            # keys without a modifier belong to the canvas and its bars; in lists and fields letters are typed
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            for widget in (self._window.canvas, self._window.page_bar, self._window.stages):
                widget.addAction(action)
        return action

    def refresh(self) -> None:
        """Enable what can be done now, and check what is on."""
        if not shiboken6.isValid(self._window):
            return
        s = self._session
        there = {
            "": True,
            "export": s.export is not None,
            "asset": s.asset is not None,
            "pages": s.asset is not None and s.page_count > 1,
            "picture": self._window.canvas.content is not None,
            "selection": s.state.selection is not None,
            "failure": s.loader.has_failed or (s.state.place.asset is not None and s.asset is None),
        }
        for record in ACTIONS:
            action = self.by_id[record.id]
            action.setEnabled(there[record.needs])
            if record.checked:
                action.setChecked(bool(getattr(s, record.checked)))

    def show_canvas_menu(self, at: QPoint, object_ids: tuple[str, ...]) -> None:
        """What can be done at a place of the canvas."""
        menu = QMenu(self._window)
        if object_ids:
            self._session.select(object_ids[0])
            for name in ("zoom_to_selection", "hide_selected"):
                menu.addAction(self.by_id[name])
            menu.addSeparator()
        for name in ("fit", "one_to_one", "toggle_labels", "cycle_tags", "save_picture"):
            menu.addAction(self.by_id[name])
        menu.exec(at)
        menu.deleteLater()

    # ---- actions that begin with a dialog, or belong to the window alone ------------------------------------

    def choose_export(self) -> None:
        """Ask for an export and open it."""
        path = dialogs.ask_export(self._window)
        if path is not None:
            self._session.open_export(path)

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

    def locate_file(self) -> None:
        """Ask where the open asset's file is."""
        path = dialogs.ask_file(self._window, tr("Locate the file of this asset"))
        if path is not None:
            self._session.locate(path)

    def look_in_folder(self) -> None:
        """Ask for a folder with the export's files."""
        path = dialogs.ask_folder(self._window, tr("Look for the assets' files in a folder"))
        if path is not None:
            self._session.look_in(path)

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
            self._session.reread(DocumentOptions(password=password))

    def other_engine(self) -> None:
        """Read the PDF with the second engine."""
        self._session.reread(DocumentOptions(engine="pdfium"))

    def save_picture(self) -> None:
        """Save the page with its labels, one pixel per page pixel."""
        content, scene = self._window.canvas.content, self._session.scene
        if content is None or scene is None or self._session.asset is None:
            return
        page = self._session.state.place.page
        name = self._session.asset.name.replace("/", "_")
        path = dialogs.ask_target(self._window, tr("Save the picture"), f"{name}-{page + 1}.png")
        if path is None:
            return
        try:
            options = StillOptions(labels=self._session.state.look.labels)
            save_png(paint_still(Still(scene, content.raster, content.brush), options), path)
        except ViewerError as error:
            self._window.tell(str(error))
        else:
            self._window.tell(tr("Saved as {0}.").format(path.name))

    def quit_program(self) -> None:
        """Close the window."""
        self._window.close()

    def fit(self) -> None:
        """The whole page."""
        self._window.canvas.fit()

    def one_to_one(self) -> None:
        """One page pixel on one screen pixel."""
        self._window.canvas.one_to_one()

    def zoom_in(self) -> None:
        """Closer."""
        self._window.canvas.zoom_by(1.25)

    def zoom_out(self) -> None:
        """Further away."""
        self._window.canvas.zoom_by(0.8)

    def zoom_to_selection(self) -> None:
        """Bring the selected label to the middle."""
        selection = self._session.state.selection
        if selection is not None:
            self._window.canvas.zoom_to_labels([selection])

    def show_log(self) -> None:
        """Open the folder of the log."""
        folder = log.default_folder()
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            dialogs.tell(self._window, tr("Log"), str(folder))

    def show_keys(self) -> None:
        """All keys."""
        lines = [
            f"{QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText):<18} {tr(record.text).rstrip('…')}"
            for record in ACTIONS
            for key in record.shortcuts[:1]
        ]
        dialogs.tell(self._window, tr("Keys"), "\n".join(lines))

    def show_about(self) -> None:
        """Version, licence and where things are."""
        dialogs.tell(
            self._window,
            tr("About ango-viewer"),
            one_line(f"ango-viewer {__version__}")
            + "\n\n"
            + tr("Free software under the GNU Affero General Public License 3 or later.")
            + f"\n\n{tr('Log')}: {log.default_folder()}\nQt {qVersion()}",
        )
