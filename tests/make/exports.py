"""Exports of any size, made up but true to form: the same bytes for the same arguments on every Python.

    python -m tests.make.exports OUT --size 200MB|--assets N [--seed 7] [--layout array|ndjson|pretty]
        [--kinds image=.5 video=.5] [--dense 0.3] [--start K] [--damage 7:bad_number 9:null_point]
        [--cut .9] [--bom] [--crlf]

Asset *i* depends on (seed, i) alone. Only `random.Random.random` is used, whose values never change.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.make.export_damage import DAMAGE

LAYOUTS = ("array", "ndjson", "pretty")
KINDS = {"image": 0.4, "multi-image": 0.1, "video": 0.25, "pdf": 0.1, "dicom": 0.1, "text": 0.05}
STAGES = {
    "Start": "Start",
    "Label": "Label",
    "Review": "5e8f02b1-7d5a",
    "Pre-label": "0c11aa27-91f3",
    "QA": "b7741c90-2e6b",
}
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


# ---- one asset -----------------------------------------------------------------------------------------------


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


def edited(dice: Dice, labels: list[Label], *, rate: float) -> list[Label]:
    """The next stage's labels: most untouched, some edited, some only written differently."""
    result: list[Label] = []
    for label in labels:
        if not dice.chance(rate):
            result.append(label)
            continue
        new, what = label.copy(), dice.below(9)
        if what == 0:
            continue  # removed
        if what == 1:
            new.value = shifted(new.value, 3.5, -2.25) if new.tool not in ("pdf", "ner") else new.value
        elif what == 2 and new.tool not in ("point", "pdf", "ner", "segmentation", "rotated-bounding-box"):
            new.value = value_of(dice, new.tool, heavy=0.0)
        elif what == 3:
            new.title = dice.pick(CLASSES[new.tool])
        elif what == 4:
            new.answers = [answer(dice)]
        elif what == 5:
            new.object_id = dice.hex(23)
        elif what == 6:
            new.geometry_first = not new.geometry_first  # cosmetic: other order of keys
        elif what == 7 and new.tool == "bounding-box":
            v = new.value  # cosmetic: drawn from the other corner
            new.value = {"x": js(v["x"] + v["width"]), "y": js(v["y"] + v["height"]), "height": -v["height"],
                         "width": -v["width"]}  # fmt: skip
        elif what == 8 and new.tool == "polygon":
            new.value = new.value[2:] + new.value[:2]  # cosmetic: begins at another point
        result.append(new)
    return result


def asset_json(seed: int, i: int, *, kinds: dict[str, float] | None = None, dense: float = 0.1) -> str:
    """The JSON of asset `i`, on one line, with ``asset`` as its first key."""
    dice = Dice(seed, i)
    kind = _weighted(dice, kinds or KINDS)
    ascii_only = dice.chance(0.3)
    accent = "e\u0301" if dice.chance(0.5) else "é"

    def title(tool: str) -> str:
        return str(dice.pick(CLASSES[tool])).replace("é", accent)

    # every 50th file is there twice, under another task
    file = i - 1 if i % 50 == 49 else i
    suffix = {"image": "png", "multi-image": "jpg", "video": "mp4", "pdf": "pdf", "dicom": "dcm", "text": "txt"}[kind]
    url = f"https://bucket.example.com/p/{file:06d}.{suffix}?X-Amz-Expires=120000&X-Amz-Signature={dice.hex(64)}"
    metadata: dict[str, Any] = {"width": 1920, "height": 1080}
    if kind in ("video", "dicom", "pdf"):
        metadata["frameTotal"] = 1200 if kind == "video" else 4
    if kind == "video":
        metadata["frameRate"] = 30
    head: dict[str, Any] = {"asset": url}
    if kind == "multi-image":
        head["assetId"] = f"a{dice.hex(23)}"
        head["dataset"] = [url.replace("/p/", f"/p/{page}-") for page in range(4)]
    head["externalId"] = f"r{accent}l {file:06d}.{suffix}"
    head["metadata"] = metadata
    head["batches"] = [f"batch_{i % 7}"] if dice.chance(0.8) else []

    path = ["Start", "Label"]
    if dice.chance(0.2):
        path = ["Start", "Pre-label", "Label"]
    path += ["Review", "Label"] * (dice.below(3) if dice.chance(0.5) else 0) + ["Review"]
    if dice.chance(0.2):
        path.append("QA")
    labels: list[Label] = []
    answers = [answer(dice) for _ in range(dice.below(4))]
    relations: list[dict[str, Any]] = []
    history: list[str] = []
    total = 0
    for step, stage in enumerate(path):
        if stage != "Start":
            if not labels:
                labels = first_labels(dice, kind, dense=dense, title=title)
                relations = _relations(dice, labels)
            elif dice.chance(0.7):
                labels = edited(dice, labels, rate=0.01 if stage == "Review" else 0.08)
        duration = 0 if stage == "Start" else 1000 + dice.below(400_000)
        total += duration
        row: dict[str, Any] = {"stage": stage, "stageId": STAGES[stage], "duration": duration,
                               "completedAt": f"2024-09-{10 + step:02d}T1{step % 10}:00:00.015Z"}  # fmt: skip
        if stage != "Start":
            row["completedBy"] = dice.pick(PEOPLE)
        if stage in ("Review", "QA"):
            row["reviewStatus"] = "Accepted" if step == len(path) - 1 else dice.pick(("Rejected", "Fixed"))
        history.append(dumps(row, ascii_only)[:-1] + "," + _lists(labels, answers, relations, ascii_only) + "}")
    task: dict[str, Any] = {"taskId": f"7{i:05x}{dice.hex(18)}", "stage": "Complete", "stageId": "Complete",
                            "updatedAt": "2024-09-20T10:00:00.000Z", "updatedBy": dice.pick(PEOPLE),
                            "totalDuration": total}  # fmt: skip
    lists = _lists(labels, answers, relations, ascii_only, with_metadata=True)
    task_text = dumps(task, ascii_only)[:-1] + "," + lists + ',"stageHistory":[' + ",".join(history) + "]}"
    return dumps(head, ascii_only)[:-1] + ',"task":' + task_text + "}"


def _lists(
    labels: list[Label],
    answers: list[dict[str, Any]],
    relations: list[dict[str, Any]],
    ascii_only: bool,
    *,
    with_metadata: bool = False,
) -> str:
    entries: list[str] = []
    for label in labels:
        first, rest = label.halves(ascii_only=ascii_only)
        between = f',"metadata":{dumps(label.metadata, ascii_only)},' if with_metadata else ","
        entries.append("{" + first + between + rest + "}")
    return (
        '"tools":[' + ",".join(entries) + '],"classifications":' + dumps(answers, ascii_only)
        + ',"relations":' + dumps(relations, ascii_only)
    )  # fmt: skip


def _relations(dice: Dice, labels: list[Label]) -> list[dict[str, Any]]:
    if len(labels) < 3 or dice.chance(0.5):
        return []
    a, b, c = (dice.pick(labels).object_id for _ in range(3))
    ids = {"schemaId": "315d6b0ade3b8d516a8a708"}
    return [
        {"from": a, "to": b, "objectId": dice.hex(23), **ids, "direction": "straight", "title": "has"},
        {"objectId": dice.hex(23), **ids, "group": [a, b, c], "title": "convoy"},
    ]


def _weighted(dice: Dice, weights: dict[str, float]) -> str:
    at = dice.random() * math.fsum(weights.values())
    for name, weight in weights.items():
        at -= weight
        if at < 0:
            return name
    return next(iter(weights))


# ---- files -----------------------------------------------------------------------------------------------------

_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|\[\]|\{\}|[\[\]{},:]|[^\[\]{},:"]+')


def pretty(text: str, depth: int = 0) -> str:
    """Compact JSON indented by two spaces, several times faster than the json module does it."""
    out: list[str] = []
    add = out.append
    indents = ["\n" + "  " * d for d in range(40)]
    for token in _TOKENS.findall(text):
        if token == ",":
            add("," + indents[depth])
        elif token == ":":
            add(": ")
        elif token in ("[", "{"):
            depth += 1
            add(token + indents[depth])
        elif token in ("]", "}"):
            depth -= 1
            add(indents[depth] + token)
        else:
            add(token)
    return "".join(out)


def pieces(
    *,
    size: int = 0,
    assets: int = 0,
    seed: int = 7,
    layout: str = "array",
    start: int = 0,
    kinds: dict[str, float] | None = None,
    dense: float = 0.1,
    damage: dict[int, str] | None = None,
) -> Iterator[bytes]:
    """The file piece by piece, until it has `size` bytes or `assets` assets."""
    before, between, after = {"array": (b"[", b",", b"]"), "ndjson": (b"", b"\n", b"\n"),
                              "pretty": (b"[\n  ", b",\n  ", b"\n]\n")}[layout]  # fmt: skip
    yield before
    written, i = len(before), 0
    while (assets and i < assets) or (size and written < size):
        text = asset_json(seed, start + i, kinds=kinds, dense=dense)
        if layout == "pretty":
            text = pretty(text, 1)
        data = text.encode()
        if damage and i in damage:
            data = DAMAGE[damage[i]](data)
        if i:
            data = between + data
        yield data
        written += len(data)
        i += 1
    yield after


def write(path: Path, *, cut: float = 1.0, bom: bool = False, crlf: bool = False, **what: Any) -> Path:
    """Write an export to `path`; `what` as for `pieces`. `cut` keeps that share of the bytes."""
    with path.open("wb") as file:
        if bom:
            file.write(b"\xef\xbb\xbf")
        for piece in pieces(**what):
            file.write(piece.replace(b"\n", b"\r\n") if crlf else piece)
        if cut < 1:
            file.truncate(int(file.tell() * cut))
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--size", default="0")
    parser.add_argument("--assets", type=int, default=0)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--layout", choices=LAYOUTS, default="array")
    parser.add_argument("--dense", type=float, default=0.1)
    parser.add_argument("--kinds", nargs="*", default=[])
    parser.add_argument("--damage", nargs="*", default=[])
    parser.add_argument("--cut", type=float, default=1.0)
    parser.add_argument("--bom", action="store_true")
    parser.add_argument("--crlf", action="store_true")
    a = parser.parse_args()
    units = {"KB": 10**3, "MB": 10**6, "GB": 10**9}
    size = int(float(a.size[:-2]) * units[a.size[-2:]]) if a.size[-2:] in units else int(a.size)
    kinds = {k: float(v) for k, v in (item.split("=") for item in a.kinds)} or None
    damage = {int(k): v for k, v in (item.split(":") for item in a.damage)}
    write(a.out, cut=a.cut, bom=a.bom, crlf=a.crlf, size=size, assets=a.assets, seed=a.seed, start=a.start,
          layout=a.layout, dense=a.dense, kinds=kinds, damage=damage)  # fmt: skip


if __name__ == "__main__":
    main()
