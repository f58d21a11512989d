from __future__ import annotations

import json

from tests.make.assets import parsed
from tests.make.inspected import answer, box, image, scene_of, video_of
from viewer.model import Asset
from viewer.tracks import timeline
from viewer.ui.inspector import facts
from viewer.ui.inspector.facts import Fact
from viewer.ui.inspector.names import Names


def of_label(asset: Asset, at: int = 0, page: int = 0) -> list[Fact]:
    labels = asset.tasks[0].current.labels
    placed = scene_of(asset, page).placed[at]
    names = Names(timeline(labels, tracked=asset.kind == "video"), labels.relations)
    return facts.label_facts(placed.annotation, placed, stages=facts.stages_of(asset.tasks[0]),
                             tracked=asset.kind == "video", relations=labels.relations, names=names)  # fmt: skip


def named(rows: list[Fact], name: str) -> Fact:
    return next(row for row in rows if row.name == name)


def test_a_label(asset: Asset) -> None:
    rows = of_label(asset)
    assert named(rows, "Shape").text.startswith("Box, ")
    assert (named(rows, "State").text, named(rows, "State").indent) == ("parked", 0)
    assert (named(rows, "Side").text, named(rows, "Side").indent) == ("left", 1)
    assert named(rows, "Created").person == "mert.aydin@example.com"
    assert named(rows, "Object id").is_id
    assert named(rows, "X").text
    assert named(rows, "follows").text == "← Car #2"
    assert named(rows, "follows").jump == ("object", "car2")


def test_the_stage_of_an_edit_is_the_visit_that_it_fell_into() -> None:
    entry = box("a", "Car", metadata={"createdAt": "2026-11-03T09:00:00Z", "createdBy": "m", "createdIn": "L"})
    history = [
        {"stage": "Label", "stageId": "L", "completedAt": f"2026-11-0{day}T10:00:00Z", "tools": []} for day in (3, 5)
    ]
    made = parsed(image(entry, stage="Label", stageId="L", stageHistory=history))
    assert named(of_label(made), "Created").text.startswith("Label 1 · ")


def test_a_label_between_key_frames() -> None:
    rows = of_label(video_of(3, pages=9), page=4)
    assert named(rows, "On this page").text == "between keys"
    assert named(rows, "Key frame").jump == ("page", 0)


def test_texts_of_several_lines_stay_so_and_lose_secrets() -> None:
    made = parsed(image(box("a", "Car", classifications=[answer("Note", "one\ntwo https://e.com/a?sig=secret0")])))
    text = named(of_label(made), "Note").text
    assert text.startswith("one\ntwo https://e.com/a")
    assert "secret0" not in text


def test_a_relation_tells_its_ends_and_missing_ones() -> None:
    made = parsed(image(box("a", "Car"), relations=[{"objectId": "r", "title": "on", "from": "a", "to": "zz"}]))
    labels = made.tasks[0].current.labels
    rows = facts.relation_facts(labels.relations[0], Names(timeline(labels, tracked=False), labels.relations))
    assert named(rows, "Direction").text == "from → to"
    assert named(rows, "From").jump == ("object", "a")
    assert named(rows, "To").jump is None
    assert "missing" in named(rows, "To").text


def test_geometry_is_copied_as_exported() -> None:
    made = parsed(image(box("a", "Car")))
    value = json.loads(facts.geometry_text(made.tasks[0].current.labels.annotations[0]))
    assert value == box("a", "Car")["bounding-box"]


def test_an_asset() -> None:
    made = parsed({**image(classifications=[answer("Weather", "sunny")]), "batches": ["b1"], "consensus": {"score": 1}})
    task = made.tasks[0]
    rows = facts.asset_facts(made, task, task.current, {"format": "PNG"}, task.current.labels.classifications)
    headings = [row.name for row in rows if row.kind == "heading"]
    assert headings[:3] == ["Answers for the whole asset", "Answers on this page", "Asset"]
    assert "Consensus" in headings
    assert named(rows, "External id").text == "site/a.png"
    assert named(rows, "format").text == "PNG"
    assert named(rows, "Address").text == "https://files.example.com/a.png"
    assert not any("secret0" in row.text for row in rows)


def test_long_lists_are_cut_and_say_so() -> None:
    rows = facts.values("points", [{"x": n} for n in range(300)])
    assert rows[0].text == "300"
    assert rows[-1].text == "… 200 more"
    deep: object = 1
    for _ in range(50):
        deep = {"d": deep}
    assert len(facts.values("deep", deep)) <= facts.DEPTH + 1
