"""Pixels of every sample type, regions and reductions, colours, and what an opened picture tells."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.make import images
from viewer.decoders import open_document
from viewer.decoders.base import Document, Hints, PageInfo, Raster, Region, View, VoiWindow
from viewer.errors import DecodeError


def opened(data: bytes, **hints: Any) -> Document:
    return open_document(io.BytesIO(data), Hints(**hints))


def rendered(
    data: bytes, region: Region | None = None, scale: float = 1.0, view: View | None = None, **hints: Any
) -> Raster:
    raster = opened(data, **hints).render(0, region, scale, view=view or View(), cancelled=lambda: False)
    assert raster.pixels.dtype == np.uint8 and raster.pixels.flags.c_contiguous
    assert raster.pixels.ndim == (2 if raster.format == "gray8" else 3)
    return raster


def page(data: bytes) -> PageInfo:
    return opened(data).info(0)


def rgb(raster: Raster, x: int = 0, y: int = 0) -> tuple[int, ...]:
    return tuple(int(v) for v in raster.pixels[y, x][2::-1])


# ---- sample types ----------------------------------------------------------------------------------------


def test_grey() -> None:
    data = images.saved(Image.fromarray(np.arange(6, dtype=np.uint8).reshape(2, 3)), "PNG")
    raster = rendered(data)
    assert (raster.format, raster.region, page(data).kind) == ("gray8", (0, 0, 3, 2), "gray8")
    assert raster.pixels.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_one_bit() -> None:
    picture = Image.new("1", (9, 2))
    picture.putpixel((8, 1), 1)
    raster = rendered(images.saved(picture, "PNG"))
    assert raster.pixels.tolist() == [[0] * 9, [0] * 8 + [255]]


def test_palette_with_transparency() -> None:
    data = images.png(
        2,
        1,
        rows=b"\0\1",
        colour=3,
        before=((b"PLTE", bytes((10, 20, 30, 40, 50, 60))), (b"tRNS", bytes((0, 128)))),
    )
    raster = rendered(data)
    assert (raster.format, page(data).kind) == ("bgra", "rgba")
    assert raster.pixels.tolist() == [[[30, 20, 10, 0], [60, 50, 40, 128]]]


def test_palette() -> None:
    data = images.png(2, 1, rows=b"\0\1", colour=3, before=((b"PLTE", bytes((10, 20, 30, 40, 50, 60))),))
    raster = rendered(data)
    assert raster.format == "bgrx"
    assert [rgb(raster, x) for x in (0, 1)] == [(10, 20, 30), (40, 50, 60)]


def test_one_transparent_colour() -> None:
    data = images.png(2, 1, rows=bytes((1, 2, 3, 4, 5, 6)), before=((b"tRNS", struct.pack(">HHH", 4, 5, 6)),))
    raster = rendered(data)
    assert raster.pixels.tolist() == [[[3, 2, 1, 255], [6, 5, 4, 0]]]


def test_grey_with_alpha_is_straight() -> None:
    picture = Image.fromarray(np.array([[[200, 0], [100, 128]]], np.uint8), "LA")
    raster = rendered(images.saved(picture, "PNG"))
    assert raster.pixels.tolist() == [[[200, 200, 200, 0], [100, 100, 100, 128]]]


def test_opaque_alpha_is_dropped() -> None:
    assert rendered(images.saved(Image.new("RGBA", (2, 2), (1, 2, 3, 255)), "PNG")).format == "bgrx"


def test_brush_mask() -> None:
    """Label brushes are RGBA of the picture's size; invisible pixels keep their colour."""
    array = np.zeros((3, 4, 4), np.uint8)
    array[1, 2] = (255, 0, 10, 255)
    raster = rendered(images.saved(Image.fromarray(array), "PNG"))
    assert raster.format == "bgra"
    assert raster.pixels[1, 2].tolist() == [10, 0, 255, 255]
    assert int((raster.pixels[..., 3] > 0).sum()) == 1


def test_cmyk_without_a_profile() -> None:
    picture = Image.merge("CMYK", [Image.new("L", (16, 16), level) for level in (255, 0, 0, 0)])
    raster = rendered(images.saved(picture, "JPEG", quality=100))
    assert np.abs(np.subtract(rgb(raster, 8, 8), (0, 255, 255))).max() <= 3


@pytest.mark.parametrize("order", ["little", "big"])
def test_16_bit_grey_as_a_browser_shows_it(order: str) -> None:
    values = np.array([[0, 257, 25_700], [32_768, 65_278, 65_535]], np.uint16)
    if order == "little":
        data = images.saved(Image.fromarray(values), "TIFF")
    else:
        data = images.png(3, 2, rows=values.astype(">u2").tobytes(), depth=16, colour=0)
    document = opened(data)
    assert document.info(0).kind == "gray16"
    raster = document.render(0, None, 1.0, view=View(), cancelled=lambda: False)
    assert raster.pixels.tolist() == np.rint(values / 257).astype(int).tolist()
    samples = document.samples(0)
    assert samples is not None and samples.dtype == np.uint16 and np.array_equal(samples, values)


def test_windows_of_16_bit_grey() -> None:
    values = np.full((20, 20), 1000, np.uint16)
    values[:, 10:] = 3000
    document = opened(images.saved(Image.fromarray(values), "PNG"))
    full, auto = document.windows(0)
    assert (full.center, full.width) == (32767.5, 65535.0)
    assert (auto.name, auto.center, auto.width) == ("Auto", 2000.0, 2000.0)
    shown = document.render(0, None, 1.0, view=View(window=auto), cancelled=lambda: False).pixels
    assert (int(shown[0, 0]), int(shown[0, 19])) == (0, 255)
    inverted = document.render(0, None, 1.0, view=View(window=auto, inverted=True), cancelled=lambda: False)
    assert np.array_equal(inverted.pixels, 255 - shown)


def test_dicom_style_window() -> None:
    values = np.array([[0, 50, 100, 150, 200]], np.uint16)
    data = images.saved(Image.fromarray(values), "PNG")
    raster = rendered(data, view=View(window=VoiWindow(center=100.5, width=101)))
    assert raster.pixels.tolist() == [[0, 0, 128, 255, 255]]


def test_float_tiff_is_shown_by_its_own_range() -> None:
    values = np.array([[-1.0, 0.0], [np.nan, 1.0]], np.float32)
    document = opened(images.saved(Image.fromarray(values), "TIFF"))
    raster = document.render(0, None, 1.0, view=View(), cancelled=lambda: False)
    assert raster.pixels[0, 0] == 0 and raster.pixels[1, 1] == 255 and raster.pixels[1, 0] == 0
    assert 120 <= raster.pixels[0, 1] <= 135
    samples = document.samples(0)
    assert samples is not None and np.array_equal(samples, values, equal_nan=True)


def test_inverted_colour_keeps_alpha() -> None:
    picture = Image.new("RGBA", (1, 1), (10, 20, 30, 77))
    raster = rendered(images.saved(picture, "PNG"), view=View(inverted=True))
    assert raster.pixels.tolist() == [[[225, 235, 245, 77]]]


# ---- colour ----------------------------------------------------------------------------------------------


def test_gamma_of_a_png() -> None:
    """gAMA 1.0: linear light. Half of white's light is level 188 in sRGB."""
    linear = (b"gAMA", struct.pack(">I", 100_000))
    grey = rendered(images.png(1, 1, rows=bytes((128,)), colour=0, before=(linear,)))
    assert abs(int(grey.pixels[0, 0]) - 188) <= 1
    colour = rendered(images.png(1, 1, rows=bytes((128, 0, 255)), before=(linear,)))
    assert np.abs(np.subtract(rgb(colour), (188, 0, 255))).max() <= 1


def test_srgb_beats_gamma() -> None:
    marks = ((b"sRGB", b"\0"), (b"gAMA", struct.pack(">I", 100_000)))
    assert rendered(images.png(1, 1, rows=bytes((128,)), colour=0, before=marks)).pixels[0, 0] == 128


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_icc_profile_is_applied(form: str) -> None:
    picture = Image.new("RGB", (16, 16), (255, 0, 0))
    options: dict[str, Any] = {"lossless": True} if form == "WEBP" else {}
    raster = rendered(images.saved(picture, form, icc_profile=images.swapped_profile(), **options))
    assert np.abs(np.subtract(rgb(raster, 8, 8), (0, 0, 255))).max() <= 4


def test_icc_profile_beats_gamma() -> None:
    content = b"p\0\0" + zlib.compress(images.swapped_profile())
    data = images.png(1, 1, rows=bytes((255, 0, 0)), before=((b"gAMA", struct.pack(">I", 100_000)), (b"iCCP", content)))
    assert np.abs(np.subtract(rgb(rendered(data)), (0, 0, 255))).max() <= 2


def test_icc_profile_keeps_alpha() -> None:
    picture = Image.new("RGBA", (2, 2), (255, 0, 0, 99))
    raster = rendered(images.saved(picture, "PNG", icc_profile=images.swapped_profile()))
    assert np.abs(np.subtract(rgb(raster), (0, 0, 255))).max() <= 2 and raster.pixels[0, 0, 3] == 99


def test_grey_icc_profile() -> None:
    picture = Image.new("L", (2, 2), 128)
    raster = rendered(images.saved(picture, "PNG", icc_profile=images.linear_grey_profile()))
    assert raster.format == "gray8" and abs(int(raster.pixels[0, 0]) - 188) <= 1


def test_srgb_profile_changes_nothing() -> None:
    colours = np.random.default_rng(3).integers(0, 256, (16, 16, 3), np.uint8)
    data = images.saved(Image.fromarray(colours), "PNG", icc_profile=images.srgb_profile())
    assert np.array_equal(rendered(data).pixels[..., 2::-1], colours)


@pytest.mark.parametrize("profile", [b"junk", b"\0" * 200, images.linear_grey_profile()])
def test_a_useless_profile_is_ignored_and_told(profile: bytes) -> None:
    raster = rendered(images.saved(Image.new("RGB", (2, 2), (9, 8, 7)), "PNG", icc_profile=profile))
    assert rgb(raster) == (9, 8, 7) and "profile-ignored" in raster.flags


# ---- regions, reductions, limits -------------------------------------------------------------------------


def ramp(width: int, height: int) -> np.ndarray[Any, Any]:
    y, x = np.mgrid[0:height, 0:width]
    return np.stack((x % 256, y % 256, (x + y) % 256), axis=-1).astype(np.uint8)


def test_a_region_is_cut_at_whole_pixels_around_it() -> None:
    source = ramp(60, 40)
    raster = rendered(images.saved(Image.fromarray(source), "PNG"), region=(10.2, 5.0, 20.5, 9.0))
    assert raster.region == (10, 5, 21, 9)
    assert np.array_equal(raster.pixels[..., 2::-1], source[5:9, 10:21])


def test_a_region_beyond_the_edge_is_clipped() -> None:
    raster = rendered(images.saved(Image.fromarray(ramp(60, 40)), "PNG"), region=(-50, -50, 5, 6))
    assert (raster.region, raster.size) == ((0, 0, 5, 6), (5, 6))


@pytest.mark.parametrize("region", [(70, 0, 80, 10), (5, 5, 5, 9)])
def test_a_region_outside_is_refused(region: Region) -> None:
    with pytest.raises(DecodeError):
        rendered(images.saved(Image.fromarray(ramp(60, 40)), "PNG"), region=region)


def test_a_smaller_scale_gives_means() -> None:
    source = ramp(64, 32)
    raster = rendered(images.saved(Image.fromarray(source), "PNG"), scale=0.3)
    assert (raster.size, raster.region) == ((32, 16), (0, 0, 64, 32))
    means = source.reshape(16, 2, 32, 2, 3).mean(axis=(1, 3))
    assert np.abs(raster.pixels[..., 2::-1] - means).max() <= 1


def test_means_do_not_mix_in_invisible_colours() -> None:
    array = np.zeros((2, 2, 4), np.uint8)
    array[..., 0] = 255  # red, invisible …
    array[0, 0] = (0, 0, 200, 255)  # … but for one blue pixel
    raster = rendered(images.saved(Image.fromarray(array), "PNG"), scale=0.5)
    assert np.abs(np.subtract(raster.pixels[0, 0], (200, 0, 0, 64))).max() <= 1


def test_zooming_in_after_a_thumbnail_decodes_again() -> None:
    source = ramp(160, 80)
    document = opened(images.saved(Image.fromarray(source), "JPEG", quality=95, subsampling="4:4:4"))
    small = document.render(0, None, 0.125, view=View(), cancelled=lambda: False)
    large = document.render(0, None, 1.0, view=View(), cancelled=lambda: False)
    assert (small.size, large.size) == ((20, 10), (160, 80))
    assert np.abs(large.pixels[..., 2::-1].astype(int) - source).mean() < 4


def test_more_than_a_raster_holds_is_reduced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer.decoders.image.document.RASTER_PIXELS", 1000)
    document = opened(images.saved(Image.fromarray(ramp(100, 50)), "PNG"))
    raster = document.render(0, None, 1.0, view=View(), cancelled=lambda: False)
    assert raster.size == (34, 17) or raster.size == (25, 13)
    assert "reduced" in raster.flags and "reduced" in document.info(0).flags
    part = document.render(0, (0, 0, 30, 30), 1.0, view=View(), cancelled=lambda: False)
    assert part.size == (30, 30) and part.flags == ()


def test_a_jpeg_that_does_not_fit_is_decoded_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer.decoders.image.pillow_file.IMAGE_DECODE_BYTES", 10_000)
    document = opened(images.saved(Image.fromarray(ramp(160, 80)), "JPEG"))
    raster = document.render(0, None, 1.0, view=View(), cancelled=lambda: False)
    assert (raster.size, raster.region) == ((40, 20), (0, 0, 160, 80))
    assert "reduced" in raster.flags and document.samples(0) is None


def test_a_png_that_does_not_fit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer.decoders.image.pillow_file.IMAGE_DECODE_BYTES", 10_000)
    with pytest.raises(DecodeError) as caught:
        rendered(images.saved(Image.fromarray(ramp(160, 80)), "PNG"))
    assert caught.value.code == "TooLarge"


@pytest.mark.parametrize("size", [(65_536, 65_536), (100_000, 10), (40_000, 40_000), (30_000, 30_000)])
def test_claims_beyond_the_limits_are_refused_before_decoding(size: tuple[int, int]) -> None:
    with pytest.raises(DecodeError) as caught:
        rendered(images.png_claiming(*size))
    assert caught.value.code == "TooLarge"


def test_no_such_page() -> None:
    document = opened(images.saved(images.marked(), "PNG"))
    for wrong in (-1, 1):
        with pytest.raises(DecodeError):
            document.info(wrong)
        with pytest.raises(DecodeError):
            document.render(wrong, None, 1.0, view=View(), cancelled=lambda: False)


def test_closing_twice_leaves_the_source_open() -> None:
    source = io.BytesIO(images.saved(images.marked(), "JPEG"))
    document = open_document(source, Hints())
    document.render(0, None, 1.0, view=View(), cancelled=lambda: False)
    document.close()
    document.close()
    assert not source.closed


# ---- several pictures in one file ------------------------------------------------------------------------


def frames() -> list[Image.Image]:
    return [Image.new("RGB", (8 + k, 6), (40 * k, 0, 255 - 40 * k)) for k in range(3)]


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP"])
def test_an_animation_is_its_first_frame(form: str) -> None:
    same = [picture.resize((8, 6)) for picture in frames()]
    options: dict[str, Any] = {"lossless": True} if form == "WEBP" else {}
    document = opened(images.saved(same[0], form, save_all=True, append_images=same[1:], **options), frame_total=3)
    assert document.page_count == 1
    assert rgb(document.render(0, None, 1.0, view=View(), cancelled=lambda: False)) == (0, 0, 255)


@pytest.mark.parametrize(("total", "pages"), [(None, 1), (1, 1), (2, 2), (3, 3), (9, 3)])
def test_pages_of_a_tiff(total: int | None, pages: int) -> None:
    first, *rest = frames()
    document = opened(images.saved(first, "TIFF", save_all=True, append_images=rest), frame_total=total)
    assert document.page_count == pages
    for k in reversed(range(pages)):
        raster = document.render(k, None, 1.0, view=View(), cancelled=lambda: False)
        assert document.info(k).size == (8 + k, 6) == raster.size
        assert rgb(raster) == (40 * k, 0, 255 - 40 * k)


def test_a_loop_of_directories_ends() -> None:
    """The second directory of this TIFF names the first one as its successor; the export counts 10^9 pages."""
    first, *rest = frames()
    data = bytearray(images.saved(first, "TIFF", save_all=True, append_images=rest[:1]))

    def end_of_directory(at: int) -> int:
        (count,) = struct.unpack_from("<H", data, at)
        return at + 2 + 12 * count

    (start,) = struct.unpack_from("<I", data, 4)
    (second,) = struct.unpack_from("<I", data, end_of_directory(start))
    struct.pack_into("<I", data, end_of_directory(second), start)
    document = opened(bytes(data), frame_total=10**9)
    assert document.page_count == 2
    assert rgb(document.render(1, None, 1.0, view=View(), cancelled=lambda: False)) == (40, 0, 215)


def test_a_gif_of_many_frames_is_its_first_one() -> None:
    one = images.saved(Image.new("P", (3, 2)), "GIF")
    descriptor = one.index(b"\x2c", 13)
    data = one[:-1] + one[descriptor:-1] * 20_000 + b";"
    document = opened(data, frame_total=20_001)
    assert document.page_count == 1
    assert document.render(0, None, 1.0, view=View(), cancelled=lambda: False).size == (3, 2)
