"""The second engine: imagecodecs, for JPEG XL, JPEG-LS and what Pillow does not know of JPEG, TIFF and others."""

from __future__ import annotations

import warnings
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from viewer.decoders.image.frame import Frame, Header, PixelKind, damaged, out_of_memory
from viewer.decoders.image.kinds import Kind
from viewer.decoders.image.pillow_file import check_size, exif_orientation, too_large
from viewer.decoders.image.sizes import header_bits, header_size, jpeg_segments
from viewer.limits import IMAGE_DECODE_BYTES

_FUNCTIONS = {
    "jpeg": "jpeg_decode",
    "jls": "jpegls_decode",
    "jxl": "jpegxl_decode",
    "jxr": "jpegxr_decode",
    "jp2": "jpeg2k_decode",
    "png": "png_decode",
    "gif": "gif_decode",
    "webp": "webp_decode",
    "avif": "avif_decode",
    "qoi": "qoi_decode",
    "hdr": "rgbe_decode",
}


class CodecsFile:
    """A picture decoded whole when it is asked for: these codecs tell nothing but the size beforehand."""

    engine = "imagecodecs"

    def __init__(self, source: BinaryIO, kind: Kind, *, pages: int = 1) -> None:
        """Decode page 0. `pages`: how many the document has (TIFF). Raises DecodeError."""
        source.seek(0)
        self._data, self._kind = source.read(), kind
        self.page_count = pages if kind.key == "tiff" else 1
        self._page = -1
        self._frame, self._header = self._decoded(0)

    def header(self, page: int) -> Header:
        """Size and kind."""
        self._turn_to(page)
        return self._header

    def decode(self, page: int, factor: int) -> Frame:
        """The pixels, always all of them."""
        self._turn_to(page)
        return self._frame

    def least_factor(self, page: int) -> int:
        """All or nothing."""
        return 1

    def close(self) -> None:
        """Nothing is held beside memory."""

    def _turn_to(self, page: int) -> None:
        if page != self._page:
            self._frame, self._header = self._decoded(page)
            self._page = page

    def _decoded(self, page: int) -> tuple[Frame, Header]:
        data, kind = self._data, self._kind
        size = header_size(kind.key, data)
        if size is None:
            raise damaged(kind.title)
        check_size(size)
        if size[0] * size[1] * 4 > IMAGE_DECODE_BYTES:
            raise too_large(size)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                array = _decode(kind.key, data, page)
            frame, pixel_kind = _to_frame(array, kind.key, header_bits(kind.key, data))
        except MemoryError:
            raise out_of_memory(size) from None
        except Exception as error:  # each codec has an exception of its own
            raise damaged(kind.title) from error
        self._page = page
        height, width = frame.pixels.shape[:2]
        channels = array.shape[2] if array.ndim > 2 else 1
        return frame, Header(
            size=(width, height),
            kind=pixel_kind,
            orientation=_orientation(kind.key, data),
            facts={"format": kind.title, "mode": f"{array.dtype} × {channels}"},
        )


def _decode(key: str, data: bytes, page: int) -> NDArray[Any]:
    import imagecodecs

    if key == "jpeg" and any(marker == 0xF7 for marker, _, _ in jpeg_segments(data)):
        key = "jls"  # behind a SPIFF header
    if key != "tiff":
        return np.asarray(getattr(imagecodecs, _FUNCTIONS[key])(data))
    try:
        return np.asarray(imagecodecs.tiff_decode(data, index=page))
    except Exception:
        # libtiff's own way to RGBA knows more colour spaces and sample layouts.
        return np.asarray(imagecodecs.tiff_decode(data, index=page, asrgb=True))


def _orientation(key: str, data: bytes) -> int:
    if key != "jpeg":
        return 1
    for marker, start, length in jpeg_segments(data):
        if marker == 0xE1 and data[start : start + 6] == b"Exif\0\0":
            return exif_orientation(data[start : start + length])
    return 1


def _to_frame(array: NDArray[Any], key: str, bits: int) -> tuple[Frame, PixelKind]:
    """Arrays of any codec, (rows, columns[, channels]) or frames of those, as a `Frame`."""
    while array.ndim > 3:
        array = array[0]
    if array.ndim == 3 and array.shape[2] > 4:
        if key == "tiff" and array.shape[0] in (3, 4):
            array = np.moveaxis(array, 0, -1)  # one plane per colour
        else:
            # Frames of grey pictures, or many channels: the first one is what page 0 shows.
            array = array[0] if array.shape[0] <= 4 or key in ("gif", "jxl", "webp") else array[..., 0]
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[..., 0]
    if array.ndim == 1 or 0 in array.shape:
        raise ValueError("no picture")
    array = _native(array)
    if bits and array.max() >= 1 << bits:
        bits = 0  # looked up in a palette, or scaled already
    if array.ndim == 2:
        if array.dtype == np.uint8:
            return Frame(np.ascontiguousarray(_eight_bits(array, bits))), "gray8"
        return Frame(np.ascontiguousarray(array), bits=bits), "gray16"
    return _colour(_eight_bits(array, bits))


def _native(array: NDArray[Any]) -> NDArray[Any]:
    """Booleans as 0 and 255, byte order of this machine, no 64-bit integers, no half floats."""
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * np.uint8(255)
    if array.dtype.kind in "fc":
        return (np.abs(array) if array.dtype.kind == "c" else array).astype(np.float32)
    if array.dtype.kind in "iu" and array.dtype.itemsize > 2:
        return array.astype(np.float64)
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def _eight_bits(array: NDArray[Any], bits: int) -> NDArray[np.uint8]:
    """Samples of any type as 8 bits: 16 bits by their high byte as browsers do, fewer by their share of the
    most that they can be, signed and float ones by their own range.
    """
    levels: NDArray[np.uint8]
    if array.dtype == np.uint8 and not 0 < bits < 8:
        return array
    if array.dtype == np.uint16 and not 8 < bits < 16:
        return (array >> 8).astype(np.uint8)
    if array.dtype in (np.uint8, np.uint16):
        levels = np.clip(np.rint(array * np.float32(255 / ((1 << bits) - 1))), 0, 255).astype(np.uint8)
        return levels
    finite = array[np.isfinite(array)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    if array.dtype.kind == "f" and low >= 0.0 and high <= 1.0:
        low, high = 0.0, 1.0
    scaled = (array.astype(np.float32) - low) * (255.0 / ((high - low) or 1.0))
    levels = np.nan_to_num(np.clip(np.rint(scaled), 0, 255)).astype(np.uint8)
    return levels


def _colour(array: NDArray[np.uint8]) -> tuple[Frame, PixelKind]:
    import cv2

    array = np.ascontiguousarray(array)
    channels = array.shape[2]
    if channels == 2:
        grey = np.ascontiguousarray(array[..., 0])
        pixels = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGRA)
        pixels[..., 3] = array[..., 1]
    elif channels == 3:
        return Frame(cv2.cvtColor(array, cv2.COLOR_RGB2BGRA)), "rgb"
    else:
        pixels = cv2.cvtColor(array, cv2.COLOR_RGBA2BGRA)
    alpha = bool(pixels[..., 3].min() < 255)
    return Frame(pixels, alpha=alpha), "rgba"
