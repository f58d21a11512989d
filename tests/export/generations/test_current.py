import pytest
from hypothesis import given

from tests.make.assets import labels, with_tools
from tests.tools.test_base import JSON
from viewer.export.generations.current import NAMES, frames_of

HEAD = {"schemaId": "s", "objectId": "o", "title": "car", "classifications": []}


def point(x, **more):
    return {"point": [x, 0], **more}


def flat(entry):
    found = labels({**with_tools(entry), "asset": "a.mp4", "externalId": "a.mp4"})
    rows = [(a.page, getattr(a.tool, "x", None), a.stopped) for a in found.annotations]
    return rows, [p.path for p in found.problems]


GUESS = "$.task.tools"


@pytest.mark.parametrize("name", [*NAMES, "somethingElse"])
@pytest.mark.parametrize(
    "frames",
    [
        [{"page": 3, **point(1)}, {"page": 9, **point(2)}],
        [{"frame": 3, **point(1)}, {"frameNumber": 9, **point(2)}],
        {"3": point(1), "9": point(2)},
        {"a": point(1, page=3), "b": point(2, frame=9)},
    ],
)
def test_one_label_per_frame(name, frames):
    assert flat({**HEAD, name: frames}) == ([(3, 1, False), (9, 2, False)], [GUESS])


def test_stops_within():
    rows, _ = flat({**HEAD, "frames": [{"page": 0, **point(1)}, {"page": 45, "interpolationStopped": True}]})
    assert rows == [(0, 1, False), (45, None, True)]


@pytest.mark.parametrize(("first", "last"), [("start", "end"), ("from", "to")])
def test_ranges(first, last):
    frames = [{first: 5, last: 8, **point(1)}, {first: 9, last: 12, **point(2)}, {first: 20, last: 20, **point(3)}]
    rows, problems = flat({**HEAD, "frames": frames})
    assert rows == [(5, 1, False), (9, 2, False), (13, None, True), (20, 3, False), (21, None, True)]
    assert problems[:3] == [f"$.task.tools[0].frames[{i}]" for i in range(3)]


def test_a_frame_inherits_and_overrides():
    nested = [{"title": "q", "answer": "x"}]
    frames = [{"page": 1, **point(1)}, {"page": 2, **point(2), "classifications": nested, "isKeyFrame": False}]
    found = labels({**with_tools({**HEAD, "frames": frames, "lock": True}), "asset": "a.mp4"}).annotations
    assert [(a.object_id, a.schema_id, a.title) for a in found] == [("o", "s", "car")] * 2
    assert [len(a.classifications) for a in found] == [0, 1]
    assert found[1].extra == {"lock": True, "isKeyFrame": False}
    assert found[0].path == "$.task.tools[0].frames[0]"
    assert found[0].raw == found[1].raw
    assert b'"frames"' in found[0].raw


def test_bad_frames_cost_only_themselves():
    frames = [5, {"page": "x", **point(1)}, None, {"page": 4, "point": [1]}, {"page": 6, **point(3)}]
    rows, problems = flat({**HEAD, "frames": frames})
    assert rows == [(None, 1, False), (4, None, False), (6, 3, False)]
    prefix = "$.task.tools[0].frames"
    assert problems == [f"{prefix}[0]", f"{prefix}[1]", f"{prefix}[3].point", GUESS]


@pytest.mark.parametrize(
    "entry",
    [
        HEAD,
        {**HEAD, **point(1), "frames": [point(1)]},
        {**HEAD, "frames": [1, 2]},
        {**HEAD, "one": [point(1)], "two": [point(2)]},
        {**HEAD, "frames": {"a": 1}},
        {"classifications": [point(1)]},
    ],
)
def test_what_is_not_that_form(entry):
    assert frames_of(entry) is None


def test_a_track_without_any_geometry_is_unsupported():
    rows, problems = flat({**HEAD, "frames": [{"page": 1, "future": 3}]})
    assert rows == [(None, None, False)]
    assert problems == ["$.task.tools[0].frames"]


@given(JSON)
def test_anything_inside(value):
    for frame in (
        frames_of({**HEAD, "frames": [{**point(1), "page": value}, {"start": value, "end": 3, **point(2)}, value]})
        or ()
    ):
        assert isinstance(frame.entry, dict)
