"""From an asset to what is needed to show a page of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from viewer.decoders.base import PageInfo
from viewer.export.parse import parse_asset
from viewer.model import Asset
from viewer.overlay.palette import GLOW, INK, Palette
from viewer.state import Look
from viewer.ui import scene
from viewer.ui.page_labels import is_occluded


@pytest.fixture
def examples(data: Path) -> list[Asset]:
    listed = json.loads((data / "ango-examples.json").read_text())
    return [parse_asset(json.dumps(asset).encode(), index=i) for i, asset in enumerate(listed)]


def build(asset: Asset, page: int = 0, look: Look | None = None, kind: str = "rgb") -> scene.Scene:
    info = PageInfo(size=asset.size or (640.0, 360.0), native=(640, 360), kind=kind)  # type: ignore[arg-type]
    labels = asset.tasks[0].current.labels
    return scene.build_scene(asset, labels, page, info, palette=Palette(), look=look or Look(), fill=0.1)


def test_addresses_are_one_for_each_page_of_a_dataset(examples: list[Asset]) -> None:
    assert len(scene.addresses_of(examples[0])) == 1
    many = scene.addresses_of(examples[8])
    assert [(address.part, address.parts) for address in many] == [(0, 3), (1, 3), (2, 3)]
    brush = scene.brush_address(examples[2].tasks[0].current)
    assert brush is not None
    assert brush.external_id is None


def test_hints_say_what_the_export_knows(examples: list[Asset]) -> None:
    hints = scene.hints_of(examples[5], examples[5].tasks[0].current.labels)
    assert (hints.width, hints.height, hints.frame_rate, hints.frame_total) == (640, 360, 30, 120)
    assert hints.last_page == 119
    assert scene.hints_of(examples[8], examples[8].tasks[0].current.labels).width is None


def test_what_is_hidden_is_listed_and_not_drawn(examples: list[Asset]) -> None:
    everything = build(examples[0])
    car = everything.placed[0].annotation
    hidden = build(examples[0], look=Look(hidden=frozenset({("class", car.schema_id)})))
    assert len(hidden.placed) == len(everything.placed)
    assert len(hidden.store) == len(everything.store) - 2
    assert (everything.hidden, hidden.hidden) == (0, 2)
    solo = build(examples[0], look=Look(solo=("tool", "point"), hidden=frozenset({("tool", "point")})))
    assert len(solo.store) == 2
    assert solo.hidden == len(solo.placed) - 2
    one = build(examples[0], look=Look(hidden=frozenset({("object", car.object_id)})))
    assert len(one.store) == len(everything.store) - 1
    person = build(examples[0], look=Look(hidden=frozenset({("person", "annotator@example.com")})))
    assert [p.annotation.key for p in person.placed if scene.is_shown(p.annotation, Look())] != []
    # segmentations say no author (format §5.1), so that nobody's hiding hides them
    assert {person.store.tags[i].title for i in range(len(person.store))} == {"water"}


def test_colours_tell_class_object_person_or_stage(examples: list[Asset]) -> None:
    first, second = (p.annotation for p in build(examples[0]).placed[:2])
    by_class = build(examples[0])
    assert by_class.colour_of(first) == by_class.colour_of(second)
    by_object = build(examples[0], look=Look(colour_by="instance"))
    assert by_object.colour_of(first) in GLOW
    by_person = build(examples[0], look=Look(colour_by="person"))
    assert len({by_person.colour_of(p.annotation) for p in by_person.placed}) == 1
    paper = build(examples[9], kind="pdf")
    assert all(paper.colour_of(p.annotation) in INK for p in paper.placed)


def test_all_stages_of_a_video_are_read_alike(examples: list[Asset]) -> None:
    asset = examples[5]
    policies = {scene.timeline_of(asset, s.labels, Look()).policy for s in asset.tasks[0].snapshots}
    assert policies == {"keys"}
    assert scene.timeline_of(asset, asset.tasks[0].current.labels, Look(tracks="full")).policy == "full"


def test_a_page_without_its_file_takes_its_size_from_the_export(examples: list[Asset]) -> None:
    assert scene.blind_info(examples[0], examples[0].tasks[0].current.labels).size == (800, 600)
    around = scene.blind_info(examples[1], examples[1].tasks[0].current.labels).size
    assert around == (190, 160)


def test_stages_are_found_by_index_id_and_latest_name(examples: list[Asset]) -> None:
    task = examples[22].tasks[0]
    assert scene.find_stage(task, "current") == scene.find_stage(task, "Complete") == 5
    assert scene.find_stage(task, "1") == 1
    assert scene.find_stage(task, "Label") == 3
    assert scene.find_stage(task, "Review") == 4
    assert scene.find_stage(task, "nowhere") is None
    assert scene.find_stage(task, "6") is None


def test_labels_are_counted_by_page(examples: list[Asset]) -> None:
    counts = scene.labels_by_page(examples[8].tasks[0].current.labels)
    assert counts == {0: 2, 2: 1}


def test_an_occluded_answer_dashes_the_outline() -> None:
    raw = b"""{"asset":"a.png","externalId":"a.png","task":{"taskId":"t","tools":[{"point":[1,2],"objectId":"o",
    "schemaId":"s","title":"x","classifications":[{"tool":"radio","title":"Occluded","answer":"Yes"}]}]}}"""
    asset = parse_asset(raw, index=0)
    assert is_occluded(scene.timeline_of(asset, asset.tasks[0].current.labels, Look()).on_page(0)[0].annotation)
