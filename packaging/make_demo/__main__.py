"""Make the demo that comes with the program: ``python packaging/make_demo [--json-only] FOLDER``.

FOLDER gets the export, ``media/`` with the files it names, and ``project/`` with ontology and issues. The JSON
files are the same on every machine; the media are as far as their codecs are.
"""

from __future__ import annotations

import argparse
import io
import json
from pathlib import Path
from typing import Any

import crossing
import lot
import report
import shelf
import thorax
from PIL import Image, ImageOps
from project import PEOPLE, hex_id, ontology
from story import Task

EXPORT = "demo-project_2026-11-20.json"


def tasks() -> list[Task]:
    """All tasks, in the order of the export."""
    return [lot.task(), shelf.task(), crossing.task(), report.task(), thorax.task()]


def issues(of: list[Task]) -> list[dict[str, Any]]:
    """What reviewers wrote when they rejected."""
    by_name = {task.name: task for task in of}
    said = (
        (
            "lot",
            "vehicle-m0",
            "Box is turned the wrong way, about 5 degrees.",
            "Closed",
            "Geometry",
            [428, 842],
            None,
            "Turned.",
        ),
        ("lot", "shadow", "This is a shadow, not a car.", "Closed", "False positive", [1352, 330], None, "Removed."),
        (
            "lot",
            "lawn",
            "Plaza and flower bed are no lawn; the strip on the right is missing.",
            "Closed",
            "Geometry",
            [1652, 128],
            None,
            "",
        ),
        (
            "lot",
            "walker-5",
            "Set the point on the head, not on the shadow.",
            "Closed",
            "Geometry",
            [910, 543],
            None,
            "",
        ),
        ("shelf", "crate-2-2", "Plums, not tomatoes.", "Closed", "Attribute", [980, 200], 2, "Fixed."),
        ("shelf", "tag-2-5", "One price tag is missing.", "Closed", "Missing", [980, 700], 2, ""),
        (
            "crossing",
            "bike-1",
            "The bicycle is not labelled.",
            "Closed",
            "Missing",
            [400, 144],
            20,
            "Added up to the edge.",
        ),
        ("crossing", "east-1", "Track ends a second too late.", "Closed", "Track", [620, 200], 110, ""),
        ("report", "finding-4", "Severity is High in the table.", "Closed", "Attribute", None, 1, ""),
        ("thorax", "vessel", "A vessel, not a nodule.", "Closed", "False positive", [184, 124], 4, "Agreed, removed."),
        (
            "thorax",
            "nodule-13",
            "Margin is spiculated. Please discuss with radiology.",
            "Open",
            "Attribute",
            [86, 100],
            13,
            "",
        ),
    )
    found = []
    for name, label, content, status, kind, position, page, answer in said:
        task = by_name[name]
        reviewer, annotator = (PEOPLE[task.visits[k].who] for k in (1, 0))
        found.append(
            {
                "_id": hex_id("issue", name, label, length=24),
                "asset": {"externalId": task.asset["externalId"], "batches": task.asset["batches"]},
                "labelTask": task.task_id,
                "stage": "Review",
                "createdBy": reviewer,
                "createdAt": task.json()["task"]["stageHistory"][2]["completedAt"],
                "status": status,
                "errorType": kind,
                "content": content,
                "comments": [{"createdBy": annotator, "content": answer}] if answer else [],
                **({"position": json.dumps(position)} if position else {}),
                **({"page": page} if page is not None else {}),
                "objectId": task.object_id(label),
            }
        )
    return found


def write_json(folder: Path) -> None:
    """The export (one asset a line), ontology and issues."""
    made = tasks()
    lines = ",\n".join(json.dumps(task.json(), ensure_ascii=False, separators=(",", ":")) for task in made)
    (folder / "project").mkdir(parents=True, exist_ok=True)
    (folder / EXPORT).write_text(f"[\n{lines}\n]\n", encoding="utf-8", newline="\n")
    for name, value in (("ontology.json", ontology()), ("issues.json", issues(made))):
        text = json.dumps(value, ensure_ascii=False, indent=1)
        (folder / "project" / name).write_text(f"{text}\n", encoding="utf-8", newline="\n")


def write_media(folder: Path) -> None:
    """Pictures, video, report and scan."""
    folder.mkdir(parents=True, exist_ok=True)
    lot.write(folder)
    with Image.open(folder / lot.NAME) as stored:
        small = ImageOps.exif_transpose(stored).resize((800, 560), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=80)
    report.write(folder, out.getvalue())
    shelf.write(folder)
    crossing.write(folder)
    thorax.write(folder)


def main() -> None:
    """Read the command line and make what it asks for."""
    parser = argparse.ArgumentParser(description="Make the demo export and its files.")
    parser.add_argument("--json-only", action="store_true", help="leave the media as they are")
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    write_json(options.folder)
    if not options.json_only:
        write_media(options.folder / "media")


if __name__ == "__main__":
    main()
