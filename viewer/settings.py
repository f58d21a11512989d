"""What people can set. Frozen, with defaults; only differences are written."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import msgspec
import platformdirs

from viewer import limits
from viewer.state_file import Members, StateFile

VERSION = 1


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings. A new one is one line here; its default must be right for a newcomer."""

    theme: Literal["system", "light", "dark"] = "system"
    frame_policy: Literal["auto", "full", "keys"] = "auto"
    """Whether a video's labels are on every frame, or on key frames only and interpolated in between."""
    tags: bool = True
    fill_opacity: float = 0.1
    """0 to 1: how much colour lies inside of a label."""
    smooth: bool = True
    """Pages are interpolated when enlarged up to twice their size."""
    offline: bool = False
    cache_folder: str = ""
    """"" for the platform's usual place."""
    cache_gb: float = limits.CACHE_BYTES / limits.GB
    """What the cache may hold; beyond it, what was not used for longest goes."""
    asset_gb: float = limits.ASSET_BYTES / limits.GB
    """One file that is fetched may have."""
    asset_hours: float = limits.ASSET_S / 3600
    """One file may take, all tries together."""
    restore: bool = False
    """Open at the start what was open at the end, instead of the start page."""
    key_map: Literal["default", "cvat", "labelme", "radiology"] = "default"
    keys: dict[str, list[str]] = {}
    """The user's own keys by action; they win over the map."""
    motion: bool = True
    """Glides and fades; off for those who are disturbed by them."""
    zoom: Literal["keep", "fit"] = "keep"
    """What becomes of zoom and place when the asset or page changes."""
    hop: int = 10
    """Pages of a hop."""
    frames_per_second: float = 10.0
    """Of play, where the file says none (pages, slices)."""
    blink_hz: float = 2.0
    """How often a second A and B are both seen when they blink, 0.5 to 4."""
    compare_stages: bool = True
    """The stages of all assets are compared in the background once an export is listed."""
    hub_host: str = ""
    """Ango Hub's server that gave links last, "" for the first of `viewer.fetch.hub.HOSTS`. Its key is never here."""
    hold_to_peek: bool = True
    """A held H hides all labels; off: H only toggles."""


def default_path() -> Path:
    """The settings file in the platform's configuration folder."""
    return platformdirs.user_config_path("ango-viewer", appauthor=False) / "settings.json"


class SettingsFile:
    """The settings on disk. `notice` is a sentence for the user when something was wrong with the file."""

    def __init__(self, path: Path | None = None) -> None:
        self._file = StateFile(path or default_path(), version=VERSION, title="The settings")
        members = self._file.read()
        self.settings, wrong = _typed(members)
        self.notice = self._file.notice
        self._kept: Members = {}
        """What was right in a file that was set aside, until it is written again."""
        if wrong and self._file.writable:
            self._kept = {name: value for name, value in members.items() if name not in wrong}
            self.notice = f"The settings hold values that are not understood ({', '.join(wrong)}); defaults are used."
            self._file.set_aside()

    def change(self, **changes: Any) -> Settings:
        """Set the named settings, keeping what another program set meanwhile. Returns the new settings.

        They hold in this program even when they could not be saved. Raises ViewerError then, TypeError or
        ValidationError (msgspec) for a name or value that does not exist.
        """
        known = {name for name in Settings.__struct_fields__ if name in changes}
        if unknown := changes.keys() - known:
            raise TypeError(f"No such setting: {', '.join(sorted(unknown))}")
        self.settings = msgspec.convert({**msgspec.to_builtins(self.settings), **changes}, Settings)
        members = self._file.update(lambda old: _differences({**self._kept, **old}, changes))
        self._kept = {}
        if self._file.writable:
            self.settings = _typed(members)[0]
        return self.settings


def _differences(members: Members, changes: Members) -> Members:
    """The members that differ from the defaults; unknown ones of other versions are kept as they are."""
    defaults = msgspec.to_builtins(Settings())
    return {name: value for name, value in {**members, **changes}.items() if defaults.get(name, ...) != value}


def _typed(members: Members) -> tuple[Settings, list[str]]:
    """Settings from JSON, and the names whose values are of a wrong type (they have their defaults)."""
    right: Members = {}
    wrong: list[str] = []
    for name in Settings.__struct_fields__:
        if name not in members:
            continue
        try:
            msgspec.convert({name: members[name]}, Settings)
        except msgspec.ValidationError:
            wrong.append(name)
        else:
            right[name] = members[name]
    return msgspec.convert(right, Settings), wrong
