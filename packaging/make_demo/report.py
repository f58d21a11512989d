"""An inspection report of four pages, one of them turned: the PDF of the demo."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import ink
import numpy as np
from sheet import ACCENT, ACROSS, BOLD, GREY, INK, REGULAR, RULE, UPRIGHT, Rect, Sheet, pdf_of, width_of
from story import LABEL_1, LABEL_2, REVIEW_1, REVIEW_2, Answer, Json, Label, Relation, Task, Visit

NAME = "inspection_1187.pdf"
SHOWN = 1.5
"""Ango Hub shows a page scaled; the export gives coordinates and page size of that."""

FINDINGS = (
    ("F1", "Drain M4 blocked, standing water at the exit", "High", "Clear drain, flush pipe", "24 hours"),
    ("F2", "Crack across aisle 2, 12 m long, up to 8 mm", "Medium", "Seal with bitumen", "30 days"),
    ("F3", "Kerb loose at the second island", "Medium", "Reset three kerb stones", "30 days"),
    ("F4", "Crosswalk paint worn to 60 %", "Low", "Repaint", "next season"),
    ("F5", "Fan 2 of rooftop unit 3 does not start", "High", "Replace motor", "7 days"),
)
READINGS = (
    ("Lamp 1", "21.4", "20", "ok"),
    ("Lamp 2", "20.8", "20", "ok"),
    ("Lamp 3", "12.1", "20", "low"),
    ("Lamp 4", "22.6", "20", "ok"),
    ("Lamp 5", "19.7", "20", "low"),
    ("Lamp 6", "23.0", "20", "ok"),
    ("Entrance", "61.3", "50", "ok"),
    ("Ramp", "38.2", "40", "low"),
)


def _head(sheet: Sheet, number: int, title: str) -> None:
    width, height = sheet.size
    sheet.boxes.append(((0, 0, width, 6), ACCENT, None))
    sheet.write(48, 40, "Example Facility Services", 9, BOLD, ACCENT)
    sheet.write(width - 48 - width_of("Report 1187", 9, REGULAR), 40, "Report 1187", 9, REGULAR, GREY)
    sheet.write(48, 78, title, 20, BOLD)
    sheet.boxes.append(((48, height - 44, width - 48, height - 43.4), RULE, None))
    sheet.write(48, height - 30, "Site 04, car park north  -  inspected 2 November 2026", 8, REGULAR, GREY)
    page = f"Page {number} of 4"
    sheet.write(width - 48 - width_of(page, 8, REGULAR), height - 30, page, 8, REGULAR, GREY)


def sheets() -> list[Sheet]:
    """The four pages."""
    return [_summary(), _findings(), _readings(), _closing()]


def _summary() -> Sheet:
    sheet = Sheet(UPRIGHT)
    _head(sheet, 1, "Inspection report")
    sheet.write(48, 100, "Car park north, roof and outdoor lighting", 12, REGULAR, GREY)
    facts = (
        ("Report no.", "1187"),
        ("Order", "FM-2026-0871"),
        ("Inspector", "Pavel Horak"),
        ("Weather", "sunny, 11 degrees, after rain"),
    )
    for k, (what, said) in enumerate(facts):
        y = 140 + k * 19
        sheet.write(48, y, what, 10, REGULAR, GREY)
        sheet.write(140, y, said, 10, BOLD, name={0: "number", 1: "order", 2: "inspector"}.get(k, ""))
    y = sheet.write(48, 240, "Summary", 13, BOLD)[3] + 18
    y = sheet.paragraph(
        48,
        y,
        499,
        "The surface is in fair order. Two matters need action within a week: the drain by the exit is blocked, "
        "and one fan on the roof does not start.",
        name="summary",
    )
    y = sheet.paragraph(
        48,
        y + 6,
        499,
        "Cracks in aisle 2 have grown by about a third since April. They are still sound at the edges and can "
        "be sealed; if they are left over the winter, the section will have to be milled.",
        name="cracks",
    )
    y = sheet.paragraph(
        48,
        y + 6,
        499,
        "Lighting is below the agreed 20 lux at lamps 3 and 5. The ramp misses its value by a small margin.",
    )
    sheet.picture = ((48, y + 12, 547, y + 12 + 349.3), "lot")
    sheet.places["photo"] = [sheet.picture[0]], ""
    sheet.write(48, y + 378, "Picture 1: the site from mast 2, 42 m above ground.", 8.5, REGULAR, GREY)
    return sheet


def _findings() -> Sheet:
    sheet = Sheet(UPRIGHT)
    _head(sheet, 2, "Findings and measures")
    columns = (48, 78, 322, 376, 494)
    sheet.boxes.append(((48, 104, 547, 124), ACCENT, None))
    for x, title in zip(columns, ("No.", "Finding", "Severity", "Measure", "By"), strict=True):
        sheet.write(x + 6, 118, title, 9, BOLD, (1, 1, 1))
    for k, (number, finding, severity, measure, until) in enumerate(FINDINGS):
        top = 124 + k * 30
        if k % 2:
            sheet.boxes.append(((48, top, 547, top + 30), (0.955, 0.965, 0.975), None))
        tint = {"High": (0.90, 0.27, 0.24), "Medium": (0.95, 0.64, 0.16), "Low": (0.35, 0.68, 0.38)}[severity]
        sheet.boxes.append(((columns[2] + 6, top + 11, columns[2] + 13, top + 18), tint, None))
        for x, text, name in zip(
            (54, 84, 342, 382, 500),
            (number, finding, severity, measure, until),
            ("", f"finding-{k}", "", f"measure-{k}", f"until-{k}"),
            strict=True,
        ):
            sheet.write(x, top + 18.5, text, 8.6, BOLD if x == 54 else REGULAR, name=name)
        sheet.boxes.append(((48, top + 29.6, 547, top + 30), RULE, None))
    y = sheet.write(48, 318, "Notes", 13, BOLD)[3] + 18
    y = sheet.paragraph(
        48,
        y,
        499,
        "F1: water stood 4 cm deep over an area of about 30 square metres. The grating was lifted; leaves and "
        "gravel fill the trap. Until it is cleared, two stalls should be closed.",
        name="note-1",
    )
    y = sheet.paragraph(
        48,
        y + 6,
        499,
        "F2: three gauge marks were set. At mark B the crack has opened from 6 to 8 mm since April.",
        name="note-2",
    )
    sheet.paragraph(
        48,
        y + 6,
        499,
        "F5: the motor hums and does not turn; the winding measures 0.4 ohm. The breaker was left off.",
        name="note-5",
    )
    left, top = 48.0, y + 78
    sheet.write(left, top - 12, "Crack width at mark B (mm)", 9.5, BOLD)
    sheet.boxes.append(((left, top, left + 330, top + 150), None, RULE))
    sheet.places["chart"] = [(left, top, left + 330, top + 150)], ""
    for k in range(1, 5):
        sheet.boxes.append(((left, top + 150 - k * 30, left + 330, top + 150.4 - k * 30), RULE, None))
        sheet.write(left - 14, top + 153 - k * 30, str(k * 2), 7.5, REGULAR, GREY)
    points = [(left + 20 + i * 48, top + 150 - v * 15) for i, v in enumerate((5.8, 6.0, 6.1, 6.7, 7.0, 7.6, 8.1))]
    sheet.curves.append((points, 1.6))
    for (x, y_), month in zip(points, ("May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"), strict=True):
        sheet.boxes.append(((x - 2.4, y_ - 2.4, x + 2.4, y_ + 2.4), ACCENT, None))
        sheet.write(x - 8, top + 162, month, 7.5, REGULAR, GREY)
    return sheet


def _readings() -> Sheet:
    sheet = Sheet(ACROSS, turn=90)
    _head(sheet, 3, "Lighting, measured after dusk")
    columns = (48, 210, 330, 450)
    sheet.boxes.append(((48, 104, 560, 124), ACCENT, None))
    for x, title in zip(columns, ("Place", "Measured (lux)", "Agreed (lux)", "Result"), strict=True):
        sheet.write(x + 6, 118, title, 9, BOLD, (1, 1, 1))
    for k, row in enumerate(READINGS):
        top = 124 + k * 24
        if row[3] == "low":
            sheet.boxes.append(((48, top, 560, top + 24), (0.995, 0.925, 0.915), None))
        for i, (x, text) in enumerate(zip(columns, row, strict=True)):
            sheet.write(x + 6, top + 16, text, 9.5, BOLD if i == 3 else REGULAR, name=f"value-{k}" if i == 1 else "")
        sheet.boxes.append(((48, top + 23.6, 560, top + 24), RULE, None))
    sheet.write(600, 118, "Method", 11, BOLD)
    sheet.paragraph(
        600,
        138,
        194,
        "Values are means of five readings at ground level, taken between 17:40 and 18:20 with a class B "
        "meter. The page is printed across so that the table fits the binder.",
        9.5,
        name="method",
    )
    for k, (place, measured, agreed, _) in enumerate(READINGS):
        x = 60 + k * 62
        share = float(measured) / 70
        tint = (0.90, 0.42, 0.36) if float(measured) < float(agreed) else (0.30, 0.60, 0.75)
        sheet.boxes.append(((x, 500 - share * 140, x + 34, 500), tint, None))
        sheet.write(x - 2, 512, place, 7.5, REGULAR, GREY)
        sheet.boxes.append(
            ((x - 6, 500 - float(agreed) / 70 * 140 - 0.5, x + 40, 500 - float(agreed) / 70 * 140 + 0.5), INK, None)
        )
    sheet.boxes.append(((48, 500, 560, 500.6), GREY, None))
    sheet.places["bars"] = [(48, 346, 560, 518)], ""
    return sheet


# The way of a pen, (right, down) in points
_HAND_1 = (
    (0, 6),
    (6, -22),
    (16, -24),
    (18, -12),
    (6, -6),
    (14, 2),
    (24, -8),
    (28, 2),
    (34, -8),
    (37, -1),
    (44, -9),
    (46, 2),
    (54, -10),
    (58, 1),
    (62, -6),
    (70, -26),
    (72, -24),
    (66, 4),
    (78, -8),
    (82, 1),
    (92, -8),
    (98, 0),
    (108, -6),
    (128, -10),
)
_HAND_2 = (
    (2, -24),
    (0, 2),
    (10, -8),
    (13, 2),
    (20, -9),
    (24, 1),
    (30, -7),
    (33, 0),
    (44, -2),
    (50, -25),
    (62, -20),
    (60, 0),
    (48, 3),
    (66, -7),
    (74, 2),
    (80, -8),
    (84, 1),
    (92, -8),
    (96, 1),
    (104, -14),
    (104, 0),
    (112, -6),
    (126, -2),
)


def _closing() -> Sheet:
    sheet = Sheet(UPRIGHT)
    _head(sheet, 4, "Conclusion")
    y = sheet.paragraph(
        48,
        116,
        499,
        "The car park may stay open. Two stalls by the exit are to be closed until drain M4 is clear. The next "
        "inspection is due on 3 May 2027.",
        name="conclusion",
    )
    y = sheet.paragraph(
        48,
        y + 8,
        499,
        "Costs are estimated at EUR 6,480 without tax. Measures with a deadline of 24 hours and 7 days have been "
        "ordered by telephone; the rest needs an order.",
        name="costs",
    )
    y += 40
    sheet.write(48, y, "Inspector", 9, REGULAR, GREY)
    sheet.write(320, y, "Accepted for the owner", 9, REGULAR, GREY)
    for x in (48, 320):
        sheet.boxes.append(((x, y + 66, x + 200, y + 66.6), GREY, None))
    for x, way in ((60, _HAND_1), (334, _HAND_2)):
        curve = ink.catmull_rom(np.array(way) * (1.25, 1.25) + np.array((x, y + 46)), 10)
        sheet.curves.append(([(float(u), float(v)) for u, v in curve], 1.3))
    sheet.places["signature"] = [(54, y + 12, 226, y + 63)], ""
    sheet.places["counter"] = [(328, y + 12, 500, y + 63)], ""
    sheet.write(48, y + 82, "Pavel Horak, 2 November 2026", 9)
    sheet.write(320, y + 82, "Ines Duarte, 5 November 2026", 9)
    return sheet


def write(folder: Path, photo: bytes) -> None:
    """The report; `photo` is a small JPEG for its first page."""
    (folder / NAME).write_bytes(pdf_of(sheets(), title="Inspection report 1187", photo=photo))


# ---- labels -----------------------------------------------------------------------------------------------


def highlight(page: int, name: str) -> Json:
    """A selected text, or an area where there is none, as the PDF tool exports it."""
    sheet = sheets()[page]
    rects, text = sheet.places[name]
    width, height = (side * SHOWN for side in sheet.size)

    def scaled(rect: Rect) -> Json:
        x1, y1, x2, y2 = (v * SHOWN for v in rect)
        return {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "width": width, "height": height}

    whole = (min(r[0] for r in rects), min(r[1] for r in rects), max(r[2] for r in rects), max(r[3] for r in rects))
    position = {
        "boundingRect": scaled(whole),
        "rects": [scaled(r) for r in rects] if text else [],
        "pageNumber": page + 1,
    }
    return {"pdf": {"position": position, "content": {"text": text} if text else {"image": "data:image/png;base64,"}}}


def _widened(shape: Json, right: float) -> Json:
    """The same area reaching further to the right, as when a selection slips."""
    position = shape["pdf"]["position"]
    rects = [{**r, "x2": r["x2"] + right} for r in position["rects"]]
    bounding = {**position["boundingRect"], "x2": position["boundingRect"]["x2"] + right}
    return {"pdf": {**shape["pdf"], "position": {**position, "boundingRect": bounding, "rects": rects}}}


def task() -> Task:
    """The report's way through the workflow."""
    made = Task(
        name="report",
        asset={
            "asset": f"media/{NAME}",
            "externalId": "reports/inspection_1187.pdf",
            "metadata": {"frameTotal": 4},
            "batches": ["survey-november"],
        },
        begins=datetime(2026, 11, 6, 10, 20, 31, 660_000),
        visits=(
            Visit("mert", 14.2),
            Visit("tomas", 3.9, "Rejected"),
            Visit("mert", 7.5),
            Visit("tomas", 2.2, "Accepted"),
        ),
        pauses=(2.6, 1.9, 66.0, 4.4),
    )
    labels = made.labels
    for k, (_, _, severity, _, until) in enumerate(FINDINGS):
        graded = Answer("Severity", severity, (Answer("Deadline", until),) if severity == "High" else ())
        label = Label("Finding", f"finding-{k}", highlight(1, f"finding-{k}"), (graded,))
        if k == 4:
            label.was(LABEL_2, answers=(Answer("Severity", "Medium"),))
        if k == 1:
            label.was(REVIEW_2, shape=_widened(highlight(1, "finding-1"), 40))
        labels.append(label)
        label = Label("Measure", f"measure-{k}", highlight(1, f"measure-{k}"))
        if k == 3:
            label.born = LABEL_2
        if k == 2:
            label.was(LABEL_2, title="Finding")
        labels.append(label)
    for name in ("summary", "cracks"):
        labels.append(Label("Finding", name, highlight(0, name), (Answer("Severity", "Medium"),)))
    labels.append(Label("Reading", "number", highlight(0, "number")))
    labels.append(Label("Reading", "order", highlight(0, "order"), born=LABEL_2))
    labels.append(Label("Signature", "name", highlight(0, "inspector"), gone=LABEL_2))
    labels.append(
        Label(
            "Finding",
            "note-1",
            highlight(1, "note-1"),
            (Answer("Severity", "High", (Answer("Deadline", "24 hours"),)),),
        )
    )
    labels.append(Label("Reading", "chart", highlight(1, "chart")))
    for k, row in enumerate(READINGS):
        if row[3] == "low":
            label = Label("Reading", f"value-{k}", highlight(2, f"value-{k}"))
            if k == 7:
                label.born = REVIEW_2
            labels.append(label)
    labels.append(Label("Reading", "bars", highlight(2, "bars")))
    labels.append(Label("Finding", "method", highlight(2, "method"), (Answer("Severity", "Low"),), gone=LABEL_2))
    labels.append(Label("Measure", "conclusion", highlight(3, "conclusion")))
    labels.append(Label("Signature", "signature", highlight(3, "signature")))
    labels.append(Label("Signature", "counter", highlight(3, "counter"), born=LABEL_2))
    made.relations = [
        *(
            Relation("fixed by", f"fixed-{k}", f"finding-{k}", f"measure-{k}", born=LABEL_2 if k == 3 else LABEL_1)
            for k in range(5)
        ),
        Relation("same finding", "water", group=("finding-0", "note-1", "summary"), born=REVIEW_1),
    ]
    made.answers = [(LABEL_1, Answer("Document", "Letter")), (LABEL_2, Answer("Document", "Inspection report"))]
    return made
