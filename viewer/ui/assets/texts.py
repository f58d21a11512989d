"""The words of the list of assets: names of kinds, values and orders, and the lines of a row."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QCoreApplication

from viewer.errors import one_line
from viewer.export import Row
from viewer.ui.assets.changed import Totals
from viewer.ui.assets.table import name_of
from viewer.ui.inspector import change_words

FileState = Literal["", "valid", "cached", "dead", "soon", "loading", "failed", "local"]
"""What is to be said of an asset's file: link valid, in the cache, link dead, link valid for less than 4 hours, being
fetched, could not be had, a file of this computer; "" is nothing."""

STATE_ICONS: dict[FileState, str] = {
    "dead": "link-2-off", "soon": "clock-alert", "loading": "arrow-down", "failed": "triangle-alert",
    "local": "folder",
}  # fmt: skip
"""What needs no attention has no icon: a file that is here, a link that is valid."""
VALUE_SHOWN = 80
"""Characters of a value in menus and chips."""


def tr(text: str) -> str:
    """Translate a text of this module. Qt's lupdate files texts of functions outside of classes under no context."""
    return QCoreApplication.translate("", text)


@lru_cache(maxsize=4096)
def _shown_name(text: str, index: int) -> str:
    return text or tr("Asset {0}").format(f"{index + 1:,}")


def shown_name(row: Row) -> str:
    """What an asset is called in the list."""
    return _shown_name(name_of(row), row.index)


def split_name(name: str) -> tuple[str, str]:
    """(folder with its separator or "", base name)."""
    at = max(name.rfind("/"), name.rfind("\\")) + 1
    return (name[:at], name[at:]) if 0 < at < len(name) else ("", name)


def kind_text(kind: str) -> str:
    """A kind of asset in words."""
    texts = {
        "image": tr("Image"), "multi-image": tr("Image series"), "video": tr("Video"), "pdf": tr("PDF"),
        "dicom": tr("DICOM"), "volume": tr("Volume"), "text": tr("Text"), "audio": tr("Audio"), "chat": tr("Chat"),
        "html": tr("HTML"), "markdown": tr("Markdown"), "link": tr("Link"), "unknown": tr("Unknown kind"),
    }  # fmt: skip
    return texts.get(kind, one_line(kind)[:VALUE_SHOWN])


def facet_text(facet: str) -> str:
    """What a group of values is called."""
    return {
        "issues": tr("Issues"), "rejected": tr("Reviews"), "problems": tr("Problems"), "labels": tr("Labels"),
        "link": tr("Links"),
        "kind": tr("Kind"), "stage": tr("Stage"), "class": tr("Class"), "tool": tr("Tool"), "person": tr("Person"),
        "batch": tr("Batch"), "changed": tr("Changes"), "change": tr("What changed"),
        "change_stage": tr("Changed in stage"), "change_tool": tr("Tool of what changed"),
        "change_class": tr("Class of what changed"), "change_person": tr("Changed by"),
    }.get(facet, facet)  # fmt: skip


def value_text(facet: str, value: str) -> str:
    """A value in words. Those that come from the export are on one line and cut."""
    fixed = {
        ("issues", "open"): tr("Open issues"), ("rejected", "once"): tr("Rejected once"),
        ("problems", "with"): tr("With problems"), ("labels", "with"): tr("With labels"),
        ("labels", "without"): tr("Without labels"), ("changed", "some"): tr("Changed"),
        ("link", "expired"): tr("With expired links"), ("link", "soon"): tr("With links that expire soon"),
        ("link", "valid"): tr("With valid links"),
    }  # fmt: skip
    if (facet, value) in fixed:
        return fixed[facet, value]
    if facet == "kind":
        return kind_text(value)
    if facet == "change":
        return change_words.kind_text(value)
    if not value.strip():
        return {
            "stage": tr("No stage"), "class": tr("No title"), "change_stage": tr("Current state"),
            "change_class": tr("No title"), "change_tool": tr("No shape"),
        }.get(facet, tr("No name"))  # fmt: skip
    if facet in ("tool", "change_tool"):
        value = value.replace("-", " ")
        value = value[:1].upper() + value[1:]
    return one_line(value)[:VALUE_SHOWN]


def order_text(key: str) -> str:
    """An order in words."""
    return {
        "export": tr("Order of the export"), "name": tr("Name"), "labels": tr("Labels"), "stage": tr("Stage"),
        "kind": tr("Kind"), "problems": tr("Problems"), "completed": tr("Last completed"),
        "changes": tr("Most changes"), "largest": tr("Largest change"), "link": tr("Links that end first"),
    }.get(key, key)  # fmt: skip


def state_text(state: FileState) -> str:
    """The state of a file in words."""
    return {
        "dead": tr("link expired"), "soon": tr("link expires soon"), "loading": tr("loading"),
        "failed": tr("could not be loaded"), "local": tr("local file"), "valid": tr("link valid"),
        "cached": tr("in the cache"), "": "",
    }[state]  # fmt: skip


def sentence(text: str) -> str:
    """A text that begins with a capital letter."""
    return text[:1].upper() + text[1:]


def entry_text(entry: tuple[int, int] | None) -> str:
    """``2 of 3``: (which, of how many) entries of the same asset; "" where there is only one."""
    return tr("{0} of {1}").format(f"{entry[0]:,}", f"{entry[1]:,}") if entry is not None else ""


def details_of(row: Row) -> str:
    """The second line of a row."""
    if not row.readable:
        return tr("Damaged in the export")
    parts = [one_line(row.stage or "")[:VALUE_SHOWN]]
    parts.append(tr("1 label") if row.labels == 1 else tr("{0} labels").format(f"{row.labels:,}"))
    if row.tasks > 1:
        parts.append(tr("{0} tasks").format(f"{row.tasks:,}"))
    if row.problems:
        parts.append(tr("1 problem") if row.problems == 1 else tr("{0} problems").format(f"{row.problems:,}"))
    return " · ".join(part for part in parts if part)


def changes_text(changes: Totals | None) -> str:
    """How many changes, for a screen reader; "" while they are not known."""
    if changes is None:
        return ""
    if not changes.total:
        return tr("no changes")
    return tr("1 change") if changes.total == 1 else tr("{0} changes").format(f"{changes.total:,}")


def count_text(shown: int, total: int, *, listing: bool, busy: bool) -> str:
    """How many assets there are and are shown, and what goes on."""
    if busy and not listing:
        return tr("Searching {0} assets").format(f"{total:,}")
    if shown != total:
        text = tr("{0} of {1} assets").format(f"{shown:,}", f"{total:,}")
    else:
        text = tr("1 asset") if total == 1 else tr("{0} assets").format(f"{total:,}")
    return tr("Reading · {0}").format(text) if listing else text


def no_match_text(typed: str, chosen: int) -> str:
    """Why no asset is shown: what was typed ("" is nothing), and how many values are chosen."""
    chips = tr("1 filter") if chosen == 1 else tr("{0} filters").format(f"{chosen:,}")
    typed = one_line(typed.strip())[:VALUE_SHOWN]
    if not typed:
        return tr("No asset matches {0}.").format(chips)
    if not chosen:
        return tr('No asset matches "{0}".').format(typed)
    return tr('No asset matches "{0}" and {1}.').format(typed, chips)


def spoken(row: Row, state: FileState, entry: tuple[int, int] | None = None, changes: Totals | None = None) -> str:
    """What a screen reader says of a row. `entry`: (which, of how many) entries of the same asset."""
    task = tr("Task {0} of {1}").format(f"{entry[0]:,}", f"{entry[1]:,}") if entry is not None else ""
    parts = [shown_name(row), task, kind_text(row.kind), *details_of(row).split(" · "), changes_text(changes)]
    parts.append(state_text(state))
    return ", ".join(part for part in parts if part)
