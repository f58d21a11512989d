"""Comparisons beside the ledger of what was really done, on many labels; the table by kind, and each failure.

    ANGO_VIEWER_LEDGER_SEEDS=11,12,13 python -m pytest -o addopts= -m benchmark -s tests/benchmarks/bench_ledger.py

`ANGO_VIEWER_LEDGER_LABELS` is the number of labels in current states over all seeds (150,000 by default),
`ANGO_VIEWER_LEDGER_DENSE` the share of crowded assets (0.2), `ANGO_VIEWER_LEDGER_FAILURES` a file for all failures.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.make.ledger_judge import judged

pytestmark = pytest.mark.benchmark
SEEDS = tuple(int(seed) for seed in os.environ.get("ANGO_VIEWER_LEDGER_SEEDS", "101,102,103").split(","))
LABELS = int(os.environ.get("ANGO_VIEWER_LEDGER_LABELS", "150000"))
DENSE = float(os.environ.get("ANGO_VIEWER_LEDGER_DENSE", "0.2"))
FAILURES = os.environ.get("ANGO_VIEWER_LEDGER_FAILURES")


def test_recall_and_precision() -> None:
    tally = judged(SEEDS, labels=LABELS, dense=DENSE)
    print(f"\nseeds {SEEDS}\n{tally.table()}")
    print(*tally.failures[:50], sep="\n")
    if FAILURES:
        Path(FAILURES).write_text("\n".join(tally.failures) + "\n")
    assert tally.shortfalls() == []
