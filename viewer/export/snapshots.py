"""How the labels of a task's snapshots differ, and how many each has: by bytes, decoding only what changed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress, count
from operator import attrgetter, eq, ne
from typing import Any

import msgspec
from msgspec import Raw

from viewer.export.counts import Counts, count_heads, is_stop, labels_in
from viewer.export.heads import NOTHING, EntryHead, Scalar, StageHead, TaskHead, entries_of

_SPACE = b" \t\r\n"
_BLOCK = 64

_stopped = attrgetter("stopped")
_scalars = attrgetter("schema_id", "title", "stopped", "page")
_numbers = attrgetter("bounding_box", "polygon", "segmentation", "point", "polyline", "rotated_bounding_box")
_texts = attrgetter("object_id", "classifications", "pdf", "ner", "ocr", "lock")


def entries(stage: StageHead) -> list[Raw]:
    """The entries of a history snapshot. V2 says objects, V3 tools; an archive mixed by hand may hold both."""
    if stage.objects:
        return (stage.tools or []) + stage.objects
    return stage.tools or []


def current_entries(task: TaskHead) -> list[EntryHead]:
    """The entries of the current state."""
    if task.objects:
        return (task.tools or []) + task.objects
    return task.tools or []


def same_lists(one: StageHead | TaskHead, two: StageHead | TaskHead) -> bool:
    """Whether classifications and relations are the same JSON; ``metadata`` does not count."""
    return _same_json(one.classifications, two.classifications) and _same_json(one.relations, two.relations)


def has_mask(snapshot: StageHead | TaskHead) -> bool:
    """Whether a snapshot has a brush mask."""
    return bool(snapshot.brush_url or snapshot.medical_brush_url)


def same_masks(one: StageHead | TaskHead, two: StageHead | TaskHead, *, is_current: bool) -> bool:
    """Whether the brush masks are the same files, whatever their links are signed with.

    `is_current`: `two` is the current state. A mask that only it has is none that was drawn since: history is not
    known to carry masks (as `viewer.diff.brush` has it).
    """
    for old, new in ((one.brush_url, two.brush_url), (one.medical_brush_url, two.medical_brush_url)):
        if old == new:
            continue
        before, after = _path(old), _path(new)
        if before != after and (not is_current or (before and after)):
            return False
    return True


def _path(url: Scalar) -> str:
    """The path of an address, without its host and its query, which may be a signature; "" for none."""
    if not isinstance(url, str):
        return ""
    path = url.partition("#")[0].partition("?")[0]
    return path.partition("://")[2].partition("/")[2] if "://" in path else path


def _same_json(one: Raw, two: Raw) -> bool:
    if one == two:
        return True
    try:
        # lists of a few answers and arrows: small, and differently indented where the task's state stands
        return bool(_stripped(_value(one)) == _stripped(_value(two)))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def _value(raw: Raw) -> Any:
    """Plain values; an absent list is an empty one."""
    return (msgspec.json.decode(raw) or []) if raw is not NOTHING else []


def _stripped(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _stripped(item) for name, item in value.items() if name != "metadata"}
    if isinstance(value, list):
        return [_stripped(item) for item in value]
    return value


def same_entries(last: list[EntryHead], now: list[EntryHead]) -> bool:
    """Whether two lists of labels are the same JSON but for ``metadata``, order of keys and white space."""
    if len(last) != len(now):
        return False
    return last == now or all(one == two or _same_entry(one, two) for one, two in zip(last, now, strict=True))


def _same_entry(one: EntryHead, two: EntryHead) -> bool:
    """Entries at another depth of an indented file have other white space; nested metadata is left out."""
    for a, b in zip(_numbers(one), _numbers(two), strict=True):
        if a is not b and not _same_numbers(bytes(a), bytes(b)):
            return False
    if _scalars(one) != _scalars(two):
        return False
    texts, others = _texts(one), _texts(two)
    return bool(texts == others) or all(map(_same_json, texts, others))


def _same_numbers(last: bytes, now: bytes) -> bool:
    """Whether two texts without strings are the same but for white space."""
    inner, outer = last.rfind(b"\n"), now.rfind(b"\n")
    deeper = (len(last) - inner) - (len(now) - outer)
    if outer >= 0 and inner >= 0 and deeper > 0:
        # history lies deeper than the current state: an indented file has so much more before each line
        margin = last[inner + 1 : inner + 1 + deeper]
        if now.replace(b"\n", b"\n" + margin) == last:
            return True
    return last.translate(None, _SPACE) == now.translate(None, _SPACE)


def same_odd(last: list[Raw], now: list[Raw]) -> bool:
    """`same_entries` for entries that have members which their heads leave out."""
    return len(last) == len(now) and all(_same_json(a, b) for a, b in zip(last, now, strict=True))


def history_counts(history: Sequence[list[Raw]], last: list[int]) -> tuple[list[int], list[bool]]:
    """Labels of each history snapshot, and whether its entries are other bytes than those of the one before.

    `last` has the labels of each entry of the last snapshot. From that one backwards: an entry with the same bytes
    counts as it did there; only others are decoded.
    """
    totals = [0] * len(history)
    changed = [False] * len(history)
    if not history:
        return totals, changed
    totals[-1] = sum(last)
    known, after = last, history[-1]
    for k in range(len(history) - 2, -1, -1):
        now = history[k]
        # all pairs at once, and this once for both answers: most of the time goes by in comparing their bytes
        same = list(map(eq, now, after)) if len(now) == len(after) else None
        if same is None or False in same:
            changed[k + 1] = True
            known = _carried(now, after, known, same)
            after = now
        totals[k] = sum(known)
    return totals, changed


def _carried(now: list[Raw], other: list[Raw], known: list[int], same: list[bool] | None) -> list[int]:
    """The label counts of `now`'s entries from those of `other`, which mostly has the same entries in order.

    `same` tells which entries of lists of one length are equal.
    """
    result: list[int] = []
    unknown: list[int] = []
    i = j = 0
    if same is not None and 3 * same.count(False) < len(same):
        # edits in place
        result = list(known)
        unknown = [k for k, unchanged in enumerate(same) if not unchanged]
        i = len(now)
    while i < len(now):
        here, there = now[i : i + _BLOCK], other[j : j + _BLOCK]
        equal = next(compress(count(), map(ne, here, there)), min(len(here), len(there)))
        if equal:
            result += known[j : j + equal]
            i, j = i + equal, j + equal
            continue
        if j + 1 < len(other) and now[i] == other[j + 1]:
            j += 1  # an entry that only the other one has
            continue
        unknown.append(i)
        result.append(0)
        # an entry that only this one has, or one that was edited
        j += 0 if i + 1 < len(now) and j < len(other) and now[i + 1] == other[j] else 1
        i += 1
    if unknown:
        raws = [now[i] for i in unknown]
        counted, _ = labels_of(raws, entries_of(raws))
        for i, labels in zip(unknown, counted, strict=True):
            result[i] = labels
    return result


def labels_of(
    raws: list[Raw], heads: list[EntryHead] | None, *, odd: list[int] | None = None
) -> tuple[list[int], list[int]]:
    """Labels of each entry, and which are odd ones. `heads` is what `entries_of` made of them, `odd` if known."""
    if heads is None:
        return [labels_in(raw) for raw in raws], []
    if odd is None:
        odd = count_heads(heads, Counts())
    labels = [1] * len(heads)
    stops = list(map(_stopped, heads))
    if stops.count(None) != len(heads):
        labels = [1 if stop is None or not is_stop(stop) else 0 for stop in stops]
    for i in odd:
        labels[i] = labels_in(raws[i])
    return labels, odd
