"""AVIF files that libavif finds too old or too irregular, by FFmpeg's reader of the same container."""

from __future__ import annotations

import io
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from viewer.decoders.image import isobmff
from viewer.decoders.image.frame import Frame, Header, damaged, out_of_memory
from viewer.decoders.image.pillow_file import check_size, too_large
from viewer.decoders.image.sizes import header_size
from viewer.errors import DecodeError
from viewer.limits import IMAGE_DECODE_BYTES

_DEFAULT_DISPOSITION = 1
_LIMITED_RANGE = 1  # AVCOL_RANGE_MPEG: 16-235


class AvFile:
    """One AVIF picture, decoded when it is opened. Pictures made of tiles are not put together here."""

    engine = "ffmpeg"
    page_count = 1

    def __init__(self, source: BinaryIO) -> None:
        """Decode colour and alpha. Raises DecodeError."""
        import av

        source.seek(0)
        data = source.read()
        size = header_size("avif", data)
        if size is None:
            raise damaged("AVIF")
        check_size(size)
        if size[0] * size[1] * 4 > IMAGE_DECODE_BYTES:
            raise too_large(size)
        try:
            # The format is fixed: a file must not become a play list that names other files.
            with av.open(io.BytesIO(data), format="mov", metadata_errors="ignore") as container:
                pixels, alpha = _decoded(container)
        except MemoryError:
            raise out_of_memory(size) from None
        except (av.FFmpegError, StopIteration, ValueError, IndexError) as error:
            raise damaged("AVIF") from error
        if (pixels.shape[1], pixels.shape[0]) != size:
            raise damaged("AVIF")
        has_alpha = alpha is not None and alpha.shape == pixels.shape[:2] and bool(alpha.min() < 255)
        if alpha is not None and has_alpha:
            pixels[..., 3] = alpha
        self._frame = Frame(pixels, alpha=has_alpha)
        self._header = Header(
            size=size,
            kind="rgba" if has_alpha else "rgb",
            orientation=isobmff.orientation(data),
            facts={"format": "AVIF"},
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


def _decoded(container: Any) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
    """BGRX of the primary picture, and the levels of its alpha picture if there is one."""
    streams = list(container.streams.video)
    main = next((s for s in streams if int(s.disposition) & _DEFAULT_DISPOSITION), None)
    if main is None:
        raise DecodeError("no primary picture", code="Corrupt")
    frame = _first_frame(container, main)
    pixels: NDArray[np.uint8] = np.ascontiguousarray(frame.to_ndarray(format="bgra"))
    others = [s for s in streams if s is not main and (s.codec_context.pix_fmt or "").startswith("gray")]
    if len(streams) != 2 or len(others) != 1:
        return pixels, None
    container.seek(0)
    frame = _first_frame(container, others[0])
    alpha: NDArray[np.uint8] = np.ascontiguousarray(frame.to_ndarray(format="gray"))
    if int(frame.color_range) == _LIMITED_RANGE:
        levels = np.arange(256, dtype=np.float64)
        alpha = np.clip(np.rint((levels - 16.0) * 255.0 / 219.0), 0, 255).astype(np.uint8)[alpha]
    return pixels, alpha


def _first_frame(container: Any, stream: Any) -> Any:
    for packet in container.demux(stream):
        for frame in packet.decode():
            return frame
    raise ValueError("no frame")
