"""What every command is, and the options that several of them share."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Protocol

from viewer.errors import ExportError, ViewerError, one_line

if TYPE_CHECKING:
    from viewer.export import Export
    from viewer.fetch import Address, Sources
    from viewer.model import Asset, Snapshot, Task

DONE, FOUND, COULD_NOT = 0, 1, 2
"""Exit statuses: done; found something; could not, with one sentence on standard error."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong with a command line as every command says what it could not do: in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Raise ViewerError instead of printing the usage."""
        words = message[:1].upper() + message[1:]
        raise ViewerError(f"{words}. `{self.prog} --help` tells what there is.")


class Command(Protocol):
    """One word of the command line."""

    NAME: ClassVar[str]
    HELP: ClassVar[str]

    @staticmethod
    def add_arguments(parser: argparse.ArgumentParser) -> None:
        """Say what it takes."""

    @staticmethod
    def run(options: argparse.Namespace) -> int:
        """Do it. Returns an exit status; raises ViewerError with the sentence for standard error."""


def add_export(parser: argparse.ArgumentParser) -> None:
    """EXPORT."""
    parser.add_argument("export", type=Path, metavar="EXPORT", help="an export, or a folder that holds exactly one")


def add_fetch_options(parser: argparse.ArgumentParser) -> None:
    """The options of every command that may fetch."""
    parser.add_argument("--offline", action="store_true", help="use local and cached files only")
    parser.add_argument("--cache-dir", type=Path, metavar="DIR", help="where fetched files are kept")
    parser.add_argument("--assets-dir", type=Path, metavar="DIR", help="look here for the assets' files first")
    parser.add_argument(
        "--allow-private-hosts",
        action="store_true",
        help="also fetch from loopback and private addresses (only from exports that you trust)",
    )


def say(sentence: str) -> None:
    """Write a sentence to standard error: one line, without what could be a secret."""
    from viewer.log import redact  # here: whatever an export calls a thing may be a signed link

    print(f"ango-viewer: {one_line(redact(sentence))}", file=sys.stderr)


def print_json(value: Any) -> None:
    """Write JSON to standard output; where its encoding has not every sign, the signs it lacks are escaped."""
    encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower().replace("-", "")
    text = json.dumps(value, ensure_ascii=encoding != "utf8", indent=1, allow_nan=False)
    print(text.encode("utf-8", "backslashreplace").decode("utf-8"))


def open_export(options: argparse.Namespace) -> Export:
    """The export that EXPORT names, read to its end. Raises ExportError."""
    from viewer.export import Export
    from viewer.fetch.cache import chosen_folder
    from viewer.settings import SettingsFile

    cache_dir = options.cache_dir or chosen_folder(SettingsFile().settings)
    export = Export.open(options.export, cache_dir=cache_dir)
    try:
        return export.read()
    except BaseException:
        export.close()
        raise


def open_sources(export: Export, options: argparse.Namespace) -> Sources:
    """The files of an export, within the limits of the settings. Close it at the end."""
    from viewer import limits
    from viewer.fetch import Sources
    from viewer.fetch.cache import chosen_folder
    from viewer.fetch.client import Patience
    from viewer.remembered import Remembered
    from viewer.settings import SettingsFile

    settings = SettingsFile().settings
    return Sources(
        export.path,
        cache_dir=options.cache_dir or chosen_folder(settings),
        cache_limit=int(settings.cache_gb * limits.GB),
        asset_limit=int(settings.asset_gb * limits.GB),
        patience=Patience(whole_s=settings.asset_hours * 3600),
        assets_dir=options.assets_dir,
        offline=options.offline,
        allow_private_hosts=options.allow_private_hosts,
        remembered=Remembered(),
    )


def find_task(asset: Asset, ref: str) -> Task:
    """The task that a REF which led to `asset` means: the one of that task id, else the first.

    An index and an asset id are tried before a task id, and mean the first task even if a task is called so, too.
    """
    is_index = re.fullmatch(r"[0-9]{1,9}", ref) is not None and int(ref) == asset.index
    if is_index or ref == asset.asset_id:
        return asset.tasks[0]
    return next((task for task in asset.tasks if task.task_id == ref), asset.tasks[0])


def find_stage(task: Task, stage: str) -> Snapshot:
    """``current``, a 0-based index, a stage id, or a stage name (its latest occurrence), in this order.

    The current state takes part as the last entry. Raises ExportError when none fits.
    """
    from viewer.ui import scene

    snapshots = task.snapshots
    index = scene.find_stage(task, stage)
    if index is not None:
        return snapshots[index]
    names = ", ".join(dict.fromkeys(one_line(s.stage) for s in snapshots if s.stage))
    raise ExportError(
        f"There is no stage {one_line(stage)[:80]}: the task has {len(snapshots)}, 0 to {len(snapshots) - 1}"
        + (f" ({names})." if names else ".")
    )


def bring_now(sources: Sources) -> Callable[[Address], Future[Path]]:
    """Brings files in the calling thread: a command waits for them anyway."""

    def bring(address: Address) -> Future[Path]:
        future: Future[Path] = Future()
        try:
            future.set_result(sources.fetch(address))
        except ViewerError as error:
            future.set_exception(error)
        return future

    return bring
