"""JSON as lines to read: indented, signatures masked, a path for each line. No Qt; broken JSON is shown as well."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

SHOWN = 2_000_000
"""Characters; what follows is left out, and said to be."""
LINE_SHOWN = 4_000
"""Characters of one value; a text view lays out whole lines."""

_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"\\]|\\.)*"?)|(?P<short>\[(?:\s*-?\d[\d.eE+-]*\s*,){0,5}\s*-?\d[\d.eE+-]*\s*\])"""
    r"""|(?P<sign>[{}\[\],:])|(?P<word>[^\s{}\[\],:"]+)""",
    re.DOTALL,
)
_STEP = re.compile(r'\.([^.\[\]]+)|\[(\d{1,9})\]|\["((?:[^"\\]|\\.)*)"\]')
_MARK = r"(?:\?|\\u003[fF]|#|\\u0023)"
_ADDRESS = re.compile(
    rf'(?P<keep>:(?:\\?/){{2}}(?:[^\s"\\@/]*@)?(?:(?!{_MARK})(?:[^\s"\\]|\\/|\\u[0-9a-fA-F]{{4}}))*)'
    rf'(?P<mark>{_MARK})(?:[^\s"\\]|\\.)*'
)
_USER = re.compile(r'(?P<keep>:(?:\\?/){2})[^\s"/@\\]+@')
_BARE = re.compile(
    r"(?P<keep>(?:\?|&|\\u0026|\\u003[fF]|^\"?)(?:X-Amz-[A-Za-z-]+|X-Goog-[A-Za-z-]+|Signature|sig|token"
    r"|AWSAccessKeyId|Key-Pair-Id|Policy)=)(?:[^\s\"&\\]|\\/)+"
)


def masked(text: str) -> str:
    """One JSON string without what follows the ``?`` of an address, and without signatures in bare queries."""
    if ":/" in text or ":\\/" in text:
        text = _USER.sub(lambda m: f"{m['keep']}…@", text)
        text = _ADDRESS.sub(lambda m: f"{m['keep']}{m['mark']}…", text)
    if "=" in text:
        text = _BARE.sub(lambda m: f"{m['keep']}…", text)
    return text


@dataclass(slots=True)
class JsonText:
    """Lines with the key and the parent line of each."""

    text: str = ""
    starts: list[int] = field(default_factory=list)
    """Where each line begins in `text`, ascending."""
    keys: list[str | int | None] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    """-1: the root."""
    left_out: int = 0
    """Bytes of the source that are not shown."""

    def line_at(self, position: int) -> int:
        """The line of a place in the text."""
        return max(bisect_right(self.starts, position) - 1, 0)

    def path(self, line: int, root: str = "$") -> str:
        """JSON path of what stands on a line."""
        if not 0 <= line < len(self.keys):
            return root
        parts: list[str] = []
        at = line
        while at >= 0:
            key = self.keys[at]
            if isinstance(key, int):
                parts.append(f"[{key}]")
            elif key is not None:
                parts.append(f".{key}" if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", key) else f'["{key}"]')
            at = self.parents[at]
        return root + "".join(reversed(parts))

    def line_of(self, path: str) -> int:
        """The line of a JSON path from the root; of the nearest value around it where it has no line of its own."""
        at = 0
        for name, number, quoted in _STEP.findall(path.removeprefix("$")):
            key = int(number) if number else name or quoted
            try:
                found = self.parents.index(at, at + 1)
                while self.keys[found] != key:
                    found = self.parents.index(at, found + 1)
            except ValueError:
                break
            at = found
        return at

    def find(self, needle: str, *, most: int = 10_000) -> list[int]:
        """Places of a text in any case, ascending."""
        if not needle:
            return []
        flags = re.IGNORECASE
        found = []
        for match in re.finditer(re.escape(needle), self.text, flags):
            found.append(match.start())
            if len(found) >= most:
                break
        return found


def laid_out(raw: bytes, *, most: int = SHOWN) -> JsonText:
    """Indent JSON by one token after another, up to `most` characters. Bytes that are no UTF-8 are replaced."""
    source = raw[: most + 4].decode("utf-8", "replace")
    lines: list[str] = []
    result = JsonText(left_out=max(0, len(raw) - most - 4))
    stack: list[tuple[int, bool, int]] = []  # (line that opened it, whether it is a list, index of the next member)
    current = ""
    key: str | int | None = None
    length = 0
    waiting = False  # for the value after a colon

    def close() -> None:
        nonlocal current, key, length
        if current:
            result.starts.append(length)
            result.keys.append(key)
            result.parents.append(stack[-1][0] if stack else -1)
            lines.append(current)
            length += len(current) + 1
        current, key = "", None

    def begin() -> None:
        """A value or a name starts: on a line of its own unless it follows a colon."""
        nonlocal current, key
        if waiting:
            return
        close()
        current = "  " * len(stack)
        if stack and stack[-1][1]:
            opened, is_list, at = stack[-1]
            key = at
            stack[-1] = (opened, is_list, at + 1)

    expects_name = False
    for match in _TOKEN.finditer(source):
        if length >= most:
            result.left_out = max(result.left_out, len(raw) - len(source[: match.start()].encode()))
            break
        kind, token = match.lastgroup, match.group()
        if kind == "sign":
            if token == ",":
                current += ","
                waiting, expects_name = False, bool(stack) and not stack[-1][1]
            elif token == ":":
                current += ": "
                waiting, expects_name = True, False
            elif token in "{[":
                begin()
                waiting = False
                follows = _next(source, match.end())
                if follows == ("}" if token == "{" else "]"):
                    current += token
                    stack.append((-2, token == "[", 0))
                    continue
                current += token
                line = len(lines)
                close()
                stack.append((line, token == "[", 0))
                expects_name = token == "{"
            else:
                if stack and stack[-1][0] == -2:
                    stack.pop()
                    current += token
                else:
                    close()
                    if stack:
                        stack.pop()
                    current = "  " * len(stack) + token
                waiting = expects_name = False
            continue
        begin()
        if kind == "text" and expects_name:
            key = token[1:-1]
            expects_name = False
        waiting = False
        shown = masked(token) if kind == "text" else re.sub(r"\s+", " ", token) if kind == "short" else token
        if len(shown) > LINE_SHOWN:
            shown = f"{shown[:LINE_SHOWN]}… ({len(shown) - LINE_SHOWN:,} characters more)"
        current += shown
    close()
    result.text = "\n".join(lines)
    return result


def _next(text: str, at: int) -> str:
    while at < len(text) and text[at].isspace():
        at += 1
    return text[at : at + 1]
