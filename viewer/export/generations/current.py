"""Video objects of current exports: one entry per object with its frames inside, made flat (format §7.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from viewer.tools import COMMON_MEMBERS, geometry_key
from viewer.tools.base import Entry, kind_of

NAMES = ("frames", "pages", "keyframes", "keyFrames", "annotations")
"""Where the frames may stand; any other single member that holds geometries is taken, too."""

_PAGE = ("page", "frame", "frameNumber")
_RANGES = (("start", "end"), ("from", "to"))
_PLACES = frozenset((*_PAGE, "start", "end", "from", "to"))


class Frame(msgspec.Struct, frozen=True, gc=False):
    """One frame of an object: an entry as the flat form would have it, without its page."""

    entry: Entry
    page: Any
    path: str
    """Continues the path of the object's entry (``.frames[3]``)."""
    problem: tuple[str, str] | None = None
    """What is wrong with it and what was done instead."""


def frames_of(entry: Entry) -> tuple[Frame, ...] | None:
    """The frames inside an entry without geometry of its own; None when it holds nothing like that."""
    if geometry_key(entry) is not None:
        return None
    found = [
        key
        for key, value in entry.items()
        if key not in COMMON_MEMBERS and isinstance(value, list | dict) and _holds_geometry(value)
    ]
    named = [key for key in found if key in NAMES]
    if len(named or found) != 1:
        return None
    key = (named or found)[0]
    shared = {k: v for k, v in entry.items() if k != key}
    return tuple(_frames(entry[key], key, shared))


def _holds_geometry(value: Any) -> bool:
    elements = value.values() if isinstance(value, dict) else value
    return any(isinstance(e, dict) and geometry_key(e) is not None for e in elements)


def _frames(value: Any, key: str, shared: Entry) -> Iterator[Frame]:
    pairs = value.items() if isinstance(value, dict) else ((None, element) for element in value)
    elements = [
        (f".{key}[{i}]" if name is None else f".{key}.{name}", name, element) for i, (name, element) in enumerate(pairs)
    ]
    starts = {_start(element, name) for _, name, element in elements if isinstance(element, dict)}
    for path, name, element in elements:
        if not isinstance(element, dict):
            if element is not None:
                problem = (f"{kind_of(element)} stands where a frame belongs", "the frame was left out")
                yield Frame({}, None, path, problem)
            continue
        page = _start(element, name)
        merged = {**shared, **{k: v for k, v in element.items() if k not in _PLACES}}
        last = _last(element, page)
        if last is None:
            yield Frame(merged, page, path)
            continue
        problem = ("whether a range of frames includes its end is not documented", "the end is included")
        yield Frame(merged, page, path, problem)
        if last + 1 not in starts:
            yield Frame({**shared, "interpolationStopped": True}, last + 1, path)


def _start(element: Mapping[str, Any], name: str | None) -> Any:
    """Its page as written; a dict's key is text and becomes a number when it is one."""
    for key in _PAGE:
        if element.get(key) is not None:
            return _hashable(element[key])
    for key, _ in _RANGES:
        if element.get(key) is not None:
            return _hashable(element[key])
    return int(name) if name is not None and name.isdecimal() and len(name) < 12 else name


def _last(element: Mapping[str, Any], page: Any) -> int | None:
    """The last page of a range that begins at `page`; None for a single frame."""
    if any(element.get(key) is not None for key in _PAGE):
        return None
    for first, last in _RANGES:
        end = element.get(last)
        if element.get(first) is not None and type(end) is int and type(page) is int and end >= page:
            return end
    return None


def _hashable(value: Any) -> Any:
    return value if isinstance(value, str | int | float) else str(value)
