from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSettings, Qt
from pytestqt.qtbot import QtBot

from tests.make.assets import parsed
from tests.make.inspected import image, video_of
from viewer.model import Asset
from viewer.ui.inspector import InspectorPanel
from viewer.ui.inspector.labels_tab import COMPACT_BLOCK

Show = Callable[..., None]


def titles(panel: InspectorPanel) -> list[str]:
    return [g.title for g in panel.labels.model.listing.groups]


def test_ways_of_grouping_fit_the_asset(panel: InspectorPanel, show: Show, asset: Asset) -> None:
    show(asset)
    tab = panel.labels
    assert [a.text() for a in tab.button.menu().actions()] == ["By class", "By tool", "By page", "By person"]
    tab.group_by("page")
    assert titles(panel) == ["Page 1", "Relations"]
    show(video_of(3, pages=9))
    assert tab.button.offered[2] == "track"
    assert titles(panel) == ["Building", "Car", "Crosswalk"]  # pages are no way to group a video
    tab.group_by("track")
    assert len(titles(panel)) == 3
    show(asset)
    assert tab.button.grouping == "class"


def test_a_page_of_the_same_tracks_is_not_listed_anew(panel: InspectorPanel, show: Show, qtbot: QtBot) -> None:
    video = video_of(3, pages=9)
    show(video, 3)
    model = panel.labels.model
    with qtbot.assertNotEmitted(model.modelReset):
        show(video, 4)
    assert model.listing.state(0) == "interpolated"
    with qtbot.waitSignal(model.modelReset):
        show(video, 8)
    assert model.listing.state(0) == "key"


def test_tracks_are_not_listed_anew_either(panel: InspectorPanel, show: Show, qtbot: QtBot) -> None:
    video = video_of(3, pages=9)
    show(video, 3)
    panel.labels.group_by("track")
    with qtbot.assertNotEmitted(panel.labels.model.modelReset):
        show(video, 8)
    assert panel.labels.model.listing.open_page == 8


def test_empty_lists_say_why(panel: InspectorPanel, show: Show, asset: Asset, qtbot: QtBot) -> None:
    tab = panel.labels
    show(parsed(image()))
    assert tab.note.text() == "No labels in this stage."
    assert tab.stage_button.isHidden()
    show(asset)
    assert tab.note.text() == ""
    qtbot.keyClicks(tab.filter, "zebra")
    qtbot.waitUntil(lambda: tab.note.text() == 'No label matches "zebra".')
    qtbot.keyClick(tab.filter, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: tab.note.text() == "")
    assert tab.model.rowCount() == 6


def test_a_stage_without_labels_leads_to_one_that_has_some(panel: InspectorPanel, show: Show, qtbot: QtBot) -> None:
    show(parsed(image()))
    panel.offer_stage((1, "Label 1", 1098))
    assert panel.labels.note.text() == "No labels in this stage. Label 1 has 1,098."
    assert panel.labels.stage_button.text() == "Show Label 1"
    with qtbot.waitSignal(panel.stage_wanted) as told:
        panel.labels.stage_button.click()
    assert told.args == [1]
    panel.offer_stage(None)
    assert panel.labels.stage_button.isHidden()


def test_enter_in_the_filter_goes_to_the_list(panel: InspectorPanel, show: Show, asset: Asset, qtbot: QtBot) -> None:
    show(asset)
    qtbot.keyClicks(panel.labels.filter, "moving")
    qtbot.keyClick(panel.labels.filter, Qt.Key.Key_Return)
    assert panel.labels.model.rowCount() == 2
    assert panel.labels.view.currentIndex().row() == 0


def test_height_and_grouping_are_remembered(panel: InspectorPanel, show: Show, asset: Asset, qtbot: QtBot) -> None:
    show(asset)
    settings = QSettings("test", "inspector")
    panel.labels.group_by("person")
    panel.labels._set_block(300)
    panel.labels.splitter.splitterMoved.emit(0, 1)
    height = panel.labels.splitter.sizes()[1]
    panel.save(settings)
    other = InspectorPanel()
    qtbot.addWidget(other)
    other.resize(328, 800)
    other.show()
    other.restore(settings)
    assert other.labels.grouping == "person"
    assert other.labels.splitter.sizes()[1] == height
    settings.setValue("inspector/block", "no number")
    settings.setValue("inspector/grouping", "no grouping")
    other.restore(settings)
    assert other.labels.grouping == "person"


def test_a_low_window_gets_two_rows_and_more(panel: InspectorPanel, show: Show, asset: Asset) -> None:
    show(asset, selection="car1")
    tab = panel.labels
    before = tab.splitter.sizes()[1]
    panel.set_compact(True)
    assert abs(tab.splitter.sizes()[1] - COMPACT_BLOCK) <= 30
    assert tab.selected.more.isVisible()
    low = tab.splitter.sizes()[1]
    tab.selected.more.click()
    assert tab.splitter.sizes()[1] > low
    tab.selected.more.click()
    assert tab.splitter.sizes()[1] == low
    panel.set_compact(False)
    assert tab.splitter.sizes()[1] == before
