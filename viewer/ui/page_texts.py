"""Short texts about the page shown: number, media facts, the card of a label. No Qt."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from viewer.decoders.base import PageInfo
from viewer.errors import one_line
from viewer.limits import TEXT_SHOWN
from viewer.ui.panels import describe
from viewer.ui.scene import Scene


def number_text(info: PageInfo | None, facts: Mapping[str, Any]) -> str:
    """What stands below a page's number: frame and time of a video, place of a slice."""
    if info is None:
        return ""
    parts = []
    if info.kind == "video" and info.frame is not None:
        frames = facts.get("frames")
        total = f" of {frames:,}" if isinstance(frames, int) else ""
        parts.append(f"frame {info.frame + 1:,}{total}")
    if info.seconds is not None:
        minutes, seconds = divmod(max(info.seconds, 0.0), 60)
        parts.append(f"{int(minutes):02d}:{seconds:06.3f}")
    position = info.facts.get("position_along_normal_mm")
    if isinstance(position, int | float):
        parts.append(f"z {position:.2f} mm".replace("-", "−"))
    return " · ".join(parts)


def media_text(scene: Scene, facts: Mapping[str, Any]) -> str:
    """Facts of the file and page for the status row."""
    info = scene.info
    parts = [f"{info.size[0]:g} × {info.size[1]:g}"]
    for name in ("format", "codec", "rate_text", "modality"):
        value = info.facts.get(name) or facts.get(name)
        if isinstance(value, str) and value:
            parts.append(value)
    parts += [flag.replace("-", " ") for flag in info.flags]
    return one_line(" · ".join(parts))[:TEXT_SHOWN]


def card_text(scene: Scene | None, object_id: str) -> str:
    """Rich text of the hover card; every word of the export is escaped."""
    placed = None if scene is None else next((p for p in scene.placed if p.annotation.object_id == object_id), None)
    if scene is None or placed is None:
        return ""
    a = placed.annotation

    def plain(text: str) -> str:
        return html.escape(one_line(text)[:200])

    colour = scene.colour_of(a)
    lines = [f"<span style='color:{colour}'>■</span> <b>{plain(a.title or 'no title')}</b> &nbsp; {plain(a.key)}"]
    lines += [f"{plain(c.title)} <b>{plain(describe.answer_text(c.answer))}</b>" for c in a.classifications[:6]]
    if placed.state != "key":
        lines.append("between keys" if placed.state == "interpolated" else "held from an earlier page")
    made = describe.edits_text(a.created)
    if made:
        lines.append(plain(made))
    return "<br>".join(lines)
