"""One label followed through the stages, also when its id changes on the way."""

from __future__ import annotations

import pytest

from tests.make.assets import parsed
from tests.make.changed import boxed, stage
from tests.make.inspected import PERSONS, answer, image
from viewer.diff import Comparison, compare
from viewer.model import TRACKED_KINDS, Asset
from viewer.state import Look
from viewer.ui.changes.label_stages import LabelStages, facts_of, stages_of_label


def asked(value: str) -> list[object]:
    return [answer("State", value)]


@pytest.fixture(scope="module")
def asset() -> Asset:
    """`a` is added in Label, moved in Review, drawn anew and asked in Label 2, and as that in the end; `b` goes."""
    return parsed(
        image(
            boxed("a2", "Car", 110, classifications=asked("moving")),
            stageHistory=[
                stage("Start", [], hour=8),
                stage(
                    "Label", [boxed("a", "Car", 100, classifications=asked("parked")), boxed("b", "Tree", 700)], hour=10
                ),
                stage("Review", [boxed("a", "Car", 110, classifications=asked("parked"))], hour=11, person=1),
                stage("Label", [boxed("a2", "Car", 110, classifications=asked("moving"))], hour=12),
            ],
            updatedBy=PERSONS[1],
            updatedAt="2026-11-04T08:00:00Z",
        )
    )


def follow(asset: Asset, object_id: str, at: int, *, page: int = 0, reference: int | None = None) -> LabelStages:
    task = asset.tasks[0]

    def comparison(a: int, b: int) -> Comparison:
        assert b == a + 1
        return compare(task.snapshots[a], task.snapshots[b], tracked=asset.kind in TRACKED_KINDS, measures="light")

    return stages_of_label(asset, task, object_id, at, page, look=Look(), comparison=comparison, reference=reference)


def told(found: LabelStages) -> list[tuple[int, str, str, str]]:
    return [(s.index, s.object_id, s.sign, s.words) for s in found.stages]


ALL = [
    (1, "a", "added", "added"),
    (2, "a", "moved", "moved 10.0 px"),
    (3, "a2", "attributes", "State parked → moving, drawn anew"),
    (4, "a2", "unchanged", "unchanged"),
]


@pytest.mark.parametrize(("object_id", "at"), [("a2", 4), ("a2", 3), ("a", 2), ("a", 1)])
def test_the_same_story_from_every_stage(asset: Asset, object_id: str, at: int) -> None:
    found = follow(asset, object_id, at)
    assert told(found) == ALL
    assert found.ids == {"a", "a2"}


def test_overlap_with_the_current_state(asset: Asset) -> None:
    overlaps = [s.iou for s in follow(asset, "a2", 4).stages]
    assert overlaps == [pytest.approx(30 / 50), 1.0, 1.0, 1.0]


def test_what_was_removed_ends_there(asset: Asset) -> None:
    found = follow(asset, "b", 1)
    assert told(found) == [(1, "b", "added", "added"), (2, "b", "removed", "removed")]
    assert [s.iou for s in found.stages] == [None, None]
    assert found.stages[1].by == PERSONS[1]


def test_a_label_that_only_a_has_is_followed_from_there(asset: Asset) -> None:
    assert follow(asset, "b", 4).stages == ()
    assert told(follow(asset, "b", 4, reference=1))[0][:2] == (1, "b")


def test_nobody(asset: Asset) -> None:
    found = follow(asset, "nobody", 4)
    assert found.stages == ()
    assert facts_of(found, 4) == []


def test_rows_lead_to_their_stage_with_the_id_it_has_there(asset: Asset) -> None:
    facts = facts_of(follow(asset, "a2", 4), 2)
    stages = [fact for fact in facts if fact.kind == "stage"]
    assert [fact.name for fact in stages] == ["Label 1", "Review", "Label 2", "Current"]
    assert [fact.jump for fact in stages] == [("stage", (i, name)) for i, name, _, _ in ALL]
    assert [fact.is_current for fact in stages] == [False, True, False, False]
    assert [fact.end for fact in stages] == ["0.60", "1.00", "1.00", "1.00"]
    assert facts[0].end == "IoU to current"


def test_who_did_what(asset: Asset) -> None:
    facts = facts_of(follow(asset, "a2", 4), 4)
    at = next(i for i, fact in enumerate(facts) if fact.name == "Who did it")
    rows = [(fact.name, fact.text.split(" · ")[0], fact.person, fact.indent) for fact in facts[at + 1 :]]
    # the label's metadata says who made it; what changed since follows from the stages
    assert rows == [
        ("Geometry", "Label 1", PERSONS[0], 0), ("changed", "≈ Review", PERSONS[1], 1),
        ("Class", "Label 1", PERSONS[0], 0),
        ("State", "Label 1", PERSONS[0], 0), ("changed", "≈ Label 2", PERSONS[0], 1),
    ]  # fmt: skip


def test_a_track_tells_how_many_pages() -> None:
    one = [boxed("t", "Car", 10 * page, page=page) for page in (0, 5, 10)]
    two = [boxed("t", "Car", 10 * page + (4 if page else 0), page=page) for page in (0, 5, 10)]
    asset = parsed(
        {**image(*two, stageHistory=[stage("Label", one, hour=10)]), "asset": "a.mp4", "externalId": "a.mp4"}
    )
    found = follow(asset, "t", 1, page=5)
    assert told(found)[1] == (1, "t", "moved", "moved on 2 pages")
    assert found.stages[0].iou is not None
    between = follow(asset, "t", 1, page=7)
    assert between.stages[0].tool is not None
    assert between.stages[0].entry is not None


def test_one_change_on_another_page_says_where() -> None:
    one = [boxed("t", "Car", 10, page=0), boxed("t", "Car", 50, page=5)]
    two = [boxed("t", "Car", 10, page=0), boxed("t", "Car", 60, page=5)]
    asset = parsed(
        {**image(*two, stageHistory=[stage("Label", one, hour=10)]), "asset": "a.mp4", "externalId": "a.mp4"}
    )
    assert follow(asset, "t", 1, page=0).stages[1].words == "moved 10.0 px on page 6"
