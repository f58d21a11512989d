"""``pdf``: highlighted text or a drawn area of a PDF page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

import msgspec
import numpy as np

from viewer import limits
from viewer.geometry import Box, LabelSpace, Primitive
from viewer.tools.base import Entry, Fields, Notes, Tool, ToolError, centre, kind_of, number, numbers, shown


class Rect(msgspec.Struct, frozen=True, gc=False):
    """One rectangle in the space of the page as it was displayed; width × height is that page's size.

    With `from_bottom` it is in PDF points with the origin at the bottom left instead.
    """

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    height: float
    page: int
    from_bottom: bool = False

    def box(self, space: LabelSpace) -> Box:
        """It on the page: X = x1 / width × page width (format §5.9)."""
        corners = np.array(((self.x1, self.y1), (self.x2, self.y2)), dtype=np.float64)
        if self.from_bottom:
            corners[:, 1] = space.page_size[1] - corners[:, 1]
        else:
            corners = space.map_scaled(corners, (self.width, self.height))
        (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
        return Box(float(x0), float(y0), float(x1), float(y1))


class Pdf(msgspec.Struct, frozen=True, gc=False):
    """What is drawn (`rects`: the lines of a text, else the one area) and what was read there."""

    KEY: ClassVar[str] = "pdf"

    rects: tuple[Rect, ...]
    text: str = ""
    is_area: bool = False
    has_picture: bool = False

    @classmethod
    def parse(cls, value: Any, entry: Entry, notes: Notes) -> Self:
        """Read the exported form, or the flat one of imports. Raises ToolError when no place is left."""
        if not isinstance(value, Mapping):
            raise ToolError(f"{kind_of(value)} stands where an object belongs", ".pdf")
        if "position" not in value:
            rect = _rect(value, ".pdf", _page(value.get("pageNumber", 1), ".pdf.pageNumber", notes), notes)
            return cls((rect,), _text(value.get("text"), ".pdf.text", notes), is_area=True)
        position, path = value["position"], ".pdf.position"
        if not isinstance(position, Mapping):
            raise ToolError(f"{kind_of(position)} stands where an object belongs", path)
        if position.get("usePdfCoordinates"):
            notes(
                "the coordinates count PDF points from the bottom of the page",
                "they were turned over, which is a guess",
                f"{path}.usePdfCoordinates",
            )
        bounding = position.get("boundingRect")
        number_of_page = position.get("pageNumber")
        if number_of_page is None and isinstance(bounding, Mapping):
            number_of_page = bounding.get("pageNumber")
        page = _page(1 if number_of_page is None else number_of_page, f"{path}.pageNumber", notes)
        rects = _rects(position, page, path, notes)
        is_area = not rects
        if is_area:
            rects = (_own_rect(bounding, f"{path}.boundingRect", page, position, notes),)
        text, has_picture = _content(value.get("content"), notes)
        return cls(rects, text, is_area, has_picture)

    def by_page(self) -> Mapping[int, Pdf]:
        """Its rectangles sorted by the page they lie on."""
        pages = dict.fromkeys(rect.page for rect in self.rects)
        if len(pages) == 1:
            return dict.fromkeys(pages, self)
        return {
            page: msgspec.structs.replace(self, rects=tuple(r for r in self.rects if r.page == page)) for page in pages
        }

    def primitives(self, space: LabelSpace) -> tuple[Primitive, ...]:
        """One box per line of text, or the drawn area."""
        return tuple(rect.box(space) for rect in self.rects)

    def anchor(self, space: LabelSpace) -> tuple[float, float] | None:
        """The centre of its bounds."""
        return centre(self.primitives(space))

    def interpolated(self, after: Tool, t: float) -> Self | None:
        """Held: pages of a document have nothing in between."""
        return None

    def fields(self) -> Fields:
        """What it covers, where, and the text."""
        first = self.rects[0]
        text = (("Text", self.text[: limits.TEXT_SHOWN]),) if self.text else ()
        picture = (("Picture", "in the export"),) if self.has_picture else ()
        return (
            ("Covers", "an area" if self.is_area else f"{len(self.rects)} runs of text"),
            ("From", f"{shown(first.x1)}, {shown(first.y1)}"),
            ("To", f"{shown(self.rects[-1].x2)}, {shown(self.rects[-1].y2)}"),
            ("Page size when drawn", f"{shown(first.width)} × {shown(first.height)}"),
            *text,
            *picture,
        )


def _rects(position: Mapping[str, Any], page: int, path: str, notes: Notes) -> tuple[Rect, ...]:
    raw = position.get("rects")
    if raw is None:
        return ()
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        notes(f"{kind_of(raw)} stands where a list belongs", "the bounding rectangle is drawn", f"{path}.rects")
        return ()
    rects: list[Rect] = []
    for i, item in enumerate(raw):
        try:
            rects.append(_own_rect(item, f"{path}.rects[{i}]", page, position, notes))
        except ToolError as error:
            notes(str(error), "the rectangle was left out", error.path, error=True)
    return tuple(rects)


def _own_rect(value: Any, path: str, page: int, position: Mapping[str, Any], notes: Notes) -> Rect:
    own = value.get("pageNumber") if isinstance(value, Mapping) else None
    if own is not None:
        page = _page(own, f"{path}.pageNumber", notes)
    return _rect(value, path, page, notes, from_bottom=bool(position.get("usePdfCoordinates")))


def _rect(value: Any, path: str, page: int, notes: Notes, *, from_bottom: bool = False) -> Rect:
    x1, y1, x2, y2 = numbers(value, ("x1", "y1", "x2", "y2"), path, notes)
    if from_bottom:
        return Rect(x1, y1, x2, y2, 0.0, 0.0, page, True)
    width, height = numbers(value, ("width", "height"), path, notes)
    if width <= 0 or height <= 0:
        raise ToolError("the size of the page is not positive", path)
    return Rect(x1, y1, x2, y2, width, height, page)


def _page(value: Any, path: str, notes: Notes) -> int:
    """The 0-based page of a 1-based number. A bad one is told and means the first page."""
    try:
        found = number(value, path, notes)
        if found != int(found):
            raise ToolError("the page number is not a whole number", path)
    except ToolError as error:
        notes(str(error), "it is shown on the first page", path, error=True)
        return 0
    if found < 1:
        notes("page numbers of PDF labels begin at 1", "it lies on no page", path, error=True)
    return int(found) - 1


def _text(value: Any, path: str, notes: Notes) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    notes(f"{kind_of(value)} stands where text belongs", "no text is shown", path)
    return ""


def _content(value: Any, notes: Notes) -> tuple[str, bool]:
    if value is None:
        return "", False
    if not isinstance(value, Mapping):
        notes(f"{kind_of(value)} stands where an object belongs", "no text is shown", ".pdf.content")
        return "", False
    picture = value.get("image")
    # an empty data URL means that the project does not keep pictures (format §5.9)
    has_picture = isinstance(picture, str) and len(picture.partition(",")[2]) > 0
    return _text(value.get("text"), ".pdf.content.text", notes), has_picture
