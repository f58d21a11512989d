"""Tracks beside a metric that looks at one frame after the other; `bench_ledger.py` asks motmetrics as well."""

from __future__ import annotations

import numpy as np

from tests.make.tracking import Counts, clear, counted, labels, sequence
from viewer.diff import compare

SEQUENCES = 120


def test_added_removed_and_split_entries_are_those_of_the_metric() -> None:
    random = np.random.default_rng(30)
    total = np.zeros(3, dtype=int)
    for number in range(SEQUENCES):
        before, after = sequence(random)
        found = counted(before, compare(labels(before), labels(after), tracked=True))
        assert found == clear(before, after), number
        total += np.array(found)
    assert (total > SEQUENCES // 4).all(), total


def test_the_metric_sees_what_it_is_for() -> None:
    box = (0.0, 0.0, 10.0, 10.0)
    before = {"a": dict.fromkeys(range(6), box), "b": {0: (50.0, 0.0, 10.0, 10.0)}}
    after = {"a": dict.fromkeys(range(3), box), "c": dict.fromkeys(range(3, 8), box)}
    assert clear(before, after) == Counts(added=2, removed=1, switches=1)
