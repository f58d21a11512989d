"""Ratios to the library's own call in the same run: pictures to painted-ready rasters, PDF tiles."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from tests.make import images, pdfs
from viewer.decoders import open_document
from viewer.decoders.base import Hints, View

pytestmark = pytest.mark.benchmark


def best(work: Callable[[], object], times: int = 5) -> float:
    """Shortest of some runs, in seconds: the others measure the machine's other work."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)


def photo() -> Image.Image:
    small = np.random.default_rng(1).integers(0, 256, (30, 40, 3), np.uint8)
    return Image.fromarray(small).resize((4000, 3000), Image.Resampling.BICUBIC)


def render(data: bytes, scale: float = 1.0) -> None:
    document = open_document(io.BytesIO(data), Hints())
    document.render(0, None, scale, view=View(), cancelled=lambda: False)
    document.close()


def test_a_jpeg_costs_little_more_than_its_decoding() -> None:
    data = images.saved(photo(), "JPEG", quality=90)
    with_profile = images.saved(photo(), "JPEG", quality=90, icc_profile=images.srgb_profile())
    render(data)
    raw = best(lambda: Image.open(io.BytesIO(data)).load())
    ours, profile, thumbnail = (
        best(lambda: render(data)),
        best(lambda: render(with_profile)),
        best(lambda: render(data, 0.1)),
    )
    print(
        f"\nJPEG 12 MP: raw {raw * 1e3:.0f} ms; raster {ours / raw:.2f}, with sRGB profile {profile / raw:.2f}, "
        f"at a tenth {thumbnail / raw:.2f} of that"
    )
    assert ours <= 1.3 * raw and profile <= 1.4 * raw and thumbnail <= 0.6 * raw


def test_a_pdf_tile_draws_from_a_kept_list() -> None:
    import pymupdf

    content = "\n".join(pdfs.filled((x, y, x + 8, y + 8)) for x in range(0, 600, 10) for y in range(0, 780, 10))
    data = pdfs.pdf(pdfs.Sheet(media=(0, 0, 612, 792), content=content))
    document = open_document(io.BytesIO(data), Hints())
    region = (100.0, 100.0, 228.0, 228.0)

    def tile() -> None:
        document.render(0, region, 4.0, view=View(), cancelled=lambda: False)

    with pymupdf.open(stream=data, filetype="pdf") as plain:
        page = plain[0]
        raw = best(lambda: page.get_pixmap(matrix=pymupdf.Matrix(4, 4), clip=region), 9)
    tile()
    ours = best(tile, 9)
    print(f"\nPDF tile 512 x 512 of a page of 4,680 fills: {ours / raw:.2f} of PyMuPDF's get_pixmap")
    assert ours <= raw
