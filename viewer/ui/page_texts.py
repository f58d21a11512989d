"""Short texts about the page shown: number, media facts, the card of a label."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

from viewer.decoders.base import PageInfo
from viewer.errors import one_line
from viewer.export import Visit
from viewer.limits import TEXT_SHOWN
from viewer.model import Snapshot, Task
from viewer.ui.canvas.corners import Corners
from viewer.ui.inspector.words import answer_text, edits_text
from viewer.ui.scene import Scene
from viewer.ui.timeline.cards import stage_names

CODECS = {"h264": "H.264", "hevc": "H.265", "vp8": "VP8", "vp9": "VP9", "av1": "AV1", "mpeg4": "MPEG-4"}
"""Names of video codecs as people know them."""


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


def filled_stage(task: Task | None, snapshot: Snapshot | None, visits: Sequence[Visit]) -> tuple[int, str, int] | None:
    """(index, name, labels) of the next stage with labels, else of the one before; None where none has any.

    Without `visits` of the index nothing is said: every snapshot would have to be parsed for it.
    """
    if task is None or snapshot is None or len(visits) != len(task.snapshots):
        return None
    filled = [i for i, visit in enumerate(visits) if visit.labels]
    at = next((i for i in filled if i > snapshot.index), filled[-1] if filled else None)
    return None if at is None else (at, stage_names(task.snapshots)[at], visits[at].labels)


def media_text(scene: Scene, facts: Mapping[str, Any]) -> str:
    """Facts of the file and page for the status row."""
    info = scene.info
    parts = [f"{info.size[0]:g} × {info.size[1]:g}" + (" pt" if scene.is_paper else "")]
    for name in ("format", "codec", "rate_text", "modality"):
        value = info.facts.get(name) or facts.get(name)
        if isinstance(value, str) and value:
            parts.append(CODECS.get(value, value) if name == "codec" else value)
            if name == "rate_text":
                parts[-1] += " fps"
    parts += [flag.replace("-", " ") for flag in info.flags]
    return one_line(" · ".join(parts))[:TEXT_SHOWN]


def spoken_text(scene: Scene | None, object_id: str) -> str:
    """What is said of a selected label: class, shape, answers, and what is special about it here."""
    placed = next((p for p in scene.placed if p.annotation.object_id == object_id), None) if scene is not None else None
    if placed is None:
        return ""
    a = placed.annotation
    parts = [a.title or "no title", a.key.replace("-", " ")]
    parts += [f"{c.title} {answer_text(c.answer)}" for c in a.classifications[:6] if c.answered]
    if placed.state != "key" and scene is not None and scene.info.kind == "video":
        parts.append("between keys" if placed.state == "interpolated" else "held")
    return one_line(", ".join(parts))[:TEXT_SHOWN]


def corners_of(scene: Scene, facts: Mapping[str, Any], page_count: int, window: tuple[float, float] | None) -> Corners:
    """What stands around a DICOM slice. No name, id or date of a patient: those belong to the tags."""
    info = scene.info
    here = info.facts

    def of(name: str) -> str:
        value = here.get(name, facts.get(name))
        return one_line(str(value))[:60] if isinstance(value, str | int | float) else ""

    series = [part for part in (of("modality"), of("series_description") or of("body_part")) if part]
    place = [f"slice {scene.page + 1:,} / {page_count:,}"]
    position, thickness = here.get("position_along_normal_mm"), here.get("slice_thickness_mm")
    if isinstance(position, int | float):
        place.append(f"z {position:.2f} mm".replace("-", "−"))
    if isinstance(thickness, int | float):
        place.append(f"{thickness:g} mm thick")
    levels = [] if window is None else [f"W {window[1]:g}  L {window[0]:g}".replace("-", "−")]
    letters = here.get("orientation_letters")
    right = bottom = ""
    if isinstance(letters, list | tuple) and len(letters) == 2 and all(isinstance(part, str) for part in letters):
        right, bottom = letters[0][:3], letters[1][:3]
    return Corners(
        top_left=tuple(series),
        top_right=(f"{info.native[0]} × {info.native[1]}",),
        bottom_left=tuple(levels),
        bottom_right=tuple(place),
        left=_opposite(right),
        right=right,
        top=_opposite(bottom),
        bottom=bottom,
        mm_per_pixel=info.spacing_mm[1] if info.spacing_mm else None,
    )


def _opposite(letters: str) -> str:
    return letters.translate(str.maketrans("LRAPHFI", "RLPAFHS"))


def modality_text(stored: float, info: PageInfo | None) -> str:
    """A stored value of a slice in the unit of its modality; "" when it cannot be told."""
    if info is None:
        return ""
    slope, intercept = info.facts.get("slope", 1.0), info.facts.get("intercept", 0.0)
    if not (isinstance(slope, int | float) and isinstance(intercept, int | float)):
        return ""
    return f"{stored * slope + intercept:g} {info.facts.get('unit') or ''}".replace("-", "−").rstrip()


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
    lines += [f"{plain(c.title)} <b>{plain(answer_text(c.answer))}</b>" for c in a.classifications[:6]]
    if placed.state != "key":
        lines.append("between keys" if placed.state == "interpolated" else "held from an earlier page")
    made = edits_text(a.created)
    if made:
        lines.append(plain(made))
    return "<br>".join(lines)
