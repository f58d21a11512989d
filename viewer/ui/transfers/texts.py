"""Words for transfers: how much of a file is here, how fast it comes, why it waits."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from viewer.errors import one_line
from viewer.fetch.transfer import QueueReport, TransferReport
from viewer.limits import TEXT_SHOWN
from viewer.log import redact

translate = QCoreApplication.translate

_UNITS = (("GB", 1e9), ("MB", 1e6), ("KB", 1e3))
_SOON_S = 3600


def size(count: float) -> str:
    """``262 KB``, ``4.1 MB``, ``38 MB``: one decimal where it says something."""
    for unit, one in _UNITS:
        if count >= one or unit == "KB":
            value = count / one
            return f"{value:.1f} {unit}" if value < 10 and unit != "KB" else f"{value:,.0f} {unit}"
    raise AssertionError


def amount(received: int, total: int | None) -> str:
    """``4.1 of 38 MB``; the unit of what is here only where it is another one."""
    if not total:
        return size(received)
    here, all_ = size(received), size(total)
    if here.rpartition(" ")[2] == all_.rpartition(" ")[2]:
        here = here.rpartition(" ")[0]
    return translate("transfers", "{0} of {1}").format(here, all_)


def duration(seconds: float) -> str:
    """``12 s``, ``3 min``, ``2 h 5 min``, for what is only about right."""
    if seconds < 100:
        return translate("transfers", "{0} s").format(max(1, round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 100:
        return translate("transfers", "{0} min").format(minutes)
    return translate("transfers", "{0} h {1} min").format(minutes // 60, minutes % 60)


def shown(text: str) -> str:
    """A name or sentence as it may be shown: one line, no query of a link, not endless."""
    return one_line(redact(text))[:TEXT_SHOWN]


def wait_words(report: TransferReport) -> str:
    """How long a pause lasts, and who asked for it; "" when there is none."""
    if report.retry_in_s is None:
        return ""
    after = duration(report.retry_in_s)
    if report.is_busy:
        return translate("transfers", "The server asks to wait {0}, then it is tried again.").format(after)
    return translate("transfers", "It is tried again in {0}.").format(after)


def canvas_words(report: TransferReport) -> str:
    """What stands on the canvas while this file is awaited."""
    name = report.name
    if report.retry_in_s is not None:
        return f"{_fetching(report)}\n{wait_words(report)}"
    if report.state == "paused":
        return translate("transfers", "{0} is paused in the list of transfers.").format(name)
    return _fetching(report) if report.state == "running" else ""


def _fetching(report: TransferReport) -> str:
    words = translate("transfers", "Fetching {0}").format(report.name)
    return f"{words}, {amount(report.received, report.total)}" if report.received else words


def row_words(report: TransferReport, *, is_paused: bool = False) -> str:
    """The second line of a row: how much, how fast, or why not. `is_paused`: all of them are."""
    here = amount(report.received, report.total) if report.received else ""
    if report.state == "failed":
        return shown(report.sentence)
    if report.retry_in_s is not None:
        return wait_words(report)
    if report.state == "done":
        return size(report.received) if report.received else translate("transfers", "Here")
    if report.state == "running":
        if not report.received:
            return translate("transfers", "Asking the server…")
        speed = translate("transfers", "{0}/s").format(size(report.bytes_per_s)) if report.bytes_per_s else ""
        return " · ".join(filter(None, (here, speed)))
    word = {
        "paused": translate("transfers", "Paused"),
        "waiting": translate("transfers", "Paused") if is_paused else translate("transfers", "Waiting"),
        "cancelled": translate("transfers", "Cancelled"),
    }[report.state]
    return " · ".join(filter(None, (word, here)))


def left_words(report: TransferReport) -> str:
    """How long a running one still takes, about; "" where that cannot be told."""
    if report.state != "running" or not report.total or not report.bytes_per_s or report.retry_in_s is not None:
        return ""
    left = (report.total - report.received) / report.bytes_per_s
    return translate("transfers", "{0} left").format(duration(left)) if left < 48 * _SOON_S else ""


def spoken(report: TransferReport, *, is_paused: bool = False) -> str:
    """A row for a screen reader."""
    state = {
        "failed": translate("transfers", "failed"),
        "running": translate("transfers", "is fetched"),
    }.get(report.state, "")
    return ", ".join(
        filter(None, (shown(report.name), state, row_words(report, is_paused=is_paused), left_words(report)))
    )


def share(report: QueueReport, finished: int, further: int = 0) -> float:
    """How much of all is here, 0 to 1, with what is here of those that are on their way."""
    unfinished = report.unfinished + further
    begun = sum(
        min(1.0, one.received / one.total)
        for one in report.transfers
        if one.state in ("running", "waiting", "paused") and one.total
    )
    return (finished + begun) / (finished + unfinished) if unfinished else 1.0


def total_words(report: QueueReport, finished: int, further: int = 0) -> str:
    """``38 of 412 files · 4.4 MB/s``: all that is under way, counted from when the list was last at rest."""
    unfinished = report.unfinished + further
    if not unfinished:
        return ""
    words = translate("transfers", "{0} of {1} files").format(f"{finished:,}", f"{finished + unfinished:,}")
    if not report.counts.get("running") and (report.is_paused or report.counts.get("paused") == report.unfinished):
        return f"{words} · " + translate("transfers", "paused")
    speed = translate("transfers", "{0}/s").format(size(report.bytes_per_s)) if report.bytes_per_s else ""
    return " · ".join(filter(None, (words, speed)))


def all_left_words(report: QueueReport, further: int = 0) -> str:
    """How long all of them still take, about: only where the size of each of them is known."""
    known = [one for one in report.transfers if one.state in ("running", "waiting", "paused")]
    if further or not report.bytes_per_s or len(known) < report.unfinished or any(not one.total for one in known):
        return ""
    left = sum((one.total or 0) - one.received for one in known) / report.bytes_per_s
    return translate("transfers", "{0} left").format(duration(left)) if left < 48 * _SOON_S else ""


def count_words(report: QueueReport) -> str:
    """For the status row and the button: how many are under way, else failed, else that all are paused."""
    failed, under_way = report.counts.get("failed", 0), report.unfinished
    if under_way and report.is_paused:
        one, several = translate("transfers", "1 transfer paused"), translate("transfers", "{0} transfers paused")
        return one if under_way == 1 else several.format(f"{under_way:,}")
    if under_way == 1:
        return translate("transfers", "1 transfer")
    if under_way:
        return translate("transfers", "{0} transfers").format(f"{under_way:,}")
    if failed == 1:
        return translate("transfers", "1 transfer failed")
    if failed:
        return translate("transfers", "{0} transfers failed").format(f"{failed:,}")
    return translate("transfers", "Transfers are paused") if report.is_paused else ""
