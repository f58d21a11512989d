"""Who made and last changed each field: from the snapshots, and exactly where metadata says so."""

from __future__ import annotations

from typing import Any

from tests.make.compared import Entry, answer, box, labels
from viewer.diff.blame import CLASS, GEOMETRY, Blame, Field, blame
from viewer.diff.compare import compare
from viewer.model import Snapshot, Task

PEOPLE = ("start@x.y", "label@x.y", "review@x.y", "fix@x.y")


def at(hour: int) -> str:
    return f"2024-03-01T{hour:02}:00:00.000Z"


def task(*states: list[Entry]) -> Task:
    """Stages left at 1, 2, 3 … o'clock by different people; the last one is the current state."""
    held = [labels(*entries) for entries in states]
    last = len(states) - 1
    snapshots = tuple(
        Snapshot(
            index=k,
            stage=f"Stage {k}",
            stage_id=f"s{k}",
            completed_at=None if k == last else at(k + 1),
            completed_by=None if k == last else PEOPLE[k],
            is_current=k == last,
            parse=lambda state=state: state,  # type: ignore[misc]
        )
        for k, state in enumerate(held)
    )
    return Task(task_id="t", snapshots=snapshots, fields={"updatedBy": "last@x.y", "updatedAt": at(last + 1)})


def told(field: Field | None) -> tuple[str | None, str | None]:
    assert field is not None
    return field.made.by, None if field.changed is None else field.changed.by


def coloured(name: str, x: float, colour: str | None, **members: Any) -> Entry:
    return box(name, x, 0, classifications=[answer("colour", colour)] if colour else [], **members)


def found(states: list[list[Entry]], name: str = "a", **how: Any) -> Blame:
    return blame(task(*states), name, tracked=False, **how)


STATES = [
    [],
    [coloured("a", 0, None)],
    [coloured("a", 5, "red")],
    [coloured("a", 5, "blue", schemaId="c2")],
    [coloured("a", 5, "blue", schemaId="c2")],
]


def test_each_field_has_its_own_people() -> None:
    result = found(STATES)
    assert [field.name for field in result.fields] == [GEOMETRY, CLASS, "colour"]
    assert told(result.of(GEOMETRY)) == ("label@x.y", "review@x.y")
    assert told(result.of(CLASS)) == ("label@x.y", "fix@x.y")
    assert told(result.of("colour")) == ("review@x.y", "fix@x.y")
    assert result.made is not None and (result.made.stage, result.made.at) == ("Stage 1", at(2))
    assert not any(field.last.is_exact for field in result.fields)


def test_as_it_was_at_an_earlier_stage() -> None:
    result = found(STATES, at=2)
    assert told(result.of(CLASS)) == ("label@x.y", None)
    assert found(STATES, at=0).fields == ()
    assert found(STATES, "nobody").made is None


def test_an_object_is_followed_when_its_id_changes() -> None:
    states = [[], [coloured("a", 0, None)], [coloured("n", 2, None)], [coloured("n", 2, None)]]
    result = found(states, "n")
    assert told(result.of(GEOMETRY)) == ("label@x.y", "review@x.y")


def test_an_answer_that_went_and_came_back_is_as_old_as_its_return() -> None:
    states = [[coloured("a", 0, "red")], [coloured("a", 0, None)], [coloured("a", 0, "red")], [coloured("a", 0, "red")]]
    assert told(found(states).of("colour")) == ("review@x.y", None)


def test_metadata_is_exact_for_what_happened_when_it_says() -> None:
    said = {"createdAt": "2024-03-01T01:30:00.000Z", "createdBy": "maker@x.y", "createdIn": "s1",
            "updatedAt": "2024-03-01T02:30:00.000Z", "updatedBy": "editor@x.y", "updatedIn": "s2"}  # fmt: skip
    states = [*STATES[:-1], [coloured("a", 5, "blue", schemaId="c2", metadata=said)]]
    result = found(states)
    geometry, colour = result.of(GEOMETRY), result.of("colour")
    assert told(geometry) == ("maker@x.y", "editor@x.y")
    assert geometry is not None and geometry.made.is_exact and geometry.last.is_exact
    assert (geometry.made.at, geometry.made.stage) == ("2024-03-01T01:30:00.000Z", "Stage 1")
    # the class changed later than that, so that the metadata says nothing of it
    assert told(result.of(CLASS)) == ("maker@x.y", "fix@x.y")
    assert colour is not None and not colour.last.is_exact


def test_a_track_is_one_object_or_one_of_its_pages() -> None:
    first = [box("a", 0, 0, page=page) for page in (1, 2)]
    second = [first[0], box("a", 9, 0, page=2)]
    states = task([], first, second, second)
    assert told(blame(states, "a", tracked=True).of(GEOMETRY)) == ("label@x.y", "review@x.y")
    assert told(blame(states, "a", tracked=True, page=1).of(GEOMETRY)) == ("label@x.y", None)
    assert told(blame(states, "a", tracked=True, page=2).of(GEOMETRY)) == ("label@x.y", "review@x.y")


def test_known_comparisons_are_used() -> None:
    states = task(*STATES)
    asked: list[tuple[int, int]] = []

    def known(a: int, b: int) -> Any:
        asked.append((a, b))
        return compare(states.snapshots[a], states.snapshots[b], tracked=False)

    assert told(blame(states, "a", tracked=False, comparison=known).of(CLASS)) == ("label@x.y", "fix@x.y")
    assert asked == [(3, 4), (2, 3), (1, 2), (0, 1)]
