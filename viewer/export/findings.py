"""Collects what was wrong in one asset, and takes typed values out of loosely typed JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from viewer import limits
from viewer.errors import Problem
from viewer.model import Edits
from viewer.tools.base import kind_of

_ISO_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z")
_EPOCH_MS_FROM = 1e11
"""Smaller numbers would be dates before March 1973 in milliseconds; they are read as seconds."""


class Findings:
    """The problems of one asset, each with its place. Keeps at most ``limits.PROBLEMS_KEPT`` of them."""

    def __init__(self, *, index: int | None, file: str | None, external_id: str | None = None) -> None:
        self.index = index
        self.file = file
        self.external_id = external_id
        self.problems: list[Problem] = []
        self.left_out = 0

    def add(self, what: str, instead: str, path: str, *, error: bool = False) -> None:
        """Keep one problem: what is wrong at `path`, and what was done instead."""
        if len(self.problems) >= limits.PROBLEMS_KEPT:
            self.left_out += 1
            return
        self.problems.append(
            Problem(
                severity="error" if error else "warning",
                what=what,
                instead=instead,
                file=self.file,
                asset_index=self.index,
                external_id=self.external_id,
                path=path,
            )
        )

    @property
    def count(self) -> int:
        """How many there are, those beyond the limit too."""
        return len(self.problems) + self.left_out

    def same_place(self) -> Findings:
        """An empty list for the same asset."""
        return Findings(index=self.index, file=self.file, external_id=self.external_id)

    def all(self) -> tuple[Problem, ...]:
        """The problems in the order found, with a last line for those beyond the limit."""
        if self.left_out:
            more = Problem(
                severity="warning",
                what=f"{self.left_out:,} more problems",
                instead="they are not listed",
                file=self.file,
                asset_index=self.index,
                external_id=self.external_id,
                path="$",
            )
            return (*self.problems, more)
        return tuple(self.problems)

    # ---- typed values; absent and null are None without a word ----------------------------------------

    def text(self, value: Any, path: str) -> str | None:
        """Text, or a number as text (told: ids and names are text in the format)."""
        if value is None or type(value) is str:
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
            found = str(int(value) if whole else value)
            self.add("a number stands where text belongs", f'it was read as "{found}"', path)
            return found
        self.add(f"{kind_of(value)} stands where text belongs", "it was left out", path)
        return None

    def person(self, value: Any, path: str) -> str | None:
        """An e-mail or a name; V2 also wrote ``{_id, name}``."""
        if isinstance(value, Mapping):
            for name in ("name", "email", "_id"):
                if isinstance(value.get(name), str):
                    return str(value[name])
        return self.text(value, path)

    def time(self, value: Any, path: str) -> str | None:
        """ISO 8601 in UTC (``…Z``) of an ISO text or of epoch milliseconds."""
        if value is None or value == "":
            return None
        if type(value) is str and _ISO_UTC.fullmatch(value):
            return value
        try:
            if isinstance(value, bool) or not isinstance(value, str | int | float):
                raise ValueError(kind_of(value))
            if isinstance(value, str) and not value.strip().lstrip("-").isdecimal():
                moment = datetime.fromisoformat(value.strip())
                moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            else:
                number = float(value)
                seconds = number / 1000 if abs(number) >= _EPOCH_MS_FROM else number
                moment = datetime.fromtimestamp(seconds, UTC)
            return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        except (ValueError, OverflowError, OSError):
            self.add("this is not a time", "no time is shown", path)
            return None

    def integer(self, value: Any, path: str) -> int | None:
        """A whole number; a fraction is rounded down and told, a number written as text is told."""
        if type(value) is int:
            return value
        if value is None:
            return None
        number: float | None = None
        if isinstance(value, float):
            number = value
        elif isinstance(value, str):
            try:
                number = float(value)
            except ValueError:
                number = None
        if number is None or not abs(number) < 1e18:
            what = (
                "the number is not finite" if number is not None else f"{kind_of(value)} stands where a number belongs"
            )
            self.add(what, "it was left out", path)
            return None
        whole = int(number // 1)
        if isinstance(value, str):
            self.add("text stands where a number belongs", f"it was read as {whole}", path)
        elif whole != number:
            self.add(f"{number} is not a whole number", f"it was read as {whole}", path)
        return whole

    def page(self, value: Any, path: str) -> int | None:
        """A 0-based page. One that no asset can have is kept, so that the label is listed, and told."""
        if type(value) is int and 0 <= value <= limits.VIDEO_FRAMES:
            return value
        page = self.integer(value, path)
        if page is not None and not 0 <= page <= limits.VIDEO_FRAMES:
            self.add(f"there is no page {page}", "it is listed, not drawn", path, error=True)
        return page

    def flag(self, value: Any, path: str) -> bool:
        """A boolean; absent is False, and "true" and "false" are told."""
        if value is None or type(value) is bool:
            return bool(value)
        if isinstance(value, str) and value.lower() in ("true", "false"):
            self.add("text stands where true or false belongs", f"it was read as {value.lower()}", path)
            return value.lower() == "true"
        self.add(f"{kind_of(value)} stands where true or false belongs", "it was read as false", path)
        return False

    def items(self, value: Any, path: str, *, of: str) -> list[Any]:
        """A list; absent is empty, anything else is told."""
        if type(value) is list:
            return value
        if value is not None:
            self.add(f"{kind_of(value)} stands where a list of {of} belongs", "it was left out", path, error=True)
        return []

    def members(self, value: Any, path: str) -> Mapping[str, Any]:
        """An object; absent is empty, anything else is told."""
        if type(value) is dict:
            return value
        if value is not None:
            self.add(f"{kind_of(value)} stands where an object belongs", "it was left out", path)
        return {}

    def edits(self, metadata: Mapping[str, Any], path: str) -> tuple[Edits, Edits]:
        """When, who and in which stage: created, and last updated."""
        if not metadata:
            return NO_EDITS, NO_EDITS
        return self._edit(metadata, "created", path), self._edit(metadata, "updated", path)

    def _edit(self, metadata: Mapping[str, Any], verb: str, path: str) -> Edits:
        at, by, stage = metadata.get(verb + "At"), metadata.get(verb + "By"), metadata.get(verb + "In")
        if at is None and by is None and stage is None:
            return NO_EDITS
        return (
            self.time(at, f"{path}.{verb}At"),
            self.person(by, f"{path}.{verb}By"),
            self.text(stage, f"{path}.{verb}In"),
        )


NO_EDITS: Edits = (None, None, None)


def plural(count: int, noun: str) -> str:
    """``1 label``, ``2,000 labels``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
