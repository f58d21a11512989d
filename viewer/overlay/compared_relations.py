"""Relations of two stages in the looks of their changes: what is A's alone is dashed, what is B's is solid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from viewer.overlay import palette
from viewer.overlay.relations import Arrow, Hull, RelationStore
from viewer.overlay.style import CHANGED_PX, UNCHANGED, Side

SIGNS = {"retargeted": "moved", "direction": "retimed", "changed": "attributes"}
"""Kinds of relations and of the asset's answers, and the kind of labels whose sign and colour they have."""

GONE = frozenset(("removed", "retargeted"))
"""Kinds that leave something of A which is not in B."""
BEFORE_DASH = (6.0, 4.0)
UNCHANGED_PX = 1.0

Kinds = tuple[str, ...]
Joined = TypeVar("Joined", Arrow, Hull)


def sign_of(kind: str) -> str:
    """The sign of a kind of change, also of relations and answers."""
    return SIGNS.get(kind, kind)


def of_stage(
    store: RelationStore,
    kinds: Mapping[str, Kinds],
    side: Side,
    *,
    paper: bool,
    unchanged: float = UNCHANGED,
) -> RelationStore:
    """The relations of one stage; `kinds` by their object ids. What did not change is grey and steps back."""

    def styled(one: Joined) -> Joined:
        mine = kinds.get(one.object_id, ())
        signs = tuple(dict.fromkeys(map(sign_of, mine)))
        look = palette.CHANGES.get(signs[0] if signs else "unchanged", palette.CHANGES["unchanged"])
        colour = look.ink if paper else look.glow
        if not signs:
            return replace(one, colour=colour, width=UNCHANGED_PX, opacity=unchanged)
        dash = BEFORE_DASH if side == "before" else ()
        return replace(one, colour=colour, width=CHANGED_PX, dash=dash, signs=signs)

    return RelationStore(tuple(map(styled, store.arrows)), tuple(map(styled, store.hulls)))


def of_both(
    before: RelationStore,
    after: RelationStore,
    kinds: Mapping[str, Kinds],
    *,
    after_of: Mapping[str, str],
    paper: bool,
    unchanged: float = UNCHANGED,
) -> RelationStore:
    """The relations of B over what of A is not there any more; members by their ids of B (`after_of`)."""
    gone = {name for name, found in kinds.items() if not GONE.isdisjoint(found)}
    old = RelationStore(
        tuple(_followed(a, after_of) for a in before.arrows if a.object_id in gone),
        tuple(_followed(h, after_of) for h in before.hulls if h.object_id in gone),
    )
    lower = of_stage(old, kinds, "before", paper=paper, unchanged=unchanged)
    # of one that points elsewhere now the new end carries the sign
    bare = {name for name in gone if "removed" not in kinds[name]}
    upper = of_stage(after, kinds, "after", paper=paper, unchanged=unchanged)
    return RelationStore(
        tuple(replace(a, is_ghost=a.object_id in bare) for a in lower.arrows) + upper.arrows,
        tuple(replace(h, is_ghost=h.object_id in bare) for h in lower.hulls) + upper.hulls,
    )


def _followed(one: Joined, after_of: Mapping[str, str]) -> Joined:
    return replace(one, members=tuple(after_of.get(member, member) for member in one.members))
