"""The words of the stage history: on cards, in tooltips, and for those who hear the window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from viewer.diff import Counts
from viewer.ui.timeline.cards import Card, span


def tr(text: str) -> str:
    """Translate a text of this module. Qt's lupdate files texts of functions outside of classes under no context."""
    return QCoreApplication.translate("", text)


class Beside(NamedTuple):
    """What changed from stage to stage beside of labels."""

    answers: int = 0
    relations: int = 0


NONE_BESIDE = Beside()

Part = tuple[str, str]
"""(kind of change that gives the colour, or "", text)"""


def labels_text(count: int) -> str:
    """How many labels a stage has."""
    if not count:
        return tr("no labels")
    return tr("1 label") if count == 1 else tr("{0} labels").format(f"{count:,}")


def step_parts(
    card: Card, counts: Counts | None, beside: Beside = NONE_BESIDE, *, short: bool = False
) -> tuple[Part, ...]:
    """What a card says of its step: +3 ~9 −2, or that nothing changed, or (not compared yet) how many labels.

    `short`: what changed beside of labels is only counted.
    """
    if counts is not None and counts.total:
        signed = (("added", "+", counts.added), ("moved", "~", counts.changed), ("removed", "−", counts.removed))
        return tuple((kind, f"{sign}{count:,}") for kind, sign, count in signed if count)
    if counts is not None and all(beside) and short:
        return (("attributes", tr("{0} other changes").format(f"{sum(beside):,}")),)
    if counts is not None and any(beside):
        return tuple(("attributes", text) for text in _beside_texts(beside))
    if not card.labels:
        return (("", tr("no labels")),)
    if counts is not None or card.differs is False:
        return (("", tr("= no change")),)
    return (("", labels_text(card.labels)),)


def _beside_texts(beside: Beside) -> list[str]:
    answers, relations = beside
    texts = []
    if answers:
        texts.append(tr("1 answer") if answers == 1 else tr("{0} answers").format(f"{answers:,}"))
    if relations:
        texts.append(tr("1 relation") if relations == 1 else tr("{0} relations").format(f"{relations:,}"))
    return texts


def step_words(counts: Counts | None, beside: Beside = NONE_BESIDE) -> str:
    """The same in whole words; "" when nothing is known."""
    if counts is None:
        return ""
    words = [
        text.format(f"{count:,}")
        for text, count in (
            (tr("{0} added"), counts.added),
            (tr("{0} changed"), counts.changed),
            (tr("{0} removed"), counts.removed),
        )
        if count
    ]
    words += [tr("{0} changed").format(text) for text in _beside_texts(beside)]
    return ", ".join(words) or tr("nothing changed")


def tip(card: Card, counts: Counts | None, beside: Beside = NONE_BESIDE) -> str:
    """All that is known of a stage, over several lines of plain text."""
    state = card.verdict_text or (tr("current") if card.is_current else "")
    lines = [f"{card.stage} · {state}" if state else card.stage]
    if card.person:
        lines.append(card.person)
    if card.ended is not None:
        lines.append(f"{card.ended:%d %B %Y, %H:%M:%S}")
    if card.duration:
        lines.append(tr("{0} of work").format(card.duration))
    if card.waited_ms:
        lines.append(tr("after {0} of waiting").format(span(card.waited_ms)))
    lines.append(labels_text(card.labels))
    # of the first stage there is nothing to compare: what it has is what was imported
    words = step_words(counts, beside) if card.index else ""
    if words:
        lines.append(words)
    if card.verdict == "accepted" and card.duration and counts is not None and not counts.total and not any(beside):
        lines.append(tr("{0} after {1}, nothing changed").format(card.verdict_text, card.duration))
    if card.stage_id:
        lines.append(card.stage_id)
    return "\n".join(lines)


def spoken(card: Card, counts: Counts | None, roles: Sequence[str], beside: Beside = NONE_BESIDE) -> str:
    """A card for those who hear it. `roles`: "A", "B", "shown"."""
    turn, of = card.turn
    parts = [card.name]
    if of > 1:
        parts.append(tr("{0} of {1}").format(turn, of))
    parts.append(card.verdict_text or (tr("current") if card.is_current else ""))
    parts += [card.person, spoken_span(card.duration_ms) if card.duration_ms else ""]
    words = step_words(counts, beside)
    parts.append(words if words and card.index else labels_text(card.labels))
    parts += [tr("shown") if role == "shown" else tr("is {0}").format(role) for role in roles]
    return ", ".join(part for part in parts if part)


def spoken_span(milliseconds: float) -> str:
    """A stretch of time as one says it: 2 minutes 50, 3 hours 10."""
    whole = round(milliseconds / 1000)
    for unit, one, many in (
        (86_400, tr("1 day"), tr("{0} days")), (3600, tr("1 hour"), tr("{0} hours")),
        (60, tr("1 minute"), tr("{0} minutes")),
    ):  # fmt: skip
        if whole >= unit:
            count, rest = divmod(whole, unit)
            rest = rest * (24 if unit == 86_400 else 60) // unit
            return (one if count == 1 else many.format(count)) + (f" {rest}" if rest else "")
    return tr("1 second") if whole == 1 else tr("{0} seconds").format(whole)


def bracket_text(total: int | None) -> str:
    """What stands between the pins; `total` is None while A and B are being compared."""
    if total is None:
        return "A → B"
    if not total:
        return "A → B · " + tr("nothing changed")
    return "A → B · " + (tr("1 change") if total == 1 else tr("{0} changes").format(f"{total:,}"))


def rework_texts(number: int, after: str) -> tuple[str, ...]:
    """A loop of rework, in fewer and fewer words."""
    text = tr("Rework {0}").format(number)
    return (f"{text} · {tr('after {0}').format(after)}", f"{text} · {after}", text) if after else (text,)
