"""Why there is no picture, in the words that stand on the canvas (ui.md §6)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication

from viewer.errors import DecodeError, FetchError, ViewerError, WorkerError, one_line
from viewer.fetch import presign
from viewer.model import Asset

log = logging.getLogger(__name__)

translate = QCoreApplication.translate

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
    host: str = ""
    """The private server that a file would come from, and below what its name resolved to."""
    address: str = ""
    is_refused: bool = False
    """Whether somebody said that nothing is fetched from there."""


def not_drawn(asset: Asset) -> Failure:
    """Words for a kind of asset that has no pages to draw."""
    count = asset.tasks[0].current.labels.count
    listed = (
        translate("failures", "Its {0} labels are listed at the right.").format(f"{count:,}")
        if count != 1
        else translate("failures", "Its label is listed at the right.")
    )
    if asset.kind == "link":
        text = translate("failures", "It is not loaded here.")
        return Failure(translate("failures", "This asset is a web page"), f"{text} {listed}", "link", can_retry=False)
    titles = {
        "pct": translate("failures", "3D point clouds can't be shown yet"),
        "volume": translate("failures", "Medical volumes can't be shown yet"),
        "text": translate("failures", "Texts can't be shown yet"),
        "audio": translate("failures", "Recordings can't be shown yet"),
        "markdown": translate("failures", "Markdown texts can't be shown yet"),
        "html": translate("failures", "HTML pages can't be shown yet"),
        "chat": translate("failures", "Conversations can't be shown yet"),
    }
    other = translate("failures", "Files of this kind can't be shown yet")
    return Failure(titles.get(asset.kind, other), listed, "Unsupported", can_retry=False)


def failure_of(error: BaseException, asset: Asset | None) -> Failure:
    """The words on the canvas for what went wrong; anything that is no ViewerError is a defect of the program."""
    name = translate("failures", "this asset") if asset is None else asset.name
    if isinstance(error, FetchError):
        if error.code == "expired" and error.ends is not None:
            return _expired(error, error.ends, asset)
        if error.code == "private-host" and error.host:
            return private_host(error.host, error.address, technical=error.answer)
        titles = {
            "expired": translate("failures", "The link to this picture expired"),
            "gone": translate("failures", "The file is gone from the server"),
            "refused": translate("failures", "The server refused this file"),
            "offline": translate("failures", "No connection to the server"),
            "timeout": translate("failures", "The server has not answered"),
            "private-host": translate("failures", "This export wants a file from a private address"),
            "not-found": translate("failures", "The file is not there"),
            "no-address": translate("failures", "There is no file to fetch"),
            "cancelled": translate("failures", "The transfer was stopped"),
            "disk": translate("failures", "The cache disk is full"),
            "changed": translate("failures", "The file changed on its server"),
        }
        title = titles.get(error.code, translate("failures", "The file could not be fetched"))
        return Failure(title, str(error), error.code, technical=error.answer)
    if isinstance(error, WorkerError):
        return Failure(translate("failures", "The decoder stopped"), str(error), "worker")
    if isinstance(error, DecodeError):
        titles = {
            "Unsupported": translate("failures", "Files of this kind can't be shown yet"),
            "Encrypted": translate("failures", "This file needs a password"),
            "TooLarge": translate("failures", "This file is too large"),
            "OutOfMemory": translate("failures", "There is not enough memory for this page"),
        }
        return Failure(
            titles.get(error.code, translate("failures", "This page could not be shown")), str(error), error.code
        )
    if isinstance(error, ViewerError):
        return Failure(translate("failures", "This asset could not be shown"), str(error))
    log.error("unexpected while showing a page", exc_info=error)
    return Failure(
        translate("failures", "This page could not be shown"),
        translate("failures", "Something unexpected happened with {0} ({1}). The log says more.").format(
            name, type(error).__name__
        ),
        "Internal",
    )


def private_host(
    host: str, address: str, *, assets: int | None = None, is_refused: bool = False, technical: str = ""
) -> Failure:
    """Whether files may come from a server of a private address; `assets` of the export want some from there."""
    where = address if host == address else f"{one_line(host)[:100]} ({address})"
    if is_refused:
        title = translate("failures", "Nothing is fetched from {0}").format(where)
        text = translate("failures", "It is a private address, and you said so for this export.")
    else:
        title = translate("failures", "This export wants a file from {0}, a private address").format(where)
        text = translate("failures", "It is a server of your own network or computer, and whoever made this export "
                                     "chose it. Nothing was sent yet.")  # fmt: skip
    if assets == 1:
        text += " " + translate("failures", "1 asset of this export has its file there.")
    elif assets:
        text += " " + translate("failures", "{0} assets of this export have files there.").format(f"{assets:,}")
    return Failure(title, text, "private-host", technical=technical, host=host, address=address, is_refused=is_refused)


def _expired(error: FetchError, ends: datetime, asset: Asset | None) -> Failure:
    """Since when a link is dead, and what is complete all the same."""
    since = presign.validity_in_words(presign.Expiry(ends), datetime.now(UTC))
    if not since.startswith("expired"):
        since = "expired"  # the server's clock is ahead of this one
    is_picture = asset is None or asset.kind in PICTURES
    title = (
        translate("failures", "The link to this picture {0}")
        if is_picture
        else translate("failures", "The link to this file {0}")
    ).format(since)
    text = translate("failures", "It was valid until {0} and the file is not in the cache.").format(
        presign.in_words(ends)
    )
    if asset is not None:
        count = asset.tasks[0].current.labels.count
        complete = (
            translate("failures", "The 1 label and its history are complete")
            if count == 1
            else translate("failures", "The {0} labels and their history are complete").format(f"{count:,}")
        )
        missing = (
            translate("failures", "only the picture is missing.")
            if is_picture
            else translate("failures", "only the file is missing.")
        )
        text += f" {complete}; {missing}"
    return Failure(title, text, error.code, technical=error.answer)
