"""Holds what a comparison found against the ledger, and counts."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

import msgspec

from tests.make.ledger import LedgerAsset, assets
from tests.make.ledger_truth import NONE, LabelTruth, Truth, Where
from viewer.diff import Comparison, compare
from viewer.export.parse import parse_asset
from viewer.model import Annotation, Change, Classification, Relation, Snapshot

_PLACE = re.compile(r"\.classifications\[(\d+)\]")
FAILURES_KEPT = 400


class Score(msgspec.Struct):
    """Of one kind: what was found of what there is."""

    right: int = 0
    missed: int = 0
    false: int = 0

    @property
    def cases(self) -> int:
        return self.right + self.missed

    @property
    def recall(self) -> float:
        return self.right / self.cases if self.cases else 1.0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.false) if self.right + self.false else 1.0

    def add(self, expected: bool, found: bool) -> None:
        self.right += expected and found
        self.missed += expected and not found
        self.false += found and not expected


class Tally:
    """All that was counted over many comparisons."""

    def __init__(self) -> None:
        self.scores: dict[str, Score] = {}
        self.numbers: Counter[str] = Counter()
        self.failures: list[str] = []
        self.apart: list[str] = []
        """Of labels whose id others have, too: no failures, as the format does not say which is which."""

    def score(self, name: str, *, expected: bool, found: bool) -> None:
        self.scores.setdefault(name, Score()).add(expected, found)

    def fail(self, text: str) -> None:
        self.numbers["failures"] += 1
        if len(self.failures) < FAILURES_KEPT:
            self.failures.append(text)

    def table(self) -> str:
        """Kinds with their counts, then the other numbers."""
        lines = [f"{'':34}{'cases':>9}{'missed':>8}{'false':>7}{'recall':>10}{'precision':>10}"]
        for name, s in sorted(self.scores.items()):
            lines.append(f"{name:34}{s.cases:>9,}{s.missed:>8,}{s.false:>7,}{s.recall:>10.5f}{s.precision:>10.5f}")
        lines += [f"{name:34}{n:>9,}" for name, n in sorted(self.numbers.items())]
        return "\n".join(lines)

    def shortfalls(self) -> list[str]:
        """What is below the figures to reach: 0.999 over all, 0.99 for each kind with 500 cases, nothing cosmetic."""
        found = []
        for name, s in self.scores.items():
            least = 0.999 if name == "label changes" else 0.99
            if "others have" in name:
                continue  # the format does not say which is which
            if (name == "label changes" or s.cases >= 500) and min(s.recall, s.precision) < least:
                found.append(f"{name}: recall {s.recall:.5f}, precision {s.precision:.5f}")
        if self.numbers["changes from cosmetic differences"]:
            found.append(f"{self.numbers['changes from cosmetic differences']} changes from cosmetic differences")
        return found


def judged(seeds: Iterable[int], *, labels: int, dense: float = 0.2) -> Tally:
    """Compares the exports of these seeds until each has had its share of `labels` (entries of current states)."""
    tally = Tally()
    seeds = tuple(seeds)
    for seed in seeds:
        had = 0
        for asset in assets(seed, 10**9, dense=dense):
            if had >= labels / len(seeds):
                break
            had += judge_asset(asset, tally)
    return tally


def judge_asset(asset: LedgerAsset, tally: Tally) -> int:
    """Compares each of its stages with the next; gives how many labels its current state has."""
    parsed = parse_asset(asset.raw, index=asset.index)
    snapshots = parsed.tasks[0].snapshots
    for before, after in asset.pairs:
        truth = asset.truth(before, after)
        comparison = compare(
            snapshots[before].labels, snapshots[after].labels, tracked=asset.is_tracked, size=parsed.size
        )
        sort = asset.kind + (", dense" if asset.is_dense else "")
        name = f"seed {asset.seed} asset {asset.index} ({sort}) {before}→{after}"
        Judge(name, truth, comparison, (snapshots[before], snapshots[after]), tally).run(tracked=asset.is_tracked)
    for annotation in snapshots[-1].labels.annotations:
        tally.numbers[f"labels: {annotation.key}"] += 1
    tally.numbers["assets"] += 1
    labels = len(snapshots[-1].labels.annotations)
    tally.numbers["labels in current states"] += labels
    return labels


class Judge:
    """One comparison beside the truth about it."""

    def __init__(
        self, name: str, truth: Truth, comparison: Comparison, snapshots: tuple[Snapshot, Snapshot], tally: Tally
    ) -> None:
        self.name, self.truth, self.comparison, self.snapshots, self.tally = name, truth, comparison, snapshots, tally
        self.places = [{a.path: i for i, a in enumerate(s.labels.annotations)} for s in snapshots]
        """Index of each label by its path."""
        self.shared = [_shared_ids(snapshot) for snapshot in snapshots]
        """Object ids that several labels of one page have, before and after."""
        step = snapshots[1].index - snapshots[0].index
        self.span = "stage to stage" if step == 1 else "over several stages" if step > 0 else "backwards"

    def run(self, *, tracked: bool) -> None:
        self.tally.numbers["comparisons"] += 1
        self.tally.numbers["labels compared"] += len(self.snapshots[1].labels.annotations)
        self.labels()
        self.partners()
        self.relations()
        self.answers()
        if tracked:
            self.tracks()

    def fail(self, text: str) -> None:
        self.tally.fail(f"{self.name}: {text}")

    # ---- labels ----------------------------------------------------------------------------------------------

    def labels(self) -> None:
        truth, tally = self.truth, self.tally
        found: dict[Where, Change] = {}
        for change in self.comparison.labels:
            if any(isinstance(e, Annotation) and e.stopped for e in (change.before, change.after)):
                tally.numbers["changes of stop entries (not judged)"] += 1
                continue
            where = (self.place(0, change.before), self.place(1, change.after))
            if where in found:
                self.fail(f"two changes of {self.told(where)}")
            found[where] = change
        tally.numbers["cosmetic differences"] += len(truth.cosmetic)
        for where in truth.labels | found:
            expected, change_found = truth.labels.get(where), found.get(where)
            kinds = expected.kinds if expected is not None else frozenset[str]()
            kinds_found = frozenset[str](change_found.kinds) if change_found is not None else frozenset[str]()
            if where[0] in truth.ambiguous[0] or where[1] in truth.ambiguous[1]:
                same = "as in the ledger" if kinds == kinds_found else "otherwise"
                tally.numbers[f"ambiguous changes, {self.span}, read {same}"] += 1
                continue
            if self.is_shared(where):
                tally.score("label whose id others have, too", expected=bool(kinds), found=kinds == kinds_found)
                if kinds_found and kinds != kinds_found:
                    tally.score("label whose id others have, too", expected=False, found=True)
                if kinds != kinds_found:
                    tally.apart.append(f"{self.name}: {self.told(where)}: {_list(kinds)}, found {_list(kinds_found)}")
                continue
            if where in truth.cosmetic and change_found is not None:
                tally.numbers["changes from cosmetic differences"] += 1
            # one that is there on both sides with other kinds is both missed and false
            tally.score("label changes", expected=bool(kinds), found=kinds == kinds_found)
            if kinds_found and kinds != kinds_found:
                tally.score("label changes", expected=False, found=True)
            for kind in kinds | kinds_found:
                tally.score(f"label {kind}", expected=kind in kinds, found=kind in kinds_found)
            if len(kinds) > 1:
                tally.score("label, several kinds at once", expected=True, found=kinds == kinds_found)
            if kinds != kinds_found:
                self.fail(f"{self.told(where)}: expected {_list(kinds)}, found {_list(kinds_found)}")
            elif expected is not None and change_found is not None:
                self.contents(where, expected, change_found)

    def is_shared(self, where: Where) -> bool:
        """Whether an id does not tell which label it is."""
        return any(at in shared for at, shared in zip(where, self.shared))

    def place(self, side: int, entry: Annotation | Relation | Classification | None) -> int:
        return NONE if entry is None else self.places[side][entry.path]

    def contents(self, where: Where, expected: LabelTruth, change: Change) -> None:
        """Answers and shift of a change whose kinds are right."""
        if expected.answers or change.answers:
            wanted = Counter((path, repr(old), repr(new)) for path, old, new in expected.answers)
            given = Counter((a.path, repr(a.old), repr(a.new)) for a in change.answers)
            self.tally.score("answers of labels (path, old, new)", expected=True, found=wanted == given)
            if wanted != given:
                self.fail(f"{self.told(where)}: answers expected {sorted(wanted)}, found {sorted(given)}")
        if expected.shift is not None:
            far = math.hypot(*expected.shift)
            right = change.shift_px is not None and abs(change.shift_px - far) < 1e-6
            self.tally.score("shift of moved labels", expected=True, found=right)
            if not right:
                self.fail(f"{self.told(where)}: moved by {far}, found shift_px {change.shift_px}")

    def told(self, where: Where) -> str:
        """Both entries, short."""
        texts = []
        for snapshot, at in zip(self.snapshots, where):
            entry = None if at == NONE else snapshot.labels.annotations[at]
            texts.append("nothing" if entry is None else f"[{at}] {entry.key} {entry.object_id} page {entry.page}")
        return " → ".join(texts)

    def partners(self) -> None:
        after_of = self.comparison.after_of
        ids = [{s.labels.annotations[i].object_id for i in shared} for s, shared in zip(self.snapshots, self.shared)]
        for before, after in self.truth.follows.items():
            if before in ids[0] or after in ids[1]:
                continue
            right = after_of.get(before) == after
            self.tally.score("partner of an object", expected=True, found=right)
            if not right:
                self.fail(f"object {before} became {after}, found {after_of.get(before)}")

    # ---- the rest --------------------------------------------------------------------------------------------

    def relations(self) -> None:
        found = {c.entry.object_id: frozenset[str](c.kinds) for c in self.comparison.changes if c.subject == "relation"}
        for object_id in self.truth.relations | found:
            if object_id in self.truth.unsure:
                self.tally.numbers["relations of ambiguous labels (not judged)"] += 1
                continue
            wanted, given = self.truth.relations.get(object_id or "", frozenset()), found.get(object_id, frozenset())
            for kind in wanted | given:
                self.tally.score(f"relation {kind}", expected=kind in wanted, found=kind in given)
            if wanted != given:
                self.fail(f"relation {object_id}: expected {_list(wanted)}, found {_list(given)}")

    def answers(self) -> None:
        found: dict[tuple[str, int], str] = {}
        keys = [_ordinals(snapshot) for snapshot in self.snapshots]
        for change in self.comparison.changes:
            if change.subject != "classification":
                continue
            side = 0 if change.after is None else 1
            key = keys[side][_answer_index(change.entry.path)]
            if key in found:
                self.fail(f"two changes of answer {key}")
            found[key] = "+".join(change.kinds)
        for key in self.truth.answers | found:
            wanted, given = self.truth.answers.get(key), found.get(key)
            for kind in {wanted, given} - {None}:
                self.tally.score(f"answer of the asset {kind}", expected=wanted == kind, found=given == kind)
            if wanted != given:
                self.fail(f"answer of the asset {key}: expected {wanted}, found {given}")

    def tracks(self) -> None:
        """Every label change is in one track, and the ranges of exported pages say what the changes say."""
        owners = Counter(change.key for track in self.comparison.tracks for change in track.changes)
        wanted = Counter(change.key for change in self.comparison.labels)
        self.tally.score("changes of a track are its own", expected=True, found=owners == wanted)
        if owners != wanted:
            odd = (owners - wanted) + (wanted - owners)
            self.fail(f"changes in tracks {len(owners)}, of labels {len(wanted)}, different: {odd}")
        for track in self.comparison.tracks:
            exported = {
                a.page
                for snapshot, object_id in zip(self.snapshots, (track.before_id, track.after_id))
                for a in snapshot.labels.annotations
                if a.object_id == object_id
            }
            said = {
                (r.kind, p) for r in track.ranges if r.is_key_edit for p in range(r.first, r.last + 1) if p in exported
            }
            true = {(kind, c.entry.page) for c in track.changes for kind in c.kinds}
            self.tally.score("ranges of a track", expected=True, found=said == true)
            if said != true:
                odd = sorted(said ^ true, key=repr)[:6]
                self.fail(f"track {track.before_id} → {track.after_id}: ranges and changes differ in {odd}")


def _shared_ids(snapshot: Snapshot) -> set[int]:
    """Indices of labels that another one of their page has the id of."""
    entries = snapshot.labels.annotations
    many = Counter((a.object_id, a.page) for a in entries)
    return {i for i, a in enumerate(entries) if many[(a.object_id, a.page)] > 1}


def _ordinals(snapshot: Snapshot) -> list[tuple[str, int]]:
    """(schemaId, ordinal) of each of the asset's answers."""
    seen: Counter[str] = Counter()
    found = []
    for answer in snapshot.labels.classifications:
        schema_id = answer.schema_id or ""
        found.append((schema_id, seen[schema_id]))
        seen[schema_id] += 1
    return found


def _answer_index(path: str) -> int:
    """Of an answer of the asset, or of one that is nested in it."""
    match = _PLACE.search(path)
    assert match is not None, path
    return int(match[1])


def _list(kinds: Iterable[str]) -> str:
    return "+".join(sorted(kinds)) or "no change"
