"""What people do to labels between two stages, and the differences of writing that are none. For the ledger."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from tests.make.export_labels import Dice
from tests.make.ledger_shapes import (
    DRAWN,
    LINES,
    Frame,
    Shape,
    Writing,
    anew,
    extent,
    moved,
    new_shape,
    reshaped,
    shift_of,
    small_shift,
)
from tests.make.ledger_things import CLASSES, LINKS, VALUES, Answer, Entry, Link, Page, State, Style, Thing

TRACKED_TOOLS = ("bounding-box", "bounding-box", "polygon", "point", "segmentation", "rotated-bounding-box")


class Hand:
    """Makes and edits the things of one asset; every choice comes from `dice`."""

    def __init__(self, dice: Dice, kind: str, frame: Frame) -> None:
        self.dice, self.kind, self.frame = dice, kind, frame
        self.made = 0
        self.gone: dict[int, Thing] = {}
        """Removed things, as they were."""

    def next(self) -> int:
        self.made += 1
        return self.made

    # ---- making ----------------------------------------------------------------------------------------------

    def thing(self) -> Thing:
        dice, kind = self.dice, self.kind
        tool = {"text": "ner-text", "audio": "ner", "pdf": "pdf"}.get(kind) or dice.pick(
            TRACKED_TOOLS if kind.startswith("video") else DRAWN
        )
        shape = new_shape(dice, tool, self.frame, self.next())
        entry = Entry(
            dice.hex(23), dice.below(4), shape, self.answers() if dice.chance(0.25) else (), style=self.style()
        )
        pages: dict[Page, Entry] = {None: entry}
        if kind == "pdf":
            pages = {dice.below(6): entry}
        elif kind == "pages":
            first = dice.below(6)
            many = 2 + dice.below(3) if dice.chance(0.1) else 1
            pages = {first + i: self._on(entry, i) for i in range(many)}
        elif kind.startswith("video"):
            first, many = dice.below(60), 1 + int(60 * dice.random() ** 2)
            step = 1 if kind == "video" or (kind == "video-nested" and dice.chance(0.5)) else 3 + dice.below(12)
            many = many if step == 1 else 1 + many // 4
            dx, dy = shift_of(dice, 0.1, 4 * step)
            pages = {first + i * step: self._on(entry, i, dx, dy) for i in range(many)}
            if dice.chance(0.2):
                end = first + many * step
                pages[end] = pages[first + (many - 1) * step]._replace(stopped=True)
        return Thing(self.next(), entry.object_id, pages)

    def twin(self, thing: Thing) -> Thing:
        """A second label on top of another one; elsewhere and under the same id where nothing is tracked.

        Ango does not see to it that ids are unique.
        """
        if not self.kind.startswith("video") and self.dice.chance(0.4):
            other = self.thing()
            entry = next(iter(other.pages.values()))._replace(object_id=thing.object_id)
            return Thing(other.uid, thing.object_id, dict.fromkeys(thing.pages, entry))
        object_id = self.dice.hex(23)
        pages = {page: entry._replace(object_id=object_id) for page, entry in thing.pages.items()}
        return Thing(self.next(), object_id, pages)

    def _on(self, entry: Entry, i: int, dx: float = 9.5, dy: float = -3.25) -> Entry:
        """The entry some pages on; every page's shape is a form of its own."""
        shape = moved(entry.shape, i * dx, i * dy)._replace(version=self.next())
        return entry._replace(shape=shape)

    def answers(self, depth: int = 0) -> tuple[Answer, ...]:
        dice = self.dice
        return tuple(self.answer(depth) for _ in range(1 + dice.below(3 - depth)))

    def answer(self, depth: int = 0) -> Answer:
        dice = self.dice
        question = dice.below(4)
        tool = ("radio", "checkbox", "text", "single-dropdown")[question]
        inner = self.answers(depth + 1) if depth < 2 and dice.chance(0.3) else ()
        return Answer(question, dice.pick(VALUES[tool]), inner)

    def link(self, state: State) -> Link:
        dice = self.dice
        uids = list(state.things)
        group = dice.chance(0.3)
        ends = dict.fromkeys(dice.pick(uids) for _ in range(3 if group else 8))
        direction = "group" if group else dice.pick(("straight", "reverse", "bidirectional"))
        return Link(self.next(), dice.hex(23), dice.below(2), tuple(ends)[: None if group else 2], direction)

    def style(self) -> Style:
        dice = self.dice
        return Style(keys=1 + dice.below(3) if dice.chance(0.5) else 0, ids=1 + dice.below(1000),
                     ascii_only=dice.chance(0.3))  # fmt: skip

    # ---- writing it down in another way ----------------------------------------------------------------------

    def rewritten(self, entry: Entry) -> Entry:
        """The same entry with something else in its text."""
        dice, style = self.dice, entry.style
        how = style.writing
        which = dice.below(9)
        if which == 0:
            style = style._replace(keys=4 + dice.below(1000))
        elif which == 1:
            style = style._replace(ids=1 + dice.below(100_000))
        elif which == 2:
            style = style._replace(ascii_only=not style.ascii_only, writing=how._replace(floats=not how.floats))
        elif which == 3:
            style = style._replace(writing=how._replace(digits=1 + dice.below(100_000)))
        else:
            corner = dice.below(2 if entry.shape.tool == "rotated-bounding-box" else 4)
            new = Writing(corner, dice.below(50), dice.chance(0.5), dice.below(2), how.digits, how.floats)
            style = style._replace(writing=new)
        return entry._replace(style=style)

    # ---- editing one thing -----------------------------------------------------------------------------------

    def edited(self, thing: Thing) -> Thing | None:
        """With one edit or several at once; None: removed."""
        dice = self.dice
        spread = EDITS + (TRACK_EDITS if len(thing.pages) > 3 else ())
        new = _weighted(dice, spread)(self, thing)
        if new is not None and dice.chance(0.15):
            new = self.each(new, self.rewritten)
        return new

    def each(self, thing: Thing, edit: Callable[[Entry], Entry], only: Any = None) -> Thing:
        pages = {p: edit(e) if only is None or p in only else e for p, e in thing.pages.items()}
        return thing._replace(pages=pages)

    def reshape(self, entry: Entry) -> Entry:
        return entry._replace(shape=reshaped(self.dice, entry.shape, self.next()))

    def move_far(self, thing: Thing) -> Thing:
        if thing.tool == "ner":
            return self.each(thing, self.reshape)
        shift = shift_of(self.dice, *self.dice.pick(((1 / 64, 0.1), (0.1, 5), (5, 80), (80, 400))))
        return self.each(thing, lambda e: e._replace(shape=moved(e.shape, *shift)))

    def reclass(self, thing: Thing) -> Thing:
        by = 1 + self.dice.below(len(CLASSES[thing.tool]) - 1)
        return self.each(thing, lambda e: e._replace(kind=(e.kind + by) % len(CLASSES[thing.tool])))

    def attribute(self, thing: Thing) -> Thing:
        """An answer added, removed, or changed at any depth; in a track from some page on or throughout."""
        only = None
        if len(thing.pages) > 3 and self.dice.chance(0.4):
            only = self.some_pages(thing)
        old = next(e.answers for p, e in thing.pages.items() if only is None or p in only)
        new = self.answered(old)
        return self.each(thing, lambda e: e._replace(answers=new), only)

    def answered(self, answers: tuple[Answer, ...], depth: int = 0) -> tuple[Answer, ...]:
        dice = self.dice
        if not answers or dice.chance(0.2):
            return (*answers, self.answer(depth))
        if dice.chance(0.2):
            return answers[:-1]
        at = dice.below(len(answers))
        old = answers[at]
        if depth < 2 and dice.chance(0.5 if old.inner else 0.15):
            new = old._replace(inner=self.answered(old.inner, depth + 1))
        else:
            others = [
                v for v in VALUES[("radio", "checkbox", "text", "single-dropdown")[old.question]] if v != old.value
            ]
            new = old._replace(value=dice.pick(others))
        return (*answers[:at], new, *answers[at + 1 :])

    def recreate(self, thing: Thing, how: str = "") -> Thing:
        """Drawn once more: a new id for the same thing."""
        ids = {e.object_id: self.dice.hex(23) for e in thing.pages.values()}
        tracked = len(thing.pages) > 1
        shift: Shape | None = None
        if how == "moved" and tracked:
            how, shift = "", next(iter(thing.pages.values())).shape
            away = small_shift(self.dice, shift)
            dx, dy = away.dx - shift.dx, away.dy - shift.dy

        def new(entry: Entry) -> Entry:
            shape = entry.shape
            if shift is not None and thing.tool != "ner":
                shape = moved(shape, dx, dy)
            elif how:
                shape = anew(self.dice, shape, self.next(), "reshaped" if thing.tool == "ner" else how)
            return entry._replace(object_id=ids[entry.object_id], shape=shape)

        return self.each(thing, new)._replace(object_id=ids.get(thing.object_id, thing.object_id))

    def beside(self, thing: Thing) -> Thing:
        """Another thing where one was removed: it overlaps a little, and now and then more than that."""
        dice, shape = self.dice, next(iter(thing.pages.values())).shape
        size = 14.0 if shape.tool in (*LINES, "point") else extent(shape)
        dx, dy = shift_of(dice, 0.5 * size, 1.2 * size)
        object_id, kind = dice.hex(23), dice.below(4)

        def new(entry: Entry) -> Entry:
            shape = entry.shape._replace(version=self.next())
            if shape.tool == "ner":
                start, end = shape.value
                shape = shape._replace(value=(end - (end - start) // 4, end + 9))
            else:
                shape = moved(shape, dx, dy)
            return Entry(object_id, kind, shape, stopped=entry.stopped, style=self.style())

        return self.each(thing, new)._replace(uid=self.next(), object_id=object_id)

    # ---- editing tracks --------------------------------------------------------------------------------------

    def some_pages(self, thing: Thing) -> set[Page]:
        pages = [p for p, e in thing.pages.items() if not e.stopped]
        first = self.dice.below(len(pages))
        return set(pages[first : first + 1 + self.dice.below(8)])

    def frames(self, thing: Thing) -> Thing:
        """Moved or given another form on some pages."""
        only = self.some_pages(thing)
        if self.dice.chance(0.5):
            return self.each(thing, self.reshape, only)
        shift = shift_of(self.dice, 0.25, 60)
        return self.each(thing, lambda e: e._replace(shape=moved(e.shape, *shift)), only)

    def cut(self, thing: Thing) -> Thing:
        """Entries gone at the start, at the end, or in the middle."""
        kept = dict(thing.pages)
        pages = [p for p, e in kept.items() if not e.stopped]
        many = 1 + self.dice.below(len(pages) // 2)
        first = self.dice.pick((0, len(pages) - many, self.dice.below(len(pages) - many)))
        for page in pages[first : first + many]:
            del kept[page]
        return thing._replace(pages=kept)

    def extend(self, thing: Thing) -> Thing:
        """More entries behind the last, or between two key frames."""
        pages: list[Any] = sorted(thing.pages, key=lambda p: p or 0)
        gaps = [(a, b) for a, b in pairwise(pages) if b - a > 1]
        if gaps and self.dice.chance(0.5):
            a, b = self.dice.pick(gaps)
            new = {a + 1 + self.dice.below(b - a - 1): self._on(thing.pages[a], 1)}
        else:
            new = {pages[-1] + 1 + i: self._on(thing.pages[pages[-1]], 1 + i) for i in range(1 + self.dice.below(10))}
            if thing.pages[pages[-1]].stopped:
                return thing
        return thing._replace(pages=dict(sorted({**thing.pages, **new}.items(), key=lambda item: item[0] or 0)))

    def split(self, thing: Thing) -> Thing:
        """The later part under an id of its own; two parts become one again."""
        if len({e.object_id for e in thing.pages.values()}) > 1:
            return self.each(thing, lambda e: e._replace(object_id=thing.object_id))
        pages = sorted(thing.pages, key=lambda p: p or 0)
        at = pages[1 + self.dice.below(len(pages) - 2)]
        object_id = self.dice.hex(23)
        return self.each(thing, lambda e: e._replace(object_id=object_id), [p for p in pages if (p or 0) >= (at or 0)])


def _both(*edits: Callable[[Hand, Thing], Thing]) -> Callable[[Hand, Thing], Thing]:
    def edit(hand: Hand, thing: Thing) -> Thing:
        for part in edits:
            thing = part(hand, thing)
        return thing

    return edit


def _reshape(hand: Hand, thing: Thing) -> Thing:
    return hand.each(thing, hand.reshape)


def _anew(how: str) -> Callable[[Hand, Thing], Thing]:
    return lambda hand, thing: hand.recreate(thing, how)


def _removed(hand: Hand, thing: Thing) -> None:
    return None


Edit = Callable[[Hand, Thing], Thing | None]
EDITS: tuple[tuple[float, Edit], ...] = (
    (3, Hand.move_far),
    (3, _reshape),
    (2, Hand.reclass),
    (2, Hand.attribute),
    (1.5, _anew("")),
    (1.5, _anew("moved")),
    (1, _anew("reshaped")),
    (0.7, _both(Hand.reclass, _anew("moved"))),
    (0.5, _both(Hand.attribute, _anew(""))),
    (0.7, _both(Hand.move_far, Hand.attribute)),
    (0.7, _both(_reshape, Hand.reclass)),
    (0.5, _both(_reshape, Hand.reclass, Hand.attribute)),
    (2.5, _removed),
)
"""What one edit of a thing may be, and how often."""
TRACK_EDITS: tuple[tuple[float, Edit], ...] = (
    (5, Hand.frames),
    (3, Hand.cut),
    (3, Hand.extend),
    (1.5, Hand.split),
    (1, _both(Hand.cut, _anew(""))),
    (1, _both(Hand.frames, Hand.cut)),
)


def _weighted(dice: Dice, edits: tuple[tuple[float, Edit], ...]) -> Edit:
    at = dice.random() * sum(weight for weight, _ in edits)
    for weight, edit in edits:
        at -= weight
        if at < 0:
            return edit
    return edits[0][1]


def links_edited(hand: Hand, state: State, rate: float) -> dict[int, Link]:
    """Relations added, removed, retargeted, turned, of another class. Ends of what was drawn anew follow it."""
    dice, found = hand.dice, dict(state.links)
    uids = list(state.things)
    for uid, link in state.links.items():
        if not dice.chance(rate):
            continue
        which = dice.below(6)
        others = [u for u in (dice.pick(uids) for _ in range(6)) if u not in link.ends] if uids else []
        if which == 0:
            del found[uid]
        elif which in (1, 4) and others:
            at = dice.below(len(link.ends))
            link = link._replace(ends=(*link.ends[:at], others[0], *link.ends[at + 1 :]))
        elif which == 2 and link.direction != "group":
            turns = [d for d in ("straight", "reverse", "bidirectional") if d != link.direction]
            link = link._replace(direction=dice.pick(turns))
        elif which == 3:
            link = link._replace(kind=(link.kind + 1) % len(LINKS))
        elif which == 5 and link.direction == "group" and others:
            link = link._replace(ends=(*link.ends, others[0]))
        if which:
            found[uid] = link
    if len(uids) > 2 and dice.chance(rate * 3):
        new = hand.link(state)
        found[new.uid] = new
    return {uid: link for uid, link in found.items() if len(link.ends) > 1}
