"""The index from a child process: streamed, cancelled, closed without a trace."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.make import exports
from tests.workers.conftest import gone as has_ended
from viewer.errors import ExportError, Problem
from viewer.export import Export, Row, Summary
from viewer.workers import jobs
from viewer.workers.jobs import IndexJob

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="stops and ends processes by signals")
WAIT = 60
ASSETS = 800


class Told:
    """What a job says, and when it is done."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.problems: list[Problem] = []
        self.result: Summary | ExportError | None = None
        self.first = threading.Event()
        self._holds = False
        self._started = threading.Event()

    def job(self, path: Path, cache: Path, *, held: bool = False) -> IndexJob:
        """`held`: the child is stopped by a signal when its first rows are here."""
        self._holds = held
        self.running = IndexJob(path, cache, on_rows=self._rows, on_problems=self.problems.extend, on_done=self._done)
        self._started.set()
        return self.running

    def _rows(self, rows: list[Row]) -> None:
        self.rows += rows
        if self._holds and not self.first.is_set():
            assert self._started.wait(WAIT)
            os.kill(self.running.pid or 0, signal.SIGSTOP)
        self.first.set()

    def _done(self, result: Any) -> None:
        self.result = result


def gone(pid: int | None) -> bool:
    try:
        os.kill(pid or 0, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export that takes long enough to be met in the middle."""
    path = tmp_path_factory.mktemp("held") / "e.ndjson"
    path.write_text("\n".join([exports.asset_json(7, 1)] * ASSETS))
    return path


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


def test_closing_in_the_middle_leaves_no_process_and_no_callback(told: Told, held: Path, tmp_path: Path) -> None:
    job = told.job(held, tmp_path / "cache", held=True)
    assert told.first.wait(WAIT)
    pid = job.pid
    job.close()
    count = len(told.rows)
    assert gone(pid)
    assert told.result is None
    assert 0 < count < ASSETS
    assert not list((tmp_path / "cache").rglob("*.sqlite"))
    job.close()


def test_a_cancelled_job_keeps_what_it_read(told: Told, held: Path, tmp_path: Path) -> None:
    with told.job(held, tmp_path / "cache", held=True) as job:
        assert told.first.wait(WAIT)
        job.cancel()
        os.kill(job.pid or 0, signal.SIGCONT)
        assert job.wait(WAIT)
        pid = job.pid
    assert isinstance(told.result, Summary)
    assert told.result.cancelled
    assert told.result.rows == len(told.rows)
    assert 0 < len(told.rows) < ASSETS
    assert gone(pid)
    with Export.open(held, cache_dir=tmp_path / "cache") as export:
        assert not export.complete


def test_a_killed_child_is_told_in_words(told: Told, held: Path, tmp_path: Path) -> None:
    with told.job(held, tmp_path / "cache", held=True) as job:
        assert told.first.wait(WAIT)
        assert job.pid is not None
        os.kill(job.pid, signal.SIGKILL)
        assert job.wait(WAIT)
    assert isinstance(told.result, ExportError)
    assert f"after {len(told.rows):,} assets" in str(told.result)


def test_words_that_are_no_message_end_the_child(
    told: Told, held: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Deaf:
        def decode(self, data: bytes) -> Any:
            raise msgspec.ValidationError("rows of another kind")

    monkeypatch.setattr(msgspec.msgpack, "Decoder", lambda _messages: Deaf())
    with told.job(held, tmp_path / "cache") as job:
        assert job.wait(WAIT)
        pid = job.pid
    assert isinstance(told.result, ExportError)
    assert gone(pid)


PARENT = """
import sys
from pathlib import Path
from viewer.workers import jobs
from viewer.workers.jobs import IndexJob

if __name__ == "__main__":
    def rows(batch):
        print(job.pid, flush=True)
    import threading
    job = IndexJob(Path(sys.argv[1]), Path(sys.argv[2]), on_rows=rows, on_problems=print, on_done=print)
    threading.Event().wait()
"""


def test_the_child_ends_with_its_parent(held: Path, tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    environment = {**os.environ, "PYTHONPATH": str(Path(jobs.__file__).parents[2])}
    command = [sys.executable, str(script), str(held), str(tmp_path / "cache")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    assert has_ended(pid)


def test_what_is_no_export_is_told_in_words(told: Told, tmp_path: Path) -> None:
    path = tmp_path / "e.json"
    path.write_bytes(b"no json at all")
    with told.job(path, tmp_path / "cache") as job:
        assert job.wait(WAIT)
    assert isinstance(told.result, ExportError)
