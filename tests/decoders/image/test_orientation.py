"""Pictures stand as a browser shows them, and the exported size has the last word."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make import images
from viewer.decoders import open_document
from viewer.decoders.base import Hints, Raster, View
from viewer.decoders.image.isobmff import orientation as avif_orientation
from viewer.decoders.image.orientation import oriented_size, referee, turned, turned_region

VALUES = range(1, 9)


def rendered(data: bytes, scale: float = 1.0, **hints: float) -> Raster:
    document = open_document(io.BytesIO(data), Hints(**hints))  # type: ignore[arg-type]
    raster = document.render(0, None, scale, view=View(), cancelled=lambda: False)
    assert document.info(0).size == (raster.region[2] - raster.region[0], raster.region[3] - raster.region[1])
    return raster


def assert_upright(pixels: np.ndarray, tolerance: int) -> None:
    for place, colour in images.corners_of(pixels).items():
        assert np.abs(np.subtract(colour, images.CORNERS[place])).max() <= tolerance, (place, colour)


@pytest.mark.parametrize("orientation", VALUES)
@pytest.mark.parametrize(("form", "tolerance"), [("JPEG", 14), ("PNG", 0), ("AVIF", 20)])
def test_turned_as_in_a_browser(form: str, tolerance: int, orientation: int) -> None:
    raster = rendered(images.oriented(form, orientation))
    assert raster.size == (48, 32)
    assert_upright(raster.pixels, tolerance)


@pytest.mark.parametrize("orientation", VALUES)
def test_webp_is_never_turned(orientation: int) -> None:
    data = images.oriented("WEBP", orientation)
    raster = rendered(data)
    from PIL import Image

    stored = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    assert np.array_equal(raster.pixels[..., 2::-1], stored)


@pytest.mark.parametrize("orientation", VALUES)
def test_tiff_is_turned(orientation: int) -> None:
    upright = images.marked()
    stored = images.oriented("PNG", orientation)
    from PIL import Image

    with Image.open(io.BytesIO(stored)) as picture:
        data = images.saved(picture.convert("RGB"), "TIFF", tiffinfo={274: orientation})
    raster = rendered(data)
    assert raster.size == upright.size
    assert_upright(raster.pixels, 0)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF"])
def test_the_exported_size_unturns(form: str) -> None:
    from PIL import Image

    if form == "TIFF":
        with Image.open(io.BytesIO(images.oriented("PNG", 6))) as picture:
            data = images.saved(picture.convert("RGB"), "TIFF", tiffinfo={274: 6})
    else:
        data = images.oriented(form, 6)
    document = open_document(io.BytesIO(data), Hints(width=32, height=48))
    info = document.info(0)
    assert (info.size, info.orientation, info.flags) == ((32.0, 48.0), 1, ("unrotated",))
    raster = document.render(0, None, 1.0, view=View(), cancelled=lambda: False)
    assert raster.size == (32, 48)
    # Stored for 6: turned a quarter anticlockwise, so the upright top right is at the top left.
    assert np.abs(np.subtract(images.corners_of(raster.pixels)["top left"], images.GREEN)).max() <= 14


def test_xmp_does_not_turn() -> None:
    xmp = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>'
    )
    raster = rendered(images.saved(images.marked(), "JPEG", xmp=xmp))
    assert raster.size == (48, 32)


def test_orientation_9_is_ignored() -> None:
    raster = rendered(images.saved(images.marked(), "JPEG", exif=images.exif_with(9)))
    assert raster.size == (48, 32)


@pytest.mark.parametrize(
    ("wanted", "orientation", "flags"),
    [
        ((30, 20), 6, ()),
        ((20, 30), 1, ("unrotated",)),
        ((200, 300), 1, ("unrotated",)),  # scaled and unturned: the aspect tells
        ((300, 200), 6, ()),
        ((100, 100), 6, ("scaled",)),
        ((None, 30), 6, ()),
        ((0, 30), 6, ()),
    ],
)
def test_referee(wanted: tuple[float | None, float | None], orientation: int, flags: tuple[str, ...]) -> None:
    assert referee(stored=(20, 30), orientation=6, wanted=wanted) == (orientation, flags)


def test_a_thumbnail_of_a_thin_picture_is_not_scaled_oddly() -> None:
    assert referee(stored=(1000, 3), orientation=1, wanted=(100, 1)).flags == ()


@given(st.integers(1, 6), st.integers(1, 6), st.sampled_from(VALUES), st.data())
def test_regions_turn_with_pixels(width: int, height: int, orientation: int, data: st.DataObject) -> None:
    x, y = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    pixels = np.zeros((height, width), np.uint8)
    pixels[y, x] = 1
    shown = turned(pixels, orientation)
    assert shown.shape[::-1] == oriented_size((width, height), orientation)
    (row,), (column,) = np.nonzero(shown)
    region = turned_region((x, y, x + 1, y + 1), (width, height), orientation)
    assert region == (column, row, column + 1, row + 1)


@pytest.mark.parametrize("orientation", VALUES)
def test_turns_and_mirrors_of_avif_are_read_from_its_boxes(orientation: int) -> None:
    assert avif_orientation(images.oriented("AVIF", orientation)) == orientation


@given(st.binary(max_size=300))
def test_any_boxes(data: bytes) -> None:
    assert avif_orientation(b"\0\0\1\0meta\0\0\0\0" + data) in VALUES


@pytest.mark.parametrize("orientation", VALUES)
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_reduced_picture_says_what_it_covers(form: str, orientation: int) -> None:
    """99 x 67 at a quarter: 25 x 17 raster pixels cover 100 x 68, more than the page on the stored edges."""
    upright = images.marked(99, 67)
    document = open_document(io.BytesIO(images.oriented(form, orientation, upright=upright)), Hints())
    raster = document.render(0, None, 0.25, view=View(), cancelled=lambda: False)
    x0, y0, x1, y1 = raster.region
    assert ((x1 - x0) / raster.size[0], (y1 - y0) / raster.size[1]) == (4.0, 4.0)
    assert x0 <= 0 and y0 <= 0 and x1 >= 99 and y1 >= 67
    # The border of the red block (x < 24, y < 16) must lie where the region says.
    red_columns = np.flatnonzero(raster.pixels[2, :, 1] < 138)
    first_border = x0 + 4.0 * (red_columns[red_columns < 12][-1] + 1)
    assert abs(first_border - 24) <= 2.0
