"""Labels lie on what they were drawn around: pictures through the real decoders, ink against masks."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtGui import QImage, QPainter

from tests.make import dicoms, masks
from tests.make.ink import ink_of
from viewer.decoders import open_document
from viewer.decoders.base import Hints, Raster, View
from viewer.geometry import Affine
from viewer.model import AssetKind
from viewer.overlay.space import label_space
from viewer.ui.canvas.page_layer import draw_picture, picture_of, with_mips

SCALES = (1.0, 8.0)
BOX = (30.0, 20.0, 96.0, 64.0)
"""A bright rectangle in the displayed page, in its own coordinates; the label lies around it."""


def page_of(content: bytes, hints: Hints, kind: AssetKind, metadata_size: tuple[float, float] | None) -> Any:
    document = open_document(io.BytesIO(content), hints)
    try:
        info = document.info(0)
        raster = document.render(0, None, 1.0, view=View(), cancelled=lambda: False)
        sharp = document.render(0, None, 8.0, view=View(), cancelled=lambda: False)
    finally:
        document.close()
    space, notes = label_space(kind=kind, page_size=info.size, metadata_size=metadata_size, flags=info.flags)
    return info, raster, sharp, space, notes


def picture(raster: Raster, page_size: tuple[float, float], scale: float) -> NDArray[np.uint8]:
    """The page's pixels as the canvas draws them, grey, shape (h, w)."""
    width, height = round(page_size[0] * scale), round(page_size[1] * scale)
    pixels = np.zeros((height, width, 4), dtype=np.uint8)
    image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    try:
        draw_picture(
            painter,
            with_mips(picture_of(raster)),
            Affine.scaling(scale, scale),
            (0.0, 0.0, float(width), float(height)),
        )
    finally:
        painter.end()
    return pixels[:, :, :3].max(axis=2)


def bright_edges(grey: NDArray[np.uint8]) -> tuple[float, float, float, float]:
    """(x0, y0, x1, y1) of the bright rectangle, to a fraction of a pixel, from the light in rows and columns."""
    level = np.clip((grey.astype(float) - 60.0) / 140.0, 0.0, 1.0)
    columns, rows = level.max(axis=0), level.max(axis=1)

    def ends(profile: NDArray[np.float64]) -> tuple[float, float]:
        full = np.flatnonzero(profile > 0.5)
        first, last = int(full[0]), int(full[-1])
        return first + (1.0 - profile[first]) - profile[:first].sum(), last + profile[last] + profile[last + 1 :].sum()

    (x0, x1), (y0, y1) = ends(columns), ends(rows)
    return x0, y0, x1, y1


def check(
    content: bytes,
    *,
    kind: AssetKind,
    size: tuple[float, float],
    entry: dict[str, Any],
    to_page: Callable[[Any], Any] = lambda points: points,
    hints: Hints | None = None,
    metadata_size: tuple[float, float] | None = None,
    box: tuple[float, float, float, float] = BOX,
    blur: float = 0.0,
) -> None:
    """The bright rectangle is at `box` on the displayed page, and the label is where its JSON says."""
    hints = hints or Hints()
    info, raster, sharp, space, _ = page_of(content, hints, kind, metadata_size)
    assert info.size == pytest.approx(size, abs=0.01)
    for scale in SCALES:
        pixels = picture(sharp if scale > 1 else raster, info.size, scale)
        found = bright_edges(pixels)
        assert found == pytest.approx([v * scale for v in box], abs=masks.WITHIN + blur * scale)
        ink = ink_of(entry, space, scale)
        expected = masks.marks(entry, lambda p, s=scale: to_page(p) * s, page_size=size, scale=scale)
        verdict = masks.compare(ink, expected)
        assert verdict.good, verdict


def around(box: tuple[float, float, float, float], sx: float = 1.0, sy: float = 1.0) -> dict[str, Any]:
    """A bounding box around `box`, in a label space of sx, sy label pixels per page pixel."""
    x0, y0, x1, y1 = box
    return {"bounding-box": {"x": x0 * sx, "y": y0 * sy, "width": (x1 - x0) * sx, "height": (y1 - y0) * sy}}


def displayed(width: int = 150, height: int = 110) -> NDArray[np.uint8]:
    """The page as it should be seen, RGB."""
    pixels = np.full((height, width, 3), 30, dtype=np.uint8)
    x0, y0, x1, y1 = (int(v) for v in BOX)
    pixels[y0:y1, x0:x1] = 230
    return pixels


STORED: dict[int, Callable[[NDArray[np.uint8]], NDArray[np.uint8]]] = {
    1: lambda p: p,
    2: lambda p: p[:, ::-1],
    3: lambda p: p[::-1, ::-1],
    4: lambda p: p[::-1],
    5: lambda p: p.transpose(1, 0, 2),
    6: lambda p: np.rot90(p, 1),
    7: lambda p: p[::-1, ::-1].transpose(1, 0, 2),
    8: lambda p: np.rot90(p, -1),
}
"""How a displayed page is stored under each EXIF orientation."""


@pytest.mark.parametrize("orientation", STORED)
def test_images_turned_by_exif(orientation: int) -> None:
    stored = Image.fromarray(np.ascontiguousarray(STORED[orientation](displayed())))
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    stored.save(out, "PNG", exif=exif)
    check(out.getvalue(), kind="image", size=(150, 110), entry=around(BOX), metadata_size=(150, 110),
          hints=Hints(width=150, height=110))  # fmt: skip


def test_an_image_whose_labels_were_drawn_before_it_was_turned() -> None:
    """Metadata gives the stored size: the referee says that the labels belong to the unturned picture."""
    stored = Image.fromarray(displayed())
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    stored.save(out, "PNG", exif=exif)
    check(out.getvalue(), kind="image", size=(150, 110), entry=around(BOX), metadata_size=(150, 110),
          hints=Hints(width=150, height=110))  # fmt: skip


def test_an_image_of_another_size_than_metadata_says() -> None:
    out = io.BytesIO()
    Image.fromarray(displayed()).save(out, "PNG")
    check(out.getvalue(), kind="image", size=(150, 110), entry=around(BOX, 2.0, 3.0), metadata_size=(300, 330),
          to_page=lambda p: p / (2.0, 3.0), hints=Hints(width=300, height=330))  # fmt: skip


def test_a_large_image_through_its_mip_levels() -> None:
    """At 1:8 of a large picture of odd size, levels with repeated borders keep the geometry."""
    pixels = np.full((1101, 1503, 3), 30, dtype=np.uint8)
    pixels[200:640, 300:960] = 230
    raster = Raster(np.dstack((pixels, np.full(pixels.shape[:2], 255, np.uint8))), "bgrx", (0.0, 0.0, 1503.0, 1101.0))
    for scale in (0.1, 0.31, 0.5, 0.77, 1.0, 1.5):
        found = bright_edges(picture(raster, (1503.0, 1101.0), scale))
        assert found == pytest.approx([v * scale for v in (300, 200, 960, 640)], abs=masks.WITHIN), scale


@pytest.mark.parametrize("syntax", ["explicit", "jpeg-ls"])
def test_dicom(syntax: str) -> None:
    grey = (displayed()[:, :, 0].astype(np.uint16) << 4).copy()
    content = dicoms.dicom(np.stack((grey, grey)), syntax=syntax, bits_stored=12)
    check(content, kind="dicom", size=(150, 110), entry=around(BOX), metadata_size=(150, 110),
          hints=Hints(name="a.dcm", width=150, height=110))  # fmt: skip


def pdf_page(*, rotate: int, crop: tuple[float, float, float, float] | None) -> bytes:
    """A page whose *displayed* size is 150 × 110 points with the bright rectangle at BOX, dark elsewhere.

    The rectangle is written in the file's own space (origin bottom left, before /Rotate), computed here.
    """
    shown_w, shown_h = 150.0, 110.0
    own_w, own_h = (shown_h, shown_w) if rotate in (90, 270) else (shown_w, shown_h)
    left, bottom = (crop[0], crop[1]) if crop else (0.0, 0.0)
    x0, y0, x1, y1 = BOX

    def own(x: float, y: float) -> tuple[float, float]:
        # the page is turned clockwise for display: undo that, then count from the bottom
        u, v = {0: (x, y), 90: (y, shown_w - x), 180: (shown_w - x, shown_h - y), 270: (shown_h - y, x)}[rotate]
        return left + u, bottom + own_h - v

    (ax, ay), (bx, by) = own(x0, y0), own(x1, y1)
    rx, ry, rw, rh = min(ax, bx), min(ay, by), abs(bx - ax), abs(by - ay)
    content = (
        f"0.1 g {left - 50} {bottom - 50} {own_w + 100} {own_h + 100} re f 0.9 g {rx} {ry} {rw} {rh} re f".encode()
    )
    boxes = f"/MediaBox [{left - 40} {bottom - 30} {left + own_w + 60} {bottom + own_h + 20}]" if crop else ""
    boxes += (
        f" /CropBox [{left} {bottom} {left + own_w} {bottom + own_h}]" if crop else f"/MediaBox [0 0 {own_w} {own_h}]"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R {boxes} /Rotate {rotate} /Contents 4 0 R /Resources << >> >>".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


@pytest.mark.parametrize("engine", ["mupdf", "pdfium"])
@pytest.mark.parametrize("crop", [None, (70.0, 45.0, 0.0, 0.0)], ids=["media", "crop"])
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_pdf_pages(rotate: int, crop: tuple[float, float, float, float] | None, engine: str) -> None:
    content = pdf_page(rotate=rotate, crop=crop)
    x0, y0, x1, y1 = BOX
    rect = {"x1": x0 * 4, "y1": y0 * 4, "x2": x1 * 4, "y2": y1 * 4, "width": 600, "height": 440}
    highlight = {"pdf": {"position": {"pageNumber": 1, "boundingRect": rect, "rects": [rect]}, "content": {}}}
    check(content, kind="pdf", size=(150, 110), entry=highlight, hints=Hints(name="a.pdf", engine=engine))
    # ordinary tools: points without metadata, else its pixels
    check(content, kind="pdf", size=(150, 110), entry=around(BOX), hints=Hints(name="a.pdf", engine=engine))
    check(content, kind="pdf", size=(150, 110), entry=around(BOX, 2.5, 2.5), metadata_size=(375, 275),
          to_page=lambda p: p / 2.5, hints=Hints(name="a.pdf", engine=engine, width=375, height=275))  # fmt: skip


@pytest.mark.parametrize("case", ["plain", "rotated", "wide pixels", "rotated unturned", "coded size"])
def test_video(tmp_path: Path, case: str) -> None:
    from tests.make import placed_video

    turn = 90 if "rotated" in case else 0
    aspect = (5, 4) if case in ("wide pixels", "coded size") else (1, 1)
    # `box` is where the rectangle is on the page as it is shown
    content, size, box = placed_video.clip(tmp_path, turn=turn, aspect=aspect)
    metadata = size
    if case == "rotated unturned" or case == "coded size":
        metadata, box = placed_video.STORED_SIZE, placed_video.STORED_BOX
    check(content, kind="video", size=metadata, entry=around(box), metadata_size=metadata, box=box, blur=1.0,
          hints=Hints(name="a.mkv", width=metadata[0], height=metadata[1]))  # fmt: skip
