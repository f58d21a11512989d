"""Whether a secret is in bytes or files: as it is, or encoded in the ways in which secrets travel."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote


def forms(secret: str) -> Iterator[bytes]:
    """The secret as it stands in text, UTF-16, percent-encoded, hex and in base64 at each of three offsets."""
    plain = secret.encode()
    yield plain
    yield secret.encode("utf-16-le")
    yield quote(secret, safe="").encode()
    yield "".join(f"%{byte:02X}" for byte in plain).encode()
    yield plain.hex().encode()
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + plain).rstrip(b"=")
        # The first and last signs depend on the neighbours.
        inner = text[-(-shift * 4 // 3) + (1 if shift else 0) : -1]
        yield inner
        yield inner.replace(b"+", b"-").replace(b"/", b"_")


def holds(content: bytes, secret: str) -> bool:
    """Whether the secret is in `content`, also inside of zlib, gzip and raw deflate streams."""
    patterns = [form for form in forms(secret) if len(form) >= 6]
    return any(pattern in piece for piece in (content, *inflated(content)) for pattern in patterns)


def inflated(content: bytes) -> Iterator[bytes]:
    """What streams in `content` unpack to, as far as they do. ZIP members are raw streams after their headers."""
    starts = [(match.start(), 47) for match in re.finditer(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]", content)]
    for match in re.finditer(rb"PK\x03\x04.{22}(..)(..)", content, re.DOTALL):
        skipped = int.from_bytes(match[1], "little") + int.from_bytes(match[2], "little")
        starts.append((match.end() + skipped, -15))
    for start, bits in starts[:2000]:
        try:
            yield zlib.decompressobj(bits).decompress(content[start:], 1 << 24)
        except zlib.error:
            continue


def files_with(secret: str, *folders: Path) -> list[Path]:
    """All files under the folders that hold the secret, in their content or their name."""
    return [
        path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and (holds(str(path.name).encode(), secret) or holds(path.read_bytes(), secret))
    ]
