"""Opening a DICOM file without its pixels: what kind of file it is, its header, and where the pixels begin."""

from __future__ import annotations

import io
import logging
import warnings
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from viewer import limits
from viewer.errors import DecodeError

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

PIXEL_TAGS = {0x7FE00008: "float32", 0x7FE00009: "float64", 0x7FE00010: "integer"}
UNDEFINED = 0xFFFFFFFF
DEFLATED = "1.2.840.10008.1.2.1.99"
IMPLICIT = "1.2.840.10008.1.2"
BIG_ENDIAN = "1.2.840.10008.1.2.2"

_LONG_VRS = frozenset((b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"))
_SHORT_VRS = frozenset(
    (
        b"AE", b"AS", b"AT", b"CS", b"DA", b"DS", b"DT", b"FD", b"FL", b"IS", b"LO", b"LT", b"PN", b"SH", b"SL",
        b"SS", b"ST", b"TM", b"UI", b"UL", b"US",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PixelElement:
    """Where the pixels are: the offset of the value in `Header.source`, its length (None: undefined), its VR."""

    kind: str
    vr: str
    offset: int
    length: int | None


@dataclass(frozen=True, slots=True)
class Header:
    """A parsed header. `source` holds the pixels: the file, or its unpacked content (deflated syntax)."""

    dataset: Dataset
    syntax: str
    """The transfer syntax UID; "" when the file gives none."""
    little_endian: bool
    pixels: PixelElement | None
    source: BinaryIO
    size: int
    """Bytes in `source`."""


def looks_like_dicom(head: bytes) -> bool:
    """Whether these first bytes are DICOM: the mark at 128, or two sane elements of group 2 or 8 at the start."""
    if head[128:132] == b"DICM" or head[:4] == b"DICM":
        return True
    for little in (True, False):
        offset = 0
        tags: list[tuple[int, int]] = []
        while len(tags) < 2:
            element = _element(head, offset, little)
            if element is None or element[0] not in (2, 8) or element[2] > 1 << 12:
                break
            tags.append(element[:2])
            offset = element[3] + element[2]
        if len(tags) == 2 and tags[0] < tags[1]:
            return True
    return False


def _element(head: bytes, offset: int, little: bool) -> tuple[int, int, int, int] | None:
    """(group, element, length, offset of the value) of an element in either VR form; None where none fits."""
    order = "little" if little else "big"
    raw = head[offset : offset + 12]
    if len(raw) < 8:
        return None
    group, number = int.from_bytes(raw[:2], order), int.from_bytes(raw[2:4], order)  # type: ignore[arg-type]
    if raw[4:6] in _SHORT_VRS:
        return group, number, int.from_bytes(raw[6:8], order), offset + 8  # type: ignore[arg-type]
    if raw[4:6] in _LONG_VRS:
        return group, number, int.from_bytes(raw[8:12], order), offset + 12  # type: ignore[arg-type]
    return group, number, int.from_bytes(raw[4:8], order), offset + 8  # type: ignore[arg-type]


def _is_too_deep(error: BaseException | None) -> bool:
    """Whether the stack ran out: pydicom turns that into OSError where it happens while it reads a tag."""
    while error is not None and not isinstance(error, RecursionError):
        error = error.__cause__ or error.__context__
    return error is not None


def read_header(source: BinaryIO) -> Header:
    """Parse everything before the pixels. Raises DecodeError; its text never quotes the file."""
    size = source.seek(0, io.SEEK_END)
    source.seek(0)
    try:
        return _read(source, size)
    except DecodeError:
        raise
    except MemoryError:
        raise DecodeError(
            "The header of this DICOM file needs more memory than there is.", code="OutOfMemory"
        ) from None
    except Exception as error:  # pydicom raises many kinds, and their texts may quote the patient
        if _is_too_deep(error):
            raise DecodeError(
                "This DICOM file nests its sequences too deeply to be read; it is damaged or made to do harm.",
                code="TooLarge",
            ) from None
        raise DecodeError(
            f"The header of this DICOM file cannot be read ({type(error).__name__}). Fetch the file again."
        ) from None


def _read(source: BinaryIO, size: int) -> Header:
    quiet_pydicom()
    from pydicom.filereader import read_dataset, read_partial

    bounded: Any = _Bounded(source, size)
    stop = _StopAtPixels()
    body = _deflated_body(source.read(4096))
    source.seek(0)
    if body is not None:
        source.seek(body)
        unpacked = _inflate(source)
        source, size = io.BytesIO(unpacked), len(unpacked)
        bounded = _Bounded(source, size)
        dataset: Dataset = read_dataset(bounded, False, True, stop_when=stop)
        return Header(dataset, DEFLATED, True, stop.element(bounded.tell()), source, size)
    parsed = read_partial(bounded, stop_when=stop, force=True)
    syntax = str(getattr(parsed.file_meta, "TransferSyntaxUID", "") or "").strip("\0 ")
    _, little = parsed.original_encoding
    return Header(parsed, syntax, little is not False, stop.element(bounded.tell()), source, size)


def quiet_pydicom() -> None:
    """Keep pydicom from warning and logging: its texts quote values of the file, which may be a patient's."""
    from pydicom import config

    config.settings.reading_validation_mode = config.IGNORE
    config.settings.writing_validation_mode = config.IGNORE
    warnings.filterwarnings("ignore", module=r"pydicom(\..*)?")
    logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)


class _StopAtPixels:
    """The stop condition of pydicom's reader, remembering where it stopped."""

    def __init__(self) -> None:
        self._found: tuple[int, str, int] | None = None

    def __call__(self, tag: Any, vr: str | None, length: int) -> bool:
        # pydicom also asks with length 0 to see whether a dataset begins; the last answer is the real one
        if int(tag) in PIXEL_TAGS:
            self._found = (int(tag), vr or "", length)
            return True
        return False

    def element(self, position: int) -> PixelElement | None:
        """The pixel element whose tag stands at `position`, where pydicom left the file."""
        if self._found is None:
            return None
        tag, vr, length = self._found
        head = 12 if vr.encode("latin-1") in _LONG_VRS else 8
        return PixelElement(PIXEL_TAGS[tag], vr, position + head, None if length == UNDEFINED else length)


class _Bounded:
    """A source that never reads past its end nor more header than allowed, whatever length an element claims."""

    def __init__(self, source: BinaryIO, size: int) -> None:
        self._source = source
        self._size = size
        self._left = limits.DICOM_HEADER_BYTES
        self.tell = source.tell

    def read(self, count: int = -1) -> bytes:
        available = max(0, self._size - self._source.tell())
        count = available if count < 0 else min(count, available)
        self._left -= count
        if self._left < 0:
            raise DecodeError(
                f"The header of this DICOM file is larger than {limits.DICOM_HEADER_BYTES >> 20} MB; "
                "it is damaged or holds something else than a picture.",
                code="TooLarge",
            )
        return self._source.read(count)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._source.seek(offset, whence)


def _deflated_body(head: bytes) -> int | None:
    """Where the deflated dataset begins; None when the file is not of the deflated transfer syntax."""
    if head[128:132] != b"DICM" or DEFLATED.encode() not in head:
        return None
    offset, deflated = 132, False
    while (element := _element(head, offset, True)) is not None and element[0] == 2:
        _, number, length, value = element
        if number == 0x10:
            deflated = head[value : value + length].strip(b"\0 ") == DEFLATED.encode()
        offset = value + length
    return offset if deflated else None


def _inflate(source: BinaryIO) -> bytes:
    """Unpack a raw deflate stream up to the limit; a cut stream gives what could be unpacked."""
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    parts: list[bytes] = []
    total = 0
    while not unpack.eof:
        packed = unpack.unconsumed_tail or source.read(1 << 18)
        if not packed:
            break
        try:
            part = unpack.decompress(packed, 1 << 24)
        except zlib.error:
            break
        parts.append(part)
        total += len(part)
        if total > limits.DICOM_INFLATED_BYTES:
            raise DecodeError(
                f"This DICOM file unpacks to more than {limits.DICOM_INFLATED_BYTES >> 20} MB.", code="TooLarge"
            )
    return b"".join(parts)
