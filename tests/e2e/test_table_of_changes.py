"""The table of changes in the real window: what it lists, filters, groups, shows, saves, and the way to the page."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.e2e.conftest import Program
from viewer.ui import dialogs
from viewer.ui.assets.changed import CLASS, KIND
from viewer.ui.changes import seen
from viewer.ui.changes.table_panel import ChangeTablePanel

Start = Callable[..., Program]
Key = Qt.Key


@pytest.fixture(autouse=True)
def own_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "default_folder", lambda: tmp_path / "seen")


def shown_table(p: Program) -> ChangeTablePanel:
    """Open the table of the whole export, once all is compared."""
    p.shown(0, 0)
    p.wait(lambda: p.window.whole.is_complete)
    p.run("show_change_table")
    panel = p.window.change_table.panel
    assert panel is not None
    panel.bar.source_chosen.emit("export")
    at_rest(p, panel)
    return panel


def at_rest(p: Program, panel: ChangeTablePanel) -> None:
    p.wait(lambda: not panel.model.busy)


def titles(panel: ChangeTablePanel) -> list[str]:
    return [item.found.title for item in panel.model.items()]


def test_it_lists_the_changes_of_the_export_and_of_the_asset(program: Start, demo: Path) -> None:
    p = program(demo)
    panel = shown_table(p)
    queue = p.window.change_steps.queue
    assert [item.at for item in panel.model.items()] == [item.at for item in queue.items]
    assert not p.window.compare.isVisible()
    panel.source_chosen.emit("asset")
    at_rest(p, panel)
    assert {item.asset for item in panel.model.items()} == {0}
    assert len(panel.model.items()) == sum(item.asset == 0 for item in queue.items)
    p.run("show_change_table")
    assert p.window.compare.isVisible()


def test_filters_words_order_and_groups(program: Start, demo: Path) -> None:
    p = program(demo)
    panel = shown_table(p)
    everything = panel.model.items()
    panel.set_filter(replace(panel.model.filter, chosen=((KIND, "moved"),)))
    at_rest(p, panel)
    assert panel.model.items() == [item for item in everything if "moved" in item.found.kinds]
    panel.set_filter(replace(panel.model.filter, chosen=((CLASS, "Car"),)))
    at_rest(p, panel)
    assert set(titles(panel)) == {"Car"}
    panel.set_filter(replace(panel.model.filter, chosen=(), text="mert.aydin crack"))
    at_rest(p, panel)
    assert titles(panel)
    assert all("crack" in item.found.title.casefold() and item.found.by for item in panel.model.items())
    panel.set_filter(replace(panel.model.filter, text="", order="shift", descending=True))
    at_rest(p, panel)
    shifts = [item.found.shift_px if item.found.shift_px is not None else -1.0 for item in panel.model.items()]
    assert shifts == sorted(shifts, reverse=True)
    panel.model.set_grouping("asset")
    at_rest(p, panel)
    groups = [group for row in range(panel.model.rowCount()) if (group := panel.model.group_at(row)) is not None]
    assert sum(group.total for group in groups) == len(everything)


def test_keys_lead_through_it_and_to_the_page(program: Start, demo: Path) -> None:
    p = program(demo)
    panel = shown_table(p)
    view = panel.view
    view.setFocus()
    for _ in range(3):
        p.qtbot.keyClick(view, Key.Key_Down)
    item = panel.item
    assert item is not None
    p.wait(lambda: item.digest in p.window.change_steps.queue.seen)  # it was looked at for a while
    p.qtbot.keyClick(view, Key.Key_Space)
    assert panel.peek.isVisible()
    p.qtbot.keyClick(panel.peek, Key.Key_Escape)
    p.wait(lambda: not panel.peek.isVisible())
    p.qtbot.keyClick(view, Key.Key_Return)
    assert p.window.compare.isVisible()
    p.wait(lambda: not p.window.change_steps.is_under_way)
    place = p.session.state.place
    assert (place.asset, place.reference) == (item.asset, item.a)
    p.run("show_change_table")
    view.setFocus()
    p.qtbot.keyClick(view, Key.Key_Escape)
    p.wait(lambda: not p.window.change_table.is_shown)


def test_before_and_after_are_pictured(program: Start, demo: Path) -> None:
    p = program(demo)
    panel = shown_table(p)
    number = next(n for n, item in enumerate(panel.model.items()) if "moved" in item.found.kinds)
    panel.view.choose(panel.model.row_of(number))
    p.wait(lambda: panel._crop is not None)
    assert panel._crop is not None


def test_csv_holds_what_is_listed_in_its_order(
    program: Start, demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    p = program(demo)
    panel = shown_table(p)
    out = tmp_path / "changes.csv"
    monkeypatch.setattr(dialogs, "ask_csv", lambda *_args: out)
    panel.set_filter(replace(panel.model.filter, chosen=((KIND, "removed"),), order="label"))
    at_rest(p, panel)
    panel.bar.csv_wanted.emit()
    p.wait(lambda: any("changes.csv" in text for text in p.told))
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["title"] for row in rows] == titles(panel)
    assert {row["kinds"] for row in rows} <= {'["removed"]', '["removed", "attributes"]'}
    assert all(row["external_id"] and row["from_stage"] for row in rows)


def test_two_stages_that_are_compared_are_this_assets_changes(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    p.wait(lambda: p.window.whole.is_complete)
    p.window.comparing.pick_a(1)
    p.wait(lambda: p.window.comparing.comparison is not None)
    p.run("show_change_table")
    panel = p.window.change_table.panel
    assert panel is not None
    panel.source_chosen.emit("asset")
    at_rest(p, panel)
    comparison = p.window.comparing.comparison
    assert comparison is not None
    assert len(panel.model.items()) == len(comparison.changes)
    assert panel.model.table.change(panel.model.items()[0]) is comparison.changes[0]
