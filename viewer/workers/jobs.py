"""Long work beside the window, each in processes of its own: reading an export, comparing its stages."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from viewer import limits
from viewer.errors import ExportError, Problem
from viewer.export.differences import Step
from viewer.export.rows import Row, Summary
from viewer.export.serve import MESSAGES, Done, Failed, Message, Problems, Rows, serve
from viewer.workers import comparing
from viewer.workers.job import Job

OnDone: TypeAlias = Callable[[Summary | ExportError], None]


class IndexJob(Job):
    """Reads an export in a child process and hands its rows over as they are found.

    `on_rows`, `on_problems` and at last `on_done` (the summary, or why it ended) are called from a thread of this
    job, never after `close` has returned. The child saves the index. See `Job` for when it ends.
    """

    def __init__(
        self,
        path: Path,
        cache_dir: Path,
        *,
        on_rows: Callable[[list[Row]], None],
        on_problems: Callable[[list[Problem]], None],
        on_done: OnDone,
    ) -> None:
        self._name = path.name
        self._on_rows = on_rows
        self._on_problems = on_problems
        self._on_done = on_done
        self._rows = 0
        self._result: Summary | ExportError | None = None
        super().__init__(
            "index", serve, (str(path), str(cache_dir)), MESSAGES, took=self._message, ended=self._child_ended
        )

    def _message(self, message: Message) -> bool:
        if isinstance(message, Rows):
            if any(row.index != self._rows + i for i, row in enumerate(message.rows)):
                raise ValueError("rows out of order")
            self._rows += len(message.rows)
            self._on_rows(message.rows)
        elif isinstance(message, Problems):
            self._on_problems(message.problems)
        elif isinstance(message, Done):
            self._result = message.summary
        else:
            self._result = ExportError(message.text[: limits.TEXT_SHOWN])
        return self._result is not None

    def _child_ended(self, how: str) -> None:
        self._on_done(
            self._result
            or ExportError(
                f"The reading of {self._name} {how} after {self._rows:,} assets. What is listed can be used; "
                "open the export again to read the rest."
            )
        )


class CompareJob:
    """Compares the stages of a whole export in child processes, which keep the results beside its index.

    `on_steps` gets results and how many bytes of the export are behind; `on_done` gets None when all is compared,
    "" when it was cancelled, else a sentence why some results are missing. Called from threads of this job, never
    after `close` has returned.
    """

    def __init__(
        self,
        path: Path,
        cache_dir: Path,
        *,
        on_steps: Callable[[list[Step], int], None],
        on_done: Callable[[str | None], None],
        parts: int = 0,
    ) -> None:
        """`parts`: how many processes; 0: one for each processor but one, at most `limits.COMPARE_PROCESSES`."""
        count = parts or max(1, min(limits.COMPARE_PROCESSES, (os.cpu_count() or 2) - 1))
        self._name = path.name
        self._on_steps = on_steps
        self._on_done = on_done
        self._behind = [0] * count
        self._ends: dict[int, str | None] = {}
        self._counting = threading.Lock()
        self._parts: list[Job] = []
        try:
            for part in range(count):
                self._parts.append(self._part(path, cache_dir, part, count))
        except BaseException:
            self.close()
            raise

    def _part(self, path: Path, cache_dir: Path, part: int, parts: int) -> Job:
        end: list[str | None] = []

        def took(message: comparing.Message) -> bool:
            if isinstance(message, comparing.Steps):
                self._behind[part] = message.bytes
                self._on_steps(message.steps, sum(self._behind))
                return False
            if isinstance(message, Failed):
                end.append(message.text[: limits.TEXT_SHOWN])
            elif message.cancelled:
                end.append("")
            elif message.unread:
                end.append(f"{message.unread:,} assets of {self._name} could not be compared.")
            else:
                end.append(None)
            return True

        def ended(how: str) -> None:
            said = end[0] if end else f"Comparing the stages of {self._name} {how}. Start it again for the rest."
            self._ended(part, said)

        arguments = (str(path), str(cache_dir), part, parts)
        return Job(f"compare {part}", comparing.serve, arguments, comparing.MESSAGES, took=took, ended=ended)

    def _ended(self, part: int, said: str | None) -> None:
        with self._counting:
            self._ends[part] = said
            ends = list(self._ends.values())
        if len(ends) == len(self._behind):
            sentence = next((end for end in ends if end), None)
            self._on_done(sentence if sentence or "" not in ends else "")

    @property
    def pids(self) -> tuple[int, ...]:
        """The children's process ids."""
        return tuple(job.pid for job in self._parts if job.pid is not None)

    def cancel(self) -> None:
        """Ask the children to stop at the next asset. What was found is kept."""
        for job in self._parts:
            job.cancel()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until `on_done` was called. False when the time is over."""
        return all(job.wait(timeout) for job in self._parts)

    def close(self) -> None:
        """End the children. When this returns there is no process and no callback any more."""
        for job in self._parts:
            job.close()
