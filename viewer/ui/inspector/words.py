"""Values of an export in words: answers, shapes, times, persons. No Qt; nothing secret comes out of here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from viewer.errors import one_line
from viewer.limits import TEXT_SHOWN
from viewer.log import redact
from viewer.model import Edits
from viewer.tools.base import Tool
from viewer.ui.timeline.cards import parse_time

_translate: Callable[[str], str] = str


def use_translation(translate: Callable[[str], str]) -> None:
    """What `tr` asks; without it texts stay as they are written."""
    global _translate
    _translate = translate


def tr(text: str) -> str:
    """Translate a text of the inspector."""
    return _translate(text)


def safe(text: str) -> str:
    """Text of an export, bounded and without secrets. Its lines stay lines; a signed address loses its query."""
    text = text[: TEXT_SHOWN * 2]
    if "?" in text or "://" in text or "=" in text:
        text = redact(text)
    text = "\n".join(one_line(line) for line in text.splitlines())
    return text if len(text) <= TEXT_SHOWN else text[:TEXT_SHOWN] + "…"


def safe_line(text: str) -> str:
    """The same in one line."""
    return one_line(safe(text))


def answer_text(answer: Any) -> str:
    """An answer in one line."""
    if answer is None or answer in ("", []):
        return tr("not answered")
    if isinstance(answer, bool):
        return tr("yes") if answer else tr("no")
    if isinstance(answer, str):
        return safe_line(answer)
    if isinstance(answer, Sequence) and all(isinstance(a, str | int | float) for a in answer):
        return safe_line(", ".join(str(a) for a in answer))
    return safe_line(json.dumps(answer, ensure_ascii=False))


def value_text(value: Any) -> str:
    """Any value. Members of lists and objects are counted, since they have rows of their own."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, Mapping):
        return "" if value else "{}"
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        if value and len(value) <= 12 and all(isinstance(v, str | int | float) for v in value):
            return safe(", ".join(value_text(v) for v in value))
        return f"{len(value):,}" if value else "[]"
    if isinstance(value, float):
        return f"{value:.6g}" if abs(value) < 1e15 else repr(value)
    return safe(str(value))


def without_query(url: str | None) -> str | None:
    """A signed address is a secret: only what stands before the query is shown."""
    return None if url is None else one_line(url.split("?", 1)[0].split("#", 1)[0])[:TEXT_SHOWN]


def when_text(time: str | None) -> str:
    """A time of the export, short and local, with its year unless it is this one; as exported when it is none."""
    moment = parse_time(time)
    if moment is None:
        return safe_line(time or "")
    year = "" if moment.year == datetime.now().year else f"{moment.year} "
    return f"{moment.day} {moment:%b} {year}{moment:%H:%M}"


def edits_text(edits: Edits) -> str:
    """When, who and where as exported, in one line."""
    when, who, stage = edits
    return one_line(" · ".join(part for part in (who, when, stage) if part))


def shapes() -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """By key, how a tool is called, and the sentence made of its fields.

    A part whose fields are missing is left out.
    """
    return {
        "bounding-box": (tr("Box"), (tr("{Width} × {Height} px"),)),
        "rotated-bounding-box": (
            tr("Rotated box"),
            (tr("{Width} × {Height} px"), tr("{Rotation}")),
        ),
        "polygon": (tr("Polygon"), (tr("{Points} points"),)),
        "polyline": (
            tr("Polyline"),
            (tr("{Points} points"), tr("{Length} px long")),
        ),
        "segmentation": (
            tr("Segmentation"),
            (tr("{Zones} zones"), tr("{Points} points")),
        ),
        "point": (tr("Point"), (tr("{X}, {Y}"),)),
        "spline": (tr("Spline"), (tr("{Knots} knots"),)),
        "circle": (
            tr("Circle"),
            (tr("radius {Radius} px"), tr("radii {Radius X}, {Radius Y} px")),
        ),
        "ellipse": (
            tr("Ellipse"),
            (tr("radii {Radius X}, {Radius Y} px"), tr("{Rotation}")),
        ),
        "angle": (tr("Angle"), (tr("{Angle}"),)),
        "ner": (tr("Text"), (tr("characters {Start} to {End}"),)),
        "pdf": (tr("PDF highlight"), (tr("{Covers}"),)),
        "message": (tr("Message"), ()),
        "pct": (tr("Point cloud shape"), ()),
        "brush": (tr("Brush"), ()),
        "medical-brush": (tr("Voxel brush"), ()),
    }


def tool_text(key: str) -> str:
    """What a tool is called; one that is not listed by its key."""
    known = shapes().get(key)
    name = known[0] if known is not None else safe_line(key).replace("-", " ").capitalize()[:80]
    return name or tr("No shape")


def shape_text(key: str, tool: Tool) -> str:
    """A shape in a few words, as drawn: "Rotated box, 100 × 46 px, −24°"."""
    fields = {name: _rounded(name, text) for name, text in tool.fields()}
    parts = [tool_text(key)]
    if "From voxel" in fields:
        parts.append(tr("in the volume"))
    for pattern in shapes().get(key, ("", ()))[1]:
        try:
            parts.append(pattern.format(**fields))
        except KeyError:
            continue
    return ", ".join(parts).replace(" 1 points", " 1 point").replace(" 1 zones", " 1 zone")


def _rounded(name: str, text: str) -> str:
    """Whole pixels and degrees for the sentence; the exact numbers have rows of their own."""
    try:
        value = float(text.rstrip("°"))
    except ValueError:
        return safe_line(text)
    if name == "Rotation":
        value = (value + 180.0) % 360.0 - 180.0
    elif name in ("Width", "Height"):
        value = abs(value)
    whole = f"{value:,.0f}" if abs(value) >= 10 else f"{value:.3g}"
    return ("0" if whole == "-0" else whole).replace("-", "−") + ("°" if text.endswith("°") else "")


def state_text(state: str) -> str:
    """How sure the place of a tracked label is."""
    return {"key": tr("key frame"), "interpolated": tr("between keys"), "held": tr("held")}[state]
