"""Bodies that a server stored packed and sends so even when asked not to: unpacked within limits."""

from __future__ import annotations

import zlib
from typing import BinaryIO, Protocol

from viewer import limits
from viewer.errors import FetchError

_PIECE = 1 << 20
_GZIP = b"\x1f\x8b"


class Sink(Protocol):
    """What takes bytes."""

    def write(self, piece: bytes, /) -> object:
        """Take them."""


def is_packed(encoding: str, head: bytes) -> bool:
    """Whether a body with this ``Content-Encoding`` really begins like one; a false header is ignored."""
    if encoding in ("gzip", "x-gzip"):
        return head.startswith(_GZIP)
    if encoding == "deflate":
        return len(head) >= 2 and head[0] & 15 == 8 and (head[0] << 8 | head[1]) % 31 == 0
    return False


def unpack(
    packed: BinaryIO,
    target: Sink,
    *,
    name: str,
    limit: int = limits.ASSET_BYTES,
    ratio: int = limits.ENCODED_RATIO,
    ratio_from: int = limits.ENCODED_RATIO_FROM,
) -> int:
    """Write what `packed` (at its start) unpacks to, and return the number of bytes.

    Raises FetchError for a body that is damaged, cut, or grows beyond the limits.
    """

    def check(written: int, taken: int) -> None:
        if written > limit or (written > ratio_from and written > ratio * taken):
            raise FetchError(
                f"{name} unpacks to more than {written // limits.MB} MB from {taken // limits.KB} KB: "
                "this looks like a bomb, and nothing of it is kept. Ask for the file itself.",
                code="too-large",
            )

    taken = written = 0
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        while piece := packed.read(_PIECE):
            taken += len(piece)
            while piece:
                unpacked = unpacker.decompress(piece, _PIECE)
                written += len(unpacked)
                check(written, taken)
                target.write(unpacked)
                piece = unpacker.unconsumed_tail
                if unpacker.eof:
                    piece = unpacker.unused_data.lstrip(b"\0")
                    if piece:  # gzip allows several members one after the other
                        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
        # The last piece may have filled the output just before its end.
        while not unpacker.eof and (unpacked := unpacker.decompress(b"", _PIECE)):
            written += len(unpacked)
            check(written, taken)
            target.write(unpacked)
    except zlib.error:
        raise FetchError(f"{name} came damaged: its packed body cannot be unpacked. Try again.") from None
    if not unpacker.eof:
        raise FetchError(f"{name} came incomplete: its packed body ends too early. Try again.")
    return written
