"""PDF files for tests, written object by object: boxes, rotation, UserUnit, damage; and where a marker must lie."""

from __future__ import annotations

from dataclasses import dataclass

Rect = tuple[float, float, float, float]


@dataclass(frozen=True)
class Sheet:
    """One page: boxes in user space (y up), rotation in degrees, content operators."""

    media: Rect = (0, 0, 200, 100)
    crop: Rect | None = None
    rotate: int = 0
    user_unit: float = 1.0
    content: str = ""
    extra: str = ""

    @property
    def view(self) -> Rect:
        """CropBox within MediaBox."""
        if self.crop is None:
            return self.media
        m, c = self.media, self.crop
        return max(m[0], c[0]), max(m[1], c[1]), min(m[2], c[2]), min(m[3], c[3])

    @property
    def size(self) -> tuple[float, float]:
        """Displayed (width, height) in points, by ISO 32000-2 alone."""
        x0, y0, x1, y1 = self.view
        width, height = (x1 - x0) * self.user_unit, (y1 - y0) * self.user_unit
        return (height, width) if self.rotate % 180 else (width, height)

    def shown(self, rect: Rect) -> Rect:
        """A user-space rectangle in displayed points (y down)."""
        x0, y0, x1, y1 = self.view
        corners = []
        for x, y in ((rect[0], rect[1]), (rect[2], rect[3])):
            u, v = (x - x0) * self.user_unit, (y1 - y) * self.user_unit  # upright, y down
            width, height = (x1 - x0) * self.user_unit, (y1 - y0) * self.user_unit
            for _ in range(self.rotate // 90 % 4):  # a quarter turn clockwise
                u, v, width, height = height - v, u, height, width
            corners.append((u, v))
        (a, b), (c, d) = corners
        return min(a, c), min(b, d), max(a, c), max(b, d)


def filled(rect: Rect, colour: tuple[float, float, float] = (1, 0, 0)) -> str:
    """Operators that fill a rectangle whose corners are cut a little.

    Cut, because PDFium grows plain rectangles to whole pixels.
    """
    x0, y0, x1, y1 = rect
    outline = ((x0 + 2, y0), (x1 - 2, y0), (x1, y0 + 2), (x1, y1 - 2))
    outline += ((x1 - 2, y1), (x0 + 2, y1), (x0, y1 - 2), (x0, y0 + 2))
    path = " ".join(f"{x} {y} {'l' if k else 'm'}" for k, (x, y) in enumerate(outline))
    return f"{colour[0]} {colour[1]} {colour[2]} rg {path} h f"


def pdf(*sheets: Sheet, catalog: str = "", count: int | None = None, extra: tuple[str, ...] = ()) -> bytes:
    """A PDF with these pages. `extra` are further objects, numbered after all others; -1 as `count` omits it."""
    objects: list[str] = []
    kids = [3 + 2 * k for k in range(len(sheets))]
    number = "" if count == -1 else f"/Count {len(sheets) if count is None else count}"
    objects.append(f"<</Type/Catalog/Pages 2 0 R {catalog}>>")
    objects.append(f"<</Type/Pages/Kids[{' '.join(f'{k} 0 R' for k in kids)}] {number}>>")
    for k, sheet in enumerate(sheets):
        crop = "" if sheet.crop is None else f"/CropBox[{' '.join(map(str, sheet.crop))}]"
        unit = "" if sheet.user_unit == 1.0 else f"/UserUnit {sheet.user_unit}"
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[{' '.join(map(str, sheet.media))}]{crop}{unit}"
            f"/Rotate {sheet.rotate}/Contents {kids[k] + 1} 0 R/Resources<<>>{sheet.extra}>>"
        )
        objects.append(f"<</Length {len(sheet.content)}>>stream\n{sheet.content}\nendstream")
    objects.extend(extra)
    out, places = bytearray(b"%PDF-1.7\n"), []
    for n, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{n} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def with_damaged_xref(data: bytes) -> bytes:
    """The same file with a cross-reference table that points nowhere."""
    at = data.rindex(b"startxref")
    return data[:at] + b"startxref\n7\n%%EOF\n"


def encrypted(data: bytes, password: str) -> bytes:
    """The same file, AES-256, with a user password."""
    import pymupdf

    with pymupdf.open(stream=data, filetype="pdf") as document:
        out: bytes = document.tobytes(encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw=password, owner_pw="owner")
    return out
