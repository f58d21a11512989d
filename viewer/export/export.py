"""An open export: the rows of its assets as they become known, and any asset read on demand."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from viewer import limits
from viewer.errors import ExportError, Problem
from viewer.export import index as indexing
from viewer.export import store
from viewer.export.counts import TEXT_KEPT
from viewer.export.depth import deeper_than
from viewer.export.links import without_query
from viewer.export.mend import mended
from viewer.export.rows import Generation, Layout, Row, Summary
from viewer.export.sniff import Form, export_in, sniff
from viewer.export.streams import RandomAccess, open_access
from viewer.model import Asset

KEPT_BYTES = 48 * limits.MB
"""JSON bytes of the assets that are kept parsed; what they take in memory is several times that."""


class Export:
    """A file of assets that is never loaded whole.

    `open` looks at its first bytes and at the saved index. Where there is none, `complete` is False, and somebody
    has to read the file: `read` here and now, or `viewer.workers.jobs.IndexJob` in another process, which hands
    its rows to `extend` and its end to `finish`. Assets whose rows are there can be read meanwhile.
    """

    def __init__(self, path: Path, form: Form, access: RandomAccess, *, cache_dir: Path, name: str) -> None:
        self.path = path
        """The file itself, also when a folder was opened."""
        self.layout: Layout = form.layout
        self.bytes = path.stat().st_size
        self.cache_dir = cache_dir
        self.name = name
        """What the file is (path, size, time, checksums): the name of its index."""
        self.rows: list[Row] = []
        """One for each asset so far; ``rows[i].index == i``. Only ever grows."""
        self.problems: list[Problem] = []
        """What the reading of the file met with, at most `limits.PROBLEMS_KEPT`."""
        self.problem_count = 0
        """All problems, also those that were too many to keep."""
        self.generation: Generation = "v3"
        """Certain once `complete`."""
        self.complete = False
        self._access = access
        self._state = _state_of(path)
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, Asset] = OrderedDict()
        self._kept_bytes = 0

    @classmethod
    def open(cls, path: Path | str, *, cache_dir: Path) -> Self:
        """Open the export at `path`, a file or a folder that holds exactly one.

        Raises ExportError when it is none or cannot be read; the sentence says why.
        """
        file = export_in(Path(path))
        try:
            form = sniff(file)
            name = store.fingerprint(file)
            export = cls(file, form, open_access(file, form.packing, cache_dir), cache_dir=cache_dir, name=name)
        except OSError as error:
            raise ExportError(f"{file.name} cannot be read: {error.strerror or error}.") from None
        stored = store.load(cache_dir, name)
        if stored is not None:
            export.extend(stored.rows, stored.problems)
            export.finish(stored.summary)
        return export

    # ---- growing -------------------------------------------------------------------------------------

    def extend(self, rows: Sequence[Row], problems: Sequence[Problem] = ()) -> None:
        """Take the next rows, which continue those that are there, and problems."""
        if rows and rows[0].index != len(self.rows):
            raise ValueError(f"row {rows[0].index} cannot follow row {len(self.rows) - 1}")
        self.problems.extend(problems)
        self.problem_count = max(self.problem_count, len(self.problems))
        self.rows.extend(rows)

    def finish(self, summary: Summary) -> None:
        """The file was read to its end."""
        self.layout = summary.layout
        self.generation = summary.generation
        self.problem_count = summary.problems
        self.complete = not summary.cancelled

    def read(self, *, cancelled: Callable[[], bool] = lambda: False) -> Self:
        """Read the file here and now, unless it is complete already, and save the index.

        For the command line and tests; the window uses a process. Raises ExportError (also a ZIP whose damage
        shows only on the way: the rows before it stay).
        """
        if self.complete:
            return self
        self.rows.clear()
        self.problems.clear()
        writer = store.Writer(self.cache_dir, self.name)

        def take(rows: Sequence[Row], problems: Sequence[Problem] = ()) -> None:
            self.extend(rows, problems)
            writer.add(rows, problems)

        try:
            summary = indexing.build(
                self.path, on_rows=take, on_problems=lambda problems: take((), problems), cancelled=cancelled
            )
            self.finish(summary)
            if not summary.cancelled:
                writer.finish(summary)
        except OSError as error:
            raise ExportError(f"{self.path.name} cannot be read: {error.strerror or error}.") from None
        finally:
            writer.discard()
        return self

    # ---- assets --------------------------------------------------------------------------------------

    def asset(self, index: int) -> Asset:
        """The asset at `index`, parsed. Safe to call from several threads; each of 1 MB of stack or more.

        Raises ExportError when there is none (yet), when it cannot be read, or when the file was changed.
        """
        with self._lock:
            asset = self._kept.get(index)
            if asset is not None:
                self._kept.move_to_end(index)
                return asset
        row = self.row(index)
        asset = self._parse(row)
        size = row.end - row.start
        with self._lock:
            if index not in self._kept:
                self._kept[index] = asset
                self._kept_bytes += size
            while self._kept_bytes > KEPT_BYTES and len(self._kept) > 1:
                dropped, _ = self._kept.popitem(last=False)
                gone = self.rows[dropped]
                self._kept_bytes -= gone.end - gone.start
        return asset

    def row(self, index: int) -> Row:
        """The row at `index`. Raises ExportError when there is none (yet)."""
        if 0 <= index < len(self.rows):
            return self.rows[index]
        if not self.complete:
            raise ExportError(f"Asset {index} is not listed yet: {self.path.name} is still being read.")
        count = len(self.rows)
        raise ExportError(
            f"There is no asset {index}: {self.path.name} has {count} asset{'' if count == 1 else 's'}"
            + (f", 0 to {count - 1}." if count else ".")
        )

    def raw(self, index: int) -> bytes:
        """The JSON of an asset as it stands in the file. Raises ExportError as `asset` does."""
        row = self.row(index)
        if row.end - row.start > limits.ASSET_JSON_BYTES:
            raise ExportError(
                f"Asset {index} has {(row.end - row.start) / limits.MB:,.0f} MB of JSON, more than "
                f"{limits.ASSET_JSON_BYTES // limits.MB} MB. It is left out."
            )
        return self._access.read(row.start, row.end)

    def _parse(self, row: Row) -> Asset:
        from viewer.export.parse import parse_asset  # numpy and shapely come with it; a list needs neither

        if not row.readable:
            why = next((p.what for p in self.problems if p.asset_index == row.index), "it is damaged")
            raise ExportError(f"Asset {row.index} cannot be shown: {why}. The other assets are not concerned.")
        raw = self.raw(row.index)
        if not deeper_than(raw, limits.JSON_DEPTH):
            return parse_asset(raw, index=row.index, file=self.path.name)
        # no parser may see it as it is: on a small stack, recursion ends the process
        asset = parse_asset(mended(raw), index=row.index, file=self.path.name)
        told = Problem(
            severity="error",
            what=f"it is nested deeper than {limits.JSON_DEPTH} levels",
            instead="what lies deeper was left out",
            file=self.path.name,
            asset_index=row.index,
            external_id=row.external_id,
            path="$",
        )
        asset.problems = (told, *asset.problems)
        return asset

    def find(self, ref: str) -> int:
        """The index of the asset that `ref` means: an index, an asset id, a task id or an external id, tried in
        this order. Raises ExportError when none fits, or several do (it lists them).
        """
        if re.fullmatch(r"[0-9]{1,9}", ref) and int(ref) < len(self.rows):
            return int(ref)
        shown = ref if len(ref) <= 80 else ref[:79] + "…"
        ref = without_query(ref)[:TEXT_KEPT]  # as the rows have their names
        names: tuple[tuple[str, Callable[[Row], bool]], ...] = (
            ("asset id", lambda row: row.asset_id == ref),
            ("task id", lambda row: row.task_id == ref or ref in row.other_task_ids),
            ("external id", lambda row: row.external_id == ref),
        )
        for name, fits in names:
            found = [row.index for row in self.rows if fits(row)]
            if len(found) == 1:
                return found[0]
            if found:
                listed = ", ".join(map(str, found[:20])) + (", …" if len(found) > 20 else "")
                raise ExportError(f"{len(found)} assets have the {name} {shown}: {listed}. Name one by its index.")
        count = len(self.rows)
        more = "" if self.complete else " so far"
        raise ExportError(
            f"No asset is called {shown}. {self.path.name} has {count} asset{'' if count == 1 else 's'}{more}; "
            "an asset is named by its index from 0, its asset id, its task id or its external id."
        )

    # ---- the file ------------------------------------------------------------------------------------

    @property
    def changed(self) -> bool:
        """Whether the file on disk is another one now, or gone."""
        return _state_of(self.path) != self._state

    def close(self) -> None:
        """Close the file. Assets that were read stay usable."""
        self._access.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _state_of(path: Path) -> tuple[int, int] | None:
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_size, state.st_mtime_ns
