"""The index from a child process: streamed, cancelled, closed without a trace."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.make import exports
from viewer.errors import ExportError, Problem
from viewer.export import Export, Row, Summary
from viewer.workers.jobs import IndexJob

WAIT = 60


class Told:
    """What a job says, and when it is done."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.problems: list[Problem] = []
        self.result: Summary | ExportError | None = None
        self.first = threading.Event()

    def job(self, path: Path, cache: Path) -> IndexJob:
        return IndexJob(path, cache, on_rows=self._rows, on_problems=self.problems.extend, on_done=self._done)

    def _rows(self, rows: list[Row]) -> None:
        self.rows += rows
        self.first.set()

    def _done(self, result: Any) -> None:
        self.result = result


def gone(pid: int | None) -> bool:
    try:
        os.kill(pid or 0, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.fixture
def told() -> Told:
    return Told()


def test_rows_come_in_order_and_the_index_is_saved(told: Told, tmp_path: Path) -> None:
    path = exports.write(tmp_path / "e.json", assets=40, damage={4: "bad_number"})
    with told.job(path, tmp_path / "cache") as job:
        assert job.wait(WAIT)
    assert isinstance(told.result, Summary)
    assert [row.index for row in told.rows] == list(range(len(told.rows)))
    assert told.problems
    with Export.open(path, cache_dir=tmp_path / "cache") as export:
        assert export.complete
        assert export.rows == told.rows


def test_an_asset_can_be_read_before_the_end(told: Told, tmp_path: Path) -> None:
    path = exports.write(tmp_path / "e.json", size=6_000_000)
    with Export.open(path, cache_dir=tmp_path / "cache") as export, told.job(path, tmp_path / "cache") as job:
        assert told.first.wait(WAIT)
        export.extend(list(told.rows))
        assert export.asset(0).external_id == told.rows[0].external_id
        pid = job.pid
    assert gone(pid)


def test_closing_in_the_middle_leaves_no_process_and_no_callback(told: Told, tmp_path: Path) -> None:
    path = exports.write(tmp_path / "e.json", size=6_000_000)
    job = told.job(path, tmp_path / "cache")
    assert told.first.wait(WAIT)
    pid = job.pid
    job.close()
    count = len(told.rows)
    assert gone(pid)
    assert told.result is None or count == len(told.rows)
    job.close()


def test_a_cancelled_job_keeps_what_it_read(told: Told, tmp_path: Path) -> None:
    path = exports.write(tmp_path / "e.json", size=8_000_000)
    with told.job(path, tmp_path / "cache") as job:
        assert told.first.wait(WAIT)
        job.cancel()
        assert job.wait(WAIT)
    assert isinstance(told.result, Summary)
    assert told.rows


def test_a_killed_child_is_told_in_words(told: Told, tmp_path: Path) -> None:
    path = exports.write(tmp_path / "e.json", size=8_000_000)
    with told.job(path, tmp_path / "cache") as job:
        assert told.first.wait(WAIT)
        assert job.pid is not None
        os.kill(job.pid, 9)
        assert job.wait(WAIT)
    assert isinstance(told.result, ExportError | Summary)
    if isinstance(told.result, ExportError):
        assert "assets" in str(told.result)


def test_what_is_no_export_is_told_in_words(told: Told, tmp_path: Path) -> None:
    path = tmp_path / "e.json"
    path.write_bytes(b"no json at all")
    with told.job(path, tmp_path / "cache") as job:
        assert job.wait(WAIT)
    assert isinstance(told.result, ExportError)
