"""``ango-viewer diff``: what changed between stages, or between two exports."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, ClassVar

from viewer.commands import base
from viewer.errors import ExportError, Problem, ViewerError
from viewer.user_files import replacing

if TYPE_CHECKING:
    from viewer.diff.rows import Level, RowValues
    from viewer.export import Export
    from viewer.model import Asset, Snapshot, Task


class DiffCommand:
    """Lists the changes of labels, relations and answers."""

    NAME: ClassVar[str] = "diff"
    HELP: ClassVar[str] = "what changed between stages, or between two exports"

    @staticmethod
    def add_arguments(parser: argparse.ArgumentParser) -> None:
        """Which assets and stages, and in which form."""
        from viewer.diff.tables import FORMS

        base.add_export(parser)
        stages = "current, an index, a stage id or a stage name"
        parser.add_argument("--asset", metavar="REF", help="only this one: index, asset id, task id or external id")
        parser.add_argument("--from", dest="from_", metavar="STAGE",
                            help=f"before: {stages} (default: the first with labels)")  # fmt: skip
        parser.add_argument("--to", metavar="STAGE", help="after (default: current)")
        parser.add_argument("--consecutive", action="store_true", help="each snapshot against the next one")
        parser.add_argument("--against", type=Path, metavar="OTHER_EXPORT",
                            help="EXPORT is before, OTHER_EXPORT after; --from, --to: a stage of each")  # fmt: skip
        parser.add_argument("--level", choices=("entry", "track"), default="entry",
                            help="one row per label on a page, or per object and kind of change")  # fmt: skip
        parser.add_argument("--format", choices=FORMS, default="json", help="default: json")
        parser.add_argument("-o", "--output", type=Path, metavar="OUT", help="default: standard output")
        parser.add_argument("--cache-dir", type=Path, metavar="DIR", help="where the index is kept")

    @staticmethod
    def run(options: argparse.Namespace) -> int:
        """Compare, write, and tell whether anything changed."""
        from viewer.diff import tables

        if options.consecutive and (options.from_ or options.to or options.against):
            raise ViewerError("--consecutive compares all snapshots: leave out --from, --to and --against.")
        if options.format == "parquet":
            tables.check_parquet()
        with contextlib.ExitStack() as stack:
            export = stack.enter_context(base.open_export(options))
            if options.against is not None:
                other = stack.enter_context(base.open_export(_of_other(options)))
                differences: _Differences = _Across(export, other, options)
            else:
                differences = _Within(export, options)
            rows = differences.rows()
            first = next(rows, None)  # an unknown asset or stage is told before anything is written
            out = stack.enter_context(_output(options.output))
            listed = _again(first, rows)
            count = tables.write(options.format, listed, options.level, out, problems=differences.problems)
        differences.tell()
        return base.FOUND if count else base.DONE


def _of_other(options: argparse.Namespace) -> argparse.Namespace:
    return argparse.Namespace(**{**vars(options), "export": options.against})


def _again(first: RowValues | None, rows: Iterator[RowValues]) -> Iterator[RowValues]:
    if first is not None:
        yield first
        yield from rows


@contextlib.contextmanager
def _output(path: Path | None) -> Iterator[IO[bytes]]:
    """Standard output, or a file that is there only when it is complete."""
    if path is not None:
        with replacing(path) as file:
            yield file
        return
    sys.stdout.flush()
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()


class _Differences:
    """The rows of what is compared, asset by asset, and what could not be read on the way."""

    def __init__(self, export: Export, options: argparse.Namespace) -> None:
        self.export = export
        self.options = options
        self.level: Level = options.level
        self.lacking = 0
        """Assets that have no stage of that name."""
        self.compared = 0
        self.unread: list[Problem] = []
        self.wanted = None if options.asset is None else export.find(options.asset)

    def rows(self) -> Iterator[RowValues]:
        """All rows, in the order of the export. Raises ExportError for a stage that nothing has."""
        raise NotImplementedError

    def exports(self) -> Sequence[Export]:
        """Whose problems are told."""
        return (self.export,)

    def problems(self) -> list[dict[str, Any]]:
        """What of the export could not be read or was repaired."""
        wanted = self.wanted
        found = [p for export in self.exports() for p in export.problems if wanted in (None, p.asset_index)]
        known = {(p.file, p.asset_index) for p in found if p.severity == "error"}
        found += [p for p in self.unread if (p.file, p.asset_index) not in known]
        return [problem.as_dict() for problem in found]

    def tell(self) -> None:
        """What is not in the rows, on standard error."""
        if self.lacking:
            base.say(f"{self.lacking:,} of {self.lacking + self.compared:,} assets have no such stage; left out.")
        for problem in self.unread:
            base.say(problem.what)

    def asset(self, export: Export, index: int) -> Asset | None:
        """An asset, or None after it is told why there is none."""
        try:
            return export.asset(index)
        except ExportError as error:
            if self.wanted is not None:
                raise
            row = export.row(index)
            problem = Problem(severity="error", what=str(error), file=export.path.name, asset_index=index,
                              external_id=row.external_id, offset=row.start)  # fmt: skip
            self.unread.append(problem)
            return None

    def stage(self, task: Task, stage: str) -> Snapshot | None:
        """A snapshot of a task, or None where the whole export is compared and this one has no such stage."""
        try:
            return base.find_stage(task, stage)
        except ExportError:
            if self.wanted is not None:
                raise
            return None

    def compared_rows(
        self, asset: Asset, index: int, pairs: Sequence[tuple[tuple[Task, Snapshot], tuple[Task, Snapshot]]]
    ) -> Iterator[RowValues]:
        """The rows of pairs of snapshots of one asset."""
        from viewer.diff import compare
        from viewer.diff.rows import Compared, Side, rows_of
        from viewer.model import TRACKED_KINDS

        subject = Compared(index, asset.asset_id, asset.external_id)
        for (task, before), (later_task, after) in pairs:
            by, at = left(later_task, after)
            found = compare(before, after, tracked=asset.kind in TRACKED_KINDS, size=asset.size, by=by, at=at,
                            since=left(task, before)[1])  # fmt: skip
            one, two = Side(before.index, before.stage), Side(after.index, after.stage)
            yield from rows_of(found, subject, one, two, self.level)


class _Within(_Differences):
    """Stages of the same export."""

    def rows(self) -> Iterator[RowValues]:
        indexes = range(len(self.export.rows)) if self.wanted is None else (self.wanted,)
        for index in indexes:
            asset = self.asset(self.export, index)
            if asset is None:
                continue
            task = base.find_task(asset, self.options.asset) if self.options.asset is not None else asset.tasks[0]
            pairs = self._pairs(task)
            if pairs is None:
                self.lacking += 1
                continue
            self.compared += 1
            yield from self.compared_rows(asset, index, [((task, a), (task, b)) for a, b in pairs])
        _check(self)

    def _pairs(self, task: Task) -> list[tuple[Snapshot, Snapshot]] | None:
        if self.options.consecutive:
            return list(pairwise(task.snapshots))
        if self.options.from_ is None:
            before = next((s for s in task.snapshots if s.labels.count), task.snapshots[0])
        elif (named := self.stage(task, self.options.from_)) is None:
            return None
        else:
            before = named
        after = self.stage(task, self.options.to or "current")
        return None if after is None else [(before, after)]


class _Across(_Differences):
    """The same assets of two exports."""

    def __init__(self, export: Export, other: Export, options: argparse.Namespace) -> None:
        super().__init__(export, options)
        self.other = other

    def exports(self) -> Sequence[Export]:
        return (self.export, self.other)

    def rows(self) -> Iterator[RowValues]:
        from viewer.diff.across import Identity, match_assets
        from viewer.diff.rows import Compared, one_sided

        def identities(export: Export) -> list[Identity]:
            return [
                Identity(row.asset_id, tuple(t for t in (row.task_id, *row.other_task_ids) if t), row.external_id)
                for row in export.rows
            ]

        for match in match_assets(identities(self.export), identities(self.other)):
            if self.wanted is not None and match.before != self.wanted:
                continue
            if match.before is None or match.after is None:
                own = self.export if match.before is not None else self.other
                row = own.row(match.before if match.before is not None else match.after or 0)
                self.compared += 1
                subject = Compared(row.index, row.asset_id, row.external_id)
                yield one_sided(subject, "removed" if match.after is None else "added", self.level)
                continue
            one, two = self.asset(self.export, match.before), self.asset(self.other, match.after)
            if one is None or two is None:
                continue
            task = base.find_task(one, self.options.asset) if self.options.asset is not None else one.tasks[0]
            later = next((t for t in two.tasks if t.task_id and t.task_id == task.task_id), two.tasks[0])
            before = self.stage(task, self.options.from_ or "current")
            after = self.stage(later, self.options.to or "current")
            if before is None or after is None:
                self.lacking += 1
                continue
            self.compared += 1
            yield from self.compared_rows(one, match.before, [((task, before), (later, after))])
        _check(self)


def _check(differences: _Differences) -> None:
    """Raise ExportError for a stage that no asset has."""
    if differences.lacking and not differences.compared:
        options = differences.options
        names = " or ".join(repr(stage) for stage in (options.from_, options.to) if stage)
        raise ExportError(f"No asset of {differences.export.path.name} has a stage {names}.")


def left(task: Task, snapshot: Snapshot) -> tuple[str | None, str | None]:
    """Who left a stage, and when; for the current state who changed the task last."""
    if not snapshot.is_current:
        return snapshot.completed_by, snapshot.completed_at
    by, at = (task.fields.get(name) for name in ("updatedBy", "updatedAt"))
    return (by if isinstance(by, str) else None), (at if isinstance(at, str) else None)
