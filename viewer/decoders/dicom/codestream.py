"""What a JPEG or JPEG 2000 stream says of itself before it is decoded."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JpegStream:
    """The head of a JPEG stream (baseline, lossless, JPEG-LS): ITU-T T.81 B.2, T.87 C.2."""

    marker: int = 0
    """The start-of-frame marker's second byte; 0 when there is none."""
    rows: int = 0
    columns: int = 0
    components: bytes = b""
    """The component identifiers."""
    subsampled: bool = False
    adobe: int | None = None
    """The colour transform of the Adobe marker: 0 none, 1 YCbCr."""
    jfif: bool = False


def read_jpeg(frame: bytes) -> JpegStream:
    """Walk the marker segments up to the frame header; what is missing keeps its default."""
    offset, adobe, jfif = 2, None, False
    while offset + 4 <= len(frame):
        marker = frame[offset + 1]
        if frame[offset] != 0xFF or marker == 0xFF:
            offset += 1
            continue
        if marker == 0 or 0xD0 <= marker <= 0xD8:
            offset += 2
            continue
        length = int.from_bytes(frame[offset + 2 : offset + 4], "big")
        body = frame[offset + 4 : offset + 2 + length]
        if marker == 0xEE and body[:5] == b"Adobe" and len(body) >= 12:
            adobe = body[11]
        elif marker == 0xE0 and body[:4] == b"JFIF":
            jfif = True
        elif (0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC)) or marker == 0xF7:
            if len(body) < 6:
                break
            parts = [body[6 + 3 * i : 9 + 3 * i] for i in range(body[5])]
            return JpegStream(
                marker=marker,
                rows=int.from_bytes(body[1:3], "big"),
                columns=int.from_bytes(body[3:5], "big"),
                components=b"".join(part[:1] for part in parts),
                subsampled=len({part[1:2] for part in parts}) > 1,
                adobe=adobe,
                jfif=jfif,
            )
        elif marker in (0xD9, 0xDA):
            break
        offset += 2 + length
    return JpegStream(adobe=adobe, jfif=jfif)


_SOC_SIZ = b"\xff\x4f\xff\x51"


def j2k_size(frame: bytes) -> tuple[int, int]:
    """(rows, columns) of a JPEG 2000 codestream, raw or in a JP2 box; (0, 0) when not found. ISO 15444-1 A.5.1."""
    start = frame.find(_SOC_SIZ, 0, 1 << 16)
    if start < 0 or len(frame) < start + 24:
        return 0, 0
    x1, y1, x0, y0 = (int.from_bytes(frame[start + at : start + at + 4], "big") for at in (8, 12, 16, 20))
    return max(0, y1 - y0), max(0, x1 - x0)


def j2k_has_colour_transform(frame: bytes) -> bool:
    """Whether the stream turns RGB into YCbCr by itself (and the codec turns it back). ISO 15444-1 A.6.1."""
    start = frame.find(_SOC_SIZ, 0, 1 << 16)
    cod = frame.find(b"\xff\x52", max(0, start), max(0, start) + (1 << 16))
    return cod >= 0 and frame[cod + 8 : cod + 9] == b"\x01"
