"""Starting a worker process."""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from viewer import spawning
from viewer.workers import launch
from viewer.workers.child import main


def start_worker(orders: launch.Orders) -> tuple[BaseProcess, Connection]:
    """Start a worker; returns its process and our end of the pipe.

    Call this from a thread that lives as long as the worker may: on Linux the death of the *thread* that
    started it ends the worker (PR_SET_PDEATHSIG). Raises OSError when no process can be started.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=True)
    try:
        launch.limit_sending(ours)
        process = context.Process(target=main, args=(theirs, orders), name="ango-viewer decoder", daemon=True)
        with spawning.LOCK:
            process.start()
    except BaseException:
        ours.close()
        raise
    finally:
        theirs.close()
    return process, ours
