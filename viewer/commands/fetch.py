"""``ango-viewer fetch``: an export with all its files in one folder, which opens without any network."""

from __future__ import annotations

import argparse
import contextlib
import queue
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from viewer import limits
from viewer.commands import base
from viewer.errors import ExportError, FetchError, one_line

if TYPE_CHECKING:
    from viewer.export import Export, Row
    from viewer.export.rewrite import Replace
    from viewer.fetch import Address, Sources
    from viewer.fetch.body import Progress
    from viewer.fetch.bundle import Bundle
    from viewer.fetch.client import OnWait
    from viewer.fetch.transfers import Transfers
    from viewer.model import Asset

_AHEAD = 500  # files in the queue: more would only take memory
_SHOWN_S = 0.1
_NOTHING_TO_FETCH = ("none", "inline")
_WORDS = ("text", "markdown", "html", "chat")


class FetchCommand:
    """Makes a bundle."""

    NAME: ClassVar[str] = "fetch"
    HELP: ClassVar[str] = "an export with all its files in one folder, to be opened offline"

    @staticmethod
    def add_arguments(parser: argparse.ArgumentParser) -> None:
        """What to fetch, where to, and how many at a time."""
        base.add_export(parser)
        parser.add_argument("--to", type=Path, required=True, metavar="DIR", help="the folder of the bundle")
        parser.add_argument(
            "--jobs", type=_jobs, default=limits.FETCH_JOBS, metavar="N",
            help=f"files at a time (default {limits.FETCH_JOBS})",
        )  # fmt: skip
        parser.add_argument(
            "--asset", action="append", metavar="REF",
            help="only this one: index, asset id, task id or external id; may be given several times",
        )  # fmt: skip
        base.add_fetch_options(parser)

    @staticmethod
    def run(options: argparse.Namespace) -> int:
        """Fetch what is missing, then write the export's copy."""
        from viewer.export.rewrite import copy_with_addresses, name_of_copy
        from viewer.fetch.bundle import Bundle

        with base.open_export(options) as export:
            indexes = range(len(export.rows)) if options.asset is None else sorted(set(map(export.find, options.asset)))
            if options.to.resolve() == export.path.parent.resolve():
                raise ExportError(
                    f"{export.path.name} lies in {options.to} itself, where its copy would replace it. "
                    "Choose another folder for the bundle."
                )
            own_name = name_of_copy(export.path)
            _check_folder(options.to, own_name)
            sources = base.open_sources(export, options)
            try:
                with Bundle(options.to) as bundle:
                    told = _Told(sys.stdout.isatty())
                    complete = _fetch_all(export, indexes, sources, bundle, told, jobs=options.jobs)
                    if export.changed:
                        raise ExportError(f"{export.path.name} was changed while it was read. Fetch it again.")
                    pieces = copy_with_addresses(
                        export.path, export.rows, lambda row: _addresses_in_bundle(export, row, bundle)
                    )
                    bundle.write(own_name, pieces)
                    told.end(options.to)
            finally:
                sources.close()
        return base.DONE if complete else base.FOUND


def _jobs(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError("a number of files at a time is 1 to 64")
    return int(text)


def _check_folder(folder: Path, own_name: str) -> None:
    """Raises ExportError when the folder holds another export already: it could not be opened as a bundle then."""
    from viewer.export.sniff import SUFFIXES

    try:
        others = [p.name for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and p.name != own_name]
    except FileNotFoundError:
        return
    except OSError as error:
        raise ExportError(
            f"The bundle cannot be written to {folder} ({error.strerror}). Choose another folder."
        ) from None
    if others:
        raise ExportError(
            f"{folder} holds another export already ({min(others)}). Choose an empty folder, or that of {own_name}."
        )


# ---- what belongs to an asset -------------------------------------------------------------------------------


def files_of(asset: Asset) -> Iterator[tuple[Address, str]]:
    """The addresses of an asset that mean files (its own, those of its dataset, brush masks), each with the readable
    path that its file gets.
    """
    from viewer.fetch import Address
    from viewer.fetch.bundle import readable_name
    from viewer.fetch.locate import kind_of
    from viewer.ui import scene

    for address in scene.addresses_of(asset):
        kind = kind_of(address.url)
        # one line of text looks like a name beside the export; a file of text has a suffix
        is_words = asset.kind in _WORDS and kind == "relative" and not Path(address.url_path).suffix
        if kind not in _NOTHING_TO_FETCH and not is_words:
            yield address, readable_name(
                asset.external_id, address.url_path, part=address.part, parts=address.parts
            )  # fmt: skip
    if asset.dataset and asset.url is not None and asset.url not in asset.dataset:
        address = Address(url=asset.url, asset_key=scene.asset_key(asset))
        if kind_of(address.url) not in _NOTHING_TO_FETCH:
            yield address, readable_name(asset.external_id, address.url_path, kind="asset")
    for task in asset.tasks:
        for snapshot in task.snapshots:
            for url, of in ((snapshot.brush_url, "brush"), (snapshot.medical_brush_url, "voxel-brush")):
                if url and kind_of(url) not in _NOTHING_TO_FETCH:
                    address = Address(url=url)
                    yield address, readable_name(asset.external_id, address.url_path, kind=of)


def _addresses_in_bundle(export: Export, row: Row, bundle: Bundle) -> Replace:
    """For the copy: the file in the bundle, where there is one; else the address without its query."""
    from viewer.export.rewrite import Span, without_signature
    from viewer.fetch.transfer import key_of

    names: dict[str, str] | None = None
    try:
        asset = export.asset(row.index)
    except ExportError:
        pass  # damaged: nothing was fetched for it, but its links are secrets all the same
    else:
        names = {}
        for address, wanted in files_of(asset):
            assert address.url is not None
            key = key_of(address)
            if bundle.find(key) is not None:
                names[address.url] = bundle.name(key, wanted)
            else:
                names.setdefault(address.url, without_signature(address.url))

    def replace(span: Span) -> str | None:
        if names is None:
            return without_signature(span.value) if span.member != "data" else None
        return names.get(span.value)

    return replace


# ---- fetching ----------------------------------------------------------------------------------------------


def _fetch_all(
    export: Export, indexes: range | list[int], sources: Sources, bundle: Bundle, told: _Told, *, jobs: int
) -> bool:
    """Fetch the files of these assets into the bundle. Returns whether all are there."""
    from viewer.fetch.transfer import key_of
    from viewer.fetch.transfers import Transfers

    def bring(
        address: Address, on_progress: Progress, cancelled: Callable[[], bool], *, on_wait: OnWait
    ) -> Path:  # fmt: skip
        key = key_of(address)
        if (found := bundle.find(key)) is not None:
            return found
        found = sources.fetch(address, on_progress, cancelled, on_wait=on_wait, store=bundle)
        if found == bundle.find(key):
            return found
        try:
            return bundle.add(key, found, address.name, cancelled)
        except OSError as error:
            from viewer.fetch.failures import not_written

            raise not_written(address.name, error) from None

    transfers = Transfers(bring, jobs=jobs, per_host=jobs, reserved=0, rest_s=None)
    fetching = _Fetching(transfers, bundle, told)
    try:
        for index in indexes:
            try:
                asset = export.asset(index)
            except ExportError as error:
                told.expect()
                told.missing()
                fetching.failed(export.rows[index].external_id or f"asset {index}", error)
                continue
            for address, wanted in files_of(asset):
                fetching.want(address, asset.name, wanted)
        fetching.wait_for(0)
    finally:
        transfers.close()
    return fetching.complete


class _Fetching:
    """The files that are on their way, and what became of the others."""

    def __init__(self, transfers: Transfers, bundle: Bundle, told: _Told) -> None:
        self.complete = True
        self._transfers = transfers
        self._bundle = bundle
        self._told = told
        self._running: dict[Future[Path], str] = {}
        self._done: queue.SimpleQueue[Future[Path]] = queue.SimpleQueue()
        self._shown = 0.0
        self._asked_by: dict[str, set[str]] = {}
        """The assets that want a file, by its key: some share one."""
        self._ended: dict[str, FetchError | None] = {}

    def failed(self, name: str, error: Exception) -> None:
        """Tell that something of an asset is missing."""
        self.complete = False
        self._told.failed(name, str(error))

    def want(self, address: Address, name: str, wanted: str) -> None:
        """Fetch a file of the asset `name`; each file once."""
        from viewer.fetch.transfer import key_of

        key = key_of(address)
        asked_by = self._asked_by.setdefault(key, set())
        is_known = name in asked_by
        asked_by.add(name)
        if key in self._ended:
            if (error := self._ended[key]) is not None and not is_known:
                self.failed(name, error)
        elif len(asked_by) == 1 and not is_known:
            self._bundle.name(key, wanted)
            self._told.expect()
            future = self._transfers.want(address)
            self._running[future] = key
            future.add_done_callback(self._done.put)  # asking all of them again and again would cost more
            self.wait_for(_AHEAD)

    def wait_for(self, count: int) -> None:
        """Wait until no more than `count` are on their way."""
        while len(self._running) > count:
            with contextlib.suppress(queue.Empty):
                self._end(self._done.get(timeout=_SHOWN_S))
                if len(self._ended) % _AHEAD == 0:
                    self._transfers.forget_finished()
            is_due = time.monotonic() - self._shown >= _SHOWN_S or not self._running
            if self._told.is_live and is_due:
                self._shown = time.monotonic()
                report = self._transfers.report(limit=0)
                self._told.show(report.under_way, report.bytes_per_s)

    def _end(self, future: Future[Path]) -> None:
        key = self._running.pop(future)
        error = future.exception()
        if error is not None and not isinstance(error, FetchError):
            raise error
        self._ended[key] = error
        if error is None:
            path = future.result()
            self._told.fetched(path.relative_to(self._bundle.folder).as_posix(), path.stat().st_size)
        else:
            self._told.missing()
            for name in sorted(self._asked_by[key]):
                self.failed(name, error)


class _Told:
    """What is printed: a bar on a terminal, a line for each file otherwise, and failures on standard error."""

    def __init__(self, is_live: bool) -> None:
        self.is_live = is_live
        self._expected = self._fetched = self._failed = self._bytes = 0
        self._began = time.monotonic()
        self._width = 0

    def expect(self) -> None:
        """One more file belongs to it."""
        self._expected += 1

    def fetched(self, name: str, length: int) -> None:
        """A file is there."""
        from viewer.fetch.body import size_in_words

        self._fetched += 1
        self._bytes += length
        if not self.is_live:
            print(
                f"{self._fetched + self._failed}/{self._expected} {one_line(name)} {size_in_words(length)}", flush=True
            )

    def missing(self) -> None:
        """A file could not be had."""
        self._failed += 1

    def failed(self, name: str, sentence: str) -> None:
        """Say why something of an asset is missing."""
        from viewer.export.links import without_query

        self._clear()
        base.say(f"{without_query(name)}: {sentence}")

    def show(self, under_way: int, bytes_per_s: float) -> None:
        """Draw the bar, with the bytes of files that are not whole yet."""
        from viewer.fetch.body import size_in_words

        done = self._fetched + self._failed
        filled = int(24 * done / max(1, self._expected))
        bar = "#" * filled + "-" * (24 - filled)
        line = (
            f"[{bar}] {done}/{self._expected} files, {size_in_words(self._bytes + under_way)}, "
            f"{size_in_words(int(bytes_per_s))}/s"
        )
        self._clear()
        print(line, end="", flush=True)
        self._width = len(line)

    def end(self, folder: Path) -> None:
        """The last line."""
        from viewer.fetch.body import size_in_words

        self._clear()
        files = f"{self._fetched:,} file{'' if self._fetched == 1 else 's'}"
        failed = f"; {self._failed:,} could not be had" if self._failed else ""
        seconds = time.monotonic() - self._began
        print(f"{files}, {size_in_words(self._bytes)}, in {one_line(str(folder))} after {seconds:.1f} s{failed}")

    def _clear(self) -> None:
        if self._width:
            print("\r" + " " * self._width + "\r", end="", flush=True)
            self._width = 0
