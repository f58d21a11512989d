"""BMP varieties that Pillow refuses and browsers show: odd bit masks, odd headers, bad palette sizes."""

from __future__ import annotations

import struct
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from viewer.decoders.image.frame import Frame, Header, damaged, out_of_memory
from viewer.decoders.image.pillow_file import check_size, too_large
from viewer.limits import IMAGE_DECODE_BYTES

_RGB, _BITFIELDS, _ALPHA_BITFIELDS = 0, 3, 6
_DEFAULT_MASKS = {16: (0x7C00, 0x03E0, 0x001F, 0), 32: (0xFF0000, 0xFF00, 0xFF, 0)}
_HEADER_BYTES = 14


class BmpFile:
    """An uncompressed BMP of 1-32 bits per pixel, with any bit masks. Rows that are missing stay black."""

    engine = "bmp"
    page_count = 1

    def __init__(self, source: BinaryIO) -> None:
        """Decode. Raises DecodeError."""
        source.seek(0)
        data = source.read()
        try:
            self._frame = _decode(data)
        except MemoryError:
            raise out_of_memory((0, 0)) from None
        except (struct.error, ValueError, IndexError) as error:
            raise damaged("BMP") from error
        height, width = self._frame.pixels.shape[:2]
        self._header = Header(
            size=(width, height), kind="rgba" if self._frame.alpha else "rgb", facts={"format": "BMP"}
        )

    def header(self, page: int) -> Header:
        """Size and kind."""
        return self._header

    def decode(self, page: int, factor: int) -> Frame:
        """The pixels, which are here already."""
        return self._frame

    def least_factor(self, page: int) -> int:
        """All or nothing."""
        return 1

    def close(self) -> None:
        """Nothing is held beside memory."""


def _decode(data: bytes) -> Frame:
    """Layout: Microsoft's BITMAPFILEHEADER, BITMAPINFOHEADER to BITMAPV5HEADER, OS/2's BITMAPCOREHEADER."""
    (offset,) = struct.unpack_from("<I", data, 10)
    (header,) = struct.unpack_from("<I", data, _HEADER_BYTES)
    compression = _RGB
    colours = 0
    if header == 12:
        width, height, _, bits = struct.unpack_from("<HHHH", data, 18)
        entry = 3
    else:
        width, height, _, bits, compression = struct.unpack_from("<iiHHI", data, 18)
        (colours,) = struct.unpack_from("<I", data, 46) if header >= 40 else (0,)
        entry = 4
    size = abs(width), abs(height)
    check_size(size)
    if size[0] * size[1] * 4 > IMAGE_DECODE_BYTES:
        raise too_large(size)
    if compression not in (_RGB, _BITFIELDS, _ALPHA_BITFIELDS):
        raise ValueError("a compressed BMP")
    masks = _DEFAULT_MASKS.get(bits, (0, 0, 0, 0))
    palette_at = _HEADER_BYTES + header
    if compression != _RGB and bits in (16, 32):
        masks = _masks(data, header, compression)
        if header == 40:
            palette_at += 16 if compression == _ALPHA_BITFIELDS else 12
    rows, cut = _rows(data, offset, size, bits)
    if bits <= 8:
        room = max(0, (offset - palette_at) // entry) if offset > palette_at else 256
        pixels = _indexed(rows, size[0], bits, _palette(data, palette_at, entry, min(colours or 256, room, 256)))
        alpha = False
    elif bits == 24:
        pixels = np.full((size[1], size[0], 4), 255, np.uint8)
        pixels[..., :3] = rows[:, : size[0] * 3].reshape(size[1], size[0], 3)
        alpha = False
    elif bits in (16, 32):
        words = np.ascontiguousarray(rows).view("<u2" if bits == 16 else "<u4")[:, : size[0]]
        pixels, alpha = _masked(words.astype(np.uint32), masks)
    else:
        raise ValueError(f"{bits} bits per pixel")
    if height > 0:
        pixels = pixels[::-1]
    if width < 0:
        pixels = pixels[:, ::-1]
    return Frame(np.ascontiguousarray(pixels), alpha=alpha, flags=("truncated",) if cut else ())


def _masks(data: bytes, header: int, compression: int) -> tuple[int, int, int, int]:
    """Masks follow a 40-byte header and are part of the longer ones, at the same place."""
    red, green, blue = struct.unpack_from("<III", data, 54)
    has_alpha = header >= 56 or compression == _ALPHA_BITFIELDS
    (alpha,) = struct.unpack_from("<I", data, 66) if has_alpha else (0,)
    return red, green, blue, alpha


def _rows(data: bytes, offset: int, size: tuple[int, int], bits: int) -> tuple[NDArray[np.uint8], bool]:
    """Rows as stored, padded to four bytes, shape (height, stride); and whether some were missing."""
    stride = (size[0] * bits + 31) // 32 * 4
    if not 26 <= offset < len(data):
        raise ValueError("no pixels")
    found = np.frombuffer(data, np.uint8, count=min(len(data) - offset, stride * size[1]), offset=offset)
    missing = stride * size[1] - found.size
    if missing:
        found = np.concatenate((found, np.zeros(missing, np.uint8)))
    return found.reshape(size[1], stride), missing > 0


def _palette(data: bytes, at: int, entry: int, colours: int) -> NDArray[np.uint8]:
    """256 entries BGRX; those that the file lacks are black, as browsers have it."""
    palette = np.zeros((256, 4), np.uint8)
    found = np.frombuffer(data[at : at + colours * entry], np.uint8)
    found = found[: found.size // entry * entry].reshape(-1, entry)
    palette[: len(found), :3] = found[:, :3]
    palette[:, 3] = 255
    return palette


def _indexed(rows: NDArray[np.uint8], width: int, bits: int, palette: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if bits not in (1, 2, 4, 8):
        raise ValueError(f"{bits} bits per pixel")
    if bits < 8:
        shifts = np.arange(8 - bits, -1, -bits, dtype=np.uint8)
        mask = np.uint8((1 << bits) - 1)
        rows = (rows[:, :, None] >> shifts & mask).astype(np.uint8).reshape(rows.shape[0], -1)
    chosen: NDArray[np.uint8] = palette[rows[:, :width]]
    return chosen


def _masked(words: NDArray[np.uint32], masks: tuple[int, int, int, int]) -> tuple[NDArray[np.uint8], bool]:
    pixels = np.full((*words.shape, 4), 255, np.uint8)
    for channel, mask in zip((2, 1, 0, 3), masks, strict=True):
        if mask:
            pixels[..., channel] = _levels(words, mask)
        elif channel != 3:
            pixels[..., channel] = 0
    alpha = bool(masks[3]) and bool(pixels[..., 3].min() < 255)
    if alpha and not pixels[..., 3].any():
        pixels[..., 3] = 255  # all transparent: written by programs that leave the byte empty
        alpha = False
    return pixels, alpha


def _levels(words: NDArray[np.uint32], mask: int) -> NDArray[Any]:
    """The bits under a mask, scaled to 0-255."""
    low = (mask & -mask).bit_length() - 1
    most = mask >> low
    values = ((words & np.uint32(mask)) >> np.uint32(low)).astype(np.float64)
    return np.rint(values * (255.0 / most)).astype(np.uint8)
