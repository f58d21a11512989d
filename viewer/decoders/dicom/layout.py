"""How the pixels of one frame are laid out, and native (uncompressed) bytes → stored values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer import limits
from viewer.decoders.dicom.header import Header
from viewer.decoders.dicom.values import number, text, whole
from viewer.errors import DecodeError

Stored = NDArray[Any]
"""Stored values: (rows, columns) of any number type, or (rows, columns, 3) unsigned, in colour as told."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The Image Pixel module: what one frame holds."""

    rows: int
    columns: int
    samples: int
    allocated: int
    stored: int
    high_bit: int
    signed: bool
    planar: bool
    photometric: str
    declared_frames: int
    kind: str
    """integer, float32 or float64."""
    words_swapped: bool = False
    """8-bit values kept in big-endian 16-bit words."""
    little_endian: bool = True
    masked: bool = False
    """Bits above `high_bit` carry overlays and must be taken off."""

    @property
    def pixels(self) -> int:
        """Pixels of a frame."""
        return self.rows * self.columns

    @property
    def subsampled(self) -> bool:
        """Native YBR 4:2:2: four bytes for two pixels."""
        return self.photometric in ("YBR_FULL_422", "YBR_PARTIAL_422") and self.samples == 3

    @property
    def frame_bits(self) -> int:
        """Bits of one native frame; frames follow each other without padding, even 1-bit ones."""
        per_pixel = 2 if self.subsampled else self.samples
        return self.pixels * per_pixel * self.allocated

    @property
    def frame_bytes(self) -> int:
        """Bytes of one native frame, rounded up."""
        return (self.frame_bits + 7) // 8

    @property
    def dtype(self) -> np.dtype[Any]:
        """The native number type of stored values."""
        if self.kind != "integer":
            return np.dtype(self.kind)
        width = 8 if self.allocated <= 8 else 16 if self.allocated <= 16 else 32 if self.allocated <= 32 else 64
        return np.dtype(f"{'i' if self.signed else 'u'}{width // 8}")

    @property
    def colour(self) -> bool:
        """Whether a pixel has three samples."""
        return self.samples >= 3


def read_layout(header: Header) -> Layout:
    """The layout that a header describes. Raises DecodeError with the numbers when it cannot be."""
    ds = header.dataset
    if len(ds) < 2:
        raise DecodeError("This is no DICOM file, or hardly anything of it is left. Fetch the file again.")
    if header.pixels is None:
        raise DecodeError(_no_pixels(header), code="Unsupported")
    rows, columns = whole(ds, "Rows"), whole(ds, "Columns")
    if not 0 < rows <= limits.IMAGE_SIDE or not 0 < columns <= limits.IMAGE_SIDE:
        raise DecodeError(f"This DICOM file says that its picture has {columns} × {rows} pixels; it is damaged.")
    kind = header.pixels.kind
    allocated = {"float32": 32, "float64": 64}.get(kind, whole(ds, "BitsAllocated", 16))
    stored = min(whole(ds, "BitsStored", allocated) or allocated, allocated)
    if allocated not in (1, 8, 12, 16, 32, 64) or stored < 1:
        raise DecodeError(f"This DICOM file says that a value has {allocated} bits; that cannot be shown.")
    samples = whole(ds, "SamplesPerPixel", 1) or 1
    if samples not in (1, 3, 4):
        raise DecodeError(f"This DICOM file says that a pixel has {samples} values; that cannot be shown.")
    high_bit = whole(ds, "HighBit", stored - 1)
    if not stored - 1 <= high_bit < allocated:
        high_bit = stored - 1
    swapped = not header.little_endian and header.pixels.vr == "OW" and allocated <= 8
    layout = Layout(
        rows=rows,
        columns=columns,
        samples=samples,
        allocated=allocated,
        stored=stored,
        high_bit=high_bit,
        signed=whole(ds, "PixelRepresentation") == 1,
        planar=samples > 1 and whole(ds, "PlanarConfiguration") == 1,
        photometric=text(ds, "PhotometricInterpretation").upper() or ("RGB" if samples == 3 else "MONOCHROME2"),
        declared_frames=max(1, whole(ds, "NumberOfFrames", 1)),
        kind=kind,
        words_swapped=swapped,
        little_endian=header.little_endian,
        masked=_has_pixel_overlay(header, high_bit),
    )
    if layout.frame_bytes > limits.DICOM_BYTES or layout.pixels > limits.IMAGE_PIXELS:
        raise DecodeError(
            f"This DICOM file says that a frame has {columns:,} × {rows:,} pixels "
            f"({layout.frame_bytes / 1e9:.1f} GB); that is more than can be shown.",
            code="TooLarge",
        )
    return layout


def _no_pixels(header: Header) -> str:
    from pydicom.uid import UID

    name = UID(text(header.dataset, "SOPClassUID") or text(header.dataset, "MediaStorageSOPClassUID")).name
    known = f" ({name})" if name and not name[:1].isdigit() else ""
    return f"This DICOM file holds no picture{known}; only its labels can be inspected."


def _has_pixel_overlay(header: Header, high_bit: int) -> bool:
    """Whether a group 60xx keeps its plane in unused bits of the pixels (retired, still met)."""
    for group in range(0x6000, 0x6020, 2):
        if (group, 0x0010) in header.dataset and (group, 0x3000) not in header.dataset:
            try:
                position = int(header.dataset[group, 0x0102].value)
            except Exception:
                continue
            if position > high_bit or position < 0:
                return True
    return False


def native_values(raw: bytes, layout: Layout, *, bit_offset: int = 0) -> Stored:
    """One native frame as stored values in native byte order, overlay bits still inside.

    `raw` begins at the byte of the frame's first bit (`bit_offset` bits into it) and is filled up with zeros
    when the file ends early.
    """
    need = (bit_offset + layout.frame_bits + 7) // 8
    if len(raw) < need:
        raw = raw + bytes(need - len(raw))
    count = layout.pixels * (2 if layout.subsampled else layout.samples)
    if layout.allocated == 1:
        packed = np.frombuffer(raw, np.uint8, need)
        values: Stored = np.unpackbits(packed, bitorder="little")[bit_offset : bit_offset + count]
    elif layout.allocated == 12:
        values = _unpack_12(np.frombuffer(raw, np.uint8, need), count)
    else:
        kept = layout.dtype.newbyteorder("<" if layout.little_endian else ">")
        values = np.frombuffer(raw, kept, count)
        if not values.dtype.isnative:  # cv2 reads foreign byte order as native without a word
            values = values.astype(layout.dtype)
    if layout.subsampled:
        return _expand_422(values, layout)
    return arrange(values, layout)


def arrange(values: Stored, layout: Layout) -> Stored:
    """A flat run of values as (rows, columns) or (rows, columns, samples)."""
    if layout.samples == 1:
        return values.reshape(layout.rows, layout.columns)
    if layout.planar:
        planes = values.reshape(layout.samples, layout.rows, layout.columns)
        return np.ascontiguousarray(planes.transpose(1, 2, 0)[..., :3])
    return np.ascontiguousarray(values.reshape(layout.rows, layout.columns, layout.samples)[..., :3])


def swap_words(raw: bytes) -> bytes:
    """The two bytes of each 16-bit word exchanged; a last odd byte stays."""
    even = len(raw) // 2 * 2
    return np.frombuffer(raw, np.uint16, even // 2).byteswap().tobytes() + raw[even:]


def _unpack_12(packed: NDArray[np.uint8], count: int) -> NDArray[np.uint16]:
    """ACR-NEMA 12-bit packing: three bytes hold two values, the lower bits first."""
    packed = np.append(packed, np.zeros(-len(packed) % 3, np.uint8)).reshape(-1, 3).astype(np.uint16)
    pairs = np.empty((len(packed), 2), np.uint16)
    pairs[:, 0] = packed[:, 0] | (packed[:, 1] & 0x0F) << 8
    pairs[:, 1] = packed[:, 1] >> 4 | packed[:, 2] << 4
    return pairs.reshape(-1)[:count]


def _expand_422(values: Stored, layout: Layout) -> Stored:
    """Y1 Y2 Cb Cr for two neighbours → (rows, columns, 3); PS3.3 C.7.6.3.1.2."""
    quads = values[: layout.pixels // 2 * 4].reshape(-1, 4)
    full = np.empty((len(quads), 2, 3), values.dtype)
    full[:, :, 0] = quads[:, :2]
    full[:, :, 1] = quads[:, 2:3]
    full[:, :, 2] = quads[:, 3:4]
    flat = full.reshape(-1, 3)
    if len(flat) < layout.pixels:  # an odd number of pixels: the last one has no partner
        flat = np.concatenate((flat, np.zeros((layout.pixels - len(flat), 3), values.dtype)))
    return flat.reshape(layout.rows, layout.columns, 3)


def true_values(values: Stored, layout: Layout) -> Stored:
    """Stored values without the bits that are none of theirs (overlay planes, a wrong sign extension)."""
    if layout.kind != "integer" or layout.allocated in (1, 12) or not values.dtype.itemsize * 8 > layout.stored:
        return values
    shift = layout.high_bit + 1 - layout.stored
    if not layout.masked and shift == 0 and not layout.signed:
        return values  # bits above are left alone: files that lie about BitsStored would wrap around
    unsigned = values.view(f"u{values.dtype.itemsize}")
    if shift:
        unsigned = unsigned >> np.asarray(shift, unsigned.dtype)
    if layout.signed:
        return sign_extended(unsigned, layout.stored)
    masked: Stored = unsigned & np.asarray((1 << layout.stored) - 1, unsigned.dtype)
    return masked


def sign_extended(values: Stored, bits: int) -> Stored:
    """Values whose lower `bits` are two's complement as signed numbers of the same width."""
    width = values.dtype.itemsize * 8
    unsigned = values.view(f"u{values.dtype.itemsize}")
    if bits >= width:
        return unsigned.view(f"i{values.dtype.itemsize}")
    up = np.asarray(width - bits, unsigned.dtype)
    shifted = (unsigned << up).view(f"i{values.dtype.itemsize}")
    extended: Stored = shifted >> up.astype(shifted.dtype)
    return extended


def has_number_of_frames(header: Header) -> bool:
    """Whether the file says how many frames it has."""
    return number(header.dataset, "NumberOfFrames") is not None
