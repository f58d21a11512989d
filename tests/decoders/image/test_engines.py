"""What Pillow cannot read is read by another engine; what is damaged shows what is left of it."""

from __future__ import annotations

import io
import random

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from tests.make import images
from viewer.decoders import open_document
from viewer.decoders.base import Document, Hints, Raster, View
from viewer.decoders.image import codecs_file, tone
from viewer.decoders.image.av_file import AvFile
from viewer.decoders.image.codecs_file import CodecsFile
from viewer.decoders.image.kinds import KINDS
from viewer.decoders.image.orientation import turned
from viewer.decoders.image.sizes import header_bits, header_size
from viewer.errors import DecodeError


def render(document: Document) -> Raster:
    return document.render(0, None, 1.0, view=View(), cancelled=lambda: False)


def opened(data: bytes, name: str = "") -> Document:
    return open_document(io.BytesIO(data), Hints(name=name))


MARKED = np.asarray(images.marked())


def test_jpeg_xl() -> None:
    document = opened(imagecodecs.jpegxl_encode(MARKED, lossless=True))
    assert np.array_equal(render(document).pixels[..., 2::-1], MARKED)
    assert document.facts["engine"] == "imagecodecs" and document.info(0).size == (48, 32)


def test_jpeg_xl_with_16_bit_grey() -> None:
    values = np.arange(64, dtype=np.uint16).reshape(8, 8) * 1000
    document = opened(imagecodecs.jpegxl_encode(values, lossless=True))
    assert document.info(0).kind == "gray16"
    assert np.array_equal(render(document).pixels, np.rint(values / 257))


def test_lossless_jpeg_with_12_bits() -> None:
    values = (np.arange(256, dtype=np.uint16).reshape(16, 16) * 16).astype(np.uint16)
    document = opened(imagecodecs.ljpeg_encode(values, bitspersample=12))
    samples = document.samples(0)
    assert samples is not None and np.array_equal(samples, values)
    assert np.array_equal(render(document).pixels, np.rint(values / 4095 * 255))


@pytest.mark.parametrize("bits", [10, 12, 14])
def test_a_tiff_of_few_bits_is_shown_by_all_of_them(bits: int) -> None:
    """White is the most that those bits can be."""
    values = np.array([[0, (1 << bits) - 1, 1 << (bits - 1)]], np.uint16)
    frame, kind = codecs_file._to_frame(values, "tiff", bits)
    assert kind == "gray16" and frame.bits == bits
    shown = tone.to_grey(frame.pixels, tone.file_window(frame.pixels, frame.bits), None, False)
    assert shown.tolist() == [[0, 255, 128]]
    colour, _ = codecs_file._to_frame(np.dstack((values, values, values)), "tiff", bits)
    assert colour.pixels[0, :, 0].tolist() == [0, 255, 128]


def test_jpeg_ls() -> None:
    values = np.arange(64, dtype=np.uint8).reshape(8, 8)
    assert np.array_equal(render(opened(imagecodecs.jpegls_encode(values))).pixels, values)


def test_a_tiff_of_16_bit_colour() -> None:
    values = (MARKED.astype(np.uint16) << 8) + 7
    document = opened(imagecodecs.tiff_encode(values, photometric="rgb"))
    assert np.array_equal(render(document).pixels[..., 2::-1], MARKED)


def test_a_tiff_of_planes() -> None:
    values = np.ascontiguousarray(np.moveaxis((MARKED.astype(np.uint16) << 8), -1, 0))
    document = opened(imagecodecs.tiff_encode(values, photometric="rgb", planarconfig="separate"))
    assert np.array_equal(render(document).pixels[..., 2::-1], MARKED)


def test_bmp_with_masks_that_pillow_refuses() -> None:
    words = np.array([[0x0F00, 0x00F0], [0x000F, 0xF000]], np.uint16)
    document = opened(images.bmp_with_masks(words, (0x0F00, 0x00F0, 0x000F, 0xF000)))
    assert document.facts["engine"] == "bmp"
    raster = render(document)
    assert raster.format == "bgra"
    assert raster.pixels.tolist() == [[[0, 0, 255, 0], [0, 255, 0, 0]], [[255, 0, 0, 0], [0, 0, 0, 255]]]


@pytest.mark.parametrize("orientation", [1, 6, 3])
def test_avif_by_ffmpeg(orientation: int) -> None:
    file = AvFile(io.BytesIO(images.oriented("AVIF", orientation)))
    assert file.header(0).orientation == orientation
    upright = turned(file.decode(0, 1).pixels, orientation)
    for place, colour in images.corners_of(upright).items():
        assert np.abs(np.subtract(colour, images.CORNERS[place])).max() <= 24, (place, colour)


def test_avif_by_ffmpeg_has_alpha() -> None:
    picture = images.marked().convert("RGBA")
    picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    frame = AvFile(io.BytesIO(images.saved(picture, "AVIF", quality=95))).decode(0, 1)
    assert frame.alpha
    wanted = np.asarray(picture)[..., 3].astype(int)
    assert np.abs(frame.pixels[..., 3].astype(int) - wanted).mean() < 6


# ---- header sizes for the engine that cannot tell them ---------------------------------------------------


@pytest.mark.parametrize("size", [(48, 32), (33, 257), (1, 1), (300, 20)])
@pytest.mark.parametrize("key", ["jpeg", "png", "gif", "webp", "tiff", "jp2", "avif", "jxl", "qoi", "jls"])
def test_header_sizes(key: str, size: tuple[int, int]) -> None:
    picture = images.marked(64, 64).resize(size)
    array = np.asarray(picture)
    if key == "jxl":
        data = imagecodecs.jpegxl_encode(array)
    elif key == "qoi":
        data = imagecodecs.qoi_encode(array)
    elif key == "jls":
        data = imagecodecs.jpegls_encode(np.ascontiguousarray(array[..., 0]))
    else:
        form = {"jp2": "JPEG2000"}.get(key, key.upper())
        data = images.saved(picture, form)
    assert header_size(key, data) == size


@pytest.mark.parametrize("key", sorted(KINDS))
def test_header_sizes_of_junk(key: str) -> None:
    rng = random.Random(1)
    for length in (0, 3, 30, 300):
        header_size(key, rng.randbytes(length))


@pytest.mark.parametrize(("key", "bits"), [("jpeg", 8), ("jp2", 8), ("tiff", 8), ("png", 0)])
def test_header_bits(key: str, bits: int) -> None:
    form = {"jp2": "JPEG2000"}.get(key, key.upper())
    assert header_bits(key, images.saved(images.marked(), form)) == bits


def test_header_bits_of_deep_files() -> None:
    values = np.zeros((8, 8), np.uint16)
    assert header_bits("jpeg", imagecodecs.ljpeg_encode(values, bitspersample=12)) == 12
    assert header_bits("jp2", imagecodecs.jpeg2k_encode(values, bitspersample=11)) == 11
    assert header_bits("tiff", images.saved(Image.fromarray(values), "TIFF")) == 16


def test_the_second_engine_refuses_claims_beyond_the_limits() -> None:
    with pytest.raises(DecodeError) as caught:
        CodecsFile(io.BytesIO(images.png_claiming(60_000, 60_000)), KINDS["png"])
    assert caught.value.code == "TooLarge"


# ---- damage ----------------------------------------------------------------------------------------------


def noise(width: int = 64, height: int = 64) -> Image.Image:
    small = np.random.default_rng(5).integers(0, 256, (height, width, 3), np.uint8)
    return Image.fromarray(small)


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_cut_picture_shows_what_is_there(form: str) -> None:
    whole = images.saved(noise(), form)
    document = opened(whole[: len(whole) // 2])
    raster = render(document)
    assert raster.size == (64, 64) and "truncated" in raster.flags and "truncated" in document.info(0).flags
    sound = render(opened(whole)).pixels
    assert np.array_equal(raster.pixels[:8, :, :3], sound[:8, :, :3])
    assert not np.array_equal(raster.pixels[48:], sound[48:])


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "JPEG2000"])
@pytest.mark.parametrize("length", [4, 12, 30])
def test_only_a_header_is_no_picture(form: str, length: int) -> None:
    with pytest.raises(DecodeError) as caught:
        render(opened(images.saved(noise(), form)[:length], name=f"a.{form.lower()}"))
    assert "picture" in str(caught.value) or "kind" in str(caught.value)


def sources() -> dict[str, bytes]:
    picture = noise(24, 20)
    found = {
        form: images.saved(picture, form)
        for form in ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "JPEG2000", "ICO", "TGA", "PPM")
    }
    array = np.asarray(picture)
    found["JXL"] = imagecodecs.jpegxl_encode(array)
    found["LJPEG"] = imagecodecs.ljpeg_encode(np.ascontiguousarray(array[..., 0]))
    found["PNG16"] = images.saved(Image.fromarray(array[..., 0].astype(np.uint16) * 257), "PNG")
    found["TIFFLZW"] = images.saved(picture, "TIFF", compression="tiff_lzw")
    found["SVG"] = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="7"><path d="M0 0L9 7z"/></svg>'
    return found


@pytest.mark.parametrize("form", sorted(sources()))
def test_mutations_end_in_pixels_or_a_decode_error(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """20 per format; PNGs with right checksums too, else damage never gets beyond those."""
    for module in ("pillow_file", "codecs_file", "av_file", "bmp_file"):
        monkeypatch.setattr(f"viewer.decoders.image.{module}.IMAGE_DECODE_BYTES", 32 << 20)
    data = sources()[form]
    shown = 0
    for seed in range(20):
        damaged = images.mutated(data, seed)
        if form.startswith("PNG") and seed % 2:
            damaged = images.with_checksums(damaged)
        document: Document | None = None
        try:
            document = opened(damaged, name=f"a.{form.lower()}")
            raster = render(document)
            assert raster.pixels.dtype == np.uint8 and raster.pixels.size > 0
            shown += 1
        except DecodeError as error:
            assert str(error).endswith(".")
        finally:
            if document is not None:
                document.close()
    assert render(opened(data, name=f"a.{form.lower()}")).pixels.size > 0
