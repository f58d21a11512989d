"""Entries of an export for tests: read one and see what was told about it."""

from __future__ import annotations

from typing import Any, NamedTuple

from viewer.geometry import Affine, LabelSpace
from viewer.tools import parse_tool
from viewer.tools.base import Tool

SPACE = LabelSpace((800.0, 600.0))
DOUBLED = LabelSpace((1600.0, 600.0), Affine.scaling(2.0, 1.0))
TURNED = LabelSpace((600.0, 800.0), Affine(0.0, 1.0, -1.0, 0.0, 600.0, 0.0))
"""A quarter turn clockwise of an 800 × 600 page."""


class Note(NamedTuple):
    what: str
    instead: str
    path: str
    error: bool


def read(entry: dict[str, Any]) -> tuple[Tool, list[Note]]:
    """The tool of an entry and what was noted while it was read."""
    notes: list[Note] = []

    def note(what: str, instead: str, path: str, *, error: bool = False) -> None:
        notes.append(Note(what, instead, path, error))

    return parse_tool(entry, note), notes


def sound(entry: dict[str, Any]) -> Tool:
    """The tool of an entry about which there is nothing to say."""
    tool, notes = read(entry)
    assert notes == []
    return tool
