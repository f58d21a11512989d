"""Comparisons beside the ledger of what was really done; `tests/benchmarks/bench_ledger.py` judges many more."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.make import exports, ledger_judge
from tests.make.ledger import LedgerAsset, assets
from tests.make.ledger_judge import Tally, judged
from viewer.diff import Comparison, compare
from viewer.export.parse import parse_asset
from viewer.model import Change, Labels

SEEDS = (1, 2, 3)
LABELS = 2_400
KINDS = ("moved", "reshaped", "reclassified", "attributes", "recreated", "retimed", "added", "removed")


@pytest.fixture(scope="module")
def tally() -> Tally:
    return judged(SEEDS, labels=LABELS)


def test_the_figures_are_reached(tally: Tally) -> None:
    print(tally.table(), *tally.failures[:40], sep="\n")
    assert tally.shortfalls() == []


def test_every_kind_of_change_occurs(tally: Tally) -> None:
    for kind in KINDS:
        assert tally.scores[f"label {kind}"].cases >= 10, kind
    for kind in ("added", "removed", "retargeted", "direction", "reclassified"):
        assert tally.scores[f"relation {kind}"].cases, kind
    for kind in ("added", "removed", "changed"):
        assert tally.scores[f"answer of the asset {kind}"].cases, kind
    assert tally.numbers["cosmetic differences"] > 500


def test_few_changes_are_ambiguous(tally: Tally) -> None:
    apart = {name: n for name, n in tally.numbers.items() if name.startswith("ambiguous")}
    assert sum(n for name, n in apart.items() if "stage to stage" in name) <= 0.03 * tally.scores["label changes"].cases
    assert sum(apart.values()) <= 0.12 * tally.scores["label changes"].cases


def test_what_is_beside_the_labels_is_right(tally: Tally) -> None:
    for name, score in tally.scores.items():
        if not name.startswith("label"):
            assert (score.missed, score.false) == (0, 0), name


def test_the_ledger_is_the_same_each_time_and_reads_back() -> None:
    first, again = (next(iter(assets(5, 1))) for _ in range(2))
    assert first.raw == again.raw
    for asset in assets(5, 12):
        snapshots = parse_asset(asset.raw, index=asset.index).tasks[0].snapshots
        assert [len(s.labels.annotations) for s in snapshots] == [_entries(asset, n) for n in range(len(snapshots))]


def test_what_a_comparison_misses_or_makes_up_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_judge, "compare", lambda *_sides, **_how: Comparison((), after_of={}))
    blind = judged((4,), labels=200)
    assert blind.scores["label changes"].recall == 0.0
    assert blind.shortfalls() and blind.failures

    def inventive(before: Labels, after: Labels, **_how: object) -> Comparison:
        pairs = zip(before.annotations, after.annotations)
        return Comparison(tuple(Change(kinds=("moved",), before=a, after=b) for a, b in pairs), after_of={})

    monkeypatch.setattr(ledger_judge, "compare", inventive)
    invented = judged((4,), labels=200)
    assert invented.scores["label changes"].precision < 0.5
    assert any("cosmetic" in line for line in invented.shortfalls())


def test_large_exports_can_have_edits_in_every_stage() -> None:
    plain, edited = (exports.asset_json(7, 3, edits=edits) for edits in (0.0, 0.3))
    assert plain != edited
    changed = compared = 0
    for index in range(8):
        asset = parse_asset(exports.asset_json(7, index, edits=0.3).encode(), index=index)
        drawn = [s.labels for s in asset.tasks[0].snapshots if s.labels.annotations]
        for before, after in pairwise(drawn[:-1]):
            found = compare(before, after, tracked=asset.kind == "video")
            changed, compared = changed + bool(found.changes), compared + 1
        assert not compare(drawn[-2], drawn[-1], tracked=asset.kind == "video").changes  # the last one adds metadata
    assert changed > compared / 2 > 2


def _entries(asset: LedgerAsset, state: int) -> int:
    return sum(len(thing.pages) for thing in asset.states[state].things.values())
