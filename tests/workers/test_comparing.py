"""The stages of a whole export compared in child processes: the same as one by one, kept, cancelled, resumed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import sys
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.make import exports
from viewer.diff import compare
from viewer.export import Export
from viewer.export.differences import VERSION, Results, Step
from viewer.model import TRACKED_KINDS
from viewer.workers.comparing import steps_of
from viewer.workers.jobs import CompareJob

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="stops and ends processes by signals")
WAIT = 60
MANY = 600


class Told:
    """What a job says."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.behind = 0
        self.ends: list[str | None] = []
        self.first = threading.Event()
        self._holds = False
        self._started = threading.Event()

    def job(self, export: Export, *, parts: int = 1, held: bool = False) -> CompareJob:
        """`held`: the children are stopped by a signal when the first results are here."""
        self._holds = held
        self.running = CompareJob(
            export.path, export.cache_dir, on_steps=self._take, on_done=self.ends.append, parts=parts
        )
        self._started.set()
        return self.running

    def _take(self, steps: list[Step], behind: int) -> None:
        self.steps += steps
        self.behind = behind
        if steps and self._holds and not self.first.is_set():
            assert self._started.wait(WAIT)
            for pid in self.running.pids:
                os.kill(pid, signal.SIGSTOP)
        if steps:
            self.first.set()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Export]:
    """A mixed export, indexed."""
    folder = tmp_path_factory.mktemp("made")
    path = exports.write(folder / "e.json", assets=24, seed=3)
    with Export.open(path, cache_dir=folder / "cache").read() as export:
        yield export


def in_order(steps: list[Step]) -> list[Step]:
    return sorted(steps, key=lambda step: (step.asset, step.a))


def one_by_one(export: Export) -> list[tuple[int, int, int, int, int]]:
    """(asset, a, added, changed, removed) of neighbours that differ, from all labels of both snapshots."""
    found = []
    for row in export.rows:
        asset = export.asset(row.index)
        snapshots = asset.tasks[0].snapshots
        for one, two in pairwise(snapshots):
            if one.labels.count and row.visits[two.index].differs:
                counts = compare(
                    one, two, tracked=asset.kind in TRACKED_KINDS, size=asset.size, measures="light"
                ).counts
                found.append((row.index, one.index, counts.added, counts.changed, counts.removed))
    return found


@pytest.mark.parametrize("parts", [1, 3])
def test_the_pass_finds_what_comparing_whole_snapshots_finds(told: Told, made: Export, parts: int) -> None:
    with contextlib.closing(told.job(made, parts=parts)) as job:
        assert job.wait(WAIT)
    assert told.ends == [None]
    assert told.behind == sum(row.end - row.start for row in made.rows)
    steps = in_order(told.steps)
    assert [(s.asset, s.a, s.added, s.changed, s.removed) for s in steps] == one_by_one(made)
    assert all(s.b == s.a + 1 for s in steps)
    assert sum(len(s.changes) for s in steps) > 20
    kept, complete = Results(made.cache_dir, made.name).load()
    assert complete
    assert kept == steps


def test_a_second_pass_has_all_at_once(told: Told, made: Export) -> None:
    with contextlib.closing(told.job(made)) as job:
        assert job.wait(WAIT)
    again = Told()
    with contextlib.closing(again.job(made)) as job:
        assert job.wait(WAIT)
    assert again.ends == [None]
    assert in_order(again.steps) == in_order(told.steps)


def test_results_of_an_older_version_count_as_none(told: Told, made: Export) -> None:
    with contextlib.closing(told.job(made)) as job:
        assert job.wait(WAIT)
    place = next((made.cache_dir / "indexes").glob("*.sqlite"))
    with contextlib.closing(sqlite3.connect(place)) as database:
        database.execute("UPDATE diffs SET b = ? WHERE idx = -1", (VERSION - 1,))
        database.execute("UPDATE diffs SET task = ? WHERE idx >= 0", (VERSION - 1,))
        database.commit()
    results = Results(made.cache_dir, made.name)
    assert results.load() == ([], False)
    again = Told()
    with contextlib.closing(again.job(made)) as job:
        assert job.wait(WAIT)
    assert results.load() == (in_order(told.steps), True)


def test_the_pass_notices_masks_alone(told: Told, tmp_path: Path) -> None:
    def stage(mask: str, signature: int) -> dict[str, object]:
        return {
            "stage": "Label",
            "tools": [],
            "brushDataUrl": f"https://s.example/{mask}.png?X-Amz-Signature={signature}",
        }

    task = {"taskId": "t", "stageHistory": [stage("a", 1), stage("a", 2), stage("b", 3)], **stage("b", 4)}
    path = tmp_path / "masks.json"
    path.write_text(json.dumps([{"asset": "a.png", "task": task}]), encoding="utf-8")
    with Export.open(path, cache_dir=tmp_path / "cache").read() as export:
        with contextlib.closing(told.job(export)) as job:
            assert job.wait(WAIT)
        (step,) = told.steps
        assert (step.asset, step.a, step.b) == (0, 1, 2)
        assert [found.kinds for found in step.changes] == [("reshaped",)]
        assert Results(export.cache_dir, export.name).load() == ([step], True)
    written = [file.read_bytes() for file in (tmp_path / "cache").rglob("*") if file.is_file()]
    assert written
    assert not any(b"Signature" in content for content in written)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Export]:
    """An export that takes long enough to be met in the middle: each asset of it differs."""
    folder = tmp_path_factory.mktemp("many")
    text = next(
        text
        for i in range(100)
        if len(text := exports.asset_json(7, i)) < 60_000 and any(v.differs and v.labels for v in _visits(folder, text))
    )
    path = folder / "e.ndjson"
    path.write_text("\n".join([text] * MANY))
    with Export.open(path, cache_dir=folder / "cache").read() as export:
        yield export


def _visits(folder: Path, text: str):
    path = folder / "one.json"
    path.write_text(text)
    with Export.open(path, cache_dir=folder / "probe").read() as export:
        row = export.rows[0]
        return row.visits[2:] if steps_of(export.raw(0), row) else ()


def test_a_cancelled_pass_keeps_what_it_found_and_goes_on_there(many: Export, tmp_path: Path) -> None:
    for attempt in range(20):  # on a busy machine the children may have ended before the first result is taken
        with Export.open(many.path, cache_dir=tmp_path / str(attempt)).read() as export:
            if cancelled_and_gone_on(export):
                return
    pytest.fail("no pass was met in the middle")


def cancelled_and_gone_on(export: Export) -> bool:
    """False when the pass had found everything before it was cancelled."""
    told = Told()
    with contextlib.closing(told.job(export, held=True)) as job:
        assert told.first.wait(WAIT)
        job.cancel()
        for pid in job.pids:
            os.kill(pid, signal.SIGCONT)
        assert job.wait(WAIT)
    found = len({step.asset for step in told.steps})
    if found == MANY:
        return False
    assert told.ends == [""]
    assert found > 0
    _, complete = Results(export.cache_dir, export.name).load()
    assert not complete
    again = Told()
    with contextlib.closing(again.job(export)) as job:
        assert job.wait(WAIT)
    assert again.ends == [None]
    assert {step.asset for step in again.steps} == set(range(MANY))
    assert Results(export.cache_dir, export.name).load() == (in_order(again.steps), True)
    return True


def test_a_killed_child_is_told_in_words_and_closing_leaves_none(many: Export, tmp_path: Path) -> None:
    for attempt in range(20):  # as above
        with Export.open(many.path, cache_dir=tmp_path / str(attempt)).read() as export:
            if killed_and_closed(export):
                return
    pytest.fail("no pass was met in the middle")


def killed_and_closed(export: Export) -> bool:
    """False when the pass had ended before it was killed."""
    told = Told()
    with contextlib.closing(told.job(export, held=True)) as job:
        assert told.first.wait(WAIT)
        for pid in job.pids:
            os.kill(pid, signal.SIGKILL)
        assert job.wait(WAIT)
    if told.ends == [None]:
        return False
    assert len(told.ends) == 1
    assert "Start it again" in (told.ends[0] or "")
    held = Told()
    job = held.job(export, held=True)
    assert held.first.wait(WAIT)
    pids = job.pids
    job.close()
    if held.ends == [None]:
        return False
    assert held.ends == []
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    return True


def test_an_export_that_is_gone_is_told_in_words(told: Told, tmp_path: Path) -> None:
    path = exports.write(tmp_path / "e.json", assets=2)
    with Export.open(path, cache_dir=tmp_path / "cache").read() as export:
        path.unlink()
        with contextlib.closing(told.job(export)) as job:
            assert job.wait(WAIT)
    assert "e.json" in (told.ends[0] or "")


def test_damaged_results_count_as_none(made: Export, tmp_path: Path) -> None:
    with Export.open(made.path, cache_dir=tmp_path).read() as export:
        name = export.name
    place = next((tmp_path / "indexes").glob("*.sqlite"))
    with contextlib.closing(sqlite3.connect(place)) as database:
        database.execute("INSERT INTO diffs VALUES (-1, 0, 1, ?, x'c1')", (VERSION,))
        database.commit()
    assert Results(tmp_path, name).load() == ([], False)
