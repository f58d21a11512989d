"""The frames of a file: how many there are, and the stored values of one of them."""

from __future__ import annotations

from dataclasses import dataclass

from viewer.decoders.dicom.codecs import NAMES, NATIVE, codec_of, decode_frame
from viewer.decoders.dicom.fragments import ITEM, FragmentIndex
from viewer.decoders.dicom.header import Header
from viewer.decoders.dicom.layout import Layout, Stored, native_values, swap_words, true_values
from viewer.errors import DecodeError


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded frame."""

    values: Stored
    """Stored values without foreign bits; see `layout.Stored`."""
    raw: Stored
    """The same before overlay bits were taken off (usually the same array)."""
    is_rgb: bool
    """False: three samples are in the colour space that the header names."""
    flags: tuple[str, ...] = ()


class Frames:
    """The frames of one file. Raises DecodeError when the numbers of the header cannot be true."""

    def __init__(self, header: Header, layout: Layout) -> None:
        assert header.pixels is not None
        self._header = header
        self._layout = layout
        self._element = header.pixels
        self.truncated = False
        """Whether the file ends before its last frame does."""
        self._index: FragmentIndex | None = None
        if self._is_encapsulated():
            self._index = FragmentIndex(header, layout.declared_frames)
            self.count = self._index.count
            self.truncated = self._index.truncated
            if not self.count:
                raise DecodeError("This DICOM file ends where its pixels should begin. Fetch the file again.")
        else:
            self.count = self._count_native()

    @property
    def codec(self) -> str:
        """How frames are compressed, for people."""
        if self._index is None:
            return NAMES["native"]
        return NAMES[codec_of(self._bytes(0, 1 << 16), self._header.syntax)]

    def frame(self, page: int) -> Frame:
        """Decode one frame. Raises DecodeError."""
        flags: tuple[str, ...] = ()
        is_rgb = self._layout.photometric == "RGB"
        if self._index is None:
            raw = self._native(page)
            if self._ends_early(page):
                flags = ("truncated",)
        else:
            raw, is_rgb = decode_frame(self._bytes(page), self._layout, self._header.syntax)
            if self._index.truncated and page == self.count - 1:
                flags = ("truncated",)
        return Frame(true_values(raw, self._layout), raw, is_rgb, flags)

    def _is_encapsulated(self) -> bool:
        """By what stands in the file; a transfer syntax that says otherwise is overruled."""
        if self._element.length is None:
            return True
        if self._header.syntax in NATIVE:
            return False
        self._header.source.seek(self._element.offset)
        return self._header.source.read(4) == ITEM

    def _bytes(self, page: int, most: int | None = None) -> bytes:
        assert self._index is not None
        source, parts, left = self._header.source, [], most
        for offset, length in self._index.spans(page):
            source.seek(offset)
            part = source.read(length if left is None else min(length, left))
            parts.append(part)
            if left is not None:
                left -= len(part)
                if left <= 0:
                    break
        return parts[0] if len(parts) == 1 else b"".join(parts)

    # ---- native frames ----

    def _present(self) -> int:
        """Bytes of pixels that the file really holds."""
        rest = max(0, self._header.size - self._element.offset)
        return rest if self._element.length is None else min(rest, self._element.length)

    def _count_native(self) -> int:
        layout, present, declared = self._layout, self._present(), self._layout.declared_frames
        total = (layout.frame_bits * declared + 7) // 8
        if present >= total:
            return declared
        # Less than a sixteenth of one picture is no cut picture but a header that lies
        if present == 0 or layout.frame_bytes > 16 * present:
            raise DecodeError(
                f"This DICOM file says that it holds {declared:,} × {layout.columns:,} × {layout.rows:,} pixels "
                f"({_size(total)}), but there are {_size(present)} of them. Fetch the file again."
            )
        self.truncated = True
        return min(declared, max(1, -(-present * 8 // layout.frame_bits)))

    def _ends_early(self, page: int) -> bool:
        return (page + 1) * self._layout.frame_bits > self._present() * 8

    def _native(self, page: int) -> Stored:
        start, bit_offset = divmod(page * self._layout.frame_bits, 8)
        skip = start % 2 if self._layout.words_swapped else 0
        need = (bit_offset + self._layout.frame_bits + 7) // 8 + skip
        need += need % 2
        self._header.source.seek(self._element.offset + start - skip)
        raw = self._header.source.read(min(need, max(0, self._present() - start + skip)))
        if self._layout.words_swapped:
            raw = swap_words(raw)[skip:]
        return native_values(raw, self._layout, bit_offset=bit_offset)


def _size(count: int) -> str:
    if count >= 1 << 30:
        return f"{count / (1 << 30):.1f} GB"
    return f"{count / (1 << 20):.1f} MB" if count >= 1 << 20 else f"{count:,} bytes"
