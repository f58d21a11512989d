"""What of a comparison is shown in the list and on the page bar. How it gets there: e2e/test_changes_tab.py."""

from __future__ import annotations

from tests.make.assets import parsed
from tests.make.changed import boxed, changed_asset, comparison_of, stage
from tests.make.inspected import image
from viewer.state import Look
from viewer.ui.changes.shown import kinds_by_page, listing_of


def test_labels_are_named_as_in_their_stage() -> None:
    asset = changed_asset()
    before, after = asset.tasks[0].snapshots[:2]
    comparison = comparison_of(asset)
    listing = listing_of(comparison, asset, before, after, look=Look(), many_pages=False)
    assert listing.comparison is comparison
    assert listing.before.of("gone") == "Tree #1"
    assert listing.after.of("come") == "Tree #2"


def test_the_weightiest_kind_of_each_page() -> None:
    one = [boxed("a", "Car", 10, page=0), boxed("b", "Car", 10, page=2), boxed("c", "Car", 200, page=2)]
    two = [boxed("a", "Car", 14, page=0), boxed("b", "Car", 14, page=2), boxed("d", "Van", 600, 500, page=7)]
    asset = parsed(image(*two, stageHistory=[stage("Label", one, hour=10)]))
    assert kinds_by_page(comparison_of(asset)) == {0: "moved", 2: "removed", 7: "added"}


def test_without_pages_it_is_the_first() -> None:
    assert kinds_by_page(comparison_of(changed_asset())) == {0: "removed"}
