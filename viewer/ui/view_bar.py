"""The bar above the canvas: how stages are looked at, which ones, how many labels and changes, and how they look."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.errors import one_line
from viewer.model import Asset
from viewer.state import Look
from viewer.ui import theme
from viewer.ui.actions import tr
from viewer.ui.compare.modes import MODES
from viewer.ui.header import MenuButton
from viewer.ui.stage_picker import NARROWEST, StagePicker
from viewer.ui.timeline.cards import stage_names
from viewer.ui.view_bar_menus import ViewMenus, open_below
from viewer.ui.widgets.buttons import IconButton, Segment
from viewer.ui.widgets.change_counter import ChangeCounter
from viewer.ui.widgets.giving_way import Way, give_way
from viewer.ui.widgets.layout import Divider, Text

HEIGHT = 40
_SPACING = theme.SPACE_XS
_LEFT = ("modes", "reference", "swap", "stage", "link", "task", "count")
_RIGHT = ("changes", "line", "voi", "tags", "eye", "looks", "line2", "fit", "zoom", "more")
_AIR = {"reference": 8, "stage": 4, "count": 8, "line": 4, "voi": 4, "line2": 4, "fit": 4}
"""Pixels more than usual in front of a control."""


class ViewBar(QWidget):
    """One row of 40 px above the canvas. Where it is narrow, controls give way by their weight, into a menu."""

    asked = Signal(str)
    """The id of an action."""
    mode_chosen = Signal(str)
    stage_chosen = Signal(int)
    """To be shown; B when two are compared."""
    reference_chosen = Signal(int)
    beside_chosen = Signal(int)
    """To be A."""
    swap_wanted = Signal()
    link_toggled = Signal()
    task_chosen = Signal(int)
    colour_chosen = Signal(str)
    fill_chosen = Signal(float)
    window_chosen = Signal(object)
    """(centre, width) or None for the file's own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._asset: Asset | None = None
        self._kind = ""
        self._total: int | None = None
        self.shown_task = self.shown_stage = 0
        self.reference_stage: int | None = None
        self.beside: tuple[str, ...] = ()
        """Names of states that are no stage of this task: of other tasks, of another export."""
        self.look = Look()
        self._key_of: Callable[[str], str] = lambda _action: ""
        self.fill = 0.1
        self.menus = ViewMenus(self)
        self._gone: frozenset[str] = frozenset()
        self.modes = Segment([(m.KEY, tr(m.TEXT), m.ICON) for m in MODES], self, compact=True)
        self.modes.setAccessibleName(self.tr("How stages are looked at"))
        self.reference = StagePicker(self.tr("Stage"), self)
        self.swap = IconButton("arrow-left-right", self.tr("Swap A and B"), self)
        self.stage = StagePicker(self.tr("Stage"), self)
        self.link = IconButton("link", "", self)
        self.task = MenuButton("", self, look="framed")
        self.task.setAccessibleName(self.tr("Task"))
        self.count = Text("", self, tone="text2")
        self.changes = ChangeCounter(self)
        self.voi = IconButton("contrast", self.tr("VOI window"), self)
        self.tags = IconButton("tag", self.tr("Tags"), self)
        self.eye = IconButton("eye", self.tr("Show labels"), self)
        self.looks = IconButton("sliders-horizontal", self.tr("How labels look"), self)
        self.fit = IconButton("maximize", self.tr("Fit"), self)
        self.zoom = MenuButton("100 %", self)
        self.zoom.setAccessibleName(self.tr("Zoom"))
        self.more = IconButton("ellipsis", self.tr("More"), self)
        self._controls: dict[str, QWidget] = {
            "modes": self.modes, "reference": self.reference, "swap": self.swap, "stage": self.stage,
            "link": self.link, "task": self.task, "count": self.count, "changes": self.changes, "voi": self.voi,
            "tags": self.tags, "eye": self.eye, "looks": self.looks, "fit": self.fit, "zoom": self.zoom,
            "more": self.more,
        }  # fmt: skip
        for line in ("line", "line2"):
            self._controls[line] = Divider(self, vertical=True)
            self._controls[line].setFixedHeight(20)
        self._connect()
        self.clear()

    def _connect(self) -> None:
        self.swap.clicked.connect(lambda: self.swap_wanted.emit())
        self.link.clicked.connect(lambda: self.link_toggled.emit())
        self.modes.chosen.connect(self._choose_mode)
        self.changes.stepped.connect(lambda step: self.asked.emit("next_change" if step > 0 else "previous_change"))
        for button, fill in (
            (self.stage, self.menus.stages),
            (self.reference, self.menus.references),
            (self.task, self.menus.tasks),
            (self.voi, self.menus.windows),
            (self.looks, self.menus.looks),
            (self.zoom, self.menus.zooms),
        ):
            button.clicked.connect(partial(open_below, button, fill))
        self.more.clicked.connect(lambda: open_below(self.more, lambda menu: self.menus.more(menu, self._gone)))
        for button, action in (
            (self.tags, "cycle_tags"),
            (self.eye, "toggle_labels"),
            (self.fit, "fit"),
        ):
            button.clicked.connect(partial(self.asked.emit, action))

    # ---- what it says ------------------------------------------------------------------------------------

    def clear(self) -> None:
        """No asset is shown."""
        self._asset = None
        self._kind = ""
        self._total = None
        self.reference_stage = None
        self.count.setText("")
        self._lay_out()

    def show_asset(self, asset: Asset) -> None:
        """The tasks and stages of an asset."""
        self._asset = asset
        self.mark(0, len(asset.tasks[0].snapshots) - 1)

    def mark(self, task: int, stage: int, reference: int | None = None) -> None:
        """Which of them is shown, and which stage it is compared with."""
        if self._asset is None:
            return
        self.shown_task, self.shown_stage, self.reference_stage = task, stage, reference
        self.task.setText(self.task_texts()[task])
        names = self._stage_names()
        known = (*names, *self.beside)
        if reference is None or not 0 <= reference < len(known):
            self.reference_stage = None
            texts = self.stage_texts()
            self.stage.show_stage(
                texts[stage] if stage < len(texts) else "", short=names[stage] if stage < len(names) else ""
            )
        else:
            self.reference.show_stage(known[reference], "A")
            self.stage.show_stage(names[stage] if stage < len(names) else "", "B")
        many = len(known) > 1
        self.modes.setEnabled(many)
        self.modes.setToolTip("" if many else self.tr("There is one stage only, nothing to compare it with"))
        self._lay_out()

    def offer_beside(self, names: tuple[str, ...]) -> None:
        """What else the stage shown can be compared with."""
        self.beside = names
        self.mark(self.shown_task, self.shown_stage, self.reference_stage)

    def show_count(self, labels: int, hidden: int) -> None:
        """Labels of the page, and how many of them are not drawn."""
        text = self.tr("1 label") if labels == 1 else self.tr("{0} labels").format(f"{labels:,}")
        self.count.setText(text + (" · " + self.tr("{0} hidden").format(f"{hidden:,}") if hidden else ""))
        self._lay_out()

    def show_change(self, index: int | None, total: int | None) -> None:
        """Which change between A and B is selected (0-based), of how many; `total` None: not known yet."""
        self._total = total
        self.changes.show_change(index, total or 0)
        self._lay_out()

    def show_look(self, look: Look, fill: float) -> None:
        """What is on."""
        self.look, self.fill = look, fill
        if self.modes.choice != look.mode:
            self.modes.choose(look.mode)
        self.link.set_icon("link" if look.linked else "unlink")
        self.eye.set_icon("eye" if look.labels else "eye-off")
        self._tell()
        self._lay_out()

    def tell_keys(self, key_of: Callable[[str], str]) -> None:
        """`key_of` gives the key of an action for people, "" for none; asked whenever something changes."""
        self._key_of = key_of
        self._tell()

    def _tell(self) -> None:
        """Tooltips, with the keys that are in force."""

        def tip(text: str, action: str) -> str:
            key = self._key_of(action) if action else ""
            return f"{text} ({key})" if key else text

        link = self.tr("Views are linked") if self.look.linked else self.tr("Each view moves alone")
        tags = {"none": self.tr("Tags: none"), "auto": self.tr("Tags: automatic"), "all": self.tr("Tags: all")}
        self.link.setAccessibleName(link)
        self.link.setToolTip(tip(link, "toggle_link"))
        self.tags.setToolTip(tip(tags[self.look.tags], "cycle_tags"))
        self.swap.setToolTip(tip(self.tr("Swap A and B"), "swap"))
        self.eye.setToolTip(tip(self.tr("Show labels"), "toggle_labels"))
        self.fit.setToolTip(tip(self.tr("Fit"), "fit"))
        self.changes.set_tips(
            tip(self.tr("Previous change"), "previous_change"), tip(self.tr("Next change"), "next_change")
        )
        for mode in MODES:
            action = "" if mode.KEY == "single" else f"mode_{mode.KEY}"
            self.modes.set_tip(mode.KEY, tip(tr(mode.TEXT), action))

    def show_zoom(self, scale: float | None) -> None:
        """Screen pixels per page pixel; None: there is no page."""
        percent = 0.0 if scale is None else scale * 100
        text = "—" if scale is None else f"{percent:.0f} %" if percent >= 10 else f"{percent:.1f} %"
        for control in (self.zoom, self.fit):
            control.setEnabled(scale is not None)
        if text != self.zoom.text():
            self.zoom.setText(text)
            self._lay_out()

    def show_kind(self, kind: str) -> None:
        """Windows are offered where there is something to window."""
        self._kind = kind
        self._lay_out()

    def _choose_mode(self, mode: str) -> None:
        self.modes.choose(self.look.mode)  # it is the state that says which one is in force
        self.mode_chosen.emit(mode)

    def _stage_names(self) -> tuple[str, ...]:
        return () if self._asset is None else stage_names(self._asset.tasks[self.shown_task].snapshots)

    def stage_texts(self) -> list[str]:
        """The stages of the task shown, with what came of them."""
        if self._asset is None:
            return []
        texts = []
        for snapshot, name in zip(self._asset.tasks[self.shown_task].snapshots, self._stage_names(), strict=True):
            state = self.tr("current") if snapshot.is_current else one_line(snapshot.review_status or "")
            texts.append(f"{name} · {state}" if state else name)
        return texts

    def task_texts(self) -> list[str]:
        """The tasks of the asset, with whose they are."""
        texts = []
        for i, task in enumerate(self._asset.tasks if self._asset is not None else ()):
            who = task.fields.get("completedBy") or task.fields.get("updatedBy") or ""
            texts.append(one_line(f"{self.tr('Task')} {i + 1} · {who}".rstrip(" ·"))[:80])
        return texts

    # ---- places ------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(600, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(260, HEIGHT)

    @property
    def gone(self) -> frozenset[str]:
        """The controls that have no room now, and what is said in fewer words."""
        return self._gone

    def _is_wanted(self, key: str) -> bool:
        there = self._asset is not None
        compared = there and self.look.mode != "single" and self.reference_stage is not None
        if key in ("modes", "stage"):
            return there
        if key in ("reference", "swap"):
            return compared
        if key == "link":
            return compared and self.look.mode == "side"
        if key in ("changes", "line"):
            return compared and self._total is not None
        if key == "count":
            return there and not compared and bool(self.count.text())
        if key == "task":
            return there and self._asset is not None and len(self._asset.tasks) > 1
        if key == "voi":
            return self._kind == "dicom"
        return key != "more"

    def _width_of(self, key: str) -> int:
        if key == "task":
            return min(240, self.task.sizeHint().width())
        if key == "changes":
            return self.changes.width_of(short=False)
        return self._controls[key].sizeHint().width() if not key.startswith("line") else 1

    def _ways(self, wanted: list[str]) -> list[Way]:
        """What gives way first: words, then what is needed least often."""
        saved = {key: self._width_of(key) + _SPACING + _AIR.get(key, 0) for key in wanted}

        def into_menu(*keys: str) -> list[Way]:
            return [Way(key, saved[key], to_menu=True) for key in keys if key in saved]

        # what is said in fewer words saves less when it goes altogether: each way counts what those before it left
        short = self._width_of("changes") - self.changes.width_of(short=True)
        if "changes" in saved:
            saved["changes"] += saved["line"] - short
        narrower = sum(
            max(0, self._width_of(key) - NARROWEST - 28) for key in ("reference", "stage", "task") if key in saved
        )
        narrowest = sum(
            min(28, max(0, self._width_of(key) - NARROWEST)) for key in ("reference", "stage") if key in saved
        )
        if "task" in saved:
            saved["task"] -= max(0, self._width_of("task") - NARROWEST - 28)
        return [
            *(Way(key, saved[key]) for key in ("count",) if key in saved),
            *(Way("short", short) for _ in range("changes" in saved)),
            *into_menu("fit", "looks"),
            Way("narrow", narrower),
            *into_menu("voi", "tags"),
            *(Way("text", self.modes.text_room) for _ in range("modes" in saved)),
            *into_menu("eye", "link"),
            *(Way(key, saved[key]) for key in ("line2",) if key in saved),
            *into_menu("swap", "zoom", "changes", "task"),
            Way("narrowest", narrowest),
        ]

    def _lay_out(self) -> None:
        """Give every control its place; what has no room goes into the menu."""
        wanted = [key for key in (*_LEFT, *_RIGHT) if self._is_wanted(key)]
        self.modes.show_text(True)
        needed = sum(self._width_of(key) + _SPACING + _AIR.get(key, 0) for key in wanted) + theme.SPACE_S
        more = self.more.sizeHint().width() + _SPACING
        self._gone = give_way(needed, self.width() - theme.SPACE_S, self._ways(wanted), more)
        self.modes.show_text("text" not in self._gone)
        self.changes.set_short("short" in self._gone)
        shown = [key for key in wanted if key not in self._gone]
        tools = any(key in shown for key in ("voi", "tags", "eye", "looks"))
        for line, around in (("line", "changes"), ("line2", "zoom")):
            if line in shown and not (tools and around in shown):
                shown.remove(line)  # a line that divides nothing
        if any(key in self._gone for key in wanted if key not in ("count", "line2")):
            shown.append("more")
        for key, control in self._controls.items():
            control.setVisible(key in shown)
        x = theme.SPACE_S
        for key in _LEFT:
            if key in shown:
                x += _AIR.get(key, 0) if x > theme.SPACE_S else 0
                x = self._put(key, x) + _SPACING
        right = self.width() - theme.SPACE_S
        for key in reversed(_RIGHT):
            if key in shown:
                right -= self._final_width(key)
                self._put(key, right)
                right -= _SPACING + _AIR.get(key, 0)
        self.update()

    def _final_width(self, key: str) -> int:
        width = self.changes.sizeHint().width() if key == "changes" else self._width_of(key)
        if key in ("reference", "stage", "task"):
            if "narrowest" in self._gone:
                return min(width, NARROWEST)
            if "narrow" in self._gone:
                return min(width, NARROWEST + 28)
        return width

    def _put(self, key: str, x: int) -> int:
        control = self._controls[key]
        height = 20 if key.startswith("line") else control.sizeHint().height()
        control.setGeometry(x, (HEIGHT - 1 - height) // 2, self._final_width(key), height)
        return x + self._final_width(key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.current().panel))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(theme.current().divider))
        painter.end()
