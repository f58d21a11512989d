"""What changed, in words: names of kinds, a change in a few words, its measure, its numbers. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from viewer.model import Annotation, AnswerChange, Change, Classification, Relation
from viewer.overlay.compared_relations import sign_of as sign_of
from viewer.tools.base import Tool
from viewer.ui.inspector.names import Names
from viewer.ui.inspector.words import answer_text, safe_line, tr

ORDER = ("added", "removed", "moved", "reshaped", "reclassified", "attributes", "recreated", "retimed")
"""All signs, in the order in which they are offered."""

_MEMBERS = frozenset(("from", "to", "group"))
_SHOWN = 200


def kind_text(kind: str) -> str:
    """What a kind is called where many are listed."""
    return {
        "added": tr("Added"),
        "removed": tr("Removed"),
        "moved": tr("Moved"),
        "reshaped": tr("Reshaped"),
        "reclassified": tr("Class changed"),
        "attributes": tr("Answers changed"),
        "recreated": tr("Drawn anew"),
        "retimed": tr("Range changed"),
        "retargeted": tr("Ends changed"),
        "direction": tr("Direction changed"),
        "changed": tr("Changed"),
        "unchanged": tr("Unchanged"),
    }.get(kind, safe_line(kind))


def pixels(value: float) -> str:
    """A distance: 14.2 px."""
    if 0 < value < 0.05:
        return tr("under 0.1 px")
    return tr("{0} px").format(f"{value:,.0f}" if value >= 1000 else f"{value:.1f}")


def share(iou: float) -> str:
    """An overlap: 0.71; only what is the same is 1.00."""
    return f"{min(iou, 0.99) if iou < 1.0 - 1e-9 else 1.0:.2f}"


def percent(ratio: float) -> str:
    """How much larger or smaller an area became: −7 %."""
    change = (ratio - 1.0) * 100.0
    if abs(change) < 0.05:
        return "±0 %"
    digits = 0 if abs(change) >= 1 else 1
    return f"{change:+,.{digits}f} %".replace("-", "−")


def degrees(value: float) -> str:
    """An angle: −18.0°."""
    return f"{value:.1f}°".replace("-", "−")


def name_of(entry: Annotation | Relation | Classification) -> str:
    """The class, or the question."""
    return safe_line(entry.title)[:_SHOWN] or tr("No title")


def value_of(value: Any, names: Names | None = None, *, is_member: bool = False) -> str:
    """An answer, or the objects at an end of a relation."""
    if is_member and names is not None and value is not None:
        ids = value if isinstance(value, list) else [value]
        return ", ".join(names.of(str(object_id)) for object_id in ids)[: 2 * _SHOWN]
    return answer_text(value)[: 2 * _SHOWN]


def answer_change_text(
    answer: AnswerChange, before: Names | None = None, after: Names | None = None, *, relation: bool = False
) -> str:
    """``parked → moving``."""
    is_member = relation and answer.path in _MEMBERS
    old = value_of(answer.old, before, is_member=is_member)
    return f"{old} → {value_of(answer.new, after, is_member=is_member)}"


def merged(answers: Sequence[AnswerChange]) -> list[AnswerChange]:
    """Of another class the same questions are asked anew: what was answered there as before did not change."""
    gone = {a.path: a for a in answers if a.new is None}
    come = {a.path: a for a in answers if a.old is None}
    found: list[AnswerChange] = []
    for answer in answers:
        old, new = gone.get(answer.path), come.get(answer.path)
        if old is None or new is None:
            found.append(answer)
        elif answer is new and old.old != new.new:
            found.append(AnswerChange(answer.path, old.old, new.new))
    return found


def turned(before: Tool, after: Tool) -> float | None:
    """By how many degrees a shape with an angle turned, −180 to 180; None where it has none."""
    one, two = (getattr(tool, "rotation", None) for tool in (before, after))
    if not isinstance(one, int | float) or not isinstance(two, int | float):
        return None
    return (two - one + 180.0) % 360.0 - 180.0


def _size(tool: Tool) -> tuple[float, float] | None:
    size = getattr(tool, "size", None)
    if isinstance(size, tuple) and len(size) == 2:
        return abs(float(size[0])), abs(float(size[1]))
    sides = [getattr(tool, name, None) for name in ("width", "height")]
    return (abs(sides[0]), abs(sides[1])) if all(isinstance(s, int | float) for s in sides) else None  # type: ignore[arg-type]


def is_resized(before: Tool, after: Tool) -> bool:
    """Whether a box has other sides."""
    one, two = _size(before), _size(after)
    return one is not None and two is not None and max(abs(a - b) for a, b in zip(one, two)) > 0.05


def measure(change: Change, before: Names | None = None, after: Names | None = None) -> str:
    """The one fact that stands beside a change in a list: shift, overlap, or old → new."""
    kind = change.kind
    if kind == "moved":
        if change.page_before != change.page_after:
            return f"{_page(change.page_before)} → {_page(change.page_after)}"
        return "" if change.shift_px is None else pixels(change.shift_px)
    if kind == "reshaped":
        return "" if change.iou is None else tr("IoU {0}").format(share(change.iou))
    if kind == "reclassified" and change.before is not None and change.after is not None:
        return f"{name_of(change.before)} → {name_of(change.after)}"
    if kind in ("attributes", "retargeted", "direction", "changed") or change.subject == "classification":
        answers = merged(change.answers)
        if not answers:
            return ""
        first = answers[0]
        text = answer_change_text(first, before, after, relation=change.subject == "relation")
        if first.old is None and kind == "added":
            text = value_of(first.new)
        elif first.new is None and kind == "removed":
            text = value_of(first.old)
        return text if len(answers) == 1 else f"{text} +{len(answers) - 1}"
    return ""


def _page(page: int | None) -> str:
    return tr("page {0}").format(f"{(page or 0) + 1:,}")


def words_of(change: Change, before: Names | None = None, after: Names | None = None) -> str:
    """A change in a few words, with all that happened: ``turned 5.5°, resized, parked → moving``."""
    parts: list[str] = []
    for kind in change.kinds:
        parts += _words_of_kind(kind, change, before, after)
    return ", ".join(parts)


def _words_of_kind(kind: str, change: Change, before: Names | None, after: Names | None) -> list[str]:
    one, two = change.before, change.after
    if kind == "moved":
        if change.page_before != change.page_after:
            return [tr("moved to page {0}").format(f"{(change.page_after or 0) + 1:,}")]
        return [tr("moved") if change.shift_px is None else tr("moved {0}").format(pixels(change.shift_px))]
    if kind == "reshaped" and isinstance(one, Annotation) and isinstance(two, Annotation):
        parts = []
        angle = turned(one.tool, two.tool)
        if angle is not None and abs(angle) >= 0.05:
            parts.append(tr("turned {0}").format(degrees(abs(angle))))
        if is_resized(one.tool, two.tool):
            parts.append(tr("resized"))
        return parts or [tr("reshaped")]
    if kind == "reclassified" and one is not None and two is not None:
        return [tr("class {0}").format(f"{name_of(one)} → {name_of(two)}")]
    if kind == "attributes" or (kind in ("retargeted", "direction", "changed") and change.answers):
        relation = change.subject == "relation"
        own = merged(change.answers) if not relation else [a for a in change.answers if _belongs(kind, a)]
        shown = own[:3]
        texts = []
        for answer in shown:
            question = safe_line(answer.path.rsplit(" / ", 1)[-1])[:80]
            texts.append(f"{question} {answer_change_text(answer, before, after, relation=relation)}")
        rest = len(own) - len(shown)
        if rest > 0:
            texts.append(tr("1 more answer") if rest == 1 else tr("{0} more answers").format(f"{rest:,}"))
        return texts
    return [kind_text(kind).lower()]


def _belongs(kind: str, answer: AnswerChange) -> bool:
    """Which of a relation's answers a kind tells of."""
    where = "retargeted" if answer.path in _MEMBERS else "direction" if answer.path == "direction" else "attributes"
    return where == kind
