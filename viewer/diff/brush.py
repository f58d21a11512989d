"""Brush masks of two snapshots: pictures behind signed addresses, told apart by their path."""

from __future__ import annotations

from urllib.parse import urlsplit

from viewer.model import Annotation, Change, ChangeKind, Snapshot
from viewer.tools.unknown import Unknown

OTHER_FILE = "The two snapshots have mask files of other names; whether their pixels differ is not said here."
ONE_SIDED = "A brush mask is only in the current state: history often leaves masks out, so it was not compared."

MASKS = (("brushDataUrl", "Brush"), ("medicalBrushDataUrl", "Voxel brush"))
"""Member of a snapshot, and what its mask is called."""


def compare_brushes(before: Snapshot, after: Snapshot) -> tuple[list[Change], tuple[str, ...]]:
    """Changes of the masks, and notes. The query of an address is a signature, a new one in each export.

    A mask that only the current state has is no change: history entries are not known to carry masks.
    """
    changes: list[Change] = []
    notes: list[str] = []
    sides = ((before.brush_url, before.medical_brush_url), (after.brush_url, after.medical_brush_url))
    for (member, title), old, new in zip(MASKS, *sides):
        one, two = _path(old), _path(new)
        if one == two:
            continue
        kind: ChangeKind = "added" if one is None else "removed" if two is None else "reshaped"
        if kind != "reshaped" and before.is_current != after.is_current:
            notes.append(ONE_SIDED)
            continue
        changes.append(
            Change(
                kinds=(kind,),
                before=None if one is None else _mask(member, title),
                after=None if two is None else _mask(member, title),
                note=OTHER_FILE,
            )
        )
    return changes, tuple(dict.fromkeys(notes))


def _path(url: str | None) -> str | None:
    if not url:
        return None
    try:
        return urlsplit(url).path
    except ValueError:
        return url.partition("?")[0]


def _mask(member: str, title: str) -> Annotation:
    """A mask as an entry of its own: it has no place in ``tools``."""
    return Annotation(object_id=member, schema_id="", title=title, tool=Unknown("brush"))
