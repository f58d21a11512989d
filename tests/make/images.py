"""Picture files for tests: markers in known corners, every orientation, odd sample types, damage."""

from __future__ import annotations

import io
import random
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image, ImageCms

RED, GREEN, BLUE, YELLOW = (230, 20, 20), (20, 200, 20), (20, 20, 230), (230, 220, 20)
CORNERS = {"top left": RED, "top right": GREEN, "bottom left": BLUE, "bottom right": YELLOW}
ORIENTATION_TAG = 0x0112

# EXIF value → how to store an upright picture so that this value shows it upright again.
_STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def marked(width: int = 48, height: int = 32) -> Image.Image:
    """White with a coloured block of a quarter of each side in each corner."""
    array = np.full((height, width, 3), 255, np.uint8)
    w, h = width // 4, height // 4
    array[:h, :w], array[:h, -w:] = RED, GREEN
    array[-h:, :w], array[-h:, -w:] = BLUE, YELLOW
    return Image.fromarray(array)


def corners_of(pixels: np.ndarray[Any, Any]) -> dict[str, tuple[int, int, int]]:
    """Red, green, blue in the middle of each corner block of BGRX or BGRA pixels."""
    height, width = pixels.shape[:2]
    x, y = width // 8, height // 8
    places = {
        "top left": (y, x),
        "top right": (y, width - 1 - x),
        "bottom left": (height - 1 - y, x),
        "bottom right": (height - 1 - y, width - 1 - x),
    }
    return {name: tuple(int(v) for v in pixels[at][2::-1]) for name, at in places.items()}


def saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    """A picture as a file of this Pillow format."""
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def exif_with(orientation: int) -> bytes:
    """An EXIF block that holds an orientation."""
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = orientation
    return exif.tobytes()


def oriented(form: str, orientation: int, *, upright: Image.Image | None = None) -> bytes:
    """A file whose stored pixels and orientation together show `upright`."""
    how = _STORED[orientation]
    picture = upright or marked()
    stored = picture if how is None else picture.transpose(how)
    options: dict[str, Any] = {"exif": exif_with(orientation)}
    if form in ("JPEG", "AVIF"):
        options |= {"quality": 95, "subsampling": "4:4:4"}
    if form == "WEBP":
        options |= {"lossless": True}
    return saved(stored, form, **options)


def chunk(name: bytes, content: bytes) -> bytes:
    """A PNG chunk with its checksum."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(
    width: int,
    height: int,
    *,
    rows: bytes,
    depth: int = 8,
    colour: int = 2,
    before: tuple[tuple[bytes, bytes], ...] = (),
) -> bytes:
    """A PNG from raw rows (without filter bytes; all rows have the same length)."""
    stride = len(rows) // height if height else 0
    filtered = b"".join(b"\0" + rows[y * stride : (y + 1) * stride] for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    middle = b"".join(chunk(name, content) for name, content in before)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            middle,
            chunk(b"IDAT", zlib.compress(filtered)),
            chunk(b"IEND", b""),
        )
    )


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims any size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64))


def srgb_profile() -> bytes:
    """An ICC profile of sRGB."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def swapped_profile() -> bytes:
    """An RGB profile whose red is sRGB's blue and the other way round: colours show whether it was used."""
    profile = bytearray(srgb_profile())
    (count,) = struct.unpack_from(">I", profile, 128)
    at = {bytes(profile[132 + 12 * k : 136 + 12 * k]): 132 + 12 * k for k in range(count)}
    red, blue = at[b"rXYZ"] + 4, at[b"bXYZ"] + 4
    profile[red : red + 8], profile[blue : blue + 8] = profile[blue : blue + 8], profile[red : red + 8]
    return bytes(profile)


def linear_grey_profile() -> bytes:
    """A grey ICC profile with gamma 1: level 128 has half of white's light, which is 188 in sRGB."""
    white = b"XYZ \0\0\0\0" + struct.pack(">iii", 0xF6D6, 0x10000, 0xD32D)
    curve = b"curv\0\0\0\0" + struct.pack(">I", 0)
    text = b"text\0\0\0\0none\0\0\0\0"
    tags = ((b"wtpt", white), (b"kTRC", curve), (b"cprt", text))
    table, content, at = b"", b"", 132 + 12 * len(tags)
    for name, value in tags:
        table += name + struct.pack(">II", at + len(content), len(value))
        content += value
    size = at + len(content)
    header = struct.pack(">I4sI4s4s4s", size, b"lcms", 0x02100000, b"mntr", b"GRAY", b"XYZ ")
    header += b"\0" * 12 + b"acsp" + b"\0" * 28 + struct.pack(">iii", 0xF6D6, 0x10000, 0xD32D)
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + content


def bmp_with_masks(words: np.ndarray[Any, Any], masks: tuple[int, int, int, int]) -> bytes:
    """A top-down 16- or 32-bit BMP with a BITMAPV4-style header of 56 bytes and any masks."""
    height, width = words.shape
    bits = words.dtype.itemsize * 8
    stride = (width * bits + 31) // 32 * 4
    rows = b"".join(row.tobytes().ljust(stride, b"\0") for row in words)
    offset = 14 + 56
    info = struct.pack("<IiiHHIIiiII", 56, width, -height, 1, bits, 3, len(rows), 0, 0, 0, 0)
    head = struct.pack("<2sIHHI", b"BM", offset + len(rows), 0, 0, offset)
    return head + info + struct.pack("<IIII", *masks) + rows


def mutated(data: bytes, seed: int) -> bytes:
    """Damage as in the wild: flipped bits, a cut, changed header bytes, a piece moved."""
    rng = random.Random(seed)
    out = bytearray(data)
    kind = rng.random()
    if kind < 0.4:
        for _ in range(rng.randint(1, 8)):
            out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    elif kind < 0.6:
        del out[rng.randrange(4, len(out)) :]
    elif kind < 0.85:
        for _ in range(rng.randint(1, 4)):
            out[rng.randrange(min(64, len(out)))] = rng.randrange(256)
    else:
        start, length = rng.randrange(len(out)), rng.randint(1, 64)
        piece = out[start : start + length]
        at = rng.randrange(len(out))
        out[at:at] = piece
    return bytes(out)


def with_checksums(data: bytes) -> bytes:
    """A damaged PNG with right checksums, so that the damage gets past them."""
    out, at = bytearray(data[:8]), 8
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        if at + 12 + length > len(data):
            break
        out += chunk(bytes(data[at + 4 : at + 8]), bytes(data[at + 8 : at + 8 + length]))
        at += 12 + length
    return bytes(out) + data[at:]
