"""Ways in which one asset of an export is damaged: each takes its JSON and gives it back broken."""

from __future__ import annotations

import re
from collections.abc import Callable


def _replace_first(pattern: bytes, by: bytes) -> Callable[[bytes], bytes]:
    def damage(data: bytes) -> bytes:
        result, count = re.subn(pattern, lambda _: by, data, count=1)
        assert count == 1, f"there is no {pattern!r} to damage"
        return result

    return damage


def _replace_last(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def damage(data: bytes) -> bytes:
        before, found, after = data.rpartition(old)
        assert found, f"there is no {old!r} to damage"
        return before + new + after

    return damage


def _in_text(insert: bytes) -> Callable[[bytes], bytes]:
    """Put bytes into the value of ``externalId``."""
    return _replace_first(rb'(?<="externalId":)(\s*)"r', b'"r' + insert)


_NUMBER = rb'(?<="duration":)\s*\d+'
_COORDINATE = rb'(?<="x":)\s*-?[\d.]+'
_POINT = rb"\[\s*-?\d+(?:\.\d+)?,\s*-?\d+(?:\.\d+)?\s*\]"

DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "bad_number": _replace_first(_NUMBER, b"1.2.3"),
    "nan": _replace_first(_COORDINATE, b"NaN"),
    "missing_brace": lambda data: data[:-1],
    "missing_brace_in_label": _replace_first(rb'\}(?=,\s*"(?:objectId|schemaId)")', b""),
    "unterminated_string": _replace_first(rb'("externalId":\s*"[^"]*)"', b'"externalId":"never closed'),
    "bad_utf8_in_name": _in_text(b"\xff\xfe"),
    "bad_utf8_in_label": _replace_last(b'"title":', b'"note":"\xc3(","title":'),
    "control_character": _in_text(b"\x01"),
    "raw_newline": _in_text(b"\n"),
    "lone_surrogate": _in_text(rb"\ud83d"),
    "lost_start": lambda data: data[40:],
    "junk_between": lambda data: data + b",%%% what is this? %%%",
    "wrong_type": _replace_first(rb'(?<="task":)(?=\s*\{)', b'[],"was":'),
    "null_point": _replace_first(_POINT, b"[null,null]"),
    "number_as_string": _replace_first(_NUMBER, b'"12 s"'),
    "not_an_object": lambda data: b"5",
    "deep_nesting": _replace_first(
        rb'(?<="metadata":)\s*(?=\{)', b'{"deep":' + b"[" * 100_000 + b"]" * 100_000 + b'},"was":'
    ),
    "duplicate_key": _replace_first(rb'"externalId":', b'"externalId":"first","externalId":'),
    "missing_task": _replace_first(rb'"task":', b'"tusk":'),
    "nested_look_alike": _replace_first(
        rb'"metadata":',
        b'"contextData":{"list":[{"a":1},{"asset":"x","externalId":"inner","task":{"tools":[]}}]},"metadata":',
    ),
}  # fmt: skip
"""The kinds; cut files, BOM and CRLF are made by `tests.make.exports.write`."""
