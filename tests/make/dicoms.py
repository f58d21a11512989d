"""DICOM files for tests, made from arrays: every codec that can be written here, and every kind of damage."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import imagecodecs
import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.uid import generate_uid

Array = NDArray[Any]

SYNTAX = {
    "implicit": "1.2.840.10008.1.2",
    "explicit": "1.2.840.10008.1.2.1",
    "deflated": "1.2.840.10008.1.2.1.99",
    "big": "1.2.840.10008.1.2.2",
    "jpeg": "1.2.840.10008.1.2.4.50",
    "jpeg12": "1.2.840.10008.1.2.4.51",
    "jpeg-lossless": "1.2.840.10008.1.2.4.70",
    "jpeg-ls": "1.2.840.10008.1.2.4.80",
    "jpeg2000": "1.2.840.10008.1.2.4.90",
    "htj2k": "1.2.840.10008.1.2.4.201",
    "jpeg-xl": "1.2.840.10008.1.2.4.110",
    "rle": "1.2.840.10008.1.2.5",
    "deflated-frame": "1.2.840.10008.1.2.8.1",
    "mpeg4": "1.2.840.10008.1.2.4.102",
}


def _rle(frame: Array) -> bytes:
    """PS3.5 annex G by the book: segments of literal runs and repeats, most significant byte first."""
    planes = frame[..., None] if frame.ndim == 2 else frame
    segments = []
    for sample in range(planes.shape[2]):
        flat = np.ascontiguousarray(planes[:, :, sample]).reshape(-1)
        raw = flat.view(np.uint8).reshape(len(flat), flat.dtype.itemsize)
        for byte in range(flat.dtype.itemsize - 1, -1, -1):
            packed = imagecodecs.packbits_encode(raw[:, byte].tobytes())
            segments.append(packed + b"\0" * (len(packed) % 2))
    offsets = np.zeros(16, "<u4")
    offsets[0] = len(segments)
    position = 64
    for i, segment in enumerate(segments):
        offsets[i + 1] = position
        position += len(segment)
    return offsets.tobytes() + b"".join(segments)


def _deflate(frame: Array) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(frame.tobytes()) + packer.flush()


def _unsigned(frame: Array) -> Array:
    return frame.view(f"u{frame.dtype.itemsize}")


ENCODE: dict[str, Callable[[Array], bytes]] = {
    "jpeg": lambda f: imagecodecs.jpeg8_encode(f, 95),
    "jpeg12": lambda f: imagecodecs.jpeg8_encode(f, 98, bitspersample=12),
    "jpeg-lossless": lambda f: imagecodecs.jpeg8_encode(_unsigned(f), lossless=True, predictor=1),
    "jpeg-ls": lambda f: imagecodecs.jpegls_encode(_unsigned(f)),
    "jpeg2000": lambda f: imagecodecs.jpeg2k_encode(f, reversible=True, codecformat="j2k"),
    "htj2k": lambda f: imagecodecs.htj2k_encode(f, reversible=True),
    "jpeg-xl": lambda f: imagecodecs.jpegxl_encode(f, lossless=True),
    "rle": _rle,
    "deflated-frame": _deflate,
}


def dicom(
    frames: Array | Sequence[bytes],
    *,
    syntax: str = "explicit",
    rows: int | None = None,
    columns: int | None = None,
    elements: Mapping[str, Any] | None = None,
    bits_stored: int | None = None,
    photometric: str | None = None,
    declared_frames: int | str | None = None,
    offset_table: bool | str = True,
    fragments: int = 1,
    preamble: bool = True,
    sop_class: str = "1.2.840.10008.5.1.4.1.1.7",
) -> bytes:
    """One file. `frames`: (n, rows, columns[, 3]) or (rows, columns[, 3] with 3 samples), or encoded frames.

    `offset_table`: True basic, "extended", or False none; `fragments` per frame.
    """
    ds = Dataset()
    ds.SOPClassUID = sop_class
    ds.SOPInstanceUID = generate_uid(entropy_srcs=["test"])
    ds.StudyInstanceUID = generate_uid(entropy_srcs=["study"])
    ds.SeriesInstanceUID = generate_uid(entropy_srcs=["series"])
    ds.PatientName = "Doe^Jane"
    ds.PatientID = "SECRET-4711"
    ds.Modality = "OT"
    encoded: list[bytes] = []
    array: Array | None = None
    if isinstance(frames, np.ndarray):
        array = frames
        if array.ndim == 2 or (array.ndim == 3 and array.shape[-1] == 3):
            array = array[None]
        count, ds.Rows, ds.Columns = array.shape[:3]
        ds.SamplesPerPixel = 3 if array.ndim == 4 else 1
        width = array.dtype.itemsize * 8
        ds.BitsAllocated = width
        ds.BitsStored = bits_stored or width
        ds.HighBit = ds.BitsStored - 1
        ds.PixelRepresentation = int(array.dtype.kind == "i")
        if ds.SamplesPerPixel == 3:
            ds.PlanarConfiguration = 0
        ds.PhotometricInterpretation = photometric or ("RGB" if ds.SamplesPerPixel == 3 else "MONOCHROME2")
    else:
        encoded, count = list(frames), len(frames)
        ds.Rows, ds.Columns, ds.SamplesPerPixel = rows or 1, columns or 1, 1
        ds.BitsAllocated = ds.BitsStored = 8
        ds.HighBit, ds.PixelRepresentation = 7, 0
        ds.PhotometricInterpretation = photometric or "MONOCHROME2"
    if declared_frames is not None or count > 1:
        ds.NumberOfFrames = declared_frames if declared_frames is not None else count
    for keyword, value in (elements or {}).items():
        setattr(ds, keyword, value)
    little = syntax != "big"
    if syntax in ("implicit", "explicit", "big", "deflated"):
        assert array is not None
        if array.dtype.kind == "f":
            name = "FloatPixelData" if array.dtype.itemsize == 4 else "DoubleFloatPixelData"
            del ds.PixelRepresentation
            setattr(ds, name, array.astype(array.dtype.newbyteorder("<")).tobytes())
        else:
            raw = array.astype(array.dtype.newbyteorder("<" if little else ">")).tobytes()
            ds.PixelData = raw + b"\0" * (len(raw) % 2)
            ds["PixelData"].VR = "OB" if array.dtype.itemsize == 1 and syntax != "implicit" else "OW"
    else:
        if array is not None:
            encoded = [ENCODE[syntax](np.ascontiguousarray(frame)) for frame in array]
        encoded = [frame + b"\0" * (len(frame) % 2) for frame in encoded]
        if offset_table == "extended":
            ds.PixelData, table, lengths = encapsulate_extended(encoded)
            ds.ExtendedOffsetTable, ds.ExtendedOffsetTableLengths = table, lengths
        else:
            ds.PixelData = encapsulate(encoded, fragments_per_frame=fragments, has_bot=bool(offset_table))
        ds["PixelData"].VR = "OB"
        ds["PixelData"].is_undefined_length = True
    return written(ds, syntax=syntax, preamble=preamble)


def written(ds: Dataset, *, syntax: str = "explicit", preamble: bool = True) -> bytes:
    """A dataset as the bytes of a file."""
    out = io.BytesIO()
    if preamble:
        meta = FileMetaDataset()
        meta.FileMetaInformationVersion = b"\0\1"
        meta.MediaStorageSOPClassUID = ds.SOPClassUID
        meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
        meta.TransferSyntaxUID = SYNTAX[syntax]
        meta.ImplementationClassUID = "1.2.826.0.1.3680043.8.498.1"
        ds.file_meta = meta
        ds.preamble = bytes(128)
    elif hasattr(ds, "file_meta"):
        del ds.file_meta
    # forced: pydicom refuses to write transfer syntaxes that are newer than it is
    forced = preamble and syntax != "deflated"
    pydicom.dcmwrite(out, ds, implicit_vr=syntax == "implicit", little_endian=syntax != "big", force_encoding=forced)
    return out.getvalue()


def ramp(frames: int, rows: int, columns: int, dtype: Any, *, first: int = 0) -> Array:
    """Values that name their place: ``first + 1000 * frame + 10 * row + column``."""
    k, y, x = np.mgrid[:frames, :rows, :columns]
    return (first + 1000 * k + 10 * y + x).astype(dtype)


def macro(keyword: str, **values: Any) -> Dataset:
    """A functional group item that holds one macro with one item."""
    inner, outer = Dataset(), Dataset()
    for name, value in values.items():
        setattr(inner, name, value)
    setattr(outer, keyword, [inner])
    return outer


def merged(*groups: Dataset) -> Dataset:
    """Several macros in one functional group item."""
    result = Dataset()
    for group in groups:
        result.update(group)
    return result


def envelope(content: bytes, *, mime: str = "application/pdf") -> bytes:
    """An encapsulated document."""
    ds = Dataset()
    ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.104.1"
    ds.SOPInstanceUID = generate_uid(entropy_srcs=["envelope"])
    ds.PatientName = "Doe^Jane"
    ds.MIMETypeOfEncapsulatedDocument = mime
    ds.EncapsulatedDocument = content + b"\0" * (len(content) % 2)
    ds.EncapsulatedDocumentLength = len(content)
    return written(ds)
