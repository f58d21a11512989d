"""Settling futures without surprises, and errors as their owners get them."""

from __future__ import annotations

import copy
import logging
from concurrent.futures import CancelledError, Future
from typing import Any

from viewer.errors import FetchError, ViewerError

log = logging.getLogger(__name__)


def settle(future: Future[Any], result: Any, error: Exception | None = None) -> None:
    """Give a future its answer, unless its owner cancelled it in the meantime."""
    if future.done() or not future.set_running_or_notify_cancel():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)


def cancel(future: Future[Any]) -> None:
    """Cancel a future for good, so that `wait` and `as_completed` see it, too."""
    if not future.done() and future.cancel():
        future.set_running_or_notify_cancel()


def clean(text: str) -> str:
    """A worker's sentence without what breaks lines or terminals."""
    return "".join(c if c.isprintable() else " " for c in text) or "This could not be read."


def fresh(error: Exception) -> Exception:
    """The same exception for another future.

    One that was raised holds the frames of whoever got it: kept in a document, it would keep alive the very
    client whose end closes the document.
    """
    try:
        return copy.copy(error)
    except Exception:  # of a class that cannot be copied
        return FetchError(str(error))


def as_error(error: BaseException) -> Exception:
    """What a provider raised, as the exception that the page's future gets: unchanged where it is ours."""
    if isinstance(error, ViewerError):
        return error
    if isinstance(error, OSError):
        return FetchError(f"The file cannot be read: {error.strerror or error}.", code="not-found")
    if isinstance(error, CancelledError):
        return FetchError("The file was not brought.", code="cancelled")
    log.error("A file was not brought", exc_info=error)
    return FetchError(f"The file could not be brought ({type(error).__name__}); the log says more.", code="server")
