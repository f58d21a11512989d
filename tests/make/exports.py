"""Exports of any size, made up but true to form: the same bytes for the same arguments on every Python.

    python -m tests.make.exports OUT --size 200MB|--assets N [--seed 7] [--layout array|ndjson|pretty]
        [--kinds image=.5 video=.5] [--dense 0.3] [--start K] [--damage 7:bad_number 9:null_point]
        [--edits .1] [--cut .9] [--bom] [--crlf]

With --edits, that share of the objects is really changed from each stage to the next. Asset *i* depends on
(seed, i) alone. Only `random.Random.random` is used, whose values never change.
"""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.make.export_damage import DAMAGE
from tests.make.export_edits import corrected, corrected_lists, edited
from tests.make.export_labels import CLASSES, PEOPLE, Dice, Label, answer, dumps, first_labels

LAYOUTS = ("array", "ndjson", "pretty")
KINDS = {"image": 0.4, "multi-image": 0.1, "video": 0.25, "pdf": 0.1, "dicom": 0.1, "text": 0.05}
STAGES = {
    "Start": "Start",
    "Label": "Label",
    "Review": "5e8f02b1-7d5a",
    "Pre-label": "0c11aa27-91f3",
    "QA": "b7741c90-2e6b",
}

# ---- one asset -----------------------------------------------------------------------------------------------


def asset_json(
    seed: int, i: int, *, kinds: dict[str, float] | None = None, dense: float = 0.1, edits: float = 0.0
) -> str:
    """The JSON of asset `i`, on one line, with ``asset`` as its first key.

    `edits`: so many of the objects are really changed in every stage; without it few stages change anything.
    """
    dice, hand = Dice(seed, i), Dice(seed, i, "edits")
    kind = _weighted(dice, kinds or KINDS)
    ascii_only = dice.chance(0.3)
    accent = "e\u0301" if dice.chance(0.5) else "é"

    def title(tool: str) -> str:
        return str(dice.pick(CLASSES[tool])).replace("é", accent)

    # every 50th file is there twice, under another task
    file = i - 1 if i % 50 == 49 else i
    suffix = {"image": "png", "multi-image": "jpg", "video": "mp4", "pdf": "pdf", "dicom": "dcm", "text": "txt"}[kind]
    signed = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20240920T101500Z&X-Amz-Expires=120000"
    url = f"https://bucket.example.com/p/{file:06d}.{suffix}?{signed}&X-Amz-Signature={dice.hex(64)}"
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
            elif edits:
                labels = corrected(hand, labels, rate=edits)
                answers, relations = corrected_lists(hand, answers, relations, labels)
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
    edits: float = 0.0,
    damage: dict[int, str] | None = None,
) -> Iterator[bytes]:
    """The file piece by piece, until it has `size` bytes or `assets` assets."""
    before, between, after = {"array": (b"[", b",", b"]"), "ndjson": (b"", b"\n", b"\n"),
                              "pretty": (b"[\n  ", b",\n  ", b"\n]\n")}[layout]  # fmt: skip
    yield before
    written, i = len(before), 0
    while (assets and i < assets) or (size and written < size):
        text = asset_json(seed, start + i, kinds=kinds, dense=dense, edits=edits)
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
    parser.add_argument("--edits", type=float, default=0.0)
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
          layout=a.layout, dense=a.dense, edits=a.edits, kinds=kinds, damage=damage)  # fmt: skip


if __name__ == "__main__":
    main()
