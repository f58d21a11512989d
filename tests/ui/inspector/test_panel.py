"""The region as a whole."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.make.changed import SIDES, changed_asset, listing_of
from tests.make.inspected import video_of
from viewer.errors import Problem
from viewer.export.issues import Issue
from viewer.model import Asset
from viewer.ui import theme
from viewer.ui.inspector import InspectorPanel
from viewer.ui.inspector.panel import TABS

Show = Callable[..., None]


@pytest.fixture
def full(panel: InspectorPanel, show: Show, asset: Asset) -> InspectorPanel:
    show(asset, selection="car1")
    panel.show_problems([Problem(severity="warning", what="odd")])
    panel.show_changes(9, lambda show: show(listing_of(changed_asset()), SIDES))
    panel.show_issues([Issue(issue_id="1", task_id="t1", status="Open", content="x")])
    return panel


def test_counts(full: InspectorPanel) -> None:
    texts = [full.tabs.tabText(i) for i in range(6)]
    assert texts == ["Labels 3", "Changes 9", "Details", "Problems 1", "Issues 1", "JSON"]


def test_only_the_tab_in_front_is_filled(panel: InspectorPanel, show: Show, asset: Asset) -> None:
    show(asset)
    assert panel.details.model_.facts == []
    panel.show_tab("details")
    assert panel.details.model_.facts != []
    show(video_of(3, pages=9))
    assert panel.tabs.tabText(0) == "Labels 3"
    assert panel.labels.model.rowCount() == 6  # of the asset before
    panel.show_tab("labels")
    assert [g.title for g in panel.labels.model.listing.groups] == ["Building", "Car", "Crosswalk"]


def test_a_selection_while_another_tab_is_in_front_is_there_later(
    panel: InspectorPanel, show: Show, asset: Asset
) -> None:
    panel.show_tab("details")
    show(asset)
    panel.mark("car2")
    assert panel.labels.selected.is_empty
    panel.show_tab("labels")
    assert panel.labels.selected.title.number == "#2"


def test_clear(full: InspectorPanel) -> None:
    full.clear()
    assert [full.tabs.isTabVisible(i) for i in range(6)] == [True, True, True, False, False, True]
    assert full.tabs.tabText(0) == "Labels"
    assert full.labels.model.rowCount() == 0
    assert full.labels.selected.is_empty


def test_nothing_is_filled_twice_for_the_same_asset(
    full: InspectorPanel, show: Show, asset: Asset, qtbot: QtBot
) -> None:
    full.show_tab("details")
    with qtbot.assertNotEmitted(full.details.model_.modelReset):
        full.show_asset(asset, asset.tasks[0], asset.tasks[0].current, {})
    with qtbot.waitSignal(full.details.model_.modelReset):
        full.show_asset(asset, asset.tasks[0], asset.tasks[0].current, {"format": "PNG"})


def test_tabs_are_reached_by_keys(full: InspectorPanel, qtbot: QtBot) -> None:
    full.tabs.setFocus(Qt.FocusReason.TabFocusReason)
    for tab in TABS[1:]:
        qtbot.keyClick(full.tabs, Qt.Key.Key_Right)
        assert full.tab == tab


def test_every_control_has_a_name(full: InspectorPanel) -> None:
    kinds = (QAbstractButton, QAbstractItemView, QLineEdit, QPlainTextEdit)
    for tab in TABS:
        full.show_tab(tab)
        shown = [w for kind in kinds for w in full.findChildren(kind) if w.isVisible() and not w.size().isEmpty()]
        assert len(shown) >= 1
        nameless = [w for w in shown if not w.accessibleName() and w.objectName() != "qt_tableview_cornerbutton"]
        assert nameless == []


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("width", [280, 328, 640])
def test_every_tab_is_painted_at_every_width(
    full: InspectorPanel, qapp: QApplication, tokens: theme.Tokens, width: int
) -> None:
    theme.apply(qapp, tokens)
    full.resize(width, 600)
    for tab in TABS:
        full.show_tab(tab)
        picture = full.grab().toImage()
        ground = {picture.pixelColor(width // 2, y).name().upper() for y in range(44, 590)}
        assert tokens.panel in ground
        assert full.minimumSizeHint().width() <= 280
    too_narrow = [
        w for w in full.findChildren(QWidget) if w.isVisible() and w.width() < w.minimumSizeHint().width() > 0
    ]
    assert too_narrow == []


def test_no_signature_is_shown_anywhere(full: InspectorPanel) -> None:
    for tab in TABS:
        full.show_tab(tab)
        for child in full.findChildren(QWidget):
            texts = [child.toolTip(), child.accessibleName()]
            if isinstance(child, QAbstractItemView):
                model = child.model()
                texts += [str(model.data(model.index(row, 0))) for row in range(model.rowCount())]
            if isinstance(child, QPlainTextEdit):
                texts.append(child.toPlainText())
            assert not any("secret0" in text for text in texts)


def test_keys_given_to_the_region_go_to_the_list_in_front(full: InspectorPanel, qtbot: QtBot) -> None:
    full.activateWindow()
    lists = {"labels": full.labels.view, "details": full.details, "problems": full.problems, "issues": full.issues,
             "json": full.json.view, "changes": full.changes.view}  # fmt: skip
    for tab in TABS:
        full.show_tab(tab)
        full.tabs.setFocus()
        full.setFocus(Qt.FocusReason.TabFocusReason)
        assert full.focusWidget() is lists[tab]
        full.tabs.setFocus()
        full.focus_list()
        assert full.focusWidget() is lists[tab]


def test_without_changes_the_way_to_compare_has_the_keys(panel: InspectorPanel) -> None:
    panel.activateWindow()
    panel.show_tab("changes")
    panel.show_no_changes("single")
    panel.focus_list()
    assert panel.focusWidget() is panel.changes.button
    panel.show_no_changes("none")
    panel.focus_list()
    assert panel.focusWidget() is panel.changes


def test_changes_are_listed_when_their_tab_is_seen(panel: InspectorPanel) -> None:
    asked: list[int] = []
    panel.show_changes(9, lambda show: asked.append(1))
    assert panel.tabs.tabText(1) == "Changes 9"
    assert asked == []
    panel.show_tab("changes")
    assert asked == [1]
    panel.show_no_changes("single")
    assert panel.tabs.tabText(1) == "Changes"


def test_a_wide_window_has_labels_and_changes_beside_each_other(
    panel: InspectorPanel, asset: Asset, show: Callable[..., None], qtbot: QtBot
) -> None:
    show(asset, selection="car1")
    panel.show_tab("labels")
    panel.set_wide(True)
    assert not panel.is_wide  # there is no room yet
    panel.resize(641, 800)
    assert panel.is_wide
    assert panel.tab == "changes"
    assert panel.shows("labels")
    assert panel.labels.isVisible()
    assert panel.changes.isVisible()
    assert not panel.tabs.isTabVisible(0)
    assert panel.label_column.heading.tabText(0) == "Labels 3"
    qtbot.waitUntil(lambda: abs(panel.label_column.width() - panel.width() / 2) <= 2)
    show(asset, selection="car2")  # it is filled although another tab is in front
    assert panel.labels.selected_entry() is not None
    assert not panel.tabs.isTabVisible(0)
    assert panel.focusProxy() is panel.labels.view
    panel.show_tab("details")
    assert panel.labels.isVisible()


def test_whoever_makes_it_slim_has_one_column_again(
    panel: InspectorPanel, asset: Asset, show: Callable[..., None], qtbot: QtBot
) -> None:
    panel.set_wide(True)
    panel.resize(641, 800)
    panel.show_tab("details")
    panel.resize(400, 800)
    assert not panel.is_wide
    assert panel.tab == "details"
    assert not panel.labels.isVisible()
    show(asset)
    panel.show_tab("labels")
    assert panel.labels.isVisible()
    assert panel.tabs.tabText(0) == "Labels 3"
    panel.resize(641, 800)
    assert panel.is_wide
    panel.set_wide(False)
    assert not panel.is_wide
    assert panel.tabs.isTabVisible(0)
