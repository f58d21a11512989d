import copy

import pytest

from tests.make.assets import examples, parsed, raw, seed, with_tools
from viewer.export.check import pages_of, problems_of

BOX = {
    "bounding-box": {"x": 1, "y": 2, "width": 3, "height": 4},
    "objectId": "a",
    "schemaId": "s",
    "title": "car",
    "classifications": [],
}
ODD = {0: 2, 1: 3, 7: 1, 19: 4}
"""Examples that are meant to give problems, and how many."""


def told(asset, **known):
    return [(p.severity, p.path, p.what) for p in problems_of(parsed(asset), **known)]


def test_sound_exports_give_none():
    assert problems_of(parsed(seed()[0])) == []
    assert {i: n for i, asset in enumerate(examples()) if (n := len(problems_of(parsed(asset))))} == ODD


def test_every_snapshot_and_every_task_is_covered():
    asset = with_tools(
        BOX, stageHistory=[{"stage": "Label", "tools": [{**BOX, "bounding-box": 1}]}, {"stage": "R", "tools": 5}]
    )
    assert [path for _, path, _ in told(asset)] == [
        "$.task.stageHistory[0].tools[0].bounding-box",
        "$.task.stageHistory[1].tools",
    ]
    v2 = {"asset": "a.png", "tasks": [{"objects": [BOX]}, {"objects": [{**BOX, "bounding-box": 1}]}]}
    assert [path for _, path, _ in told(v2)] == ["$.tasks[1].objects[0].bounding-box"]


@pytest.mark.parametrize(
    "asset",
    [
        {"asset": "https://h/a.png?X-Amz-Date=20200101T000000Z&X-Amz-Expires=1"},
        {"asset": "a.png", "task": {}},
        {"asset": "a.png", "task": {"taskId": "t", "tools": [], "brushDataUrl": None}},
        {"asset": "a.png", "task": None, "metadata": None, "batches": None, "dataset": None},
        {"asset": "a.mp4", "dataset": []},
        with_tools({"bounding-box": BOX["bounding-box"], "objectId": "a"}),
    ],
)
def test_what_is_no_problem(asset):
    assert told(asset) == []


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ({"polygon": [[0, 0], [10, 10], [10, 0], [0, 10]]}, "the polygon crosses itself at 5, 5"),
        ({"polygon": [[0, 0], [5, 0], [10, 0]]}, "the polygon has no surface"),
        ({"polygon": [[0, 0], [5, 0]]}, "the polygon has 2 points, fewer than 3"),
        ({"polygon": []}, "the polygon has 0 points, fewer than 3"),
        ({"polygon": [[0, 0], [5, 0], [float("nan"), 3], [2, 7]]}, "the number is not finite"),
        ({"bounding-box": {"x": 1, "y": 2, "width": 0, "height": 4}}, "the bounding-box has no extent"),
        ({"polyline": [[3, 3], [3, 3]]}, "the polyline has no extent"),
        (
            {
                "segmentation": {
                    "zones": [{"region": [[0, 0], [9, 0], [9, 9]], "holes": [[[20, 20], [30, 20], [30, 30]]]}]
                }
            },
            "the segmentation has a hole outside of it at 20, 20",
        ),
        (
            {"rotated-bounding-box": {"corners": [[0, 0], [9, 9], [9, 0], [0, 9]]}},
            "the rotated-bounding-box crosses itself",
        ),
    ],
)
def test_invalid_geometry(shape, words):
    asset = with_tools({**shape, "objectId": "a", "title": "x"})
    found = [t for t in told(asset) if "damaged" not in t[2] and "repaired" not in t[2]]
    assert any(words in what for _, _, what in found), found


def test_rings_that_only_touch_themselves_are_sound():
    touching = [[0, 0], [10, 0], [10, 10], [5, 0.0], [0, 10]]
    assert told(with_tools({"polygon": touching, "objectId": "a"})) == []


def test_pages_beyond_the_end():
    def at(page, **more):
        return {**BOX, "objectId": f"o{page}", "page": page, **more}

    video = {
        "asset": "a.mp4",
        "metadata": {"frameTotal": 10, "frameRate": 30},
        "task": {"tools": [at(9), at(10), at(11)]},
    }
    assert [(s, p) for s, p, _ in told(video)] == [("error", "$.task.tools[1]"), ("error", "$.task.tools[2]")]
    assert told(video, page_count=12) == []
    assert len(told(video, page_count=5)) == 3
    stopped = {**video, "task": {"tools": [at(9), {**at(10, interpolationStopped=True), "objectId": "o9"}]}}
    assert told(stopped) == []
    several = {"asset": "a.png", "dataset": ["a.png", "b.png"], "task": {"tools": [at(1), at(2)]}}
    assert [p for _, p, _ in told(several)] == ["$.task.tools[1]"]
    assert told(with_tools(at(3)))[0][2] == "page 3 does not exist, there is only page 0"
    assert told({"asset": "a.pdf", "task": {"tools": [at(3)]}, "metadata": {"width": 5, "height": 5}}) == []


def test_an_impossible_page_is_told_once():
    asset = {
        "asset": "a.mp4",
        "metadata": {"frameTotal": 10},
        "task": {"tools": [{**BOX, "page": -1}, {**BOX, "page": 10**9}]},
    }
    assert [p for _, p, _ in told(asset)] == ["$.task.tools[0].page", "$.task.tools[1].page"]


def test_sizes_that_differ():
    asset = {**with_tools(BOX), "metadata": {"width": 800, "height": 600}}
    assert told(asset, page_sizes={0: (800, 600)}) == []
    assert told(asset, page_sizes={0: (800.4, 600)}) == []
    assert [(s, p) for s, p, _ in told(asset, page_sizes={0: (600, 800)})] == [("warning", "$.metadata")]
    assert told({**asset, "dataset": ["a.png", "b.png"]}, page_sizes={0: (600, 800)}) == []


def test_tracks():
    video = {"asset": "a.mp4", "task": {"tools": [{**BOX, "page": 3}, {**BOX, "page": 3}, {**BOX, "objectId": "b"}]}}
    assert [(s, p) for s, p, _ in told(video)] == [("warning", "$.task.tools[1]"), ("warning", "$.task.tools[2]")]
    still = {**video, "asset": "a.png", "dataset": ["a.png"] * 4}
    assert told(still) == []


def test_a_brush_over_several_pages():
    assert told({"asset": "a.png", "task": {"brushDataUrl": "https://h/b.png"}}) == []
    asset = {
        "asset": "a.mp4",
        "task": {"brushDataUrl": "https://h/b.png", "stageHistory": [{"brushDataUrl": "https://h/b.png"}]},
    }
    assert [p for _, p, _ in told(asset)] == ["$.task.stageHistory[0].brushDataUrl", "$.task.brushDataUrl"]


def test_pixels_on_a_pdf():
    asset = {"asset": "a.pdf", "task": {"tools": [{**BOX, "page": 0}]}}
    assert [p for _, p, _ in told(asset)] == ["$.task.tools[0]"]
    assert told({**asset, "metadata": {"width": 600, "height": 800}}) == []


def test_a_history_out_of_order():
    visits = [{"stage": "a", "completedAt": f"2024-0{month}-01T00:00:00Z"} for month in (3, 2)]
    assert [p for _, p, _ in told(with_tools(stageHistory=visits))] == ["$.task.stageHistory"]
    assert told(with_tools(stageHistory=[*visits[::-1], {"stage": "c"}])) == []


def test_duplicate_keys_have_their_path():
    tool = b'{"point": [1, 2], "objectId": "a", "title": "x", "title": "y"}'
    text = b'{"asset": "a.png", "task": {"taskId": "1", "tools": [' + tool + b']}, "asset": "b.png"}'
    assert [(s, p) for s, p, _ in told(text)] == [("warning", "$.asset"), ("warning", "$.task.tools[0].title")]
    assert parsed(text).url == "b.png"


def test_damaged_text_is_told_with_the_rest():
    asset = raw(with_tools(BOX)).replace(b'"x": 1', b'"x": NaN')
    assert [(s, p) for s, p, _ in told(asset)] == [("warning", "$"), ("error", "$.task.tools[0].bounding-box.x")]


@pytest.mark.parametrize(
    ("asset", "pages"),
    [
        ({"asset": "a.png"}, 1),
        ({"asset": "a.mp4"}, None),
        ({"asset": "a.mp4", "metadata": {"frameTotal": 507}}, 507),
        ({"asset": "a.pdf", "metadata": {"numPages": 3}}, 3),
        ({"asset": "a.png", "dataset": ["a.png", "b.png"], "metadata": {"frameTotal": 9}}, 2),
    ],
)
def test_pages_that_the_export_says(asset, pages):
    assert pages_of(parsed(asset)) == pages


def test_the_file_is_named():
    (problem,) = problems_of(parsed(with_tools({**BOX, "page": 2})), file="e.json")
    assert (problem.file, problem.asset_index, problem.external_id) == ("e.json", 7, "a.png")
    assert copy.copy(problem) == problem
