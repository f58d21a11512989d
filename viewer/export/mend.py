"""The second chance for JSON that is almost JSON: NaN, half an emoji, raw control characters, bad UTF-8, depth."""

from __future__ import annotations

import gc
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import msgspec

from viewer import limits
from viewer.errors import ExportError

T = TypeVar("T")

BROKEN = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""All that msgspec raises for bytes it cannot read; only the first is its own."""

_WORDS = r'(?P<string>"(?:[^"\\]|\\.)*+\\?(?:"|\Z))|(?P<open>[\[{])|(?P<close>[\]}])|(?P<odd>-?Infinity|NaN)'
# (a string that is not closed goes to the end: looking for its end from each quote in it would be quadratic)
# first what needs no look: separators, numbers and text of plain ASCII without escapes, in one run
# (possessive inside only: Python before 3.11.5 gets a possessive group with possessive parts wrong)
_PLAIN = r'(?:[^"\[\]{}NI\-]++|"[ !#-\[\]-~]*+"|-(?=\d))+'
_TOKENS = re.compile(f"{_PLAIN}|{_WORDS}|.", re.DOTALL)
_TOKENS_AND_NUMBERS = re.compile(
    _WORDS + r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|[^\"\[\]{}NI\-\d]+|.", re.DOTALL
)
_MAYBE_TOO_LARGE = re.compile(r"\d[eE]\+?\d{3}|\d{309}")
"""Without any such digits no number can be beyond float64, and numbers need not be looked at one by one."""

_IN_STRING = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a whole pair: kept
    r"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    r"|\\u[0-9a-fA-F]{4}|\\[\"\\/bfnrt]"  # right escapes: kept
    r"|(?P<escape>\\.?)|(?P<control>[\x00-\x1f])",
    re.DOTALL,
)


_TOO_LARGE = "out of range"
"""msgspec's words for 1e400, which it takes for a matter of type and not of text."""


@contextmanager
def collector_paused() -> Iterator[None]:
    """No cycle collection while many objects are made at once (three times faster, and they hold no cycles)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def mended(raw: bytes) -> bytes:
    """The same JSON with what a strict reader refuses replaced; still broken where its structure is.

    NaN, Infinity and numbers beyond float64 become text (``"NaN"``), which no coordinate accepts; half a
    surrogate pair and bytes that are not UTF-8 become U+FFFD; control characters in text are escaped; what
    is nested deeper than ``limits.JSON_DEPTH`` becomes null. Linear in time.
    """
    text = raw.decode("utf-8-sig", errors="replace")
    out: list[str] = []
    depth = 0
    tokens = _TOKENS_AND_NUMBERS if _MAYBE_TOO_LARGE.search(text) else _TOKENS
    for token in tokens.finditer(text):
        kind = token.lastgroup
        if kind == "open":
            depth += 1
            if depth == limits.JSON_DEPTH + 1:
                out.append("null")
        too_deep = depth > limits.JSON_DEPTH
        if kind == "close":
            depth = max(depth - 1, 0)
        if too_deep:
            continue
        part = token.group()
        if kind == "string":
            if "\\" in part or not part.isprintable():
                part = _IN_STRING.sub(_mended_character, part)
        elif kind == "odd" or (kind == "number" and math.isinf(float(part))):
            part = f'"{part}"'
        out.append(part)
    return "".join(out).encode("utf-8", errors="replace")


def _mended_character(match: re.Match[str]) -> str:
    if match.lastgroup == "half":
        return "\ufffd"
    if match.lastgroup == "escape":
        return "\\\\" + match.group()[1:] if match.group()[1:] >= " " else "\\\\"
    if match.lastgroup == "control":
        return f"\\u{ord(match.group()):04x}"
    return match.group()


class Reading:
    """One decoder with its second chance."""

    def __init__(self, kind: Any) -> None:
        self._decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(kind)

    def __call__(self, raw: bytes | msgspec.Raw) -> tuple[Any, bool]:
        """The value, and whether the text had to be repaired. Raises ExportError; ValidationError: other kind."""
        with collector_paused():
            try:
                return self._decoder.decode(raw), False
            except msgspec.ValidationError as error:
                if _TOO_LARGE not in str(error):
                    raise
            except BROKEN:
                pass
            try:
                return self._decoder.decode(mended(bytes(raw))), True
            except msgspec.ValidationError:
                raise
            except BROKEN as error:
                raise ExportError(f"This is not JSON: {reason(error)}.") from None


def reason(error: BaseException) -> str:
    """Why it is not JSON, in a few words."""
    if isinstance(error, RecursionError):
        return f"it is nested deeper than {limits.JSON_DEPTH} levels"
    if isinstance(error, UnicodeDecodeError):
        return f"its text is not UTF-8 (byte {error.start})"
    return str(error).removeprefix("JSON is malformed: ").rstrip(".")


value_of = Reading(Any)
"""Plain JSON values."""

members_of = Reading(dict[str, msgspec.Raw])
"""The members of an object, each still undecoded."""

elements_of = Reading(list[msgspec.Raw])
"""The elements of a list, each still undecoded."""
