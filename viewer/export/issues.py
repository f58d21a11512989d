"""The issue export, a file of its own, joined to tasks by their id (format §11)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from viewer.errors import ExportError
from viewer.export.beside import read_bytes
from viewer.export.findings import Findings
from viewer.export.mend import value_of

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """One remark below an issue."""

    text: str
    by: str | None = None
    at: str | None = None


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a reviewer wants to be settled."""

    issue_id: str | None
    task_id: str
    external_id: str | None = None
    stage: str | None = None
    status: str = ""
    content: str = ""
    created_at: str | None = None
    created_by: str | None = None
    codes: tuple[str, ...] = ()
    """Error types and codes as names."""
    comments: tuple[Comment, ...] = ()
    position: tuple[float, ...] = ()
    """[x, y] in label space on pictures, an offset in text, [start, end] in seconds of a recording."""
    page: int | None = None
    page_end: int | None = None
    object_id: str | None = None
    plane: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it waits to be settled."""
        return self.status.lower() == "open"


def load_issues(path: Path) -> dict[str, tuple[Issue, ...]]:
    """The issues of a file (JSON array, object, or one object per line, zipped or not) by task id, in file order.

    Items without a task are left out. Raises ExportError when the file holds no issues.
    """
    items = _items(path)
    found: dict[str, list[Issue]] = {}
    for item in items:
        issue = _issue(item)
        if issue is not None:
            found.setdefault(issue.task_id, []).append(issue)
    if items and not found:
        raise ExportError(
            f"{path.name} holds no issues: none of its entries has labelTask and content. "
            "In Ango Hub, export with the type set to issues, and open that file."
        )
    return {task_id: tuple(issues) for task_id, issues in found.items()}


def _items(path: Path) -> list[Any]:
    """The entries of the file; of one object per line those that can be read."""
    raw = read_bytes(path, what="an issue export")
    try:
        value = value_of(raw)[0]
    except ExportError as error:
        lines = _lines(raw)
        if not lines:
            raise ExportError(f"{path.name} is not an issue export. {error}") from None
        return lines
    for name in ("data", "issues"):
        if isinstance(value, dict) and isinstance(value.get(name), list | dict):
            value = value[name]
    return value if isinstance(value, list) else [value]


def _lines(raw: bytes) -> list[Any]:
    """One value per line; nothing when not even the first line is JSON."""
    found: list[Any] = []
    for line in raw.splitlines():
        if not line.strip():
            continue
        try:
            found.append(value_of(line)[0])
        except ExportError:
            if not found:
                return []
    return found


def _issue(item: Any) -> Issue | None:
    if not isinstance(item, dict):
        return None
    values = Findings(index=None, file=None)  # what is odd in an issue is not a problem of the export

    def text(name: str) -> str | None:
        return values.text(item.get(name), name)

    task_id = text("labelTask") or text("task")
    if not task_id or not ("content" in item or "status" in item):
        return None
    asset = values.members(item.get("asset"), "asset")
    comments = values.items(item.get("comments"), "comments", of="comments")
    return Issue(
        issue_id=text("_id") or text("id"),
        task_id=task_id,
        external_id=values.text(asset.get("externalId"), "asset.externalId"),
        stage=text("stage") or text("stageId"),
        status=text("status") or "",
        content=text("content") or "",
        created_at=values.time(item.get("createdAt"), "createdAt"),
        created_by=values.person(item.get("createdBy"), "createdBy"),
        codes=tuple(_codes(item)),
        comments=tuple(_comment(c, values) for c in comments if isinstance(c, dict)),
        position=_position(item.get("position")),
        page=values.integer(item.get("page"), "page"),
        page_end=values.integer(item.get("pageEnd"), "pageEnd"),
        object_id=text("objectId"),
        plane=text("plane"),
    )


def _comment(comment: dict[str, Any], values: Findings) -> Comment:
    return Comment(
        text=values.text(comment.get("content"), "content") or "",
        by=values.person(comment.get("createdBy"), "createdBy"),
        at=values.time(comment.get("createdAt"), "createdAt"),
    )


def _codes(item: dict[str, Any]) -> list[str]:
    """``errorType``, ``errorCode``, and the names in ``errorCodes``, each once."""
    found = [item[name] for name in ("errorType", "errorCode") if isinstance(item.get(name), str)]
    codes = item.get("errorCodes")
    for code in codes if isinstance(codes, list) else []:
        name = code.get("name") or code.get("key") if isinstance(code, dict) else code
        if isinstance(name, str):
            found.append(name)
    return list(dict.fromkeys(name for name in found if name))


def _position(value: Any) -> tuple[float, ...]:
    """Its numbers. In the export it is text such as ``"[x, y]"``."""
    if isinstance(value, bool) or value is None:
        return ()
    if isinstance(value, int | float):
        return (float(value),)
    if isinstance(value, list):
        return tuple(float(v) for v in value if isinstance(v, int | float) and not isinstance(v, bool))
    if isinstance(value, str):
        return tuple(float(number) for number in _NUMBER.findall(value[:200]))
    return ()
