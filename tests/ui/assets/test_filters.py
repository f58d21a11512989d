"""OR within a facet, AND between them; counts that keep what would find nothing."""

from __future__ import annotations

import msgspec
import numpy as np

from tests.make.rows import rows
from viewer.ui.assets.filters import Filter, cleared, counts, facet_mask, toggled, without
from viewer.ui.assets.table import AssetTable


def table(count: int = 60) -> AssetTable:
    result = AssetTable()
    result.add(rows(count))
    result.digest(count)
    return result


def test_or_within_a_facet_and_and_between_them() -> None:
    record = toggled(toggled(toggled(Filter(), "stage", "Label"), "stage", "Review"), "kind", "video")
    expected = [i for i in range(60) if i % 3 in (0, 1) and i % 7 == 3]
    assert np.flatnonzero(facet_mask(table(), record)).tolist() == expected
    assert (np.flatnonzero(facet_mask(table(), record, 20)) + 20).tolist() == [i for i in expected if i >= 20]


def test_counts_ask_all_facets_but_their_own() -> None:
    record = toggled(Filter(), "kind", "video")
    assert counts(table(), record, "kind") == {"image": 51, "video": 9}
    videos = [i for i in range(60) if i % 7 == 3]
    assert counts(table(), record, "stage") == {
        name: sum(i % 3 == n for i in videos) for n, name in enumerate(("Label", "Review", "Complete"))
    }


def test_values_that_would_find_nothing_stay_listed() -> None:
    record = toggled(toggled(Filter(), "kind", "pdf"), "stage", "Label")
    assert counts(table(), record, "kind") == {"image": 17, "video": 3, "pdf": 0}
    assert counts(table(), record, "person") == dict.fromkeys(
        ("mert@example.com", "jana@example.com", "taro@example.com"), 0
    )


def test_counts_ask_the_text_too() -> None:
    text = np.zeros(60, bool)
    text[3] = True
    assert counts(table(), Filter(), "kind", text) == {"image": 0, "video": 1}


def test_steps_from_one_record_to_the_next() -> None:
    record = toggled(Filter(text="lot", order="name", on=False), "kind", "image")
    assert record.on and record.has("kind", "image") and record.facets == ("kind",)
    assert toggled(record, "kind", "image").chosen == ()
    assert without(toggled(record, "stage", "Label"), "kind").chosen == (("stage", "Label"),)
    assert cleared(record) == Filter(order="name")
    assert cleared(record).is_neutral and not record.is_neutral


def test_a_record_is_kept_as_it_is() -> None:
    record = toggled(Filter(text="lot", order="name", descending=True, on=False), "class", "Car")
    assert msgspec.json.decode(msgspec.json.encode(record), type=Filter) == record
