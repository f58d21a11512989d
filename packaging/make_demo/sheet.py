"""Pages of a PDF that know where everything on them lies, because their text is laid out here."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

UPRIGHT, ACROSS = (595.0, 842.0), (842.0, 595.0)
INK, GREY, RULE, ACCENT = (0.13, 0.15, 0.18), (0.42, 0.45, 0.50), (0.80, 0.82, 0.85), (0.10, 0.36, 0.52)
REGULAR, BOLD = "helv", "hebo"

Rect = tuple[float, float, float, float]


@dataclass
class Sheet:
    """One page as it is looked at: origin at the top left, y down, points."""

    size: tuple[float, float]
    turn: int = 0
    texts: list[tuple[float, float, str, float, str, tuple[float, float, float]]] = field(default_factory=list)
    """(x, baseline, text, size, font, colour)"""
    boxes: list[tuple[Rect, tuple[float, float, float] | None, tuple[float, float, float] | None]] = field(
        default_factory=list
    )
    """(rectangle, fill, outline)"""
    curves: list[tuple[list[tuple[float, float]], float]] = field(default_factory=list)
    picture: tuple[Rect, str] | None = None
    places: dict[str, tuple[list[Rect], str]] = field(default_factory=dict)
    """What can be labelled, by name: the rectangles of its lines and its text."""

    def write(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 10.0,
        font: str = REGULAR,
        colour: tuple[float, float, float] = INK,
        name: str = "",
    ) -> Rect:
        """One line of text with its baseline at y; `name` makes it something to label."""
        self.texts.append((x, y, text, size, font, colour))
        rect = (x - 1.0, y - size * 0.82, x + width_of(text, size, font) + 1.0, y + size * 0.26)
        if name:
            rects, said = self.places.setdefault(name, ([], ""))
            rects.append(rect)
            self.places[name] = rects, f"{said} {text}".strip()
        return rect

    def paragraph(self, x: float, y: float, width: float, text: str, size: float = 10.0, name: str = "") -> float:
        """Lines no longer than `width`; the baseline after the last one."""
        line = ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if width_of(longer, size, REGULAR) > width and line:
                self.write(x, y, line, size, name=name)
                line, y = word, y + size * 1.5
            else:
                line = longer
        self.write(x, y, line, size, name=name)
        return y + size * 1.5


# fmt: off
# The advance widths of Helvetica (Adobe's font metrics), in thousandths, of the characters 32-126
_REGULAR = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, *[556] * 10, 278, 278, 584,
    584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722,
    667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556,
    222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)
_BOLD = (
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, *[556] * 10, 333, 333, 584,
    584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722,
    667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611,
    278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
)
# fmt: on


def width_of(text: str, size: float, font: str) -> float:
    """The width of a line in points."""
    widths = _BOLD if font == BOLD else _REGULAR
    return sum(widths[ord(c) - 32] if 32 <= ord(c) < 127 else 556 for c in text) * size / 1000


def pdf_of(sheets: list[Sheet], *, title: str, photo: bytes) -> bytes:
    """The pages as a PDF file; `photo` is the JPEG for their pictures. Nothing in it depends on the clock."""
    import pymupdf

    document = pymupdf.open()
    for sheet in sheets:
        media = UPRIGHT if sheet.turn == 0 else (sheet.size[1], sheet.size[0])
        page = document.new_page(width=media[0], height=media[1])
        page.set_rotation(sheet.turn)
        back = page.derotation_matrix
        for rect, inside, outline in sheet.boxes:
            page.draw_rect(pymupdf.Rect(*rect) * back, color=outline, fill=inside, width=0.8 if outline else 0)
        if sheet.picture is not None:
            page.insert_image(pymupdf.Rect(*sheet.picture[0]) * back, stream=photo, rotate=sheet.turn)
        for x, y, text, size, font, colour in sheet.texts:
            page.insert_text(
                pymupdf.Point(x, y) * back, text, fontsize=size, fontname=font, color=colour, rotate=sheet.turn
            )
        for points, width in sheet.curves:
            page.draw_polyline(
                [pymupdf.Point(*p) * back for p in points], color=ACCENT, width=width, lineJoin=1, lineCap=1
            )
    document.set_metadata(
        {
            "title": title,
            "author": "Example Facility Services",
            "creationDate": "D:20261105090000Z",
            "modDate": "D:20261105090000Z",
            "producer": "",
            "creator": "",
        }
    )
    out = io.BytesIO()
    document.save(out, garbage=4, deflate=True, no_new_id=True)
    return out.getvalue()
