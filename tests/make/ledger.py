"""Exports with a ledger of what was really done between their stages, to judge comparisons by.

    python -m tests.make.ledger OUT.json --assets N [--seed 7] [--dense 0.2]

Asset *i* depends on (seed, i) alone. A thing keeps its identity in the ledger whatever ids its labels get.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.make.export_labels import PEOPLE, Dice
from tests.make.exports import STAGES
from tests.make.ledger_edits import Hand, links_edited
from tests.make.ledger_shapes import PAGE, Frame, moved, shift_of
from tests.make.ledger_things import (
    Link,
    State,
    Thing,
    answers_json,
    dumps,
    entry_json,
    entry_members,
    link_json,
    listed,
    mixed,
    nested_json,
)
from tests.make.ledger_truth import Truth, truth

KINDS = ("still", "still", "still", "pages", "video", "video-nested", "video-keys", "text", "audio", "pdf")
SUFFIX = {
    "still": "png",
    "pages": "jpg",
    "video": "mp4",
    "video-keys": "mp4",
    "video-nested": "mp4",
    "text": "txt",
    "audio": "wav",
    "pdf": "pdf",
}
DENSE = 6
"""So many times as many labels, on a tenth of the page."""
EMPTY = State({}, {}, ())


class LedgerAsset:
    """One asset: its JSON, its states (a Start without labels first, the current one last), and the truth."""

    def __init__(self, seed: int, index: int, *, dense: float = 0.2) -> None:
        self.seed, self.index = seed, index
        dice = Dice("ledger", seed, index)
        self.kind = dice.pick(KINDS)
        self.is_dense = self.kind not in ("text", "audio", "pdf") and dice.chance(
            dense / 2 if self.is_tracked else dense
        )
        self.dice = dice
        self.states = (EMPTY, *_history(dice, self.kind, is_dense=self.is_dense))
        self.last_ids: list[dict[int, str]] = []
        """By state: the last id of every thing up to then."""
        ids: dict[int, str] = {}
        for state in self.states:
            ids = ids | {uid: thing.object_id for uid, thing in state.things.items()}
            self.last_ids.append(ids)

    @property
    def is_tracked(self) -> bool:
        return self.kind.startswith("video")

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Which states to compare: each with the next, the first one with labels with the current one, and back."""
        last = len(self.states) - 1
        return [(i, i + 1) for i in range(1, last)] + ([(1, last), (last, 1)] if last > 2 else [])

    def truth(self, before: int, after: int) -> Truth:
        ids = (self.last_ids[before], self.last_ids[after])
        return truth(self.states[before], self.states[after], ids, tracked=self.is_tracked)

    @cached_property
    def raw(self) -> bytes:
        """As an element of an export."""
        dice = Dice("writing", self.seed, self.index)
        history = []
        for n in range(len(self.states) - 1):
            stage = "Start" if n == 0 else ("Label" if n % 2 else "Review")
            row: dict[str, Any] = {"stage": stage, "stageId": STAGES[stage], "duration": 1000 * n,
                                   "completedAt": f"2024-09-{10 + n:02d}T10:00:00.015Z"}  # fmt: skip
            if n:
                row["completedBy"] = PEOPLE[n % len(PEOPLE)]
            history.append(dumps(row)[:-1] + "," + self._lists(n) + "}")
        task = {"taskId": f"t{self.seed}-{self.index}", "stage": "Complete", "stageId": "Complete",
                "updatedAt": "2024-09-20T10:00:00.000Z", "updatedBy": dice.pick(PEOPLE)}  # fmt: skip
        head = {"asset": f"https://bucket.example.com/{self.index}.{SUFFIX[self.kind]}",
                "externalId": f"{self.index}.{SUFFIX[self.kind]}",
                "metadata": {"width": PAGE[0], "height": PAGE[1], "frameTotal": 900, "frameRate": 30}}  # fmt: skip
        task_json = dumps(task)[:-1] + "," + self._lists(-1, dice)
        return (dumps(head)[:-1] + ',"task":' + task_json + ',"stageHistory":[' + ",".join(history) + "]}}").encode()

    def _lists(self, at: int, dice: Dice | None = None) -> str:
        """The three lists; with `dice` the entries also get metadata, as those of the current state do."""
        state = self.states[at]
        entries = []
        for text in self._texts(state):
            if dice is not None:
                made = {"createdAt": f"2024-09-0{1 + dice.below(9)}T09:00:00.120Z", "createdBy": dice.pick(PEOPLE)}
                text += f',"metadata":{dumps(made)}'
            entries.append(text + "}")
        links = [link_json(link, state, self.last_ids[at]) for link in state.links.values()]
        if state.order:
            links = mixed(links, state.order, "links")
        answers = answers_json(state.answers, state.answer_style)
        return f'"tools":[{",".join(entries)}],"classifications":{dumps(answers)},"relations":{dumps(links)}'

    def _texts(self, state: State) -> Iterator[str]:
        """Each element of ``tools`` but for its closing brace."""
        places = listed(state)
        if not state.nested:
            yield from (entry_json(state.things[uid].pages[page], page) for uid, page in places)
            return
        for _, group in groupby(places, lambda place: (place[0], state.things[place[0]].pages[place[1]].object_id)):
            frames = [entry_members(state.things[uid].pages[page], page) for uid, page in group]
            yield nested_json(frames, "frames" if self.index % 2 else "keyframes")


def _history(dice: Dice, kind: str, *, is_dense: bool) -> Iterator[State]:
    frame = Frame(0, 0, 600, 330) if is_dense else Frame(20, 20, 1900, 1000)
    hand = Hand(dice, kind, frame)
    many = (2 + dice.below(9) if kind.startswith("video") else 8 + dice.below(60)) * (DENSE if is_dense else 1)
    things = {thing.uid: thing for thing in (hand.thing() for _ in range(many))}
    for thing in [thing for thing in things.values() if dice.chance(0.01)]:
        twin = hand.twin(thing)
        things[twin.uid] = twin
    state = State(things, {}, hand.answers() if dice.chance(0.7) else (), nested=kind == "video-nested")
    state = state._replace(links=_links(hand, state))
    yield state
    for _ in range(2 + dice.below(4)):
        state = _next(hand, state)
        yield state


def _links(hand: Hand, state: State) -> dict[int, Link]:
    links = [hand.link(state) for _ in range(hand.dice.below(5))] if len(state.things) > 2 else []
    return {link.uid: link for link in links if len(link.ends) > 1}


def _next(hand: Hand, state: State) -> State:
    """The state after one more stage: nothing, only other writing, everything at once, or edits here and there."""
    dice = hand.dice
    whole = dice.random()
    if dice.chance(0.3):
        state = state._replace(order=1 + dice.below(100_000), answer_style=1 + dice.below(100_000))
    if whole < 0.06:
        return state
    if whole < 0.14:
        return state._replace(things={u: hand.each(t, hand.rewritten) for u, t in state.things.items()})
    if whole < 0.18:
        return state._replace(things={u: hand.recreate(t) for u, t in state.things.items()})
    if whole < 0.21 and hand.kind not in ("text", "audio", "pdf"):
        shift = shift_of(dice, 1, 40)
        return state._replace(things={u: hand.each(t, lambda e: e._replace(shape=moved(e.shape, *shift)))
                                      for u, t in state.things.items()})  # fmt: skip
    if whole < 0.27:
        anew = {u: hand.recreate(t, dice.pick(("moved", "reshaped"))) for u, t in state.things.items()}
        return state._replace(things=anew)
    rate, rewritten = 0.04 + 0.3 * dice.random() ** 2, 0.3 * dice.random() ** 2
    things: dict[int, Thing] = {}
    for uid, thing in state.things.items():
        if dice.chance(rate):
            new = hand.edited(thing)
            if new is None:
                hand.gone[uid] = thing
                if dice.chance(0.3):
                    new = hand.beside(thing)
                    things[new.uid] = new
                continue
            things[uid] = new
        else:
            things[uid] = hand.each(thing, hand.rewritten) if dice.chance(rewritten) else thing
    for _ in range(int(len(things) * rate * 0.2 + dice.random())):
        new = hand.thing()
        things[new.uid] = new
    if hand.gone and dice.chance(0.2):
        uid = dice.pick(sorted(hand.gone))
        things[uid] = hand.gone.pop(uid)
    state = state._replace(things=things)
    answers = hand.answered(state.answers) if dice.chance(0.3) else state.answers
    return state._replace(answers=answers, links=links_edited(hand, state, max(rate, 0.15)))


def assets(seed: int, many: int, *, dense: float = 0.2) -> Iterator[LedgerAsset]:
    return (LedgerAsset(seed, i, dense=dense) for i in range(many))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--assets", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--dense", type=float, default=0.2)
    a = parser.parse_args()
    with a.out.open("wb") as file:
        for i, asset in enumerate(assets(a.seed, a.assets, dense=a.dense)):
            file.write((b",\n" if i else b"[") + asset.raw)
        file.write(b"]\n")


if __name__ == "__main__":
    main()
