"""The bar above the canvas: which stage and task is shown, how many labels, and how they look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QSlider, QWidget, QWidgetAction

from viewer.errors import one_line
from viewer.model import Asset
from viewer.state import ColourBy, Look
from viewer.ui import theme
from viewer.ui.actions import VOI_WINDOWS
from viewer.ui.header import MenuButton
from viewer.ui.timeline.cards import stage_names
from viewer.ui.widgets.buttons import IconButton
from viewer.ui.widgets.layout import Text, row

HEIGHT = 40


class ViewBar(QWidget):
    """One row of 40 px above the canvas."""

    asked = Signal(str)
    stage_chosen = Signal(int)
    task_chosen = Signal(int)
    colour_chosen = Signal(str)
    fill_chosen = Signal(float)
    window_chosen = Signal(object)
    """(centre, width) or None for the file's own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._asset: Asset | None = None
        self._task = 0
        self._stage = 0
        self._look = Look()
        self._fill = 0.1
        self.stage = MenuButton("", self, icon="history", look="framed")
        self.stage.setMaximumWidth(260)
        self.stage.setAccessibleName(self.tr("Stage"))
        self.task = MenuButton("", self, look="framed")
        self.task.setMaximumWidth(240)
        self.task.setAccessibleName(self.tr("Task"))
        self.count = Text("", self, tone="text2")
        self.voi = IconButton("contrast", self.tr("VOI window"), self)
        self.tags = IconButton("tag", self.tr("Tags: none, automatic, all (L)"), self)
        self.eye = IconButton("eye", self.tr("Show labels (Ctrl+H)"), self)
        self.looks = IconButton("sliders-horizontal", self.tr("How labels look"), self)
        self.fit = IconButton("maximize", self.tr("Fit (Ctrl+9)"), self)
        self.zoom = MenuButton("100 %", self)
        self.zoom.setAccessibleName(self.tr("Zoom"))
        gap = QWidget(self)
        gap.setFixedWidth(1)
        self.setLayout(
            row(
                self.stage, self.task, gap, self.count, None, self.voi, self.tags, self.eye, self.looks, self.fit,
                self.zoom, spacing=theme.SPACE_XS, margins=(theme.SPACE_S, 0),
            )
        )  # fmt: skip
        self.stage.clicked.connect(self._open_stages)
        self.task.clicked.connect(self._open_tasks)
        self.looks.clicked.connect(self._open_looks)
        self.zoom.clicked.connect(self._open_zoom)
        self.voi.clicked.connect(self._open_windows)
        for button, action in ((self.tags, "cycle_tags"), (self.eye, "toggle_labels"), (self.fit, "fit")):
            button.clicked.connect(lambda _on=False, action=action: self.asked.emit(action))
        self.clear()

    # ---- what it says ------------------------------------------------------------------------------------

    def clear(self) -> None:
        """No asset is shown."""
        self._asset = None
        for widget in (self.stage, self.task, self.voi):
            widget.hide()
        self.count.setText("")

    def show_asset(self, asset: Asset) -> None:
        """The tasks and stages of an asset."""
        self._asset = asset
        self.stage.show()
        self.task.setVisible(len(asset.tasks) > 1)
        self.mark(0, len(asset.tasks[0].snapshots) - 1)

    def mark(self, task: int, stage: int) -> None:
        """Which of them is shown."""
        if self._asset is None:
            return
        self._task, self._stage = task, stage
        names = self._stage_texts()
        self.stage.setText(names[stage] if stage < len(names) else "")
        self.stage.updateGeometry()
        self.task.setText(self._task_texts()[task])
        self.task.updateGeometry()

    def show_count(self, labels: int, hidden: int) -> None:
        """Labels of the page, and how many of them are not drawn."""
        text = self.tr("1 label") if labels == 1 else self.tr("{0} labels").format(f"{labels:,}")
        self.count.setText(text + (" · " + self.tr("{0} hidden").format(f"{hidden:,}") if hidden else ""))
        self.count.updateGeometry()

    def show_look(self, look: Look, fill: float) -> None:
        """What is on."""
        self._look, self._fill = look, fill
        self.eye.set_icon("eye" if look.labels else "eye-off")
        tips = {
            "none": self.tr("Tags: none (L)"),
            "auto": self.tr("Tags: automatic (L)"),
            "all": self.tr("Tags: all (L)"),
        }
        self.tags.setToolTip(tips[look.tags])

    def show_zoom(self, scale: float | None) -> None:
        """Screen pixels per page pixel; None: there is no page."""
        percent = 0.0 if scale is None else scale * 100
        text = "—" if scale is None else f"{percent:.0f} %" if percent >= 10 else f"{percent:.1f} %"
        for control in (self.zoom, self.fit):
            control.setEnabled(scale is not None)
        if text != self.zoom.text():
            self.zoom.setText(text)
            self.zoom.updateGeometry()

    def show_kind(self, kind: str) -> None:
        """Windows are offered where there is something to window."""
        self.voi.setVisible(kind == "dicom")

    def _stage_texts(self) -> list[str]:
        assert self._asset is not None
        task = self._asset.tasks[self._task]
        names = stage_names(task.snapshots)
        return [
            f"{name} · {self.tr('current')}" if s.is_current else f"{name} · {one_line(s.review_status)}"
            if s.review_status else name
            for s, name in zip(task.snapshots, names, strict=True)
        ]  # fmt: skip

    def _task_texts(self) -> list[str]:
        assert self._asset is not None
        texts = []
        for i, task in enumerate(self._asset.tasks):
            who = task.fields.get("completedBy") or task.fields.get("updatedBy") or ""
            texts.append(one_line(f"{self.tr('Task')} {i + 1} · {who}".rstrip(" ·"))[:80])
        return texts

    # ---- menus -------------------------------------------------------------------------------------------

    def _choose(self, button: QWidget, entries: Sequence[tuple[str, bool, Callable[[], object]]]) -> None:
        menu = QMenu(self)
        for text, checked, act in entries:
            action = menu.addAction(text.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(checked)
            action.triggered.connect(lambda _on=False, act=act: act())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(button.mapToGlobal(QPoint(0, button.height() + 4)))

    def _open_stages(self) -> None:
        self._choose(
            self.stage,
            [
                (text, i == self._stage, partial(self.stage_chosen.emit, i))
                for i, text in enumerate(self._stage_texts())
            ],
        )

    def _open_tasks(self) -> None:
        self._choose(
            self.task,
            [(text, i == self._task, partial(self.task_chosen.emit, i)) for i, text in enumerate(self._task_texts())],
        )

    def _open_windows(self) -> None:
        def entry(window: tuple[float, float] | None) -> Callable[[], object]:
            return lambda: self.window_chosen.emit(window)

        entries: list[tuple[str, bool, Callable[[], object]]] = [
            (
                self.tr(name[0].upper() + name[1:]) + (f"   {w[1]:g} / {w[0]:g}" if w else ""),
                self._look.window == w,
                partial(self.window_chosen.emit, w),
            )
            for name, w in (("From file", None), *VOI_WINDOWS)
        ]
        entries.append((self.tr("Inverted"), self._look.inverted, lambda: self.asked.emit("invert")))
        self._choose(self.voi, entries)

    def _open_looks(self) -> None:
        menu = QMenu(self)
        modes: tuple[tuple[ColourBy, str], ...] = (
            ("class", self.tr("Colour by class")),
            ("instance", self.tr("Colour by object")),
            ("person", self.tr("Colour by person")),
            ("stage", self.tr("Colour by stage")),
        )
        for mode, text in modes:
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(self._look.colour_by == mode)
            action.triggered.connect(lambda _on=False, mode=mode: self.colour_chosen.emit(mode))
        menu.addSeparator()
        holder = QWidget(menu)
        slider = QSlider(Qt.Orientation.Horizontal, holder)
        slider.setRange(0, 40)
        slider.setValue(round(self._fill * 100))
        slider.setAccessibleName(self.tr("Fill of labels"))
        slider.setMinimumWidth(140)
        slider.valueChanged.connect(lambda value: self.fill_chosen.emit(value / 100))
        holder.setLayout(row(Text(self.tr("Fill"), holder), slider, margins=(12, 6)))
        fill = QWidgetAction(menu)
        fill.setDefaultWidget(holder)
        menu.addAction(fill)
        menu.addSeparator()
        relations = menu.addAction(self.tr("All relations"), lambda: self.asked.emit("toggle_relations"))
        relations.setCheckable(True)
        relations.setChecked(self._look.all_relations)
        menu.addAction(self.tr("Show everything"), lambda: self.asked.emit("show_everything"))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.looks.mapToGlobal(QPoint(0, self.looks.height() + 4)))

    def _open_zoom(self) -> None:
        self._choose(
            self.zoom,
            [
                (self.tr("Fit"), False, lambda: self.asked.emit("fit")),
                (self.tr("Fit width"), False, lambda: self.asked.emit("fit_width")),
                (self.tr("Actual size"), False, lambda: self.asked.emit("one_to_one")),
                (self.tr("Zoom to selection"), False, lambda: self.asked.emit("zoom_to_selection")),
            ],
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.current().panel))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(theme.current().divider))
        painter.end()
