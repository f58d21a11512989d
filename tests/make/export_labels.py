"""Labels of made-up exports: their geometry in JavaScript's number style, answers, tracks, and their JSON.

Only `random.Random.random` is used, whose values never change.
"""

from __future__ import annotations

import json
import math
import random
from typing import Any

PEOPLE = ("ann@example.com", "bo@example.com", "chloë@example.com", "reviewer@example.com", "plugin@example.com")
CLASSES = {
    "bounding-box": ("car", "plate", 'sign "stop"', "péd"),  # the last one is written NFC or NFD
    "polygon": ("roof", "field \\ north"),
    "polyline": ("lane", "vessel"),
    "point": ("landmark", "tip"),
    "segmentation": ("water", "tissue"),
    "rotated-bounding-box": ("boat",),
    "pdf": ("total", "invoice no"),
    "ner": ("person", "place"),
}


class Dice:
    """Choices that are the same on every version of Python."""

    def __init__(self, *key: object) -> None:
        self.random = random.Random("/".join(map(str, key))).random

    def below(self, n: int) -> int:
        return int(self.random() * n)

    def pick(self, items: Any) -> Any:
        return items[self.below(len(items))]

    def chance(self, p: float) -> bool:
        return self.random() < p

    def hex(self, n: int) -> str:
        return "".join("0123456789abcdef"[self.below(16)] for _ in range(n))


def js(value: float) -> float | int:
    """A number as JavaScript writes it: no ``.0``."""
    return int(value) if value == int(value) else value


class Label:
    """One entry of ``tools``; its JSON is made once and again only when it was edited."""

    def __init__(self, dice: Dice, tool: str, value: Any, page: int | None, *, object_id: str, title: str) -> None:
        self.tool, self.value, self.page, self.object_id, self.title = tool, value, page, object_id, title
        self.geometry_first = dice.chance(0.5)
        self.answers: list[dict[str, Any]] = []
        self.metadata = {"createdAt": f"2024-09-0{1 + dice.below(9)}T09:{10 + dice.below(50)}:00.120Z",
                         "createdBy": dice.pick(PEOPLE), "createdIn": "Label"}  # fmt: skip
        self.stopped = False
        self._halves: tuple[str, str] | None = None

    def copy(self) -> Label:
        new = object.__new__(Label)
        new.__dict__.update(self.__dict__, answers=list(self.answers), _halves=None)
        return new

    def halves(self, *, ascii_only: bool) -> tuple[str, str]:
        """What stands before and after ``metadata``."""
        if self._halves is None:
            geometry = {self.tool: self.value}
            ids: dict[str, Any] = {"objectId": self.object_id}
            rest: dict[str, Any] = {"schemaId": schema_id(self.title)}
            if self.page is not None:
                rest["page"] = self.page
            rest["title"] = self.title
            if self.stopped:
                rest["interpolationStopped"] = True
            first: dict[str, Any] = {**geometry, **ids} if self.geometry_first else {**ids, **geometry}
            first["classifications"] = self.answers
            if not self.geometry_first:
                first["schemaId"] = rest.pop("schemaId")
            self._halves = (dumps(first, ascii_only)[1:-1], dumps(rest, ascii_only)[1:-1])
        return self._halves


def dumps(value: Any, ascii_only: bool) -> str:
    return json.dumps(value, ensure_ascii=ascii_only, separators=(",", ":"))


def schema_id(title: str) -> str:
    return f"{sum(ord(c) * 31**i for i, c in enumerate(title)) % 16**23:023x}"


# ---- geometry ----------------------------------------------------------------------------------------------


def ring(dice: Dice, n: int, x: float, y: float, radius: float) -> list[list[float | int]]:
    points: list[list[float | int]] = []
    for i in range(n):
        r = radius * (0.8 + 0.4 * dice.random())
        points.append([js(x + r * math.floor(1000 * math.cos(6.283 * i / n)) / 1000),
                       js(y + r * math.floor(1000 * math.sin(6.283 * i / n)) / 1000)])  # fmt: skip
    return points


def value_of(dice: Dice, tool: str, *, heavy: float) -> Any:
    x, y, w, h = dice.random() * 1800, dice.random() * 1000, 5 + dice.random() * 120, 5 + dice.random() * 120
    n = 3 + int(60 * dice.random() ** 2)
    if dice.chance(heavy):
        n = 500 + int(18_500 * dice.random() ** 4)
    if tool == "bounding-box":
        if dice.chance(0.3):
            x, y, w, h = (float(int(v)) for v in (x, y, w, h))
        return {"x": js(x), "y": js(y), "height": js(h), "width": js(w)}
    if tool == "rotated-bounding-box":
        a = dice.random() * 360 - 180
        cos, sin = math.cos(math.radians(a)), math.sin(math.radians(a))
        corners = [[x, y], [x - h * sin, y + h * cos], [x + w * cos - h * sin, y + w * sin + h * cos],
                   [x + w * cos, y + w * sin]]  # fmt: skip
        return {"x": x, "y": y, "width": w, "height": h, "rotation": round(a, 6),
                "corners": [[round(c, 9) for c in p] for p in corners]}  # fmt: skip
    if tool == "point":
        return [x, y]
    if tool == "polyline":
        return ring(dice, max(2, n // 3), x, y, w)
    if tool == "segmentation":
        zones = [{"region": ring(dice, n, x, y, w), "holes": [ring(dice, 5, x, y, w / 4)] if dice.chance(0.3) else []}]
        if dice.chance(0.2):
            zones.append({"region": ring(dice, 4, x + 200, y, h), "holes": []})
        return {"zones": zones}
    if tool == "pdf":
        rect = {"x1": x, "y1": y, "x2": x + w, "y2": y + 12, "width": 612, "height": 792}
        return {"position": {"boundingRect": rect, "rects": [rect] if dice.chance(0.7) else [], "pageNumber": 1},
                "content": {"text": "Total 12,50 €"}}  # fmt: skip
    if tool == "ner":
        start = dice.below(5000)
        return {"start": start, "end": start + 3 + dice.below(20), "selection": "Anna in “Köln”"}
    points = ring(dice, n, x, y, w)
    if dice.chance(0.02):
        points[:2] = points[1::-1]  # crosses itself
    return points


def shifted(value: Any, dx: float, dy: float) -> Any:
    if isinstance(value, dict):
        if "zones" in value:
            return {"zones": [{"region": shifted(z["region"], dx, dy), "holes": shifted(z["holes"], dx, dy)}
                              for z in value["zones"]]}  # fmt: skip
        moved = dict(value)
        for key, d in (("x", dx), ("y", dy)):
            if key in moved:
                moved[key] = js(moved[key] + d)
        if "corners" in moved:
            moved["corners"] = shifted(moved["corners"], dx, dy)
        return moved
    if value and not isinstance(value[0], list):
        return [js(value[0] + dx), js(value[1] + dy)]
    return [shifted(v, dx, dy) for v in value]


# ---- answers and the labels of a first stage ----------------------------------------------------------------------


def answer(dice: Dice, depth: int = 0) -> dict[str, Any]:
    """A question with up to three levels."""
    inner = [answer(dice, depth + 1)] if depth < 2 and dice.chance(0.3) else []
    tool, value = dice.pick((("radio", "Red"), ("checkbox", ["wet", "dïrty"]), ("text", 'said "hm" \\ left\nright')))
    return {"objectId": dice.hex(23), "schemaId": f"{depth}a30fb5b62a9e28e06da47a", "tool": tool,
            "title": f"level {depth + 1}", "answer": value, "classifications": inner}  # fmt: skip


def first_labels(dice: Dice, kind: str, *, dense: float, title: Any) -> list[Label]:
    labels: list[Label] = []

    def add(tool: str, page: int | None, *, object_id: str | None = None, value: Any = None, name: str = "") -> Label:
        value = value_of(dice, tool, heavy=0.03) if value is None else value
        label = Label(dice, tool, value, page, object_id=object_id or dice.hex(23), title=name or title(tool))
        if dice.chance(0.15):
            label.answers = [answer(dice)]
        labels.append(label)
        return label

    if kind == "video":
        for _ in range(1 + dice.below(6)):
            tool = dice.pick(("bounding-box", "polygon", "polygon", "point"))
            object_id, name, value = dice.hex(23), title(tool), value_of(dice, tool, heavy=0.0)
            start = dice.below(200)
            for page in range(start, start + 1 + int(900 * dice.random() ** 5)):
                add(tool, page, object_id=object_id, value=shifted(value, 0.37 * (page - start), 0.21), name=name)
            if dice.chance(0.3):
                add(tool, labels[-1].page + 1, object_id=object_id, value=value, name=name).stopped = True  # type: ignore[operator]
        return labels
    count = 3 + int(60 * dice.random() ** 2) + (int(400 * dice.random()) if dice.chance(dense) else 0)
    tools = {"text": ("ner",), "pdf": ("pdf", "pdf", "bounding-box")}.get(
        kind, ("bounding-box", "bounding-box", "polygon", "polyline", "point", "segmentation", "rotated-bounding-box")
    )
    for _ in range(count):
        add(dice.pick(tools), dice.below(4) if kind in ("multi-image", "dicom", "pdf") else None)
    return labels
