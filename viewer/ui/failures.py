"""Why there is no picture, in the words that stand on the canvas (ui.md §6)."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from viewer.errors import DecodeError, FetchError, ViewerError, WorkerError
from viewer.model import Asset

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no picture, in words, and whether trying again may help."""

    title: str
    text: str
    code: str = ""
    can_retry: bool = True


def not_drawn(asset: Asset) -> Failure:
    """Words for a kind of asset that has no pages to draw."""
    count = asset.tasks[0].current.labels.count
    labels = f"Its {count:,} labels are" if count != 1 else "Its label is"
    if asset.kind == "link":
        return Failure(
            "This asset is a web page", f"It is not loaded here. {labels} listed at the right.", "link", can_retry=False
        )
    words = {"pct": "3D point clouds", "volume": "Medical volumes", "text": "Texts", "audio": "Recordings",
             "markdown": "Markdown texts", "html": "HTML pages", "chat": "Conversations"}  # fmt: skip
    return Failure(
        f"{words.get(asset.kind, 'Files of this kind')} can't be shown yet",
        f"{labels} listed at the right.",
        "Unsupported",
        can_retry=False,
    )


def failure_of(error: BaseException, asset: Asset | None) -> Failure:
    """The words on the canvas for what went wrong; anything that is no ViewerError is a defect of the program."""
    name = "this asset" if asset is None else asset.name
    if isinstance(error, FetchError):
        titles = {
            "expired": "The link to this picture expired",
            "gone": "The file is gone from the server",
            "refused": "The server refused this file",
            "offline": "No connection to the server",
            "timeout": "The server has not answered",
            "private-host": "This export wants a file from a private address",
            "not-found": "The file is not there",
            "no-address": "There is no file to fetch",
            "cancelled": "The transfer was stopped",
            "disk": "The cache disk is full",
        }
        return Failure(titles.get(error.code, "The file could not be fetched"), str(error), error.code)
    if isinstance(error, WorkerError):
        return Failure("The decoder stopped", str(error), "worker")
    if isinstance(error, DecodeError):
        titles = {
            "Unsupported": "Files of this kind can't be shown yet",
            "Encrypted": "This file needs a password",
            "TooLarge": "This file is too large",
            "OutOfMemory": "There is not enough memory for this page",
        }
        return Failure(titles.get(error.code, "This page could not be shown"), str(error), error.code)
    if isinstance(error, ViewerError):
        return Failure("This asset could not be shown", str(error))
    log.error("unexpected while showing a page", exc_info=error)
    return Failure(
        "This page could not be shown",
        f"Something unexpected happened with {name} ({type(error).__name__}). The log says more.",
        "Internal",
    )
