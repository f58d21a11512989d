"""The project of the demo: its people, stages, classes and questions, with the ids that the export uses."""

from __future__ import annotations

import hashlib
from typing import Any

ANNOTATORS = {
    "mert": "mert.aydin@example.com",
    "lucia": "lucia.romero@example.com",
    "amira": "amira.haddad@example.com",
}
REVIEWERS = {"jana": "jana.krueger@example.com", "tomas": "tomas.novak@example.com"}
PEOPLE = {**ANNOTATORS, **REVIEWERS}


def hex_id(*parts: object, length: int = 23) -> str:
    """A stable id of as many hexadecimal digits as Ango Hub gives."""
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()[:length]


REVIEW_ID = "5d1f0c2e-8a64-4f0b-9b0e-6c1d0f4f2a10"
STAGES = (
    {"id": "Start", "name": "Start", "type": "Start", "position": {"x": 80, "y": 160}},
    {"id": "Label", "name": "Label", "type": "Label", "position": {"x": 320, "y": 160}},
    {"id": REVIEW_ID, "name": "Review", "type": "Review", "position": {"x": 560, "y": 160}},
    {"id": "Complete", "name": "Complete", "type": "Complete", "position": {"x": 800, "y": 160}},
)

# title: (tool, colour)
CLASSES: dict[str, tuple[str, str]] = {
    "Car": ("rotated-bounding-box", "#22B8CF"),
    "Van": ("rotated-bounding-box", "#FAB005"),
    "Truck": ("rotated-bounding-box", "#FD7E14"),
    "Building": ("polygon", "#9775FA"),
    "Rooftop unit": ("bounding-box", "#748FFC"),
    "Crosswalk": ("polygon", "#E03131"),
    "Tree": ("polygon", "#82C91E"),
    "Lawn": ("segmentation", "#40C057"),
    "Footpath": ("spline", "#E8B04A"),
    "Crack": ("polyline", "#F06595"),
    "Lane line": ("polyline", "#FFE066"),
    "Manhole": ("circle", "#4DABF7"),
    "Pedestrian": ("point", "#FFF3BF"),
    "Oil stain": ("brush", "#D6336C"),
    "Wet patch": ("brush", "#1C7ED6"),
    "Road user": ("bounding-box", "#15AABF"),
    "Turning vehicle": ("rotated-bounding-box", "#F76707"),
    "Person": ("point", "#FCC419"),
    "Stop line": ("polyline", "#FF8787"),
    "Crate": ("bounding-box", "#20C997"),
    "Price tag": ("bounding-box", "#FFD43B"),
    "Fruit": ("polygon", "#FF6B6B"),
    "Bottle": ("bounding-box", "#69DB7C"),
    "Gap": ("polygon", "#FA5252"),
    "Shelf edge": ("polyline", "#ADB5BD"),
    "Finding": ("pdf", "#F783AC"),
    "Measure": ("pdf", "#63E6BE"),
    "Reading": ("pdf", "#74C0FC"),
    "Signature": ("pdf", "#B197FC"),
    "Lung": ("segmentation", "#4DABF7"),
    "Heart": ("polygon", "#FF6B6B"),
    "Aorta": ("polygon", "#FF922B"),
    "Vertebra": ("polygon", "#FFE066"),
    "Nodule": ("bounding-box", "#F06595"),
    "Spine curve": ("polyline", "#94D82D"),
}

RELATIONS: dict[str, tuple[str, str]] = {
    "yields to": ("one-to-one", "#FFFFFF"),
    "blocked by": ("one-to-one", "#FFA94D"),
    "drives with": ("one-to-one", "#66D9E8"),
    "same delivery": ("group", "#EEBEFA"),
    "same queue": ("group", "#D8F5A2"),
    "fixed by": ("one-to-one", "#63E6BE"),
    "priced by": ("one-to-one", "#FFD43B"),
    "same finding": ("group", "#F06595"),
}

# title: (tool, options, {option: nested questions})
QUESTIONS: dict[str, tuple[str, tuple[str, ...], dict[str, tuple[str, ...]]]] = {
    "State": ("radio", ("Parked", "Moving", "Stopped"), {"Moving": ("Direction",)}),
    "Direction": ("single-dropdown", ("North", "North-east", "East", "South", "West", "North-west"), {}),
    "Visible": ("radio", ("Fully", "Partly"), {"Partly": ("Hidden by",)}),
    "Hidden by": ("checkbox", ("Tree", "Vehicle", "Edge of picture"), {}),
    "Fans": ("single-dropdown", ("1", "2", "3"), {}),
    "Crown": ("radio", ("Healthy", "Sparse"), {}),
    "Weather": ("radio", ("Sunny", "Overcast", "Rain"), {"Sunny": ("Shadows",)}),
    "Shadows": ("radio", ("Short", "Long"), {}),
    "Surface": ("checkbox", ("Asphalt", "Concrete", "Grass"), {}),
    "Site": ("tree-dropdown", ("North", "North / Site 04", "North / Site 05", "South"), {}),
    "Remark": ("text", (), {}),
    "Signal": ("radio", ("East–west green", "North–south green", "All red"), {}),
    "Kind": ("radio", ("Car", "Van", "Truck", "Bicycle"), {}),
    "Sort": ("single-dropdown", ("Orange", "Apple", "Lemon", "Lime", "Tomato", "Plum"), {}),
    "Ripeness": ("radio", ("Ripe", "Unripe", "Spoilt"), {"Spoilt": ("Spots",)}),
    "Spots": ("checkbox", ("Brown", "Mould", "Bruise"), {}),
    "Picture quality": ("radio", ("Sharp", "Blurred"), {}),
    "Planogram": ("radio", ("Met", "Not met"), {"Not met": ("Reason",)}),
    "Reason": ("checkbox", ("Out of stock", "Wrong place", "Missing tag"), {}),
    "Severity": ("radio", ("Low", "Medium", "High"), {"High": ("Deadline",)}),
    "Deadline": ("single-dropdown", ("24 hours", "7 days", "30 days"), {}),
    "Document": ("single-dropdown", ("Inspection report", "Invoice", "Letter"), {}),
    "Side": ("radio", ("Left", "Right", "Both"), {}),
    "Margin": ("radio", ("Smooth", "Spiculated"), {"Spiculated": ("Follow-up",)}),
    "Follow-up": ("multi-dropdown", ("CT in 3 months", "PET", "Biopsy"), {}),
    "Body part": ("radio", ("Chest", "Abdomen"), {}),
    "Slices needed": ("rank", ("Axial", "Coronal", "Sagittal"), {}),
}  # fmt: skip

ASKED: dict[str, tuple[str, ...]] = {
    "Car": ("State", "Visible"),
    "Van": ("State", "Visible"),
    "Truck": ("State",),
    "Rooftop unit": ("Fans",),
    "Tree": ("Crown",),
    "Road user": ("Kind",),
    "Turning vehicle": ("Kind",),
    "Crate": ("Sort",),
    "Fruit": ("Ripeness",),
    "Finding": ("Severity",),
    "Lung": ("Side",),
    "Nodule": ("Margin",),
}
FRAME_SPECIFIC = ("Signal",)
OF_ASSET = ("Weather", "Surface", "Site", "Remark", "Signal", "Picture quality", "Planogram", "Document", "Body part")


def class_id(title: str) -> str:
    """The schema id of a class."""
    return hex_id("class", title)


def question_id(title: str, owner: str = "") -> str:
    """The schema id of a question; a question of a class or option is one of its own."""
    return hex_id("question", owner, title)


def relation_id(title: str) -> str:
    """The schema id of a relation."""
    return hex_id("relation", title)


def _question(title: str, owner: str) -> dict[str, Any]:
    tool, options, nested = QUESTIONS[title]
    own = question_id(title, owner)
    return {
        "title": title,
        "tool": tool,
        "required": False,
        "schemaId": own,
        "multiple": False,
        "frameSpecific": title in FRAME_SPECIFIC,
        "options": [{"value": option, "schemaId": hex_id("option", own, option)} for option in options],
        "classifications": [
            {**_question(child, title), "parentOptionId": hex_id("option", own, option)}
            for option, children in nested.items()
            for child in children
        ],
    }


def ontology() -> dict[str, Any]:
    """What ``GET /v2/project/{id}`` would answer, as far as a viewer needs it."""
    return {
        "data": {
            "project": {
                "_id": hex_id("project", length=24),
                "name": "Viewer demo",
                "categorySchema": {
                    "tools": [
                        {
                            "title": title,
                            "tool": tool,
                            "required": False,
                            "schemaId": class_id(title),
                            "color": shade,
                            "shortcutKey": "",
                            "classifications": [_question(question, title) for question in ASKED.get(title, ())],
                        }
                        for title, (tool, shade) in CLASSES.items()
                    ],
                    "classifications": [_question(title, "") for title in OF_ASSET],
                    "relations": [
                        {
                            "title": title,
                            "tool": tool,
                            "required": False,
                            "schemaId": relation_id(title),
                            "color": shade,
                        }
                        for title, (tool, shade) in RELATIONS.items()
                    ],
                },
                "stages": list(STAGES),
                "batches": [
                    {"_id": hex_id("batch", name, length=24), "name": name}
                    for name in ("survey-november", "retail-pilot", "radiology-pilot")
                ],
            }
        }
    }
