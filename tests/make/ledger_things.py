"""What is labelled, for the ledger: things with an entry per page, answers, relations; each immutable."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from tests.make.export_labels import Dice
from tests.make.ledger_shapes import Shape, Writing, written

CLASSES = {
    tool: tuple((f"{i}{n}b30fb5b62a9e28e06da4c", title) for n, title in enumerate(("car", "péd", "car", 'a "b"')))
    for i, tool in enumerate(
        ("bounding-box", "rotated-bounding-box", "polygon", "segmentation", "polyline", "spline", "point", "ner", "pdf")
    )
}
"""(schemaId, title) by tool. Two have the same title: the id tells the class."""
LINKS = tuple((f"1{i}5d6b0ade3b8d516a8a708", title) for i, title in enumerate(("has", "part of")))
QUESTIONS = tuple((f"c{i}0fb5b62a9e28e06da47a9", f"Question {i}", tool)
                  for i, tool in enumerate(("radio", "checkbox", "text", "single-dropdown")))  # fmt: skip
VALUES = {"radio": ("Red", "Green", "bläu"), "checkbox": (["wet"], ["wet", "cold"], ["höt"]),
          "text": ('said "hm"', "two\nlines", "12"), "single-dropdown": ("1", "2", "3")}  # fmt: skip


class Answer(NamedTuple):
    """A question of `QUESTIONS` and its answer."""

    question: int
    value: Any
    inner: tuple[Answer, ...] = ()


class Style(NamedTuple):
    """How an entry is written; a difference in it is none for a reader."""

    writing: Writing = Writing()
    keys: int = 0
    ids: int = 0
    """Gives the answers' object ids and, when it is odd, another order of different questions."""
    ascii_only: bool = False


class Entry(NamedTuple):
    """One element of ``tools``: what somebody did to it, and how it is written."""

    object_id: str
    kind: int
    """Its class, of those of its tool."""
    shape: Shape
    answers: tuple[Answer, ...] = ()
    stopped: bool = False
    style: Style = Style()


Page = int | None


class Thing(NamedTuple):
    """What the labels are of. It stays the same thing whatever ids its entries get."""

    uid: int
    object_id: str
    """What relations call it."""
    pages: Mapping[Page, Entry]

    @property
    def tool(self) -> str:
        return next(iter(self.pages.values())).shape.tool


class Link(NamedTuple):
    """A relation; its ends are things."""

    uid: int
    object_id: str
    kind: int
    ends: tuple[int, ...]
    direction: str
    """``group``, or that of an arrow."""


class State(NamedTuple):
    """A snapshot: things and links by uid, answers of the asset, and how the lists are ordered."""

    things: Mapping[int, Thing]
    links: Mapping[int, Link]
    answers: tuple[Answer, ...]
    order: int = 0
    """0: as made; else the seed of a shuffle."""
    nested: bool = False
    """One element of ``tools`` per object, its frames inside (format §7.3)."""
    answer_style: int = 0


def dumps(value: Any, *, ascii_only: bool = False) -> str:
    return json.dumps(value, ensure_ascii=ascii_only, separators=(",", ":"))


def mixed(items: list[Any], *seed: object) -> list[Any]:
    """In another order."""
    dice = Dice("mixed", *seed)
    return [item for _, _, item in sorted((dice.random(), i, item) for i, item in enumerate(items))]


def answers_json(answers: tuple[Answer, ...], seed: int) -> list[dict[str, Any]]:
    """As exported: ids that mean nothing, members in either order, different questions in either order.

    The same question asked twice keeps its order, which tells the two apart.
    """
    dice = Dice("answers", seed)
    found = []
    for answer in sorted(answers, key=lambda a: -a.question) if seed % 2 else answers:
        schema_id, title, tool = QUESTIONS[answer.question]
        item = {"objectId": dice.hex(23), "schemaId": schema_id, "tool": tool, "title": title, "answer": answer.value,
                "classifications": answers_json(answer.inner, seed)}  # fmt: skip
        found.append(dict(reversed(item.items())) if seed % 3 == 1 else item)
    return found


def entry_json(entry: Entry, page: Page) -> str:
    """Without its closing brace, so that metadata can follow."""
    return dumps(entry_members(entry, page), ascii_only=entry.style.ascii_only)[:-1]


def entry_members(entry: Entry, page: Page) -> dict[str, Any]:
    """One element of ``tools``, in the order in which it is written."""
    schema_id, title = CLASSES[entry.shape.tool][entry.kind]
    style = entry.style
    item: dict[str, Any] = {
        entry.shape.tool: written(entry.shape, style.writing),
        "objectId": entry.object_id,
        "schemaId": schema_id,
        "title": title,
        "classifications": answers_json(entry.answers, style.ids),
    }
    if entry.shape.tool == "pdf":
        item["pdf"]["position"]["pageNumber"] = (page or 0) + 1
    elif page is not None:
        item["page"] = page
    if entry.stopped:
        item["interpolationStopped"] = True
    return dict(mixed(list(item.items()), style.keys)) if style.keys else item


def link_json(link: Link, state: State, last_ids: Mapping[int, str]) -> dict[str, Any]:
    """Ends of things that are not there any more keep their last id."""
    ids = [state.things[end].object_id if end in state.things else last_ids[end] for end in link.ends]
    schema_id, title = LINKS[link.kind]
    item: dict[str, Any] = {"objectId": link.object_id, "schemaId": schema_id, "title": title}
    if link.direction == "group":
        return {**item, "group": ids}
    return {"from": ids[0], "to": ids[1], **item, "direction": link.direction}


def listed(state: State) -> list[tuple[int, Page]]:
    """(uid, page) of each entry in the order of ``tools``; where frames are nested, object by object."""
    places = [(uid, page) for uid, thing in state.things.items() for page in thing.pages]
    places = mixed(places, state.order) if state.order else places
    if state.nested:
        objects: dict[tuple[int, str], list[tuple[int, Page]]] = {}
        for uid, page in places:
            objects.setdefault((uid, state.things[uid].pages[page].object_id), []).append((uid, page))
        places = [place for frames in objects.values() for place in frames]
    return places


def nested_json(entries: list[dict[str, Any]], key: str) -> str:
    """Frames of one object as one entry, without its closing brace; what all have in common stands outside."""
    first = entries[0]
    common = [k for k in ("schemaId", "objectId", "title", "classifications") if all(e[k] == first[k] for e in entries)]
    frames = [{k: v for k, v in entry.items() if k not in common} for entry in entries]
    return dumps({**{k: first[k] for k in common}, key: frames})[:-1]


def flat(answers: tuple[Answer, ...], before: str = "") -> dict[tuple[str, tuple[int, ...]], Any]:
    """The value by (path of titles, ordinals among the same questions)."""
    found: dict[tuple[str, tuple[int, ...]], Any] = {}

    def add(items: tuple[Answer, ...], path: str, ordinals: tuple[int, ...]) -> None:
        seen: dict[int, int] = {}
        for item in items:
            n = seen[item.question] = seen.get(item.question, -1) + 1
            at = path + QUESTIONS[item.question][1]
            found[(at, (*ordinals, n))] = item.value
            add(item.inner, at + " / ", (*ordinals, n))

    add(answers, before, ())
    return found
