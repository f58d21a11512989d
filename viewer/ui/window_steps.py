"""What the window itself does of the table of actions: find, regions, zoom, look. It moves nothing of the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from viewer.errors import ViewerError, one_line
from viewer.ui import theme
from viewer.ui.find.match import Entry

if TYPE_CHECKING:
    from viewer.ui.asset_steps import AssetSteps
    from viewer.ui.assets import AssetPanel
    from viewer.ui.canvas import Canvas
    from viewer.ui.changes.shown import ChangesShown
    from viewer.ui.changes.table_steps import ChangeTableSteps
    from viewer.ui.changes.through import ThroughStages
    from viewer.ui.compare import CompareView
    from viewer.ui.comparing_steps import ComparingSteps
    from viewer.ui.find.palette import Palette
    from viewer.ui.fresh_links import FreshLinks
    from viewer.ui.header import Header
    from viewer.ui.hold_keys import HoldKey
    from viewer.ui.inspector import InspectorPanel
    from viewer.ui.missing.steps import MissingSteps
    from viewer.ui.pages import PageBar
    from viewer.ui.regions import Regions
    from viewer.ui.session import Session
    from viewer.ui.start_page import StartPage
    from viewer.ui.status import StatusRow
    from viewer.ui.status_steps import StatusSteps
    from viewer.ui.timeline import StageTimeline
    from viewer.ui.transfers.steps import TransferSteps
    from viewer.ui.ways_out import WaysOut
    from viewer.ui.window_actions import WindowActions

THEMES: tuple[theme.Choice, ...] = ("system", "light", "dark")


class WindowSteps(QMainWindow):
    """The half of the window that actions call; `MainWindow` makes the regions named here."""

    session: Session
    asset_steps: AssetSteps
    stages: ComparingSteps
    changes_shown: ChangesShown
    change_table: ChangeTableSteps
    through_stages: ThroughStages
    fresh_links: FreshLinks
    actions_: WindowActions
    assets: AssetPanel
    canvas: Canvas
    compare: CompareView
    header: Header
    hold: HoldKey
    hold_a: HoldKey
    inspector: InspectorPanel
    missing: MissingSteps
    page_bar: PageBar
    palette_: Palette
    regions: Regions
    start: StartPage
    status: StatusRow
    status_steps: StatusSteps
    ways_out: WaysOut
    timeline: StageTimeline
    transfers: TransferSteps
    hovered_id: str | None = None

    def tell(self, text: str) -> None:
        """A sentence that is no reason to interrupt."""
        raise NotImplementedError

    inspector_shown = property(lambda self: bool(self.regions.inspector_shown))
    change_table_shown = property(lambda self: bool(self.change_table.is_shown))
    timeline_shown = property(lambda self: bool(self.regions.timeline_shown))

    def show_palette(self) -> None:
        """Find an asset, a command, a class or a page."""
        self.palette_.open()

    def class_entries(self) -> list[Entry]:
        """The classes of the page, for the palette."""
        scene = self.session.scene
        titles = {} if scene is None else {p.annotation.schema_id: p.annotation.title for p in scene.placed}
        return [Entry("class", key, one_line(title or key), self.tr("show alone")) for key, title in titles.items()]

    def entry_chosen(self, entry: Entry) -> None:
        """Something was chosen in the palette."""
        if entry.kind == "action":
            self.actions_.run(entry.key)
        elif entry.kind == "asset":
            self.session.open_asset(int(entry.key))
        elif entry.kind == "page":
            self.session.go_to_page(int(entry.key))
        else:
            self.session.toggle_solo("class", entry.key)

    def hide_pointed(self) -> None:
        """Hide the label under the pointer, else the selected one."""
        target = self.hovered_id or self.session.state.selection
        if target is not None:
            self.session.toggle_hidden("object", target)

    def find_asset(self) -> None:
        """To the search field of the asset list."""
        if self.regions.form != "list":
            self.regions.set_form("list")
        self.assets.focus_search()

    def toggle_filter(self) -> None:
        """The filter of the asset list, off and on again."""
        self.assets.toggle_filter()

    def cycle_list(self) -> None:
        """The asset list: list, pictures, hidden."""
        self.regions.cycle_list()

    def toggle_inspector(self) -> None:
        """The inspector, or more room for the page."""
        self.regions.toggle_inspector()
        self.actions_.refresh()

    def toggle_timeline(self) -> None:
        """The stage history, or more room for the page."""
        self.regions.toggle_timeline()
        self.actions_.refresh()

    def show_change_table(self) -> None:
        """The table of changes in place of the page, or the page again."""
        self.change_table.toggle()
        self.actions_.refresh()

    def show_transfers(self) -> None:
        """The panel of transfers, or away with it."""
        self.transfers.toggle()

    def full_screen(self) -> None:
        """Nothing but the page, or everything again."""
        on = not self.isFullScreen()
        self.regions.set_canvas_only(on)
        self.status.setVisible(not on)
        self.showFullScreen() if on else self.showNormal()
        self.canvas.setFocus()

    def stepped_out(self) -> None:
        """Esc with nothing left to step out of: leave the full screen, else fit the page."""
        if self.isFullScreen():
            self.full_screen()
        else:
            self.canvas.fit()

    def next_region(self) -> None:
        """The next region takes the keys."""
        self._step_region(1)

    def previous_region(self) -> None:
        """The one before."""
        self._step_region(-1)

    def _step_region(self, step: int) -> None:
        regions: list[QWidget] = [
            self.start, self.canvas, self.page_bar, self.timeline, self.inspector, self.assets.view,
            self.header.menu_button,
        ]  # fmt: skip
        regions[1:1] = self.change_table.regions
        regions.append(self.transfers.panel.view)
        shown = [w for w in regions if w.isVisible()]
        focus = QApplication.focusWidget()
        at = next((i for i, w in enumerate(shown) if focus is not None and (w is focus or w.isAncestorOf(focus))), -1)
        if shown:
            target = shown[(at + step) % len(shown)]
            if target is self.inspector:
                self.inspector.focus_list()
            else:
                target.setFocus(Qt.FocusReason.TabFocusReason)

    def fit(self) -> None:
        """The whole page."""
        self.canvas.fit()

    def fit_width(self) -> None:
        """The width of the page."""
        self.canvas.fit_width()

    def one_to_one(self) -> None:
        """One page pixel on one screen pixel."""
        self.canvas.one_to_one()

    def zoom_in(self) -> None:
        """Closer."""
        self.canvas.zoom_by(1.25)

    def zoom_out(self) -> None:
        """Further away."""
        self.canvas.zoom_by(0.8)

    def zoom_to_selection(self) -> None:
        """Bring the selected label to the middle."""
        selection = self.session.state.selection
        if selection is not None:
            self.compare.zoom_to_labels([selection])

    def quit_program(self) -> None:
        """Close the window."""
        self.close()

    def choose_theme(self, index: int) -> None:
        """As the system, light, dark."""
        try:
            self.session.settings.change(theme=THEMES[index])
        except ViewerError as error:
            self.tell(str(error))
        self.use_settings()

    def use_settings(self) -> None:
        """Take over what the settings say, live."""
        settings = self.session.settings.settings
        application = QApplication.instance()
        wanted = theme.tokens_of(settings.theme)
        if isinstance(application, QApplication) and wanted is not theme.current():
            theme.apply(application, wanted)
        self.canvas.set_view_rule(settings.zoom)
        self.canvas.set_motion(settings.motion)
        self.timeline.set_motion(settings.motion)
        self.hold.holds = self.hold_a.holds = settings.hold_to_peek
        self.compare.set_blink(settings.blink_hz)
        self.update()
