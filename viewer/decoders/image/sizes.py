"""Width, height and bits from a picture's header, for the engine that has no way to ask before it decodes."""

from __future__ import annotations

import struct

Size = tuple[int, int]

_BITS_PER_SAMPLE = 258  # TIFF tag

_JXL_RATIOS = ((1, 1), (6, 5), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))


def header_size(key: str, data: bytes) -> Size | None:
    """(width, height) that a file of this kind claims, or None when its header cannot be read."""
    reader = _READERS.get(key)
    if reader is None:
        return None
    try:
        return reader(data)
    except (struct.error, IndexError, ValueError):
        return None


def header_bits(key: str, data: bytes) -> int:
    """Significant bits of a sample, 0 when unknown (or when the codec gives the full range anyway)."""
    try:
        if key in ("jpeg", "jls"):
            frame = _start_of_frame(data)
            return data[frame] if frame is not None else 0
        if key == "jp2":
            at = data.find(b"\xff\x4f\xff\x51")
            return (data[at + 42] & 0x7F) + 1 if at >= 0 else 0
        return _tiff_tags(data).get(_BITS_PER_SAMPLE, 0) if key == "tiff" else 0
    except (struct.error, IndexError, ValueError):
        return 0


def _jpeg(data: bytes) -> Size | None:
    frame = _start_of_frame(data)
    if frame is None:
        return None
    height, width = struct.unpack_from(">HH", data, frame + 1)
    return width, height


def _start_of_frame(data: bytes) -> int | None:
    """Where the precision stands, followed by height and width."""
    for marker, start, _ in jpeg_segments(data):
        # All start-of-frame markers: 0xC0-0xCF without DHT, JPG and DAC; 0xF7 is JPEG-LS (ITU-T T.81, T.87).
        if (0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC)) or marker == 0xF7:
            return start
    return None


def jpeg_segments(data: bytes) -> list[tuple[int, int, int]]:
    """(marker, first byte of the content, its length) of the segments before the first scan."""
    found: list[tuple[int, int, int]] = []
    at = 2
    while at + 4 <= len(data) and len(found) < 10_000:
        if data[at] != 0xFF:
            break
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0x01 or 0xD0 <= marker <= 0xD8:
            at += 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        if length < 2:
            break
        found.append((marker, at + 4, length - 2))
        if marker in (0xDA, 0xD9):
            break
        at += 2 + length
    return found


def _png(data: bytes) -> Size:
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _gif(data: bytes) -> Size:
    width, height = struct.unpack_from("<HH", data, 6)
    return width, height


def _qoi(data: bytes) -> Size:
    width, height = struct.unpack_from(">II", data, 4)
    return width, height


def _webp(data: bytes) -> Size | None:
    chunk = data[12:16]
    if chunk == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if chunk == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None


def _jp2(data: bytes) -> Size | None:
    at = data.find(b"\xff\x4f\xff\x51")  # start of codestream, then SIZ (ISO/IEC 15444-1, A.5.1)
    if at < 0:
        return None
    x1, y1, x0, y0 = struct.unpack_from(">IIII", data, at + 8)
    return x1 - x0, y1 - y0


def _tiff(data: bytes) -> Size | None:
    found = _tiff_tags(data)
    width, height = found.get(256, found.get(0xBC80)), found.get(257, found.get(0xBC81))
    return (width, height) if width is not None and height is not None else None


def _tiff_tags(data: bytes) -> dict[int, int]:
    """First values of some tags of the first directory (TIFF 6.0; BigTIFF; JPEG XR has the same shape)."""
    order = "<" if data[:2] == b"II" else ">"
    big = data[2:4] in (b"+\0", b"\0+")
    word = "Q" if big else "I"
    (offset,) = struct.unpack_from(order + word, data, 8 if big else 4)
    (count,) = struct.unpack_from(order + ("Q" if big else "H"), data, offset)
    first, step, value_at = (offset + 8, 20, 12) if big else (offset + 2, 12, 8)
    found: dict[int, int] = {}
    for k in range(min(count, 4096)):
        at = first + k * step
        tag, form = struct.unpack_from(order + "HH", data, at)
        if tag not in (256, 257, _BITS_PER_SAMPLE, 0xBC80, 0xBC81):
            continue
        code = {1: "B", 3: "H", 4: "I", 16: "Q"}.get(form, "I")
        (values,) = struct.unpack_from(order + word, data, at + 4)
        place = at + value_at
        if values * struct.calcsize("=" + code) > struct.calcsize("=" + word):
            (place,) = struct.unpack_from(order + word, data, place)  # too many to stand in the directory
        (found[tag],) = struct.unpack_from(order + code, data, place)
    return found


def _isobmff(data: bytes) -> Size | None:
    """The largest ``ispe`` property of an AVIF file (ISO/IEC 23008-12, 6.5.3)."""
    best: Size | None = None
    at = data.find(b"ispe")
    while at >= 0:
        width, height = struct.unpack_from(">II", data, at + 8)
        if best is None or width * height > best[0] * best[1]:
            best = width, height
        at = data.find(b"ispe", at + 4)
    return best


def _hdr(data: bytes) -> Size | None:
    """The resolution line of a Radiance file: ``-Y height +X width``."""
    end = data.find(b"\n\n")
    words = data[end + 2 : end + 80].split(b"\n", 1)[0].split() if end >= 0 else []
    if len(words) != 4:
        return None
    first, second = int(words[1]), int(words[3])
    return (second, first) if words[0][1:] == b"Y" else (first, second)


class _Bits:
    """Bits of a JPEG XL header, least significant first."""

    def __init__(self, data: bytes) -> None:
        self._value, self._at = int.from_bytes(data[:32], "little"), 0

    def take(self, count: int) -> int:
        value = self._value >> self._at & ((1 << count) - 1)
        self._at += count
        return value

    def side(self) -> int:
        return 1 + self.take((9, 13, 18, 30)[self.take(2)])


def _jxl(data: bytes) -> Size | None:
    """SizeHeader of ISO/IEC 18181-1, in a bare codestream or in the boxes of 18181-2."""
    stream = data if data[:2] == b"\xff\x0a" else _jxl_stream(data)
    if stream[:2] != b"\xff\x0a":
        return None
    bits = _Bits(stream[2:])
    small = bits.take(1)
    height = (bits.take(5) + 1) * 8 if small else bits.side()
    ratio = bits.take(3)
    if ratio:
        over, under = _JXL_RATIOS[ratio - 1]
        return height * over // under, height
    return ((bits.take(5) + 1) * 8 if small else bits.side()), height


def _jxl_stream(data: bytes) -> bytes:
    at = 0
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        header = 8
        if length == 1:
            (length,) = struct.unpack_from(">Q", data, at + 8)
            header = 16
        if name == b"jxlc":
            return data[at + header :][:64]
        if name == b"jxlp":
            return data[at + header + 4 :][:64]
        if length < header:
            break
        at += length
    return b""


_READERS = {
    "jpeg": _jpeg,
    "jls": _jpeg,
    "png": _png,
    "gif": _gif,
    "qoi": _qoi,
    "webp": _webp,
    "jp2": _jp2,
    "tiff": _tiff,
    "jxr": _tiff,
    "avif": _isobmff,
    "hdr": _hdr,
    "jxl": _jxl,
}
