"""Everything that a user can ask for, in one table: menus, shortcuts and tooltips are made from it.

The id of an action is the name of a method of `viewer.ui.session.Session` or, for what belongs to the
window alone, of `viewer.ui.main_window.MainWindow`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QCoreApplication

Menu = Literal["File", "View", "Go", "Labels", "Help"]
Needs = Literal["", "export", "asset", "pages", "picture", "selection", "failure"]
"""What must be there for an action to be enabled."""

Scope = Literal["window", "canvas"]
"""`canvas`: the key works only where letters are not typed (canvas, page bar)."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to ask for. `text` is sentence case; it ends in "…" only if a dialog follows."""

    id: str
    text: str
    menu: Menu
    shortcuts: tuple[str, ...] = ()
    tip: str = ""
    needs: Needs = ""
    scope: Scope = "window"
    checked: str = ""
    """Name of a Session property, for an action that is on or off."""
    separator: bool = False
    """A line above it in its menu."""


def tr(text: str) -> str:
    """Translate a text of this table."""
    return QCoreApplication.translate("actions", text)


ACTIONS: tuple[Action, ...] = (
    Action("choose_export", "Open export…", "File", ("Ctrl+O",), "Open a JSON, NDJSON or ZIP export"),
    Action("open_demo", "Open the demo", "File", tip="An export that comes with the program"),
    Action("choose_issues", "Add issues export…", "File", needs="export", tip="Join issues by task id"),
    Action("choose_ontology", "Add ontology…", "File", needs="export", tip="Class colours and names"),
    Action("locate_file", "Locate file…", "File", needs="asset", separator=True,
           tip="Say where this asset's file is on this computer"),
    Action("look_in_folder", "Look in folder…", "File", ("Ctrl+L",), needs="export",
           tip="Find the assets' files in a folder"),
    Action("retry", "Try again", "File", ("F5",), needs="failure", tip="Fetch and decode this page again"),
    Action("cancel", "Stop loading", "File", needs="asset", tip="Give up the transfer under way"),
    Action("save_picture", "Save picture…", "File", ("Ctrl+S",), needs="picture", separator=True,
           tip="The page with its labels as PNG, one pixel per page pixel"),
    Action("quit_program", "Quit", "File", ("Ctrl+Q",), separator=True),
    Action("previous_asset", "Previous asset", "Go", ("PgUp", "Ctrl+Left"), needs="export"),
    Action("next_asset", "Next asset", "Go", ("PgDown", "Ctrl+Right"), needs="export"),
    Action("previous_page", "Previous page", "Go", ("Left", ","), needs="pages", scope="canvas", separator=True),
    Action("next_page", "Next page", "Go", ("Right", "."), needs="pages", scope="canvas"),
    Action("hop_back", "Back 10 pages", "Go", ("Shift+Left",), needs="pages", scope="canvas"),
    Action("hop_on", "On 10 pages", "Go", ("Shift+Right",), needs="pages", scope="canvas"),
    Action("first_page", "First page", "Go", ("Home",), needs="pages", scope="canvas"),
    Action("last_page", "Last page", "Go", ("End",), needs="pages", scope="canvas"),
    Action("previous_labelled_page", "Previous page with labels", "Go", ("Alt+Left",), needs="pages"),
    Action("next_labelled_page", "Next page with labels", "Go", ("Alt+Right",), needs="pages"),
    Action("ask_page", "Go to page…", "Go", ("Ctrl+G",), needs="pages"),
    Action("play", "Play", "Go", ("Space",), needs="pages", scope="canvas", checked="is_playing"),
    Action("go_back", "Back", "Go", ("Alt+Up",), needs="export", separator=True, tip="To the place before"),
    Action("go_forward", "Forward", "Go", ("Alt+Down",), needs="export"),
    Action("previous_stage", "Earlier stage", "Go", ("Ctrl+Up",), needs="asset", separator=True),
    Action("next_stage", "Later stage", "Go", ("Ctrl+Down",), needs="asset"),
    Action("fit", "Fit", "View", ("Ctrl+9", "R"), needs="picture", scope="canvas"),
    Action("one_to_one", "Actual size", "View", ("Ctrl+0",), needs="picture"),
    Action("zoom_in", "Zoom in", "View", ("+", "Ctrl++", "="), needs="picture", scope="canvas"),
    Action("zoom_out", "Zoom out", "View", ("-", "Ctrl+-"), needs="picture", scope="canvas"),
    Action("zoom_to_selection", "Zoom to selection", "View", ("Z",), needs="selection", scope="canvas"),
    Action("invert", "Invert brightness", "View", ("I",), needs="picture", scope="canvas", checked="is_inverted",
           separator=True),
    Action("reset_window", "VOI window from the file", "View", ("Alt+0",), needs="picture"),
    Action("toggle_labels", "Show labels", "Labels", ("Ctrl+H",), needs="asset", checked="labels_shown"),
    Action("cycle_tags", "Tags: none, automatic, all", "Labels", ("L",), needs="asset", scope="canvas"),
    Action("toggle_relations", "All relations", "Labels", needs="asset", checked="relations_shown"),
    Action("hide_selected", "Hide selected", "Labels", ("H",), needs="selection", scope="canvas"),
    Action("show_everything", "Show everything", "Labels", ("Shift+H",), needs="asset", scope="canvas"),
    Action("next_object", "Next label", "Labels", ("Tab",), needs="asset", scope="canvas", separator=True),
    Action("previous_object", "Previous label", "Labels", ("Shift+Tab", "Backtab"), needs="asset", scope="canvas"),
    Action("select_nothing", "Clear selection", "Labels", ("Esc",), needs="selection", scope="canvas"),
    Action("tracks_automatic", "Tracks: decide by the file", "Labels", needs="asset", separator=True,
           checked="tracks_are_automatic"),
    Action("tracks_by_keys", "Tracks: key frames, hold between", "Labels", needs="asset", checked="tracks_are_keys"),
    Action("tracks_in_full", "Tracks: only exported frames", "Labels", needs="asset", checked="tracks_are_full"),
    Action("show_log", "Show log folder", "Help", tip="The log holds no links and no names"),
    Action("show_keys", "Keys", "Help", ("F1", "?"), tip="All keys"),
    Action("show_about", "About ango-viewer", "Help", separator=True),
)  # fmt: skip
