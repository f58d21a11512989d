"""An export that is never written to a disk: the ZIP that a server sent, read once, for the links that are in it."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO, BinaryIO, Self

import msgspec

from viewer import limits
from viewer.errors import ExportError
from viewer.export.parse import parse_asset
from viewer.export.rows import Row
from viewer.export.zipped import check_growth, choose

_LEVEL = 1  # fast: JSON shrinks to a tenth all the same


class MemoryExport:
    """Its assets' ids as rows, and their JSON, packed one by one. As much of `Export` as matching needs."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._packed: list[bytes] = []

    def __repr__(self) -> str:
        return f"<an export in memory, {len(self.rows)} assets>"

    @classmethod
    def read(cls, content: BinaryIO, *, name: str, cancelled: Callable[[], bool] = lambda: False) -> Self:
        """Read a ZIP (or the JSON itself). `name` is what sentences call it.

        An asset that cannot be read keeps its place. Raises ExportError when it is no export; what was read before a
        cancelling stays.
        """
        found = cls()
        try:
            for raw in _assets(content, name):
                if cancelled():
                    break
                found._add(raw)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError):
            raise ExportError(f"{name} is cut or damaged. Try again.") from None
        return found

    def row(self, index: int) -> Row:
        """The row at `index`."""
        return self.rows[index]

    def raw(self, index: int) -> bytes:
        """The JSON of the asset at `index`."""
        return zlib.decompress(self._packed[index])

    def _add(self, raw: bytes) -> None:
        index = len(self.rows)
        try:
            asset = parse_asset(raw, index=index)
        except ExportError:
            self.rows.append(Row(index=index, start=0, end=0, readable=False))
            self._packed.append(zlib.compress(b""))
            return
        tasks = [task.task_id for task in asset.tasks if task.task_id]
        self.rows.append(
            Row(
                index=index, start=0, end=len(raw), asset_id=asset.asset_id, external_id=asset.external_id,
                task_id=tasks[0] if tasks else None, other_task_ids=tuple(tasks[1:]),
            )
        )  # fmt: skip
        self._packed.append(zlib.compress(raw, _LEVEL))


def _assets(content: BinaryIO, name: str) -> Iterator[bytes]:
    """The JSON of each asset, in order."""
    head = content.read(4)
    content.seek(0)
    if not head.startswith(b"PK"):
        yield from _elements(content, name)
        return
    with zipfile.ZipFile(content) as archive:
        members = choose(archive, name)
        given = 0
        for member in members:
            with member.open(archive) as file:
                for raw in _elements(file, name):
                    given += len(raw)
                    check_growth(members, given)
                    yield raw


def _elements(file: IO[bytes], name: str) -> Iterator[bytes]:
    """Lines of NDJSON, or the elements of an array."""
    lines = io.BufferedReader(file) if isinstance(file, io.RawIOBase) else file
    most = limits.ASSET_JSON_BYTES
    first = lines.readline(most + 1).removeprefix(b"\xef\xbb\xbf")
    if first.lstrip()[:1] == b"[":
        text = first + lines.read(most)
        if len(text) > most:
            raise ExportError(f"{name} is one list of more than {most // limits.MB} MB. Open it as a newer export.")
        try:
            yield from (bytes(raw) for raw in msgspec.json.decode(text, type=list[msgspec.Raw]))
        except msgspec.DecodeError:
            raise ExportError(f"{name} is no export that can be read here. Open a newer export instead.") from None
        return
    line, is_first = first, True
    while line:
        if len(line) > most:
            raise ExportError(f"{name} holds an asset of more than {most // limits.MB} MB, which is not read here.")
        if line.strip():
            if is_first and line.lstrip()[:1] != b"{":
                raise ExportError(f"{name} is no export that can be read here. Open a newer export instead.")
            is_first = False
            yield line.strip()
        line = lines.readline(most + 1)
