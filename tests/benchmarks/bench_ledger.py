"""Comparisons beside the ledger of what was really done, on many labels; the table by kind, and each failure.

    ANGO_VIEWER_LEDGER_SEEDS=11,12,13 python -m pytest -o addopts= -m benchmark -s tests/benchmarks/bench_ledger.py

`ANGO_VIEWER_LEDGER_LABELS` is the number of labels in current states over all seeds (150,000 by default),
`ANGO_VIEWER_LEDGER_DENSE` the share of crowded assets (0.2), `ANGO_VIEWER_LEDGER_FAILURES` a file for all failures.
Where motmetrics is installed, its counts on tracks are asked, too (it needs pandas: too much for the tests' set-up).
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import numpy as np
import pytest

from tests.make.ledger_judge import judged
from tests.make.tracking import Counts, Tracks, by_page, clear, counted, labels, overlap, sequence
from viewer.diff import compare

pytestmark = pytest.mark.benchmark
SEEDS = tuple(int(seed) for seed in os.environ.get("ANGO_VIEWER_LEDGER_SEEDS", "101,102,103").split(","))
LABELS = int(os.environ.get("ANGO_VIEWER_LEDGER_LABELS", "150000"))
DENSE = float(os.environ.get("ANGO_VIEWER_LEDGER_DENSE", "0.2"))
FAILURES = os.environ.get("ANGO_VIEWER_LEDGER_FAILURES")


def test_recall_and_precision() -> None:
    tally = judged(SEEDS, labels=LABELS, dense=DENSE)
    print(f"\nseeds {SEEDS}\n{tally.table()}")
    print(*tally.failures[:50], "apart:", *tally.apart[:20], sep="\n")
    if FAILURES:
        Path(FAILURES).write_text("\n".join(tally.failures) + "\n")
    assert tally.shortfalls() == []


def by_motmetrics(before: Tracks, after: Tracks) -> Counts:
    """The same three counts by a library that is no part of the tests' set-up."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import motmetrics

        accumulator = motmetrics.MOTAccumulator(auto_id=True)
        number = {object_id: n for n, object_id in enumerate(before | after)}
        old, new = by_page(before), by_page(after)
        for page in sorted(old.keys() | new.keys()):
            ones, others = old.get(page, {}), new.get(page, {})
            distance = [
                [1 - overlap(a, b) if overlap(a, b) >= 0.5 else np.nan for b in others.values()] for a in ones.values()
            ]
            accumulator.update(
                [number[a] for a in ones],
                [number[b] for b in others],
                np.array(distance).reshape(len(ones), len(others)),
            )
        found = motmetrics.metrics.create().compute(
            accumulator, metrics=["num_false_positives", "num_misses", "num_switches"]
        )
        return Counts(*(int(n) for n in found.iloc[0]))


def test_tracks_beside_motmetrics() -> None:
    pytest.importorskip("motmetrics")
    random = np.random.default_rng(SEEDS[0])
    for number in range(200):
        before, after = sequence(random)
        found = counted(before, compare(labels(before), labels(after), tracked=True))
        assert found == clear(before, after) == by_motmetrics(before, after), number
