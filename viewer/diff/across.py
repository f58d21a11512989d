"""Which assets of two exports are the same: by asset id, then task id, then external id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Identity(NamedTuple):
    """By what an asset is known in another export. Empty values say nothing."""

    asset_id: str | None
    task_ids: tuple[str, ...]
    external_id: str | None


class Match(NamedTuple):
    """Indexes of one asset in the export before and in the one after; None: it is not in that one."""

    before: int | None
    after: int | None


def match_assets(before: Sequence[Identity], after: Sequence[Identity]) -> list[Match]:
    """The assets of `before` in its order, each with its partner, then those that only `after` has.

    Each asset gets one partner. Of several that have the same id (annotators' tasks of one asset) those with a
    common task id belong together, the others pair up in their order. An external id or asset id that contradicts
    a stronger one is not followed: a name may be used twice in a project.
    """
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for keys_of in (_asset_and_task, _asset_id, _task_ids, _external_id):
        places: dict[object, list[int]] = {}
        for index, identity in enumerate(after):
            if index not in taken:
                for key in keys_of(identity):
                    places.setdefault(key, []).append(index)
        for index, identity in enumerate(before):
            if index in partner:
                continue
            candidates = (k for key in keys_of(identity) for k in places.get(key, ()))
            found = next((k for k in candidates if k not in taken and _agree(identity, after[k])), None)
            if found is not None:
                partner[index] = found
                taken.add(found)
    matches = [Match(index, partner.get(index)) for index in range(len(before))]
    return matches + [Match(None, index) for index in range(len(after)) if index not in taken]


def _agree(one: Identity, two: Identity) -> bool:
    """Two different asset ids are two assets, whatever else is equal."""
    return not (one.asset_id and two.asset_id) or one.asset_id == two.asset_id


def _asset_and_task(identity: Identity) -> Iterable[object]:
    return [(identity.asset_id, task) for task in identity.task_ids] if identity.asset_id else ()


def _asset_id(identity: Identity) -> Iterable[object]:
    return (identity.asset_id,) if identity.asset_id else ()


def _task_ids(identity: Identity) -> Iterable[object]:
    return identity.task_ids


def _external_id(identity: Identity) -> Iterable[object]:
    return (identity.external_id,) if identity.external_id else ()
