"""The menus of the view bar: stages, tasks, looks, windows, zoom, and what has no room in the bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtWidgets import QMenu, QSlider, QWidget, QWidgetAction

from viewer.state import ColourBy
from viewer.ui.actions import VOI_WINDOWS
from viewer.ui.widgets.layout import Text, row

if TYPE_CHECKING:
    from viewer.ui.view_bar import ViewBar

Entry = tuple[str, bool, Callable[[], object]]
"""(text, whether it is the one in force, what it does)"""


def tr(text: str) -> str:
    """Translate a text of this module. Qt's lupdate files texts of functions outside of classes under no context."""
    return QCoreApplication.translate("", text)


def add_choices(menu: QMenu, entries: Sequence[Entry]) -> None:
    """One entry for each choice, the one in force checked."""
    for text, checked, act in entries:
        action = menu.addAction(text.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(checked)
        action.triggered.connect(lambda _on=False, act=act: act())


def open_below(button: QWidget, fill: Callable[[QMenu], None]) -> QMenu:
    """A menu below its button, filled when it is opened and gone when it is closed."""
    menu = QMenu(button)
    fill(menu)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(button.mapToGlobal(QPoint(0, button.height() + 4)))
    return menu


class ViewMenus:
    """What the menus of a view bar hold; they tell its signals."""

    def __init__(self, bar: ViewBar) -> None:
        self._bar = bar

    def stages(self, menu: QMenu) -> None:
        """Which stage is shown (B)."""
        bar = self._bar
        add_choices(
            menu,
            [(t, i == bar.shown_stage, partial(bar.stage_chosen.emit, i)) for i, t in enumerate(bar.stage_texts())],
        )

    def references(self, menu: QMenu) -> None:
        """Which stage it is compared with (A)."""
        bar = self._bar
        add_choices(
            menu,
            [
                (text, i == bar.reference_stage, partial(bar.reference_chosen.emit, i))
                for i, text in enumerate(bar.stage_texts())
            ],
        )
        if bar.beside:
            menu.addSeparator()
            first = len(bar.stage_texts())
            add_choices(
                menu,
                [
                    (text, first + n == bar.reference_stage, partial(bar.beside_chosen.emit, n))
                    for n, text in enumerate(bar.beside)
                ],
            )

    def tasks(self, menu: QMenu) -> None:
        """Which task of the asset."""
        bar = self._bar
        add_choices(
            menu, [(t, i == bar.shown_task, partial(bar.task_chosen.emit, i)) for i, t in enumerate(bar.task_texts())]
        )

    def windows(self, menu: QMenu) -> None:
        """VOI windows of DICOM."""
        bar = self._bar
        entries: list[Entry] = [
            (
                tr(name[0].upper() + name[1:]) + (f"   {w[1]:g} / {w[0]:g}" if w else ""),
                bar.look.window == w,
                partial(bar.window_chosen.emit, w),
            )
            for name, w in (("From file", None), *VOI_WINDOWS)
        ]
        entries.append((tr("Inverted"), bar.look.inverted, partial(bar.asked.emit, "invert")))
        add_choices(menu, entries)

    def looks(self, menu: QMenu) -> None:
        """How labels look."""
        bar = self._bar
        modes: tuple[tuple[ColourBy, str], ...] = (
            ("class", tr("Colour by class")),
            ("instance", tr("Colour by object")),
            ("person", tr("Colour by person")),
            ("stage", tr("Colour by stage")),
        )
        add_choices(
            menu, [(text, bar.look.colour_by == mode, partial(bar.colour_chosen.emit, mode)) for mode, text in modes]
        )
        menu.addSeparator()
        holder = QWidget(menu)
        slider = QSlider(Qt.Orientation.Horizontal, holder)
        slider.setRange(0, 40)
        slider.setValue(round(bar.fill * 100))
        slider.setAccessibleName(tr("Fill of labels"))
        slider.setMinimumWidth(140)
        slider.valueChanged.connect(lambda value: bar.fill_chosen.emit(value / 100))
        holder.setLayout(row(Text(tr("Fill"), holder), slider, margins=(12, 6)))
        fill = QWidgetAction(menu)
        fill.setDefaultWidget(holder)
        menu.addAction(fill)
        menu.addSeparator()
        add_choices(menu, [(tr("All relations"), bar.look.all_relations, partial(bar.asked.emit, "toggle_relations"))])
        menu.addAction(tr("Show everything"), lambda: bar.asked.emit("show_everything"))

    def zooms(self, menu: QMenu) -> None:
        """How large the page is."""
        for text, action in (
            (tr("Fit"), "fit"),
            (tr("Fit width"), "fit_width"),
            (tr("Actual size"), "one_to_one"),
            (tr("Zoom to selection"), "zoom_to_selection"),
        ):
            menu.addAction(text, partial(self._bar.asked.emit, action))

    def more(self, menu: QMenu, hidden: frozenset[str]) -> None:
        """The controls that have no room in the bar, in its order."""
        bar = self._bar

        def below(text: str, fill: Callable[[QMenu], None]) -> None:
            child = menu.addMenu(text)
            fill(child)

        if "swap" in hidden:
            menu.addAction(tr("Swap A and B"), bar.swap_wanted.emit)
        if "link" in hidden:
            add_choices(menu, [(tr("Views linked"), bar.look.linked, bar.link_toggled.emit)])
        if "changes" in hidden:
            menu.addAction(tr("Previous change"), partial(bar.asked.emit, "previous_change"))
            menu.addAction(tr("Next change"), partial(bar.asked.emit, "next_change"))
        if "task" in hidden:
            below(tr("Task"), self.tasks)
        if "voi" in hidden:
            below(tr("VOI window"), self.windows)
        if "tags" in hidden:
            menu.addAction(bar.tags.toolTip(), partial(bar.asked.emit, "cycle_tags"))
        if "eye" in hidden:
            add_choices(menu, [(tr("Show labels"), bar.look.labels, partial(bar.asked.emit, "toggle_labels"))])
        if "looks" in hidden:
            below(tr("How labels look"), self.looks)
        if "zoom" in hidden:
            below(tr("Zoom"), self.zooms)
        elif "fit" in hidden:
            menu.addAction(tr("Fit"), partial(bar.asked.emit, "fit"))
