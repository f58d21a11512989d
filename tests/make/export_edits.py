"""What happens to the labels of made-up exports from one stage to the next."""

from __future__ import annotations

from typing import Any

from tests.make.export_labels import CLASSES, Dice, Label, answer, js, shifted, value_of

FIXED = ("pdf", "ner")
"""Tools whose values are not points."""


def edited(dice: Dice, labels: list[Label], *, rate: float) -> list[Label]:
    """The next stage's labels: most untouched, some edited, some only written differently."""
    result: list[Label] = []
    for label in labels:
        if not dice.chance(rate):
            result.append(label)
            continue
        new, what = label.copy(), dice.below(9)
        if what == 0:
            continue  # removed
        if what == 1:
            new.value = shifted(new.value, 3.5, -2.25) if new.tool not in ("pdf", "ner") else new.value
        elif what == 2 and new.tool not in ("point", "pdf", "ner", "segmentation", "rotated-bounding-box"):
            new.value = value_of(dice, new.tool, heavy=0.0)
        elif what == 3:
            new.title = dice.pick(CLASSES[new.tool])
        elif what == 4:
            new.answers = [answer(dice)]
        elif what == 5:
            new.object_id = dice.hex(23)
        elif what == 6:
            new.geometry_first = not new.geometry_first  # cosmetic: other order of keys
        elif what == 7 and new.tool == "bounding-box":
            v = new.value  # cosmetic: drawn from the other corner
            new.value = {"x": js(v["x"] + v["width"]), "y": js(v["y"] + v["height"]), "height": -v["height"],
                         "width": -v["width"]}  # fmt: skip
        elif what == 8 and new.tool == "polygon":
            new.value = new.value[2:] + new.value[:2]  # cosmetic: begins at another point
        result.append(new)
    return result


def corrected(dice: Dice, labels: list[Label], *, rate: float) -> list[Label]:
    """The next stage's labels with real edits of whole objects, that many of them; no two snapshots are alike.

    Moved, on all pages or some, of another form or class, answered anew, drawn anew (the same or a little off),
    split, trimmed, removed; and as many drawn elsewhere as were removed.
    """
    objects: dict[str, list[Label]] = {}
    for label in labels:
        objects.setdefault(label.object_id, []).append(label)
    result: list[Label] = []
    for entries in objects.values():
        result += _corrected(dice, [entry.copy() for entry in entries]) if dice.chance(rate) else entries
    return result


def _corrected(dice: Dice, entries: list[Label]) -> list[Label]:
    what, tool, at = dice.below(11), entries[0].tool, dice.below(len(entries))
    dx, dy = 8 * (dice.random() - 0.5), 8 * (dice.random() - 0.5)
    if what == 0:
        return []
    if what == 1 and len(entries) > 1:
        return entries[at:] if dice.chance(0.5) else entries[: at + 1]
    changed = entries[at:] if what in (2, 3) else entries
    object_id, title, answers = dice.hex(23), dice.pick(CLASSES[tool]), [answer(dice)]
    for entry in changed:
        if what in (2, 4, 7, 9) and tool not in FIXED:
            entry.value = shifted(entry.value, dx, dy)
        elif what == 3:
            entry.object_id = object_id
        elif what == 10 and tool not in (*FIXED, "point"):
            entry.value = value_of(dice, tool, heavy=0.0)
        if what == 5:
            entry.title = title
        if what in (6, 9):
            entry.answers = answers
        if what in (7, 8):
            entry.object_id = object_id
    if what == 1:
        twin = [entry.copy() for entry in entries]
        for entry in twin:
            entry.object_id = object_id
            if tool not in FIXED:
                entry.value = shifted(entry.value, 60 * dx, 60 * dy)
        return entries + twin
    return entries


def corrected_lists(
    dice: Dice, answers: list[dict[str, Any]], relations: list[dict[str, Any]], labels: list[Label]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Answers of the asset and relations with an edit now and then."""
    if answers and dice.chance(0.3):
        answers = [*answers[:-1], answer(dice)]
    if relations and labels and dice.chance(0.3):
        first = relations[0]
        if dice.chance(0.5):
            first = {**first, "direction": dice.pick(("reverse", "bidirectional"))}
        else:
            first = {**first, "to": dice.pick(labels).object_id}
        relations = [first, *relations[1:]]
    return answers, relations
