from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.make.inspected import page_of, scene_of
from viewer.model import Asset
from viewer.state import Look
from viewer.ui.inspector import InspectorPanel
from viewer.ui.inspector.label_rows import OPEN_AT_ONCE


def texts(panel: InspectorPanel) -> list[str]:
    model = panel.labels.model
    return [model.spoken(row) for row in range(model.rowCount())]


def test_few_labels_are_open_and_relations_closed(
    panel: InspectorPanel, show: Callable[..., None], asset: Asset
) -> None:
    show(asset)
    assert texts(panel) == [
        "Car, 2 labels, open", "Car #1 · parked", "Car #2 · moving", "Tree, 1 label, open", "Tree",
        "Relations, 1 label, closed",
    ]  # fmt: skip


def test_many_labels_start_closed_but_for_the_selected_one(panel: InspectorPanel, show: Callable[..., None]) -> None:
    many = page_of(OPEN_AT_ONCE + 40)
    show(many)
    model = panel.labels.model
    assert all(row < 0 for row in model.rows)
    chosen = many.tasks[0].current.labels.annotations[50]
    show(many, selection=chosen.object_id)
    opened = [g.key for g in model.listing.groups if model.is_open(g)]
    assert opened == [chosen.schema_id]
    assert sum(g in model.listing.groups for g in model.listing.groups) == len(model.listing.groups)


def test_what_was_opened_stays_open_in_the_next_asset(panel: InspectorPanel, show: Callable[..., None]) -> None:
    show(page_of(100))
    model = panel.labels.model
    group = model.listing.groups[1]
    model.set_open(group, True)
    show(page_of(100, seed=5))
    again = next(g for g in model.listing.groups if g.key == group.key)
    assert again is not group
    assert model.is_open(again)


def test_hidden_rows_are_dimmed_and_stay_listed(panel: InspectorPanel, show: Callable[..., None], asset: Asset) -> None:
    look = replace(Look(), hidden=frozenset({("class", "schema-Car"), ("object", "tree1")}))
    show(asset, look=look)
    assert texts(panel)[:5] == [
        "Car, 2 labels, open, hidden", "Car #1 · parked, hidden", "Car #2 · moving, hidden",
        "Tree, 1 label, open, hidden", "Tree, hidden",
    ]  # fmt: skip
    show(asset, look=replace(Look(), solo=("class", "schema-Tree")))
    assert [panel.labels.model.is_dimmed(row) for row in range(5)] == [True, True, True, False, False]
    assert panel.labels.model.is_alone(3)


def test_the_filter_counts_what_it_lets_through(panel: InspectorPanel, show: Callable[..., None], asset: Asset) -> None:
    show(asset)
    model = panel.labels.model
    model.set_needle("moving")
    assert texts(panel) == ["Car, 1 label, open", "Car #2 · moving"]
    model.set_needle("car left")
    assert [model.object_at(row) for row in range(model.rowCount())] == [None, "car1"]
    model.set_needle("zzz")
    assert (model.rowCount(), model.matches) == (0, 0)
    model.set_needle("")
    assert model.rowCount() == 6


def test_swatches_are_the_colours_of_the_canvas(panel: InspectorPanel, show: Callable[..., None], asset: Asset) -> None:
    show(asset)
    model = panel.labels.model
    scene = model.scene
    assert scene is not None
    assert model.colour_at(0) == scene.colour_of(scene.placed[0].annotation)
    assert model.colour_at(1) == ""  # the class says it
    by_object = scene_of(asset, look=replace(Look(), colour_by="instance"))
    panel.show_scene(by_object, asset.tasks[0].current, asset.tasks[0], asset, Look(), None)
    assert model.colour_at(0) == ""
    assert model.colour_at(1) == by_object.colour_of(by_object.placed[0].annotation)
