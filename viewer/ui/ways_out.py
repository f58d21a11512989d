"""What can be done where there is no picture: the rows and links below the words on the canvas (ui.md §6)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from viewer.errors import one_line
from viewer.ui.canvas.state_block import Way, Words
from viewer.ui.failures import Failure

if TYPE_CHECKING:
    from viewer.ui.session import Session
    from viewer.ui.window_actions import WindowActions

LOOKS: dict[str, tuple[str, str]] = {
    "expired": ("clock-alert", "error"), "gone": ("link-2-off", "error"), "refused": ("lock", "error"),
    "offline": ("wifi-off", "warn"), "timeout": ("wifi-off", "warn"), "server": ("wifi-off", "warn"),
    "private-host": ("shield-alert", "warn"), "policy": ("shield-alert", "warn"), "cancelled": ("download", "text2"),
    "not-found": ("file-question-mark", "warn"), "no-address": ("file-question-mark", "warn"),
    "disk": ("hard-drive", "warn"), "Encrypted": ("key-round", "text2"), "Unsupported": ("file-question-mark", "text2"),
    "export": ("file-question-mark", "warn"), "link": ("link", "text2"), "worker": ("circle-alert", "error"),
}  # fmt: skip
"""Code of a failure -> (icon, tone of its tile); any other is a triangle in red."""
PASSING = ("offline", "timeout", "server", "cancelled", "disk")
"""Codes of what another try may mend by itself."""
ELSEWHERE = (
    "expired", "gone", "refused", "private-host", "policy", "not-found", "no-address", "too-large", "Corrupt",
    "Unsupported", *PASSING,
)  # fmt: skip
"""Codes of files for which another one may lie somewhere on this computer."""
DEAD = ("expired", "refused", "gone")
"""Codes of links in whose place another export, or Ango Hub, may give others."""


class WaysOut(QObject):
    """Rows and links for a failure of what the session shows."""

    def __init__(self, session: Session, actions: WindowActions) -> None:
        super().__init__(actions)
        self._session, self._actions = session, actions
        self.others: Callable[[int | None], int | None] = lambda index: None
        """How many assets beside one want files; None while that is not known."""
        self.say: Callable[[str, bool], object] = lambda host, is_allowed: None
        """What is answered to whether files may be fetched from a private host."""

    def of(self, failure: Failure) -> list[Way]:
        """The likeliest first. A way with a line of explanation is a row, one without is a link."""
        session, actions, code = self._session, self._actions, failure.code
        asset, key = session.asset, actions.key_of
        if code == "export":
            text, line = self.tr("Open export…"), self.tr("JSON, NDJSON or ZIP")
            return [Way(text, actions.choose_export, "folder-open", line, key("choose_export"))]
        if not failure.can_retry:
            return []
        found: list[Way] = []
        retry = Way(self.tr("Try again"), session.retry, "rotate-cw", "", key("retry"))
        if code == "Encrypted":
            line = self.tr("It is kept until the program ends.")
            found.append(Way(self.tr("Enter password…"), actions.ask_password, "key-round", line))
        elif code in PASSING:
            if code == "disk" and "edit_cache" in actions.by_id:
                line = self.tr("Makes room: files that were fetched can be fetched again.")
                found.append(self._action(self.tr("Clear cache…"), "edit_cache", "trash-2", line))
            found.append(retry._replace(line=self.tr("Asks for the file once more.")))
        elif code == "worker":
            found.append(retry._replace(line=self.tr("Reads this page once more.")))
        if code in ("worker", "Corrupt") and asset is not None and asset.kind == "pdf":
            line = self.tr("Reads this file with the second PDF engine.")
            found.append(Way(self.tr("Other engine"), actions.other_engine, "repeat", line))
        if code == "private-host":
            found += self._about_host(failure)
        if code in DEAD and asset is not None:
            line = self.tr("Takes over its links. The labels stay those of this export.")
            found.append(self._action(self.tr("Open a newer export…"), "open_newer_export", "file-plus", line))
        if code in ELSEWHERE and asset is not None:
            found.append(self._action(self.tr("Look in a folder…"), "look_in_folder", "folder-search",
                                      self._finds(one_line(asset.name.rsplit("/", 1)[-1])[:80])))  # fmt: skip
        if code in DEAD and asset is not None:
            line = (
                self.tr("Asks Ango Hub with the key that it took before.")
                if actions.has_hub_key
                else self.tr("Asks Ango Hub, with an API key of yours.")
            )
            found.append(self._action(self.tr("Get fresh links…"), "get_fresh_links", "key-round", line))
        elif code in ELSEWHERE and code != "private-host" and asset is not None:
            line = self.tr("Tells where this one file is on this computer.")
            found.append(self._action(self.tr("Locate file…"), "locate_file", "hard-drive", line))
        if session.loader.can_show_blind:
            found.append(Way(self.tr("Show the labels without the picture"), session.show_blind, "square-dashed"))
        if code != "private-host" and not any(way.act == session.retry for way in found):
            found.append(retry)
        return found

    def _action(self, text: str, action: str, icon: str, line: str = "") -> Way:
        """A way that is an action of the table, with its key."""
        return Way(text, partial(self._actions.run, action), icon, line, self._actions.key_of(action))

    def _finds(self, name: str) -> str:
        others = self.others(self._session.state.place.asset)
        if others is None:
            return self.tr("Finds {0} and other missing files by name.").format(name)
        if not others:
            return self.tr("Finds {0} by its name.").format(name)
        if others == 1:
            return self.tr("Finds {0} and 1 other missing file by name.").format(name)
        return self.tr("Finds {0} and {1} other missing files by name.").format(name, f"{others:,}")

    def _about_host(self, failure: Failure) -> list[Way]:
        """Whether a private server may be asked: both answers as rows; the one that was given can be changed."""
        allow = Way(self.tr("Allow for this export"), partial(self.say, failure.host, True), "shield-alert",
                    self.tr("Only allow servers that you know."))  # fmt: skip
        if failure.is_refused:
            return [allow._replace(line="")]
        line = self.tr("The picture stays away; its labels are complete.")
        return [allow, Way(self.tr("Don't fetch"), partial(self.say, failure.host, False), "x", line)]


def words_of(failure: Failure) -> Words:
    """The icon and the technical line of a failure."""
    icon, tone = LOOKS.get(failure.code, ("triangle-alert", "error"))
    return Words(icon, tone, failure.technical)
