"""Short texts about a page."""

from __future__ import annotations

from pathlib import Path

from viewer.decoders.base import PageInfo
from viewer.export import Visit
from viewer.export.parse import parse_asset
from viewer.model import Labels, Snapshot, Task
from viewer.overlay.palette import Palette
from viewer.state import Look
from viewer.ui import scene
from viewer.ui.page_texts import card_text, filled_stage, media_text, number_text, spoken_text


def test_a_video_says_frame_and_time_and_a_slice_its_place() -> None:
    video = PageInfo(size=(640, 360), native=(640, 360), kind="video", frame=510, seconds=77.4)
    assert number_text(video, {"frames": 1535}) == "frame 511 of 1,535 · 01:17.400"
    slice_ = PageInfo(size=(256, 256), native=(256, 256), kind="gray16", facts={"position_along_normal_mm": -118.75})
    assert number_text(slice_, {}) == "z −118.75 mm"
    assert number_text(None, {}) == ""


def test_words_of_an_export_are_escaped_in_the_card(data: Path) -> None:
    raw = b"""{"asset":"a.png","externalId":"a.png","task":{"taskId":"t","tools":[{"point":[1,2],"objectId":"o",
    "schemaId":"s","title":"<img src=x>","classifications":[{"tool":"text","title":"<b>","answer":"a & b"}]}]}}"""
    asset = parse_asset(raw, index=0)
    labels = asset.tasks[0].current.labels
    info = PageInfo(size=(10, 10), native=(10, 10), flags=("truncated",), facts={"format": "PNG"})
    made = scene.build_scene(asset, labels, 0, info, palette=Palette(), look=Look(), fill=0.1)
    text = card_text(made, "o")
    assert "<img" not in text
    assert "&lt;img src=x&gt;" in text
    assert "a &amp; b" in text
    assert card_text(made, "other") == card_text(None, "o") == ""
    assert spoken_text(made, "o") == "<img src=x>, point, <b> a & b"
    assert spoken_text(made, "other") == spoken_text(None, "o") == ""
    assert media_text(made, {"codec": "x"}) == "10 × 10 · PNG · x · truncated"
    assert media_text(made, {"codec": "vp9", "rate_text": "25"}) == "10 × 10 · PNG · VP9 · 25 fps · truncated"


def stages(*counts: int) -> tuple[Task, list[Visit]]:
    """A task of these stages with what the index says of them."""
    snapshots = tuple(
        Snapshot(index=i, stage="Label", is_current=i == len(counts) - 1, parse=Labels) for i in range(len(counts))
    )
    visits = [Visit(stage="Label", stage_id="", labels=count, differs=True) for count in counts]
    return Task(task_id="t", snapshots=snapshots, fields={}), visits


def test_an_empty_stage_names_the_next_one_with_labels() -> None:
    task, visits = stages(0, 0, 98, 105)
    assert filled_stage(task, task.snapshots[0], visits) == (2, "Label 3", 98)
    task, visits = stages(3, 98, 0)
    assert filled_stage(task, task.snapshots[2], visits) == (1, "Label 2", 98)
    task, visits = stages(0, 0)
    assert filled_stage(task, task.snapshots[0], visits) is None
    assert filled_stage(task, task.snapshots[0], ()) is None
    assert filled_stage(None, None, ()) is None
