"""Both sides of a change in rows."""

from __future__ import annotations

import pytest

from tests.make.assets import parsed
from tests.make.changed import boxed, changed_asset, listing_of, stage
from tests.make.inspected import answer, image
from viewer.model import Change
from viewer.ui.inspector.change_facts import NOTHING, Pair, chips_of, pairs_of
from viewer.ui.inspector.change_listing import ChangeListing


@pytest.fixture(scope="module")
def listing() -> ChangeListing:
    return listing_of(changed_asset())


def rows_of(listing: ChangeListing, kind: str, subject: str = "label") -> dict[str, Pair]:
    change = change_of(listing, kind, subject)
    return {p.name: p for p in pairs_of(change, listing.before, listing.after, size=(1000, 800))}


def change_of(listing: ChangeListing, kind: str, subject: str = "label") -> Change:
    return next(c for c in listing.changes if c.kind == kind and c.subject == subject)


def test_a_moved_box_differs_in_its_centre_alone(listing: ChangeListing) -> None:
    rows = rows_of(listing, "moved")
    assert rows["Centre"] == Pair("Centre", "120.0, 115.0", "132.0, 115.0", True)
    assert rows["Size"] == Pair("Size", "40 × 30", "40 × 30", False)
    assert [name for name, row in rows.items() if row.differs] == ["Centre"]


def test_sizes_classes_answers_and_ids(listing: ChangeListing) -> None:
    assert rows_of(listing, "reshaped")["Size"] == Pair("Size", "40 × 30", "60 × 30", True)
    assert rows_of(listing, "reclassified")["Class"] == Pair("Class", "Van", "Truck", True)
    assert rows_of(listing, "reclassified")["State"] == Pair("State", "parked", "parked", False)
    assert rows_of(listing, "attributes")["State"] == Pair("State", "parked", "moving", True)
    assert rows_of(listing, "recreated")["Object id"] == Pair("Object id", "old", "new", True)


def test_one_side_alone(listing: ChangeListing) -> None:
    for kind, side in (("added", "before"), ("removed", "after")):
        rows = rows_of(listing, kind)
        assert rows["Centre"].differs
        assert all(getattr(row, side) == NOTHING for row in rows.values())


def test_relations_name_their_ends(listing: ChangeListing) -> None:
    rows = rows_of(listing, "retargeted", "relation")
    assert rows["To"] == Pair("To", "Car #2", "Car #4", True)
    assert not rows["From"].differs
    assert not rows["Direction"].differs


def test_answers_of_the_asset(listing: ChangeListing) -> None:
    assert rows_of(listing, "changed", "classification") == {"Weather": Pair("Weather", "sunny", "rain", True)}


def test_the_questions_of_another_class_share_their_rows() -> None:
    def asked(title: str, schema: str) -> dict[str, object]:
        return {**answer("State", "parked"), "schemaId": schema, "title": title}

    one = boxed("a", "Car", 10, classifications=[asked("State", "q1")])
    two = boxed("a", "Van", 10, classifications=[asked("State", "q2")])
    asset = parsed(image(two, stageHistory=[stage("Label", [one], hour=10)]))
    rows = rows_of(listing_of(asset), "reclassified")
    assert rows["State"] == Pair("State", "parked", "parked", False)


def test_nested_answers_are_indented() -> None:
    one = boxed("a", "Car", 10, classifications=[answer("State", "parked", answer("Side", "left"))])
    two = boxed("a", "Car", 10, classifications=[answer("State", "parked", answer("Side", "right"))])
    asset = parsed(image(two, stageHistory=[stage("Label", [one], hour=10)]))
    rows = rows_of(listing_of(asset), "attributes")
    assert rows["Side"] == Pair("Side", "left", "right", True, 1)
    assert rows["State"].indent == 0


def test_chips_tell_what_was_measured(listing: ChangeListing) -> None:
    assert chips_of(change_of(listing, "moved")) == ("IoU 0.54", "shift 12.0 px", "area ±0 %", "Hausdorff 12.0 px")
    assert chips_of(change_of(listing, "added")) == ()
    assert chips_of(change_of(listing, "attributes")) == ()
