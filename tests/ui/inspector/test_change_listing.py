"""Changes in groups: every change is in exactly one of them, whatever is filtered."""

from __future__ import annotations

import pytest

from tests.make.assets import parsed
from tests.make.changed import boxed, changed_asset, listing_of, many_changed, stage
from tests.make.inspected import image
from viewer.ui.inspector.change_listing import GROUPINGS, ChangeListing, Grouping
from viewer.ui.inspector.names import Names


@pytest.fixture(scope="module")
def listing() -> ChangeListing:
    return listing_of(changed_asset())


@pytest.mark.parametrize("grouping", GROUPINGS)
def test_groups_share_out_all_changes(listing: ChangeListing, grouping: Grouping) -> None:
    members = [at for group in listing.groups(grouping) for at in group.members]
    assert sorted(members) == list(range(len(listing.changes)))


@pytest.mark.parametrize("grouping", GROUPINGS)
@pytest.mark.parametrize("signs", [{"moved"}, {"attributes", "added"}, {"retimed"}])
def test_a_filter_leaves_what_carries_one_of_the_signs(
    listing: ChangeListing, grouping: Grouping, signs: set[str]
) -> None:
    members = sorted(at for group in listing.groups(grouping, frozenset(signs)) for at in group.members)
    assert members == [at for at in range(len(listing.changes)) if signs & set(listing.signs(at))]
    assert len(members) <= sum(listing.counts.get(sign, 0) for sign in signs)


def test_counts_are_in_the_order_of_the_signs(listing: ChangeListing) -> None:
    assert list(listing.counts.items()) == [
        ("added", 1), ("removed", 1), ("moved", 2), ("reshaped", 1), ("reclassified", 1), ("attributes", 2),
        ("recreated", 1),
    ]  # fmt: skip


def test_what_is_no_label_comes_last(listing: ChangeListing) -> None:
    assert [g.title for g in listing.groups("kind")][-2:] == ["Relations", "Answers of the asset"]
    assert listing.groups("kind")[0].sign in listing.counts


def test_by_person_and_class_and_page(listing: ChangeListing) -> None:
    assert [g.person for g in listing.groups("person")] == ["jana.krueger@example.com"]
    assert [g.title for g in listing.groups("class")] == ["Car", "follows", "Tree", "Truck", "Weather"]
    assert [g.title for g in listing.groups("page")] == ["Whole asset", "Page 1"]


def test_a_change_of_several_kinds_is_grouped_by_the_one_looked_for() -> None:
    both = {"classifications": [{"objectId": "c", "schemaId": "q", "tool": "radio", "title": "Q", "answer": "b"}]}
    one, two = boxed("a", "Car", 10), boxed("a", "Van", 30, **both)
    asset = parsed(image(two, stageHistory=[stage("Label", [one], hour=10)]))
    listing = listing_of(asset)
    assert listing.signs(0) == ("reclassified", "moved", "attributes")
    assert [g.key for g in listing.groups("kind")] == ["reclassified"]
    assert [g.key for g in listing.groups("kind", frozenset({"moved"}))] == ["moved"]


def test_numbers_come_from_the_stage_that_has_the_label(listing: ChangeListing) -> None:
    told = {c.kind: f"{listing.title(at)} {listing.detail(at)}" for at, c in enumerate(listing.changes)}
    assert told["removed"] == "Tree #1"  # of A; in B another one is the first
    assert told["recreated"] == "Tree #1"
    assert told["added"] == "Tree #2"


def test_pages_are_told_where_there_are_several() -> None:
    asset = parsed(
        image(boxed("a", "Car", 30, page=3), stageHistory=[stage("L", [boxed("a", "Car", 10, page=3)], hour=10)])
    )
    assert listing_of(asset, many_pages=True).detail(0) == "p. 4"
    assert listing_of(asset, many_pages=True).spoken(0).startswith("Car page 4, moved")
    assert listing_of(asset).detail(0) == ""


def test_finding(listing: ChangeListing) -> None:
    again = listing_of(changed_asset())
    for at, change in enumerate(listing.changes):
        assert listing.find(change) == at
        assert again.find(change) == at
    moved = listing.of_object("moved", 0)
    assert moved is not None
    assert listing.changes[moved].kind == "moved"
    assert listing.is_of(moved, "moved")
    assert listing.of_object("old", 0) == listing.of_object("new", 0) is not None
    assert listing.of_object("nobody", 0) is None


def test_all_is_spoken(listing: ChangeListing) -> None:
    assert "Car #2, moved, 12.0 px, jana.krueger@example.com" in [listing.spoken(at) for at in range(9)]


def test_nothing_compared() -> None:
    empty = ChangeListing(None, Names(), Names())
    assert empty.groups("kind") == ()
    assert empty.counts == {}


def test_prepared_listings_answer_from_what_they_know() -> None:
    listing = listing_of(many_changed(300)).prepare()
    assert listing.groups("kind") is listing.groups("kind")
    assert listing.find(listing.changes[299]) == 299
