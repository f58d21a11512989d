"""Every annotation tool, one file each. A new one is a new file and one line in `TOOLS`."""

from __future__ import annotations

from typing import Any

from viewer.tools.angle import Angle
from viewer.tools.base import Entry, Notes, Tool, ToolError
from viewer.tools.bounding_box import BoundingBox
from viewer.tools.circle import Circle
from viewer.tools.ellipse import Ellipse
from viewer.tools.medical_brush import MedicalBrush
from viewer.tools.message import Message
from viewer.tools.ner import Ner
from viewer.tools.pct import Pct
from viewer.tools.pdf import Pdf
from viewer.tools.point import Point
from viewer.tools.polygon import Polygon
from viewer.tools.polyline import Polyline
from viewer.tools.rotated_bounding_box import RotatedBoundingBox
from viewer.tools.segmentation import Segmentation
from viewer.tools.spline import Spline
from viewer.tools.unknown import Unknown

TOOLS: tuple[type[Tool], ...] = (
    BoundingBox,
    RotatedBoundingBox,
    Polygon,
    Polyline,
    Point,
    Segmentation,
    Spline,
    Circle,
    Ellipse,
    Pdf,
    Ner,
    MedicalBrush,
    Angle,
    Message,
    Pct,
)

GUESSED: dict[str, str] = {
    Spline.KEY: "drawn as a Catmull-Rom curve through its points",
    Circle.KEY: "drawn as a circle",
    Ellipse.KEY: "drawn as an ellipse",
}
"""Tools whose form is not published, and what is done with them; said once per snapshot."""

TOOL_OF_KEY: dict[str, type[Tool]] = {tool.KEY: tool for tool in TOOLS}

_KEYS = TOOL_OF_KEY.keys()

COMMON_MEMBERS = frozenset(
    (
        "objectId", "schemaId", "title", "classifications", "metadata", "page", "interpolationStopped",
        "lock", "ocr", "masks",
    )
)  # fmt: skip
"""What stands beside the geometry of an entry (format §5.1)."""

FRAME_MEMBERS = frozenset(
    ("frame", "frameNumber", "start", "end", "from", "to", "isKeyFrame", "isKeyframe", "interpolated")
)
"""What may stand beside the geometry of one frame inside an entry (format §7.3)."""


def geometry_key(entry: Entry) -> str | None:
    """The key of the tool that this entry was drawn with, if it is a known one."""
    found = _KEYS & entry.keys()
    if len(found) == 1:
        (key,) = found
        return key
    if not found:
        return Message.ALSO if isinstance(entry.get(Message.ALSO), str | int) else None
    # the first in the file; a value of null leaves the place to another tool
    return next((key for key in entry if key in found and entry[key] is not None), min(found))


def parse_tool(entry: Entry, notes: Notes) -> Tool:
    """Read the geometry of one entry. What cannot be read becomes an `Unknown`, and `notes` is told.

    An entry without any geometry is told unless it is a stop (``interpolationStopped``), which needs none.
    """
    key = geometry_key(entry)
    if key is None:
        return _unknown(entry, notes)
    if len(_KEYS & entry.keys()) > 1 and (
        others := [k for k in entry if k in TOOL_OF_KEY and k != key and entry[k] is not None]
    ):
        notes(f"{key} stands beside {', '.join(others)}", f"it is read as {key}", f".{key}")
    try:
        return TOOL_OF_KEY.get(key, Message).parse(entry[key], entry, notes)
    except ToolError as error:
        if not entry.get("interpolationStopped"):
            notes(str(error), "it is listed, not drawn", error.path, error=True)
        return Unknown(key, entry[key])


def _unknown(entry: Entry, notes: Notes) -> Tool:
    named: list[tuple[str, Any]] = [
        (key, value)
        for key, value in entry.items()
        if key not in COMMON_MEMBERS and key not in FRAME_MEMBERS and isinstance(value, dict | list)
    ]
    if named:
        key, value = named[0]
        notes(f"{key} is not a known tool", "it is listed with its raw JSON, not drawn", f".{key}", error=True)
        return Unknown(key, value)
    if not entry.get("interpolationStopped"):
        notes("the entry has no geometry", "it is listed, not drawn", "", error=True)
    return Unknown()
