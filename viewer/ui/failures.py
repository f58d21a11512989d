"""Why there is no picture, in the words that stand on the canvas (ui.md §6)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from viewer.errors import DecodeError, FetchError, ViewerError, WorkerError
from viewer.fetch import presign
from viewer.model import Asset

log = logging.getLogger(__name__)

PICTURES = ("image", "multi-image")
"""Kinds of asset whose file people call a picture."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no picture, in words, and whether trying again may help."""

    title: str
    text: str
    code: str = ""
    can_retry: bool = True
    technical: str = ""
    """What a server or decoder said, for those who know its words."""


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
        if error.code == "expired" and error.ends is not None:
            return _expired(error, error.ends, asset)
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
        title = titles.get(error.code, "The file could not be fetched")
        return Failure(title, str(error), error.code, technical=error.answer)
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


def _expired(error: FetchError, ends: datetime, asset: Asset | None) -> Failure:
    """Since when a link is dead, and what is complete all the same."""
    since = presign.validity_in_words(presign.Expiry(ends), datetime.now(UTC))
    if not since.startswith("expired"):
        since = "expired"  # the server's clock is ahead of this one
    what = "picture" if asset is None or asset.kind in PICTURES else "file"
    title = f"The link to this {what} {since}"
    text = f"It was valid until {presign.in_words(ends)} and the file is not in the cache."
    if asset is not None:
        count = asset.tasks[0].current.labels.count
        labels = "1 label and its" if count == 1 else f"{count:,} labels and their"
        text += f" The {labels} history are complete; only the {what} is missing."
    return Failure(title, text, error.code, technical=error.answer)
