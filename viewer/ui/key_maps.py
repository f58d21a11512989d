"""Which keys ask for what: the default map, ready maps for other habits, and the user's own keys. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Map = Literal["default", "cvat", "labelme", "radiology"]

TITLES: Mapping[Map, str] = {
    "default": "Default",
    "cvat": "CVAT-like",
    "labelme": "labelme-like",
    "radiology": "Radiology",
}

DIFFERENCES: Mapping[Map, Mapping[str, tuple[str, ...]]] = {
    "default": {},
    "cvat": {
        "next_page": ("F", "Right"),
        "previous_page": ("D", "Left"),
        "hop_on": ("V", "Shift+Right"),
        "hop_back": ("C", "Shift+Left"),
        "next_key_frame": ("R", "K"),
        "previous_key_frame": ("E", "Shift+K"),
        "fit": ("Ctrl+9",),
    },
    "labelme": {
        "next_asset": ("D", "PgDown"),
        "previous_asset": ("A", "PgUp"),
        "fit": ("Ctrl+9", "R"),
        "zoom_to_selection": ("Ctrl+Shift+N", "Z"),
    },
    "radiology": {
        "next_page": ("Down", "Right"),
        "previous_page": ("Up", "Left"),
        "next_object": ("Tab",),
        "previous_object": ("Shift+Tab", "Backtab"),
        "reset_window": ("Ctrl+R", "Alt+0"),
    },
}
"""Only what is not as in the default map (peers.md §5.1)."""


def resolved(
    defaults: Mapping[str, tuple[str, ...]], chosen: Map, own: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """The keys of every action: the user's own win over the map, the map over the default.

    A key that two actions would have is taken from the one that has it by default, so that none is ambiguous.
    """
    result = dict(defaults)
    for layer in (DIFFERENCES.get(chosen, {}), own):
        for action, keys in layer.items():
            if action not in result:
                continue
            taken = {normal(key) for key in keys}
            for other, theirs in result.items():
                if other != action:
                    result[other] = tuple(key for key in theirs if normal(key) not in taken)
            result[action] = tuple(keys)
    return result


def normal(key: str) -> str:
    """A key as one spelling: modifiers in a fixed order, names in lower case."""
    *modifiers, last = key.replace("++", "+Plus").split("+") if key != "+" else ["Plus"]
    order = ("ctrl", "alt", "shift", "meta")
    return "+".join([*sorted((m.lower() for m in modifiers), key=order.index), last.lower()])


def conflicts(keys: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str, str]]:
    """(key, one action, another): keys that mean two things while the canvas has the focus."""
    seen: dict[str, str] = {}
    found: list[tuple[str, str, str]] = []
    for action, theirs in keys.items():
        for key in dict.fromkeys(map(normal, theirs)):
            if key in seen:
                found.append((key, seen[key], action))
            seen.setdefault(key, action)
    return found
