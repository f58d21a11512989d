"""The small JSON files that are read beside an export: whole, plain or zipped."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from viewer import limits
from viewer.errors import ExportError
from viewer.export.mend import value_of
from viewer.export.streams import open_stream, packing_of

_BLOCK = 1 << 20


def read_bytes(path: Path, *, what: str) -> bytes:
    """The JSON text of a file, unpacked. `what` the file should be is named in the ExportError."""
    blocks: list[bytes] = []
    size = 0
    buffer = memoryview(bytearray(_BLOCK))
    try:
        with closing(open_stream(path, packing_of(path))) as stream:
            while count := stream.readinto(buffer):
                size += count
                if size > limits.ASSET_JSON_BYTES:
                    most = limits.ASSET_JSON_BYTES // limits.MB
                    raise ExportError(
                        f"{path.name} is larger than {most} MB, so it is not {what}. Choose another file."
                    )
                blocks.append(bytes(buffer[:count]))
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise ExportError(f"{path.name} cannot be read: {reason}. Choose another file.") from None
    raw = b"".join(blocks)
    if not raw.strip():
        raise ExportError(f"{path.name} is empty, so it is not {what}. Choose another file.")
    return raw


def read_json(path: Path, *, what: str) -> Any:
    """The value in a file. Raises ExportError with the sentence for the user."""
    raw = read_bytes(path, what=what)
    try:
        return value_of(raw)[0]
    except ExportError as error:
        raise ExportError(f"{path.name} is not {what}. {error}") from None
