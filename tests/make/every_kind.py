"""An export with one small asset of each kind that is shown, one that nobody can read, and one whose file is gone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from tests.make import dicoms, pdfs, standins

KINDS = ("image", "multi-image", "video", "pdf", "dicom", "unknown", "failed")
"""In the order of the assets."""


def box(number: int, page: int | None, *, note: str = "") -> dict[str, Any]:
    """A box with answers in answers; `note`: a value that nobody knows."""
    where = {} if page is None else {"page": page}
    inner = {"tool": "text", "title": "why", "answer": note or "seen", "classifications": []}
    return {
        "bounding-box": {"x": 4 + 9 * number, "y": 6, "width": 8, "height": 10}, "objectId": f"object{number}",
        "schemaId": f"class{number % 2}", "title": ("car", "van")[number % 2], **where, "note": note,
        "classifications": [{"tool": "radio", "title": "damaged", "answer": "yes", "classifications": [inner]}],
        "metadata": {"createdBy": "ann@example.com", "createdAt": "2026-01-02T03:04:05.000Z"},
    }  # fmt: skip


def asset_of(kind: str, *, query: str = "") -> dict[str, Any]:
    """One asset with two labels, a relation and two stages; `query` stands in every address and in texts."""
    names = {"image": "one.png", "multi-image": "m0.png", "video": "film.mp4", "pdf": "sheets.pdf",
             "dicom": "slices.dcm", "unknown": "thing.xyz", "failed": "nowhere.png"}  # fmt: skip
    url = f"https://bucket.example.com/p/{names[kind]}{query}"
    page = None if kind in ("image", "unknown", "failed") else 0
    tools = [box(n, page, note=url if query else "") for n in range(2)]
    relation = {"objectId": "r1", "schemaId": "rs", "title": "beside", "direction": "straight",
                "from": "object0", "to": "object1"}  # fmt: skip
    history = [{"stage": stage, "stageId": stage, "completedAt": f"2026-01-0{n}T00:00:00.000Z", "duration": 1000 * n,
                "completedBy": "ann@example.com", "tools": tools[:n], "classifications": [], "relations": []}
               for n, stage in enumerate(("Start", "Label", "Review"))]  # fmt: skip
    found: dict[str, Any] = {
        "externalId": url if query else names[kind], "metadata": {"width": 320, "height": 240},
        "task": {"taskId": f"task-{kind}", "stage": "Complete", "stageId": "Complete", "tools": tools,
                 "relations": [relation], "stageHistory": history,
                 "classifications": [{"tool": "radio", "title": "weather", "answer": "dry", "classifications": []}]},
    }  # fmt: skip
    if query:
        found["metadata"]["link"], found["contextData"], found["batches"] = url, {"where": url}, [url]
        found["task"] |= {"brushDataUrl": url, "note": [url]}
        tools[1]["title"] = f"van {url}"
        relation["title"] = url
        history[1]["stage"], history[1]["stageId"] = f"Label {url}", url
        found["task"]["classifications"][0]["title"] = url
    if kind == "multi-image":
        return found | {"dataset": [f"https://bucket.example.com/p/m{n}.png{query}" for n in range(3)]}
    return found | {"asset": url}


def write_export(path: Path, *, query: str = "") -> Path:
    """The export alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asset_of(kind, query=query) for kind in KINDS]))
    return path


def write_files(folder: Path) -> Path:
    """A file for each asset but the last, for ``--assets-dir``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("one", "m0", "m1", "m2"):
        standins.picture(folder / f"{name}.png", (320, 240))
    standins.video(folder / "film.mp4", frames=20, rate=10, size=(320, 240), codec="libx264")
    (folder / "sheets.pdf").write_bytes(pdfs.pdf(*[pdfs.Sheet()] * 3))
    (folder / "slices.dcm").write_bytes(dicoms.dicom(dicoms.ramp(4, 240, 320, np.uint16)))
    (folder / "thing.xyz").write_bytes(bytes(range(7, 90)))
    return folder
