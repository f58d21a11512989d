"""Reading values of a DICOM dataset that may be missing, empty or nonsense: then they count as absent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydicom.dataset import Dataset


def value(dataset: Dataset | None, keyword: str) -> Any:
    """The value of an element, None when it is absent, empty or cannot be converted."""
    if dataset is None:
        return None
    try:
        found = dataset.get(keyword)
    except Exception:  # pydicom converts on access; what it raises for a bad value is not one family
        return None
    return None if found is None or (isinstance(found, str | bytes) and not found) else found


def numbers(dataset: Dataset | None, keyword: str) -> tuple[float, ...]:
    """The values of an element as finite numbers; empty when any of them is none."""
    found = value(dataset, keyword)
    if found is None:
        return ()
    items = found if isinstance(found, Sequence) and not isinstance(found, str | bytes) else (found,)
    try:
        result = tuple(float(item) for item in items)
    except (TypeError, ValueError, OverflowError):
        return ()
    return result if all(math.isfinite(number) for number in result) else ()


def number(dataset: Dataset | None, keyword: str) -> float | None:
    """The first value of an element as a finite number."""
    found = numbers(dataset, keyword)
    return found[0] if found else None


def whole(dataset: Dataset | None, keyword: str, default: int = 0) -> int:
    """The first value of an element as a whole number, `default` when it is none."""
    found = number(dataset, keyword)
    return default if found is None else int(found)


def text(dataset: Dataset | None, keyword: str) -> str:
    """The first value of an element as text, "" when it is absent."""
    found = value(dataset, keyword)
    if found is None:
        return ""
    if isinstance(found, Sequence) and not isinstance(found, str | bytes):
        found = found[0] if len(found) else ""
    return str(found).strip(" \0")


def items(dataset: Dataset | None, keyword: str) -> Sequence[Dataset]:
    """The items of a sequence; empty when it is absent or no sequence."""
    found = value(dataset, keyword)
    if found is None or isinstance(found, str | bytes) or not isinstance(found, Sequence):
        return ()
    return found


def first_item(dataset: Dataset | None, keyword: str) -> Dataset | None:
    """The first item of a sequence."""
    found = items(dataset, keyword)
    try:
        return found[0] if len(found) else None
    except Exception:
        return None


class Groups:
    """Functional groups of an enhanced multi-frame file: per frame, else shared by all frames.

    pydicom's own helpers look only at the top level of the dataset and so apply nothing to such files.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._shared = first_item(dataset, "SharedFunctionalGroupsSequence")
        self._per_frame = items(dataset, "PerFrameFunctionalGroupsSequence")

    def macro(self, frame: int, keyword: str) -> Dataset | None:
        """The first item of the macro sequence `keyword` that holds for a frame; None when there is none."""
        if frame < len(self._per_frame):
            try:
                own = first_item(self._per_frame[frame], keyword)
            except Exception:
                own = None
            if own is not None:
                return own
        return first_item(self._shared, keyword)

    def places(self, frame: int, keyword: str) -> tuple[Dataset, ...]:
        """Where to look for what the macro `keyword` holds, the nearest first: the macro, the top level."""
        macro = self.macro(frame, keyword)
        return (self._dataset,) if macro is None else (macro, self._dataset)
