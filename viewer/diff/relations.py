"""Relations of two snapshots: which came, went, point elsewhere, turned round or got another class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from viewer.diff.answers import answer_changes
from viewer.diff.kinds import in_order
from viewer.model import AnswerChange, Change, ChangeKind, Relation

Members = tuple[str, ...]


def compare_relations(
    before: Sequence[Relation], after: Sequence[Relation], *, after_of: Mapping[str, str]
) -> list[Change]:
    """Changes by object id. An end that only follows a recreated label (`after_of`) is no change."""
    if not before and not after:
        return []
    ones: dict[str, list[Relation]] = defaultdict(list)
    for relation in before:
        ones[relation.object_id].append(relation)
    changes: list[Change] = []
    for relation in after:
        same_id = ones.get(relation.object_id)
        if not same_id:
            changes.append(
                Change(subject="relation", kinds=("added",), after=relation, answers=_ends(None, relation, {}))
            )
            continue
        change = _changed(same_id.pop(0), relation, after_of)
        if change is not None:
            changes.append(change)
    gone = {id(relation) for left in ones.values() for relation in left}
    changes += [
        Change(subject="relation", kinds=("removed",), before=relation, answers=_ends(relation, None, {}))
        for relation in before
        if id(relation) in gone
    ]
    return changes


def _changed(one: Relation, two: Relation, after_of: Mapping[str, str]) -> Change | None:
    kinds: set[ChangeKind] = set()
    answers = _ends(one, two, after_of)
    if answers:
        kinds.add("retargeted")
    if one.direction != two.direction:
        kinds.add("direction")
        answers += (AnswerChange("direction", one.direction, two.direction),)
    other_class = one.schema_id != two.schema_id if one.schema_id and two.schema_id else one.title != two.title
    if other_class:
        kinds.add("reclassified")
    nested = answer_changes(one.classifications, two.classifications)
    if nested:
        kinds.add("attributes")
    if not kinds:
        return None
    return Change(subject="relation", kinds=in_order(kinds), before=one, after=two, answers=answers + nested)


def _ends(one: Relation | None, two: Relation | None, after_of: Mapping[str, str]) -> tuple[AnswerChange, ...]:
    """The ends that differ, as answers: ``from``, ``to`` or ``group``."""
    found: list[AnswerChange] = []
    for path, old, new in (
        ("from", _sources(one), _sources(two)),
        ("to", _targets(one), _targets(two)),
        ("group", _group(one), _group(two)),
    ):
        if old is None and new is None:
            continue
        followed = None if old is None else tuple(after_of.get(member, member) for member in old)
        # a group is a set: the order in which its members were clicked says nothing
        same = old == new or (_as_set(followed) == _as_set(new) if path == "group" else followed == new)
        if not same:
            found.append(AnswerChange(path, _shown(old), _shown(new)))
    return tuple(found)


def _sources(relation: Relation | None) -> Members | None:
    return relation.sources if relation is not None and relation.group is None else None


def _targets(relation: Relation | None) -> Members | None:
    return relation.targets if relation is not None and relation.group is None else None


def _group(relation: Relation | None) -> Members | None:
    return None if relation is None else relation.group


def _as_set(members: Members | None) -> list[str] | None:
    return None if members is None else sorted(set(members))


def _shown(members: Members | None) -> str | list[str] | None:
    """One end as its id, several as a list."""
    if members is None:
        return None
    return members[0] if len(members) == 1 else list(members)
