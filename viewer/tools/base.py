"""What every annotation tool is: an immutable record that parses itself and says what it draws."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, ClassVar, Protocol, Self, TypeAlias, runtime_checkable

import numpy as np

from viewer import limits
from viewer.geometry import Area, Dot, LabelSpace, Line, Points, Primitive, bounds

Entry: TypeAlias = Mapping[str, Any]
"""One element of ``tools`` / ``objects`` as plain JSON values."""

Fields: TypeAlias = tuple[tuple[str, str], ...]
"""(name, text) pairs for the inspector, in the order to show them."""


class ToolError(ValueError):
    """This entry cannot be read by this tool. `path` continues the path of the entry (``.polygon[3]``)."""

    def __init__(self, what: str, path: str = "") -> None:
        super().__init__(what)
        self.path = path


class Notes(Protocol):
    """Takes what a tool repaired or guessed while it read an entry; each call becomes a `Problem`."""

    def __call__(self, what: str, instead: str, path: str, *, error: bool = False) -> None:
        """Say what was wrong at `path` (continuing the entry's) and what was done instead."""


class Tool(Protocol):
    """One annotation tool's value. Implementations are frozen records in a file of their own."""

    KEY: ClassVar[str]
    """The key in the export, which is also the tool's name everywhere (``bounding-box``)."""

    @classmethod
    def parse(cls, value: Any, entry: Entry, notes: Notes) -> Self:
        """Read ``entry[KEY]`` (`value`). Raises ToolError when nothing of it can be drawn or told."""

    def primitives(self, space: LabelSpace) -> tuple[Primitive, ...]:
        """What to draw, in page space. Empty when the tool has no place on a page."""

    def anchor(self, space: LabelSpace) -> tuple[float, float] | None:
        """Where its tag and its relations attach, in page space."""

    def interpolated(self, after: Tool, t: float) -> Self | None:
        """The value between this key frame (t = 0) and `after` (t = 1); None: hold this one instead."""

    def fields(self) -> Fields:
        """What the inspector shows, in exported coordinates."""


@runtime_checkable
class OnPages(Protocol):
    """A tool whose value names its pages itself, as a PDF highlight does."""

    def by_page(self) -> Mapping[int, Tool]:
        """What of it lies on each page (0-based), in the order of the export."""


def number(value: Any, path: str, notes: Notes | None = None) -> float:
    """A finite number from JSON. Numbers written as text are accepted, and told. Raises ToolError otherwise."""
    if type(value) is float and -1e12 <= value <= 1e12:
        return value  # nearly all of them; NaN fails the comparison
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ToolError(f"{kind_of(value)} stands where a number belongs", path)
    try:
        result = float(value)
    except (ValueError, OverflowError):
        raise ToolError("text stands where a number belongs", path) from None
    if not math.isfinite(result) or abs(result) > 1e12:
        raise ToolError("the number is not finite", path)
    if notes is not None and isinstance(value, str):
        notes("text stands where a number belongs", f"it was read as {shown(result)}", path)
    return result


def numbers(value: Any, names: Sequence[str], path: str, notes: Notes | None = None) -> tuple[float, ...]:
    """The named members of a JSON object as finite numbers. Raises ToolError naming the one that is bad."""
    if not isinstance(value, Mapping):
        raise ToolError(f"{kind_of(value)} stands where an object belongs", path)
    missing = [name for name in names if name not in value]
    if missing:
        raise ToolError(f"{', '.join(missing)} is missing", path)
    return tuple(number(value[name], f"{path}.{name}", notes) for name in names)


def point(value: Any, path: str, notes: Notes | None = None) -> tuple[float, float]:
    """One ``[x, y]`` pair (further members are ignored). Raises ToolError."""
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) < 2:
        raise ToolError(f"{kind_of(value)} stands where a point belongs", path)
    return number(value[0], f"{path}[0]", notes), number(value[1], f"{path}[1]", notes)


def points(value: Any, path: str, notes: Notes) -> Points:
    """A list of ``[x, y]`` pairs as a read-only array of shape (n, 2).

    A bad point is left out and told to `notes`; a value that is no list raises ToolError.
    """
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise ToolError(f"{kind_of(value)} stands where a list of points belongs", path)
    if len(value) > limits.POINTS_PER_SHAPE:
        raise ToolError(f"{len(value):,} points are more than {limits.POINTS_PER_SHAPE:,}", path)
    array = _usual_points(value)
    if array is None:
        good: list[tuple[float, float]] = []
        for i, item in enumerate(value):
            try:
                good.append(point(item, f"{path}[{i}]", notes))
            except ToolError as error:
                notes(str(error), "the point was left out", error.path, error=True)
        array = np.array(good, dtype=np.float64).reshape(len(good), 2)
    array.flags.writeable = False
    return array


def _usual_points(value: Sequence[Any]) -> Points | None:
    """The array of pairs of plain numbers, made without looking at each by itself; None for anything else."""
    if set(map(type, value)) != {list} or set(map(len, value)) != {2}:
        return None
    flat = list(chain.from_iterable(value))
    if not _NUMBERS.issuperset(map(type, flat)):
        return None  # numpy reads booleans, numeric text and null without a word
    try:
        array = np.fromiter(flat, np.float64, len(flat))
    except OverflowError:
        return None
    return array.reshape(len(value), 2) if np.abs(array).max() <= 1e12 else None  # NaN fails the comparison


_NUMBERS = frozenset((int, float))

VOXELS = ("x1", "y1", "z1", "x2", "y2", "z2")
"""Two opposite corners in voxel indices: how boxes and lines of a medical volume are written (format §9.3)."""


def is_voxels(value: Any) -> bool:
    """Whether this is a shape of a medical volume, which has no place on a single page."""
    return isinstance(value, Mapping) and "z1" in value


def voxel_fields(voxels: Sequence[float]) -> Fields:
    """The inspector's lines for the six numbers of `VOXELS`."""
    start, end = (", ".join(shown(v) for v in voxels[i : i + 3]) for i in (0, 3))
    return (("From voxel", start), ("To voxel", end))


def surface(ring_in_page: Points) -> tuple[Primitive, ...]:
    """A ring of shape (n, 2) as what can be drawn of it: an area, or of too few points a line or a dot."""
    if len(ring_in_page) >= 3:
        return (Area((ring_in_page,)),)
    return line(ring_in_page)


def line(points_in_page: Points) -> tuple[Primitive, ...]:
    """An open line through points of shape (n, 2); one point is a dot, none is nothing."""
    if len(points_in_page) >= 2:
        return (Line(points_in_page),)
    return tuple(Dot(float(x), float(y)) for x, y in points_in_page)


def centre(primitives: tuple[Primitive, ...]) -> tuple[float, float] | None:
    """The middle of the bounds of primitives in page space; None when there is nothing."""
    around = bounds(primitives)
    if around is None:
        return None
    return (around[0] + around[2]) / 2, (around[1] + around[3]) / 2


def between(a: float, b: float, t: float) -> float:
    """The number at t in 0..1 on the way from `a` to `b`."""
    return a + (b - a) * t


def kind_of(value: Any) -> str:
    """The JSON kind of a value, in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, Sequence) else "an object"


def shown(value: float) -> str:
    """A coordinate for people: at most two decimals, no trailing zeros."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
