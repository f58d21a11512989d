"""The usual engine: Pillow, only with the plug-in of the format that the bytes show, to BGRX without a copy."""

from __future__ import annotations

import importlib
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageFile

from viewer.decoders.image import arrow, colour
from viewer.decoders.image.frame import Frame, Header, PixelKind, damaged, out_of_memory
from viewer.decoders.image.kinds import Kind
from viewer.decoders.image.orientation import UPRIGHT, turned
from viewer.errors import DecodeError
from viewer.limits import IMAGE_DECODE_BYTES, IMAGE_PIXELS, IMAGE_SIDE

# We check sizes ourselves, against our own limits, before anything is decoded.
Image.MAX_IMAGE_PIXELS = None
arrow.use_one_block()

_ALPHA_MODES = frozenset(("LA", "La", "PA", "RGBA", "RGBa"))
_VALUE_MODES = frozenset(("I;16", "I;16L", "I;16B", "I;16N", "I", "F"))
_INVERSE = {6: 8, 8: 6}
_BITS_PER_SAMPLE, _PLANAR_CONFIGURATION = 258, 284  # TIFF tags
_ORIENTED_BY_EXIF = frozenset(("jpeg", "png", "avif"))
"""As browsers do (decode.md C1). For AVIF Pillow puts irot and imir in the place of the EXIF value."""

_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    OverflowError,
    ZeroDivisionError,
    NotImplementedError,
    RuntimeError,
    AssertionError,
    struct.error,
    zlib.error,
)
"""What Pillow's plug-ins raise for bytes that they cannot read."""


class CutShortError(DecodeError):
    """The file ends too early, so a lenient reading will show a part of it."""


class PillowFile:
    """A picture file opened by Pillow. `lenient`: missing and broken parts become grey instead of an end."""

    engine = "pillow"

    def __init__(self, source: BinaryIO, kind: Kind, *, lenient: bool, pages: int = 1) -> None:
        """Read the header. `pages`: how many pages the export counts. Raises DecodeError."""
        self._source, self._kind, self._lenient = source, kind, lenient
        for plugin in kind.plugins:
            importlib.import_module(f"PIL.{plugin}ImagePlugin")
        self._waiting: tuple[int, ImageFile.ImageFile] | None = None
        self._headers: dict[int, Header] = {}
        self.page_count = 1
        if kind.key == "tiff" and pages > 1:
            self.page_count = self._count(pages)
        self.header(0)

    def header(self, page: int) -> Header:
        """Size and kind of a page, from the file's header alone."""
        if page not in self._headers:
            picture = self._open(page)
            with self._reading():
                self._headers[page] = self._read_header(picture)
            self._waiting = (page, picture)
        return self._headers[page]

    def decode(self, page: int, factor: int) -> Frame:
        """Pixels of a page; a JPEG is scaled while decoding, anything else afterwards if it is too large."""
        header = self.header(page)
        waiting, self._waiting = self._waiting, None
        picture = waiting[1] if waiting and waiting[0] == page else self._open(page)
        try:
            with self._reading():
                return self._decode(picture, header, factor)
        except MemoryError:
            raise out_of_memory(header.size) from None
        # Not closed: that would close the source, which belongs to the caller.

    def least_factor(self, page: int) -> int:
        """1 unless a JPEG is so large that only a scaled decoding fits into memory."""
        return _least_factor(self.header(page))

    def close(self) -> None:
        """Forget the header's picture; the source belongs to the caller."""
        self._waiting = None

    # ---- inside ----------------------------------------------------------------------------------------

    def _open(self, page: int) -> ImageFile.ImageFile:
        with self._reading():
            self._source.seek(0)
            picture = Image.open(self._source, formats=self._kind.pillow)
            if page:
                picture.seek(page)
            elif self._kind.key == "png" and getattr(picture, "default_image", False):
                picture.seek(1)  # an APNG whose plain picture is no frame: browsers show frame 0 instead
            return picture

    def _count(self, pages: int) -> int:
        """Pages present, at most `pages`: `n_frames` would walk a million directories."""
        picture = self._open(0)
        found = 1
        try:
            with self._reading():
                while found < pages:
                    picture.seek(found)
                    found += 1
        except DecodeError:
            pass
        return found

    def _read_header(self, picture: ImageFile.ImageFile) -> Header:
        size = getattr(picture, "_tile_size", None) or picture.size  # TIFF: as stored, before its orientation
        check_size(size)
        if self._kind.key == "tiff" and _is_misread(picture.tag_v2):  # type: ignore[attr-defined]
            raise damaged(self._kind.title)
        facts: dict[str, Any] = {"mode": picture.mode, "format": self._kind.title}
        return Header(size=size, kind=_pixel_kind(picture), orientation=self._orientation(picture), facts=facts)

    def _orientation(self, picture: ImageFile.ImageFile) -> int:
        if self._kind.key == "tiff":
            value = picture.tag_v2.get(ExifTags.Base.Orientation)  # type: ignore[attr-defined]
        elif self._kind.key in _ORIENTED_BY_EXIF:
            value = exif_orientation(picture.info.get("exif"))
        else:
            value = UPRIGHT
        return value if isinstance(value, int) and 1 <= value <= 8 else UPRIGHT

    def _decode(self, picture: ImageFile.ImageFile, header: Header, factor: int) -> Frame:
        width, height = header.size
        factor = max(factor, _least_factor(header))
        done = 1
        if factor > 1 and self._kind.key == "jpeg":
            picture.draft(None, (-(-width // factor), -(-height // factor)))
            done = _draft_factor(header.size, picture.size)
        if done < _least_factor(header):
            raise too_large(header.size)
        picture.load()
        frame = _to_frame(picture, self._kind.key, header)
        if self._lenient:
            if not frame.pixels[..., :3].any() if frame.pixels.ndim == 3 else not frame.pixels.any():
                raise damaged(self._kind.title)  # Pillow starts with zeros: nothing at all was decoded
            frame = _with(frame, flags=(*frame.flags, "truncated"))
        if self._kind.key == "tiff" and header.kind == "gray16":
            bits = picture.tag_v2.get(_BITS_PER_SAMPLE, (0,))  # type: ignore[attr-defined]
            frame = _with(frame, bits=int(bits[0]) if isinstance(bits, tuple) else int(bits))
        if self._kind.key == "tiff" and header.orientation != UPRIGHT:
            # Pillow has turned it; the referee may have to turn it back, so frames are as stored.
            back = _INVERSE.get(header.orientation, header.orientation)
            frame = _with(frame, pixels=turned(frame.pixels, back))
        return _with(frame, factor=done)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Pillow's many exceptions become DecodeErrors, its warnings nothing, its leniency ours."""
        before = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = self._lenient
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield
        except DecodeError:
            raise
        except _BROKEN as error:
            if "truncated" in str(error):
                raise CutShortError(str(damaged(self._kind.title))) from error
            raise damaged(self._kind.title) from error
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


def check_size(size: tuple[int, int]) -> None:
    """Raise DecodeError when a header claims no or too many pixels."""
    width, height = size
    if width <= 0 or height <= 0:
        raise DecodeError("The file says that its picture has no pixels (width or height 0).", code="Corrupt")
    if width > IMAGE_SIDE or height > IMAGE_SIDE or width * height > IMAGE_PIXELS:
        raise too_large(size)


def too_large(size: tuple[int, int]) -> DecodeError:
    """The sentence for a picture beyond the limits."""
    return DecodeError(
        f"This picture says that it has {size[0]:,} × {size[1]:,} pixels, which is more than can be shown. "
        "Locate a smaller copy of it.",
        code="TooLarge",
    )


def exif_orientation(block: bytes | None) -> int:
    """The orientation tag of an EXIF block, 1 when there is none. XMP is never asked: browsers do not."""
    if not block:
        return UPRIGHT
    exif = Image.Exif()
    try:
        exif.load(block)
        value = exif.get(ExifTags.Base.Orientation)
    except _BROKEN:
        return UPRIGHT
    return value if isinstance(value, int) and 1 <= value <= 8 else UPRIGHT


def _pixel_kind(picture: Image.Image) -> PixelKind:
    if picture.mode in _VALUE_MODES:
        return "gray16"
    if picture.mode in _ALPHA_MODES or "transparency" in picture.info:
        return "rgba"
    return "gray8" if picture.mode in ("1", "L") else "rgb"


def _bytes_per_pixel(mode: str) -> int:
    return {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16L": 2, "I;16B": 2, "I;16N": 2}.get(mode, 4)


def _is_misread(tags: Any) -> bool:
    """Whether Pillow would take planes of 16-bit samples for planes of bytes, without a word."""
    bits = tags.get(_BITS_PER_SAMPLE, (8,))
    planes = tags.get(_PLANAR_CONFIGURATION, 1)
    return planes == 2 and isinstance(bits, tuple) and len(bits) > 1 and max(bits) > 8


def _least_factor(header: Header) -> int:
    factor = 1
    cost = header.size[0] * header.size[1] * _bytes_per_pixel(str(header.facts["mode"]))
    while cost > IMAGE_DECODE_BYTES * factor**2:
        factor *= 2
    return factor


def _draft_factor(full: tuple[int, int], drafted: tuple[int, int]) -> int:
    for factor in (1, 2, 4, 8):
        if drafted == (-(-full[0] // factor), -(-full[1] // factor)):
            return factor
    raise ValueError("a draft of an unknown scale")


def _with(frame: Frame, **changes: Any) -> Frame:
    fields = {"pixels", "alpha", "factor", "tone", "flags", "bits"}
    return Frame(**({name: getattr(frame, name) for name in fields} | changes))


def _to_frame(picture: Image.Image, key: str, header: Header) -> Frame:
    """A loaded picture in one of the three layouts of `Frame`, in sRGB."""
    gamma = picture.info.get("gamma") if key == "png" else None
    has_srgb = "srgb" in picture.info
    icc = picture.info.get("icc_profile")
    picture = _plain_mode(picture)
    flags: tuple[str, ...] = ()
    tone: NDArray[np.uint8] | None = None
    profile: colour.Profile | None = None
    if isinstance(icc, bytes) and icc:
        try:
            profile = colour.Profile(icc)
            if profile.fits(picture.mode):
                if picture.mode == "L":
                    tone = profile.grey_tone()
                else:
                    picture = profile.apply(picture)
            elif not (picture.mode in _VALUE_MODES and profile.space == "GRAY"):
                profile, flags = None, ("profile-ignored",)
        except ValueError:
            profile, flags = None, ("profile-ignored",)
    if profile is None and isinstance(gamma, float) and not has_srgb:
        tone = colour.gamma_tone(gamma)
    if picture.mode == "CMYK":
        picture = picture.convert("RGB")
    if picture.mode in _VALUE_MODES:
        return Frame(_values(picture), tone=tone, flags=flags)
    if picture.mode == "L":
        return Frame(arrow.array_of(picture), tone=tone, flags=flags)
    alpha = picture.mode == "RGBA"
    pixels = _swap_to_bgr(arrow.array_of(picture), tone)
    if alpha and pixels[..., 3].min() == 255:
        alpha = False  # the canvas need not blend
    return Frame(pixels, alpha=alpha, flags=flags)


def _plain_mode(picture: Image.Image) -> Image.Image:
    """One of L, RGB, RGBA, CMYK or a mode of values."""
    mode = picture.mode
    if mode in _VALUE_MODES:
        return picture
    if mode in _ALPHA_MODES or "transparency" in picture.info:
        return picture if mode == "RGBA" else picture.convert("RGBA")
    if mode in ("L", "RGB", "CMYK"):
        return picture
    if mode == "1":
        return picture.convert("L")
    if mode == "LAB":
        return colour.lab_to_srgb(picture)
    return picture.convert("RGB")


def _values(picture: Image.Image) -> NDArray[Any]:
    if picture.mode in ("I;16L", "I;16B", "I;16N"):
        order = {"I;16L": "<u2", "I;16B": ">u2"}.get(picture.mode, "=u2")
        flat = np.frombuffer(picture.tobytes(), dtype=order).astype(np.uint16)
        return flat.reshape(picture.height, picture.width)
    return arrow.array_of(picture)


def _swap_to_bgr(pixels: NDArray[np.uint8], tone: NDArray[np.uint8] | None) -> NDArray[np.uint8]:
    """RGBX → BGRX in place, in strips that stay in the processor's cache (fresh memory costs more)."""
    import cv2

    table = None
    if tone is not None:
        table = np.dstack((tone, tone, tone, np.arange(256, dtype=np.uint8)))
    for row in range(0, pixels.shape[0], 64):
        strip = pixels[row : row + 64]
        cv2.cvtColor(strip, cv2.COLOR_RGBA2BGRA, dst=strip)
        if table is not None:
            cv2.LUT(strip, table, dst=strip)
    return pixels
