"""Files on their way to a document: providers are asked without the lock, and answer on any thread."""

from __future__ import annotations

from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.workers import launch
from viewer.workers.futures import as_error
from viewer.workers.office import Office
from viewer.workers.pixels import Bringing

if TYPE_CHECKING:
    from viewer.workers.desk import Desk


def provide(office: Office, desk: Desk, part: int, attempt: int) -> None:
    """Have the n-th file of a document brought, for this attempt to open it; `Desk.brought` gets it."""
    if desk.is_closed:
        return
    future: Bringing
    try:
        future = desk.parts[part].provide()
    except Exception as error:
        failed: Future[Path] = Future()
        failed.set_exception(error)
        future = failed
    with office.lock:
        if desk.is_closed or desk.attempt != attempt:
            office.later(future.cancel)  # no more than that: an executor that has it notes the rest
        else:
            desk.bringing[part] = future
    future.add_done_callback(partial(_brought, office, desk, part, attempt))


def _brought(office: Office, desk: Desk, part: int, attempt: int, future: Bringing) -> None:
    descriptor, error, stream = -1, None, None
    try:
        found = future.result()
        stream = None if isinstance(found, Path) else found
        if not desk.is_closed:
            descriptor = launch.open_descriptor(found if isinstance(found, Path) else found.path)
    except BaseException as problem:
        error = as_error(problem)
    with office.lock:
        desk.brought(part, attempt, descriptor, error, stream)
