"""Everything that a user can ask for, in one table: menus, shortcuts and tooltips are made from it.

The id of an action is the name of a method of `viewer.ui.session.Session` or, for what belongs to the
window alone, of `viewer.ui.main_window.MainWindow`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QCoreApplication

Menu = Literal["File", "View", "Go", "Labels", "Compare", "Help"]
Needs = Literal[
    "",
    "export",
    "asset",
    "pages",
    "picture",
    "selection",
    "failure",
    "dicom",
    "stage",
    "history",
    "compared",
    "tasks",
]
"""What must be there for an action to be enabled."""

Scope = Literal["window", "canvas", "hold"]
"""`canvas`: the key works only where letters are not typed (canvas, bars). `hold`: the key means one thing while
it is held and this action when it is tapped; `viewer.ui.hold_keys` watches it."""

WHY: dict[Needs, str] = {
    "export": "No export is open",
    "asset": "No asset is open",
    "pages": "There is one page only",
    "picture": "There is no picture",
    "selection": "No label is selected",
    "failure": "Nothing has failed",
    "dicom": "This is no DICOM file",
    "stage": "There are not so many stages",
    "history": "There is only one stage",
    "compared": "No stages are compared",
    "tasks": "This asset has only one task",
}
"""Why an action cannot be done now: beside it in the palette and the sheet of keys, in its tooltip."""


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
    group: str = ""
    """The menu inside of its menu that it stands in: no menu is higher than a small screen."""
    method: str = ""
    """Where it is not the id: several actions of one method, with an argument."""
    argument: int | float | str | tuple[float, float] | None = None

    @property
    def call(self) -> str:
        """The name of the method."""
        return self.method or self.id


def tr(text: str) -> str:
    """Translate a text of this table."""
    return QCoreApplication.translate("actions", text)


VOI_WINDOWS: tuple[tuple[str, tuple[float, float]], ...] = (
    ("soft tissue", (40.0, 400.0)),
    ("lung", (-600.0, 1500.0)),
    ("liver", (90.0, 150.0)),
    ("bone", (480.0, 2500.0)),
    ("brain", (40.0, 80.0)),
)
"""Presets for CT as (centre, width) in HU, in the order of OHIF."""

ACTIONS: tuple[Action, ...] = (
    Action("choose_export", "Open export…", "File", ("Ctrl+O",), "Open a JSON, NDJSON or ZIP export"),
    Action("open_demo", "Open the demo", "File", tip="An export that comes with the program"),
    Action("choose_issues", "Add issues export…", "File", needs="export", tip="Join issues by task id"),
    Action("choose_ontology", "Add ontology…", "File", needs="export", tip="Class colours and names"),
    Action("locate_file", "Locate file…", "File", needs="asset", separator=True,
           tip="Say where this asset's file is on this computer"),
    Action("open_newer_export", "Open a newer export…", "File", ("Ctrl+Shift+N",), needs="export",
           tip="Take over its links; the labels stay those of the open export"),
    Action("leave_newer_export", "Use this export's own links", "File", needs="export",
           tip="No links of a newer export any more"),
    Action("ask_hosts_again", "Ask again about private servers", "File", needs="export",
           tip="Forget which servers files of this export may be fetched from"),
    Action("look_in_folder", "Look in a folder…", "File", ("Ctrl+L",), needs="export",
           tip="Find the assets' files in a folder"),
    Action("get_fresh_links", "Get fresh links…", "File", ("Ctrl+U",), needs="export",
           tip="From Ango Hub, with an API key"),
    Action("retry", "Try again", "File", ("F5",), needs="failure", tip="Fetch and decode this page again"),
    Action("cancel", "Stop loading", "File", needs="asset", tip="Give up the transfer under way"),
    Action("save_picture", "Save picture…", "File", ("Ctrl+S",), needs="picture", separator=True,
           tip="The page with its labels as PNG, one pixel per page pixel"),
    Action("copy_picture", "Copy picture", "File", ("Ctrl+C",), needs="picture", scope="canvas"),
    Action("copy_link", "Copy link", "File", ("Ctrl+Shift+C",), needs="asset",
           tip="The command that opens this place"),
    Action("copy_json", "Copy JSON", "File", needs="asset", tip="Of the selected label, else of the asset"),
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
    Action("previous_key_frame", "Previous key frame", "Go", ("Shift+K", "Ctrl+Alt+Left"), needs="selection",
           scope="canvas"),
    Action("next_key_frame", "Next key frame", "Go", ("K", "Ctrl+Alt+Right"), needs="selection", scope="canvas"),
    Action("ask_page", "Go to page…", "Go", ("Ctrl+G",), needs="pages"),
    Action("play", "Play", "Go", ("Space",), needs="pages", scope="canvas", checked="is_playing", group="Playback"),
    Action("slower", "Slower", "Go", ("[",), needs="pages", scope="canvas", group="Playback"),
    Action("faster", "Faster", "Go", ("]",), needs="pages", scope="canvas", group="Playback"),
    Action("toggle_loop", "Loop", "Go", ("\\",), needs="pages", scope="canvas", checked="is_looping", group="Playback"),
    Action("go_back", "Back", "Go", ("Alt+Up",), needs="export", separator=True, tip="To the place before"),
    Action("go_forward", "Forward", "Go", ("Alt+Down",), needs="export"),
    Action("previous_stage", "Earlier stage", "Go", ("Ctrl+Up",), needs="asset", separator=True, group="Stage"),
    Action("next_stage", "Later stage", "Go", ("Ctrl+Down",), needs="asset", group="Stage"),
    *(
        Action(f"stage_{n + 1}", f"Stage {n + 1}", "Go", (str(n + 1),), needs="stage", scope="canvas",
               method="show_stage", argument=n, separator=n == 0, group="Stage")
        for n in range(9)
    ),
    Action("show_palette", "Find…", "View", ("Ctrl+K",), tip="An asset, a command, a class, a page"),
    Action("find_asset", "Find in the asset list", "View", ("Ctrl+F",), needs="export"),
    Action("toggle_filter", "Filter on or off", "View", ("Ctrl+Shift+F",), needs="export"),
    Action("next_region", "Next region", "View", ("F6",), separator=True),
    Action("previous_region", "Previous region", "View", ("Shift+F6",)),
    Action("cycle_list", "Asset list: list, pictures, hidden", "View", ("Ctrl+B",)),
    Action("toggle_inspector", "Inspector", "View", ("Ctrl+I",), checked="inspector_shown"),
    Action("toggle_timeline", "Stage history", "View", ("Ctrl+T",), checked="timeline_shown"),
    Action("show_transfers", "Transfers", "View", ("Ctrl+J",), needs="export",
           tip="What is being fetched: order, pause, failures, all files at once"),
    Action("full_screen", "Full screen", "View", ("F11",)),
    Action("fit", "Fit", "View", ("Ctrl+9", "R"), needs="picture", scope="canvas", separator=True, group="Zoom"),
    Action("fit_width", "Fit width", "View", ("Ctrl+8",), needs="picture", group="Zoom"),
    Action("one_to_one", "Actual size", "View", ("Ctrl+0",), needs="picture", group="Zoom"),
    Action("zoom_in", "Zoom in", "View", ("+", "Ctrl++", "="), needs="picture", scope="canvas", group="Zoom"),
    Action("zoom_out", "Zoom out", "View", ("-", "Ctrl+-"), needs="picture", scope="canvas", group="Zoom"),
    Action("zoom_to_selection", "Zoom to selection", "View", ("Z",), needs="selection", scope="canvas", group="Zoom"),
    Action("invert", "Invert brightness", "View", ("I",), needs="picture", scope="canvas", checked="is_inverted",
           group="Brightness"),
    Action("reset_window", "VOI window from the file", "View", ("Alt+0",), needs="dicom", group="Brightness"),
    *(
        Action(f"window_{n}", f"VOI window: {name}", "View", (f"Alt+{n}",), needs="dicom", method="set_window",
               argument=window, group="Brightness")
        for n, (name, window) in enumerate(VOI_WINDOWS, start=1)
    ),
    Action("toggle_labels", "Show labels", "Labels", ("Ctrl+H",), needs="asset", checked="labels_shown"),
    Action("cycle_tags", "Tags: none, automatic, all", "Labels", ("L",), needs="asset", scope="canvas"),
    Action("toggle_relations", "All relations", "Labels", needs="asset", checked="relations_shown"),
    Action("hide_pointed", "Hide the label under the pointer, or the selected one", "Labels", ("H",), needs="asset",
           scope="hold", tip="Held: all labels are away"),
    Action("show_everything", "Show everything", "Labels", ("Shift+H",), needs="asset", scope="canvas"),
    Action("next_object", "Next label", "Labels", ("Tab",), needs="asset", scope="canvas", separator=True),
    Action("previous_object", "Previous label", "Labels", ("Shift+Tab", "Backtab"), needs="asset", scope="canvas"),
    Action("step_down", "Next slice, else next label", "Labels", ("Down",), needs="asset", scope="canvas"),
    Action("step_up", "Previous slice, else previous label", "Labels", ("Up",), needs="asset", scope="canvas"),
    Action("step_out", "Step out: selection, solo, hiding, full screen", "Labels", ("Esc",), scope="canvas"),
    Action("tracks_automatic", "Tracks: decide by the file", "Labels", needs="asset", separator=True,
           checked="tracks_are_automatic", group="Tracks"),
    Action("tracks_by_keys", "Tracks: key frames, hold between", "Labels", needs="asset", checked="tracks_are_keys",
           group="Tracks"),
    Action("tracks_in_full", "Tracks: only exported frames", "Labels", needs="asset", checked="tracks_are_full",
           group="Tracks"),
    Action("theme_system", "Look: as the system", "View", method="choose_theme", argument=0, group="Look"),
    Action("theme_light", "Look: light", "View", method="choose_theme", argument=1, group="Look"),
    Action("theme_dark", "Look: dark", "View", method="choose_theme", argument=2, group="Look"),
    Action("colour_class", "Colour by class", "Labels", method="choose_colour", argument=0, group="Colours"),
    Action("colour_instance", "Colour by object", "Labels", method="choose_colour", argument=1, group="Colours"),
    Action("colour_person", "Colour by person", "Labels", method="choose_colour", argument=2, group="Colours"),
    Action("colour_stage", "Colour by stage", "Labels", method="choose_colour", argument=3, group="Colours"),
    Action("next_change", "Next change", "Compare", ("N", "F8"), needs="export", scope="canvas",
           tip="In this asset, then in the rest of the export"),
    Action("previous_change", "Previous change", "Compare", ("Shift+N", "Shift+F8"), needs="export", scope="canvas"),
    Action("next_changed_page", "Next changed page", "Compare", ("Alt+N",), needs="compared"),
    Action("previous_changed_page", "Previous changed page", "Compare", ("Alt+Shift+N",), needs="compared"),
    Action("show_change_table", "Change table", "Compare", ("Ctrl+Shift+T",), needs="export",
           checked="change_table_shown", tip="All changes of this asset or of the whole export, one a row"),
    Action("toggle_skip_seen", "Skip changes already seen", "Compare", needs="export", checked="skips_seen"),
    *(
        Action(f"order_{order}", text, "Compare", needs="export", group="Order of changes", method="choose_order",
               argument=order)
        for order, text in (("asset", "As in the export"), ("size", "Largest first"), ("class", "By class"),
                            ("person", "By person"))
    ),
    *(
        Action(f"mode_{mode}", text, "Compare", keys, needs="history", scope="canvas", method="toggle_mode",
               argument=mode, separator=mode == "side", tip=tip)
        for mode, text, keys, tip in (
            ("side", "Side by side", ("P",), "A left, B right"),
            ("overlay", "Overlay", ("O",), "A dashed under B"),
            ("swipe", "Swipe", ("W",), "A left of a line, B right of it"),
            ("blink", "Blink", (), "A and B in turn; a tap on B does the same"),
            ("changes", "Changes only", ("E",), "What is equal fades"),
        )
    ),
    Action("all_panes", "All stages side by side", "Compare", ("Shift+P",), needs="history", scope="canvas"),
    Action("swap", "Swap A and B", "Compare", ("X",), needs="compared", scope="canvas", separator=True),
    Action("toggle_link", "Link the views", "Compare", ("Ctrl+Shift+L",), needs="compared", checked="is_linked",
           tip="Panes zoom and pan together"),
    *(
        Action(f"reference_{n + 1}", f"Compare with stage {n + 1}", "Compare", (f"Shift+{n + 1}",), needs="stage",
               scope="canvas", group="Compare with", method="pick_a", argument=n)
        for n in range(9)
    ),
    Action("compare_tasks", "Compare with the next task of this asset", "Compare", needs="tasks", separator=True,
           tip="What another annotator made of it"),
    Action("choose_other_export", "Compare with another export…", "Compare", ("Ctrl+Shift+O",), needs="export",
           tip="Its assets are matched by asset id, task id and external id"),
    Action("leave_other_export", "Leave the other export", "Compare", needs="export"),
    Action("compare_all", "Compare the stages of all assets", "Compare", needs="export", separator=True,
           tip="In the background; what is found is kept"),
    Action("stop_comparing", "Stop comparing", "Compare", needs="export"),
    Action("edit_keys", "Change keys…", "Help"),
    Action("edit_settings", "Settings…", "File", ("F2",), separator=True),
    Action("edit_cache", "Cache…", "File", tip="Where fetched files are kept, how much they may take; clear them"),
    Action("show_log", "Show log folder", "Help", tip="The log holds no links and no names"),
    Action("show_keys", "Keys", "Help", ("F1", "?"), tip="All keys"),
    Action("show_about", "About ango-viewer", "Help", separator=True),
)  # fmt: skip
