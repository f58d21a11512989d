"""The inspector as a region: a row of tabs, of which only the one in front is filled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from PySide6.QtCore import QCoreApplication, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from viewer.errors import Problem
from viewer.export.issues import Issue
from viewer.model import Asset, Classification, Relation, Snapshot, Task
from viewer.state import Look
from viewer.tracks import Placed
from viewer.ui import theme
from viewer.ui.inspector import facts, words
from viewer.ui.inspector.cards import SHOWN, CardList, issue_card, problem_card
from viewer.ui.inspector.change_block import Sides
from viewer.ui.inspector.change_listing import ChangeListing
from viewer.ui.inspector.changes_tab import ChangesTab, Why
from viewer.ui.inspector.facts_view import FactsView
from viewer.ui.inspector.json_tab import JsonTab, Run
from viewer.ui.inspector.label_column import COLUMN, LabelColumn
from viewer.ui.inspector.labels_tab import LabelsTab
from viewer.ui.scene import Scene
from viewer.ui.widgets.buttons import FlatButton
from viewer.ui.widgets.layout import Divider, column, row
from viewer.ui.widgets.tabs import CountTabs

Tab = Literal["labels", "changes", "details", "problems", "issues", "json"]
TABS: tuple[Tab, ...] = ("labels", "changes", "details", "problems", "issues", "json")
ICONS: dict[Tab, str] = {
    "labels": "tag", "changes": "diff", "details": "info", "problems": "triangle-alert", "issues": "flag",
    "json": "braces",
}  # fmt: skip
"""What stands for a tab where there is no room for its name."""
WIDTH, MIN_WIDTH = 328, 280


class InspectorPanel(QWidget):
    """It only shows; what is selected, hidden and looked at is the session's."""

    object_chosen = Signal(str)
    """A label was selected in the list, or a relation's end is to be gone to."""
    group_toggled = Signal(str, str)
    """(``class``, ``tool``, ``person`` or ``object``; key): hide or show again."""
    group_soloed = Signal(str, str)
    zoom_wanted = Signal(str)
    problem_chosen = Signal(object)
    """`Problem`"""
    issue_chosen = Signal(object)
    """`Issue`: page, position and object id say where it is."""
    page_wanted = Signal(int)
    stage_wanted = Signal(int)
    copied = Signal(str)
    """A sentence about what is on the clipboard now."""
    asked = Signal(str)
    """Id of an action of the window (``copy_link``)."""
    canvas_wanted = Signal()
    """Esc in the list: the keys go back to the picture."""

    def __init__(self, parent: QWidget | None = None, *, run: Run | None = None) -> None:
        """`run(work, done)` does work in a thread and calls `done` with its result here."""
        super().__init__(parent)
        words.use_translation(lambda text: QCoreApplication.translate("", text))
        self.tabs = CountTabs(self)
        self.tabs.setAccessibleName(self.tr("Inspector"))
        names = {
            "labels": self.tr("Labels"), "changes": self.tr("Changes"), "details": self.tr("Details"),
            "problems": self.tr("Problems"), "issues": self.tr("Issues"), "json": self.tr("JSON"),
        }  # fmt: skip
        for tab in TABS:
            self.tabs.add(names[tab], ICONS[tab])
        self.labels = LabelsTab(self)
        self.changes = ChangesTab(self)
        self.details = FactsView(self.tr("Details of the asset and its task"), self)
        self.problems = CardList(self.tr("Problems"), self)
        self.issues = CardList(self.tr("Issues"), self)
        self.json = JsonTab(run, self)
        self.copy_problems = FlatButton(
            self.tr("Copy all"), self, icon="copy", look="framed", height=theme.CONTROL_SMALL, pixels=theme.SECOND_PX
        )
        problems = QWidget(self)
        problems.setLayout(column(row(None, self.copy_problems, margins=(theme.SPACE_M, 8)), self.problems))
        self._stack = QStackedLayout()
        for page in (self.labels, self.changes, self.details, problems, self.issues, self.json):
            self._stack.addWidget(page)
        self.label_column = LabelColumn(self.labels, names["labels"], self)
        tabbed = column(row(self.tabs, None, margins=(4, 0, 4, 0)), Divider(self), self._stack)
        layout = row(self.label_column, tabbed, spacing=0)
        layout.setStretch(0, 1)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.setMinimumWidth(MIN_WIDTH)
        self.is_wide = self._may_be_wide = False
        """Whether labels stand in a column of their own."""
        self._problems: list[Problem] = []
        self._issues: list[Issue] = []
        self._asset_key: tuple[object, ...] | None = None
        self._scene_due: tuple[Scene | None, Snapshot | None, Task | None, Asset | None, Look] | None = None
        self._selection: str | None = None
        self._later: dict[Tab, Callable[[], None]] = {}
        self._connect()
        self._take_focus_in_front()
        self.clear()

    def _connect(self) -> None:
        view = self.labels.view
        self.tabs.currentChanged.connect(self._tab_chosen)
        view.object_chosen.connect(self.object_chosen)
        view.page_wanted.connect(self.page_wanted)
        view.zoom_wanted.connect(self.zoom_wanted)
        view.group_toggled.connect(self.group_toggled)
        view.group_soloed.connect(self.group_soloed)
        view.copied.connect(self.copied)
        view.left.connect(self.canvas_wanted)
        self.labels.jump_wanted.connect(self._jump)
        self.labels.json_wanted.connect(self.show_label_json)
        self.labels.stage_wanted.connect(self.stage_wanted)
        self.labels.selection_told.connect(self._selection_told)
        self.labels.selected.zoom_wanted.connect(self._zoom)
        self.labels.selected.copied.connect(self.copied)
        self.labels.selected.asked.connect(self.asked)
        self.changes.copied.connect(self.copied)
        self.changes.canvas_wanted.connect(self.canvas_wanted)
        self.details.jump_wanted.connect(self._jump)
        self.details.copied.connect(self.copied)
        self.problems.chosen.connect(self.problem_chosen)
        self.problems.copied.connect(self.copied)
        self.issues.chosen.connect(self.issue_chosen)
        self.issues.copied.connect(self.copied)
        self.json.copied.connect(self.copied)
        self.copy_problems.clicked.connect(self._copy_problems)

    def sizeHint(self) -> QSize:
        return QSize(2 * COLUMN + 1 if self._may_be_wide else WIDTH, 600)

    # ---- one column or two -------------------------------------------------------------------------------

    def set_wide(self, on: bool) -> None:
        """Whether the window has room for two columns: labels, and the other tabs beside them."""
        self._may_be_wide = on
        self._set_columns()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_columns()

    def _set_columns(self) -> None:
        """Two columns where there is room; whoever drags the inspector slim has one."""
        wide = self._may_be_wide and self.width() >= 2 * MIN_WIDTH + 1
        if wide == self.is_wide:
            return
        self.is_wide = wide
        first = TABS.index("labels")
        if wide:
            if self.tabs.currentIndex() == first:
                self.tabs.setCurrentIndex(TABS.index("changes"))
            self.label_column.take(self._stack)
        else:
            self.label_column.give_back(self._stack)
        self.tabs.setTabVisible(first, not wide)
        self._stack.setCurrentIndex(max(self.tabs.currentIndex(), 0))
        self._take_focus_in_front()
        self._bring_scene()

    def shows(self, tab: Tab) -> bool:
        """Whether a tab is seen: in front, or in a column of its own."""
        return self.tab == tab or (self.is_wide and tab == "labels")

    # ---- tabs --------------------------------------------------------------------------------------------

    @property
    def tab(self) -> Tab:
        """The tab in front."""
        return TABS[max(self.tabs.currentIndex(), 0)]

    def show_tab(self, tab: Tab) -> None:
        """Bring a tab to the front; one that is not there stays away."""
        index = TABS.index(tab)
        if self.tabs.isTabVisible(index):
            self.tabs.setCurrentIndex(index)

    def _tab_chosen(self, index: int) -> None:
        self._stack.setCurrentIndex(max(index, 0))
        self._take_focus_in_front()
        self._bring_scene()
        fill = self._later.pop(self.tab, None)
        if fill is not None:
            fill()

    def _take_focus_in_front(self) -> None:
        """Keys that are given to the region belong to the list in front."""
        lists: dict[Tab, QWidget] = {
            "labels": self.labels.view, "changes": self.changes, "details": self.details,
            "problems": self.problems, "issues": self.issues, "json": self.json.view,
        }  # fmt: skip
        self.setFocusProxy(lists["labels" if self.is_wide else self.tab])

    def _when_seen(self, tab: Tab, fill: Callable[[], None]) -> None:
        """Fill a tab now if it is in front, else when it comes there: frames step 30 times a second."""
        if self.tab == tab:
            self._later.pop(tab, None)
            fill()
        else:
            self._later[tab] = fill

    def _show_count(self, tab: Tab, count: int | None, *, hide: bool = False) -> None:
        index = TABS.index(tab)
        self.tabs.set_count(index, count)
        if tab == "labels":
            self.label_column.heading.set_count(0, count)
            hide = self.is_wide
        if self.tabs.isTabVisible(index) == hide:
            if hide and self.tabs.currentIndex() == index:
                self.tabs.setCurrentIndex(0)
            self.tabs.setTabVisible(index, not hide)

    # ---- what is shown -----------------------------------------------------------------------------------

    def clear(self) -> None:
        """No asset is shown."""
        self.show_scene(None, None, None, None, Look(), None)
        self._asset_key = None
        self._later.pop("details", None)
        self.show_no_changes("none")
        self.details.show_facts(())
        self.json.show_asset(b"")
        self.show_problems(())
        self.show_issues(())

    def show_scene(
        self,
        scene: Scene | None,
        snapshot: Snapshot | None,
        task: Task | None,
        asset: Asset | None,
        look: Look,
        selection: str | None,
    ) -> None:
        """The labels of a page; None: they are not known yet."""
        self._show_count("labels", None if scene is None else len(scene.placed))
        self._selection = selection
        self._scene_due = (scene, snapshot, task, asset, look)
        self._bring_scene()

    def offer_stage(self, stage: tuple[int, str, int] | None) -> None:
        """Another stage for one without labels: its index, its name, how many labels it has."""
        self.labels.offer_stage(stage)

    def mark(self, object_id: str | None) -> None:
        """Mark the selected label and bring it into view, without choosing it again."""
        if self._selection != object_id or self._scene_due is None:
            self._selection = object_id
            if self._scene_due is None:
                self.labels.mark(object_id)

    def _bring_scene(self) -> None:
        """List what is due, where it can be seen; the JSON tab wants to know what is selected."""
        due = self._scene_due
        if due is not None and (self.shows("labels") or self.tab == "json"):
            self._scene_due = None
            self.labels.show_scene(*due, self._selection)

    def show_changes(self, count: int, make: Callable[[Callable[[ChangeListing, Sides], None]], None]) -> None:
        """`count` changes between two stages. `make` has them listed, in a thread, once the tab is seen."""
        self._show_count("changes", count)
        self._when_seen("changes", lambda: make(self.changes.show_changes))

    def show_no_changes(self, why: Why, sides: Sides | None = None) -> None:
        """Nothing is compared, or not yet."""
        self._show_count("changes", None)
        self._later.pop("changes", None)
        self.changes.show_nothing(why, sides)

    def show_asset(
        self,
        asset: Asset,
        task: Task,
        snapshot: Snapshot,
        media: Mapping[str, Any],
        answers_here: Sequence[Classification] = (),
    ) -> None:
        """The asset, its task and its file (`media`: the document's facts), and what was answered for this page."""
        key = (asset, task, snapshot, dict(media), tuple(answers_here))
        if key == self._asset_key:
            return
        same = self._asset_key is not None and self._asset_key[0] is asset
        self._asset_key = key
        if not same:
            self.json.show_asset(asset.raw)

        def fill() -> None:
            rows = facts.asset_facts(asset, task, snapshot, media, answers_here)
            self.details.show_facts(rows, keep_place=same)

        self._when_seen("details", fill)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """What could not be shown, or had to be guessed. Without any the tab is away."""
        problems = list(problems)
        if problems == self._problems and self.tabs.isTabVisible(TABS.index("problems")) == bool(problems):
            return
        self._problems = problems
        self._show_count("problems", len(problems), hide=not problems)

        def fill() -> None:
            self.problems.show_cards([problem_card(p) for p in problems[:SHOWN]], len(problems))

        self._when_seen("problems", fill)

    def show_issues(self, issues: Sequence[Issue]) -> None:
        """The issues of the task, open ones first. Without any the tab is away."""
        issues = sorted(issues, key=lambda issue: not issue.is_open)
        if issues == self._issues and self.tabs.isTabVisible(TABS.index("issues")) == bool(issues):
            return
        self._issues = issues
        self._show_count("issues", len(issues), hide=not issues)

        def fill() -> None:
            self.issues.show_cards([issue_card(i) for i in issues[:SHOWN]], len(issues))

        self._when_seen("issues", fill)

    def set_compact(self, on: bool) -> None:
        """Whether the window is low."""
        self.labels.set_compact(on)
        self.changes.set_compact(on)

    def set_run(self, run: Run | None) -> None:
        """Who does work in threads."""
        self.json.set_run(run)

    def set_repeats(self, repeats: Callable[[str], bool]) -> None:
        """Says of a class whether another one had its colour first (`Palette.repeats`)."""
        self.labels.model.repeats = self.changes.model.repeats = repeats

    def show_label_json(self) -> None:
        """The raw JSON of the selected label."""
        self.json.choice.choose("label")
        self.show_tab("json")
        self.json.fill()

    def show_path(self, path: str) -> None:
        """A place in the asset's raw JSON, as a problem names it."""
        self.show_tab("json")
        self.json.show_path(path)

    def focus_list(self) -> None:
        """The keys go to what is in front."""
        self.setFocus(Qt.FocusReason.TabFocusReason)

    # ---- what is asked for -------------------------------------------------------------------------------

    def _selection_told(self) -> None:
        entry = self.labels.selected_entry()
        if entry is None:
            self.json.show_label(None)
            return
        target: Any = entry.annotation if isinstance(entry, Placed) else entry
        self.json.show_label(target.raw, target.path or "$")

    def _zoom(self) -> None:
        entry = self.labels.selected_entry()
        if isinstance(entry, Placed):
            self.zoom_wanted.emit(entry.annotation.object_id)
        elif isinstance(entry, Relation):
            self.zoom_wanted.emit(entry.object_id)
        elif entry is not None:
            self.page_wanted.emit(entry.page or 0)

    def _jump(self, where: tuple[str, Any]) -> None:
        kind, target = where
        if kind == "stage":
            stage, object_id = target
            self.stage_wanted.emit(stage)
            if object_id:
                self.object_chosen.emit(object_id)
            return
        if kind == "page":
            self.page_wanted.emit(int(target))
            return
        first = self.labels.names.first(target)
        scene = self.labels.scene
        here = scene is not None and any(p.annotation.object_id == target for p in scene.placed)
        if first is not None and first.page is not None and not here:
            self.page_wanted.emit(first.page)
        self.object_chosen.emit(target)

    def _copy_problems(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(words.safe_line(p.line()) for p in self._problems))
        self.copied.emit(self.tr("{0} problems are copied.").format(f"{len(self._problems):,}"))

    # ---- remembered --------------------------------------------------------------------------------------

    def save(self, settings: QSettings) -> None:
        """Grouping and heights."""
        self.labels.save(settings)
        self.changes.save(settings)

    def restore(self, settings: QSettings) -> None:
        """As they were."""
        self.labels.restore(settings)
        self.changes.restore(settings)
