"""Labels that stand in several snapshots of a task, written alike: read once."""

from __future__ import annotations

from msgspec.structs import replace

from viewer.model import Annotation, Classification


class Repeats:
    """The annotations of one task's entries by their JSON. Threads may share it.

    A review changes few labels, and each snapshot repeats all of them: finding one by its bytes takes a small part
    of the time of reading it. Geometry and answers are shared; only the path is another in each snapshot.
    """

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[Annotation, ...]] = {}

    def keep(self, json: bytes, annotations: list[Annotation]) -> None:
        """An entry that was read without a problem. Its annotations have the path of the entry."""
        self._known[json] = tuple(annotations)

    def of(self, json: bytes, at: str) -> list[Annotation]:
        """The annotations of an entry at the path `at`; empty when none like it was read."""
        return [_moved(annotation, at) for annotation in self._known.get(json, ())]


def _moved(annotation: Annotation, at: str) -> Annotation:
    if not annotation.classifications:
        return replace(annotation, path=at)
    since = len(annotation.path)
    return replace(annotation, path=at, classifications=_all_moved(annotation.classifications, at, since))


def _all_moved(found: tuple[Classification, ...], at: str, since: int) -> tuple[Classification, ...]:
    return tuple(
        replace(c, path=at + c.path[since:], classifications=_all_moved(c.classifications, at, since)) for c in found
    )
