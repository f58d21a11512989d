"""What the objects of a snapshot are called: title and a running number within their class. No Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from viewer.model import Annotation, Relation
from viewer.tracks import Timeline
from viewer.ui.inspector.words import safe_line, tr

TITLE_SHOWN = 200


def title_of(entry: Annotation | Relation) -> str:
    """The class name, for people."""
    return safe_line(entry.title)[:TITLE_SHOWN] or tr("No title")


def missing_text(object_id: str) -> str:
    """What an object is called that is not there."""
    return tr("missing object {0}").format(safe_line(object_id)[:60])


class Names:
    """Numbers count from 1 in the order of the export and stay the same on every page of a stage."""

    def __init__(self, timeline: Timeline | None = None, relations: Iterable[Relation] = ()) -> None:
        self._of = (timeline, tuple(relations))
        self._numbers: dict[str, int] = {}
        self._counts: Counter[str] = Counter()

    @cached_property
    def _first(self) -> dict[str, Annotation | Relation]:
        """The first entry of each object. Objects are counted with it, when somebody asks for one of them."""
        timeline, relations = self._of
        first: dict[str, Annotation | Relation] = {}
        if timeline is not None:
            entries = (t.entries[0] for t in timeline.tracks) if timeline.tracked else timeline.labels.annotations
            numbers, counts = self._numbers, self._counts
            for entry in entries:
                object_id = entry.object_id
                if object_id not in first:
                    first[object_id] = entry
                    counts[entry.schema_id] += 1
                    numbers[object_id] = counts[entry.schema_id]
        for relation in relations:
            first.setdefault(relation.object_id, relation)
        return first

    def number(self, object_id: str) -> str:
        """``#38``, or nothing for the only one of its class."""
        first = self._first.get(object_id)
        number = self._numbers.get(object_id)
        if first is None or number is None or self._counts[first.schema_id] < 2:
            return ""
        return f"#{number:,}"

    def first(self, object_id: str) -> Annotation | Relation | None:
        """Its first entry, whatever page that is on."""
        return self._first.get(object_id)

    def known(self, object_id: str) -> bool:
        """Whether there is such an object in this stage."""
        return object_id in self._first

    def of(self, object_id: str) -> str:
        """Title and number."""
        first = self._first.get(object_id)
        if first is None:
            return missing_text(object_id)
        return f"{title_of(first)} {self.number(object_id)}".rstrip()
