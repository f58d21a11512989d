"""One compressed frame → stored values. imagecodecs only: it releases the GIL and reads what others do not."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import Any

import numpy as np

from viewer.decoders.dicom.codestream import j2k_has_colour_transform, j2k_size, read_jpeg
from viewer.decoders.dicom.layout import Layout, Stored, arrange, native_values, sign_extended
from viewer.errors import DecodeError

RLE = "1.2.840.10008.1.2.5"
DEFLATED_FRAME = "1.2.840.10008.1.2.8.1"
JPEG_XL = frozenset(f"1.2.840.10008.1.2.4.{n}" for n in (110, 111, 112))
VIDEO_PREFIXES = tuple(f"1.2.840.10008.1.2.4.{n}" for n in range(100, 110))
NATIVE = frozenset(("", "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"))

NAMES = {
    "jpeg": "JPEG",
    "jpeg-lossless": "JPEG Lossless",
    "jpeg-ls": "JPEG-LS",
    "jpeg2000": "JPEG 2000",
    "jpeg-xl": "JPEG XL",
    "rle": "RLE",
    "deflate": "Deflate",
    "native": "uncompressed",
}


def codec_of(frame: bytes, syntax: str) -> str:
    """Which codec made a frame: by its bytes, and by the transfer syntax where bytes do not tell."""
    if frame[:2] == b"\xff\xd8":
        return {0xC3: "jpeg-lossless", 0xF7: "jpeg-ls"}.get(read_jpeg(frame).marker, "jpeg")
    if frame[:4] == b"\xff\x4f\xff\x51" or frame[4:8] == b"jP  ":
        return "jpeg2000"
    if syntax in JPEG_XL or frame[:2] == b"\xff\x0a":
        return "jpeg-xl"
    if syntax == RLE:
        return "rle"
    return "deflate" if syntax == DEFLATED_FRAME else "native"


def decode_frame(frame: bytes, layout: Layout, syntax: str) -> tuple[Stored, bool]:
    """Stored values of one compressed frame, and whether three samples are RGB already.

    The second is False only where they are still in the colour space that `layout.photometric` names.
    Raises DecodeError when the bytes are damaged.
    """
    codec = codec_of(frame, syntax)
    _check_size(codec, frame, layout)
    try:
        values, is_rgb = _DECODE[codec](frame, layout)
    except DecodeError:
        raise
    except MemoryError:
        raise DecodeError("This frame needs more memory than there is.", code="OutOfMemory") from None
    except Exception:
        raise DecodeError(f"The {NAMES[codec]} data of this frame are damaged and cannot be decoded.") from None
    return _as_described(values, layout), is_rgb


def _check_size(codec: str, frame: bytes, layout: Layout) -> None:
    """Compare sizes before memory is asked for: a damaged or hostile stream may claim gigapixels."""
    if codec.startswith("jpeg2000"):
        rows, columns = j2k_size(frame)
    elif codec in ("jpeg", "jpeg-lossless", "jpeg-ls"):
        stream = read_jpeg(frame)
        rows, columns = stream.rows, stream.columns
    else:
        return
    if rows and columns:  # JPEG may leave the number of lines open
        _same_size(rows, columns, layout)


def _same_size(rows: int, columns: int, layout: Layout) -> None:
    if (rows, columns) != (layout.rows, layout.columns):
        raise DecodeError(
            f"This frame holds {columns:,} × {rows:,} pixels, the header says {layout.columns:,} × {layout.rows:,}."
        )


def _as_described(values: Stored, layout: Layout) -> Stored:
    """Check the shape against the header, and give values the sign that the header says.

    JPEG-LS and lossless JPEG have no signed numbers: the codec gives unsigned ones, and -2000 reads 63536.
    """
    values = np.squeeze(values)
    if values.ndim < 2:
        values = values.reshape(layout.rows, -1) if values.size == layout.pixels else values
    if values.ndim == 3 and values.shape[2] > 3:
        values = np.ascontiguousarray(values[..., :3])
    if values.ndim not in (2, 3) or (values.ndim == 3 and values.shape[2] != 3):
        raise DecodeError("This frame holds another kind of pixels than its header says.")
    _same_size(values.shape[0], values.shape[1], layout)
    if values.dtype.kind == "b":
        values = values.astype(np.uint8)
    if values.dtype.kind == "u" and layout.signed and values.ndim == 2:
        return sign_extended(values, layout.stored)
    if values.dtype.kind == "i" and not layout.signed:
        unsigned = values.view(f"u{values.dtype.itemsize}")
        bits = min(layout.stored, values.dtype.itemsize * 8)
        values = unsigned & np.asarray((1 << bits) - 1, unsigned.dtype)
    return values


def _jpeg(frame: bytes, layout: Layout) -> tuple[Stored, bool]:
    import imagecodecs

    if layout.samples == 1:
        return imagecodecs.jpeg8_decode(frame), True
    space = "ycbcr" if _jpeg_is_ycc(frame, layout) else "rgb"
    return imagecodecs.jpeg8_decode(frame, colorspace=space, outcolorspace="rgb"), True


def _jpeg_is_ycc(frame: bytes, layout: Layout) -> bool:
    """Whether three components are YCbCr: the stream's own marks first, then Photometric Interpretation.

    A file that says RGB and has no Adobe mark must not be converted; libjpeg's guess would do that.
    """
    stream = read_jpeg(frame)
    if stream.adobe is not None:
        return stream.adobe == 1
    if stream.components == b"RGB":
        return False
    # RGB is never subsampled, and a JFIF stream is YCbCr by definition, whatever the header claims
    return layout.photometric != "RGB" or stream.subsampled or stream.jfif


def _jpeg_lossless(frame: bytes, layout: Layout) -> tuple[Stored, bool]:
    import imagecodecs

    try:
        values = imagecodecs.jpegsof3_decode(frame)
    except Exception:
        values = imagecodecs.ljpeg_decode(frame)
    return values, layout.photometric == "RGB"


def _jpeg_ls(frame: bytes, layout: Layout) -> tuple[Stored, bool]:
    import imagecodecs

    return imagecodecs.jpegls_decode(frame), layout.photometric == "RGB"


def _jpeg2000(frame: bytes, layout: Layout) -> tuple[Stored, bool]:
    # OpenJPEG reads HTJ2K too; OpenJPH does not clamp lossy colour (values off by 255)
    import imagecodecs

    values = imagecodecs.jpeg2k_decode(frame)
    return values, not layout.photometric.startswith("YBR_FULL") or j2k_has_colour_transform(frame)


def _jpeg_xl(frame: bytes, layout: Layout) -> tuple[Stored, bool]:
    import imagecodecs

    return imagecodecs.jpegxl_decode(frame), True


def _deflate(frame: bytes, layout: Layout) -> tuple[Stored, bool]:
    unpacked = zlib.decompressobj(-zlib.MAX_WBITS).decompress(frame, layout.frame_bytes)
    return native_values(unpacked, layout), layout.photometric == "RGB"


def _native(frame: bytes, layout: Layout) -> tuple[Stored, bool]:
    return native_values(frame, layout), layout.photometric == "RGB"


def _rle(frame: bytes, layout: Layout) -> tuple[Stored, bool]:
    """PS3.5 annex G: one PackBits segment per byte of a sample, most significant byte first."""
    if len(frame) < 64:
        raise DecodeError("The RLE header of this frame is cut.")
    header = np.frombuffer(frame, "<u4", 16)
    count = int(header[0])
    width = max(1, layout.allocated // 8)
    if not 1 <= count <= 15 or count != layout.samples * width:
        raise DecodeError(f"This frame has {count} RLE segments; its header asks for {layout.samples * width}.")
    size = (layout.pixels + 7) // 8 if layout.allocated == 1 else layout.pixels
    bounds = [*(int(offset) for offset in header[1 : count + 1]), len(frame)]
    planes = [_packbits(frame[bounds[i] : bounds[i + 1]], size) for i in range(count)]
    if layout.allocated == 1:
        return native_values(planes[0].tobytes(), layout), True
    joined = np.empty((layout.samples, layout.pixels, width), np.uint8)
    for sample in range(layout.samples):
        for byte in range(width):
            joined[sample, :, width - 1 - byte] = planes[sample * width + byte]
    values = joined.reshape(layout.samples, -1).view(f"<{layout.dtype.kind}{width}").astype(layout.dtype, copy=False)
    planar = replace(layout, planar=layout.samples > 1)
    return arrange(values.reshape(-1), planar), layout.photometric == "RGB"


def _packbits(segment: bytes, size: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """One segment unpacked to exactly `size` bytes; zeros where it ends early."""
    import imagecodecs

    try:
        unpacked = imagecodecs.packbits_decode(segment)
    except Exception:
        unpacked = _packbits_tolerant(segment, size)
    values = np.frombuffer(unpacked, np.uint8)
    if len(values) < size:
        values = np.append(values, np.zeros(size - len(values), np.uint8))
    return values[:size]


def _packbits_tolerant(segment: bytes, size: int) -> bytes:
    """PackBits that stops at what it cannot read (trailing junk, a cut run) instead of refusing all."""
    out = bytearray()
    position = 0
    while position < len(segment) and len(out) < size:
        code = segment[position]
        position += 1
        if code < 128:
            out += segment[position : position + code + 1]
            position += code + 1
        elif code > 128:
            out += segment[position : position + 1] * (257 - code)
            position += 1
    return bytes(out)


_DECODE = {
    "jpeg": _jpeg,
    "jpeg-lossless": _jpeg_lossless,
    "jpeg-ls": _jpeg_ls,
    "jpeg2000": _jpeg2000,
    "jpeg-xl": _jpeg_xl,
    "rle": _rle,
    "deflate": _deflate,
    "native": _native,
}
